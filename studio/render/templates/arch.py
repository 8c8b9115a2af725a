"""Arch: a window with hills and a low sun in a quiet frame, the product standing in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from studio.render import colours, light, pictures
from studio.render.spec import Box
from studio.render.svg import Stop, number
from studio.render.templates.base import Canvas
from studio.render.templates.columns import column, draw_column, heading_style
from studio.render.templates.marks import brand_mark, pill_colour
from studio.render.templates.stickers import sticker
from studio.render.templates.template import Template

_FRAME = 34.0


@dataclass(frozen=True, slots=True)
class _Look:
    """ground: around the window. sky, haze: of the window, top and horizon. near, far: its hills. sun. ink, accent, body: of the copy."""

    ground: str
    sky: str
    haze: str
    near: str
    far: str
    sun: str
    ink: str
    accent: str
    body: str


def draw(canvas: Canvas) -> None:
    """Variants: dusk in a dark room; morning on a light wall, mirrored; night in the brand's deep shade; noon on a pale tint, mirrored."""
    item = canvas.range
    canvas.mirror(canvas.variant % 2 == 1 and _beside(canvas))
    look = _look(canvas, item)
    canvas.svg.fill(look.ground)
    if colours.is_dark(look.ground):
        canvas.glow((canvas.x(0.7 * canvas.width), 0.5 * canvas.height), 0.8 * canvas.height, _glow(look.ground), 0.8)
    level = canvas.svg.level()
    window = _copy(canvas, look)
    spot = None
    if item is not None:
        spot = _spot(canvas, item, window)
        if spot is None:
            canvas.note("The copy left no room for the product; shorten it to show the picture.")
    with canvas.svg.beneath(level):
        _window(canvas, look, window, spot)
    if item is not None and spot is not None:
        with canvas.svg.clip() as outline:
            canvas.svg.path(_arch(window), "#000000")
        canvas.stand(item, spot, look.near, angle=155, length=0.5, cast=0.38, clip=outline)
    _frame(canvas, look)
    _seal(canvas, look, window, spot, item)
    canvas.grain(0.05)


def _glow(ground: str) -> str:
    """The light in a dark room, at its brightest."""
    return colours.tint(ground, 0.12)


def _beside(canvas: Canvas) -> bool:
    """Whether the window stands beside the copy (else under it)."""
    return canvas.kind in {"square", "landscape"}


def _look(canvas: Canvas, item: pictures.Product | None) -> _Look:
    b, edges = canvas.brand, item.edges if item else ()
    deep = colours.shade(b.primary, 0.74) if colours.to_oklch(b.primary)[0] > 0.3 else b.dark
    ground = colours.check((b.dark, b.light, deep, colours.tint(b.primary, 0.84))[canvas.variant % 4])
    skies = [
        b.primary,
        b.accent,
        colours.tint(b.primary, 0.55),
        colours.shade(b.primary, 0.5),
        colours.tint(b.accent, 0.5),
    ]
    if canvas.variant % 4 == 2:
        skies = [b.accent, colours.tint(b.primary, 0.5), b.primary, *skies[3:]]
    apart = [s for s in skies if colours.difference(s, ground) > 0.12 and colours.separates(s, edges) >= 0.14]
    sky = (
        apart or sorted(skies, key=lambda s: -colours.separates(s, edges) - min(0.12, colours.difference(s, ground)))
    )[0]
    lightness = colours.to_oklch(sky)[0]
    haze = colours.tint(sky, 0.55 if lightness > 0.5 else 0.3)
    under = (ground, _glow(ground)) if colours.is_dark(ground) else (ground,)
    ink = canvas.ink(under)
    body = canvas.ink(under, colours.mix(ink, ground, 0.16), ink)
    return _Look(
        ground,
        colours.check(sky),
        haze,
        colours.shade(sky, 0.34),
        colours.shade(sky, 0.14),
        colours.tint(colours.mix(b.accent, "#ffe2b0", 0.72), 0.2),
        ink,
        canvas.accent(under, ink),
        body,
    )


def _copy(canvas: Canvas, look: _Look) -> Box:
    """Sets the copy and says where the window is (real)."""
    safe = canvas.safe
    style = heading_style(canvas, look.ink, look.accent)
    fill = pill_colour(canvas, look.ground, canvas.brand.accent, canvas.brand.light, canvas.brand.dark)
    if _beside(canvas):
        wide = canvas.kind == "landscape"
        width = (0.52 if wide else 0.51) * safe.width
        box = canvas.across(Box(safe.x + 12, safe.y + 100, width, safe.height - 112))
        brand_mark(canvas, box.x, safe.y + 12, look.ground, width=box.width)
        what = column(
            canvas,
            box.width,
            box.height,
            style,
            look.body,
            max_size=160 if wide else 128,
            max_lines=3 if len(canvas.copy.headline) < 50 else 6,
            body_sizes=(42, 40, 37, 34, 30) if wide else (36, 34, 31, 29, 27),
        )
        top = box.y + (box.height - what.height) * (0.42 if wide else 0.5)
        draw_column(canvas, what, box.x, top, look.ground, pill=fill)
        left = safe.x + width + (90 if wide else 56)
        right = canvas.width - safe.x - (60 if wide else 12)
        high = canvas.height - safe.y - 48 - (_FRAME + 30)
        side = min(right - left, 0.62 * high if wide else 0.9 * high)
        high = min(high, 2.5 * side)
        left = left + (right - left - side) * 0.5
        return canvas.across(Box(left, canvas.height - _FRAME - 30 - high, side, high))
    inset = 24.0
    mark = brand_mark(canvas, safe.x, safe.y + 8, look.ground, width=safe.width, align="center")
    story = canvas.kind == "story"
    top = mark.y + mark.height + (60 if story else 44) if mark else safe.y + 20
    what = column(
        canvas,
        safe.width - 2 * inset,
        (0.34 if story or canvas.item is None else 0.37) * canvas.height,
        style,
        look.body,
        max_size=132 if story else 118,
        max_lines=3 if len(canvas.copy.headline) < 60 else 5,
        body_sizes=(40, 37, 34) if story else (34, 32, 30, 27),
        measure=23,
    )
    drawn = draw_column(canvas, what, safe.x + inset, top, look.ground, pill=fill, align="center")
    start = drawn.bottom + (56 if story else 44)
    width = min(0.72 * canvas.width, 1.15 * (canvas.height - start))
    return Box((canvas.width - width) / 2, start, width, canvas.height - start)


