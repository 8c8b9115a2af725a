"""What masks need: box and guided filters, connected parts, bounds; in numpy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.render.spec import Box

Plane = NDArray[np.float32]


def box_mean(plane: Plane, radius: int) -> Plane:
    """Mean over a square of 2 * radius + 1 pixels; rows x columns or rows x columns x channels; edges are repeated."""
    out = plane
    for axis in (0, 1):
        pad = [(radius + 1, radius) if index == axis else (0, 0) for index in range(plane.ndim)]
        total = np.pad(out, pad, mode="edge").cumsum(axis, dtype=np.float64)
        size = plane.shape[axis]
        window = 2 * radius + 1
        upper = np.take(total, range(window, window + size), axis) if axis else total[window : window + size]
        lower = np.take(total, range(size), axis) if axis else total[:size]
        out = ((upper - lower) / window).astype(np.float32)
    return out


def guided_coefficients(guide: Plane, plane: Plane, radius: int, epsilon: float) -> Plane:
    """Colour guided filter (He, Sun, Tang): rows x columns x 4 numbers; the filtered plane is guide · [:3] + [3].

    They vary slowly, so they may be found on a small picture and applied to a large one.
    """
    mean_guide, mean_plane = box_mean(guide, radius), box_mean(plane, radius)
    covariance = box_mean(guide * plane[..., None], radius) - mean_guide * mean_plane[..., None]
    products = box_mean(np.stack([guide[..., i] * guide[..., j] for i, j in _PAIRS], -1), radius)
    spread = np.empty((*plane.shape, 3, 3), np.float32)
    for index, (i, j) in enumerate(_PAIRS):
        value = products[..., index] - mean_guide[..., i] * mean_guide[..., j]
        spread[..., i, j] = spread[..., j, i] = value + (epsilon if i == j else 0)
    slope = np.linalg.solve(spread, covariance[..., None])[..., 0].astype(np.float32)
    offset = mean_plane - (slope * mean_guide).sum(-1)
    return box_mean(np.concatenate([slope, offset[..., None]], -1), radius)


_PAIRS = ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))


def largest_parts(solid: NDArray[np.bool_], keep_share: float) -> tuple[NDArray[np.bool_], float]:
    """Keeps the connected parts of at least `keep_share` of the largest one. Returns them and the share of all cells in the largest.

    For small masks (up to about 200 x 200): each part is grown from a seed.
    """
    left = solid.copy()
    parts: list[NDArray[np.bool_]] = []
    while left.any() and len(parts) < 60:
        seed = np.zeros_like(solid)
        seed.flat[int(np.argmax(left))] = True
        part = _grown(seed, left)
        parts.append(part)
        left &= ~part
    if not parts:
        return solid, 0.0
    sizes = [int(part.sum()) for part in parts]
    kept = np.logical_or.reduce(
        [part for part, size in zip(parts, sizes, strict=True) if size >= keep_share * max(sizes)]
    )
    return kept, max(sizes) / int(solid.sum())


def _grown(seed: NDArray[np.bool_], inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    count = 0
    while True:
        wide = seed.copy()
        wide[1:] |= seed[:-1]
        wide[:-1] |= seed[1:]
        wide[:, 1:] |= wide[:, :-1]
        wide[:, :-1] |= wide[:, 1:]
        seed = wide & inside
        grown = int(seed.sum())
        if grown == count:
            return seed
        count = grown


def bounds(alpha: NDArray[np.uint8], threshold: int = 12) -> Box:
    """The box of everything visible, in pixels of the mask; the whole mask when nothing is."""
    rows, columns = np.where((alpha > threshold).any(1))[0], np.where((alpha > threshold).any(0))[0]
    if not rows.size or not columns.size:
        return Box(0, 0, alpha.shape[1], alpha.shape[0])
    return Box(int(columns[0]), int(rows[0]), int(columns[-1] - columns[0] + 1), int(rows[-1] - rows[0] + 1))
