"""Faces are found wherever they are, and products are no faces."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from studio.render.faces import find_faces
from studio.render.manifest import DATA

PORTRAIT = Path(__file__).resolve().parent.parent / "media" / "portrait.jpg"
FACE_CENTRE = (0.49, 0.47)


@pytest.mark.parametrize(
    ("canvas", "side", "at"),
    [
        ((256, 256), 256, (0, 0)),
        ((1600, 1200), 900, (0, 300)),
        ((1600, 1200), 240, (1250, 40)),
        ((1080, 1920), 200, (60, 1600)),
        ((3000, 1000), 400, (2500, 300)),
    ],
)
def test_a_face_is_found_large_small_and_off_centre(canvas: tuple[int, int], side: int, at: tuple[int, int]) -> None:
    image = Image.new("RGB", canvas, "#8a9a86")
    with Image.open(PORTRAIT) as portrait:
        image.paste(portrait.resize((side, side)), at)
    found = find_faces(image)
    assert len(found) == 1
    box = found[0].box
    x, y = (box.x + box.width / 2) * canvas[0], (box.y + box.height / 2) * canvas[1]
    assert x == pytest.approx(at[0] + FACE_CENTRE[0] * side, abs=0.08 * side)
    assert y == pytest.approx(at[1] + FACE_CENTRE[1] * side, abs=0.08 * side)
    assert 0.25 * side < box.width * canvas[0] < 0.65 * side
    assert 0.7 < found[0].score <= 1


def test_two_faces_are_two() -> None:
    image = Image.new("RGB", (1600, 900), "#d8cfc0")
    with Image.open(PORTRAIT) as portrait:
        image.paste(portrait.resize((420, 420)), (100, 200))
        image.paste(portrait.resize((300, 300)), (1100, 400))
    assert len(find_faces(image)) == 2


@pytest.mark.parametrize("path", sorted((DATA / "demo").glob("*.[jp][pn]g")), ids=lambda path: path.name)
def test_products_are_no_faces(path: Path) -> None:
    with Image.open(path) as image:
        assert find_faces(image) == []


def test_a_single_pixel_has_no_face() -> None:
    assert find_faces(Image.new("RGB", (1, 1))) == []
