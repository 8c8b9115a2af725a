"""Logos as SVG: drawn once by a renderer that runs, reads and fetches nothing; or refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import House
from .files import SVG
from .test_ingest import colour, refusal, stored, take


def svg(inside: str) -> bytes:
    return SVG.format(inside).encode()


def test_a_script_in_a_logo_leaves_only_the_picture(house: House) -> None:
    drawing = svg(
        "<script>document.documentElement.remove()</script>"
        '<rect width="50" height="50" fill="#0a0" onclick="alert(1)"/><foreignObject><b>x</b></foreignObject>'
    )
    asset = take(house, drawing, "logo.svg").asset
    image = stored(asset)
    assert (asset.media_type, image.size, image.mode) == ("image/png", (1024, 512), "RGBA")
    assert colour(image, 0.25, 0.5) == (0, 170, 0, 255)
    assert colour(image, 0.75, 0.5)[3] == 0
    with asset.file.open("rb") as file:
        assert b"script" not in file.read()


def test_a_file_beside_is_not_read(house: House, tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    stored(take(house, svg('<rect width="100" height="50" fill="#f00"/>'), "a.svg").asset).save(secret)
    drawing = svg(f'<image href="file://{secret}" width="100" height="50"/><rect width="1" height="1" fill="#00f"/>')
    image = stored(take(house, drawing, "b.svg").asset)
    assert colour(image, 0.5, 0.5)[3] == 0


def test_live_text_is_told(house: House) -> None:
    drawing = svg('<rect width="9" height="9"/><text x="10" y="20">Juniper</text>')
    notes = take(house, drawing, "logo.svg").notes
    assert notes == ("This drawing has live text. Convert it to outlines if the lettering looks wrong.",)


DECLARED = "This SVG declares a document type or entities, which are not taken. Export it as plain SVG or as PNG."
UNREADABLE = "This SVG cannot be drawn. Export it again as plain SVG, or as a PNG of at least 1,000 pixels."


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b'<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + svg("&a;"), DECLARED),
        (b"<?xml version='1.0'?><!doctype svg>" + svg(""), DECLARED),
        (svg("<g>" * 200_000), UNREADABLE),
        (svg("x" * 1_100_000), "This SVG has more than 1 MB. Simplify it, or export the logo as PNG."),
        (svg("<g>")[:-3], UNREADABLE),
        (b'<svg xmlns="http://www.w3.org/2000/svg" width="9000000" height="9000000"/>', UNREADABLE),
        (
            svg('<rect width="0" height="0"/>'),
            "Nothing shows when this SVG is drawn. Export it as a PNG of at least 1,000 pixels.",
        ),
    ],
)
def test_dangerous_or_empty_drawings_are_refused(house: House, data: bytes, sentence: str) -> None:
    assert refusal(house, data, "logo.svg") == sentence


def test_a_drawing_that_takes_for_ever_is_stopped(house: House) -> None:
    steps = "".join(f'<feGaussianBlur stdDeviation="{9 + n % 3}"/>' for n in range(900))
    drawing = svg(f'<filter id="f">{steps}</filter><rect width="100" height="50" filter="url(#f)"/>')
    assert refusal(house, drawing, "logo.svg") in (
        "This picture takes too much memory or time to open. Export it again as a plain JPEG or PNG, or smaller.",
        UNREADABLE,
    )
