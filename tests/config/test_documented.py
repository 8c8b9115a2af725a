"""What an operator can set is listed twice for them, and nowhere wrongly: in .env.example and in docs/operating.md."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
READERS = {"text", "integer", "boolean", "url", "words", "choice", "secret", "database", "time_zone"}


def names_read() -> set[str]:
    """The first argument of every call of a reader of config/env.py."""
    found: set[str] = set()
    for file in (ROOT / "config").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            owner, first = node.func.value, node.args[0] if node.args else None
            if isinstance(owner, ast.Name) and owner.id == "env" and node.func.attr in READERS:
                assert isinstance(first, ast.Constant), ast.unparse(node)
                found.add(str(first.value))
    return found


def test_every_setting_is_in_the_example_file_with_a_sentence() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    listed = {
        match[1]: number for number, line in enumerate(lines) if (match := re.match(r"#([A-Z][A-Z0-9_]+)=", line))
    }
    assert listed.keys() == names_read()
    for name, number in listed.items():
        assert lines[number - 1].startswith("# "), name
        assert lines[number - 1].endswith("."), name


def test_every_setting_is_in_the_operating_guide() -> None:
    text = (ROOT / "docs" / "operating.md").read_text()
    assert set(re.findall(r"^\| `([A-Z0-9_]+)` \|", text, re.MULTILINE)) == names_read()


def test_the_environment_is_read_in_one_place() -> None:
    """Other modules take settings. engine/faults.py is for tests alone."""
    readers = {
        str(file.relative_to(ROOT))
        for folder in ("config", "studio")
        for file in (ROOT / folder).rglob("*.py")
        if re.search(r"os\.(getenv|environ\.get)\(", file.read_text())
    }
    assert readers == {"config/env.py", "studio/engine/faults.py"}
