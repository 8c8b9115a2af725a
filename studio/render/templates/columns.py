"""Type: the styles of a brand, and the column of headline, subline and button that every layout has somewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from studio.render import fonts
from studio.render.spec import Box
from studio.render.text import Block, Emphasis, Placed, Style, fit

if TYPE_CHECKING:
    from studio.render.templates.base import Canvas
    from studio.render.templates.marks import Button

_LOOKS: dict[str, tuple[int, float, float, float]] = {
    # weight, tracking, leading of a headline, and how large it is set beside others; families not named here go by their kind
    "anton": (400, 0.002, 1.04, 1.3),
    "archivo-condensed": (850, -0.012, 0.9, 1.42),
    "archivo-expanded": (760, -0.03, 0.98, 0.82),
    "instrument-serif": (400, -0.018, 0.95, 1.16),
    "fraunces": (420, -0.025, 0.99, 1.0),
    "playfair": (500, -0.018, 1.02, 0.96),
    "bricolage": (780, -0.03, 0.94, 1.06),
    "inter": (760, -0.04, 0.99, 0.94),
}
_KINDS: dict[str, tuple[int, float, float, float]] = {
    "sans": (760, -0.032, 0.98, 0.94),
    "serif": (440, -0.02, 1.0, 1.0),
    "display": (800, -0.01, 0.96, 1.0),
}
_CAPITALS = frozenset({"anton", "archivo-condensed"})


_BODY_SIZES: dict[str, tuple[float, ...]] = {
    "square": (38, 36, 33, 30, 27),
    "portrait": (38, 36, 33, 30, 27),
    "story": (42, 40, 37, 34),
    "landscape": (42, 40, 37, 34, 31, 28),
}


def _look(key: str) -> tuple[int, float, float, float]:
    return _LOOKS.get(key) or _KINDS[fonts.font(key).kind]


def loudness(canvas: Canvas) -> float:
    """What to multiply a headline's largest size with: narrow families are set larger, wide ones smaller."""
    return _look(fonts.font(canvas.brand.heading_font).key)[3]


def heading_style(canvas: Canvas, fill: str, accent: str | None = None, *, emphasise: bool = True) -> Style:
    """The brand's headline style. accent: the colour of the emphasised word, set in the family's partner face."""
    key = fonts.font(canvas.brand.heading_font).key
    weight, tracking, leading, _ = _look(key)
    case: Literal["upper", "none"] = "upper" if key in _CAPITALS else "none"
    emphasis = None
    if emphasise and (key in _CAPITALS or key.startswith(fonts.OWN)):
        # A slim italic among poster capitals looks like a mistake; and a brand with a font of its own wants no other.
        emphasis = Emphasis(fill=accent)
    elif emphasise:
        emphasis = Emphasis.beside(key, weight=weight, case=case, fill=accent)
    return Style(key, 100, weight, tracking, leading, fill, case, emphasis=emphasis)


def body_style(canvas: Canvas, fill: str, size: float = 36.0, weight: int = 450) -> Style:
    """The brand's style for running text."""
    return Style(canvas.brand.body_font, size, weight, leading=1.38, fill=fill, optical="text")


@dataclass(frozen=True, slots=True)
class Column:
    """Copy that is measured for a column but not drawn yet. Heights from cap-top of the first line to the end of the last thing."""

    headline: Block
    subline: Block
    button: Button | None
    gaps: tuple[float, float]
    height: float
    width: float


@dataclass(frozen=True, slots=True)
class Drawn:
    """Where a column's parts landed (None: there was none). bottom: of the lowest."""

    headline: Placed | None
    subline: Placed | None
    button: Box | None
    top: float
    bottom: float


def column(
    canvas: Canvas,
    width: float,
    height: float,
    style: Style,
    body_fill: str,
    *,
    headline: str | None = None,
    subline: str | None = None,
    call: str | None = None,
    max_size: float = 150.0,
    min_size: float = 46.0,
    max_lines: int = 4,
    body_sizes: Sequence[float] | None = None,
    measure: float = 21.0,
) -> Column:
    """Measures headline, subline and button for a column: the largest headline that leaves the rest room to be read.

    max_size: times `loudness`. headline, subline, call: instead of the canvas's copy ("" leaves one out). measure: the widest subline, in its own em.
    """
    from studio.render.templates.marks import button as measured_button

    title = canvas.copy.headline if headline is None else headline
    text = canvas.copy.subline if subline is None else subline
    pill = measured_button(canvas, canvas.copy.call if call is None else call, width)
    high = pill.height if pill else 0.0
    sizes = body_sizes or _BODY_SIZES[canvas.kind]
    sub = Block((), style, 0, 0, 0, 0, 0, width, canvas.rtl)
    if text:
        for size in sizes:
            narrow = min(width, measure * size)
            share = 0.44 * (height - high)
            sub = fit(
                text,
                body_style(canvas, body_fill),
                narrow,
                max(share, 1.2 * size) if size == sizes[-1] else 1e6,
                min_size=size,
                max_size=size,
                max_lines=12,
                name="subline",
            )
            if sub.height <= share:
                break
    gaps = (54.0 if sub else 0.0, 56.0 if pill else 0.0)
    rest = height - sub.height - high - sum(gaps)
    largest = max(min_size, max_size * loudness(canvas) * canvas.ad.type_scale)
    head = fit(
        title, style, width, max(rest, 60.0), min_size=min_size, max_size=largest, max_lines=max_lines, name="headline"
    )
    if sub and head:
        gaps = (min(76.0, max(44.0, 0.22 * head.size + head.depth * 0.7 + 28)), gaps[1])
    if not head:
        gaps = (0.0, gaps[1])
    total = head.height + sub.height + high + sum(gaps)
    return Column(head, sub, pill, gaps, total, width)


def draw_column(
    canvas: Canvas,
    what: Column,
    x: float,
    y: float,
    ground: str | Sequence[str],
    *,
    pill: str | None = None,
    align: Literal["start", "center"] = "start",
    dip: bool = False,
) -> Drawn:
    """Draws a column with its left edge at x (real, not mirrored) and the cap-top of its first line at y."""
    from studio.render.templates.marks import draw_button

    way = "center" if align == "center" else canvas.align
    first = ground if isinstance(ground, str) else ground[0]
    at, head, sub, box = y, None, None, None
    if what.headline:
        head = canvas.put("headline", what.headline, ground, x, at, width=what.width, align=way, dip=dip)
        at += what.headline.height + what.gaps[0]
    if what.subline:
        sub = canvas.put("subline", what.subline, ground, x, at, width=what.width, align=way)
        at += what.subline.height
    if what.button:
        at += what.gaps[1]
        share = {"left": 0.0, "center": 0.5, "right": 1.0}[way]
        box = draw_button(canvas, what.button, x + (what.width - what.button.width) * share, at, first, fill=pill)
        at += what.button.height
    return Drawn(head, sub, box, y, at)
