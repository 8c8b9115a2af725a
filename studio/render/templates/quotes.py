"""A customer's words as they were typed: what they say, who says it, and a rating where they give one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from studio.render.words import clean

_OPENING, _CLOSING = "\"'“”„«‹「『", "\"'“”«»›」』"
_NAME = re.compile(r"^(?P<words>.+?)\s*(?:\s[-–]|—|―|--|\n\s*[-–~]?)\s*(?P<name>[^\s—―][^—―\n]{0,59})$", re.S)
_STARS = re.compile("(?:[★⭐🌟☆]\ufe0f?\\s?){3,5}")
_FIVE = re.compile(r"[(\[,]?\s*\b(?P<given>[1-5])\s?/\s?5\b(?:\s*stars?)?[)\]]?", re.I)


@dataclass(frozen=True, slots=True)
class Quote:
    """words: without quotation marks. name: after the dash. detail: what stands after the name's first comma ("verified buyer").

    stars: how many of five the customer gave, None where the text does not say. Nothing is ever made up here.
    """

    words: str
    name: str
    detail: str
    stars: int | None


def read_quote(text: str) -> Quote:
    """Reads `It is … — Maya R., verified buyer`; stars as characters or `5/5` are taken as the rating."""
    plain, stars = _rating(clean(text))
    words, name = plain, ""
    found = _NAME.match(plain)
    if found and _is_name(found["name"]) and found["words"].strip():
        words, name = found["words"], found["name"]
    words = _unquoted(words.strip())
    name, _, detail = (part.strip() for part in name.partition(","))
    return Quote(words, name.strip(" .,") if not re.search(r"\b\w\.$", name) else name, detail, stars)


def _rating(text: str) -> tuple[str, int | None]:
    drawn = _STARS.search(text)
    if drawn:
        given = sum(1 for character in drawn[0] if character in "★⭐🌟")
        rest = (text[: drawn.start()].rstrip() + " " + text[drawn.end() :].lstrip()).strip(" ,·|")
        return rest, given if 1 <= given <= 5 and rest else None
    said = _FIVE.search(text)
    if said:
        rest = (text[: said.start()].rstrip() + " " + text[said.end() :].lstrip(" ,·|")).strip()
        return (rest, int(said["given"])) if rest else (text, None)
    return text, None


def _is_name(text: str) -> bool:
    """A name is short, begins like one, and does not end like a sentence."""
    first = text[0]
    begins = first.isdigit() or first == "@" or (first.isalpha() and not first.islower())
    ends = text[-1] not in "!?…" and not re.search(r"\w{3,}\.$", text)
    return begins and ends and len(text.split()) <= 8


def _unquoted(text: str) -> str:
    if len(text) > 2 and text[0] in _OPENING and text[-1] in _CLOSING:
        return text[1:-1].strip()
    return text
