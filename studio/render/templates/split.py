"""Split: copy on a calm ground, the product large before a disc of colour that runs off the edge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from studio.render import colours, light, pictures, placement
from studio.render.spec import Box
from studio.render.templates.base import Canvas
from studio.render.templates.columns import Drawn, column, draw_column, heading_style
from studio.render.templates.marks import brand_mark, pill_colour
from studio.render.templates.stickers import sticker
from studio.render.templates.template import Template


@dataclass(frozen=True, slots=True)
class _Look:
    """ground: under the copy. disc: behind the product. ink, accent: of the headline. body: of the subline."""

    ground: str
    disc: str
    ink: str
    accent: str
    body: str


def draw(canvas: Canvas) -> None:
    """Variants: a disc on a light ground; a disc on a dark one, mirrored; a panel beside the copy; the brand's colour all over, mirrored."""
    item = canvas.range
    canvas.mirror(canvas.variant % 2 == 1 and _beside(canvas, item))
    look = _look(canvas, item)
    canvas.svg.fill(look.ground)
    if item is None and canvas.photo is not None:
        _with_photo(canvas, look)
    elif item is None:
        _with_shapes(canvas, look)
    else:
        _with_product(canvas, look, item)
    canvas.grain(0.035)


def _look(canvas: Canvas, item: pictures.Product | None) -> _Look:
    b, edges = canvas.brand, item.edges if item else ()
    ground = (b.light, b.dark, colours.tint(b.primary, 0.84), b.primary)[canvas.variant % 4]
    if colours.separates(ground, edges) < 0.12:
        ground = colours.pick_ground([b.light, b.dark, colours.tint(b.primary, 0.84)], canvas.variant, edges)
    discs = [
        b.primary,
        colours.tint(b.primary, 0.5),
        b.accent,
        colours.shade(b.primary, 0.35),
        colours.tint(b.accent, 0.55),
    ]
    apart = [d for d in discs if colours.difference(d, ground) > 0.1 and colours.separates(d, edges) >= 0.14]
    best = max(discs, key=lambda d: colours.separates(d, edges) + min(0.2, colours.difference(d, ground)))
    disc = (apart or [best])[0]
    under = (ground, colours.mix(ground, colours.shade(disc, 0.78), 0.05))  # the end of the product's shadow
    ink = canvas.ink(under)
    body = canvas.ink(under, colours.mix(ink, ground, 0.14), ink)
    return _Look(colours.check(ground), colours.check(disc), ink, canvas.accent(under, ink), body)


def _beside(canvas: Canvas, item: pictures.Product | None) -> bool:
    """Whether the product stands beside the copy (else under it)."""
    tall = item is not None and item.aspect < 0.7
    return canvas.kind == "landscape" or (canvas.kind in {"square", "portrait"} and (tall or item is None))


def _column_box(canvas: Canvas, item: pictures.Product | None) -> tuple[Box, Literal["top", "middle"]]:
    """Where the copy stands in a layout that reads from the left."""
    safe = canvas.safe
    if canvas.kind == "landscape":
        return Box(safe.x, safe.y + 90, 0.5 * safe.width, safe.height - 90), "middle"
    if canvas.kind == "story":
        return Box(safe.x, safe.y + 100, safe.width, 0.52 * safe.height), "top"
    if _beside(canvas, item):
        return Box(safe.x, safe.y + 110, 0.6 * safe.width, safe.height - 110), "top"
    return Box(safe.x, safe.y + 100, safe.width, 0.6 * safe.height), "top"


def _copy(canvas: Canvas, look: _Look, box: Box, valign: str, max_size: float) -> Drawn:
    style = heading_style(canvas, look.ink, look.accent)
    if not (canvas.copy.subline or canvas.copy.call):
        max_size *= 1.4
    what = column(
        canvas,
        box.width,
        box.height,
        style,
        look.body,
        max_size=max_size,
        max_lines=3 if canvas.kind != "landscape" and len(canvas.copy.headline) < 60 else 5,
    )
    top = box.y if valign == "top" else box.y + (box.height - what.height) / 2
    pill = pill_colour(canvas, look.ground, canvas.brand.dark, canvas.brand.accent, canvas.brand.light)
    return draw_column(canvas, what, canvas.across(box).x, top, look.ground, pill=pill)


