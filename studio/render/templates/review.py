"""Review: a customer's words as the headline, beside the product that they are about."""

from __future__ import annotations

import math
from dataclasses import replace

from studio.render import colours, light, pictures
from studio.render.spec import Box
from studio.render.svg import Stop
from studio.render.templates.base import Canvas
from studio.render.templates.marks import brand_mark
from studio.render.templates.quotes import Quote, read_quote
from studio.render.templates.stickers import sticker
from studio.render.templates.template import Template
from studio.render.templates.testimony import Look, Said, draw_setting, measure
from studio.render.templates.worlds import is_tall
from studio.render.text import Style, set_line
from studio.render.words import clean, emphasise

_SPILL = 0.08
"""How much of the product's light or shadow may reach a text."""


def draw(canvas: Canvas) -> None:
    """Variants: the brand's light; its dark, mirrored; a pale tint of its colour; the colour itself, mirrored."""
    item = canvas.range
    said = _said(canvas)
    beside = _beside(canvas, item)
    canvas.mirror(canvas.variant % 2 == 1 and beside)
    look = _look(canvas, item)
    canvas.svg.fill(look.ground)
    alone = item is None and canvas.photo is None
    if alone and said.quoted:
        _alone(canvas, look)
    level = canvas.svg.level()
    box = _column(canvas, item, beside)
    frame = _photo_frame(canvas, box, beside)
    real = canvas.across(box)
    mark = brand_mark(canvas, real.x, canvas.safe.y, look.ground, width=real.width)
    top = canvas.safe.y + (46 + 46 if mark else 0)
    if frame is not None:
        _photo(canvas, frame)
    bottom = box.y + box.height
    what = measure(canvas, look, said, box.width, bottom - top, large=alone, beside=beside)
    slack = max(0.0, bottom - top - what.high)
    lift = {"landscape": 0.42, "square": 0.3, "portrait": 0.12, "story": 0.0}[canvas.kind]
    if alone:
        lift = 0.45
    draw_setting(canvas, look, said, what, real.x, top + (lift if beside or item is None else 0.0) * slack, real.width)
    if alone and not said.quoted:
        w, h = canvas.width, canvas.height
        with canvas.svg.beneath(level):
            _stage(canvas, look, canvas.across(Box(0.55 * w, 0.3 * h, 0.3 * w, 0.6 * h)))
    spot = _product(canvas, look, item, beside, level) if item is not None else None
    sticker(canvas, spot, item, look.ground, look.stage)
    canvas.grain(0.04)


def _said(canvas: Canvas) -> Said:
    copy, ad = canvas.copy, canvas.ad
    quote = read_quote(ad.quote)
    if quote.words:
        return Said(quote, True, clean(ad.headline).replace("*", ""), clean(ad.subline))
    return Said(Quote(emphasise(copy.headline), "", "", None), False, "", copy.subline)


def _look(canvas: Canvas, item: pictures.Product | None) -> Look:
    b, edges = canvas.brand, item.edges if item else ()
    grounds = [b.light, b.dark, colours.tint(b.primary, 0.8), b.primary]
    ground = colours.check(grounds[canvas.variant % 4])
    if colours.separates(ground, edges) < 0.14:
        ground = colours.pick_ground([b.light, colours.tint(b.primary, 0.8), b.dark], canvas.variant, edges)
    stages = [
        b.primary,
        colours.tint(b.primary, 0.5),
        b.accent,
        colours.shade(b.primary, 0.4),
        colours.tint(b.accent, 0.5),
        b.light,
    ]
    apart = [s for s in stages if colours.difference(s, ground) > 0.1 and colours.separates(s, edges) >= 0.12]
    stage = (apart or sorted(stages, key=lambda s: -colours.separates(s, edges)))[0]
    pale = ground if item or canvas.photo else colours.mix(ground, stage, 0.11)
    both = (ground, pale)
    # What may reach the words of the light and the shadow around the product.
    under = (*both, colours.mix(ground, _halo(stage), _SPILL), colours.mix(ground, colours.shade(stage, 0.8), _SPILL))
    ink = canvas.ink(under)
    body = canvas.ink(under, colours.mix(ink, ground, 0.22), ink)
    return Look(ground, colours.check(stage), ink, canvas.accent(under, ink), body, pale)


def _halo(stage: str) -> str:
    return colours.tint(stage, 0.3)


def _beside(canvas: Canvas, item: pictures.Product | None) -> bool:
    """Whether the product stands beside the words (else under them)."""
    if canvas.kind == "landscape":
        return True
    tall = item.aspect < 0.72 if item is not None else canvas.photo is not None and is_tall(canvas.photo)
    return tall and canvas.kind in {"square", "portrait"}


