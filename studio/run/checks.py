"""What must be true before anything starts. Each check says in one sentence what is wrong and what to do."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import secrets
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from .problem import AlreadyRunning, StartError

LOWEST_PYTHON = (3, 11)


def check_python() -> None:
    if sys.version_info < LOWEST_PYTHON:
        wanted = ".".join(map(str, LOWEST_PYTHON))
        raise StartError(
            f"Backlot needs Python {wanted} or newer; this is {sys.version.split()[0]}. Set PYTHON to a newer one."
        )


def prepare_folder(data_dir: Path) -> None:
    """Makes the data folder, for its owner alone, and tries to write in it."""
    probe = data_dir / f".probe-{os.getpid()}"
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in ("logs", "static", "media", "tmp", "render"):
            (data_dir / name).mkdir(mode=0o700, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise StartError(
            f"The data folder {data_dir} cannot be written ({error.strerror}). Make it writable, or set BACKLOT_DATA to another folder."
        ) from error


@dataclass(frozen=True, slots=True)
class Lock:
    """Held for as long as Backlot runs on this data folder. The file tells a second start where the first one is, and holds
    the token with which the supervisor asks the web process for details."""

    file: IO[str]
    token: str


def take_lock(data_dir: Path, address: str) -> Lock:
    path = data_dir / "up.lock"
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        content = file.read()
        file.close()
        raise AlreadyRunning(_already_running(content)) from None
    except OSError as error:
        file.close()
        raise StartError(
            f"The data folder {data_dir} is on a file system without locks ({error.strerror}). Set BACKLOT_DATA to a folder on a local disk."
        ) from error
    token = secrets.token_urlsafe(24)
    file.seek(0)
    file.truncate()
    json.dump({"pid": os.getpid(), "address": address, "token": token}, file)
    file.flush()
    return Lock(file, token)


def _already_running(content: str) -> str:
    try:
        first = json.loads(content)
        return f"Backlot is already running at {first['address']} (pid {first['pid']})."
    except (ValueError, KeyError, TypeError):
        return "Backlot is already starting with this data folder."


def listen(host: str, port: int) -> socket.socket:
    """The server's socket. The supervisor keeps it open, so that a browser waits instead of failing while the web process restarts."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host or "0.0.0.0",  # noqa: S104  (an empty HOST means everywhere)
            port,
            type=socket.SOCK_STREAM,
            flags=socket.AI_PASSIVE,
        )[0]
    except OSError as error:
        raise StartError(
            f"HOST is {host!r}, which is no address of this machine. Use 127.0.0.1, or 0.0.0.0 for all."
        ) from error
    server = socket.socket(family, kind, protocol)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        server.bind(address)
        server.listen(2048)
    except OSError as error:
        server.close()
        raise StartError(_why_not_listening(error, host, port)) from error
    server.set_inheritable(True)
    return server


def _why_not_listening(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use by another program. Choose another one: PORT={port + 1 if port < 65535 else 8000} make run."
    if error.errno == errno.EACCES:
        return f"Port {port} needs more rights than you have. Set PORT to one above 1023: PORT=8000 make run."
    return f"HOST is {host!r}, which is no address of this machine. Use 127.0.0.1, or 0.0.0.0 for all."
