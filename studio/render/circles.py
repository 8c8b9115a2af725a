"""Text on a circle, for seals and stamps."""

from __future__ import annotations

import math
from dataclasses import replace

from studio.render.shaping import Run, emoji_uri, is_rtl, outline, shape
from studio.render.spec import Box
from studio.render.styles import Style, number, paint
from studio.render.text import Placed
from studio.render.words import clean, emphasis


def on_circle(
    text: str,
    style: Style,
    cx: float,
    cy: float,
    radius: float,
    *,
    middle: float = -90.0,
    inside: bool = False,
    spread: bool = False,
) -> Placed:
    """Text whose baseline is the circle around (cx, cy).

    middle: the angle of its middle in degrees, clockwise from the right (-90 is the top). inside: letters stand towards the centre, so
    that a text at the bottom (middle=90) reads upright. spread: letter-spacing is chosen so that the text goes all the way round (end it
    with " • "). A text longer than the circle is set smaller until it fits.
    """
    plain, _ = emphasis(clean(text).replace("\n", " "))
    style = replace(style, emphasis=None)
    shaped = shape(plain + " " if spread else plain, (), style.cut, None, is_rtl(plain) if plain else False)
    around = 2 * math.pi * radius
    size = min(style.size, around * (1.0 if spread else 0.94) / max(shaped.advance, 0.01))
    letters = [(run, index) for run in shaped.runs for index in range(len(run.glyphs))]
    extra = (around - shaped.advance * size) / max(len(letters), 1) if spread else 0.0
    total = shaped.advance * size + extra * len(letters)
    turn = -1.0 if inside else 1.0
    out: list[str] = []
    for place, (run, index) in enumerate(letters):
        begin, wide = _span(run, index)
        along = (begin + wide / 2) * size + extra * (place + 0.5) - total / 2
        angle = math.radians(middle) + turn * along / radius
        at = f"translate({number(cx + radius * math.cos(angle))} {number(cy + radius * math.sin(angle))})"
        at += f" rotate({number(math.degrees(angle) + 90 * turn)})"
        out.append(_letter(run, index, wide, size, at, paint(style.fill)))
    reach = radius + (0.0 if inside else size)
    box = Box(cx - reach, cy - reach, 2 * reach, 2 * reach)
    return Placed(f"<g>{''.join(out)}</g>" if out else "", box, (box,), box.y, box.y + box.height, cy, cy)


def _span(run: Run, index: int) -> tuple[float, float]:
    """Where a glyph begins on the line and how wide it is, in em."""
    begin = run.glyphs[index].x * run.scale
    end = run.glyphs[index + 1].x * run.scale if index + 1 < len(run.glyphs) else run.advance
    return run.x + begin, max(end - begin, 0.0)


def _letter(run: Run, index: int, wide: float, size: float, at: str, fill: str) -> str:
    glyph = run.glyphs[index]
    if run.size:
        width, height = run.size[0] * size, run.size[1] * size
        return (
            f'<image transform="{at}" x="{number(-width / 2)}" y="{number(-run.lift * size - height)}" width="{number(width)}" '
            f'height="{number(height)}" href="{emoji_uri(glyph.id)}"/>'
        )
    x, y, rest = outline(run.font, glyph.id)
    if not rest:
        return ""
    shift = f"translate({number(-wide / 2 * size)} 0) scale({run.scale * size:.5g})"
    return f'<path fill="{fill}" transform="{at} {shift}" d="M{x} {y - glyph.y}{rest}"/>'
