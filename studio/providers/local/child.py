"""One piece of work in a process of its own, so that a broken picture or a runaway text costs one output and never the lane."""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from studio.run.parent import die_with_parent

MODULE = "studio.render.job"
_ROOT = Path(__file__).resolve().parents[3]


class Child:
    """The work on one job file by a module's command line. It dies with its lane; `kill` ends it at once, with everything that it started."""

    def __init__(self, job: Path, out: Path, errors: Path, module: str = "") -> None:
        """module: by default the one that draws."""
        parent = os.getpid()

        def before_exec() -> None:
            die_with_parent(signal.SIGKILL, parent)

        with errors.open("wb") as stderr:
            self._process = subprocess.Popen(
                [sys.executable, "-m", module or MODULE, str(job), str(out)],
                cwd=_ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=stderr,
                start_new_session=True,
                preexec_fn=before_exec,
            )
        assert self._process.stdout is not None
        self._pipe = self._process.stdout
        os.set_blocking(self._pipe.fileno(), False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._pipe, selectors.EVENT_READ)
        self._rest = b""
        self._open = True

    def listen(self, seconds: float) -> list[dict[str, Any]]:
        """What it said, waiting at most so long for it. Lines that are not JSON objects are skipped."""
        if not self._open:
            return []
        if not self._selector.select(seconds):
            return []
        data = self._pipe.read(65536)
        if data == b"":
            self._selector.unregister(self._pipe)
            self._open = False
        *lines, self._rest = (self._rest + (data or b"")).split(b"\n")
        self._rest = self._rest[-65536:]
        return [word for word in map(_word, lines) if word]

    def ended(self) -> int | None:
        """The exit code once it has closed its output and gone; negative is the number of the signal that ended it."""
        return None if self._open else self._process.wait()

    def kill(self) -> None:
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def close(self) -> None:
        self.kill()
        self._selector.close()
        self._pipe.close()


def _word(line: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(line)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
