"""Setting text: a style, the largest size that fits, and SVG made of outlines.

    style = Style("bricolage", weight=800, fill="#17171a", emphasis=Emphasis.beside("bricolage", fill="#c8502e"))
    headline = fit("Your *slow* morning", style, 820, 400, min_size=48, max_size=150, max_lines=3, name="headline")
    placed = headline.at(90, 120)                # cap-top of the first line at y = 120, ink from x = 90
    parts.append(placed.svg)                     # <g>, <path> and <image> only
    next_y = placed.bottom + 40                  # last baseline or lowest ink; optical gaps need no line boxes

User text never becomes SVG text: what is written are numbers, our own colours and PNG pictures of emoji.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from studio.render.lines import Piece, break_into, least_lines, pieces
from studio.render.shaping import Shaped, emoji_uri, is_rtl, outline, shape
from studio.render.spec import MAX_TEXT_CHARACTERS, Box
from studio.render.styles import Emphasis, Style, measure_space, number, paint
from studio.render.words import Mark, clean, emphasis

__all__ = ["Align", "Block", "Emphasis", "Line", "Placed", "Style", "Vertical", "fit", "flow", "set_line"]

Align = Literal["start", "center", "end", "left", "right"]
Vertical = Literal["top", "middle", "bottom", "baseline"]
_NO_GLYPHS = "Some characters of the {name} are in no font here and were left out."
_SHORTENED = "The {name} was shortened to fit."


@dataclass(frozen=True, slots=True)
class Line:
    """One set line. baseline and cap_top in pixels below the block's top; ink_width, ink_top and ink_bottom likewise measured on ink."""

    text: str
    shaped: Shaped
    baseline: float
    cap_top: float
    ink_width: float
    ink_top: float
    ink_bottom: float


@dataclass(frozen=True, slots=True)
class Placed:
    """A text at its place on the canvas. box: all ink; lines: ink of each line; bottom: the lowest of last baseline and ink."""

    svg: str
    box: Box
    lines: tuple[Box, ...]
    top: float
    bottom: float
    baseline: float
    last_baseline: float


@dataclass(frozen=True, slots=True)
class Block:
    """A set text, not yet placed. Its top (0) is the cap-top of the first line; accents may rise above it (`rise`).

    width: of the widest ink. height: from the top to the last baseline. depth: how far ink goes below that (descenders).
    max_width: the column it was fitted into. notes: sentences for the person, when something had to give. Empty text gives a false Block.
    """

    lines: tuple[Line, ...]
    style: Style
    size: float
    width: float
    height: float
    rise: float
    depth: float
    max_width: float
    rtl: bool
    notes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.lines)

    @property
    def ink_height(self) -> float:
        return self.rise + self.height + self.depth

    def at(
        self,
        x: float,
        y: float,
        *,
        width: float | None = None,
        align: Align = "start",
        valign: Vertical = "top",
        fill: str | None = None,
    ) -> Placed:
        """Place into a column that begins at x and is `width` wide (default: the width it was fitted into; 0 makes x the point where
        text starts, is centred, or ends). "start" is right in a right-to-left text. y is the cap-top of the first line ("top"), its
        baseline ("baseline"), the last baseline ("bottom"), or half-way from cap-top to last baseline ("middle")."""
        column = self.max_width if width is None else width
        first = self.lines[0].baseline if self.lines else 0.0
        top = y - {"top": 0.0, "baseline": first, "bottom": self.height, "middle": self.height / 2}[valign]
        share = {"left": 0.0, "right": 1.0, "center": 0.5, "start": float(self.rtl), "end": float(not self.rtl)}[align]
        svg: list[str] = []
        boxes: list[Box] = []
        for line in self.lines:
            left = x + (column - line.ink_width) * share
            boxes.append(Box(left, top + line.ink_top, line.ink_width, line.ink_bottom - line.ink_top))
            svg.append(
                _draw(
                    line.shaped, left - line.shaped.ink[0] * self.size, top + line.baseline, self.size, self.style, fill
                )
            )
        return Placed(
            f"<g>{''.join(svg)}</g>" if svg else "",
            _around(boxes, x, top),
            tuple(boxes),
            top,
            top + self.height + self.depth,
            top + first,
            top + self.height,
        )


