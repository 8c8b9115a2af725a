"""Poster: a sunlit wall, a tall serif headline with one italic word, the product in the sun, small facts on hairlines."""

from __future__ import annotations

from dataclasses import dataclass

from studio.render import colours, light, pictures
from studio.render.spec import Box
from studio.render.svg import Stop
from studio.render.templates.base import Canvas
from studio.render.templates.columns import column, draw_column
from studio.render.templates.facts import Facts, draw_facts, facts
from studio.render.templates.marks import brand_mark, hairline, pill_colour
from studio.render.templates.serifs import deep_accent, one_word, serif_size, serif_style
from studio.render.templates.stickers import sticker
from studio.render.templates.sunlight import blinds
from studio.render.templates.template import Template
from studio.render.templates.worlds import is_tall

_SUN = "#fff0d2"
_STRENGTH, _CAST = 0.72, 0.3
_APART = 0.06
"""How far the wall has to be from the product's edges: the shadow that it throws does the rest."""


@dataclass(frozen=True, slots=True)
class _Look:
    """wall: in the shade. sun: what the light makes of it. low: its darker end. grounds: all that a headline may stand on;
    low_grounds: the facts too, which the product's shadow falls on."""

    wall: str
    sun: str
    low: str
    ink: str
    accent: str
    body: str

    @property
    def grounds(self) -> list[str]:
        lit = [colours.mix(wall, self.sun, _STRENGTH) for wall in (self.wall, self.low)]
        return [self.wall, *lit, self.low]

    @property
    def low_grounds(self) -> list[str]:
        return [*self.grounds, self.shaded(_CAST)]

    def shaded(self, strength: float) -> str:
        """The darker end of the wall in the product's shadow."""
        return colours.mix(self.low, colours.shade(self.wall, 0.78), strength)


def draw(canvas: Canvas) -> None:
    """Variants: a window on a wall in the brand's colour; a blind on its light, mirrored; a window at night; a blind on the accent's tint,
    mirrored."""
    item = canvas.range
    beside = _beside(canvas, item)
    canvas.mirror(canvas.variant % 2 == 1 and beside)
    look = _look(canvas, item)
    _wall(canvas, look)
    level = canvas.svg.level()
    under = _masthead(canvas, look)
    picture = _frame(canvas, item, beside)
    _copy(canvas, look, under, beside, picture)
    spot = None
    if item is not None:
        spot = _product(canvas, look, item, under, level)
    elif canvas.photo is not None and picture is not None:
        with canvas.svg.beneath(level):
            _print(canvas, look, canvas.across(picture))
    sticker(canvas, spot, item, look.wall, look.grounds[1], kind="round")
    canvas.grain(0.05)


def _look(canvas: Canvas, item: pictures.Product | None) -> _Look:
    b, edges = canvas.brand, item.edges if item else ()
    choices = [_lit(b.primary), _lit(b.light), _dusk(b.primary, b.dark), _lit(b.accent)]
    wall = choices[canvas.variant % 4]
    if colours.separates(wall, edges) < _APART:
        calm = [choice for choice in (choices[1], choices[3]) if colours.separates(choice, edges) >= _APART]
        wall = calm[0] if calm else max(choices, key=lambda choice: colours.separates(choice, edges))
    if colours.is_dark(wall):
        sun, low = colours.mix(wall, colours.tint(b.primary, 0.35), 0.42), colours.shade(wall, 0.2)
    else:
        lightness = colours.to_oklch(wall)[0]
        sun = colours.with_lightness(colours.mix(wall, _SUN, 0.66), min(0.985, lightness + 0.11))
        low = colours.with_lightness(wall, lightness - 0.05, 1.12)
    look = _Look(wall, sun, low, "", "", "")
    ink = canvas.ink(look.low_grounds)
    body = canvas.ink(look.low_grounds, colours.mix(ink, wall, 0.08), ink)
    return _Look(wall, sun, low, ink, deep_accent(canvas, [*look.grounds, look.shaded(0.5 * _CAST)], ink), body)


def _lit(colour: str) -> str:
    """A wall that sun can still brighten, and that dark type reads on."""
    lightness, chroma, hue = colours.to_oklch(colour)
    return colours.from_oklch(min(0.88, max(0.81, lightness)), min(0.1, max(chroma, 1.6 * chroma - 0.02)), hue)


def _dusk(primary: str, dark: str) -> str:
    _, chroma, _ = colours.to_oklch(primary)
    return colours.with_lightness(primary, 0.3, 0.75) if chroma > 0.03 else colours.with_lightness(dark, 0.27)


def _wall(canvas: Canvas, look: _Look) -> None:
    svg, w, h = canvas.svg, canvas.width, canvas.height
    svg.fill(
        svg.linear(
            [Stop(0, look.wall), Stop(0.55, look.wall), Stop(1, look.low)], (canvas.x(w), 0), (canvas.x(0.1 * w), h)
        )
    )
    if canvas.variant % 2:
        svg.piece(blinds(w, h, colour=look.sun, strength=_STRENGTH, mirror=canvas.flip, scale=canvas.px))
    else:
        piece = light.window_light(
            round(w), round(h), colour=look.sun, strength=_STRENGTH, mirror=canvas.flip, scale=canvas.px
        )
        svg.piece(piece)


