"""Where the product goes: the largest size at which no part of it touches a text, a face or whatever else must stay free.

What must stay free is a list of boxes, so one integral image of the mask answers every size and position with four look-ups a box.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.render.spec import Box

CELL_PX = 12
_SIZES = 28
_STEPS = 25

Mask = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Shape:
    """A product's outline, ready to be asked about. `aspect` is width / height; `summed` is the integral of the solid cells."""

    aspect: float
    summed: NDArray[np.int32]

    @classmethod
    def of(cls, mask: Mask, aspect: float) -> Shape:
        """From an alpha mask (rows x columns, 0..1) of the trimmed product; any resolution, 60-200 cells a side is plenty."""
        solid = (mask > 0.1).astype(np.int32)
        return cls(aspect, np.pad(solid.cumsum(0, dtype=np.int32).cumsum(1, dtype=np.int32), ((1, 0), (1, 0))))

    @property
    def total(self) -> int:
        """How many cells are solid."""
        return int(self.summed[-1, -1])


def place(
    shape: Shape,
    area: Box,
    avoid: Sequence[Box] = (),
    *,
    gap: float = 0.0,
    prefer: tuple[float, float] = (0.5, 0.5),
    bleed: Collection[str] = (),
    bleed_share: float = 0.35,
    largest: float = 1.0,
    smallest: float = 0.15,
) -> Box | None:
    """The product's box in canvas pixels, or None where even the smallest size touches something.

    area: where the product may stand, in canvas pixels. avoid: boxes it must not touch, each widened by `gap` pixels.
    prefer: of the positions that are free at the winning size the one nearest to this point of the area (0..1 each way) wins: it is where
        the product's box sits between its extremes, so (0.5, 1) stands it in the middle of the bottom edge.
    bleed: edges of the area ("left", "right", "top", "bottom") over which up to `bleed_share` of the product may hang out.
    largest, smallest: sizes to try, as shares of the largest box that fits the area (above 1 makes sense only with bleed).
    """
    if shape.total == 0 or area.width <= 0 or area.height <= 0:
        return None
    boxes = np.array(
        [[b.x - gap, b.y - gap, b.x + b.width + gap, b.y + b.height + gap] for b in avoid], np.float64
    ).reshape(-1, 4)
    full_height = min(area.height, area.width / shape.aspect)
    for size in np.geomspace(largest, smallest, _SIZES):
        height = float(full_height * size)
        width = height * shape.aspect
        xs = _positions(area.x, area.width, width, "left" in bleed, "right" in bleed, bleed_share)
        ys = _positions(area.y, area.height, height, "top" in bleed, "bottom" in bleed, bleed_share)
        if not xs.size or not ys.size:
            continue
        free = _touched(shape, boxes, xs, ys, width, height).sum(axis=-1) == 0
        if not free.any():
            continue
        want_x = xs[0] + prefer[0] * (xs[-1] - xs[0])
        want_y = ys[0] + prefer[1] * (ys[-1] - ys[0])
        away = np.hypot(xs[:, None] - want_x, ys[None, :] - want_y)
        column, row = np.unravel_index(np.argmin(np.where(free, away, np.inf)), away.shape)
        return Box(float(xs[column]), float(ys[row]), width, height)
    return None


def _positions(
    start: float, length: float, size: float, low_bleeds: bool, high_bleeds: bool, share: float
) -> NDArray[np.float64]:
    low = start - (share * size if low_bleeds else 0.0)
    high = start + length - size + (share * size if high_bleeds else 0.0)
    if high < low - 0.5:
        return np.empty(0)
    count = int(min(_STEPS, max(1, (high - low) // CELL_PX + 1)))
    return np.linspace(low, max(low, high), count)


def _touched(
    shape: Shape,
    boxes: NDArray[np.float64],
    xs: NDArray[np.float64],
    ys: NDArray[np.float64],
    width: float,
    height: float,
) -> NDArray[np.int32]:
    """Solid cells of the shape inside each box, for every position: columns x rows x boxes."""
    rows, columns = shape.summed.shape[0] - 1, shape.summed.shape[1] - 1
    left = np.clip(np.floor((boxes[None, :, 0] - xs[:, None]) / width * columns), 0, columns).astype(np.intp)
    right = np.clip(np.ceil((boxes[None, :, 2] - xs[:, None]) / width * columns), 0, columns).astype(np.intp)
    top = np.clip(np.floor((boxes[None, :, 1] - ys[:, None]) / height * rows), 0, rows).astype(np.intp)
    bottom = np.clip(np.ceil((boxes[None, :, 3] - ys[:, None]) / height * rows), 0, rows).astype(np.intp)
    at = shape.summed
    inside = (
        at[bottom[None, :, :], right[:, None, :]]
        - at[top[None, :, :], right[:, None, :]]
        - at[bottom[None, :, :], left[:, None, :]]
        + at[top[None, :, :], left[:, None, :]]
    )
    return np.asarray(inside, np.int32)


def cover(shape: Shape, product: Box, text: Box) -> float:
    """The share (0..1) of a text's ink box that lies under or over the product standing in its box."""
    if text.width <= 0 or text.height <= 0 or product.width <= 0 or product.height <= 0:
        return 0.0
    box = np.array([[text.x, text.y, text.x + text.width, text.y + text.height]])
    cells = int(
        _touched(shape, box, np.array([product.x]), np.array([product.y]), product.width, product.height)[0, 0, 0]
    )
    rows, columns = shape.summed.shape[0] - 1, shape.summed.shape[1] - 1
    cell_area = (product.width / columns) * (product.height / rows)
    return float(min(1.0, cells * cell_area / (text.width * text.height)))


def overlap(one: Box, other: Box) -> float:
    """The shared area of two boxes, in their unit squared."""
    width = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    height = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    return max(0.0, width) * max(0.0, height)


def away(box: Box, x: float, y: float) -> float:
    """How far a point is from a box; 0 inside."""
    return math.hypot(max(box.x - x, 0.0, x - box.x - box.width), max(box.y - y, 0.0, y - box.y - box.height))
