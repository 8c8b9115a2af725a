"""Pydantic's findings in words for people: what was wrong with this value, and what to do."""

from __future__ import annotations

from typing import Any

MAX_QUOTED = 40


def quoted(value: object) -> str:
    """The value as it was given, short enough to stand in a sentence."""
    text = str(value)
    return f"“{text if len(text) <= MAX_QUOTED else text[: MAX_QUOTED - 1] + '…'}”"


def sentence(error: dict[str, Any], title: str) -> str:
    """One sentence for one pydantic error; `title` is the field's own ("Headline")."""
    kind, value, context = error["type"], error["input"], error.get("ctx", {})
    if "sentence" in context:
        return str(context["sentence"])
    is_list = isinstance(value, list | tuple)
    match kind:
        case "string_too_long" | "too_long" if is_list:
            return f"{title}: {len(value)} are chosen; {context['max_length']} fit. Take {len(value) - context['max_length']} out."
        case "string_too_long" | "too_long":
            return f"The {title.lower()} has {len(str(value))} characters; {context['max_length']} fit."
        case "string_too_short" | "too_short":
            return (
                f"{title}: nothing is chosen. Pick at least {'one' if context['min_length'] == 1 else context['min_length']}."
                if is_list
                else f"{title} is empty. Fill it in."
            )
        case "less_than_equal":
            return f"{title}: {quoted(value)} is too many. {context['le']} is the most."
        case "greater_than_equal":
            return f"{title}: {quoted(value)} is too few. {context['ge']} is the least."
        case "int_parsing" | "int_type" | "int_from_float" | "int_parsing_size":
            return f"{title}: {quoted(value)} is not a whole number."
        case "float_parsing" | "float_type" | "finite_number":
            return f"{title}: {quoted(value)} is not a number."
        case "bool_parsing" | "bool_type":
            return f"{title}: {quoted(value)} is neither yes nor no. Pick one of those shown."
        case "literal_error":
            return f"{title}: {quoted(value)} is not one of the choices. Pick one of those shown."
        case "missing":
            return f"{title} is missing. Fill it in."
        case "string_type" if is_list:
            return f"{title} came {len(value)} times; it takes one value. Reload the page and send it again."
        case _:
            return f"{title}: {quoted(value)} cannot be used. Change it."