def _masthead(canvas: Canvas, look: _Look) -> float:
    """The brand over a hairline; the y that the headline may begin at."""
    safe = canvas.safe
    mark = brand_mark(canvas, safe.x, safe.y - 8, look.wall, width=safe.width)
    if mark is None:
        return safe.y + (28 if canvas.kind == "story" else 12)
    line = mark.y + max(mark.height, 46) + 18
    hairline(canvas, safe.x, line, safe.width, look.ink, opacity=0.4)
    return line + (58 if canvas.kind == "story" else 50)


def _beside(canvas: Canvas, item: pictures.Product | None) -> bool:
    """Whether the picture stands beside the copy (else under it)."""
    if item is None and canvas.photo is None:
        return False
    if canvas.kind == "landscape":
        return True
    return canvas.kind == "square" and (
        item.aspect < 0.72 if item is not None else canvas.photo is not None and is_tall(canvas.photo)
    )


def _frame(canvas: Canvas, item: pictures.Product | None, beside: bool) -> Box | None:
    """Where a photo hangs, in a layout that reads from the left."""
    if item is not None or canvas.photo is None:
        return None
    w, h = canvas.width, canvas.height
    if canvas.kind == "landscape":
        return Box(0.56 * w, 0.17 * h, 0.44 * w - canvas.margin, 0.83 * h)
    if beside:
        return Box(0.565 * w, 0.2 * h, 0.435 * w, 0.8 * h)
    return Box(0.42 * w, 0.5 * h, 0.58 * w - canvas.margin, 0.5 * h)


def _copy(canvas: Canvas, look: _Look, under: float, beside: bool, picture: Box | None) -> None:
    safe, alone = canvas.safe, canvas.item is None and picture is None
    bottom = safe.y + safe.height
    slim = (
        canvas.kind == "portrait" and canvas.item is not None and canvas.range is not None and canvas.range.aspect < 0.5
    )
    share = {"landscape": 0.52, "square": 0.6}.get(canvas.kind, 0.66)
    width = share * safe.width if beside or slim else safe.width
    if picture is not None and beside:
        width = picture.x - safe.x - 56
    narrow = width if beside or alone else 0.42 * safe.width
    if picture is not None and not beside:
        narrow = picture.x - safe.x - 40
    small = facts(
        canvas, canvas.copy.subline, narrow, 0.42 * safe.height, look.body, row=alone or canvas.kind == "landscape"
    )
    room = bottom - under - (small.height + 64 if small else 0)
    if not beside and not alone:
        room = min(room, (0.5 if canvas.kind == "square" else 0.44) * canvas.height)
        if picture is not None:
            room = picture.y - under - 56
    title = one_word(canvas.copy.headline)
    style = serif_style(canvas, title, look.ink, look.accent)
    largest = serif_size(canvas, 250 if alone else {"landscape": 236, "square": 158}.get(canvas.kind, 172))
    lines = 3 if canvas.kind != "landscape" and len(canvas.copy.headline) < 60 else 5
    what = column(canvas, width, room, style, look.body, headline=title, subline="", max_size=largest, max_lines=lines)
    box = canvas.across(Box(safe.x, 0, width, 0))
    wish = (canvas.brand.dark, canvas.brand.accent, canvas.brand.light)
    y = bottom - what.height - what.headline.depth if alone and not small else under
    draw_column(canvas, what, box.x, y, look.grounds, pill=pill_colour(canvas, look.wall, *wish))
    if small:
        _small(canvas, look, small, bottom)


def _small(canvas: Canvas, look: _Look, small: Facts, bottom: float) -> None:
    """The facts at the foot."""
    x = canvas.across(Box(canvas.safe.x, 0, small.width, 0)).x
    draw_facts(canvas, small, x, bottom - small.height, look.grounds, look.ink)


def _product(canvas: Canvas, look: _Look, item: pictures.Product, under: float, level: int) -> Box | None:
    w, h = canvas.width, canvas.height
    wide = item.aspect >= 0.72
    top = 0.05 * h if canvas.kind != "story" else under - 40
    whole = len(canvas.items(2)) > 1  # of several products none may lose its name
    cropped = not whole and (wide or canvas.variant % 4 == 2)
    area = Box(0.04 * w, top, 0.96 * w if wide else 0.9 * w, h - top - (0 if cropped else 0.045 * h))
    bleed: set[str] = {"bottom"} if cropped else set()
    if wide and cropped:
        bleed.add(canvas.side("right"))
    spot = canvas.place(
        item,
        canvas.across(area),
        gap=36,
        prefer=canvas.prefer(0.92 if wide else 0.86, 0.9 if wide else 1.0),
        bleed=bleed,
        bleed_share=0.3 if wide else 0.16,
        largest=1.3 if cropped else 1.0,
    )
    if spot is None:
        canvas.note("The copy left no room for the product; shorten it to show the picture.")
        return None
    with canvas.svg.beneath(level):
        canvas.stand(item, spot, look.wall, angle=157, length=1.05, cast=_CAST, blur=0.022)
    return spot


def _print(canvas: Canvas, look: _Look, frame: Box) -> None:
    """The photo as a large print on the wall, running off its edge."""
    assert canvas.photo is not None
    shadow = light.card_shadow(
        frame, radius=2, blur=26, drop=18, colour=colours.shade(look.wall, 0.75), strength=0.34, scale=canvas.px
    )
    canvas.svg.piece(shadow)
    canvas.photo_in(canvas.photo, frame)
    canvas.keep_free(frame)


TEMPLATE = Template(
    "poster",
    "Poster",
    "A sunlit wall, a tall serif headline with one italic word, and small facts on hairlines.",
    "Food, drink and everyday rituals",
    frozenset({"product"}),
    draw,
)
