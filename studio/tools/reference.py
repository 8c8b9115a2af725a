"""The reference of every tool, written from its declaration: `python -m studio.tools.reference > docs/tools.md`."""

from __future__ import annotations

import sys
from typing import Any

from .base import Tool, all_tools
from .fields import widget_of
from .schema import flattened, limits_of

INTRO = """# Tools

What can be made, and what each tool can be told. Written from the declarations in `studio/tools/` by
`python -m studio.tools.reference > docs/tools.md`; a test holds the two together.

A reference (brands, people, voices, pictures, clips, recordings) is the id of a thing in the library, `<provider>:<id>` for something that only
a provider has, or, for files, a link. Text is trimmed, line ends become `\\n`, and control characters are dropped.

What is left out is not sent, so that the provider's own default holds. No provider takes every input: a form shows those that the chosen one
takes, and any other is refused, never dropped.
"""


REFERENCES = {
    "image": "a picture",
    "video": "a clip",
    "audio": "a recording",
    "brand": "a brand",
    "influencer": "an influencer",
    "voice": "a voice",
    "avatar": "an avatar",
    "presenter": "a presenter",
    "preset": "a preset",
    "reference": "a saved reference",
    "weights": "a .safetensors file",
}
"""What a reference refers to, by the widget that picks it."""


def reference() -> str:
    """The whole document."""
    return "\n".join([INTRO, *(_tool(tool) for tool in all_tools().values())])


def _tool(tool: Tool) -> str:
    limits, required = limits_of(tool.Inputs), tool.Inputs.required()
    rows = [
        _row(name, limits[name], name in required, widget_of(info.metadata).name)
        for name, info in tool.Inputs.model_fields.items()
    ]
    rules = [f"- {rule}" for rule in tool.rules]
    parts = [line for name in tool.Inputs.model_fields for line in _members(name, limits[name])]
    lines = [
        f"## {tool.title} (`{tool.slug}`)",
        "",
        f"{tool.summary} Makes: {tool.makes}. Inputs version {tool.schema_version}.",
        "",
        "| input | takes | default | what it does |",
        "| --- | --- | --- | --- |",
        *rows,
        "",
        *parts,
        *(["It refuses:", "", *rules, ""] if rules else []),
    ]
    return "\n".join(lines)


def _row(name: str, limits: dict[str, Any], is_required: bool, widget: str) -> str:
    words = f"**{limits['title']}.** {limits.get('description', '')}".strip()
    default = "required" if is_required else _default(limits["default"])
    return f"| `{name}` | {REFERENCES.get(widget) or _takes(limits)} | {default} | {words} |"


def _members(name: str, limits: dict[str, Any]) -> list[str]:
    """What each entry of a list of groups holds."""
    properties = limits.get("items", {}).get("properties")
    if not properties:
        return []
    held = [
        f"- `{member}`: {_takes(flat)}. **{flat['title']}.** {flat['description']}"
        for member, flat in ((member, flattened(found)) for member, found in properties.items())
    ]
    return [f"Each of `{name}` holds:", "", *held, ""]


def _takes(limits: dict[str, Any]) -> str:
    if "enum" in limits:
        return " or ".join(f"`{choice}`" for choice in limits["enum"])
    match limits["type"]:
        case "array":
            return f"{limits.get('minItems', 0)} to {limits['maxItems']} {_items(limits['items'])}"
        case "boolean":
            return "`true` or `false`"
        case "integer":
            return f"a whole number, {limits['minimum']:,} to {limits['maximum']:,}"
        case "number":
            return f"a number, {limits['minimum']:g} to {limits['maximum']:g}"
        case _:
            return f"text, at most {limits['maxLength']:,} characters"


def _items(limits: dict[str, Any]) -> str:
    if "properties" in limits:
        return "groups, see below"
    return f"of {_takes(limits)}" if "enum" in limits else "references"


def _default(value: object) -> str:
    if value is None or value in ("", [], ()):
        return "none"
    return ", ".join(f"`{item}`" for item in value) if isinstance(value, list | tuple) else f"`{value}`"


if __name__ == "__main__":
    sys.stdout.write(reference())
