"""A table before a wall in low light: the room that a product stands in when there is no photo of one."""

from __future__ import annotations

from dataclasses import dataclass

from studio.render import colours, light, pictures
from studio.render.placement import overlap
from studio.render.spec import Box
from studio.render.svg import Piece, Stop, number
from studio.render.templates.base import Canvas
from studio.render.templates.sunlight import beam

_BEAM = 0.8
SPILL = 0.12
"""How much of the light behind the product may reach a text."""
_LEVELS = {"landscape": (0.85, 0.94), "square": (0.86, 0.945), "portrait": (0.87, 0.945), "story": (0.85, 0.93)}


@dataclass(frozen=True, slots=True)
class Room:
    """wall: in the shade. lit: where light falls on it. table: its top. horizon: y of the table's far edge. floor: y that things stand
    on. beside: the copy stands out of the light."""

    wall: str
    lit: str
    table: str
    horizon: float
    floor: float
    beside: bool


def room(canvas: Canvas, item: pictures.Product | None, beside: bool) -> Room:
    """Variants: the brand's dark, its light, a deep shade of its colour, a pale tint of it."""
    b, edges = canvas.brand, item.edges if item else ()
    _, chroma, hue = colours.to_oklch(b.primary)
    night = colours.from_oklch(
        min(0.24, colours.to_oklch(b.dark)[0]), colours.to_oklch(b.dark)[1], colours.to_oklch(b.dark)[2]
    )
    day = colours.from_oklch(0.9, min(0.03, colours.to_oklch(b.light)[1] * 1.4), colours.to_oklch(b.light)[2])
    walls = [
        night,
        day,
        colours.from_oklch(0.33, min(chroma, 0.08), hue),
        colours.from_oklch(0.84, min(chroma, 0.07), hue),
    ]
    wall = walls[canvas.variant % 4]
    if colours.separates(wall, edges) < 0.07:
        wall = max(walls, key=lambda colour: colours.separates(colour, edges))
    lightness, own, tone = colours.to_oklch(wall)
    if colours.is_dark(wall):
        lit = colours.from_oklch(
            lightness + (0.24 if beside else 0.15), max(own, min(chroma, 0.09)), hue if chroma > 0.03 else tone
        )
        table = colours.from_oklch(lightness + 0.05, own, tone)
    else:
        lit = colours.from_oklch(min(0.985, lightness + 0.09), own * 0.6, tone)
        table = colours.from_oklch(lightness - 0.06, own * 1.25, tone)
    high = canvas.height
    horizon, floor = _LEVELS[canvas.kind]
    return Room(wall, lit, table, horizon * high, floor * high, beside)


def grounds(canvas: Canvas, what: Room, copy: Box) -> tuple[str, str]:
    """What a text in this part of the wall (real) stands on: the shade, and as much of the light as falls there."""
    reach = light.strongest(_light(canvas, what), Box(copy.x, copy.y, copy.width, what.horizon - copy.y))
    return what.wall, colours.mix(what.wall, what.lit, min(1.0, reach + SPILL))


def _light(canvas: Canvas, what: Room) -> Piece:
    return beam(canvas.width, canvas.height, colour=what.lit, strength=_BEAM, mirror=canvas.flip, scale=canvas.px)


def set_table(canvas: Canvas, what: Room) -> None:
    """Draws wall, light and table over the whole canvas."""
    svg, w, h, y = canvas.svg, canvas.width, canvas.height, what.horizon
    svg.fill(what.wall)
    canvas.veil(_light(canvas, what), what.lit)
    near = colours.shade(what.table, 0.16)
    svg.rect(Box(0, y, w, h - y), svg.linear([Stop(0, what.table), Stop(1, near)], (0, y), (0, h)))
    light.glow(svg, (canvas.x(0.72 * w), y + 0.1 * h), 0.6 * w, what.lit, 0.55, 0.22)
    svg.line((0, y), (w, y), what.lit, 2.0, 0.5)


def furnish(canvas: Canvas, what: Room) -> None:
    """Without a product: a slab and a ball in the brand's colours, enough to be a still life; as large as the copy lets them be."""
    short = min(canvas.width, canvas.height)
    for share in (1.0, 0.85, 0.7, 0.58, 0.46):
        ball, slab = _shapes(canvas, what, share * short)
        if all(overlap(_grown(shape), taken) <= 0 for shape in (ball, slab) for taken in canvas.avoid):
            _draw_shapes(canvas, what, ball, slab)
            return


def _grown(box: Box, by: float = 30.0) -> Box:
    return Box(box.x - by, box.y - by, box.width + 2 * by, box.height + 2 * by)


def _shapes(canvas: Canvas, what: Room, unit: float) -> tuple[Box, Box]:
    """Where ball and slab stand (real)."""
    radius, tall, broad = 0.15 * unit, 0.42 * unit, 0.25 * unit
    right = canvas.width - canvas.margin - 0.04 * unit
    slab = Box(right - broad, what.floor - 0.03 * unit - tall, broad, tall)
    ball = Box(right - broad - 1.15 * radius, what.floor - 2 * radius, 2 * radius, 2 * radius)
    return canvas.across(ball), canvas.across(slab)


def _draw_shapes(canvas: Canvas, what: Room, ball: Box, slab: Box) -> None:
    svg, b, away = canvas.svg, canvas.brand, -1 if canvas.flip else 1
    for shape in (slab, ball):
        foot = (shape.x + shape.width / 2 - away * 0.3 * shape.width, shape.y + shape.height)
        light.glow(svg, foot, 0.95 * shape.width, colours.shade(what.table, 0.7), 0.7, 0.16)
    left, right, foot_y, bend = slab.x, slab.x + slab.width, slab.y + slab.height, slab.width / 2
    lit, dim = colours.tint(b.primary, 0.18), colours.shade(b.primary, 0.35)
    ends = ((right, 0.0), (left, 0.0)) if away > 0 else ((left, 0.0), (right, 0.0))
    data = (
        f"M{number(left)} {number(foot_y)}V{number(slab.y + bend)}A{number(bend)} {number(bend)} 0 0 1 {number(right)} "
        f"{number(slab.y + bend)}V{number(foot_y)}Z"
    )
    svg.path(data, svg.linear([Stop(0, lit), Stop(1, dim)], *ends))
    radius = ball.width / 2
    x, y = ball.x + radius, ball.y + radius
    stops = [
        Stop(0, colours.tint(b.accent, 0.5)),
        Stop(0.5, colours.check(b.accent)),
        Stop(1, colours.shade(b.accent, 0.5)),
    ]
    svg.circle(x, y, radius, svg.radial(stops, (x + away * 0.4 * radius, y - 0.45 * radius), 1.55 * radius))
    canvas.keep_free(ball)
    canvas.keep_free(slab)
