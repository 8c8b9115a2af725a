"""Editorial: the photo as the world, sinking into the brand's dark (or light) where a quiet serif stands; without one, a still life."""

from __future__ import annotations

from dataclasses import dataclass, replace

from studio.render import colours, light, pictures
from studio.render.spec import Box, Picture
from studio.render.templates.base import Canvas
from studio.render.templates.books import grained
from studio.render.templates.columns import Column, Drawn, column, draw_column
from studio.render.templates.marks import BUTTON_HEIGHT, brand_mark, pill_colour
from studio.render.templates.serifs import deep_accent, one_word, serif_size, serif_style
from studio.render.templates.stickers import sticker
from studio.render.templates.stilllife import SPILL, Room, furnish, grounds, room, set_table
from studio.render.templates.template import Template
from studio.render.templates.worlds import crop, is_dim, is_tall, world

_LOGO = 46.0


@dataclass(frozen=True, slots=True)
class _Look:
    """ground: what the photo sinks into. grounds: all that a text may come to stand on; bare: the same before any light that the canvas
    books where it falls."""

    ground: str
    grounds: tuple[str, ...]
    ink: str
    accent: str
    body: str
    bare: tuple[str, ...]


def draw(canvas: Canvas) -> None:
    """Variants: a ground as light or dark as the photo; the other one, mirrored; a shade or tint of the brand's colour, closer; the deep
    one, mirrored and closer."""
    picture = world(canvas.ad.pictures)
    if picture is not None:
        _photo(canvas, picture)
    else:
        _still_life(canvas)
    canvas.grain(0.05)


def _photo(canvas: Canvas, picture: Picture) -> None:
    beside = canvas.kind == "landscape" or (canvas.kind != "story" and is_tall(picture))
    canvas.mirror(canvas.variant % 2 == 1 and beside)
    look = _photo_look(canvas, picture)
    canvas.svg.fill(look.ground)
    if beside:
        _photo_beside(canvas, look, picture)
    elif canvas.kind == "square":
        _photo_over_two(canvas, look, picture)
    else:
        _photo_above(canvas, look, picture)
    sticker(canvas, None, None, look.ground, kind="round")


def _look(canvas: Canvas, grounds: tuple[str, ...]) -> _Look:
    ink = canvas.ink(grounds)
    body = canvas.ink(grounds, colours.mix(ink, grounds[0], 0.18), ink)
    return _Look(grounds[0], grounds, ink, deep_accent(canvas, grounds, ink), body, grounds)


def _photo_look(canvas: Canvas, picture: Picture) -> _Look:
    b = canvas.brand
    _, chroma, hue = colours.to_oklch(b.primary)
    deep = colours.from_oklch(0.25, min(chroma, 0.07), hue)
    grounds = (b.light, deep, colours.tint(b.primary, 0.82), b.dark)
    if is_dim(picture):
        # A brand's dark that is hardly dark would leave its copy between black and white.
        night = b.dark if colours.luminance(b.dark) < 0.08 else deep
        grounds = (night, deep, night, deep)
    return _look(canvas, (colours.check(grounds[canvas.variant % 4]),))


def _measure(canvas: Canvas, look: _Look, width: float, height: float, largest: float, lines: int = 5) -> Column:
    title = one_word(canvas.copy.headline)
    return column(
        canvas,
        width,
        height,
        serif_style(canvas, title, look.ink, look.accent),
        look.body,
        headline=title,
        max_size=serif_size(canvas, largest),
        max_lines=lines,
        body_sizes={"story": (40, 37, 34), "landscape": (40, 37, 34, 30, 28)}.get(canvas.kind, (34, 32, 30, 28, 27)),
        measure=22,
    )


def _lines(canvas: Canvas) -> int:
    """The most lines of a headline: a short one is not broken into a pile of single words."""
    return 3 if len(canvas.copy.headline) < 50 else 5


def _rule(canvas: Canvas, look: _Look, x: float, y: float, width: float) -> None:
    """The short thin line above the headline, at the side where reading starts."""
    start = x + width - 84 if canvas.rtl else x
    canvas.svg.line((start, y), (start + 84, y), look.accent, 3.0)


