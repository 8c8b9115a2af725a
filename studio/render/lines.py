"""Where lines end. Widths are in em of the text, so an answer holds at every size."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from studio.render.words import WEAK_ENDS, Mark, breakable, split_points

Measure = Callable[[int, int], float]
"""Advance width, in em, of the text between two indices."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch that is never broken. [start, end) are indices into the text without its trailing space; `space` is the width of that
    space. `hyphen` is added when a line ends here; `forced` means that a line must end here (a new line that was typed)."""

    start: int
    end: int
    width: float
    space: float
    forced: bool = False
    hyphen: str = ""
    weak: float = 0.0


def pieces(text: str, marks: Sequence[Mark], measure: Measure, widest: float) -> list[Piece]:
    """Cut a text at every place where a line may end. A piece wider than `widest` (em) is cut inside, as a last resort."""
    out: list[Piece] = []
    at = 0
    for row in text.split("\n"):
        parts = breakable(row)
        for number, part in enumerate(parts):
            bare = part.rstrip(" \u200b")
            start, end = at, at + len(bare)
            at += len(part)
            forced = number == len(parts) - 1
            whole = measure(start, end)
            space = measure(end, at) if at > end else 0.0
            if whole > widest:
                out.extend(_cut(text, start, end, measure, widest, space, forced))
            else:
                out.append(Piece(start, end, whole, space, forced, weak=_weakness(text, start, end, marks)))
        at += 1
    return out


def _weakness(text: str, start: int, end: int, marks: Sequence[Mark]) -> float:
    """How bad (or, below 0, how good) it is to end a line after this piece."""
    word = text[start:end]
    if word[-1:] in ".!?:;。！？":
        return -0.16
    if word[-1:] in ",،、，—–":
        return -0.1
    if any(low < end < high for low, high in marks):
        return 0.12
    if word.lower().lstrip("(“\"'„«") in WEAK_ENDS:
        return 0.28
    if word[-1:] == "-" and text[end : end + 1].strip():
        return 0.24  # inside a word that has a hyphen
    return 0.1 if word[-1:].isdigit() else 0.0


def _cut(text: str, start: int, end: int, measure: Measure, widest: float, space: float, forced: bool) -> list[Piece]:
    """The longest stretches of an overlong word that fit, cut at its best places; anywhere where those are too far apart."""
    cuts = sorted((start + index, hyphen) for index, hyphen in split_points(text[start:end]))
    out: list[Piece] = []
    while start < end and measure(start, end) > widest:
        cuts = [cut for cut in cuts if start < cut[0] < end]
        # Widths grow with the text, so the last cut that fits is found by halving.
        low = bisect_right([cut[0] for cut in cuts], widest, key=partial(measure, start))
        if low and cuts[low - 1][1] and measure(start, cuts[low - 1][0]) + 0.4 > widest:
            low -= 1
        where, hyphen = cuts[low - 1] if low else (_anywhere(start, end, measure, widest), "")
        out.append(Piece(start, where, measure(start, where), 0.0, hyphen=hyphen, weak=0.1))
        start = where
    return [*out, Piece(start, end, measure(start, end), space, forced)]


def _anywhere(start: int, end: int, measure: Measure, widest: float) -> int:
    low, high = start + 1, end
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if measure(start, middle) <= widest else (low, middle - 1)
    return low


def least_lines(parts: Sequence[Piece]) -> int:
    return max(1, sum(part.forced for part in parts))


def break_into(
    parts: Sequence[Piece], count: int, widest: float = float("inf"), plain: bool = False
) -> tuple[list[list[Piece]], float]:
    """Break into exactly `count` lines: as even as possible, with ends that read well. No line is wider than `widest` (em).

    Returns the lines and what they cost (0 is perfect; about 0.1 is a blemish); no lines where it cannot be done. `plain` looks only at
    evenness, which finds a way in when space is at its tightest.
    """
    n = len(parts)
    total = sum(part.width + part.space for part in parts)
    target = max(total / count, max((part.width for part in parts), default=0.0), 0.01)
    far = float("inf")
    best = [[far] * (n + 1) for _ in range(count + 1)]
    back = [[0] * (n + 1) for _ in range(count + 1)]
    best[0][0] = 0.0
    for line in range(1, count + 1):
        for start in range(line - 1, n):
            before = best[line - 1][start]
            if before == far:
                continue
            width = 0.0
            for end in range(start, n):
                part = parts[end]
                width += part.width
                if width > widest and end > start:
                    break
                if width <= widest + 1e-6:
                    cost = before + _cost(parts, start, end, width / target, line, count, plain)
                    if cost < best[line][end + 1]:
                        best[line][end + 1], back[line][end + 1] = cost, start
                if part.forced:
                    break
                width += part.space
    if best[count][n] == far:
        return [], far
    out: list[list[Piece]] = []
    end = n
    for line in range(count, 0, -1):
        start = back[line][end]
        out.insert(0, list(parts[start:end]))
        end = start
    return out, best[count][n] / count


def _cost(parts: Sequence[Piece], start: int, end: int, share: float, line: int, count: int, plain: bool) -> float:
    last = end == len(parts) - 1
    uneven = (share - 1.0) ** 2 * (1.0 if share < 1 else 2.2)
    if parts[end].forced and not last:
        return uneven * 0.3
    if plain:
        return uneven
    if last:
        # A short word alone on the last line is the blemish everybody sees.
        lonely = 0.35 if count > 1 and start == end and share < 0.55 else 0.0
        return uneven * 0.8 + lonely
    return uneven + parts[end].weak
