"""What a field takes when one certain offer is chosen: the tool's own limits, and of those what the offer allows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from studio.tools.offer import Offer


def narrowed(limits: Mapping[str, Any], offer: Offer | None, name: str) -> dict[str, Any]:
    """The field's schema under the offer. Limits that only the files tell (seconds, pixels) are no part of a schema."""
    limit = offer.limits.get(name) if offer else None
    found = dict(limits)
    if not limit:
        return found
    choices = limit.get("choices", ())
    match limits.get("type"):
        case "array":
            _most(found, "maxItems", limit.get("max"))
            _least(found, "minItems", limit.get("min"))
            allowed = limits.get("items", {}).get("enum", ())
            if choices and allowed:
                # `auto` is ours: the shape of the first picture takes its place.
                found["items"] = {**limits["items"], "enum": _common(allowed, (*choices, "auto"))}
        case "integer" | "number":
            _most(found, "maximum", limit.get("max"))
            _least(found, "minimum", limit.get("min"))
            if choices:
                found["enum"] = _common(limits.get("enum", choices), choices)
        case _:
            _most(found, "maxLength", limit.get("max_length"))
            if choices and "enum" in limits:
                found["enum"] = _common(limits["enum"], choices)
    return found


def default_of(offer: Offer | None, name: str) -> Any:
    """What the offer uses where nothing is chosen, None where it does not say."""
    return offer.limits.get(name, {}).get("default") if offer else None


def needs(offer: Offer | None, name: str) -> bool:
    limit = offer.limits.get(name, {}) if offer else {}
    return bool(limit.get("required")) or limit.get("min_items", 0) > 0


def _common(allowed: Sequence[Any], choices: Sequence[Any]) -> list[Any]:
    """Never empty: where the two have nothing in common, the check says so at the field."""
    return [it for it in allowed if it in choices] or list(allowed)


def _most(found: dict[str, Any], name: str, value: Any) -> None:
    if value is not None:
        found[name] = min(value, found.get(name, value))


def _least(found: dict[str, Any], name: str, value: Any) -> None:
    if value is not None:
        found[name] = max(value, found.get(name, value))
