"""The writer makes well-formed documents of known elements and lets nothing foreign in."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from PIL import Image

from studio.render import light
from studio.render.pictures import data_uri
from studio.render.spec import Box
from studio.render.svg import ELEMENTS, Piece, Stop, Svg, number, transform

SPACE = "{http://www.w3.org/2000/svg}"
DOT = data_uri(Image.new("RGB", (2, 2), "#ff0000"))


def everything(prefix: str = "a") -> Svg:
    svg = Svg(400, 500, prefix)
    svg.fill(svg.linear([Stop(0, "#ffffff"), Stop(1, "#E8542F", 0.5)], (0, 0), (400, 0)))
    svg.fill(svg.radial(light.eased("#000000", 0.4, 0), (200, 200), 100, squash=0.4))
    with svg.clip() as window:
        svg.circle(100, 100, 50, "#ffffff")
    with svg.mask() as soft:
        svg.rect(Box(0, 0, 400, 250), "#ffffff")
    svg.image(DOT, Box(50, 50, 100, 100), clip=window, opacity=0.5)
    svg.piece(Piece(DOT, Box(0, 0, 10.126, 10)), mask=soft, blend="multiply")
    with svg.group(opacity=0.7, transform=transform(move=(10, 20), turn=-6, scale=(1, 0.5))):
        svg.path("M0 0L10 10.5C1,2 3-4 5e-1 6Z", "#123456", stroke="#abcdef", stroke_width=2, dashes=(4, 2))
        svg.ellipse(10, 10, 5, 3, None, stroke="#ffffff", stroke_width=1)
        svg.line((0, 0), (100, 0), "#000000", 1.5)
    light.grain(svg)
    light.glow(svg, (10, 10), 50, "#ffcc00")
    light.fade(svg, Box(0, 0, 400, 500), "#000000", "bottom", solid=0.3)
    return svg


def test_it_is_well_formed_and_holds_only_known_elements() -> None:
    root = ET.fromstring(everything().render())
    names = {element.tag.removeprefix(SPACE) for element in root.iter()}
    assert names <= ELEMENTS
    assert "text" not in ELEMENTS
    assert root.get("viewBox") == "0 0 400 500"
    assert root[0].text == "Ad preview"


def test_every_reference_is_defined_once_and_ids_carry_the_prefix() -> None:
    text = everything("ad7").render()
    ids = [element.get("id") for element in ET.fromstring(text).iter() if element.get("id")]
    assert len(ids) == len(set(ids)) > 4
    assert all(name is not None and name.startswith("ad7-") for name in ids)
    for part in text.split("url(#")[1:]:
        assert part.split(")")[0] in ids


@pytest.mark.parametrize("colour", ['#fff"/><script>', "red", "url(http://x)", "none"])
def test_foreign_colours_are_refused(colour: str) -> None:
    svg = Svg(10, 10)
    with pytest.raises(ValueError, match="not a colour"):
        svg.rect(Box(0, 0, 1, 1), colour)
    with pytest.raises(ValueError, match="not a colour"):
        svg.linear([Stop(0, colour)], (0, 0), (1, 1))


def test_foreign_paths_pictures_transforms_and_prefixes_are_refused() -> None:
    svg = Svg(10, 10)
    with pytest.raises(ValueError, match="Path data"):
        svg.path('M0 0"/><script/>', "#000000")
    for href in ("file:///etc/passwd", "http://x/y.png", "data:image/svg+xml;base64,AAAA", 'data:image/png;base64,A"'):
        with pytest.raises(ValueError, match="embeds only"):
            svg.image(href, Box(0, 0, 1, 1))
    with pytest.raises(ValueError, match="transform"), svg.group(transform='scale(1)" onload="x'):
        pass
    with pytest.raises(ValueError, match="blend"):
        svg.rect(Box(0, 0, 1, 1), "#000000", blend="url(x)")
    with pytest.raises(ValueError, match="prefix"):
        Svg(10, 10, 'a"b')


@pytest.mark.parametrize(
    ("value", "text"), [(1.0, "1"), (0.126, "0.13"), (-0.001, "0"), (100, "100"), (12.5, "12.5"), (-3.999, "-4")]
)
def test_numbers_are_short(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e9])
def test_numbers_that_are_no_lengths_are_refused(value: float) -> None:
    with pytest.raises((ValueError, OverflowError)):
        number(value)
