"""Where this Backlot lives: its folder, its address, its broker. Read here so that the supervisor need not load Django."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from . import env

BASE_DIR = Path(__file__).resolve().parent.parent

DATA_DIR = Path(env.text("BACKLOT_DATA", str(BASE_DIR / "data"))).expanduser().resolve()
HOST = env.text("HOST", "127.0.0.1")
PORT = env.integer("PORT", 8000, 1, 65535)
PUBLIC_URL = env.url("PUBLIC_URL", "", ("https", "http")).rstrip("/")
DEMO = env.boolean("DEMO", True)
LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"))

EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104  (listening everywhere is the operator's choice)
SOCKET_PATH_BYTES = 100
"""Unix socket addresses end at 107 bytes on Linux, 103 on macOS."""


def broker_socket(data_dir: Path) -> Path:
    """The embedded broker's socket: in the data folder, or, where that path is too long, in a private folder for temporary files."""
    socket = data_dir / "broker.sock"
    if len(os.fsencode(socket)) <= SOCKET_PATH_BYTES:
        return socket
    name = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"backlot-{os.getuid()}-{name}" / "broker.sock"


BROKER_SOCKET = broker_socket(DATA_DIR)
REDIS_URL = env.url("REDIS_URL", f"unix://{BROKER_SOCKET}", ("redis", "rediss", "unix"))
OWN_BROKER = f"unix://{BROKER_SOCKET}" == REDIS_URL
"""True where the supervisor runs the broker itself."""


def own_address() -> str:
    """What a person on this machine types into the browser."""
    if PUBLIC_URL:
        return PUBLIC_URL
    host = "127.0.0.1" if HOST in EVERYWHERE else HOST
    return f"http://[{host}]:{PORT}" if ":" in host else f"http://{host}:{PORT}"
