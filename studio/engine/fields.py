"""Where references stand among a tool's inputs, and how they are written: ours (an id), a link, or `<provider>:<id there>`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from studio.providers import PROVIDERS
from studio.tools import Inputs, Tool
from studio.tools.fields import widget_of

MEDIA: dict[str, frozenset[str]] = {
    "image": frozenset({"image"}),
    "images": frozenset({"image"}),
    "photos": frozenset({"image"}),
    "video": frozenset({"video"}),
    "videos": frozenset({"video"}),
    "audio": frozenset({"audio"}),
    "audios": frozenset({"audio"}),
    "files": frozenset({"image", "video", "audio"}),
    "weights": frozenset({"file"}),
}
"""Widgets that hold files, and which kinds of asset they take."""
MEMBERS: dict[str, dict[str, str]] = {
    "elements": {"face": "image", "references": "images"},
    "loras": {"path": "weights"},
}
"""Lists of groups, and which members of a group hold files, by what widget."""


def fields(tool: Tool, *widgets: str) -> Iterator[tuple[str, str]]:
    """(field, widget) of these widgets, in the tool's order."""
    for name, info in tool.Inputs.model_fields.items():
        widget = widget_of(info.metadata).name
        if widget in widgets:
            yield name, widget


def media_references(tool: Tool, inputs: Inputs) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """(place, widget, references) of everything that holds files; those of a list of groups as `elements.0.references`."""
    for name, widget in fields(tool, *MEDIA):
        yield name, widget, listed(getattr(inputs, name))
    for name, widget in fields(tool, *MEMBERS):
        for number, row in enumerate(getattr(inputs, name)):
            for member, held in MEMBERS[widget].items():
                yield f"{name}.{number}.{member}", held, listed(getattr(row, member))


def listed(value: Any) -> tuple[str, ...]:
    if not value:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


def is_link(reference: str) -> bool:
    return reference.lower().startswith(("https://", "http://"))


def own_id(reference: str) -> UUID | None:
    try:
        return UUID(reference)
    except ValueError:
        return None


def own_ids(references: Iterable[str]) -> list[UUID]:
    return [pk for pk in map(own_id, references) if pk]


def remote_id(reference: str, provider: str | None) -> str:
    """The bare id of what this provider has; "" for everything else."""
    owner, colon, name = reference.partition(":")
    return name if colon and owner == provider and name else ""


def is_remote(reference: str) -> bool:
    """Whether it names something that a service has."""
    owner, colon, name = reference.partition(":")
    return bool(colon and name and owner in PROVIDERS)
