"""Hero: the headline as large as the canvas allows, rays of light, and the product in the middle standing up into it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from studio.render import colours, light, pictures
from studio.render.spec import Box
from studio.render.svg import Stop, number
from studio.render.templates.base import Canvas
from studio.render.templates.columns import body_style, column, draw_column, heading_style, loudness
from studio.render.templates.marks import brand_mark, button, draw_button, pill_colour
from studio.render.templates.stickers import sticker
from studio.render.templates.template import Template
from studio.render.text import Placed, fit, set_line

_RAYS = 22
_LOGO = 46.0
_SPOT, _DIM, _SPILL = 0.95, 0.5, 0.35
"""How strong the spotlight is, with a product and without one, and how much of it may reach a text beside a product."""


@dataclass(frozen=True, slots=True)
class _Look:
    """ground: all over. ray: the second colour of the rays, or of the spotlight. grounds: all that a text may come to stand on,
    with what the spotlight may spill; bare: the same before the spotlight, which the canvas books where it falls."""

    ground: str
    ray: str
    grounds: tuple[str, str]
    bare: tuple[str, ...]
    ink: str
    accent: str


def draw(canvas: Canvas) -> None:
    """Variants: rays on the best of the brand's grounds, a spotlight on the next, then rays and spotlight on others."""
    item = canvas.range
    look = _look(canvas, item)
    canvas.svg.fill(look.ground)
    if item is None and canvas.photo is not None and canvas.kind == "landscape":
        _photo_beside(canvas, look)
    elif item is None and canvas.photo is None:
        _only_type(canvas, look)
    elif canvas.kind == "story":
        _stacked(canvas, look, item)
    else:
        _centred(canvas, look, item)
    canvas.grain(0.05)


