"""Stickers and seals: how large, what colour, where, and the drawing of one."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import Literal

from studio.render import circles, colours, light, pictures, placement
from studio.render.spec import Box
from studio.render.svg import number, transform
from studio.render.templates.base import Canvas
from studio.render.templates.columns import body_style, heading_style
from studio.render.text import Block, Style, fit
from studio.render.words import language_of

_LOUD = re.compile(r"^([-–]?\s?[$€£¥]?\d[\d.,]*\s?[%$€£¥]?)\s+(\S.{0,16})$")
Seal = Literal["burst", "round"]


def badge_colour(canvas: Canvas, *grounds: str) -> str:
    """A colour for a sticker that stands out of all the grounds it may touch: the accent, or whichever of the brand's does best."""
    b = canvas.brand
    choices = [b.accent, b.light, b.dark, b.primary, colours.PAPER, colours.INK]
    away = {colour: min(colours.difference(colour, ground) for ground in grounds) for colour in choices}
    far = [colour for colour in (b.accent, b.light, b.dark, b.primary) if away[colour] > 0.22]
    if away[b.accent] > 0.22:
        return colours.check(b.accent)
    return colours.check(max(far or choices, key=lambda colour: away[colour]))


def badge(
    canvas: Canvas,
    text: str,
    centre: tuple[float, float],
    radius: float,
    *,
    fill: str,
    kind: Seal = "burst",
    turn: float = 0.0,
    ring: str = "",
) -> Box | None:
    """A sticker ("20 % off") around a centre (real, not mirrored). turn: of its text, in degrees. ring: a text that
    runs round inside its edge. None without a text."""
    if not text:
        return None
    x, y = centre
    ink = canvas.ink(fill, canvas.brand.light, canvas.brand.dark)
    box = Box(x - radius, y - radius, 2 * radius, 2 * radius)
    shadow = Box(x - 0.95 * radius, y - 0.95 * radius, 1.9 * radius, 1.9 * radius)
    canvas.svg.piece(
        light.card_shadow(
            shadow, radius=0.95 * radius, blur=0.1 * radius, drop=0.09 * radius, strength=0.25, scale=canvas.px
        )
    )
    if kind == "burst":
        canvas.svg.path(_burst(x, y, radius), fill)
    else:
        canvas.svg.circle(x, y, radius, fill)
    inner = 0.84 * radius
    if ring:
        style = Style("inter", 0.17 * radius, 700, tracking=0.08, case="upper", fill=ink, optical="text")
        canvas.svg.text(circles.on_circle(ring, style, x, y, 0.76 * radius, spread=True))
        inner = 0.68 * radius
    for role, block, top in _badge_lines(canvas, text, inner, ink):
        canvas.book(
            role, block, block.at(x - block.width / 2, y + top, width=block.width, align="center"), fill, plate=True
        )
        with canvas.svg.group(transform=transform(move=(x, y), turn=turn)):
            canvas.svg.text(block.at(-block.width / 2, top, width=block.width, align="center"))
    canvas.keep_free(box)
    return box


def badge_radius(canvas: Canvas, text: str) -> float:
    """How large a sticker has to be for its text to be read: 96 for "20 % off", up to 150."""
    longest = max((len(word) for word in text.split()), default=0)
    return min(
        150.0,
        (86.0 if len(text) < 5 else 96.0 if len(text) < 12 else 96.0 + 2.6 * (len(text) - 11))
        + max(0, longest - 8) * 7,
    ) * (1.1 if canvas.kind == "story" else 1.0)


def sticker(
    canvas: Canvas,
    around: Box | None,
    item: pictures.Product | None,
    *grounds: str,
    smallest: float = 0.0,
    kind: Seal = "burst",
    ring: str = "",
    aim: tuple[float, float] | None = None,
    reach: float = 1e6,
) -> Box | None:
    """The copy's badge at the best place that `badge_spot` finds: rather a little smaller, or over the product's edge, than far away or
    not at all. grounds: what it may lie on, for its colour. smallest: its least radius. ring: left out where it would be too small."""
    text = canvas.copy.badge
    if not text:
        return None
    wish = max(smallest, badge_radius(canvas, text))
    best: tuple[tuple[float, float], float] | None = None
    for share, touch, air in (
        (1.0, 0.16, 32.0),
        (0.86, 0.16, 26.0),
        (1.0, 0.42, 26.0),
        (0.86, 0.42, 18.0),
        (0.8, 0.42, 18.0),
    ):
        # Before it is left out it may stand far from where it was meant to be.
        centre = badge_spot(
            canvas, share * wish, around, item, touch=touch, aim=aim, reach=reach if share > 0.8 else 1e6, air=air
        )
        # At the product's foot it hides the shadow and comes last: rather nestle into its upper half.
        low = centre is not None and around is not None and not aim and centre[1] > around.y + 0.5 * around.height
        if centre is not None and (best is None or not low):
            best = (centre, share * wish)
            if not low:
                break
    if best is None:
        canvas.note("There was no free place for the badge; shorten the copy to show it.")
        return None
    centre, radius = best
    return badge(
        canvas,
        text,
        centre,
        radius,
        fill=badge_colour(canvas, *grounds),
        kind=kind,
        ring=ring if radius >= _RING_RADIUS else "",
        turn=-8.0 if kind == "burst" else 0.0,
    )


