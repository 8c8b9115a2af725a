"""The column of a review: a customer's words with their name, and what the ad has to say besides."""

from __future__ import annotations

from dataclasses import dataclass, replace

from studio.render import colours
from studio.render.templates.base import Canvas
from studio.render.templates.columns import body_style, heading_style, loudness
from studio.render.templates.marks import STAR_GOLD, Button, button, draw_button, pill_colour, stars
from studio.render.templates.quotes import Quote
from studio.render.text import Block, Style, fit, set_line
from studio.render.words import language_of

_STAR, _FACE = 36.0, 68.0
_MARK_GAP, _STAR_GAP, _NAME_GAP, _FOOT_GAP, _PILL_GAP = 32.0, 32.0, 40.0, 34.0, 40.0


@dataclass(frozen=True, slots=True)
class Look:
    """ground: all over. stage: behind the product. pale: of the large mark. grounds: all that a text may stand on."""

    ground: str
    stage: str
    ink: str
    accent: str
    body: str
    pale: str

    @property
    def grounds(self) -> tuple[str, str]:
        return (self.ground, self.pale)


@dataclass(frozen=True, slots=True)
class Said:
    """What is set: the words (a quote, or the headline as a statement), who said them, and what else there is to say."""

    quote: Quote
    quoted: bool
    title: str
    more: str


@dataclass(frozen=True, slots=True)
class Setting:
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


def measure(
    canvas: Canvas, look: Look, said: Said, width: float, height: float, *, large: bool, beside: bool
) -> Setting:
    """The customer's words come first: they are only shortened when leaving the subline out was not enough. large: there is no picture.
    beside: the copy shares its width with the product."""
    found = _try(canvas, look, said, width, height, 0.22, large, beside)
    for share in (0.14, 0.0):
        if not said.quoted or not said.more or (not found.words.notes and found.words.size > 40):
            return found
        found = _try(
            canvas, look, said if share else replace(said, more=""), width, height, share or 0.14, large, beside
        )
    canvas.note("The subline was left out so that the quote can be read.")
    return found


def _try(
    canvas: Canvas, look: Look, said: Said, width: float, height: float, share: float, large: bool, beside: bool
) -> Setting:
    story, floor = canvas.kind == "story", canvas.smallest
    small = 36.0 if story or canvas.kind == "landscape" else 29.0 if len(said.more) < 90 else 27.0
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
    level = bool(pill and name and taken + 40 + pill.width <= width and not beside)
    fixed = (
        (mark.at(0, 0).box.height + _MARK_GAP if mark else 0.0)
        + (_STAR + _STAR_GAP if quote.stars else 0.0)
        + (_NAME_GAP + _FACE + 14 if name else 0.0)
        + _foot_height(title, more, None if level else pill)
    )
    style = heading_style(canvas, look.ink, look.accent)
    largest = 190.0 if large else 150.0
    if said.quoted:
        largest = 140.0 if large else {"square": 84.0, "landscape": 108.0, "portrait": 76.0}.get(canvas.kind, 88.0)
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
    return Setting(mark, words, name, detail, title, more, pill, level, high)


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


def _mark(canvas: Canvas, look: Look, said: Said) -> Block | None:
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


def draw_setting(canvas: Canvas, look: Look, said: Said, what: Setting, x: float, y: float, width: float) -> None:
    at, end = y, canvas.align
    share = 1.0 if canvas.rtl else 0.0
    if what.mark:
        placed = what.mark.at(x, at + what.mark.rise, width=width, align=end)
        placed = what.mark.at(x, at + (at + what.mark.rise - placed.box.y), width=width, align=end)
        canvas.svg.ornament(placed)
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
    canvas.put(role, what.words, look.grounds, x, at, width=width, align=end)
    at += what.words.height + 0.6 * what.words.depth + (14 if what.name else 0)
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
        canvas.put("headline", what.title, look.grounds, x, at, width=width, align=end)
        at += what.title.height
    if what.more:
        at += 22 if what.title else _FOOT_GAP + 12
        canvas.put("subline", what.more, look.grounds, x, at, width=width, align=end)
        at += what.more.height
    if what.pill and not what.level:
        fill = pill_colour(canvas, look.ground, canvas.brand.accent, canvas.brand.dark, canvas.brand.light)
        draw_button(canvas, what.pill, x + share * (width - what.pill.width), at + _PILL_GAP, look.ground, fill=fill)


def _author(canvas: Canvas, look: Look, said: Said, what: Setting, x: float, y: float, width: float) -> float:
    """Who said it: an initial in a disc, the name, what is known of them. The y where it ends."""
    if what.name is None:
        return y
    top, side = y + _NAME_GAP, _FACE
    left = x + width - side if canvas.rtl else x
    disc = look.stage
    canvas.svg.circle(left + side / 2, top + side / 2, side / 2, disc)
    first = said.quote.name.lstrip("@")[:1].upper()
    style = replace(
        body_style(canvas, canvas.ink(disc, look.ink, canvas.brand.light, canvas.brand.dark), 36), weight=650
    )
    initial = set_line(first, style)
    canvas.put(
        "initial", initial, disc, left + side / 2, top + side / 2, width=0, align="center", valign="middle", plate=True
    )
    column_x = x if canvas.rtl else x + side + 20
    room = width - side - 20
    if what.detail is None:
        canvas.put(
            "name", what.name, look.grounds, column_x, top + side / 2, width=room, align=canvas.align, valign="middle"
        )
    else:
        canvas.put(
            "name",
            what.name,
            look.grounds,
            column_x,
            top + side / 2 - 8,
            width=room,
            align=canvas.align,
            valign="bottom",
        )
        canvas.put("name", what.detail, look.grounds, column_x, top + side / 2 + 12, width=room, align=canvas.align)
    return top + side
