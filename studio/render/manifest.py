"""What ships beside the code: every data file with its title, source, licence and SHA-256."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent / "data"


def entries(folder: Path) -> list[dict[str, Any]]:
    """The entries of a folder's MANIFEST.json: file, title, source, version, licence, licence_file, sha256, bytes."""
    found: list[dict[str, Any]] = json.loads((folder / "MANIFEST.json").read_text("utf-8"))["files"]
    return found


@cache
def verified(folder: str, name: str) -> bytes:
    """The bytes of a shipped file, checked once against the manifest.

    Raises ValueError if it is not the file that the manifest names: a damaged model would draw nonsense without a word.
    """
    path = DATA / folder / name
    data = path.read_bytes()
    entry = next((entry for entry in entries(path.parent) if entry["file"] == name), None)
    if entry is None or hashlib.sha256(data).hexdigest() != entry["sha256"]:
        raise ValueError(f"The file {name} that ships with Backlot is damaged; install Backlot again.")
    return data
