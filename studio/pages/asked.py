"""What was asked for, as an output's page tells it: the words, the files that were given, and every other input by the name its form has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from studio.engine import reach
from studio.engine.fields import MEDIA, MEMBERS, is_link, listed
from studio.models import Asset, Generation
from studio.providers import get_provider
from studio.tools import Tool
from studio.tools.fields import widget_of

from .access import MemberRequest
from .asked_names import THEIRS, names_of
from .filters import as_uuid

_WORDS = ("prompt", "text", "script", "dialog", "lyrics")
"""The first of these that was written is the brief."""

_TOLD_ELSEWHERE = frozenset({"brand", "count", "aspect_ratio", "watermark"})


@dataclass(frozen=True, slots=True)
class Fact:
    """written: the renderer proposed it from the brief, the person left it empty."""

    name: str
    value: str
    written: bool = False

    @property
    def is_long(self) -> bool:
        return len(self.value) > 28


@dataclass(frozen=True, slots=True)
class Asked:
    """files: (what it was given as, the file), in the order of the form."""

    brief: str
    facts: list[Fact]
    files: list[tuple[str, Asset]]


def asked_for(request: MemberRequest, tool: Tool | None, generation: Generation) -> Asked:
    """Inputs in the order of the form; empty ones are left out. One query for the files and at most three for each kind of person named."""
    drawn = {**generation.inputs, **generation.filled_in}
    word = next((name for name in _WORDS if drawn.get(name)), "")
    brief = str(drawn.get(word) or "")
    if tool is None:
        rest = {name: value for name, value in drawn.items() if value and name not in {word, *_TOLD_ELSEWHERE}}
        return Asked(brief, [Fact(name, _spoken(value)) for name, value in rest.items()], [])
    facts, references = [], []
    drawn_here = get_provider(generation.provider).drawn_here
    taken = generation.offer.get("takes") or tool.Inputs.model_fields
    for name, field in tool.Inputs.model_fields.items():
        value = drawn.get(name)
        if value in (None, "", [], ()) or name == word or name in _TOLD_ELSEWHERE or name not in taken:
            continue
        widget, title = widget_of(field.metadata), field.title or name
        options = widget.options if name != "resolution" or drawn_here else {}  # A service's 1K is not our pixels.
        if widget.name in MEDIA:
            references += [(title, reference) for reference in listed(value)]
        elif widget.name in MEMBERS:
            members = MEMBERS[widget.name]
            references += [(title, it) for row in value for member in members for it in listed(row.get(member))]
            said = _spoken([{part: it for part, it in row.items() if part not in members} for row in value])
            facts += [Fact(title, said)] if said.strip("; ") else []
        elif widget.name in THEIRS:
            facts.append(Fact(title, names_of(request.membership.team_id, generation.provider, widget.name, value)))
        else:
            facts.append(Fact(title, _labelled(value, options), name in generation.filled_in))
    facts += [Fact(title, reference) for title, reference in references if is_link(reference)]
    return Asked(brief, facts, _files(request, references))


def _labelled(value: Any, options: Mapping[str, Any]) -> str:
    """By the word that the form shows for it."""
    words = options.get("labels") or {key: title for key, (title, _) in options.get("templates", {}).items()}
    said = words.get(str(value)) if isinstance(value, str | int) else None
    return str(said).replace("*", "") if said else _spoken(value)


def _spoken(value: Any) -> str:
    """Any value of a form in words; parts of a line are joined by commas, lines by semicolons."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Mapping):
        return ", ".join(_spoken(part) for part in value.values() if part not in (None, "", [], ()))
    if isinstance(value, list | tuple):
        return ("; " if any(isinstance(part, Mapping) for part in value) else ", ").join(map(_spoken, value))
    return str(value).replace("*", "")


def _files(request: MemberRequest, references: list[tuple[str, str]]) -> list[tuple[str, Asset]]:
    """As far as this person may see them."""
    ids = [(title, pk) for title, reference in references if (pk := as_uuid(reference))]
    if not ids:
        return []
    found = reach.assets(request.membership).in_bulk([pk for _, pk in ids])
    return [(title, found[pk]) for title, pk in ids if pk in found]
