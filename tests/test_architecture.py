"""Imports run one way, and every file says what it is written in: types and futures."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent / "studio"

MAY_IMPORT: dict[str, set[str]] = {
    "models": set(),
    "tools": set(),
    "render": {"tools"},
    "speech": set(),
    "dialects": {"tools"},
    "live": {"models"},
    "media": {"models", "render"},  # The renderer looks at pictures (faces, cut-outs); media stores what it finds.
    "providers": {
        "dialects",
        "render",
        "speech",
        "tools",
        "models",
        "run",
    },  # A render child must end with its parent, as lanes do.
    "engine": {"providers", "dialects", "render", "speech", "tools", "models", "live", "media"},
    "pages": {"engine", "providers", "render", "speech", "tools", "models", "live", "media"},
    "api": {"engine", "providers", "dialects", "render", "tools", "models", "live", "media"},
    "management": {"run", "engine", "providers", "render", "tools", "models", "live", "media"},
    "run": {"models"},  # Only in the child that prepares the database: the supervisor itself stays free of Django.
}


def rooms_imported(path: Path) -> Iterator[str]:
    """The rooms of the house that this file imports, at its top or inside a function."""
    package = path.relative_to(ROOT.parent).with_suffix("").parts
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level:
            base = ".".join(package[: len(package) - node.level])
            names = [f"{base}.{node.module}"] if node.module else [f"{base}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            parts = name.split(".")
            if parts[0] == "studio" and len(parts) > 1:
                yield parts[1]


@pytest.mark.parametrize("room", sorted(MAY_IMPORT))
def test_imports_run_one_way(room: str) -> None:
    files = list((ROOT / room).rglob("*.py"))
    assert files, f"studio/{room}/ holds no Python file: is it still a room of the house?"
    wrong = {
        (str(path.relative_to(ROOT)), other)
        for path in files
        for other in rooms_imported(path)
        if other != room and other not in MAY_IMPORT[room]
    }
    assert not wrong


def test_every_room_is_listed() -> None:
    rooms = {path.name for path in ROOT.iterdir() if path.is_dir() and any(path.rglob("*.py"))}
    assert rooms - {"migrations", "__pycache__"} == set(MAY_IMPORT)


HTTPX_USERS = {
    "media/answers.py",
    "media/dial.py",
    "media/fetch.py",
    "providers/http.py",
    "providers/videogen/files.py",
    "run/watchdog.py",
}


def test_httpx_is_imported_in_few_places() -> None:
    """Should another client take its place, these files are what changes. Whatever goes out goes through the first of them."""
    texts = {str(path.relative_to(ROOT)): path.read_text() for path in ROOT.rglob("*.py")}
    users = {name for name, text in texts.items() if "import httpx" in text or "from httpx" in text}
    makers = {name for name, text in texts.items() if "AsyncClient(" in text or "httpx.Client(" in text}
    aiohttp = {name for name, text in texts.items() if "import aiohttp" in text or "from aiohttp" in text}
    assert users <= HTTPX_USERS
    assert aiohttp == {"media/dial.py"}
    assert makers == {"media/dial.py", "run/watchdog.py"}  # The watchdog asks our own web process.
