"""Cut-outs of the demo pictures and of pictures that have nothing to cut out."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from studio.render.cutout import TRUSTED, cut_out, has_transparency
from studio.render.filters import bounds
from studio.render.manifest import DATA

DEMO = DATA / "demo"


def alpha_of(image: Image.Image) -> np.ndarray:
    return np.asarray(image.getchannel("A"), np.float32) / 255


@pytest.mark.parametrize("name", ["cut_can.png", "cut_flask.png", "cut_serum.png"])
def test_a_transparent_picture_gives_its_own_alpha(name: str) -> None:
    with Image.open(DEMO / name) as image:
        found = cut_out(image)
        assert found.own_alpha
        assert found.quality == 1.0
        assert found.image is not None
        assert np.array_equal(np.asarray(found.image), np.asarray(image.convert("RGBA")))


@pytest.mark.parametrize(
    ("name", "product", "ground"),
    [
        ("serum_hero.jpg", [(0.48, 0.65), (0.48, 0.25)], [(0.1, 0.1), (0.7, 0.3), (0.42, 0.05), (0.1, 0.95)]),
        ("candle_dark.jpg", [(0.5, 0.6), (0.5, 0.38)], [(0.1, 0.1), (0.9, 0.9), (0.5, 0.2)]),
        ("jar_peach.jpg", [(0.48, 0.5), (0.72, 0.53)], [(0.1, 0.1), (0.9, 0.2), (0.5, 0.9)]),
    ],
)
def test_a_photo_keeps_its_product_and_loses_its_ground(
    name: str, product: list[tuple[float, float]], ground: list[tuple[float, float]]
) -> None:
    with Image.open(DEMO / name) as image:
        found = cut_out(image)
    assert found.image is not None, found.reason
    assert found.image.size == image.size
    assert TRUSTED <= found.quality <= 1
    alpha = alpha_of(found.image)
    rows, columns = alpha.shape
    for x, y in product:
        assert alpha[int(y * rows), int(x * columns)] > 0.95
    for x, y in ground:
        assert alpha[int(y * rows), int(x * columns)] < 0.02
    half = ((alpha > 0.1) & (alpha < 0.9)).sum() / (alpha > 0.9).sum()
    assert half < 0.06, "the edge is a line, not a haze"


def test_no_fringe_of_a_light_ground_is_left_at_the_edge() -> None:
    size = (900, 1200)
    photo = Image.new("RGB", (size[0] * 2, size[1] * 2), "#f4efe6")
    pen = ImageDraw.Draw(photo)
    pen.rounded_rectangle((700, 800, 1100, 1900), 90, fill="#1f3d36")
    pen.rectangle((800, 600, 1000, 800), fill="#10201c")
    pen.rectangle((760, 1200, 1040, 1600), fill="#c8b070")
    found = cut_out(photo.resize(size, Image.Resampling.LANCZOS))
    assert found.image is not None, found.reason
    pixels = np.asarray(found.image, np.float32)
    rim = (pixels[..., 3] > 25) & (pixels[..., 3] < 230)
    assert rim.any()
    assert np.quantile(pixels[rim][:, :3].mean(-1), 0.9) < 110, (
        "rim pixels have the bottle's colour, not the ground's 240"
    )


def test_a_pattern_is_not_cut() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (400, 400, 3), np.uint8)
    found = cut_out(Image.fromarray(noise))
    assert found.image is None
    assert found.reason.endswith(".")
    assert found.quality < TRUSTED


def test_a_subject_that_runs_out_of_the_picture_is_not_cut() -> None:
    with Image.open(DEMO / "serum_hero.jpg") as image:
        found = cut_out(image.crop((300, 700, 900, 1100)))
    assert found.image is None
    assert found.reason


def test_clutter_is_used_as_a_photo() -> None:
    with Image.open(DEMO / "can_orange.jpg") as image:
        found = cut_out(image)
    assert found.image is None
    assert "unclear" in found.reason


@pytest.mark.parametrize("size", [(1, 1), (30, 900)])
def test_tiny_pictures_are_not_cut(size: tuple[int, int]) -> None:
    assert cut_out(Image.new("RGB", size, "#804020")).image is None


def test_an_alpha_channel_that_hides_nothing_is_no_transparency() -> None:
    assert not has_transparency(Image.new("RGBA", (200, 200), (10, 20, 30, 255)))
    assert not has_transparency(Image.new("RGB", (200, 200)))


def test_bounds() -> None:
    mask = np.zeros((10, 20), np.uint8)
    mask[3:5, 7:11] = 255
    box = bounds(mask)
    assert (box.x, box.y, box.width, box.height) == (7, 3, 4, 2)
    assert bounds(np.zeros((4, 5), np.uint8)).width == 5
