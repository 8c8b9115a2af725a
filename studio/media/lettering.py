"""Where there is lettering in a picture: which parts, how much, how large. Pure numpy, no reading of words.

Letters are strokes of one tone on another, side by side: within a small window the tones are two, and they change often from left to right,
as often up as down. That is looked for at three sizes, so that small print and poster type are both found.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Plane = NDArray[np.float32]
Mask = NDArray[np.bool_]

BASE_PX = 256
"""The long side of the mask."""
_SIDES = (256, 128, 64)
_CONTRAST = 0.22
"""Letters that differ from their ground by less than this of the way from black to white are taken for texture."""


@dataclass(frozen=True, slots=True)
class Lettering:
    """density: share of the picture that lettering covers (0..1). coarse, fine: shares of that which are very large type, and small print.
    lines: how many lines or blocks there are. x, y: the middle of it all (0..1); both 0.5 where there is none."""

    density: float
    coarse: float
    fine: float
    lines: int
    x: float
    y: float
    mask: Mask


def find_lettering(image: Image.Image) -> Lettering:
    """What stands on one decoded picture. 10 to 30 ms."""
    grey = image.convert("L")
    scale = BASE_PX / max(grey.size)
    size = (max(8, round(grey.width * scale)), max(8, round(grey.height * scale)))
    found = []
    for side in _SIDES:
        share = side / BASE_PX
        small = grey.resize(
            (max(8, round(size[0] * share)), max(8, round(size[1] * share))), Image.Resampling.BOX, reducing_gap=2.0
        )
        mask = Image.fromarray(_strokes(small).astype(np.uint8) * 255, "L")
        found.append(np.asarray(mask.resize(size, Image.Resampling.NEAREST)) > 127)
    return _measured(*found)


def _strokes(grey: Image.Image) -> Mask:
    """The windows of this size that look like a line of letters."""
    plane = np.asarray(grey, np.float32) / 255
    high = np.asarray(grey.filter(ImageFilter.MaxFilter(9)), np.float32) / 255
    low = np.asarray(grey.filter(ImageFilter.MinFilter(9)), np.float32) / 255
    contrast = high - low
    step = np.zeros_like(plane)
    step[:, 1:] = plane[:, 1:] - plane[:, :-1]
    up = ((step > 0.3 * contrast) & (contrast > _CONTRAST)).astype(np.float32)
    down = ((step < -0.3 * contrast) & (contrast > _CONTRAST)).astype(np.float32)
    place = (plane - low) / np.maximum(contrast, 1e-3)
    two_toned = ((place < 0.25) | (place > 0.75)).astype(np.float32)
    ups, downs = mean_of(up, 2, 9), mean_of(down, 2, 9)
    both = np.minimum(ups, downs)
    found = (both > 0.055) & (both > 0.45 * np.maximum(ups, downs)) & (mean_of(two_toned, 2, 6) > 0.5)
    found &= mean_of((contrast > _CONTRAST).astype(np.float32), 2, 9) > 0.8
    # A line of letters is long: what is not wider than it is high is an ornament, or the edge of something.
    return mean_of(found.astype(np.float32), 1, 6) > 0.62


def mean_of(plane: Plane, up: int, aside: int) -> Plane:
    """The mean over a window of `2 * up + 1` by `2 * aside + 1`, cut at the border."""
    return _along(_along(plane, up, 0), aside, 1)


def _along(plane: Plane, reach: int, axis: int) -> Plane:
    reach = min(reach, plane.shape[axis] - 1)
    total = np.cumsum(np.moveaxis(plane, axis, 0), 0, dtype=np.float64)
    total = np.concatenate([np.zeros((1, *total.shape[1:])), total])
    many = plane.shape[axis]
    first = np.clip(np.arange(many) - reach, 0, many)
    last = np.clip(np.arange(many) + reach + 1, 0, many)
    mean = (total[last] - total[first]) / (last - first)[:, None]
    return np.moveaxis(mean, 0, axis).astype(np.float32)


def _measured(fine: Mask, middle: Mask, coarse: Mask) -> Lettering:
    mask = fine | middle | coarse
    height, width = mask.shape
    density = float(mask.mean())
    if density < 0.002:
        return Lettering(0.0, 0.0, 0.0, 0, 0.5, 0.5, np.zeros_like(mask))
    # Small print makes a pattern of letters at the coarsest look too; large type makes none at the finest.
    large = coarse & (mean_of(fine.astype(np.float32), 4, 8) < 0.2)
    ys, xs = np.nonzero(mask)
    return Lettering(
        density=round(density, 4),
        coarse=round(float(large.mean()) / density, 3),
        fine=round(float(fine.mean()) / density, 3),
        lines=len(_runs(mask.sum(1) >= max(4, 0.05 * width))),
        x=round(float(xs.mean() + 0.5) / width, 3),
        y=round(float(ys.mean() + 0.5) / height, 3),
        mask=mask,
    )


def _runs(rows: Mask) -> list[tuple[int, int]]:
    """[first, last) of every run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], rows.astype(np.int8), [0]])))
    return [(int(first), int(last)) for first, last in zip(edges[::2], edges[1::2], strict=True)]
