"""The adapter before a real server: `fake` is the scripted Videotok, `ask` runs one coroutine over a wire to it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import uuid4

import httpx
import pytest

from studio.dialects.base import Request
from studio.providers.base import Ticket, Wire
from studio.providers.videotok.adapter import VideotokProvider
from studio.tools.offer import Offer
from tests.upstreams.common import serve
from tests.upstreams.videotok import Videotok

T = TypeVar("T")
KEY = "vt_live_1"
Ask = Callable[[Callable[[VideotokProvider, Wire], Awaitable[Any]]], Any]


@pytest.fixture(scope="session")
def running() -> Iterator[Videotok]:
    fake = Videotok(KEY)
    with serve(fake):
        yield fake


@pytest.fixture
def fake(running: Videotok) -> Videotok:
    running.start_again(KEY)
    return running


@pytest.fixture
def ask(fake: Videotok) -> Ask:
    def run(work: Callable[[VideotokProvider, Wire], Awaitable[T]]) -> T:
        async def inside() -> T:
            async with httpx.AsyncClient() as client:
                return await work(VideotokProvider(), Wire(client, f"{fake.script.url}/api/v1", KEY, "Videotok"))

        return asyncio.run(inside())

    return run


def ticket(
    request: Request, offer: Offer, *, count: int = 1, key: str = "key-1", age_seconds: float = 0, remote: Any = None
) -> Ticket:
    sent_at = datetime.now(UTC) - timedelta(seconds=age_seconds)
    return Ticket(uuid4(), request, key, sent_at, remote, count=count, offer=offer.snapshot())
