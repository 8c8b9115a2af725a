"""One process under the supervisor: started, watched, started again with growing pauses, and stopped."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence

from .logs import Voice, say

LONGEST_PAUSE_SECONDS = 30.0
STEADY_SECONDS = 60.0
"""Up for this long, a process counts as healthy, and its next failure as its first."""
FORGOTTEN_SECONDS = 3600.0
"""So long without being replaced, and the next time counts as the first."""


class Child:
    """arguments: for `python -m studio.run`. grace_seconds: how long it may take to stop before it is killed."""

    def __init__(
        self,
        name: str,
        arguments: Sequence[str],
        voice: Voice,
        environment: Mapping[str, str],
        *,
        grace_seconds: float,
        inherited: Sequence[int] = (),
    ) -> None:
        self.name = name
        self.grace_seconds = grace_seconds
        self._arguments = tuple(arguments)
        self._voice = voice
        self._environment = dict(environment)
        self._inherited = tuple(inherited)
        self._process: subprocess.Popen[bytes] | None = None
        self._failures = 0
        self._next_start = 0.0
        self.started_at = 0.0
        self.replaced = 0
        """How often in a row it was replaced because it was silent."""

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Call it from the main thread alone: the kernel takes the end of the starting thread for the end of the parent."""
        self.started_at = time.monotonic()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "studio.run", f"--parent={os.getpid()}", *self._arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=self._environment,
            pass_fds=self._inherited,
            start_new_session=True,  # Ctrl-C at the terminal reaches the supervisor alone.
        )
        assert self._process.stdout is not None
        self._voice.follow(self._process.stdout)

    def keep_up(self) -> None:
        """Starts the process again if it ended and its pause is over. Call it often."""
        now = time.monotonic()
        if self._process is None:
            if now >= self._next_start:
                self.start()
            return
        code = self._process.poll()
        if code is None:
            return
        self._end_group()
        self._failures = 1 if now - self.started_at >= STEADY_SECONDS else self._failures + 1
        pause = min(LONGEST_PAUSE_SECONDS, 2.0 ** (self._failures - 1))
        say(f"{self.name} stopped ({_reason(code)}). Starting it again in {pause:.0f} s. {self._hint()}")
        self._process = None
        self._next_start = now + pause

    def replace(self) -> None:
        """Kills a process that no longer works; `keep_up` starts the next one."""
        if self._process is not None:
            self.replaced = self.replaced + 1 if time.monotonic() - self.started_at < FORGOTTEN_SECONDS else 1
            self._end_group()

    def ask_to_stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Ends the process and what it started, and waits for it."""
        if self._process is None:
            return
        self._end_group()
        self._process.wait()

    def _end_group(self) -> None:
        """Also what a killed lane leaves behind: its pool processes are in its group."""
        assert self._process is not None
        # Either error: nothing is left of it (macOS says "not permitted" of a group that has ended).
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def _hint(self) -> str:
        words = self._voice.last_words[-1] if self._voice.last_words else ""
        return f"Its last words: {words[:200]} (more in {self._voice.file})" if words else f"See {self._voice.file}."


def _reason(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit {code}"
