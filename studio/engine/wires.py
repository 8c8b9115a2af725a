"""A connection as an adapter sees it: where it leads, its key, its facts. The only place that opens a key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from studio.models import Connection
from studio.providers import get_remote
from studio.providers.base import NotConfigured, RemoteProvider, Wire

from .connections import wire_of
from .secrets import UnreadableSecret


@dataclass(frozen=True, slots=True)
class Way:
    """Everything that a coroutine needs to speak with one service for one team, loaded before it starts."""

    connection_id: UUID
    provider: RemoteProvider
    wire: Wire


def wire_for(connection: Connection, client: Any) -> Wire:
    """Raises NotConfigured where there is no key, or none that can be read."""
    try:
        wire = wire_of(connection, client)
    except UnreadableSecret as error:
        raise NotConfigured(str(error)) from error
    if not wire.key:
        raise NotConfigured(f"There is no key for {wire.title} any more. Add it again in Connections.")
    return wire


def way_for(connection: Connection, client: Any) -> Way:
    """Raises NotConfigured."""
    return Way(connection.pk, get_remote(connection.provider), wire_for(connection, client))