def _set(canvas: Canvas, look: _Look, what: Column, x: float, y: float) -> Drawn:
    wish = (canvas.brand.light, canvas.brand.accent, canvas.brand.dark)
    if not colours.is_dark(look.ground):
        wish = (canvas.brand.dark, canvas.brand.accent, canvas.brand.light)
    return draw_column(canvas, what, x, y, look.bare, pill=pill_colour(canvas, look.ground, *wish))


def _photo_beside(canvas: Canvas, look: _Look, picture: Picture) -> None:
    """The photo from edge to edge at one side; the copy low at the other, where it has sunk into the ground."""
    w, h, safe = canvas.width, canvas.height, canvas.safe
    wide = canvas.kind == "landscape"
    edge = (0.46 if wide else 0.5) * w
    width = edge - safe.x
    # Barely wider than what stays clear of the copy, so that the fade does not take what the photo is about.
    start = 0.37 if wide else 0.39
    frame = Box(start * w, 0, (1 - start) * w, h)
    zoom = 1.0 if canvas.variant % 4 < 2 else 1.14
    middle = (edge + 0.5 * (w - edge) - frame.x) / frame.width
    place = (1 - middle if canvas.flip else middle, 0.5)
    window = crop(picture, frame, place, zoom)
    _show(canvas, picture, canvas.across(frame), window)
    soft = Box(frame.x - 1, 0, (0.27 if wide else 0.31) * w, h)
    ground, solid = look.ground, 0.0
    # As much of the photo as the copy can bear: where no ink reads on its ends, the fade reaches further.
    for short in (0.06, 0.04, 0.02, 0.0):
        solid = max(0.02, (edge - short * w - soft.x) / soft.width)
        look = _look(canvas, (ground, *_under(canvas, look, picture, window, frame, soft, solid, edge)))
        if colours.worst_contrast(look.ink, grained(look.grounds)) >= 4.5:
            break
    light.fade(canvas.svg, canvas.across(soft), ground, canvas.side("left"), solid=solid)
    box = canvas.across(Box(safe.x, safe.y, width, safe.height))
    mark = brand_mark(canvas, box.x, safe.y, look.ground, width=width, height=_LOGO, over=look.grounds)
    top = safe.y + (160 if mark else 60)
    what = _measure(canvas, look, width, safe.y + safe.height - top, 146 if wide else 124, _lines(canvas))
    y = max(top, safe.y + safe.height - what.height - (0.04 * h if wide else 0))
    _rule(canvas, look, box.x, y - 52, width)
    _set(canvas, look, what, box.x, y)


def _show(canvas: Canvas, picture: Picture, frame: Box, window: Box) -> None:
    """Draws the photo, and keeps what it is about free of the sticker."""
    canvas.photo_in(picture, frame, window=window)
    item, (x, y) = pictures.product(picture), picture.focal
    subject = item.where if item is not None else Box(x - 0.14, y - 0.2, 0.28, 0.4)
    seen = pictures.on_canvas(subject, window, frame)
    inset = 0.08 * min(seen.width, seen.height)
    canvas.keep_free(Box(seen.x + inset, seen.y + inset, seen.width - 2 * inset, seen.height - 2 * inset))


def _under(
    canvas: Canvas, look: _Look, picture: Picture, window: Box, frame: Box, soft: Box, solid: float, edge: float
) -> tuple[str, ...]:
    """What the ends of the lines stand on: the photo at the column's inner edge, under the fade."""
    share = (edge - soft.x) / soft.width
    opacity = light.fade_at(share, solid)
    real = canvas.across(frame)
    strip = canvas.across(Box(edge - 60, 0, 60, canvas.height))
    return pictures.tones_under(picture, window, real, strip).under(look.ground, opacity).grounds