def badge_spot(
    canvas: Canvas,
    radius: float,
    around: Box | None,
    item: pictures.Product | None,
    *,
    touch: float = 0.2,
    aim: tuple[float, float] | None = None,
    reach: float = 1e6,
    air: float = 32.0,
) -> tuple[float, float] | None:
    """A free place for a sticker: near `aim` (the product's upper shoulder, if not given), tucked over the product's edge by up to
    `touch` of the radius, never over a text, the logo or a face; without a product in the safe area's upper far corner. None where there
    is none. aim: real, not mirrored. reach: how far from it the sticker's middle may be.
    air: how far from texts its edge must be."""
    safe, best = canvas.safe, None
    for column in range(25):
        for row in range(25):
            x = safe.x + radius * 0.8 + (safe.width - 1.6 * radius) * column / 24
            y = safe.y + radius * 0.8 + (safe.height - 1.6 * radius) * row / 24
            outer = Box(x - radius, y - radius, 2 * radius, 2 * radius)
            if any(_near(outer, x, y, radius + air, taken) for taken in (*canvas.avoid, *canvas.books.ruled)):
                continue
            corner = aim or (canvas.x(safe.x + safe.width), safe.y)
            if aim and math.hypot(x - aim[0], y - aim[1]) > reach:
                continue
            score = math.hypot(x - corner[0], 0.8 * (y - corner[1])) * (1.0 if aim else 0.35)
            if around is not None and item is not None:
                core = (1 - touch) * radius * 0.9
                if placement.cover(item.shape, around, Box(x - core, y - core, 2 * core, 2 * core)) > 0.004:
                    continue
                shoulder = (around.x + around.width * (0.06 if canvas.flip else 0.94), around.y + 0.22 * around.height)
                score += 0.0 if aim else math.hypot(x - shoulder[0], y - shoulder[1])
            if best is None or score < best[0]:
                best = (score, (x, y))
    return best[1] if best else None


def _near(outer: Box, x: float, y: float, radius: float, taken: Box) -> bool:
    if placement.overlap(outer, Box(taken.x - 40, taken.y - 40, taken.width + 80, taken.height + 80)) <= 0:
        return False
    away_x = max(taken.x - x, 0.0, x - taken.x - taken.width)
    away_y = max(taken.y - y, 0.0, y - taken.y - taken.height)
    return math.hypot(away_x, away_y) < radius


def _badge_lines(canvas: Canvas, text: str, inner: float, ink: str) -> list[tuple[str, Block, float]]:
    """The blocks of a badge, each with its top below the badge's middle. A leading amount is set large."""
    style = replace(heading_style(canvas, ink, emphasise=False), leading=1.04)
    loud = _LOUD.match(text)
    if not loud:
        block = fit(
            text,
            style,
            1.5 * inner,
            1.12 * inner,
            min_size=SMALL,
            max_size=0.62 * inner,
            max_lines=1 if language_of(text) and len(text) < 5 else 3,
            name="badge",
        )
        return [("badge", block, -block.height / 2)]
    big = fit(
        loud[1], style, 1.5 * inner, 0.78 * inner, min_size=SMALL, max_size=0.86 * inner, max_lines=1, name="badge"
    )
    small = replace(body_style(canvas, ink), weight=800, case="upper", tracking=0.03)
    rest = fit(
        loud[2],
        small,
        1.3 * inner,
        0.34 * inner,
        min_size=SMALL,
        max_size=max(SMALL, 0.34 * inner),
        max_lines=1,
        name="badge",
    )
    gap = 0.17 * inner
    top = -(big.height + gap + rest.height) / 2
    return [("badge", big, top), ("badge", rest, top + big.height + gap)]


SMALL = 26.0
_RING_RADIUS = 126.0
"""Below this the letters of a ring would be too small to read."""


def _burst(x: float, y: float, radius: float, teeth: int = 18) -> str:
    """A seal with softly rounded teeth."""
    points = []
    for step in range(teeth * 2):
        angle = math.pi * step / teeth
        reach = radius * (1.0 if step % 2 == 0 else 0.9)
        points.append((x + reach * math.cos(angle), y + reach * math.sin(angle)))
    data = ""
    for index, (px, py) in enumerate(points):
        before, after = points[index - 1], points[(index + 1) % len(points)]
        enter = (px + (before[0] - px) * 0.35, py + (before[1] - py) * 0.35)
        leave = (px + (after[0] - px) * 0.35, py + (after[1] - py) * 0.35)
        data += f"{'M' if index == 0 else 'L'}{number(enter[0])} {number(enter[1])}Q{number(px)} {number(py)} {number(leave[0])} {number(leave[1])}"
    return data + "Z"
