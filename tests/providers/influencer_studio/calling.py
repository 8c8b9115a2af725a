"""The real adapter over a real client, asked as the engine asks it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

import httpx

from studio.dialects.base import Answer, Finished, Request, Submitted
from studio.providers import get_remote
from studio.providers.base import Ticket
from studio.providers.http import Wire
from studio.providers.influencer_studio.adapter import InfluencerStudioProvider
from studio.tools.values import At
from tests.dialects.influencer_studio.building import offer, resolved
from tests.upstreams.influencer_studio import InfluencerStudio

T = TypeVar("T")


def provider() -> InfluencerStudioProvider:
    found = get_remote("influencer_studio")
    assert isinstance(found, InfluencerStudioProvider)
    return found


def ask(
    studio: InfluencerStudio, what: Callable[[InfluencerStudioProvider, Wire], Awaitable[T]], key: str = "is_key"
) -> T:
    """One call of the adapter."""

    async def within() -> T:
        async with httpx.AsyncClient() as client:
            return await what(provider(), Wire(client, f"{studio.script.url}/api/v1", key, "Influencer Studio"))

    return asyncio.run(within())


def ticket(request: Request, remote: Any = None, count: int = 1) -> Ticket:
    return Ticket(UUID(int=1), request, "", datetime.now(UTC), remote, count)


def encoded(key: str, inputs: dict[str, Any], at: At | None = None) -> Request:
    """The request for a shipped offer, by its key without the provider."""
    return provider().encode(offer(key), resolved(key.partition(":")[0], inputs, at))


def submit(studio: InfluencerStudio, request: Request, count: int = 1) -> Submitted | Finished:
    return ask(studio, lambda adapter, wire: adapter.submit(wire, ticket(request, count=count)))


def poll(studio: InfluencerStudio, request: Request, remote: Any, count: int = 1) -> Answer:
    return ask(studio, lambda adapter, wire: adapter.poll(wire, ticket(request, remote, count)))
