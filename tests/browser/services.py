"""The three scripted services, each a process of its own, and a Backlot that may reach them: for tests that make one of everything."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from tests.upstreams.common import Far

from .stack import Stack, free_port, running

KEYS = {
    "influencer_studio": "is_key_of_northbeam_7777",
    "videotok": "vt_live_of_northbeam_8888",
    "videogen": "sk_videogen_live_northbeam_9999",
}
BASE = {"influencer_studio": "/api/v1", "videotok": "/api/v1", "videogen": ""}
TITLES = {"influencer_studio": "Influencer Studio", "videotok": "Videotok", "videogen": "VideoGen"}
FILES = Path(settings.BASE_DIR) / "tests" / "upstreams" / "files"


@dataclass(frozen=True)
class Service:
    """A running scripted service. far: steers it from here."""

    name: str
    url: str
    far: Far

    @property
    def base_url(self) -> str:
        return self.url + BASE[self.name]

    @property
    def key(self) -> str:
        return KEYS[self.name]

    @property
    def title(self) -> str:
        return TITLES[self.name]

    @property
    def paid(self) -> list[dict[str, Any]]:
        """What was taken and paid for, in order."""
        return list(self.far.facts()["paid"])

    @property
    def served(self) -> set[str]:
        """The sha256 of every file that was fetched from it."""
        return set(self.far.served())


@contextmanager
def service(name: str) -> Iterator[Service]:
    command = [sys.executable, "-m", f"tests.upstreams.{name}", "--key", KEYS[name]]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=settings.BASE_DIR)
    assert process.stdout is not None
    try:
        url = process.stdout.readline().strip()
        assert url, f"The scripted {name} did not start."
        yield Service(name, url, Far(url))
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


@contextmanager
def three_services() -> Iterator[Mapping[str, Service]]:
    """Jobs take two seconds, so that their running tiles can be seen; a new influencer is ready at once."""
    with ExitStack() as several:
        found = {name: several.enter_context(service(name)) for name in KEYS}
        found["influencer_studio"].far.set(seconds=2.0, songs=2)
        found["videotok"].far.turn(name="work_seconds", to=2.0)
        found["videogen"].far.set(seconds=2.0)
        yield found


@contextmanager
def studio_beside(services: Mapping[str, Service], data: Path, *more_hosts: str) -> Iterator[Stack]:
    """A new Backlot without the demo that may dial the services, and itself as its own public address."""
    port = free_port()
    hosts = [urlsplit(it.url).netloc for it in services.values()]
    allowed = ",".join([*hosts, f"127.0.0.1:{port}", *more_hosts])
    with running(data, port=port, DEMO="0", BACKLOT_PRIVATE_HOSTS=allowed) as stack:
        yield stack


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
