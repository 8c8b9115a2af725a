"""Small facts on hairlines: a subline of several short sentences set as a list, any other as one paragraph."""

from __future__ import annotations

import re
from dataclasses import dataclass

from studio.render.spec import Box
from studio.render.templates.base import Canvas
from studio.render.templates.columns import body_style
from studio.render.templates.marks import hairline
from studio.render.text import Block, fit

_ENDS = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])\s*|\n|\s+[·•|]\s+")
_LONGEST, _SHORTEST, _MOST = 64, 4, 4
_LINE_TO_TEXT, _TEXT_TO_LINE, _GUTTER = 26.0, 26.0, 44.0


def split_facts(text: str) -> list[str]:
    """Two to four short sentences without their full stops; else the text as it is, alone. Nothing for an empty text."""
    found = [part.strip().rstrip(".。") for part in _ENDS.split(text) if part.strip()]
    short = all(_SHORTEST <= len(part) <= _LONGEST for part in found)
    if 2 <= len(found) <= _MOST and short:
        return found
    return [text] if text else []


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts that are measured but not drawn yet. row: side by side under one line, else each under its own. False if there are none."""

    blocks: tuple[Block, ...]
    row: bool
    width: float
    height: float
    column: float

    def __bool__(self) -> bool:
        return bool(self.blocks)


def facts(canvas: Canvas, text: str, width: float, height: float, fill: str, *, row: bool = False) -> Facts:
    """Measures them for a column. row: side by side where there are several. height: shortens what would be taller."""
    found = split_facts(text)
    if not found:
        return Facts((), False, width, 0.0, width)
    row = row and len(found) > 1
    column = (width - _GUTTER * (len(found) - 1)) / len(found) if row else width
    story = canvas.kind == "story"
    sizes = (38.0, 36.0, 34.0) if story else (33.0, 31.0, 29.0, 27.0)
    if canvas.kind == "landscape":
        sizes = (38.0, 35.0, *sizes)
    share = height if row else (height - len(found) * (_LINE_TO_TEXT + _TEXT_TO_LINE)) / len(found)
    blocks: tuple[Block, ...] = ()
    for size in sizes:
        style = body_style(canvas, fill, size, 480)
        room = min(column, 24 * size)
        blocks = tuple(
            fit(
                part,
                style,
                room,
                max(share, 1.2 * size) if size == sizes[-1] else 1e6,
                min_size=size,
                max_size=size,
                max_lines=14,
                name="subline",
            )
            for part in found
        )
        tallest = max(block.height for block in blocks)
        lines = max(len(block.lines) for block in blocks)
        if tallest <= share and lines <= (3 if len(found) > 1 else 6):
            break
    depth = blocks[-1].depth
    if row:
        total = _LINE_TO_TEXT + max(block.height for block in blocks) + depth
    else:
        total = sum(block.height + _LINE_TO_TEXT for block in blocks) + _TEXT_TO_LINE * (len(blocks) - 1) + depth
    return Facts(blocks, row, width, total, column)


def draw_facts(canvas: Canvas, what: Facts, x: float, y: float, ground: str | list[str], line: str) -> Box:
    """Draws them with the left end of the (first) line at x (real) and that line at y."""
    at = y
    for index, block in enumerate(what.blocks):
        if what.row:
            if index == 0:
                _rule(canvas, x, y, what.width, line)
            place = len(what.blocks) - 1 - index if canvas.rtl else index
            canvas.put(
                "subline", block, ground, x + place * (what.column + _GUTTER), y + _LINE_TO_TEXT, width=what.column
            )
        else:
            _rule(canvas, x, at, what.width, line)
            canvas.put("subline", block, ground, x, at + _LINE_TO_TEXT, width=what.column)
            at += _LINE_TO_TEXT + block.height + _TEXT_TO_LINE
    return Box(x, y, what.width, what.height)


def _rule(canvas: Canvas, x: float, y: float, width: float, colour: str) -> None:
    """A hairline over a fact. A product may stand before it; a sticker may not lie on it."""
    hairline(canvas, x, y, width, colour, opacity=0.45)
    canvas.books.ruled.append(Box(x, y - 2, width, 4))