def set_line(text: str, style: Style, *, name: str = "text") -> Block:
    """One line at the style's own size, however wide (typed line breaks become spaces)."""
    plain, marks = emphasis(clean(text).replace("\n", " "))
    return _block(plain, marks, [[Piece(0, len(plain), 0.0, 0.0)]] if plain else [], style, style.size, 0.0, (), name)


def flow(text: str, style: Style, max_width: float, *, max_lines: int = 12, name: str = "text") -> Block:
    """Text at the style's own size in a column: balanced lines, shortened with "…" after `max_lines`."""
    return fit(text, style, max_width, 1e6, min_size=style.size, max_size=style.size, max_lines=max_lines, name=name)


@lru_cache(maxsize=512)
def fit(
    text: str,
    style: Style,
    max_width: float,
    max_height: float,
    *,
    min_size: float,
    max_size: float,
    max_lines: int = 4,
    name: str = "text",
) -> Block:
    """The largest size at which the text fits the box on at most `max_lines` balanced lines, measured on ink.

    A break that reads badly costs some size. What does not fit at `min_size` is shortened at a word with "…", and `notes` say so, with
    `name` ("headline", "badge") as the word for the text. A box too small even for one word gets it smaller than `min_size`.
    """
    plain, marks = emphasis(clean(text))
    notes = (
        (_SHORTENED.format(name=name),)
        if len(text) > 8 * MAX_TEXT_CHARACTERS or len(clean(text, 9999)) > len(clean(text))
        else ()
    )
    if not plain:
        return _block("", (), [], style, max_size, max_width, (), name)
    job = _Fitting(style, max_width, max_height, min_size, max_size, max_lines)
    found = job.best(plain, marks)
    if found is None:
        plain, marks, found = job.shortened(plain, marks)
        notes = (_SHORTENED.format(name=name),)
    rows, size = found
    return _block(plain, marks, rows, style, size, max_width, notes, name)


Rows = list[list[Piece]]


@dataclass(frozen=True, slots=True)
class _Fitting:
    """The search behind `fit`."""

    style: Style
    max_width: float
    max_height: float
    min_size: float
    max_size: float
    max_lines: int

    def pieces(self, plain: str, marks: tuple[Mark, ...]) -> list[Piece]:
        rtl = is_rtl(plain)

        def measure(start: int, end: int) -> float:
            return _shape(plain, marks, start, end, "", self.style, rtl).advance

        parts = pieces(plain, marks, measure, self.max_width / self.min_size)
        if least_lines(parts) > self.max_lines:
            space = measure_space(self.style)
            last = len(parts) - 1
            parts = [replace(p, forced=i == last, space=space if p.forced else p.space) for i, p in enumerate(parts)]
        return parts

    def best(self, plain: str, marks: tuple[Mark, ...]) -> tuple[Rows, float] | None:
        parts = self.pieces(plain, marks)
        first, most = least_lines(parts), min(self.max_lines, len(parts))
        found: tuple[float, Rows, float] | None = None
        for plainly in (False, True):
            enough = 0
            for count in range(first, most + 1):
                rows, cost = break_into(parts, count, 1.1 * self.max_width / self.min_size, plainly)
                size = self.size(plain, marks, rows) if rows else 0.0
                if size >= self.max_size - 1e-6 and not enough:
                    enough = count
                # Once the largest size is reached another line gains nothing: only a clearly better break is worth it.
                spare = 0.12 * (count - enough) if enough else 0.0
                score = size * (1 - 0.004 * count) / (1 + 0.8 * max(cost, -0.15)) / (1 + spare)
                if size >= self.min_size - 1e-6 and (found is None or score > found[0]):
                    found = (score, rows, size)
            if found:
                return found[1], found[2]
        return None

    def size(self, plain: str, marks: tuple[Mark, ...], rows: Rows) -> float:
        unit = _block(plain, marks, rows, self.style, 1.0, 0.0, (), "")
        if not unit.width or not unit.ink_height:
            return self.max_size
        return min(self.max_size, self.max_width / unit.width, self.max_height / unit.ink_height)

    def shortened(self, plain: str, marks: tuple[Mark, ...]) -> tuple[str, tuple[Mark, ...], tuple[Rows, float]]:
        ends = [part.end for part in self.pieces(plain, marks)]
        low, high = 0, len(ends) - 1
        answer: tuple[str, tuple[Mark, ...], tuple[Rows, float]] | None = None
        while low <= high:
            middle = (low + high) // 2
            text = plain[: ends[middle]].rstrip(" ,;:.!?-–—\n、。，") + "…"
            kept = tuple((a, min(b, len(text) - 1)) for a, b in marks if a < len(text) - 1)
            found = self.best(text, kept)
            if found:
                answer, low = (text, kept, found), middle + 1
            else:
                high = middle - 1
        if answer:
            return answer
        text = plain[: ends[0]] + ("…" if len(ends) > 1 else "")
        rows = [[Piece(0, len(text), 0.0, 0.0)]]
        return text, marks, (rows, self.size(text, marks, rows))


