"""The whole of Backlot as `make run` starts it, on a data folder and a port of its own."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.wait import until

PASSWORD = "a long enough password"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Stack:
    """A running Backlot. `lines` is what it has printed so far."""

    process: subprocess.Popen[str]
    data: Path
    port: int
    lines: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def welcome_url(self) -> str:
        """The link that it printed at its first start."""
        return next(match[0] for line in self.lines if (match := re.search(r"http\S+/welcome/\S+", line)))

    def manage(self, *arguments: str) -> str:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            env=environment(self.data, self.port),
            check=True,
            capture_output=True,
            text=True,
        ).stdout


def environment(data: Path, port: int, **more: str) -> dict[str, str]:
    """This process's environment without what points at the tests' own database."""
    ours = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "REDIS_URL", "PUBLIC_URL", "ALLOWED_HOSTS"}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return {**kept, "BACKLOT_DATA": str(data), "PORT": str(port), "PYTHONUNBUFFERED": "1", **more}


@contextmanager
def running(data: Path, *, port: int = 0, **settings: str) -> Iterator[Stack]:
    """Starts it, waits until it says where to open it, and stops it with Ctrl-C. port: a free one where none is given."""
    port = port or free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "studio.run"],
        env=environment(data, port, **settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    stack = Stack(process, data, port)
    reader = threading.Thread(target=lambda: stack.lines.extend(iter(process.stdout.readline, "")), daemon=True)  # type: ignore[union-attr]
    reader.start()
    try:
        until(
            lambda: process.poll() is not None or any("Ready after" in line for line in stack.lines),
            "Backlot to start",
            240,
        )
        assert process.poll() is None, "".join(stack.lines)
        yield stack
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                raise
        reader.join(5)
        assert process.stdout is not None
        process.stdout.close()