def _photo_above(canvas: Canvas, look: _Look, picture: Picture) -> None:
    """The photo fills the upper part and sinks into the ground below; brand and button share the last line."""
    safe, h = canvas.safe, canvas.height
    story = canvas.kind == "story"
    lines = _lines(canvas)
    what = _measure(canvas, look, safe.width, (0.38 if story else 0.44) * h, 140 if story else 124, lines)
    apart = what.button is None or what.button.width > 0.58 * safe.width
    bottom = safe.y + safe.height
    y = bottom - what.height - (84 if apart else 0)
    _sunk(canvas, look, picture, y - 74)
    _rule(canvas, look, safe.x, y - 50, safe.width)
    _set(canvas, look, what, safe.x, y)
    row = bottom - _LOGO if apart else bottom - (what.button.height if what.button else 0) / 2 - _LOGO / 2
    _colophon(canvas, look, row, at_start=apart)


def _photo_over_two(canvas: Canvas, look: _Look, picture: Picture) -> None:
    """The photo over two columns: the headline, and beyond a thin line the subline with the button."""
    safe, h, copy = canvas.safe, canvas.height, canvas.copy
    if not copy.subline and not copy.call:
        _photo_above(canvas, look, picture)
        return
    gutter, share = 56.0, 0.56
    left = Box(safe.x, 0, share * safe.width - gutter / 2, 0)
    right = Box(safe.x + share * safe.width + gutter / 2, 0, (1 - share) * safe.width - gutter / 2, 0)
    title = one_word(copy.headline)
    style = serif_style(canvas, title, look.ink, look.accent)
    head = column(
        canvas,
        left.width,
        0.34 * h,
        style,
        look.body,
        headline=title,
        subline="",
        call="",
        max_size=serif_size(canvas, 104),
        max_lines=5,
    )
    rest = column(canvas, right.width, 0.34 * h, style, look.body, headline="", body_sizes=(31, 29, 27))
    high = max(head.height, rest.height)
    y = safe.y + safe.height - high
    window, frame = _sunk(canvas, look, picture, y - 54)
    place = canvas.across(left)
    draw_column(canvas, head, place.x, y, look.grounds)
    _set(canvas, look, rest, canvas.across(right).x, y)
    line = canvas.x(safe.x + share * safe.width)
    canvas.svg.line((line, y), (line, y + high), look.accent, 2.0, 0.8)
    _brand_on_photo(canvas, look, picture, window, frame)


def _brand_on_photo(canvas: Canvas, look: _Look, picture: Picture, window: Box, frame: Box) -> None:
    """The brand over the photo's upper edge: as it is where the photo is calm there, else where it has sunk into the ground."""
    safe = canvas.safe
    row, reach, solid = Box(safe.x, safe.y - 20, safe.width, _LOGO), 250.0, 0.3
    start = Box(safe.x + 0.6 * safe.width if canvas.rtl else safe.x, row.y, 0.4 * safe.width, row.height)
    bare = pictures.tones_under(picture, window, frame, start)
    ink = canvas.ink(bare.grounds, canvas.brand.dark, canvas.brand.light)
    if bare.spread < 0.2 and colours.worst_contrast(ink, grained(bare.grounds)) >= 4.5:
        brand_mark(canvas, row.x, row.y, bare.mean, width=row.width, height=_LOGO, over=bare.grounds)
        return
    light.fade(canvas.svg, Box(0, -1, canvas.width, reach), look.ground, "top", solid=solid, strength=0.94)
    thin = light.fade_at((row.y + row.height) / reach, solid, 0.94)
    seen = pictures.tones_under(picture, window, frame, row).under(look.ground, thin)
    brand_mark(canvas, row.x, row.y, look.ground, width=row.width, height=_LOGO, over=seen.grounds)


def _sunk(canvas: Canvas, look: _Look, picture: Picture, clear: float) -> tuple[Box, Box]:
    """The photo over the whole width, sunk into the ground by the height `clear`; its window and its frame."""
    w, soft = canvas.width, 0.15 * canvas.height
    frame = Box(0, 0, w, min(canvas.height, clear + 0.35 * soft))
    zoom = 1.0 if canvas.variant % 4 < 2 else 1.12
    middle = 0.5 * (clear - 0.4 * soft) / frame.height
    if canvas.kind == "story":
        middle += 0.03
    window = crop(picture, frame, (0.5, middle), zoom)
    _show(canvas, picture, frame, window)
    part = Box(0, clear - soft, w, frame.height - clear + soft + 2)
    light.fade(canvas.svg, part, look.ground, "bottom", solid=(frame.height - clear) / part.height)
    return window, frame


