"""The real adapter, through the client that really dials, against the scripted VideoGen."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from pytest_django.fixtures import Settings

from studio.dialects.base import Request
from studio.media.dial import checked_client
from studio.providers.base import Ticket
from studio.providers.http import Wire
from studio.providers.videogen.adapter import VideoGenProvider
from tests.upstreams.common import Message, Receive, Send, Upstream, serve
from tests.upstreams.videogen import VideoGen

T = TypeVar("T")
FILES = ("image", "other", "video", "audio", "face")


class World:
    """One scripted VideoGen of one era, and how a connection to it looks."""

    def __init__(self, fake: VideoGen, url: str, era: str) -> None:
        self.fake, self.script, self.url, self.era = fake, fake.script, url, era
        self.provider = VideoGenProvider()

    def ask(self, do: Callable[[Wire], Awaitable[T]], key: str = "key-1", url: str = "") -> T:
        """Runs one conversation."""

        async def talk() -> T:
            async with checked_client() as client:
                return await do(Wire(client, url or self.url, key, "VideoGen", {"era": self.era}))

        return asyncio.run(talk())

    def ticket(self, path: str = "/v1/tools/generate-image", data: Any = None, **facts: Any) -> Ticket:
        request = Request.post(path, {"prompt": "p"} if data is None else data)
        return Ticket(facts.pop("id", uuid4()), request, "", datetime.now(UTC), **facts)

    def started(self, tool: str = "generate-image", count: int = 1, **facts: Any) -> tuple[str, Ticket]:
        """A running job and its ticket."""
        job = self.fake.add_job(tool, count).id
        ticket = self.ticket(f"/v1/tools/{tool}", remote={"execution": job}, count=count, **facts)
        return job, ticket


Open = Callable[..., World]


class Front(Upstream):
    """One listening server for all tests; each puts its own VideoGen behind it."""

    behind: VideoGen

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        await self.behind(scope, receive, send)


@pytest.fixture(scope="session")
def front() -> Iterator[Front]:
    front = Front()
    with serve(front):
        yield front


@pytest.fixture
def opened(front: Front, settings: Settings) -> Open:
    """Opens a world: `opened("0")` is one of era 0. The last one opened is the one that answers."""
    url = front.script.url
    settings.PRIVATE_HOSTS = [urlsplit(url).netloc]

    def start(era: str = "2", **facts: Any) -> World:
        fake = front.behind = VideoGen(era=era, **facts)
        fake.script.url = url
        for name in FILES:
            file = fake.files.pop(fake.add_file(name, name if name in ("video", "audio") else "image"))
            file.id = f"vg_file_{name}"
            fake.shelve(file)
        return World(fake, url, era)

    return start


@pytest.fixture
def world(opened: Open) -> World:
    return opened("2")
