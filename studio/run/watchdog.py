"""Alive is not at work: asks the web process when each lane was last seen, and replaces a lane that is alive but silent."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from config import where

if TYPE_CHECKING:
    import httpx

SILENT_SECONDS = 30.0
PATIENCE_SECONDS = 45.0
"""A process gets this long after its start before it is judged."""
ASK_EVERY_SECONDS = 5.0
MOST_DOUBLINGS = 4
"""Both grow twofold with each replacement, so far: a machine that is too busy for its lanes is not made busier by starting them again."""
DEAF_AFTER = 4
"""So many questions in a row without an answer, and the web process is replaced."""


@dataclass
class Watchdog:
    """Asks in a thread of its own, so that a hanging web process holds nothing up. lane_ages: seconds, as of the last answer."""

    host: str
    port: int
    token: str
    lane_ages: dict[str, float] = field(default_factory=dict)
    unanswered: int = 0
    first_answer: threading.Event = field(default_factory=threading.Event)
    ready: threading.Event = field(default_factory=threading.Event)
    _stop: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        threading.Thread(target=self._run, name="watchdog", daemon=True).start()

    def stop(self) -> None:
        self._stop.set()

    def silent(self, name: str, started_at: float, replaced: int = 0) -> bool:
        """True for a process started long enough ago that is not at work. replaced: how often it was replaced already."""
        factor = 1 << min(replaced, MOST_DOUBLINGS)
        if time.monotonic() - started_at < PATIENCE_SECONDS * factor:
            return False
        if name == "web":
            return self.unanswered >= DEAF_AFTER
        if name == "broker" or self.unanswered or not self.first_answer.is_set():
            return False
        return self.lane_ages.get(name, float("inf")) > SILENT_SECONDS * factor

    def _run(self) -> None:
        while not self._stop.is_set():
            answer = self._ask()
            if answer is None:
                self.unanswered += 1
            else:
                self.unanswered = 0
                self.lane_ages = answer.get("lanes", {})
                self.first_answer.set()
                if answer.get("status") == "ok":
                    self.ready.set()
            self._stop.wait(ASK_EVERY_SECONDS if self.ready.is_set() else 0.2)

    def _ask(self) -> dict[str, Any] | None:
        return ask_health(self.host, self.port, {"X-Backlot-Supervisor": self.token})


def ask_health(host: str, port: int, headers: dict[str, str]) -> dict[str, Any] | None:
    """What the web process says of itself; None if it says nothing that makes sense within ten seconds."""
    import httpx  # A seventh of a second: the watchdog's thread spends it while the web process starts, so nobody waits.

    try:
        answer = _client().get(
            httpx.URL(scheme="http", host=host, port=port, path="/healthz"), headers={**headers, "Host": "127.0.0.1"}
        )
        found = answer.json()
    except (httpx.HTTPError, ValueError):
        return None
    return found if isinstance(found, dict) else None


@cache
def _client() -> httpx.Client:
    """One for the process. No proxy stands between a machine and itself, and a fresh connection each time asks whoever listens now."""
    import httpx

    return httpx.Client(timeout=10, trust_env=False, limits=httpx.Limits(max_keepalive_connections=0))


def is_serving(host: str, port: int) -> bool:
    """Whether the web server itself works. Silent lanes are no reason to restart its container."""
    return ask_health(host, port, {}) is not None


def reachable(host: str) -> str:
    """Where this machine reaches a server that listens on `host`."""
    if host in where.EVERYWHERE:
        return "::1" if host == "::" else "127.0.0.1"
    return host
