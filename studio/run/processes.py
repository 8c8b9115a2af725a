"""The single processes. Each runs in the foreground and ends with SIGTERM; the supervisor starts them, and so does a deployment."""

from __future__ import annotations

import fcntl
import os
import socket
import sys
from pathlib import Path

from config import where

from .lanes import LANES, beat_arguments, worker_arguments

WEB_GRACE_SECONDS = 3
"""How long the web process waits for open streams and downloads when it stops."""

LANES_LOCK = "lanes.lock"


def _django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def web(listening: int | None = None) -> None:
    """listening: an inherited socket's number; without it, HOST and PORT."""
    import uvicorn

    _django()
    server = uvicorn.Server(
        uvicorn.Config(
            "config.asgi:application",
            host=where.HOST or "0.0.0.0",  # noqa: S104  (an empty HOST means everywhere)
            port=where.PORT,
            loop="uvloop",
            lifespan="off",
            access_log=False,
            log_config=None,  # Django's settings say how to log.
            server_header=False,
            timeout_graceful_shutdown=WEB_GRACE_SECONDS,
        )
    )
    server.run(sockets=[socket.socket(fileno=listening)] if listening is not None else None)
    sys.exit(0 if server.started else 1)


def lane(name: str, *, with_beat: bool = False) -> None:
    say_that_a_lane_runs(where.DATA_DIR)
    _celery(worker_arguments(LANES[name], where.DATA_DIR, with_beat=with_beat))


def say_that_a_lane_runs(folder: Path) -> None:
    """Shares a lock for as long as this process or one that it forks is there; the kernel lets go of it when the last one dies."""
    descriptor = os.open(folder / LANES_LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_SH)


def does_a_lane_run(folder: Path) -> bool:
    """Also one whose supervisor was killed, and which ends only after its paid calls have answered."""
    descriptor = os.open(folder / LANES_LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def beat() -> None:
    _celery(beat_arguments(where.DATA_DIR))


def _celery(arguments: list[str]) -> None:
    from celery.__main__ import main

    _django()
    sys.argv = ["celery", *arguments]
    main()


def prepare() -> None:
    """Brings everything up to date and prints, as its last line, where to go. Ends."""
    import django

    _django()
    django.setup()
    from .prepare import prepare as prepare_all

    print(f"Open {where.own_address()}{prepare_all()}")  # noqa: T201  (its answer)
