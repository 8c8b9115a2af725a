"""What the processes say: everything into DATA/logs/<name>.log, warnings and errors on the terminal, too."""

from __future__ import annotations

import contextlib
import logging
import re
import sys
import threading
from collections import deque
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import IO

MAX_BYTES = 5_000_000
KEPT_FILES = 3
LOUD = re.compile(r"\b(WARNING|ERROR|CRITICAL)\b")
EVERYTHING = re.compile("")
_STAMP = re.compile(r"^\d{4}-\d\d-\d\d (\d\d:\d\d:\d\d),\d+ ")
_COLOURS = {"web": 36, "engine": 32, "long": 33, "render": 35, "broker": 34}
_print_lock = threading.Lock()


def say(text: str) -> None:
    """One line of the supervisor to the person at the terminal."""
    # An error means that the terminal is gone (its window was closed); the logs go on.
    with _print_lock, contextlib.suppress(OSError):
        print(text, flush=True)  # noqa: T201  (the terminal is this program's page)


class Voice:
    """Reads a process's output to its end in a thread. `last_words`: its latest lines, told when it stops by itself."""

    def __init__(self, name: str, folder: Path, *, shown: re.Pattern[str] | None) -> None:
        """shown: which lines also reach the terminal."""
        self.name = name
        self.file = folder / f"{name}.log"
        self.last_words: deque[str] = deque(maxlen=5)
        self._shown = shown
        self._log = logging.Logger(f"backlot.{name}")
        handler = RotatingFileHandler(
            self.file, maxBytes=MAX_BYTES, backupCount=KEPT_FILES, encoding="utf-8", delay=True
        )
        self._log.addHandler(handler)

    def follow(self, stream: IO[bytes]) -> threading.Thread:
        thread = threading.Thread(target=self._read, args=(stream,), name=f"log {self.name}", daemon=True)
        thread.start()
        return thread

    def _read(self, stream: IO[bytes]) -> None:
        for raw in stream:
            line = raw.decode("utf-8", "replace").rstrip()
            if not line:
                continue
            self.last_words.append(line)
            self._log.info("%s", line)
            if self._shown and self._shown.search(line):
                say(self._label() + _STAMP.sub(r" \1 ", line))

    def _label(self) -> str:
        label = f"{self.name:>6} |"
        return f"\x1b[{_COLOURS.get(self.name, 37)}m{label}\x1b[0m" if sys.stdout.isatty() else label
