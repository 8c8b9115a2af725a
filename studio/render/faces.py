"""Finds faces, so that no text is put on one and no crop cuts through one.

MediaPipe's full-range detector looks at 192 x 192 pixels: the whole picture first, then overlapping tiles for small faces. Whatever a
look suggests is looked at again close up before it counts, which is what keeps products and patterns from passing as faces.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray
from PIL import Image

from studio.render.manifest import verified
from studio.render.spec import Box

_SIDE = 192
_CELLS = 48
_MODEL = "face_detection_full_range_sparse.tflite"
_SUGGESTED = 0.5
_CONFIRMED = 0.72
_TILES = (0.55, 0.3)
_MOST = 40


@dataclass(frozen=True, slots=True)
class Face:
    """A face from chin to brow as fractions of the picture, with how sure the net is (0..1)."""

    box: Box
    score: float


def find_faces(image: Image.Image) -> list[Face]:
    """Every face, surest first. Sees faces from about 3 % of the picture's long side on. 20-60 ms of one core for a photo."""
    scale = min(1.0, 1600 / max(image.size))
    photo = image.convert("RGB")
    if scale < 1:
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        photo = photo.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
    found: list[tuple[float, NDArray[np.float64]]] = []
    for window in _windows(photo.width, photo.height):
        for score, square in _look(photo, window):
            if score >= _SUGGESTED and not any(_shared(square, other) > 0.3 for _, other in found):
                confirmed = _again(photo, square)
                if confirmed is not None:
                    found.append(confirmed)
        if len(found) >= _MOST:
            break
    kept: list[tuple[float, NDArray[np.float64]]] = []
    for score, square in sorted(found, key=lambda item: -item[0]):
        if not any(_shared(square, other) > 0.3 for _, other in kept):
            kept.append((score, square))
    return [Face(_fractions(square, photo.width, photo.height), round(score, 3)) for score, square in kept]


def _windows(width: int, height: int) -> Iterator[tuple[float, float, float]]:
    """Squares to look at (left, top, side): the whole picture with bars beside it, then overlapping tiles of two sizes."""
    side = max(width, height)
    yield ((width - side) / 2, (height - side) / 2, side)
    for share in _TILES:
        tile = side * share
        if tile < _SIDE * 0.75:
            return
        for y in _starts(height, tile):
            for x in _starts(width, tile):
                yield (x, y, tile)


def _starts(length: float, tile: float) -> list[float]:
    if length <= tile:
        return [(length - tile) / 2]
    count = int(np.ceil((length - tile) / (tile * 0.7))) + 1
    return [float(start) for start in np.linspace(0, length - tile, count)]


@cache
def _net() -> Interpreter:
    net = Interpreter(model_content=verified("models", _MODEL), num_threads=1)
    net.allocate_tensors()
    return net


@cache
def _anchors() -> NDArray[np.float64]:
    steps = (np.arange(_CELLS) + 0.5) / _CELLS
    return np.stack(np.meshgrid(steps, steps), -1).reshape(-1, 2)


def _look(photo: Image.Image, window: tuple[float, float, float]) -> list[tuple[float, NDArray[np.float64]]]:
    """What the net sees in a square window (it may hang over the edges): (score, [left, top, right, bottom] in photo pixels)."""
    left, top, side = window
    pixels = (
        photo.transform(
            (_SIDE, _SIDE), Image.Transform.EXTENT, (left, top, left + side, top + side), Image.Resampling.BILINEAR
        )
        if side <= 2 * _SIDE
        else _shrunk(photo, window)
    )
    net = _net()
    net.set_tensor(net.get_input_details()[0]["index"], (np.asarray(pixels, np.float32) / 127.5 - 1)[None])
    net.invoke()
    outputs = {int(output["shape"][-1]): net.get_tensor(output["index"])[0] for output in net.get_output_details()}
    scores = 1 / (1 + np.exp(-np.clip(outputs[1][:, 0].astype(np.float64), -30, 30)))
    best = [int(index) for index in np.argsort(-scores)[:24] if scores[index] >= _SUGGESTED]
    squares = []
    for index in best:
        centre = outputs[16][index, :2] / _SIDE + _anchors()[index]
        half = np.abs(outputs[16][index, 2:4]) / _SIDE / 2
        square = np.concatenate([centre - half, centre + half]) * side + np.array([left, top, left, top])
        squares.append((float(scores[index]), square))
    return squares


def _shrunk(photo: Image.Image, window: tuple[float, float, float]) -> Image.Image:
    """A large window at the net's size without aliasing; what hangs over the picture's edge is black."""
    left, top, side = window
    canvas = Image.new("RGB", (_SIDE, _SIDE))
    box = (max(0, left), max(0, top), min(photo.width, left + side), min(photo.height, top + side))
    scale = _SIDE / side
    size = (max(1, round((box[2] - box[0]) * scale)), max(1, round((box[3] - box[1]) * scale)))
    part = photo.resize(size, Image.Resampling.BILINEAR, box=box, reducing_gap=2.0)
    canvas.paste(part, (round((box[0] - left) * scale), round((box[1] - top) * scale)))
    return canvas


def _again(photo: Image.Image, square: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]] | None:
    """A closer look at a suggested face: the same face must be seen again, and with more certainty."""
    centre = (square[:2] + square[2:]) / 2
    side = 2.4 * float((square[2:] - square[:2]).max())
    if side < 24:
        return None
    seen = _look(photo, (float(centre[0]) - side / 2, float(centre[1]) - side / 2, side))
    same = [item for item in seen if item[0] >= _CONFIRMED and _shared(item[1], square) > 0.35]
    return max(same, key=lambda item: item[0]) if same else None


def _shared(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Intersection over union."""
    size = np.maximum(0, np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2]))
    shared = float(size.prod())
    return shared / (float((one[2:] - one[:2]).prod() + (other[2:] - other[:2]).prod()) - shared + 1e-9)


def _fractions(square: NDArray[np.float64], width: int, height: int) -> Box:
    left, top = max(0.0, float(square[0]) / width), max(0.0, float(square[1]) / height)
    right, bottom = min(1.0, float(square[2]) / width), min(1.0, float(square[3]) / height)
    return Box(round(left, 4), round(top, 4), round(right - left, 4), round(bottom - top, 4))
