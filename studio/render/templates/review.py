"""Review: a customer's words as the headline, beside the product that they are about."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from studio.render import colours, light, pictures
from studio.render.spec import Box
from studio.render.svg import Stop
from studio.render.templates.base import Canvas, Template
from studio.render.templates.columns import body_style, heading_style, loudness
from studio.render.templates.marks import (
    STAR_GOLD,
    Button,
    brand_mark,
    button,
    draw_button,
    pill_colour,
    stars,
)
from studio.render.templates.quotes import Quote, read_quote
from studio.render.templates.stickers import sticker
from studio.render.text import Block, Style, fit, set_line
from studio.render.words import clean, emphasise, language_of

_STAR, _FACE = 36.0, 68.0
_MARK_GAP, _STAR_GAP, _NAME_GAP, _FOOT_GAP, _PILL_GAP = 32.0, 32.0, 40.0, 34.0, 40.0


@dataclass(frozen=True, slots=True)
class _Look:
    """ground: all over. stage: behind the product. grounds: all that a text may stand on."""

    ground: str
    stage: str
    ink: str
    accent: str
    body: str


@dataclass(frozen=True, slots=True)
class _Said:
    """What is set: the words (a quote, or the headline as a statement), who said them, and what else there is to say."""

    quote: Quote
    quoted: bool
    title: str
    more: str


@dataclass(frozen=True, slots=True)
class _Set:
    """Everything measured. level: the button stands on the line of the name. high: of all of it."""

    mark: Block | None
    words: Block
    name: Block | None
    detail: Block | None
    title: Block | None
    more: Block | None
    pill: Button | None
    level: bool
    high: float


def draw(canvas: Canvas) -> None:
    """Variants: the brand's light; its dark, mirrored; a pale tint of its colour; the colour itself, mirrored."""
    item = canvas.range
    said = _said(canvas)
    beside = _beside(canvas, item)
    canvas.mirror(canvas.variant % 2 == 1 and beside)
    look = _look(canvas, item)
    canvas.svg.fill(look.ground)
    if item is None and canvas.photo is None:
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
    what = _measure(canvas, look, said, box.width, bottom - top, large=item is None and frame is None)
    slack = max(0.0, bottom - top - what.high)
    lift = {"landscape": 0.42, "square": 0.3, "portrait": 0.12, "story": 0.0}[canvas.kind]
    if item is None and frame is None:
        lift = 0.45
    _draw(canvas, look, said, what, real.x, top + (lift if beside or item is None else 0.0) * slack, real.width)
    spot = _product(canvas, look, item, beside, level) if item is not None else None
    sticker(canvas, spot, item, look.ground, look.stage)
    canvas.grain(0.04)


def _said(canvas: Canvas) -> _Said:
    copy, ad = canvas.copy, canvas.ad
    quote = read_quote(ad.quote)
    if quote.words:
        return _Said(quote, True, clean(ad.headline).replace("*", ""), clean(ad.subline))
    return _Said(Quote(emphasise(copy.headline), "", "", None), False, "", copy.subline)


def _look(canvas: Canvas, item: pictures.Product | None) -> _Look:
    b, edges = canvas.brand, item.edges if item else ()
    grounds = [b.light, b.dark, colours.tint(b.primary, 0.8), b.primary]
    ground = colours.check(grounds[canvas.variant % 4])
    if colours.separates(ground, edges) < 0.1:
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
    ink = canvas.ink(ground)
    body = colours.readable_on(ground, colours.mix(ink, ground, 0.22), ink)
    return _Look(ground, colours.check(stage), ink, canvas.accent(ground, ink), body)


def _beside(canvas: Canvas, item: pictures.Product | None) -> bool:
    """Whether the product stands beside the words (else under them)."""
    if canvas.kind == "landscape":
        return True
    tall = item.aspect < 0.72 if item is not None else canvas.photo is not None
    return tall and canvas.kind in {"square", "portrait"}


def _column(canvas: Canvas, item: pictures.Product | None, beside: bool) -> Box:
    """Where the copy may stand, in a layout that reads from the left."""
    safe, alone = canvas.safe, item is None and canvas.photo is None
    if alone:
        return safe if canvas.kind != "landscape" else replace(safe, width=0.8 * safe.width)
    if beside:
        share = 0.56 if canvas.kind == "landscape" else 0.58
        return replace(safe, width=share * safe.width)
    share = {"square": 0.6, "portrait": 0.6, "story": 0.66}.get(canvas.kind, 0.56)
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


def _measure(canvas: Canvas, look: _Look, said: _Said, width: float, height: float, *, large: bool) -> _Set:
    """The customer's words come first: they are only shortened when leaving the subline out was not enough. large: there is no picture."""
    found = _try(canvas, look, said, width, height, 0.22, large)
    for share in (0.14, 0.0):
        if not said.quoted or not said.more or (not found.words.notes and found.words.size > 40):
            return found
        found = _try(canvas, look, said if share else replace(said, more=""), width, height, share or 0.14, large)
    canvas.note("The subline was left out so that the quote can be read.")
    return found


