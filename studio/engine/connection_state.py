"""What the engine notes on a connection: a key that is refused, what is left in the account; and what its last test left open."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from django.utils import timezone

from studio.models import Connection, ConnectionState
from studio.providers import get_remote


def refuse(connection_id: UUID, reason: str) -> None:
    """The service does not take the key: what is queued waits until a person has looked. One that was paused or removed stays so."""
    rows = Connection.objects.filter(pk=connection_id, state=ConnectionState.ACTIVE)
    rows.update(state=ConnectionState.REFUSED, state_reason=reason[:500])


def note_balance(connection_id: UUID, balance: Decimal | None) -> None:
    """What an answer says is left, in the unit that the connection has."""
    if balance is not None:
        Connection.objects.filter(pk=connection_id).update(balance=balance, balance_at=timezone.now())


def doubt_of(connection: Connection) -> str:
    """That nobody answered when its key was tried, and none has since: new work would wait. "" where there is no doubt."""
    tested, read = connection.tested_at, connection.catalogue_at
    if connection.test_passed is not None or tested is None or (read and read > tested):
        return ""
    title = get_remote(connection.provider).title
    return f"{title} did not answer when it was last tried. {connection.test_message} What you generate waits until it does."