def _arch(box: Box) -> str:
    radius = min(box.width / 2, box.height)
    left, right, bottom = number(box.x), number(box.x + box.width), number(box.y + box.height)
    shoulder, arc = number(box.y + radius), f"{number(box.width / 2)} {number(radius)}"
    return f"M{left} {bottom}V{shoulder}A{arc} 0 0 1 {right} {shoulder}V{bottom}Z"


@contextmanager
def _inside(canvas: Canvas, box: Box) -> Iterator[None]:
    with canvas.svg.clip() as outline:
        canvas.svg.path(_arch(box), "#000000")
    with canvas.svg.group(clip=outline):
        yield


def _window(canvas: Canvas, look: _Look, box: Box, spot: Box | None) -> None:
    halo = Box(box.x - 16, box.y - 16, box.width + 32, box.height + (16 if box.y + box.height >= canvas.height else 32))
    canvas.svg.path(_arch(halo), None, stroke=look.ink, stroke_width=1.6, opacity=0.3)
    with _inside(canvas, box):
        if canvas.photo is not None:
            canvas.photo_in(canvas.photo, box)
            return
        stops = [Stop(0, look.sky), Stop(0.72, look.haze), Stop(1, look.haze)]
        canvas.svg.rect(box, canvas.svg.linear(stops, (box.x, box.y), (box.x, box.y + box.height)))
        x, y = box.x + box.width * (0.66 if not canvas.flip else 0.34), box.y + 0.42 * box.height
        if spot is None:
            x = box.x + box.width / 2
        radius = 0.24 * box.width
        light.glow(canvas.svg, (x, y), 2.3 * radius, look.sun, 0.75)
        disc = canvas.svg.linear(
            [Stop(0, colours.tint(look.sun, 0.45)), Stop(1, look.sun)], (x, y - radius), (x, y + radius)
        )
        canvas.svg.circle(x, y, radius, disc)
        _hills(canvas, look, box)


def _hills(canvas: Canvas, look: _Look, box: Box) -> None:
    w, bottom = box.width, box.y + box.height
    ridges = ((0.40, 0.52, 0.30, look.far), (0.24, 0.14, 0.34, look.near))
    for start, swell, end, colour in ridges:
        high = min(box.height, 1.5 * w)
        points = [bottom - share * high for share in (start, swell, end)]
        data = (
            f"M{number(box.x)} {number(points[0])}C{number(box.x + 0.3 * w)} {number(points[1])} "
            f"{number(box.x + 0.6 * w)} {number(points[1] + 0.1 * high)} {number(box.x + w)} {number(points[2])}"
            f"V{number(bottom)}H{number(box.x)}Z"
        )
        paint = canvas.svg.linear(
            [Stop(0, colour), Stop(1, colours.shade(colour, 0.22))], (0, min(points)), (0, bottom)
        )
        canvas.svg.path(data, paint)


def _spot(canvas: Canvas, item: pictures.Product, window: Box) -> Box | None:
    """The product stands on the near hill, and may be wider or taller than the window."""
    floor = window.y + window.height * 0.965
    if window.y + window.height >= canvas.height:
        floor = canvas.height - _FRAME - 28
    wide = 1.22 if item.aspect > 0.9 else 0.8
    area = Box(window.x - (wide - 1) / 2 * window.width, window.y - 0.04 * window.height, wide * window.width, 0)
    area = Box(area.x, area.y, area.width, floor - area.y)
    return canvas.place(item, area, gap=30, prefer=(0.5, 1.0), largest=0.94)


def _frame(canvas: Canvas, look: _Look) -> None:
    box = Box(_FRAME, _FRAME, canvas.width - 2 * _FRAME, canvas.height - 2 * _FRAME)
    canvas.svg.rect(box, None, stroke=look.ink, stroke_width=1.6, opacity=0.28)


def _seal(canvas: Canvas, look: _Look, window: Box, spot: Box | None, item: pictures.Product | None) -> None:
    corner = canvas.across(window)
    aim = (canvas.x(corner.x + 0.9 * corner.width), window.y + 0.16 * window.width)
    name = " ".join(canvas.brand.name.split()).replace("*", "")
    ring = f"{name} • " * max(2, round(30 / (len(name) + 3))) if 0 < len(name) <= 14 else ""
    around = spot or window
    sticker(canvas, around, item, look.ground, look.sky, smallest=128, kind="round", ring=ring, aim=aim, reach=270)


TEMPLATE = Template(
    "arch",
    "Arch",
    "A window with hills and a low sun in a quiet frame, the product standing in it.",
    "Natural, calm and premium brands",
    frozenset({"product"}),
    draw,
)
