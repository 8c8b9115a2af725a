"""Results as they stand in an output's `link` until they are collected: what a service told once is not asked for again after a crash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from dataclasses import fields as dataclass_fields
from datetime import datetime
from typing import Any

from studio.providers.base import Finished, Link, Missing, NewVoice, Person, Result, Text

_KINDS: dict[str, type[Link] | type[Text] | type[Person] | type[NewVoice] | type[Missing]] = {
    "link": Link,
    "text": Text,
    "person": Person,
    "voice": NewVoice,
    "missing": Missing,
}
NEVER_CAME = "This one did not come."


def to_data(result: Result) -> dict[str, Any]:
    """JSON of one result; a file on this machine has none, because its provider keeps it."""
    name = next((name for name, kind in _KINDS.items() if type(result) is kind), "")
    if not name:
        return {}
    data = asdict(result) | {"type": name}
    if isinstance(result, Link):
        data |= {"expires_at": result.expires_at.isoformat() if result.expires_at else None}
    return data


def from_data(data: Mapping[str, Any]) -> Result | None:
    """None for what is no result (or of a version that nobody reads any more)."""
    kind = _KINDS.get(str(data.get("type", "")))
    if kind is None:
        return None
    fields: dict[str, Any] = {it.name: data[it.name] for it in dataclass_fields(kind) if it.name in data}
    if kind is Link:
        fields["expires_at"] = datetime.fromisoformat(fields["expires_at"]) if fields.get("expires_at") else None
        fields["notes"] = tuple(fields.get("notes", ()))
    return kind(**fields)


def by_position(finished: Finished, count: int) -> dict[int, Result]:
    """One result for each of `count` outputs; what is not there will never come."""
    found = {result.position: result for result in finished.results}
    return {position: found.get(position, Missing(position, NEVER_CAME)) for position in range(count)}