def _with_product(canvas: Canvas, look: _Look, item: pictures.Product) -> None:
    level = canvas.svg.level()
    box, valign = _column_box(canvas, item)
    brand_mark(canvas, canvas.across(box).x, canvas.safe.y, look.ground, width=box.width)
    _copy(canvas, look, box, valign, 164 if canvas.kind == "landscape" else 132)
    area = Box(
        0.02 * canvas.width, canvas.margin * 0.6, 0.94 * canvas.width, canvas.height * 0.96 - canvas.margin * 0.6
    )
    spot = canvas.place(item, canvas.across(area), prefer=canvas.prefer(0.86, 1.0), gap=34)
    if spot is None:
        canvas.note("The copy left no room for the product; shorten it to show the picture.")
        return
    with canvas.svg.beneath(level):
        if canvas.variant % 4 == 2:
            canvas.svg.rect(_panel(canvas, spot), look.disc)
        else:
            canvas.svg.circle(*_disc(canvas, spot), look.disc)
        canvas.stand(item, spot, look.disc, angle=160)
    sticker(canvas, spot, item, look.disc, look.ground)


def _disc(canvas: Canvas, spot: Box) -> tuple[float, float, float]:
    """Centre and radius of the largest disc behind the product that stays clear of the copy."""
    middle_x, middle_y = spot.x + spot.width / 2, spot.y + 0.52 * spot.height
    best = (middle_x, middle_y, 0.0)
    for out in range(6):
        for down in range(-2, 5):
            x = canvas.x(canvas.x(middle_x) + 0.05 * out * canvas.width)
            y = middle_y + 0.06 * down * spot.height
            radius = min((placement.away(box, x, y) for box in canvas.avoid), default=1e6) - 36
            radius = min(radius, 0.66 * spot.height)
            if radius - 0.3 * abs(y - middle_y) - 0.3 * abs(x - middle_x) > best[2] + 1:
                best = (x, y, radius)
    return best


def _panel(canvas: Canvas, spot: Box) -> Box:
    """The part of the canvas beyond the copy: beside it, or below it."""
    if _beside(canvas, canvas.range):
        inner = max(canvas.across(box).x + box.width for box in canvas.avoid)
        start = max(inner + 40, canvas.across(spot).x - 0.5 * spot.width)
        return canvas.across(Box(start, 0, canvas.width - start, canvas.height))
    top = max(max(box.y + box.height for box in canvas.avoid) + 48, spot.y + 0.42 * spot.height)
    return Box(0, top, canvas.width, canvas.height - top)


def _with_photo(canvas: Canvas, look: _Look) -> None:
    assert canvas.photo is not None
    beside = canvas.kind in {"square", "landscape"}
    share = 0.5 if beside else 0.46
    frame = (
        Box((1 - share) * canvas.width, 0, share * canvas.width, canvas.height)
        if beside
        else Box(0, (1 - share) * canvas.height, canvas.width, share * canvas.height)
    )
    canvas.photo_in(canvas.photo, canvas.across(frame))
    safe = canvas.safe
    box = (
        Box(safe.x, safe.y + 100, frame.x - safe.x - 64, safe.height - 100)
        if beside
        else Box(safe.x, safe.y + 100, safe.width, frame.y - safe.y - 100 - 64)
    )
    brand_mark(canvas, canvas.across(box).x, safe.y, look.ground, width=box.width)
    _copy(canvas, look, box, "middle", 120)
    sticker(canvas, None, None, look.disc, look.ground)


def _with_shapes(canvas: Canvas, look: _Look) -> None:
    level = canvas.svg.level()
    box, valign = _column_box(canvas, None)
    brand_mark(canvas, canvas.across(box).x, canvas.safe.y, look.ground, width=box.width)
    _copy(canvas, look, box, valign, 150)
    short = min(canvas.width, canvas.height)
    wish = Box(canvas.x(0.84 * canvas.width) - 0.5 * short, 0.9 * canvas.height - 0.5 * short, short, short)
    x, y, radius = _disc(canvas, wish)
    with canvas.svg.beneath(level):
        for share, depth in ((1.0, 0.4), (0.72, 0.7), (0.44, 1.0)):
            canvas.svg.circle(x, y, share * radius, colours.mix(look.ground, look.disc, depth))
        light.glow(canvas.svg, (x, y), radius, "#ffffff", 0.16)
    sticker(canvas, None, None, look.disc, look.ground)


TEMPLATE = Template(
    "split",
    "Split",
    "Copy on a calm ground, the product large in front of a disc of your colour.",
    "Everyday offers and new products",
    frozenset({"product"}),
    draw,
)