def _look(canvas: Canvas, item: pictures.Product | None) -> _Look:
    b, edges = canvas.brand, item.edges if item else ()
    loud = [b.primary, b.accent, b.dark, colours.shade(b.primary, 0.55), b.light]
    if canvas.variant % 2:
        loud = [b.dark, colours.shade(b.primary, 0.55), b.primary, b.light]
    ground = colours.check(colours.pick_ground(loud, canvas.variant // 2, edges))
    ink = canvas.ink(ground, *sorted((b.light, b.dark), key=lambda c: -colours.contrast(c, ground)))
    if canvas.variant % 2:
        ray = colours.mix(ground, colours.tint(b.primary, 0.15), 0.6)
        grounds = (ground, colours.mix(ground, ray, _SPILL if item is not None else _DIM))
    else:
        # The second colour lies away from the ink, so that the rays never cost contrast.
        darker = colours.contrast(ink, "#000000") > colours.contrast(ink, "#ffffff")
        ray = colours.shade(ground, 0.13) if darker else colours.tint(ground, 0.22)
        grounds = (ground, ray)
    if item is None and canvas.photo is not None:
        grounds = (ground, ground)  # a photo needs no light besides its own
    ink = canvas.ink(grounds, ink)
    bare = (ground,) if canvas.variant % 2 else grounds
    return _Look(ground, ray, grounds, bare, ink, canvas.accent(grounds, ink))


def _light(canvas: Canvas, look: _Look, x: float, y: float) -> None:
    """Rays or a spotlight from a point."""
    reach = math.hypot(canvas.width, canvas.height)
    if canvas.variant % 2 == 0:
        paint = canvas.svg.radial(
            [Stop(0, look.ray, 1), Stop(0.55, look.ray, 0.85), Stop(1, look.ray, 0.4)], (x, y), reach
        )
        data = ""
        for index in range(_RAYS):
            start, end = (2 * math.pi * (index + part) / _RAYS for part in (0.25, 0.75))
            data += (
                f"M{number(x)} {number(y)}L{number(x + reach * math.cos(start))} {number(y + reach * math.sin(start))}"
                f"L{number(x + reach * math.cos(end))} {number(y + reach * math.sin(end))}Z"
            )
        canvas.svg.path(data, paint)
    else:
        radius = 0.52 * min(canvas.height, 1.2 * canvas.width)
        strength, most = (_SPOT, _SPILL) if canvas.item is not None else (_DIM, _DIM)
        canvas.glow((x, y), radius, look.ray, strength, most=most)


def _headline(canvas: Canvas, look: _Look, top: float, height: float, *, max_lines: int, dip: bool) -> Placed | None:
    safe = canvas.safe
    style = heading_style(canvas, look.ink, look.accent)
    block = fit(
        canvas.copy.headline,
        style,
        safe.width,
        height,
        min_size=52,
        max_size=330 * max(1.0, loudness(canvas)),
        max_lines=max_lines,
        name="headline",
    )
    if not block:
        return None
    return canvas.put("headline", block, look.bare, safe.x, top, width=safe.width, align="center", dip=dip)


def _footer(canvas: Canvas, look: _Look) -> float:
    """Subline and button in one row along the bottom; the top of the row."""
    safe, copy = canvas.safe, canvas.copy
    bottom = safe.y + safe.height
    pill = button(canvas, copy.call, 0.5 * safe.width)
    fill = pill_colour(canvas, look.ground, canvas.brand.light, canvas.brand.dark, canvas.brand.accent)
    if not copy.subline:
        if pill is None:
            return bottom
        draw_button(canvas, pill, safe.x + (safe.width - pill.width) / 2, bottom - pill.height, look.ground, fill=fill)
        return bottom - pill.height
    room = safe.width if pill is None else safe.width - pill.width - 56
    if canvas.kind == "landscape":
        room = min(room, 0.3 * safe.width)
    size = (38.0 if canvas.kind == "landscape" else 34.0) if len(copy.subline) < 110 else 28.0
    sub = fit(
        copy.subline,
        body_style(canvas, look.ink, weight=500),
        min(room, 24 * size),
        0.4 * canvas.height,
        min_size=26,
        max_size=size,
        max_lines=12 if canvas.kind == "landscape" else 7,
        name="subline",
    )
    high = max(sub.height, pill.height if pill else 0.0)
    middle = bottom - high / 2 if canvas.kind != "landscape" else bottom - sub.height / 2
    align = canvas.align if pill else "center"
    column_x = canvas.across(Box(safe.x, 0, room, 0)).x
    canvas.put("subline", sub, look.bare, column_x, middle, width=room, align=align, valign="middle")
    if pill is not None:
        at = canvas.across(Box(safe.x + safe.width - pill.width, 0, pill.width, 0)).x
        down = bottom - high / 2 - pill.height / 2 if canvas.kind != "landscape" else bottom - pill.height
        draw_button(canvas, pill, at, down, look.ground, fill=fill)
    return bottom - high


def _loud_line(canvas: Canvas) -> bool:
    """Whether the headline is loud enough on one line: then the product gets the room of the second."""
    line = set_line(canvas.copy.headline, heading_style(canvas, canvas.brand.dark, canvas.brand.dark))
    return line.width > 0 and line.size * canvas.safe.width / line.width > (118 if canvas.kind == "landscape" else 132)


def _centred(canvas: Canvas, look: _Look, item: pictures.Product | None) -> None:
    safe, level = canvas.safe, canvas.svg.level()
    mark = brand_mark(canvas, safe.x, safe.y - 12, look.ground, width=safe.width, align="center", height=_LOGO)
    top = mark.y + mark.height + 46 if mark else safe.y
    long = len(canvas.copy.headline) > 44
    share = {"square": 0.24, "portrait": 0.27, "landscape": 0.34}.get(canvas.kind, 0.3) + (0.06 if long else 0)
    lines = 5 if long else 1 if _loud_line(canvas) else 2
    if lines == 1:
        share *= 0.66
    elif canvas.kind == "square" and item is not None and item.aspect < 0.7 and not long:
        share = 0.21
    head = _headline(canvas, look, top, share * canvas.height, max_lines=lines, dip=item is not None)
    floor = _footer(canvas, look)
    under = head.last_baseline if head else top
    if item is None:
        _photo_band(canvas, look, under + 56, floor - 56)
        return
    start = min(head.lines[-1].y, under) if head else top
    wide = (0.36 if canvas.kind == "landscape" else 0.42) if item.aspect < 0.7 else 0.88
    area = Box((1 - wide) / 2 * canvas.width, start, wide * canvas.width, canvas.height * 0.965 - start)
    around = [*canvas.avoid]
    free = [Box(b.x - 30, b.y - 30, b.width + 60, b.height + 60) if b.y > under else b for b in around]
    spot = canvas.place(item, area, gap=4, prefer=(0.5, 0.0), avoid=free)
    _finish(canvas, look, item, spot, level)


def _finish(canvas: Canvas, look: _Look, item: pictures.Product, spot: Box | None, level: int) -> None:
    if spot is None:
        canvas.note("The copy left no room for the product; shorten it to show the picture.")
        return
    middle = (spot.x + spot.width / 2, spot.y + 0.6 * spot.height)
    canvas.stand(item, spot, look.ground, angle=25, cast=0.4, under=level)
    with canvas.svg.beneath(level):
        _light(canvas, look, *middle)
    sticker(canvas, spot, item, look.ground)


def _stacked(canvas: Canvas, look: _Look, item: pictures.Product | None) -> None:
    """Stories: all copy above, the product rising from the bottom edge, which the story's own buttons may cover."""
    safe, level = canvas.safe, canvas.svg.level()
    mark = brand_mark(canvas, safe.x, safe.y, look.ground, width=safe.width, align="center", height=_LOGO)
    top = mark.y + mark.height + 60 if mark else safe.y
    style = heading_style(canvas, look.ink, look.accent)
    what = column(
        canvas,
        safe.width,
        (0.37 if item is None or len(canvas.copy.headline) > 60 else 0.31) * canvas.height,
        style,
        look.ink,
        max_size=230,
        max_lines=4,
        body_sizes=(40, 37, 34),
        measure=24,
    )
    fill = pill_colour(canvas, look.ground, canvas.brand.light, canvas.brand.dark, canvas.brand.accent)
    drawn = draw_column(canvas, what, safe.x, top, look.bare, pill=fill, align="center")
    if item is None:
        _photo_band(canvas, look, drawn.bottom + 64, canvas.height)
        return
    start = drawn.bottom + 30
    # A single product may stand deeper than the canvas, where the story's own buttons lie: so it gets half the height and more.
    deep = len(canvas.items(2)) == 1 and item.aspect < 0.9
    area = Box(0.04 * canvas.width, start, 0.92 * canvas.width, canvas.height * (1.0 if deep else 0.97) - start)
    spot = canvas.place(
        item,
        area,
        gap=30,
        prefer=(0.5, 1.0),
        bleed={"bottom"} if deep else (),
        bleed_share=0.12,
        largest=1.25 if deep else 1.0,
    )
    _finish(canvas, look, item, spot, level)


def _photo_band(canvas: Canvas, look: _Look, top: float, bottom: float) -> None:
    """The photo across the canvas between two heights, sinking into the ground at both."""
    assert canvas.photo is not None
    band = Box(0, top, canvas.width, max(120.0, bottom - top))
    canvas.photo_in(canvas.photo, band)
    soft = 0.16 * band.height
    light.fade(canvas.svg, Box(0, band.y - 1, band.width, soft), look.ground, "top")
    if bottom < canvas.height:
        light.fade(canvas.svg, Box(0, band.y + band.height - soft + 1, band.width, soft), look.ground, "bottom")
    sticker(canvas, None, None, look.ground)


def _photo_beside(canvas: Canvas, look: _Look) -> None:
    assert canvas.photo is not None
    safe = canvas.safe
    frame = canvas.across(Box(0.44 * canvas.width, 0, 0.56 * canvas.width, canvas.height))
    canvas.photo_in(canvas.photo, frame)
    soft = 0.3 * frame.width
    edge = canvas.across(Box(0.44 * canvas.width - 1, 0, soft, canvas.height))
    light.fade(canvas.svg, edge, look.ground, canvas.side("left"))
    box = canvas.across(Box(safe.x, safe.y + 90, 0.44 * canvas.width - safe.x - 20, safe.height - 90))
    brand_mark(canvas, box.x, safe.y, look.ground, width=box.width)
    what = column(canvas, box.width, box.height, heading_style(canvas, look.ink, look.accent), look.ink, max_size=190)
    draw_column(canvas, what, box.x, box.y + (box.height - what.height) / 2, look.bare)
    sticker(canvas, None, None, look.ground)


def _only_type(canvas: Canvas, look: _Look) -> None:
    safe = canvas.safe
    _light(canvas, look, canvas.width / 2, canvas.height * 0.98)
    mark = brand_mark(canvas, safe.x, safe.y - 12, look.ground, width=safe.width, align="center", height=_LOGO)
    top = mark.y + mark.height + 50 if mark else safe.y
    box = Box(safe.x, top, safe.width, safe.y + safe.height - top)
    style = heading_style(canvas, look.ink, look.accent)
    what = column(canvas, box.width, box.height, style, look.ink, max_size=300, max_lines=5)
    fill = pill_colour(canvas, look.ground, canvas.brand.light, canvas.brand.dark, canvas.brand.accent)
    draw_column(canvas, what, box.x, box.y + (box.height - what.height) / 2, look.bare, pill=fill, align="center")
    sticker(canvas, None, None, look.ground)


TEMPLATE = Template(
    "hero",
    "Hero",
    "The headline as large as it gets, rays of light, and the product standing up into it.",
    "Launches, sales and short headlines",
    frozenset({"product", "headline"}),
    draw,
)
