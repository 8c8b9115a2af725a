"""Bells that services ring. They are never believed: a genuine one only makes the next poll happen at once, at most once a second.

Two kinds: signed ones, registered with a connection at `/hooks/<token>/`; and unsigned ones, whose address names one generation and
carries a proof that it came from us: `/hooks/done/<generation>/<proof>/`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from studio.models import UNDER_WAY, Connection, ConnectionState, Generation, Team
from studio.providers import get_remote
from studio.providers.base import RemoteProvider, Wire

from . import bells, secrets
from .connection_checks import with_wire
from .connections import base_url_of, facts_of
from .public_address import public_address

log = logging.getLogger(__name__)

LARGEST_BODY = 1024 * 1024
ONCE_IN_SECONDS = 1
WITHIN_SECONDS = 12.0
_SALT = "backlot.hooks.done"
_WAITING = frozenset(UNDER_WAY)


class Forged(Exception):
    """Not from the service, too old, or unreadable."""


# -- Addresses -----------------------------------------------------------------------------------------------------------------


def webhook_url(generation_id: UUID, team: Team) -> str:
    """Where an unsigned bell rings for one generation: always the same; "" where nothing on the internet reaches us."""
    address = public_address(team)
    return f"{address}/hooks/done/{generation_id.hex}/{_proof(generation_id, settings.SECRET_KEY)}/" if address else ""


def is_proof(generation_id: UUID, proof: str) -> bool:
    """Whether we made this address, with today's SECRET_KEY or an earlier one."""
    made = [_proof(generation_id, secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return any(constant_time_compare(proof, one) for one in made)


def connection_url(connection: Connection) -> str:
    """Where the service's signed bells ring; "" where nothing on the internet reaches us."""
    address = public_address(connection.team)
    return f"{address}/hooks/{connection.webhook_token}/" if address and connection.webhook_token else ""


def _proof(generation_id: UUID, secret: str) -> str:
    return salted_hmac(_SALT, generation_id.hex, secret=secret, algorithm="sha256").hexdigest()[:40]


# -- Hearing them --------------------------------------------------------------------------------------------------------------


def hear(connection: Connection, headers: Mapping[str, str], body: bytes) -> int:
    """Takes in a signed bell; returns how many generations will be polled at once. Raises Forged."""
    try:
        secret = secrets.reveal(connection.webhook_secret)
        if not secret:
            raise Forged
        remote_ids = get_remote(connection.provider).read_webhook(headers, body, secret)
    except (ValueError, secrets.UnreadableSecret) as error:
        raise Forged from error
    if not remote_ids:
        return 0
    return ring(Generation.objects.filter(connection=connection, remote_key__in=remote_ids[:100]))


def ring(generations: Any) -> int:
    """Makes these due now, unless somebody is looking at them at this very moment or they have ended."""
    now = timezone.now()
    states = [state.value for state in _WAITING]
    found: Iterable[UUID] = generations.filter(state__in=states, remote__isnull=False).values_list("pk", flat=True)
    rung = [pk for pk in found if cache.add(f"hook:{pk}", 1, ONCE_IN_SECONDS)]
    free = Generation.objects.filter(Q(lease_until=None) | Q(lease_until__lte=now), pk__in=rung, state__in=states)
    free.update(next_poll_at=now)
    for pk in rung:
        bells.ring(pk)
    return len(rung)


# -- Registering them at the service ---------------------------------------------------------------------------------------------


def has_bell(provider: RemoteProvider) -> bool:
    """Whether the service signs bells that are registered with the key."""
    return type(provider).register_webhook is not RemoteProvider.register_webhook


def is_wrong(connection: Connection) -> bool:
    """Whether `put_right` has something to do for an active connection."""
    if not has_bell(get_remote(connection.provider)):
        return False
    wanted = connection_url(connection)
    return bool(wanted) and (not connection.webhook_id or connection.facts.get("webhook_url") != wanted)


def put_right(connection: Connection, *, renew: bool = False) -> None:
    """Registers the bell of an active connection that has an address, takes away that of a removed one.

    renew: takes the old one away and registers a new one (another key, another address). It is a help, not a need: what goes wrong is
    logged and tried again by the next round.
    """
    if not has_bell(get_remote(connection.provider)):
        return
    wanted = connection_url(connection) if connection.state == ConnectionState.ACTIVE else ""
    gone = connection.state == ConnectionState.REMOVED
    if connection.webhook_id and (renew or gone or (wanted and connection.facts.get("webhook_url") != wanted)):
        _take_away(connection, connection.webhook_id)
        _note(connection, connection.webhook_id, "", "", "")
    if wanted and not connection.webhook_id:
        _register(connection, wanted)


def _register(connection: Connection, url: str) -> None:
    async def register(wire: Wire) -> tuple[str, str] | None:
        return await get_remote(connection.provider).register_webhook(wire, url)

    made = _asked(connection, register)
    if isinstance(made, Exception):
        log.warning("%s did not register a webhook: %s", connection.provider, made)
    elif made is not None and not _note(connection, "", made[0][:200], secrets.conceal(made[1]), url):
        _take_away(connection, made[0])  # Somebody else registered one meanwhile.


def _take_away(connection: Connection, webhook_id: str) -> None:
    async def remove(wire: Wire) -> None:
        await get_remote(connection.provider).remove_webhook(wire, webhook_id)

    said = _asked(connection, remove)
    if isinstance(said, Exception):
        # It may ring on in vain: its secret is forgotten, so that nothing listens.
        log.warning("%s did not take a webhook away: %s", connection.provider, said)


def _note(connection: Connection, before: str, webhook_id: str, secret: str, url: str) -> bool:
    """Writes down what is registered now. False where it is not `before` any more."""
    with transaction.atomic():
        now = Connection.objects.select_for_update().filter(pk=connection.pk, webhook_id=before).first()
        if now is None:
            return False
        now.webhook_id, now.webhook_secret = webhook_id, secret
        now.facts = {name: value for name, value in now.facts.items() if name != "webhook_url"}
        if url:
            now.facts["webhook_url"] = url
        now.save(update_fields=("webhook_id", "webhook_secret", "facts"))
    connection.webhook_id, connection.webhook_secret, connection.facts = webhook_id, secret, now.facts
    return True


def _asked(connection: Connection, question: Any) -> Any:
    """What the service answered, or the exception."""
    try:
        key = secrets.reveal(connection.key)
    except secrets.UnreadableSecret as unreadable:
        return unreadable
    provider = get_remote(connection.provider)
    answer, _ = with_wire(provider, base_url_of(connection), key, facts_of(connection), question, WITHIN_SECONDS)
    return answer
