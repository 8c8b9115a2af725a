"""The reference of every tool, written from its declaration: `python -m studio.tools.reference > docs/tools.md`."""

from __future__ import annotations

import sys
from typing import Any

from .base import Tool, all_tools

INTRO = """# Tools

What can be made, and what each tool can be told. Written from the declarations in `studio/tools/` by
`python -m studio.tools.reference > docs/tools.md`; a test holds the two together.

References (`brand`, pictures) are ids of things in the library. Text is trimmed, line ends become `\\n`, and control characters are dropped.
"""


def reference() -> str:
    """The whole document."""
    return "\n".join([INTRO, *(_tool(tool) for tool in all_tools().values())])


def _tool(tool: Tool) -> str:
    schema = tool.Inputs.model_json_schema()["properties"]
    rows = [_row(name, schema[name]) for name in tool.Inputs.model_fields]
    rules = [f"- {rule}" for rule in tool.rules]
    lines = [
        f"## {tool.title} (`{tool.slug}`)",
        "",
        f"{tool.summary} Makes: {tool.makes}. Inputs version {tool.schema_version}.",
        "",
        "| input | takes | default | what it does |",
        "| --- | --- | --- | --- |",
        *rows,
        "",
        *([*rules, ""] if rules else []),
    ]
    return "\n".join(lines)


def _row(name: str, limits: dict[str, Any]) -> str:
    words = f"**{limits['title']}.** {limits.get('description', '')}".strip()
    return f"| `{name}` | {_takes(limits)} | {_default(limits['default'])} | {words} |"


def _takes(limits: dict[str, Any]) -> str:
    if "enum" in limits:
        return " or ".join(f"`{choice}`" for choice in limits["enum"])
    if limits["type"] == "array":
        choices = limits["items"].get("enum")
        what = f"of {_takes(limits['items'])}" if choices else "references"
        least = limits.get("minItems", 0)
        return f"{least} to {limits['maxItems']} {what}"
    if limits["type"] == "integer":
        return f"a whole number, {limits['minimum']} to {limits['maximum']}"
    return f"text, at most {limits['maxLength']:,} characters"


def _default(value: object) -> str:
    if value in ("", [], ()):
        return "none"
    return ", ".join(f"`{item}`" for item in value) if isinstance(value, list | tuple) else f"`{value}`"


if __name__ == "__main__":
    sys.stdout.write(reference())
