"""Drawings become pixels of exactly the size asked for, and files that can be read."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from studio.render import raster
from studio.render.pictures import data_uri
from studio.render.spec import Box
from studio.render.svg import Svg


def drawing() -> str:
    svg = Svg(400, 500)
    svg.fill("#f7f4ef")
    svg.rect(Box(100, 100, 200, 200), "#e8542f")
    return svg.render()


@pytest.mark.parametrize("size", [(400, 500), (200, 250), (1080, 1350), (333, 417)])
def test_exact_size_and_colours(size: tuple[int, int]) -> None:
    image = raster.rasterise(drawing(), *size)
    assert (image.size, image.mode) == (size, "RGB")
    assert image.getpixel((size[0] // 2, int(size[1] * 0.4))) == (232, 84, 47)
    assert image.getpixel((2, 2)) == (247, 244, 239)


def test_what_is_not_drawn_is_white() -> None:
    assert raster.rasterise(Svg(10, 10).render(), 10, 10).getpixel((5, 5)) == (255, 255, 255)


def test_an_embedded_picture_at_its_own_size_keeps_its_pixels() -> None:
    noise = np.random.default_rng(3).integers(0, 255, (600, 500, 4), np.uint8)
    noise[..., 3] = 255
    svg = Svg(500, 600)
    svg.image(data_uri(Image.fromarray(noise)), Box(0, 0, 500, 600))
    drawn = np.asarray(raster.rasterise(svg.render(), 500, 600), np.int16)
    assert np.abs(drawn - noise[..., :3]).max() <= 1


def test_a_document_of_more_than_ten_megabytes_is_drawn() -> None:
    noise = np.random.default_rng(4).integers(0, 255, (1700, 1700, 4), np.uint8)
    svg = Svg(1700, 1700)
    svg.image(data_uri(Image.fromarray(noise)), Box(0, 0, 1700, 1700))
    text = svg.render()
    assert len(text) > 10_500_000
    assert raster.rasterise(text, 170, 170).size == (170, 170)


@pytest.mark.parametrize("size", [(0, 10), (10, 5000), (-1, 5)])
def test_impossible_sizes_are_refused(size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="cannot be drawn"):
        raster.rasterise(drawing(), *size)


@pytest.mark.parametrize(
    "text", ["", "hello", '<svg xmlns="http://www.w3.org/2000/svg" width="5" height="5"><g></svg>']
)
def test_what_is_no_drawing_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="drawing"):
        raster.rasterise(text, 5, 5)


@pytest.mark.parametrize(("kind", "name"), [("jpeg", "JPEG"), ("png", "PNG"), ("webp", "WEBP")])
def test_files(kind: raster.Format, name: str) -> None:
    image = raster.rasterise(drawing(), 400, 500)
    with Image.open(BytesIO(raster.encode(image, kind, 90))) as read:
        assert (read.format, read.size) == (name, (400, 500))
        difference = np.abs(np.asarray(read.convert("RGB"), np.int16) - np.asarray(image, np.int16)).mean()
        assert difference < (0.001 if kind == "png" else 2)
