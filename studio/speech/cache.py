"""What was said before is not said again: the sound of each (piece, voice, speed), in a folder of bounded size.

It also lets a long text go on where it was put aside. Whatever is unreadable in it is made anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]

VERSION = "1"
"""Part of every name: another model, alphabet or cut makes other sounds."""
MOST_BYTES = 200 << 20
SCALE = 16_384.0
"""Sixteen bits with room for twice full scale."""


class Sounds:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, text: str, voice: str, speed: float) -> Sound | None:
        path = self._path(text, voice, speed)
        try:
            found = np.load(path, allow_pickle=False)
            os.utime(path)
        except (OSError, ValueError, EOFError):
            return None
        return np.asarray(found / SCALE, np.float32) if found.dtype == np.int16 and found.ndim == 1 else None

    def put(self, text: str, voice: str, speed: float, sound: Sound) -> Sound:
        """Keeps it and returns it as `get` will, so that the second time sounds like the first. A full disk is no reason not to speak."""
        path = self._path(text, voice, speed)
        whole = np.round(np.clip(sound * SCALE, -32_768, 32_767)).astype(np.int16)
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
                np.save(file, whole)
            Path(file.name).replace(path)
        return np.asarray(whole / SCALE, np.float32)

    def tidy(self, most_bytes: int = MOST_BYTES) -> None:
        """Takes out what was not heard for longest, and what was never finished."""
        with contextlib.suppress(OSError):
            entries = [(entry.stat().st_mtime, entry.stat().st_size, entry.path) for entry in os.scandir(self._folder)]
            total = sum(size for _, size, _ in entries)
            for _, size, path in sorted(entries):
                if total <= most_bytes:
                    break
                Path(path).unlink(missing_ok=True)
                total -= size

    def _path(self, text: str, voice: str, speed: float) -> Path:
        key = "\0".join((VERSION, voice, f"{speed:.3f}", text))
        return self._folder / f"{hashlib.sha256(key.encode()).hexdigest()}.npy"
