"""Words that a brand never says, looked for in what a person wrote, before anything is spent."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from studio.tools import Inputs, Tool
from studio.tools.base import NOT_TITLES, WORDY
from studio.tools.fields import widget_of
from studio.tools.values import Resolved

from .resolve import FieldProblem, Unresolved


class NeverSaid(Unresolved):
    """Words of the brand's list stand in the inputs. A person who has seen that may use them anyway."""


def problems(values: Resolved) -> tuple[FieldProblem, ...]:
    """At most one for each field, in the order of the form."""
    return tuple(FieldProblem(name, said) for name, said in said_in(values.tool, values.inputs, values.brand).items())


class Speaker(Protocol):
    """A brand's row or value."""

    @property
    def name(self) -> str: ...

    @property
    def never_say(self) -> Sequence[str]: ...


def said_in(tool: Tool, inputs: Inputs, brand: Speaker | None) -> dict[str, str]:
    """By field, a sentence that names the words found there. What is told to leave things out (a negative prompt) is free."""
    if brand is None or not brand.never_say:
        return {}
    found: dict[str, str] = {}
    for name, text in _texts(tool, inputs):
        words = words_found(text, brand.never_say)
        if words and name not in found:
            found[name] = sentence(words, brand.name)
    return found


def words_found(text: str, listed: Iterable[str]) -> list[str]:
    """The entries of a list that stand in a text, as the list has them: whole words, whatever their case and the spaces between them.

    `words_found("Cheap thrills", ["cheap", "heap"]) == ["cheap"]`; an entry that ends with `*` matches every word that begins so.
    """
    plain = _folded(text)
    return [entry for entry in dict.fromkeys(listed) if (pattern := _pattern(entry)) and pattern.search(plain)]


def sentence(words: list[str], brand: str) -> str:
    quoted = [f"“{word}”" for word in words[:4]]
    if len(quoted) == 1:
        return f"{quoted[0]} is on {brand}'s Never say list."
    rest = f" and {len(words) - 4} more" if len(words) > 4 else ""
    listed = f"{', '.join(quoted[:-1])} and {quoted[-1]}" if not rest else ", ".join(quoted) + rest
    return f"{listed} are on {brand}'s Never say list."


def _texts(tool: Tool, inputs: Inputs) -> Iterator[tuple[str, str]]:
    """(field, text) of everything that a person wrote and that is to be shown, spoken or followed."""
    for name, info in type(inputs).model_fields.items():
        widget = widget_of(info.metadata)
        if widget.name not in WORDY or widget.options.get("code") or (name in NOT_TITLES and widget.name != "shots"):
            continue
        value = getattr(inputs, name)
        if isinstance(value, str):
            yield name, value.replace("*", "")
        else:
            yield name, " ".join(line.prompt for line in value or ())


def _pattern(entry: str) -> re.Pattern[str] | None:
    """Edges of words are minded where the entry's own edge is a letter of a script that sets spaces between words."""
    words = _folded(entry.rstrip("*")).split()
    if not words:
        return None
    middle = r"\s+".join(map(re.escape, words))
    before = r"(?<!\w)" if _is_spaced(words[0][0]) else ""
    after = r"(?!\w)" if _is_spaced(words[-1][-1]) and not entry.endswith("*") else ""
    return re.compile(before + middle + after)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().replace("’", "'")


def _is_spaced(character: str) -> bool:
    """Letters of scripts with spaces: not Thai, Lao, Khmer, Burmese, Chinese or Japanese."""
    code = ord(character)
    return (character.isalnum() or character == "_") and not (
        0x0E00 <= code <= 0x109F
        or 0x1780 <= code <= 0x17FF
        or 0x2E80 <= code <= 0x9FFF
        or 0xF900 <= code <= 0xFAFF
        or 0x20000 <= code <= 0x3FFFF
    )
