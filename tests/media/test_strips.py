"""A picture cut into strips is put together as if it had been turned whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from studio.media import strips
from studio.media.strips import Strips

from .files import photo


@pytest.fixture(autouse=True)
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def joined(image: Image.Image, turn: Image.Transpose | None) -> Image.Image:
    return Strips(image.size, lambda first, after: image.crop((0, first, image.width, after)), Image.Image.copy).joined(
        turn
    )


@pytest.mark.parametrize("turn", [None, *Image.Transpose])
@pytest.mark.parametrize("rows", [1, 7, 40, 1000])
def test_every_turn_is_that_of_the_whole(
    room: Path, monkeypatch: pytest.MonkeyPatch, turn: Image.Transpose | None, rows: int
) -> None:
    image = photo(60, 40)
    image.putpixel((3, 1), (0, 255, 0))
    monkeypatch.setattr(strips, "STRIP_PIXELS", rows * 60)
    whole = image if turn is None else image.transpose(turn)
    assert joined(image, turn).tobytes() == whole.tobytes()
    assert list(room.glob("strip-*")) == []


def test_one_strip_with_a_hole_makes_a_hole_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strips, "STRIP_PIXELS", 60 * 10)
    image = photo(60, 40)
    holed = image.convert("RGBA")
    holed.putpixel((5, 35), (0, 0, 0, 0))

    def cut(first: int, after: int) -> Image.Image:
        return (holed if first == 30 else image).crop((0, first, 60, after))

    whole = Strips(image.size, cut, Image.Image.copy).joined(None)
    assert whole.getpixel((5, 35)) == (0, 0, 0, 0)
    assert whole.getpixel((5, 5)) == (*image.getpixel((5, 5)), 255)  # type: ignore[misc]