def _column(canvas: Canvas, item: pictures.Product | None, beside: bool) -> Box:
    """Where the copy may stand, in a layout that reads from the left."""
    safe, alone = canvas.safe, item is None and canvas.photo is None
    if alone:
        return safe if canvas.kind != "landscape" else replace(safe, width=0.8 * safe.width)
    if beside:
        share = {"landscape": 0.56, "portrait": 0.62}.get(canvas.kind, 0.58)
        return replace(safe, width=share * safe.width)
    share = {"square": 0.66, "portrait": 0.62, "story": 0.66}.get(canvas.kind, 0.56)
    return replace(safe, height=share * canvas.height - safe.y)


def _photo_frame(canvas: Canvas, box: Box, beside: bool) -> Box | None:
    if canvas.photo is None:
        return None
    w, h = canvas.width, canvas.height
    if beside:
        left = box.x + box.width + 60
        return canvas.across(Box(left, 0, w - left, h))
    top = box.y + box.height + 48
    return Box(0, top, w, h - top)


def _photo(canvas: Canvas, frame: Box) -> None:
    assert canvas.photo is not None
    canvas.photo_in(canvas.photo, frame)
    canvas.keep_free(frame)


def _product(canvas: Canvas, look: Look, item: pictures.Product, beside: bool, level: int) -> Box | None:
    w, h = canvas.width, canvas.height
    wide = item.aspect >= 0.72
    cropped = canvas.variant % 4 in {0, 3} and len(canvas.items(2)) == 1
    area = Box(0.03 * w, 0.05 * h, 0.93 * w, (0.95 if cropped else 0.905) * h)
    bleed: set[str] = {"bottom"} if cropped else set()
    if wide and beside and cropped:
        bleed.add(canvas.side("right"))
    spot = canvas.place(
        item,
        canvas.across(area),
        gap=40,
        prefer=canvas.prefer(0.9 if beside else 0.78, 1.0),
        bleed=bleed,
        bleed_share=0.14 if not wide else 0.3,
        largest=1.25 if bleed else 1.0,
    )
    if spot is None:
        canvas.note("The copy left no room for the product; shorten it to show the picture.")
        return None
    with canvas.svg.beneath(level):
        _stage(canvas, look, spot)
        if spot.y + spot.height > canvas.height:
            tone = colours.shade(look.stage, 0.8)
            aside = (canvas.x(0) - canvas.x(0.03), 0.01)
            canvas.veil(
                light.drop_shadow(item, spot, offset=aside, blur=0.035, colour=tone, strength=0.3, scale=canvas.px),
                tone,
            )
            canvas.show(item, spot)
        else:
            canvas.stand(item, spot, look.stage, angle=171, length=0.6, cast=0.36)
    return spot


def _alone(canvas: Canvas, look: Look) -> None:
    """Without a picture: a quotation mark as large as the canvas, running off its lower corner."""
    sign = set_line("”", Style("playfair", 1.5 * 1080, 800, fill=look.pale))
    if not sign:
        return
    x, y = canvas.x(canvas.width - 0.34 * sign.width), canvas.height - 0.2 * sign.ink_height
    high = sign.at(0, 0).box
    canvas.svg.ornament(sign.at(x - high.width / 2, y - high.height - high.y + 0.32 * high.height, width=0))


def _stage(canvas: Canvas, look: Look, spot: Box) -> None:
    """A hill of colour that the product stands on, running off the edges, below every text."""
    svg, w, h = canvas.svg, canvas.width, canvas.height
    middle, wide, high = spot.x + spot.width / 2, 0.78 * max(w, 0.8 * h), 0.4 * max(w, 0.8 * h)
    crest = min(0.84 * h, spot.y + 0.84 * spot.height)
    while crest < 0.97 * h and any(_reaches(middle, crest, wide, high, box) for box in canvas.avoid):
        crest += 0.01 * h
    paint = svg.linear([Stop(0, look.stage), Stop(1, colours.shade(look.stage, 0.1))], (0, crest), (0, h))
    svg.ellipse(middle, crest + high, wide, high, paint)
    if canvas.item is not None:
        canvas.glow((middle, spot.y + 0.4 * spot.height), 0.6 * spot.height, _halo(look.stage), 0.3, most=_SPILL)


def _reaches(middle: float, crest: float, wide: float, high: float, box: Box) -> bool:
    """Whether the hill comes nearer than a hand to a box."""
    near = min(max(middle, box.x), box.x + box.width)
    along = abs(near - middle) / wide
    return along < 1 and crest + high * (1 - math.sqrt(1 - along * along)) < box.y + box.height + 26


TEMPLATE = Template(
    "review",
    "Review",
    "A customer's words, large, beside the product they are about.",
    "Trust: reviews, testimonials, press",
    frozenset({"quote", "product"}),
    draw,
)
