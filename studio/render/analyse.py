"""What is worth knowing about an uploaded picture, found once, in a subprocess of the media worker."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from studio.render import tones
from studio.render.cutout import CutOut, cut_out, has_transparency
from studio.render.faces import Face, find_faces
from studio.render.filters import Plane, bounds, box_mean
from studio.render.spec import Box


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was found.

    faces: with scores, fractions of the picture. focal: the point to keep when cropping, fractions. colour: the dominant one, `#rrggbb`.
    palette: up to five colours, most important first. has_alpha: the picture brought its own transparency.
    cutout: the subject without its ground (RGBA), or None with `cutout_reason`, a sentence. cutout_quality: 0..1.
    sharpness: 0 (blurred) .. 1 (crisp); below 0.15 a warning is fair. brightness: 0 (black) .. 1 (white), the mean.
    """

    faces: tuple[Face, ...]
    focal: tuple[float, float]
    colour: str
    palette: tuple[str, ...]
    has_alpha: bool
    cutout: Image.Image | None
    cutout_reason: str
    cutout_quality: float
    sharpness: float
    brightness: float


def analyse(image: Image.Image) -> Analysis:
    """Everything about one decoded, upright picture. One to three seconds of one core for a photo."""
    cut = cut_out(image)
    faces = () if cut.own_alpha else tuple(find_faces(image))
    shown = cut.image if cut.image is not None else image
    palette = tuple(tones.palette(shown, 5))
    grey = _grey(image)
    return Analysis(
        faces=faces,
        focal=_focal(faces, cut, grey),
        colour=palette[0],
        palette=palette,
        has_alpha=has_transparency(image),
        cutout=cut.image,
        cutout_reason=cut.reason,
        cutout_quality=cut.quality,
        sharpness=_sharpness(image),
        brightness=round(float(grey.mean()), 3),
    )


def _grey(image: Image.Image) -> Plane:
    """96 x 96 luminances 0..1; see-through parts count as white."""
    rgba = image.convert("RGBA").resize((96, 96), Image.Resampling.BOX, reducing_gap=2.0)
    flat = Image.new("RGB", rgba.size, "#ffffff")
    flat.paste(rgba, (0, 0), rgba)
    return np.asarray(np.asarray(flat.convert("L"), np.float32) / 255, np.float32)


def _focal(faces: tuple[Face, ...], cut: CutOut, grey: Plane) -> tuple[float, float]:
    """The faces' middle, else the cut-out's, else the middle of what is busy, drawn half way to the picture's centre."""
    if faces:
        weights = [face.box.width * face.box.height * face.score for face in faces]
        x = sum((face.box.x + face.box.width / 2) * weight for face, weight in zip(faces, weights, strict=True))
        y = sum((face.box.y + face.box.height / 2) * weight for face, weight in zip(faces, weights, strict=True))
        return round(x / sum(weights), 3), round(y / sum(weights), 3)
    if cut.image is not None:
        box = bounds(np.asarray(cut.image.getchannel("A")))
        middle = Box(
            box.x / cut.image.width,
            box.y / cut.image.height,
            box.width / cut.image.width,
            box.height / cut.image.height,
        )
        return round(middle.x + middle.width / 2, 3), round(middle.y + middle.height / 2, 3)
    busy = np.abs(grey - box_mean(grey, 6))
    total = float(busy.sum()) + 1e-6
    steps = (np.arange(96) + 0.5) / 96
    x, y = float((busy.sum(0) * steps).sum()) / total, float((busy.sum(1) * steps).sum()) / total
    return round((x + 0.5) / 2, 3), round((y + 0.5) / 2, 3)


def _sharpness(image: Image.Image) -> float:
    """How fast the fastest edges change, measured at 1024 pixels on the long side so that the size of the file does not matter."""
    grey = image.convert("RGB").convert("L")
    grey.thumbnail((1024, 1024), Image.Resampling.BOX, reducing_gap=2.0)
    plane = np.asarray(grey, np.float32)
    if min(plane.shape) < 8:
        return 0.0
    fast = np.abs(plane[:, 2:] - plane[:, :-2])[1:-1] + np.abs(plane[2:] - plane[:-2])[:, 1:-1]
    finest = np.abs(4 * plane[1:-1, 1:-1] - plane[:-2, 1:-1] - plane[2:, 1:-1] - plane[1:-1, :-2] - plane[1:-1, 2:])
    top = fast >= max(12.0, float(np.quantile(fast, 0.98)))
    if not top.any():
        return 0.0
    return round(float(min(1.0, finest[top].mean() / (fast[top].mean() + 1e-6))), 3)
