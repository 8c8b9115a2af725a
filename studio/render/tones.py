"""What colours a picture has: dominant ones, the ones along an outline, and how light or dark a region is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.render import colours
from studio.render.spec import Box

WHOLE = Box(0, 0, 1, 1)


@dataclass(frozen=True, slots=True)
class Tones:
    """A region's colours: its mean, its dark and light end (5 % and 95 %), and its spread (0 plain .. 1 busy).

    A text over it must be readable on `dark` and on `light`.
    """

    mean: str
    dark: str
    light: str
    spread: float

    @property
    def grounds(self) -> tuple[str, str, str]:
        """For `colours.readable_on` and `colours.worst_contrast`."""
        return (self.dark, self.mean, self.light)

    def under(self, colour: str, opacity: float) -> Tones:
        """The same region beneath a layer of a colour with an opacity (a scrim or a fade)."""
        mean, dark, light = (colours.mix(value, colour, opacity) for value in (self.mean, self.dark, self.light))
        return Tones(mean, dark, light, self.spread * (1 - opacity))


def tones(image: Image.Image, region: Box = WHOLE) -> Tones:
    """The tones of a region (fractions of the picture; what lies outside is left out)."""
    left, top = max(0.0, region.x) * image.width, max(0.0, region.y) * image.height
    right = min(1.0, region.x + region.width) * image.width
    bottom = min(1.0, region.y + region.height) * image.height
    if right - left < 1 or bottom - top < 1:
        left, top, right, bottom = 0, 0, image.width, image.height
    small = image.convert("RGB").resize(
        (24, 24), Image.Resampling.BOX, box=(left, top, right, bottom), reducing_gap=2.0
    )
    pixels = np.asarray(small, np.float32).reshape(-1, 3)
    light = pixels @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    order = np.argsort(light)
    edge = max(1, len(order) // 20)
    return Tones(
        colours.to_hex(pixels.mean(0).tolist()),
        colours.to_hex(pixels[order[:edge]].mean(0).tolist()),
        colours.to_hex(pixels[order[-edge:]].mean(0).tolist()),
        round(float(min(1.0, light.std() / 64)), 3),
    )


def palette(image: Image.Image, count: int = 5) -> list[str]:
    """The main colours, most important first: large ones, and colourful ones before grey ones of about the same size."""
    pixels = _visible(image, 72)
    if not len(pixels):
        return ["#808080"]
    strip = Image.fromarray(pixels[None].astype(np.uint8), "RGB")
    reduced = strip.quantize(min(24, max(2, count * 4)), Image.Quantize.MEDIANCUT, kmeans=2)
    entries = np.array(reduced.getpalette() or [], np.float32).reshape(-1, 3)
    counts = np.bincount(np.asarray(reduced).ravel(), minlength=len(entries))
    weighed = []
    for entry, size in zip(entries, counts, strict=False):
        if size:
            colour = colours.to_hex(entry.tolist())
            weighed.append((float(size) / len(pixels) * (0.35 + 4 * colours.to_oklch(colour)[1]), colour))
    chosen: list[str] = []
    for apart in (0.1, 0.03, 0.0):
        for _, colour in sorted(weighed, reverse=True):
            if (
                len(chosen) < count
                and colour not in chosen
                and all(colours.difference(colour, other) > apart for other in chosen)
            ):
                chosen.append(colour)
    return chosen


def edge_colours(image: Image.Image, count: int = 5) -> tuple[str, ...]:
    """The main colours just inside a cut-out's outline, largest first; of an opaque picture, along its border."""
    scale = 120 / max(image.size)
    size = (max(4, round(image.width * scale)), max(4, round(image.height * scale)))
    small = np.asarray(image.convert("RGBA").resize(size, Image.Resampling.BOX, reducing_gap=2.0), np.float32)
    solid = np.pad(small[..., 3] > 200, 1)
    inner = solid.copy()
    for _ in range(3):
        core = inner[1:-1, 1:-1] & inner[:-2, 1:-1] & inner[2:, 1:-1] & inner[1:-1, :-2] & inner[1:-1, 2:]
        inner = np.pad(core, 1)
    rim = (solid & ~inner)[1:-1, 1:-1]
    pixels = small[..., :3][rim]
    if not len(pixels):
        return ()
    strip = Image.fromarray(pixels[None].astype(np.uint8), "RGB").quantize(count, Image.Quantize.MEDIANCUT, kmeans=1)
    entries = np.array(strip.getpalette() or [], np.float32).reshape(-1, 3)
    counts = np.bincount(np.asarray(strip).ravel(), minlength=len(entries))
    order = sorted(
        (index for index in range(len(counts)) if counts[index] >= 0.06 * len(pixels)), key=lambda i: -counts[i]
    )
    return tuple(colours.to_hex(entries[index].tolist()) for index in order)


def mean_colour(pixels: Sequence[str]) -> str:
    """The mean of some colours."""
    return colours.to_hex(np.array([colours.parse(colour) for colour in pixels], np.float32).mean(0).tolist())


def _visible(image: Image.Image, side: int) -> NDArray[np.float32]:
    small = image.convert("RGBA").resize((side, side), Image.Resampling.BOX, reducing_gap=2.0)
    pixels = np.asarray(small, np.float32).reshape(-1, 4)
    return np.asarray(pixels[pixels[:, 3] > 128, :3], np.float32)
