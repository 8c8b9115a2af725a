"""Light that falls into a room: blurred shapes, made once for a size and kept."""

from __future__ import annotations

import math
from functools import lru_cache

from PIL import ImageDraw

from studio.render import light
from studio.render.spec import Box
from studio.render.svg import Piece


@lru_cache(maxsize=12)
def blinds(width: float, height: float, *, colour: str, strength: float, mirror: bool, scale: float) -> Piece:
    """Low sun through a half-open blind: slanted bars that grow softer and thinner across the canvas."""

    def draw(pen: ImageDraw.ImageDraw, unit: float, area: Box) -> None:
        short = min(width, height)
        step, left, right = 0.105 * short, 0.2 * width, 1.05 * width
        for bar in range(math.ceil(height / step) + 8):
            top = -0.5 * short + bar * step
            thick = step * (0.5 + 0.12 * math.sin(bar * 1.7))
            rise = 0.34 * (right - left)
            near = left - 0.3 * (top + rise - 0.5 * height)
            corners = [
                (near, top + rise),
                (right, top),
                (right, top + thick),
                (near - 0.2 * thick, top + rise + thick * 0.8),
            ]
            if mirror:
                corners = [(width - x, y) for x, y in corners]
            pen.polygon([(x * unit, y * unit) for x, y in corners], fill=255)

    area = Box(0, 0, width, height)
    return light.blurred(draw, area, blur=0.011 * min(width, height), colour=colour, strength=strength, scale=scale)


@lru_cache(maxsize=12)
def beam(width: float, height: float, *, colour: str, strength: float, mirror: bool, scale: float) -> Piece:
    """One broad shaft of light from an upper corner, as through a door left ajar."""

    def draw(pen: ImageDraw.ImageDraw, unit: float, area: Box) -> None:
        ends = ((1.02, -0.2), (1.5, -0.2), (1.0, 1.2), (0.44, 1.2))
        corners = [(x * width, y * height) for x, y in ends]
        if mirror:
            corners = [(width - x, y) for x, y in corners]
        pen.polygon([(x * unit, y * unit) for x, y in corners], fill=255)

    area = Box(0, 0, width, height)
    return light.blurred(draw, area, blur=0.045 * min(width, height), colour=colour, strength=strength, scale=scale)
