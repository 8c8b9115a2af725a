"""What is done for connections beside the work itself: catalogues, balances, bells, keys that must be encrypted anew or forgotten."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

from celery import shared_task
from django.db.models import Max
from django.utils import timezone

from studio.models import Connection, ConnectionState, LedgerEntry

from . import bells, catalogue, connections, people_photos, people_sync, secrets, their_sounds, webhooks
from .connection_input import Unusable

log = logging.getLogger(__name__)

BALANCE_EVERY = timedelta(hours=1)
BALANCE_RESTS = timedelta(seconds=50)
"""For so long a balance is left alone, though something was charged: less than a beat, so that a beat that comes early misses none."""


@shared_task
def look_after(connection_id: str, renew: bool = False, read: bool = True) -> None:
    """One connection: its bell and its catalogue; or what is left to do for a removed one."""
    connection = Connection.objects.select_related("team").filter(pk=UUID(connection_id)).first()
    if connection is None or not connection.key:
        return
    if connection.state == ConnectionState.REMOVED:
        webhooks.put_right(connection)
        connections.erase(connection)
        return
    webhooks.put_right(connection, renew=renew)
    if read and connection.state == ConnectionState.ACTIVE:
        catalogue.refresh(connection)


@shared_task
def read_balance(connection_id: str) -> None:
    connection = Connection.objects.usable().filter(pk=UUID(connection_id)).first()
    if connection is None:
        return
    try:
        connections.check(connection)
    except Unusable as problem:
        log.warning("The balance of %s was not read: %s", connection, problem)


@shared_task
def read_spent_balances() -> None:
    """Every minute: where the ledger has grown since a balance was read, it is read again. A service is asked once a minute at most."""
    now = timezone.now()
    # Entries have time-ordered ids, so that a long ledger is not read for its last lines. Older ones are behind the hourly reading.
    recent = UUID(int=int((now - BALANCE_EVERY).timestamp() * 1000) << 80)
    entries = LedgerEntry.objects.filter(pk__gt=recent, connection__balance_at__isnull=False).values_list("connection")
    newest = dict(entries.annotate(newest=Max("created_at")).order_by())
    for connection in Connection.objects.usable().filter(pk__in=newest):
        read = max(it for it in (connection.balance_at, connection.tested_at) if it)
        if read < newest[connection.pk] and now - read > BALANCE_RESTS:
            bells.ring_balance(connection.pk)


@shared_task
def bring_pictures(influencer_id: str) -> None:
    people_sync.bring_pictures(UUID(influencer_id))


@shared_task
def listen(item_id: str) -> None:
    their_sounds.listen(UUID(item_id))


@shared_task
def ask_about_people() -> None:
    """Every few seconds: who is still in training, and whose photos nobody has looked at."""
    people_sync.ask_due()
    people_photos.check_forgotten()


@shared_task
def look_after_all() -> None:
    """Every ten minutes; each connection's own time is spread by its id."""
    now = timezone.now()
    for connection in Connection.objects.select_related("team").exclude(key=""):
        _encrypt_anew(connection)
        if connection.state == ConnectionState.REMOVED:
            bells.ring_connection(connection.pk)
        elif connection.state == ConnectionState.ACTIVE:
            due = catalogue.is_due(connection)
            if due or webhooks.is_wrong(connection):
                bells.ring_connection(connection.pk, read=due)
            tested = connection.balance_at or connection.tested_at
            if tested is None or now - tested > BALANCE_EVERY:
                bells.ring_balance(connection.pk)


def _encrypt_anew(connection: Connection) -> None:
    """So that an earlier ENCRYPTION_KEY may be thrown away. Only over what was read: a key typed meanwhile stays."""
    for name in ("key", "webhook_secret"):
        kept = getattr(connection, name)
        if secrets.is_of_today(kept):
            continue
        try:
            renewed = secrets.renew(kept)
        except secrets.UnreadableSecret:
            continue
        Connection.objects.filter(pk=connection.pk, **{name: kept}).update(**{name: renewed})
        setattr(connection, name, renewed)
