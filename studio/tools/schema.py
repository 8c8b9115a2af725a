"""What a field takes, as one flat JSON schema: what forms and the reference read their limits from."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import BaseModel


@cache
def limits_of(model: type[BaseModel]) -> dict[str, dict[str, Any]]:
    """The schema of every field by name. "This or nothing" (`anyOf` with null) is this, with `nullable`; references (`$ref`) are put in."""
    schema = model.model_json_schema()
    definitions: dict[str, Any] = schema.get("$defs", {})
    return {name: flattened(limits, definitions) for name, limits in schema["properties"].items()}


def flattened(limits: dict[str, Any], definitions: dict[str, Any] | None = None) -> dict[str, Any]:
    """One schema without `anyOf` and `$ref`."""
    known = definitions or {}
    if "anyOf" in limits:
        choices = [choice for choice in limits["anyOf"] if choice != {"type": "null"}]
        rest = {key: value for key, value in limits.items() if key != "anyOf"}
        return flattened({**choices[0], **rest, "nullable": True}, known)
    if "$ref" in limits:
        return dict(known[limits["$ref"].rpartition("/")[2]])
    if "items" in limits:
        return {**limits, "items": flattened(limits["items"], known)}
    return limits
