"""The small things on an ad: logo, button, stars, hairlines. Every one books what it needs on the canvas."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from studio.render import colours, light, pictures
from studio.render.spec import Box
from studio.render.svg import number
from studio.render.templates.base import Canvas
from studio.render.templates.columns import heading_style
from studio.render.text import Align, Block, Style, fit
from studio.render.words import clean

BUTTON_HEIGHT = 88.0
STAR_GOLD = "#f5a524"


# The brand


def brand_mark(
    canvas: Canvas,
    x: float,
    y: float,
    ground: str,
    *,
    width: float = 0.0,
    height: float = 46.0,
    max_width: float = 320.0,
    align: Align | None = None,
    over: Sequence[str] = (),
) -> Box | None:
    """The logo that suits the ground, or the brand's name set in its heading font; None without either.

    y: its top. x, width: the column that it is aligned in (real, not mirrored; width 0 makes x the point where it starts, is centred or
    ends). align: by the reading direction where not given. over: what the ground is besides, where it is not plain.
    """
    share = {"left": 0.0, "start": 0.0, "center": 0.5, "right": 1.0, "end": 1.0}[align or canvas.align]
    logo = _logo_on(canvas, ground)
    if logo is None:
        return _name(canvas, x + share * width, y, [ground, *over], height, max_width, share)
    item, plate = logo
    # Equal areas look equally large: a wide wordmark gets less height than a round sign.
    high = height * min(1.4, max(0.8, 1.55 / max(0.4, item.aspect) ** 0.45)) * (0.82 if plate else 1.0)
    wide = min(max_width, high * item.aspect)
    high = wide / item.aspect
    pad = 0.26 * high if plate else 0.0
    outer = Box(x + share * (width - wide - 2 * pad), y, wide + 2 * pad, high + 2 * pad)
    box = Box(outer.x + pad, outer.y + pad, wide, high)
    if plate:
        canvas.svg.rect(outer, plate, radius=0.28 * outer.height)
    size = (canvas.ad.width, canvas.ad.height)
    piece = pictures.product_piece(item, canvas.pixels(box), size, scale=canvas.ad.pixel_scale)
    if piece is not None:
        canvas.svg.piece(canvas.units(piece))
    canvas.keep_free(outer)
    return outer


def _logo_on(canvas: Canvas, ground: str) -> tuple[pictures.Product, str | None] | None:
    """The logo for a ground, and the colour of a plate under it where no version of it reads on the ground itself."""
    brand = canvas.brand
    pair = (brand.logo_dark, brand.logo) if colours.is_dark(ground) else (brand.logo, brand.logo_dark)
    items = [pictures.logo(picture) for picture in pair if picture is not None]
    for item in items:
        if not _opaque(item) and colours.worst_contrast(ground, item.edges or (item.colour,)) >= 1.8:
            return item, None
    if not items:
        return None
    item = items[0]
    plate = max(
        ("#ffffff", brand.dark), key=lambda colour: colours.worst_contrast(colour, item.edges or (item.colour,))
    )
    return item, item.edges[0] if _opaque(item) and item.edges else plate


def _opaque(item: pictures.Product) -> bool:
    return bool(item.mask.min() > 0.9)


def _name(
    canvas: Canvas, x: float, y: float, ground: Sequence[str], height: float, max_width: float, share: float
) -> Box | None:
    name = clean(canvas.brand.name).replace("\n", " ").replace("*", "")
    if not name:
        return None
    style = heading_style(canvas, canvas.ink(ground), emphasise=False)
    style = replace(style, weight=min(style.weight, 700), tracking=-0.01, optical="text", case="none")
    block = fit(
        name, style, max_width, height, min_size=canvas.smallest, max_size=0.88 * height, max_lines=1, name="brand name"
    )
    middle = y + height / 2
    placed = canvas.put("brand", block, ground, x - share * block.width, middle, width=block.width, valign="middle")
    return placed.box


# The button


@dataclass(frozen=True, slots=True)
class Button:
    """A button that is measured but not drawn yet."""

    label: Block
    width: float
    height: float


def button(canvas: Canvas, text: str, max_width: float, *, height: float | None = None) -> Button | None:
    """Measures the pill for a call to action; None without a text."""
    if not text:
        return None
    high = height or (100.0 if canvas.kind == "story" else BUTTON_HEIGHT)
    style = Style(canvas.brand.body_font, 0.39 * high, 650, leading=1.1, optical="text", tracking=-0.005)
    room = max_width - 2 * _PAD * high - _ARROW * high
    label = fit(
        text, style, room, 0.5 * high, min_size=canvas.smallest, max_size=style.size, max_lines=1, name="call to action"
    )
    return Button(label, label.width + 2 * _PAD * high + _ARROW * high, high)


_PAD, _ARROW = 0.44, 0.62


def pill_colour(canvas: Canvas, ground: str, *wishes: str) -> str:
    """A colour for the button that stands out of the ground: the first wish (accent, dark, light) that does."""
    b = canvas.brand
    for colour in wishes or (b.accent, b.dark, b.light):
        if colours.contrast(colour, ground) >= 2.6 and colours.difference(colour, ground) > 0.2:
            return colours.check(colour)
    return max((b.dark, b.light, b.accent, colours.INK, colours.PAPER), key=lambda c: colours.contrast(c, ground))


def draw_button(canvas: Canvas, what: Button, x: float, y: float, ground: str, *, fill: str | None = None) -> Box:
    """Draws it with its left edge at x (real, not mirrored) and its top at y, with a soft shadow."""
    pill = fill or pill_colour(canvas, ground)
    ink = canvas.ink(pill, canvas.brand.light, canvas.brand.dark, colours.PAPER, colours.INK)
    box, high = Box(x, y, what.width, what.height), what.height
    canvas.svg.piece(
        light.card_shadow(
            box,
            radius=high / 2,
            blur=0.16 * high,
            drop=0.12 * high,
            colour=colours.shade(ground, 0.8),
            strength=0.22,
            scale=canvas.px,
        )
    )
    canvas.svg.rect(box, pill, radius=high / 2)
    label = replace(what.label, style=replace(what.label.style, fill=ink))
    start = x + _PAD * high + (_ARROW * high if canvas.rtl else 0)
    canvas.put("call", label, pill, start, y + high / 2, width=label.width, valign="middle", plate=True)
    tip = x + _PAD * high if canvas.rtl else x + what.width - _PAD * high
    _arrow(canvas, tip, y + high / 2, 0.3 * high, ink, -1 if canvas.rtl else 1)
    canvas.keep_free(box)
    return box


def _arrow(canvas: Canvas, tip: float, y: float, long: float, colour: str, way: int) -> None:
    head = 0.42 * long
    data = (
        f"M{number(tip - way * long)} {number(y)}L{number(tip)} {number(y)}"
        f"M{number(tip - way * head)} {number(y - head)}L{number(tip)} {number(y)}L{number(tip - way * head)} {number(y + head)}"
    )
    canvas.svg.path(data, None, stroke=colour, stroke_width=0.13 * long)


# Ornaments


def stars(canvas: Canvas, x: float, y: float, size: float, *, fill: str = STAR_GOLD, count: int = 5) -> Box:
    """A row of stars, its left end at x (real), its top at y."""
    step = 1.16 * size
    for index in range(count):
        middle_x, middle_y = x + size / 2 + index * step, y + 0.525 * size
        corners = []
        for corner in range(10):
            reach = 0.525 * size * (1 if corner % 2 == 0 else 0.46)
            angle = math.radians(-90 + 36 * corner)
            corners.append(f"{number(middle_x + reach * math.cos(angle))} {number(middle_y + reach * math.sin(angle))}")
        canvas.svg.path(f"M{'L'.join(corners)}Z", fill, stroke=fill, stroke_width=0.06 * size)
    box = Box(x, y, step * count - 0.16 * size, size)
    canvas.keep_free(box)
    return box


def hairline(
    canvas: Canvas, x: float, y: float, length: float, colour: str, *, opacity: float = 0.35, down: bool = False
) -> None:
    """A thin line to the right of (x, y), or down from it."""
    end = (x, y + length) if down else (x + length, y)
    canvas.svg.line((x, y), end, colour, 1.6, opacity)
