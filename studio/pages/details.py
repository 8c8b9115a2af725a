"""What an output's page tells about it: what was asked for, what was written for the person, and the facts of the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from studio.media.downloads import FORMATS, suffix_of
from studio.models import Asset, Decision, Generation, Output, OutputKind, OutputState, Verdict
from studio.providers import get_provider
from studio.tools import get_tool

from . import costs, kind_facts
from .access import MemberRequest
from .asked import Asked, Fact, asked_for
from .rescue_cases import case_of

_SPELLED = {".webp": "WebP", ".webm": "WebM"}
LONGEST_TEXT = 200_000


@dataclass(frozen=True, slots=True)
class History:
    """One decision. stands: it is the one that can be taken back now."""

    decision: Decision
    label: str
    stands: bool


def of_output(request: MemberRequest, output: Output) -> dict[str, Any]:
    """Everything that the page and its changing parts show.

    Few queries besides the output: decisions, how many came of the same request, and where there are such: the given files, the person and the voice asked for, where one is known.
    """
    generation = output.generation
    tool = get_tool(output.tool)
    asked = asked_for(request, tool, generation)
    text = _text(output) if output.kind == OutputKind.TEXT else ""
    return {
        "output": output,
        "tool": tool,
        "history": _history(output),
        "prompt": asked.brief,
        "facts": asked.facts,
        "given": asked.files,
        "given_title": _given_title(asked),
        "own_facts": _not_said(kind_facts.of(output, text), asked, generation),
        "uses": kind_facts.uses(output),
        "provider": _provider(generation),
        "cost": costs.told(generation, generation.outputs.count()),
        "took": _took(output),
        "size": _size(output.asset.size_bytes) if output.asset else "",
        "formats": _formats(output.asset) if output.asset else [],
        "reviewable": output.state == OutputState.READY and output.deleted_at is None,
        "age": _age(output),
        "sibling_place": output.ratio_label,
        "zooms": output.asset_id is not None and output.kind in (OutputKind.IMAGE, OutputKind.INFLUENCER),
        "plays": output.asset_id is not None and output.kind in (OutputKind.VIDEO, OutputKind.AUDIO, OutputKind.VOICE),
        "text": text,
        "case": case_of(generation.pk) if generation.missing and request.membership.may_create else None,
    }


def _not_said(facts: list[Fact], asked: Asked, generation: Generation) -> list[Fact]:
    """A voice tells how it was made and from which words; where it was asked for by the same, that is not said twice."""
    twice = {"Voice"} if generation.inputs.get("method") else set()
    return [
        fact for fact in facts if fact.name not in twice and (fact.name != "Description" or fact.value != asked.brief)
    ]


def _provider(generation: Generation) -> str:
    """A service's name; what was made here says so."""
    provider = get_provider(generation.provider)
    return provider.made(generation.tool) if provider.drawn_here else provider.title


def _history(output: Output) -> list[History]:
    rows = list(Decision.objects.filter(output=output).select_related("by")[:50])
    shown = []
    for index, row in enumerate(rows):
        label = (
            f"Taken back: {Verdict(row.verdict).label.lower()}" if row.undoes_id else str(Verdict(row.verdict).label)
        )
        shown.append(History(row, label, stands=index == 0 and row.undoes_id is None))
    return shown


def _given_title(asked: Asked) -> str:
    """As the form calls them, where all were given as the same."""
    titles = {title for title, _ in asked.files}
    return titles.pop() if len(titles) == 1 else "Made from"


def _text(output: Output) -> str:
    """What was written, as far as a page can show it."""
    if output.asset is None:
        return ""
    with output.asset.file.open("rb") as file:
        data: bytes = file.read(LONGEST_TEXT)
    return data.decode("utf-8", "replace")


def _took(output: Output) -> str:
    generation = output.generation
    if output.ready_at is None or generation.started_at is None:
        return ""
    seconds = max(0.0, (output.ready_at - generation.started_at).total_seconds())
    return f"{seconds:.1f} s" if seconds < 60 else f"{int(seconds) // 60} min {int(seconds) % 60} s"


def _size(size_bytes: int) -> str:
    kilobytes = size_bytes / 1000
    return f"{kilobytes / 1000:.1f} MB" if kilobytes >= 1000 else f"{max(1, round(kilobytes))} KB"


def _formats(asset: Asset) -> list[tuple[str, str, str]]:
    """(key, name, note) of the downloads: the original with its size, then, of a picture, what it can be converted to."""
    size = _size(asset.size_bytes)
    if asset.kind != "image":
        return [("", _spelled(suffix_of(asset)), size)]
    original = next((name for name, kind in FORMATS.items() if kind == asset.media_type), "")
    notes = {"png": "lossless", "jpg": "smaller, everywhere", "webp": "smallest, for the web"}
    others = [(key, _spelled(f".{key}"), notes[key]) for key in FORMATS if key != original]
    return [("", "Original", f"{_spelled(suffix_of(asset))} {size}"), *others]


def _spelled(suffix: str) -> str:
    return _SPELLED.get(suffix.lower(), suffix[1:].upper())


def _age(output: Output) -> str:
    minutes = int((timezone.now() - output.created_at).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    if minutes < 24 * 60:
        return f"{minutes // 60} h ago"
    return f"on {timezone.localtime(output.created_at):%-d %B %Y}"
