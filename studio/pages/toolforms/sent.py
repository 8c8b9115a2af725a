"""What a form sent, checked by the declaration. Whatever is wrong, nothing that was typed is lost."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.http import QueryDict
from pydantic import ValidationError

from studio.tools import Inputs, Tool
from studio.tools.offer import Offer

from .derive import Form, defaults, many_of, set_aside, shown, taken
from .lines import is_empty, is_member, kind_of, sent_rows, widget_at
from .words import quoted, sentence

OURS = frozenset(
    {
        "csrfmiddlewaretoken",
        "nonce",
        "shown",
        "do",
        "brief",
        "offer",
        "kept",
        "admin_ok",
        "said_anyway",
        "agreed",
        "words_of",
    }
)
"""Names that the page itself sends beside the tool's inputs."""
BESIDE = ("upload-", "link-", "find-")
"""Beginnings of such names: files of a field, a link typed for it, a search in it."""
MOST_KEPT = 200_000


def parsed(tool: Tool, data: QueryDict, offer: Offer | None = None) -> Form:
    """The form as it was sent, for this offer. Values of fields that it does not take are set aside, not lost and not sent on."""
    raw = {**_kept(tool, data), **_sent(tool, data)}
    mine = taken(tool, offer)
    given, places = _given(tool, data, raw, mine)
    errors: dict[str, list[str]] = {}
    inputs: Inputs | None = None
    try:
        inputs = tool.Inputs.model_validate(given)
    except ValidationError as error:
        for name, text in _sentences(tool, error, places):
            found = errors.setdefault(name, [])
            if text not in found:
                found.append(text)
    typed = {name: value if many_of(tool)[name] else _last(value) for name, value in raw.items()}
    whole = shown(tool, defaults(tool) | typed)
    problems = [*_unknown(tool, data), *_unused(tool, data, whole, offer)]
    return Form(tool, whole, inputs, errors, tuple(problems), offer, set_aside(tool, whole, offer))


def _unknown(tool: Tool, data: QueryDict) -> list[str]:
    return [
        f"This form sent {quoted(name)}, which {tool.title.lower()} does not have. Reload the page and send it again."
        for name in data
        if name not in tool.Inputs.model_fields
        and name not in OURS
        and not name.startswith(BESIDE)
        and not is_member(tool, name)
    ][:3]


def _unused(tool: Tool, data: QueryDict, whole: dict[str, Any], offer: Offer | None) -> list[str]:
    """Fields that were sent by their own name and are not taken: the offer was changed in the same breath."""
    aside = set_aside(tool, whole, offer)
    names = [name for name in aside if name in data or any(key.startswith(f"{name}-") for key in data)]
    if not names or offer is None:
        return []
    titles = ", ".join(f"“{tool.Inputs.model_fields[name].title}”" for name in names)
    return [f"{offer.title} has no use for {titles}. It was set aside; look the form over and send it again."]


def _kept(tool: Tool, data: QueryDict) -> dict[str, Any]:
    text = data.get("kept", "")
    if not text or len(text) > MOST_KEPT:
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    names = many_of(tool)
    if not isinstance(found, dict):
        return {}
    return {name: value for name, value in found.items() if name in names and isinstance(value, list) == names[name]}


def _sent(tool: Tool, data: QueryDict) -> dict[str, Any]:
    """Every input that the form sent, as it came: one value sent several times stays a list, so that it can be refused."""
    raw: dict[str, Any] = {}
    for name, many in many_of(tool).items():
        kind = kind_of(tool, name)
        if kind:
            rows = sent_rows(data, name, kind)
            for index, row in enumerate(rows):
                for member in row:
                    _add_link(data, f"{name}-{index}-{member}", row, member, isinstance(row[member], list))
            if rows:
                raw[name] = rows
            continue
        values = data.getlist(name)
        if many:
            raw_values = [value for value in values if value]
            if raw_values or name in data:
                raw[name] = raw_values
        elif values:
            raw[name] = values[0] if len(values) == 1 else values
        _add_link(data, name, raw, name, many)
    return raw


def _add_link(data: QueryDict, place: str, into: dict[str, Any], key: str, many: bool) -> None:
    """A link that was typed beside the files of a field belongs to them."""
    link = data.get(f"link-{place}", "").strip()
    if not link:
        return
    if many:
        into[key] = [*into.get(key, []), link]
    elif not into.get(key):
        into[key] = link


def _given(
    tool: Tool, data: QueryDict, raw: dict[str, Any], mine: list[str]
) -> tuple[dict[str, Any], dict[str, list[int]]]:
    """What the tool is told, and for lists of groups at which row of the page each one stands."""
    given: dict[str, Any] = {}
    places: dict[str, list[int]] = {}
    for name in mine:
        if kind_of(tool, name):
            rows = raw.get(name, [])
            filled = [(index, row) for index, row in enumerate(rows) if not isinstance(row, dict) or not is_empty(row)]
            given[name] = [row for _, row in filled]
            places[name] = [index for index, _ in filled]
        elif many_of(tool)[name]:
            given[name] = raw.get(name, [])
        elif name in raw:
            given[name] = raw[name]
    return given, places


def _last(value: Any) -> Any:
    return value[-1] if isinstance(value, list) and value else value


def _sentences(tool: Tool, error: ValidationError, places: dict[str, list[int]]) -> Iterable[tuple[str, str]]:
    fields = tool.Inputs.model_fields
    for found in error.errors(include_url=False):
        named = found.get("ctx", {}).get("fields") or [str(part) for part in found["loc"][:1]]
        name = named[0] if named and named[0] in fields else next(iter(fields))
        kind, loc = kind_of(tool, name), found["loc"]
        if kind and len(loc) > 2 and isinstance(loc[1], int) and str(loc[2]) in kind.widgets:
            index = places[name][loc[1]]
            title = kind.model.model_fields[str(loc[2])].title or str(loc[2])
            yield f"{name}-{index}-{loc[2]}", sentence(dict(found), title)
        else:
            yield name, sentence(dict(found), fields[name].title or name)


def single_or_many(tool: Tool, place: str) -> bool:
    """Whether a field, or a row's member, holds several references."""
    return widget_at(tool, place) in ("images", "videos", "audios", "files", "photos")
