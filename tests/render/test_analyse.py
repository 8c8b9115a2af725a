"""What is found out about an uploaded picture."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageFilter

from studio.render.analyse import analyse
from studio.render.manifest import DATA

PORTRAIT = Path(__file__).resolve().parent.parent / "media" / "portrait.jpg"


def test_a_product_photo() -> None:
    with Image.open(DATA / "demo" / "serum_hero.jpg") as image:
        found = analyse(image)
    assert found.cutout is not None
    assert not found.has_alpha
    assert found.faces == ()
    assert found.focal == pytest.approx((0.48, 0.48), abs=0.06)
    assert len(found.palette) == 5
    assert found.palette[0] == found.colour
    assert 0.4 < found.brightness < 0.9


def test_a_transparent_product() -> None:
    with Image.open(DATA / "demo" / "cut_can.png") as image:
        found = analyse(image)
    assert found.has_alpha
    assert found.cutout is not None
    assert found.cutout_quality == 1
    assert found.cutout_reason == ""


def test_a_portrait_is_about_its_face() -> None:
    with Image.open(PORTRAIT) as image:
        found = analyse(image)
    assert len(found.faces) == 1
    assert found.focal == pytest.approx((0.49, 0.47), abs=0.08)
    assert found.cutout is None
    assert found.cutout_reason.endswith(".")


def test_blur_and_darkness_show() -> None:
    with Image.open(DATA / "demo" / "jar_peach.jpg") as image:
        sharp = analyse(image)
        blurred = analyse(image.filter(ImageFilter.GaussianBlur(12)))
        dark = analyse(image.point(lambda value: value // 6))
    assert blurred.sharpness < 0.15 < sharp.sharpness
    assert dark.brightness < 0.25 < sharp.brightness


@pytest.mark.parametrize("size", [(1, 1), (5, 400)])
def test_tiny_and_plain_pictures_are_answered(size: tuple[int, int]) -> None:
    found = analyse(Image.new("RGB", size, "#336699"))
    assert found.colour == "#336699"
    assert found.cutout is None
