"""The product is as large as it can be, touches nothing, and hangs out only where it may."""

from __future__ import annotations

import time

import numpy as np
import pytest

from studio.render.placement import Mask, Shape, cover, overlap, place
from studio.render.spec import Box

CANVAS = Box(0, 0, 1080, 1350)


def disc(side: int = 120) -> Mask:
    y, x = np.mgrid[0:side, 0:side] / (side - 1) - 0.5
    return np.asarray(x**2 + y**2 <= 0.25, np.float32)


def solid(rows: int = 120, columns: int = 60) -> Shape:
    return Shape.of(np.ones((rows, columns), np.float32), columns / rows)


def test_with_nothing_in_the_way_it_fills_the_area() -> None:
    box = place(solid(), CANVAS)
    assert box is not None
    assert box.height == pytest.approx(1350)
    assert box.x == pytest.approx((1080 - 675) / 2)


def test_it_touches_no_text_and_keeps_the_gap() -> None:
    texts = [Box(80, 80, 920, 400), Box(80, 1180, 420, 90)]
    box = place(solid(), CANVAS, texts, gap=30, prefer=(1, 1))
    assert box is not None
    for text in texts:
        widened = Box(text.x - 29, text.y - 29, text.width + 58, text.height + 58)
        assert overlap(widened, box) == 0
    assert box.height > 700


def test_a_text_may_stand_in_the_corner_that_the_outline_leaves_free() -> None:
    shape = Shape.of(disc(), 1.0)
    text = Box(0, 135, 150, 120)
    box = place(shape, CANVAS, [text], prefer=(0.5, 0.0))
    assert box is not None
    assert overlap(text, box) > 0
    assert cover(shape, box, text) == 0


def test_bleeding_only_over_named_edges() -> None:
    texts = [Box(0, 0, 600, 1350)]
    inside = place(solid(), CANVAS, texts)
    out = place(solid(), CANVAS, texts, bleed={"right"}, prefer=(1, 0.5))
    assert inside is not None
    assert out is not None
    assert inside.x + inside.width <= 1080.01
    assert out.height > inside.height
    assert out.x + 0.65 * out.width <= 1080.01
    assert out.y >= -0.01


def test_no_room_is_none() -> None:
    assert place(solid(), CANVAS, [CANVAS]) is None
    assert place(solid(), Box(0, 0, 0, 10)) is None
    assert place(Shape.of(np.zeros((10, 10), np.float32), 1.0), CANVAS) is None


def test_cover_of_half_a_text() -> None:
    product = Box(0, 0, 100, 200)
    assert cover(solid(), product, Box(50, 50, 100, 20)) == pytest.approx(0.5, abs=0.02)
    assert cover(solid(), product, Box(200, 50, 100, 20)) == 0
    assert cover(solid(), product, Box(10, 50, 50, 20)) == pytest.approx(1, abs=0.05)
    assert cover(solid(), product, Box(10, 50, 0, 0)) == 0


def test_it_is_quick() -> None:
    texts = [Box(40 + 90 * index, 60 * index, 300, 50) for index in range(12)]
    shape = Shape.of(disc(160), 1.0)
    place(shape, CANVAS, texts)
    began = time.process_time()
    for _ in range(5):
        place(shape, CANVAS, texts, gap=20, bleed={"left", "right", "bottom"})
    assert (time.process_time() - began) / 5 < 0.06