def _try(canvas: Canvas, look: _Look, said: _Said, width: float, height: float, share: float, large: bool) -> _Set:
    story, floor = canvas.kind == "story", canvas.smallest
    small = 36.0 if story else 29.0 if len(said.more) < 90 else 27.0
    pill = button(canvas, canvas.copy.call, width)
    quote = said.quote
    inset = _FACE + 20
    name = _line(quote.name, replace(body_style(canvas, look.ink, small), weight=680), width - inset, floor, "name")
    detail = _line(quote.detail, body_style(canvas, look.body, 0.88 * small), width - inset, floor, "name")
    title = more = None
    if said.title:
        style = replace(body_style(canvas, look.ink, small), weight=680, leading=1.25)
        title = fit(
            said.title,
            style,
            min(width, 22 * style.size),
            share * height,
            min_size=floor,
            max_size=style.size,
            max_lines=4,
            name="headline",
        )
    if said.more:
        style = body_style(canvas, look.body, small)
        more = fit(
            said.more,
            style,
            min(width, 23 * small),
            (share if said.quoted else 0.34) * height,
            min_size=floor,
            max_size=small,
            max_lines=9,
            name="subline",
        )
    mark = _mark(canvas, look, said)
    taken = max(name.width if name else 0.0, detail.width if detail else 0.0) + inset
    level = bool(pill and name and taken + 40 + pill.width <= width and canvas.kind != "landscape")
    fixed = (
        (mark.ink_height + _MARK_GAP if mark else 0.0)
        + (_STAR + _STAR_GAP if quote.stars else 0.0)
        + (_NAME_GAP + _FACE if name else 0.0)
        + _foot_height(title, more, None if level else pill)
    )
    style = heading_style(canvas, look.ink, look.accent)
    largest = 190.0 if large else 150.0
    if said.quoted:
        largest = 132.0 if large else {"square": 84.0, "landscape": 108.0}.get(canvas.kind, 88.0)
        # Nobody shouts what they say of a product: no capitals, and air between the lines.
        weight, tracking = min(style.weight, 720), max(style.tracking, -0.02)
        style = replace(style, leading=max(style.leading, 1.06), case="none", weight=weight, tracking=tracking)
    words = fit(
        quote.words,
        style,
        width,
        max(90.0, height - fixed - 14),
        min_size=32,
        max_size=largest * loudness(canvas),
        max_lines=10,
        name="quote" if said.quoted else "headline",
    )
    high = fixed + words.height + 0.6 * words.depth
    return _Set(mark, words, name, detail, title, more, pill, level, high)


def _line(text: str, style: Style, width: float, smallest: float, name: str) -> Block | None:
    if not text:
        return None
    return fit(
        text,
        style,
        width,
        2 * style.size,
        min_size=smallest,
        max_size=max(style.size, smallest),
        max_lines=1,
        name=name,
    )


def _mark(canvas: Canvas, look: _Look, said: _Said) -> Block | None:
    """The large quotation mark; none for a statement, which nobody is quoted with."""
    if not said.quoted:
        return None
    sign = "「" if language_of(said.quote.words) == "ja" else "”" if canvas.rtl else "“"
    colour = look.accent if look.accent != look.ink else look.stage
    return set_line(sign, Style("playfair", 280 if canvas.kind == "story" else 230, 800, fill=colour))


def _foot_height(title: Block | None, more: Block | None, pill: Button | None) -> float:
    high = _FOOT_GAP + 24 + title.height if title else 0.0
    if more:
        high += (22 if title else _FOOT_GAP + 12) + more.height
    return high + (_PILL_GAP + pill.height if pill else 0.0)