def _colophon(canvas: Canvas, look: _Look, y: float, *, at_start: bool) -> None:
    """The brand on the last line: at the side where reading ends, or starts."""
    safe = canvas.safe
    left = canvas.rtl != at_start
    x = safe.x if left else safe.x + safe.width
    brand_mark(canvas, x, y, look.ground, height=_LOGO, align="left" if left else "right", max_width=0.36 * safe.width)


def _still_life(canvas: Canvas) -> None:
    """The product (or, without one, two quiet shapes) on a table in low light, the copy on the wall."""
    item, safe = canvas.range, canvas.safe
    tall = item is None or item.aspect < 0.72
    beside = canvas.kind in {"square", "landscape"} or (canvas.kind == "portrait" and tall)
    canvas.mirror(canvas.variant % 2 == 1 and beside and (tall or canvas.kind == "landscape"))
    place = room(canvas, item, beside)
    set_table(canvas, place)
    level = canvas.svg.level()
    wide = canvas.kind == "landscape"
    width = ((0.5 if wide else 0.58 if tall else 0.62) * safe.width) if beside else safe.width
    box = canvas.across(Box(safe.x, safe.y, width, safe.height))
    look = replace(_look(canvas, grounds(canvas, place, box)), bare=(place.wall,))
    mark = brand_mark(canvas, box.x, safe.y, look.ground, width=width, height=_LOGO)
    top = safe.y + (_LOGO + 84 if mark else 60)
    if beside:
        # The texts stay on the wall; only the button may come before the table.
        pill = BUTTON_HEIGHT if canvas.copy.call else -12.0
        room_left = min(safe.y + safe.height, place.horizon + pill + 12) - top
        what = _measure(canvas, look, width, room_left, 172 if wide else 132, _lines(canvas))
        y = top + (0.4 if wide else 0.0) * max(0.0, room_left - what.height)
    else:
        share = 0.4 if canvas.kind == "story" else 0.44
        what = _measure(canvas, look, safe.width, share * canvas.height, 150, _lines(canvas))
        y = top
    _rule(canvas, look, box.x, y - 46, width)
    drawn = _set(canvas, look, what, box.x, y)
    spot = _stand(canvas, place, item, level, drawn.bottom if not beside else None)
    sticker(canvas, spot, item, look.ground, kind="round")


def _stand(canvas: Canvas, place: Room, item: pictures.Product | None, level: int, under: float | None) -> Box | None:
    w, h = canvas.width, canvas.height
    if item is None:
        with canvas.svg.beneath(level):
            furnish(canvas, place)
        return None
    floor = place.floor
    wide = item.aspect >= 0.72
    start = 0.05 * h if under is None else 0.3 * h
    area = Box(0.04 * w, start, 0.92 * w, floor - start)
    whole = len(canvas.items(2)) > 1
    bleed = {canvas.side("right")} if wide and under is None and not whole else set()
    spot = canvas.place(
        item,
        canvas.across(area),
        gap=40,
        prefer=canvas.prefer(0.84 if under is None else 0.7, 1.0),
        bleed=bleed,
        bleed_share=0.28,
        largest=1.2 if bleed else 1.0,
    )
    if spot is None:
        canvas.note("The copy left no room for the product; shorten it to show the picture.")
        return None
    with canvas.svg.beneath(level):
        centre = (spot.x + spot.width / 2, spot.y + 0.5 * spot.height)
        canvas.glow(centre, 0.85 * spot.height, place.lit, 0.5, most=SPILL)
        canvas.stand(item, spot, place.table, angle=168, length=0.9, cast=0.42, blur=0.03, contact=0.62)
    return spot


TEMPLATE = Template(
    "editorial",
    "Editorial",
    "Your photo as the world, fading into a calm ground with a quiet serif: like a page of a magazine.",
    "Stories, mood and good photographs",
    frozenset({"photo"}),
    draw,
)
