"""Shadows, glows, grain and fades: what makes a flat layout look lit.

Everything soft is blurred here at a quarter of the size and embedded as a small picture: cheaper than an SVG filter by far, and the same
in every renderer.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from studio.render import colours
from studio.render.cache import ByteCache
from studio.render.pictures import Product, data_uri
from studio.render.spec import Box
from studio.render.svg import Piece, Ref, Stop, Svg

_REDUCED = 4
Edge = Literal["left", "right", "top", "bottom"]

_soft: ByteCache[Piece] = ByteCache(24 << 20, lambda piece: len(piece.href))


def contact_shadow(
    item: Product,
    box: Box,
    *,
    colour: str = "#000000",
    strength: float = 0.55,
    scale: float = 1.0,
) -> Piece:
    """The tight dark line where a product standing in `box` meets the ground. Draw it under the product."""

    def make() -> Piece:
        # Only what reaches down to the ground touches it: weigh the lowest tenth of the outline towards its bottom.
        rows = max(2, item.mask.shape[0] // 10)
        weights = np.linspace(0.0, 1.0, rows, dtype=np.float32)[:, None]
        profile = (item.mask[-rows:] * weights).max(0)
        margin = 0.06 * box.width
        high = max(6.0, 0.045 * box.width + 0.012 * box.height)
        area = Box(box.x - margin, box.y + box.height - high * 0.9, box.width + 2 * margin, high * 1.8)
        wide, tall = _cells(area, scale)
        inner = max(1, round(wide * box.width / area.width))
        line = np.asarray(
            Image.fromarray(profile[None], "F").resize((inner, 1), Image.Resampling.BILINEAR), np.float32
        )[0]
        offset = (wide - inner) // 2
        across = np.zeros(wide, np.float32)
        across[offset : offset + inner] = np.clip(line, 0, 1)
        down = np.exp(-(((np.arange(tall) + 0.5) / tall - 0.5) ** 2) / 0.016).astype(np.float32)
        plane = Image.fromarray((np.outer(down, across) * 255).astype(np.uint8), "L")
        return _tinted(
            plane.filter(ImageFilter.GaussianBlur(max(0.8, min(0.012 * wide, 0.08 * tall)))), area, colour, strength
        )

    return _soft.get((item.key, "contact", box, colour, strength, scale), make)


def cast_shadow(
    item: Product,
    box: Box,
    *,
    angle: float = 20.0,
    length: float = 0.7,
    blur: float = 0.03,
    colour: str = "#000000",
    strength: float = 0.35,
    scale: float = 1.0,
) -> Piece:
    """The shadow that a product standing in `box` throws over the ground. Draw it under the contact shadow.

    angle: where it points, in degrees: 0 to the right, 90 away from the viewer, 180 to the left; negative ones fall towards the viewer.
    length: of the shadow, as a share of the product's height. blur: at its far end, as a share of the product's height.
    """

    def make() -> Piece:
        reach_x = math.cos(math.radians(angle)) * length * box.height
        reach_y = math.sin(math.radians(angle)) * length * box.height
        soft = 3 * blur * box.height + 4
        base = box.y + box.height
        left, right = min(0.0, reach_x) - soft, max(0.0, reach_x) + soft
        area = Box(box.x + left, base - max(0.0, reach_y) - soft, box.width + right - left, abs(reach_y) + 2 * soft)
        wide, tall = _cells(area, scale)
        per_x, per_y = area.width / wide, area.height / tall
        rows, columns = item.mask.shape
        mask = Image.fromarray((item.mask * 255).astype(np.uint8), "L")
        # A point of the shadow (x, y) belongs to the height t = (base - y) / reach_y of the product, shifted back by t * reach_x.
        rise = reach_y if abs(reach_y) > 0.02 * box.height else math.copysign(0.02 * box.height, reach_y or 1.0)
        t_y, t_0 = -per_y / rise, (base - area.y) / rise
        to_column = columns / box.width
        matrix = (
            per_x * to_column,
            -t_y * reach_x * to_column,
            (area.x - box.x - t_0 * reach_x) * to_column,
            0.0,
            -t_y * rows,
            (1 - t_0) * rows,
        )
        thrown = mask.transform((wide, tall), Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR)
        far = blur * box.height / per_y
        near = np.asarray(thrown.filter(ImageFilter.GaussianBlur(max(0.6, far / 4))), np.float32)
        away = np.asarray(thrown.filter(ImageFilter.GaussianBlur(max(1.0, far))), np.float32)
        height = np.clip(t_0 + t_y * np.arange(tall, dtype=np.float32), 0, 1)[:, None]
        plane = (near * (1 - height) + away * height) * (1 - 0.55 * height)
        return _tinted(Image.fromarray(np.clip(plane, 0, 255).astype(np.uint8), "L"), area, colour, strength)

    return _soft.get((item.key, "cast", box, angle, length, blur, colour, strength, scale), make)


def drop_shadow(
    item: Product,
    box: Box,
    *,
    offset: tuple[float, float] = (0.0, 0.03),
    blur: float = 0.04,
    colour: str = "#000000",
    strength: float = 0.35,
    scale: float = 1.0,
) -> Piece:
    """The soft silhouette under something that floats or lies flat. offset and blur are shares of the product's height."""

    def make() -> Piece:
        soft = 3 * blur * box.height + 4
        area = Box(
            box.x + offset[0] * box.height - soft,
            box.y + offset[1] * box.height - soft,
            box.width + 2 * soft,
            box.height + 2 * soft,
        )
        wide, tall = _cells(area, scale)
        inner = (max(1, round(wide * box.width / area.width)), max(1, round(tall * box.height / area.height)))
        mask = Image.fromarray((item.mask * 255).astype(np.uint8), "L")
        plane = Image.new("L", (wide, tall))
        plane.paste(mask.resize(inner, Image.Resampling.BILINEAR), ((wide - inner[0]) // 2, (tall - inner[1]) // 2))
        radius = max(1.0, blur * box.height * tall / area.height)
        return _tinted(plane.filter(ImageFilter.GaussianBlur(radius)), area, colour, strength)

    return _soft.get((item.key, "drop", box, offset, blur, colour, strength, scale), make)


def card_shadow(
    box: Box,
    *,
    radius: float,
    blur: float,
    drop: float = 0.0,
    colour: str = "#000000",
    strength: float = 0.25,
    scale: float = 1.0,
) -> Piece:
    """The shadow of a card with round corners; blur and drop in canvas pixels."""

    def draw(pen: ImageDraw.ImageDraw, unit: float, area: Box) -> None:
        left, top = (box.x - area.x) * unit, (box.y + drop - area.y) * unit
        pen.rounded_rectangle((left, top, left + box.width * unit, top + box.height * unit), radius * unit, fill=255)

    soft = 3 * blur + drop
    area = Box(box.x - soft, box.y - soft, box.width + 2 * soft, box.height + 2 * soft)
    key = ("card", box, radius, blur, drop, colour, strength, scale)
    return _soft.get(key, lambda: blurred(draw, area, blur=blur, colour=colour, strength=strength, scale=scale))


def blurred(
    draw: Callable[[ImageDraw.ImageDraw, float, Box], None],
    area: Box,
    *,
    blur: float,
    colour: str,
    strength: float,
    scale: float = 1.0,
) -> Piece:
    """Anything soft: `draw(pen, unit, area)` paints white (fill=255) at `unit` cells per canvas pixel relative to the area's corner."""
    wide, tall = _cells(area, scale)
    plane = Image.new("L", (wide, tall))
    unit = wide / area.width
    draw(ImageDraw.Draw(plane), unit, area)
    return _tinted(plane.filter(ImageFilter.GaussianBlur(max(0.5, blur * unit))), area, colour, strength)


def window_light(
    width: int, height: int, *, colour: str = "#ffffff", strength: float = 0.3, mirror: bool = False, scale: float = 1.0
) -> Piece:
    """Sun through a window with crossbars, falling slantwise over the whole canvas."""

    def draw(pen: ImageDraw.ImageDraw, unit: float, area: Box) -> None:
        short = min(width, height)
        pane, bar, slant = 0.34 * short, 0.05 * short, 0.42
        for column in range(3):
            for row in range(4):
                left, top = 0.3 * width + column * (pane + bar), -0.12 * height + row * (pane * 1.25 + bar)
                corners = [(left, top), (left + pane, top), (left + pane, top + pane * 1.25), (left, top + pane * 1.25)]
                slanted = [(x - y * slant + 0.1 * width, y + (x - left) * 0.16) for x, y in corners]
                if mirror:
                    slanted = [(width - x, y) for x, y in slanted]
                pen.polygon([(x * unit, y * unit) for x, y in slanted], fill=255)

    area = Box(0, 0, width, height)
    key = ("window", width, height, colour, strength, mirror, scale)
    blur = 0.022 * min(width, height)
    return _soft.get(key, lambda: blurred(draw, area, blur=blur, colour=colour, strength=strength, scale=scale))


def grain(svg: Svg, strength: float = 0.05) -> None:
    """Faint film grain over the whole canvas: keeps gradients from banding and flat colour from looking dead."""
    svg.fill(svg.pattern(_grain_tile(), 256), opacity=strength)


@lru_cache(maxsize=1)
def _grain_tile() -> str:
    noise = np.random.default_rng(7).normal(0, 70, (256, 256))
    tile = np.empty((256, 256, 2), np.uint8)
    tile[..., 0] = np.where(noise > 0, 255, 0)
    tile[..., 1] = np.clip(np.abs(noise), 0, 255)
    return data_uri(Image.fromarray(tile, "LA"))


def glow(
    svg: Svg, centre: tuple[float, float], radius: float, colour: str, strength: float = 0.6, squash: float = 1.0
) -> None:
    """A round light that fades out evenly."""
    paint = svg.radial(eased(colour, strength, 0.0), centre, radius, squash)
    svg.ellipse(centre[0], centre[1], radius, radius * squash, paint)


def glow_at(distance: float, radius: float, strength: float) -> float:
    """The opacity of a round `glow` at a distance from its middle."""
    t = min(1.0, distance / max(1e-6, radius))
    return strength * (1 - t * t * (3 - 2 * t))


def strongest(piece: Piece, box: Box) -> float:
    """The opacity (0..1) of a soft picture that all but a 25th of a box of the canvas stays below."""
    plane = _alpha(piece.href)
    rows, columns = plane.shape
    across, down = columns / piece.box.width, rows / piece.box.height
    left, right = (box.x - piece.box.x) * across, (box.x + box.width - piece.box.x) * across
    top, bottom = (box.y - piece.box.y) * down, (box.y + box.height - piece.box.y) * down
    part = plane[
        max(0, math.floor(top)) : max(0, math.ceil(bottom)), max(0, math.floor(left)) : max(0, math.ceil(right))
    ]
    if not part.size:
        return 0.0
    # What of the box the picture does not reach counts as clear.
    clear = max(0, round(box.width * across * box.height * down) - part.size)
    return float(np.percentile(np.concatenate([part.ravel(), np.zeros(clear, np.uint8)]), 96)) / 255


@lru_cache(maxsize=64)
def _alpha(href: str) -> NDArray[np.uint8]:
    with Image.open(BytesIO(base64.b64decode(href.partition(",")[2]))) as image:
        return np.asarray(image.getchannel("A"), np.uint8)


def eased(colour: str, first: float, last: float, steps: int = 9) -> list[Stop]:
    """Stops from one opacity to another along a smooth curve, so that no edge of the gradient shows."""
    stops = []
    for index in range(steps):
        t = index / (steps - 1)
        smooth = t * t * (3 - 2 * t)
        stops.append(Stop(round(t, 3), colour, round(first + (last - first) * smooth, 4)))
    return stops


def fade(svg: Svg, box: Box, colour: str, edge: Edge, *, solid: float = 0.0, strength: float = 1.0) -> Ref:
    """Lets what lies in a box (a photo) sink into a colour towards one edge. Returns the gradient.

    solid: the share of the box at that edge that is covered at full strength (put text there).
    """
    along = box.width if edge in {"left", "right"} else box.height
    near, far = solid * along, along
    ends = {
        "left": ((box.x + near, box.y), (box.x + far, box.y)),
        "right": ((box.x + box.width - near, box.y), (box.x + box.width - far, box.y)),
        "top": ((box.x, box.y + near), (box.x, box.y + far)),
        "bottom": ((box.x, box.y + box.height - near), (box.x, box.y + box.height - far)),
    }
    paint = svg.linear(eased(colour, strength, 0.0), *ends[edge])
    svg.rect(box, paint)
    return paint


def fade_at(share: float, solid: float = 0.0, strength: float = 1.0) -> float:
    """The opacity of `fade` at a share (0 at the edge .. 1 at the far side) of its box: for `Tones.under`."""
    t = 0.0 if share <= solid else min(1.0, (share - solid) / max(1e-6, 1 - solid))
    return strength * (1 - t * t * (3 - 2 * t))


def _cells(area: Box, scale: float) -> tuple[int, int]:
    return max(2, round(area.width * scale / _REDUCED)), max(2, round(area.height * scale / _REDUCED))


def _tinted(plane: Image.Image, area: Box, colour: str, strength: float) -> Piece:
    opacity: NDArray[np.float32] = np.asarray(plane, np.float32) * min(1.0, strength)
    tinted = Image.new("RGBA", plane.size, colours.parse(colour))
    tinted.putalpha(Image.fromarray((opacity + 0.5).astype(np.uint8), "L"))
    return Piece(data_uri(tinted), area)
