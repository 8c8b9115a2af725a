"""A text as the pieces that are spoken one by one, with the pause after each."""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_CHARACTERS = 140
"""Of one piece at the usual speed, some nine seconds: a longer one is cut at a comma, else between words. What the model needs grows with
what it says at once, from 350 MB for a short line to 500 MB for this; slower speech is longer, so its pieces are shorter.
"""

SENTENCE_PAUSE, PARAGRAPH_PAUSE, BREATH = 0.28, 0.6, 0.08
"""Seconds, at the usual speed."""

_END = re.compile(r"(?<=[.!?…])[\"”')\]]*\s+(?=[\"“'(\[]?\S)")
_INITIAL = re.compile(r"(?:^|\s)[A-Z]\.$")
_BREATHS = (re.compile(r"(?<=[;:])\s+|\s+(?=—)"), re.compile(r"(?<=,)\s+"), re.compile(r"\s+"))


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    pause_seconds: float


def pieces(text: str, speed: float = 1.0) -> list[Piece]:
    """In order. Lines are paragraphs; nothing that holds no letter or digit is among them."""
    most = int(MAX_CHARACTERS * min(1.0, speed))
    found: list[Piece] = []
    for line in text.splitlines():
        sentences = [sentence for sentence in _sentences(line) if re.search(r"\w", sentence)]
        for number, sentence in enumerate(sentences, 1):
            *first, last = _breaths(sentence, most)
            found += [Piece(part, BREATH) for part in first]
            found.append(Piece(last, SENTENCE_PAUSE if number < len(sentences) else PARAGRAPH_PAUSE))
    return found


def _sentences(line: str) -> list[str]:
    found: list[str] = []
    start = 0
    for match in _END.finditer(line):
        before, after = line[start : match.start()], line[match.end() : match.end() + 1]
        if _INITIAL.search(before) or (before.endswith(".") and after.islower()):
            continue
        found.append(line[start : match.end()].strip())
        start = match.end()
    return [*found, line[start:].strip()]


def _breaths(sentence: str, most: int) -> list[str]:
    """A sentence in parts of at most so many characters, as even as its commas allow."""
    if len(sentence) <= most:
        return [sentence]
    middle = len(sentence) / 2
    for pattern in _BREATHS:
        places = [m for m in pattern.finditer(sentence) if most / 6 < m.start() < len(sentence) - most / 6]
        if places:
            at = min(places, key=lambda place: abs(place.start() - middle))
            return [*_breaths(sentence[: at.start()], most), *_breaths(sentence[at.end() :], most)]
    half = len(sentence) // 2
    return [*_breaths(sentence[:half], most), *_breaths(sentence[half:], most)]
