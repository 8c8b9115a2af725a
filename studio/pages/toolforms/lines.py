"""Lists of groups (shots, elements, LoRAs, replacements) in a form: which fields a row has, and how it is sent.

A member is sent as `<field>-<row>-<member>`. Rows left wholly empty are kept on the page and not sent to the tool.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from pydantic import BaseModel

from studio.tools import Tool
from studio.tools.fields import Widget, widget_of
from studio.tools.lines import Element, Lora, Replacement, Shot

MOST_ROWS = 60
_NAME = re.compile(r"([a-z0-9_]+)-(\d{1,3})-([a-z_]+)")


@dataclass(frozen=True, slots=True)
class LineKind:
    """noun: what one row is called. widgets: by member."""

    model: type[BaseModel]
    noun: str
    widgets: dict[str, Widget]


LINES: dict[str, LineKind] = {
    "shots": LineKind(
        Shot,
        "shot",
        {
            "prompt": Widget("textarea", "", {"rows": 2}),
            "duration": Widget("number", "", {"unit": "s", "step": 1}),
        },
    ),
    "elements": LineKind(Element, "element", {"face": Widget("image", ""), "references": Widget("images", "")}),
    "loras": LineKind(
        Lora,
        "LoRA",
        {
            "path": Widget("weights", ""),
            "scale": Widget("slider", "", {"step": 0.05, "low": "Faint", "high": "Strong"}),
            "transformer": Widget("segment", "", {"labels": {"high": "High", "low": "Low", "both": "Both"}}),
        },
    ),
    "replacements": LineKind(
        Replacement,
        "word",
        {
            "original": Widget("text", "", {"half": True, "placeholder": "SQL"}),
            "replacement": Widget("text", "", {"half": True, "placeholder": "sequel"}),
        },
    ),
}


def kind_of(tool: Tool, name: str) -> LineKind | None:
    info = tool.Inputs.model_fields.get(name)
    return LINES.get(widget_of(info.metadata).name) if info else None


def widget_at(tool: Tool, place: str) -> str:
    """The widget of a field or of a row's member (`elements-0-face`); empty where there is none."""
    found = _NAME.fullmatch(place)
    if found:
        kind = kind_of(tool, found[1])
        member = kind.widgets.get(found[3]) if kind else None
        return member.name if member else ""
    info = tool.Inputs.model_fields.get(place)
    return widget_of(info.metadata).name if info else ""


def is_member(tool: Tool, name: str) -> bool:
    """Whether a sent name belongs to a row of one of the tool's lists."""
    return bool(_NAME.fullmatch(name)) and bool(widget_at(tool, name))


def sent_rows(data: QueryDict, name: str, kind: LineKind) -> list[dict[str, Any]]:
    """The rows as they were sent, in order; gaps between their numbers close."""
    rows: dict[int, dict[str, Any]] = {}
    for key in data:
        found = _NAME.fullmatch(key)
        if found and found[1] == name and found[3] in kind.widgets:
            values = data.getlist(key)
            many = kind.widgets[found[3]].name == "images"
            value = [it for it in values if it] if many else (values[-1] if values else "")
            rows.setdefault(int(found[2]), {})[found[3]] = value
    return [rows[number] for number in sorted(rows)][:MOST_ROWS]


def is_empty(row: dict[str, Any]) -> bool:
    return not any(row.values())


def fresh_row(kind: LineKind) -> dict[str, Any]:
    """A row as it is added: the defaults of its members."""
    return {name: _shown(kind.model.model_fields[name].default) for name in kind.widgets}


def shown_row(kind: LineKind, row: dict[str, Any]) -> dict[str, Any]:
    """A stored or sent row with every member, as templates take it."""
    return {name: _shown(row.get(name, kind.model.model_fields[name].default)) for name in kind.widgets}


def _shown(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [str(item)[:2000] for item in value]
    return "" if value is None else str(value)[:20_000]


def moved(rows: list[dict[str, Any]], kind: LineKind, action: str, index: int) -> list[dict[str, Any]]:
    """The rows after `add`, `remove`, `up` or `down`."""
    found = list(rows)
    if action == "add":
        return [*found, fresh_row(kind)]
    if not 0 <= index < len(found):
        return found
    if action == "remove":
        del found[index]
    other = index + {"up": -1, "down": 1}.get(action, 0)
    if action in ("up", "down") and 0 <= other < len(found):
        found[index], found[other] = found[other], found[index]
    return found