def _shape(plain: str, marks: tuple[Mark, ...], start: int, end: int, hyphen: str, style: Style, rtl: bool) -> Shaped:
    inside = tuple((max(a, start) - start, min(b, end) - start) for a, b in marks if a < end and b > start)
    return shape(plain[start:end].replace("\n", " ") + hyphen, inside, style.cut, style.emphasis_cut, rtl)


def _block(
    plain: str,
    marks: tuple[Mark, ...],
    rows: Rows,
    style: Style,
    size: float,
    column: float,
    notes: tuple[str, ...],
    name: str,
) -> Block:
    rtl = is_rtl(plain) if plain else False
    lines: list[Line] = []
    baseline = 0.0
    before: Shaped | None = None
    for row in rows:
        start, end = row[0].start, row[-1].end
        shaped = _shape(plain, marks, start, end, row[-1].hyphen, style, rtl)
        left, top, right, bottom = shaped.ink
        if before is None:
            baseline = -shaped.cap_top
        else:
            # Latin lines may interlock (a descender beside an ascender); others may not come nearer than their ink.
            room = -0.16 if before.interlocks and shaped.interlocks else 0.1
            baseline += max(style.leading, before.ink[3] - top + room)
        before = shaped
        lines.append(
            Line(
                plain[start:end] + row[-1].hyphen,
                shaped,
                baseline * size,
                (baseline + shaped.cap_top) * size,
                (right - left) * size,
                (baseline + top) * size,
                (baseline + bottom) * size,
            )
        )
    if any(line.shaped.missing for line in lines):
        notes = (*notes, _NO_GLYPHS.format(name=name or "text"))
    lines = [line for line in lines if line.ink_width > 0]
    height = lines[-1].baseline if lines else 0.0
    return Block(
        tuple(lines),
        style,
        size,
        max((line.ink_width for line in lines), default=0.0),
        height,
        max((-line.ink_top for line in lines[:1]), default=0.0) if lines and lines[0].ink_top < 0 else 0.0,
        max(0.0, max((line.ink_bottom for line in lines), default=0.0) - height),
        column,
        rtl,
        notes,
    )


def _draw(shaped: Shaped, x: float, y: float, size: float, style: Style, fill: str | None) -> str:
    """The outlines of a line with its origin (left end, baseline) at x, y."""
    out: list[str] = []
    own = paint(fill or style.fill)
    accent = paint(style.emphasis.fill) if style.emphasis and style.emphasis.fill and not fill else own
    for run in shaped.runs:
        left = x + run.x * size
        if run.size:
            wide, high = run.size[0] * size, run.size[1] * size
            out.append(
                f'<image x="{number(left)}" y="{number(y - run.lift * size - high)}" width="{number(wide)}" height="{number(high)}" '
                f'href="{emoji_uri(run.glyphs[0].id)}"/>'
            )
            continue
        path: list[str] = []
        for glyph in run.glyphs:
            begin_x, begin_y, rest = outline(run.font, glyph.id)
            if rest:
                path.append(f"M{glyph.x + begin_x} {begin_y - glyph.y}{rest}")
        if path:
            colour = accent if run.emphasised else own
            place = f"translate({number(left)} {number(y)}) scale({run.scale * size:.5g})"
            out.append(f'<path fill="{colour}" transform="{place}" d="{"".join(path)}"/>')
    return "".join(out)


def _around(boxes: list[Box], x: float, y: float) -> Box:
    if not boxes:
        return Box(x, y, 0.0, 0.0)
    left, top = min(b.x for b in boxes), min(b.y for b in boxes)
    return Box(left, top, max(b.x + b.width for b in boxes) - left, max(b.y + b.height for b in boxes) - top)