def _draw(canvas: Canvas, look: _Look, said: _Said, what: _Set, x: float, y: float, width: float) -> None:
    at, end = y, canvas.align
    share = 1.0 if canvas.rtl else 0.0
    if what.mark:
        placed = what.mark.at(x, at + what.mark.rise, width=width, align=end)
        placed = what.mark.at(x, at + (at + what.mark.rise - placed.box.y), width=width, align=end)
        canvas.svg.text(placed)
        canvas.keep_free(placed.box)
        at = placed.box.y + placed.box.height + _MARK_GAP
    if said.quote.stars:
        long = 5 * 1.16 * _STAR - 0.16 * _STAR
        left = x + share * (width - long)
        stars(canvas, left, at, _STAR, fill=colours.mix(look.ground, look.ink, 0.18))
        first = left + (long - (1.16 * said.quote.stars - 0.16) * _STAR) * share
        stars(canvas, first, at, _STAR, fill=STAR_GOLD, count=said.quote.stars)
        at += _STAR + _STAR_GAP
    role = "quote" if said.quoted else "headline"
    canvas.put(role, what.words, look.ground, x, at, width=width, align=end)
    at += what.words.height + 0.6 * what.words.depth
    if what.pill and what.level:
        fill = pill_colour(canvas, look.ground, canvas.brand.accent, canvas.brand.dark, canvas.brand.light)
        down = at + _NAME_GAP + (_FACE - what.pill.height) / 2
        draw_button(canvas, what.pill, x + (1 - share) * (width - what.pill.width), down, look.ground, fill=fill)
    at = _author(canvas, look, said, what, x, at, width)
    if what.title:
        canvas.svg.line(
            (x + share * (width - 72), at + _FOOT_GAP),
            (x + share * (width - 72) + 72, at + _FOOT_GAP),
            look.accent,
            2.0,
        )
        at += _FOOT_GAP + 24
        canvas.put("headline", what.title, look.ground, x, at, width=width, align=end)
        at += what.title.height
    if what.more:
        at += 22 if what.title else _FOOT_GAP + 12
        canvas.put("subline", what.more, look.ground, x, at, width=width, align=end)
        at += what.more.height
    if what.pill and not what.level:
        fill = pill_colour(canvas, look.ground, canvas.brand.accent, canvas.brand.dark, canvas.brand.light)
        draw_button(canvas, what.pill, x + share * (width - what.pill.width), at + _PILL_GAP, look.ground, fill=fill)


def _author(canvas: Canvas, look: _Look, said: _Said, what: _Set, x: float, y: float, width: float) -> float:
    """Who said it: an initial in a disc, the name, what is known of them. The y where it ends."""
    if what.name is None:
        return y
    top, side = y + _NAME_GAP, _FACE
    left = x + width - side if canvas.rtl else x
    disc = look.stage
    canvas.svg.circle(left + side / 2, top + side / 2, side / 2, disc)
    first = said.quote.name.lstrip("@")[:1].upper()
    style = replace(
        body_style(canvas, colours.readable_on(disc, look.ink, canvas.brand.light, canvas.brand.dark), 36), weight=650
    )
    initial = set_line(first, style)
    canvas.put("initial", initial, disc, left + side / 2, top + side / 2, width=0, align="center", valign="middle")
    column_x = x if canvas.rtl else x + side + 20
    room = width - side - 20
    if what.detail is None:
        canvas.put(
            "name", what.name, look.ground, column_x, top + side / 2, width=room, align=canvas.align, valign="middle"
        )
    else:
        canvas.put(
            "name",
            what.name,
            look.ground,
            column_x,
            top + side / 2 - 8,
            width=room,
            align=canvas.align,
            valign="bottom",
        )
        canvas.put("name", what.detail, look.ground, column_x, top + side / 2 + 12, width=room, align=canvas.align)
    return top + side


def _product(canvas: Canvas, look: _Look, item: pictures.Product, beside: bool, level: int) -> Box | None:
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
            canvas.svg.piece(
                light.drop_shadow(item, spot, offset=aside, blur=0.035, colour=tone, strength=0.3, scale=canvas.px)
            )
            canvas.show(item, spot)
        else:
            canvas.stand(item, spot, look.stage, angle=171, length=0.6, cast=0.36)
    return spot


def _alone(canvas: Canvas, look: _Look) -> None:
    """Without a picture: a quotation mark as large as the canvas, running off its lower corner."""
    pale = colours.mix(look.ground, look.stage, 0.16)
    sign = set_line("”", Style("playfair", 1.5 * 1080, 800, fill=pale))
    if not sign:
        return
    x, y = canvas.x(canvas.width - 0.34 * sign.width), canvas.height - 0.2 * sign.ink_height
    high = sign.at(0, 0).box
    canvas.svg.text(sign.at(x - high.width / 2, y - high.height - high.y + 0.32 * high.height, width=0))


def _stage(canvas: Canvas, look: _Look, spot: Box) -> None:
    """A hill of colour that the product stands on, running off the edges, below every text."""
    svg, w, h = canvas.svg, canvas.width, canvas.height
    middle, wide, high = spot.x + spot.width / 2, 0.78 * max(w, 0.8 * h), 0.4 * max(w, 0.8 * h)
    crest = min(0.84 * h, spot.y + 0.84 * spot.height)
    while crest < 0.97 * h and any(_reaches(middle, crest, wide, high, box) for box in canvas.avoid):
        crest += 0.01 * h
    paint = svg.linear([Stop(0, look.stage), Stop(1, colours.shade(look.stage, 0.1))], (0, crest), (0, h))
    svg.ellipse(middle, crest + high, wide, high, paint)
    light.glow(svg, (middle, spot.y + 0.4 * spot.height), 0.6 * spot.height, colours.tint(look.stage, 0.3), 0.3)


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
