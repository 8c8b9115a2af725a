"""Takes the ground away behind a product or person, or says why it had better not.

u2netp finds the subject at 320 pixels, once in the whole picture and once more in a crop around what it found; a guided filter then draws
the edge where the picture has it, and edge pixels lose the colour of the old ground, so that no fringe shows on a new one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from PIL import Image

from studio.render.filters import Plane, box_mean, guided_coefficients, largest_parts
from studio.render.manifest import verified

_NET_SIDE = 320
_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
_SPREAD = np.array([0.229, 0.224, 0.225], np.float32)
_GUIDE_SIDE = 720
_LARGEST_SIDE = 2400

TRUSTED = 0.8
"""Quality from which a cut-out is good enough to be shown without the person having asked for it."""


@dataclass(frozen=True, slots=True)
class CutOut:
    """What came of it.

    image: RGBA with the proportions of the picture (at most 2400 pixels a side), or None where it is not to be trusted.
    quality: 0..1; 1 for a picture that brought its own transparency. reason: a sentence for people when image is None, else "".
    own_alpha: the picture was transparent already.
    """

    image: Image.Image | None
    quality: float
    reason: str = ""
    own_alpha: bool = False


def has_transparency(image: Image.Image) -> bool:
    """Whether a real part (at least 2 %) of the picture is see-through."""
    if image.mode not in {"RGBA", "LA", "PA"} and "transparency" not in image.info:
        return False
    alpha = image.convert("RGBA").getchannel("A").resize((64, 64), Image.Resampling.BOX)
    return bool((np.asarray(alpha) < 128).mean() >= 0.02)


def cut_out(image: Image.Image) -> CutOut:
    """The subject without its ground. About half a second to a second of one core for a photo; milliseconds for a transparent one."""
    if has_transparency(image):
        return CutOut(_fitted(image.convert("RGBA")), 1.0, own_alpha=True)
    photo = _fitted(image.convert("RGB"))
    if min(photo.size) < 48:
        return CutOut(None, 0.0, "The picture is too small to cut the product out of it.")
    rough = _rough_mask(photo)
    reason, quality, kept = _judge(rough)
    if reason:
        return CutOut(None, quality, reason)
    alpha = _refined(photo, rough * _loosened(kept, rough.shape))
    bad = _edge_doubt(alpha)
    quality = round(quality * (1 - bad), 3)
    if quality < TRUSTED:
        return CutOut(None, quality, "The edge between the product and its ground is too unclear to cut along it.")
    pixels: Plane = (np.asarray(photo, np.float32) / 255).astype(np.float32)
    colour = _without_ground(pixels, alpha)
    rgba = np.concatenate([colour, alpha[..., None]], -1)
    return CutOut(Image.fromarray((rgba * 255 + 0.5).astype(np.uint8), "RGBA"), quality)


def _fitted(image: Image.Image) -> Image.Image:
    scale = _LARGEST_SIDE / max(image.size)
    if scale >= 1:
        return image
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


@cache
def _net() -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    return onnxruntime.InferenceSession(verified("models", "u2netp.onnx"), options, providers=["CPUExecutionProvider"])


def _look(photo: Image.Image) -> Plane:
    """The net's opinion of one picture at 320 x 320, 0..1, not stretched: a picture without a subject stays dark."""
    pixels = np.asarray(photo.resize((_NET_SIDE, _NET_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0), np.float32)
    planes = ((pixels / max(1.0, float(pixels.max())) - _MEAN) / _SPREAD).transpose(2, 0, 1)[None]
    net = _net()
    answer = net.run([net.get_outputs()[0].name], {net.get_inputs()[0].name: planes})[0]
    return np.asarray(np.clip(np.asarray(answer, np.float32)[0, 0], 0, 1), np.float32)


def _rough_mask(photo: Image.Image) -> Plane:
    """The subject at up to 720 pixels a side: first over the whole picture, then again in a crop around it, where it is larger."""
    scale = min(1.0, _GUIDE_SIDE / max(photo.size))
    size = (max(1, round(photo.width * scale)), max(1, round(photo.height * scale)))
    whole = resized(_look(photo), size)
    found = np.argwhere(whole > 0.5)
    if not len(found):
        return whole
    (top, left), (bottom, right) = found.min(0), found.max(0) + 1
    margin = 0.12 * max(bottom - top, right - left)
    box = (max(0, left - margin), max(0, top - margin), min(size[0], right + margin), min(size[1], bottom + margin))
    if (box[2] - box[0]) * (box[3] - box[1]) > 0.75 * size[0] * size[1]:
        return whole
    x0, y0, x1, y1 = (round(float(value)) for value in box)
    crop = photo.crop((round(x0 / scale), round(y0 / scale), round(x1 / scale), round(y1 / scale)))
    closer = np.zeros_like(whole)
    closer[y0:y1, x0:x1] = resized(_look(crop), (x1 - x0, y1 - y0))
    # The closer look decides where it agrees that there is something; a thing that only one of them sees is doubtful.
    both, either = float(np.minimum(whole, closer).sum()), float(np.maximum(whole, closer).sum())
    return np.asarray(0.3 * whole + 0.7 * closer, np.float32) if both > 0.6 * either else whole


def resized(plane: Plane, size: tuple[int, int]) -> Plane:
    """A plane of floats at another (width, height), bicubic."""
    image = Image.fromarray(np.ascontiguousarray(plane, np.float32), "F")
    return np.asarray(image.resize(size, Image.Resampling.BICUBIC), np.float32)


def _judge(mask: Plane) -> tuple[str, float, NDArray[np.bool_]]:
    """A reason not to cut (or ""), a quality, and the solid parts to keep (160 cells on the long side)."""
    rows, columns = mask.shape
    scale = 160 / max(rows, columns)
    small = resized(np.clip(mask, 0, 1), (max(1, round(columns * scale)), max(1, round(rows * scale))))
    solid = small > 0.5
    area = float(solid.mean())
    kept, main_share = largest_parts(solid, 0.08)
    if area < 0.012:
        return "No product stands out in this picture, so it is used as a photo.", 0.0, kept
    if area > 0.86:
        return "The picture is filled to its edges, so it is used as a photo.", 0.1, kept
    if main_share < 0.6:
        return "The picture shows several things at once, so it is used as a photo.", 0.2, kept
    border = np.concatenate([kept[0], kept[-1], kept[1:-1, 0], kept[1:-1, -1]])
    if border.mean() > 0.1:
        return "The product runs out of the picture, so it is used as a photo.", 0.3, kept
    unsure = float(((small > 0.15) & (small < 0.85)).sum()) / max(1.0, float(solid.sum()))
    perimeter = 2.2 * np.sqrt(float(solid.sum())) * 4 / max(1.0, float(solid.sum()))
    doubt = max(0.0, unsure - perimeter)
    return "", max(0.0, 1 - 1.2 * doubt - 0.5 * (1 - main_share) - float(border.mean())), kept


def _loosened(kept: NDArray[np.bool_], shape: tuple[int, ...]) -> Plane:
    """The kept parts, widened by two cells, at the rough mask's size: multiplying with it drops crumbs and leaves edges alone."""
    wide = box_mean(kept.astype(np.float32), 3) > 0.01
    return np.clip(resized(wide.astype(np.float32), (shape[1], shape[0])), 0, 1)


def _refined(photo: Image.Image, rough: Plane) -> Plane:
    """The mask at the photo's size, its edge drawn by the photo."""
    rows, columns = rough.shape
    guide: Plane = (np.asarray(photo.resize((columns, rows), Image.Resampling.BOX), np.float32) / 255).astype(
        np.float32
    )
    radius = max(3, round(max(rows, columns) / 110))
    # The net's edge is a soft ramp a few pixels wide: make it steep before the photo redraws it, else it leaves a halo.
    steep: Plane = np.clip((rough - 0.5) * 2.2 + 0.5, 0, 1).astype(np.float32)
    coefficients = guided_coefficients(guide, steep, radius, 2e-4)
    large = np.stack([resized(coefficients[..., index], photo.size) for index in range(4)], -1)
    pixels = np.asarray(photo, np.float32) / 255
    alpha = (pixels * large[..., :3]).sum(-1) + large[..., 3]
    sure_in = resized((box_mean(steep, 2 * radius) > 0.985).astype(np.float32), photo.size)
    sure_out = resized((box_mean(steep, 2 * radius) < 0.015).astype(np.float32), photo.size)
    alpha = np.clip((alpha - 0.5) * 1.5 + 0.5, 0, 1)
    alpha = np.maximum(alpha, np.clip(sure_in, 0, 1)) * (1 - np.clip(sure_out, 0, 1))
    return np.asarray(np.clip(alpha, 0, 1), np.float32)


def _edge_doubt(alpha: Plane) -> float:
    """0 for a clean edge, up to 1 where much of the subject ended half transparent."""
    half = float(((alpha > 0.1) & (alpha < 0.9)).sum())
    solid = float((alpha >= 0.9).sum())
    allowed = 6 * 4 * np.sqrt(max(1.0, solid))
    return float(min(1.0, max(0.0, half - allowed) / max(1.0, solid) * 1.5))


def _without_ground(colour: Plane, alpha: Plane) -> Plane:
    """Colours at the edge as they would be without the old ground (blur fusion: Forte 2021), solid ones untouched."""
    edge = (alpha < 0.98) & (alpha > 0.004)
    if not edge.any():
        return colour
    rows, columns = np.where(edge.any(1))[0], np.where(edge.any(0))[0]
    pad = 24
    window = np.s_[max(0, rows[0] - pad) : rows[-1] + pad, max(0, columns[0] - pad) : columns[-1] + pad]
    part, cover = colour[window], alpha[window][..., None]
    # Only solid pixels say what the subject looks like: the rim itself is mixed already.
    solid = np.where(cover > 0.95, cover, cover**3)
    clear = 1 - cover
    fore, back = part, part
    for radius in (20, 6):
        weight, rest = box_mean(solid, radius) + 1e-5, box_mean(clear, radius) + 1e-5
        fore, back = box_mean(fore * solid, radius) / weight, box_mean(back * clear, radius) / rest
        fore = np.clip(fore + cover * (part - cover * fore - clear * back), 0, 1)
    out = colour.copy()
    mixed = np.clip((0.98 - cover) / 0.1, 0, 1)
    out[window] = part * (1 - mixed) + fore * mixed
    return out
