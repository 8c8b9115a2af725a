"""What an output's page tells about it: what was asked for, what was written for the person, and the facts of the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from studio.engine import reach
from studio.media.downloads import FORMATS
from studio.models import Asset, Decision, Output, OutputKind, OutputState, Verdict
from studio.providers import get_provider
from studio.tools import Tool, get_tool
from studio.tools.fields import widget_of

from .access import MemberRequest
from .filters import as_uuid
from .rescue_cases import case_of

_SPELLED = {"png": "PNG", "jpg": "JPG", "webp": "WebP"}
LONGEST_TEXT = 200_000
_TOLD_ELSEWHERE = frozenset({"prompt", "brand", "product_images", "count", "aspect_ratio"})


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
class History:
    """One decision. stands: it is the one that can be taken back now."""

    decision: Decision
    label: str
    stands: bool


def of_output(request: MemberRequest, output: Output) -> dict[str, Any]:
    """Everything that the page and its changing parts show. Three queries besides the output: decisions, pictures, none for the rest."""
    generation = output.generation
    tool = get_tool(output.tool)
    drawn = {**generation.inputs, **generation.filled_in}
    return {
        "output": output,
        "tool": tool,
        "history": _history(output),
        "prompt": str(drawn.get("prompt") or ""),
        "facts": _facts(tool, drawn, frozenset(generation.filled_in)),
        "pictures": _pictures(request, drawn.get("product_images") or ()),
        "made_by": get_provider(generation.provider).made_by,
        "took": _took(output),
        "size": _size(output.asset.size_bytes) if output.asset else "",
        "formats": _formats(output.asset) if output.asset else [],
        "reviewable": output.state == OutputState.READY and output.deleted_at is None,
        "age": _age(output),
        "sibling_place": output.ratio_label,
        "zooms": output.asset_id is not None and output.kind in (OutputKind.IMAGE, OutputKind.INFLUENCER),
        "plays": output.kind in (OutputKind.VIDEO, OutputKind.AUDIO, OutputKind.VOICE),
        "text": _text(output) if output.kind == OutputKind.TEXT else "",
        "case": case_of(generation.pk) if generation.missing and request.membership.may_create else None,
    }


def _history(output: Output) -> list[History]:
    rows = list(Decision.objects.filter(output=output).select_related("by")[:50])
    shown = []
    for index, row in enumerate(rows):
        label = (
            f"Taken back: {Verdict(row.verdict).label.lower()}" if row.undoes_id else str(Verdict(row.verdict).label)
        )
        shown.append(History(row, label, stands=index == 0 and row.undoes_id is None))
    return shown


def _facts(tool: Tool | None, drawn: dict[str, Any], written: frozenset[str]) -> list[Fact]:
    """The inputs in the order of the form, by the names that the form has for them; empty ones are left out."""
    if tool is None:
        return [Fact(name, str(value)) for name, value in drawn.items() if value and name not in _TOLD_ELSEWHERE]
    facts = []
    for name, field in tool.Inputs.model_fields.items():
        value = drawn.get(name)
        if value in (None, "", [], ()) or name in _TOLD_ELSEWHERE:
            continue
        options = widget_of(field.metadata).options
        words = options.get("labels") or {key: title for key, (title, _) in options.get("templates", {}).items()}
        spoken = str(words.get(str(value), value)).replace("*", "")
        facts.append(Fact(field.title or name, spoken, name in written))
    return facts


def _pictures(request: MemberRequest, references: Any) -> list[Asset]:
    """The pictures that it was given, in order, as far as this person may see them."""
    ids = [pk for reference in references if (pk := as_uuid(str(reference)))]
    if not ids:
        return []
    found = reach.assets(request.membership).in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


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
    """(key, name, note) of the downloads: the original with its size, then what it can be converted to."""
    original = next((name for name, kind in FORMATS.items() if kind == asset.media_type), "")
    rows = [("", "Original", f"{_SPELLED.get(original, '')} {_size(asset.size_bytes)}".strip())]
    if asset.kind == "image":
        notes = {"png": "lossless", "jpg": "smaller, everywhere", "webp": "smallest, for the web"}
        rows += [(key, _SPELLED[key], notes[key]) for key in FORMATS if key != original]
    return rows


def _age(output: Output) -> str:
    minutes = int((timezone.now() - output.created_at).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    if minutes < 24 * 60:
        return f"{minutes // 60} h ago"
    return f"on {timezone.localtime(output.created_at):%-d %B %Y}"
