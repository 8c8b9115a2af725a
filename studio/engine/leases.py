"""Who works on a generation right now. A claim is one statement with a fresh token; only the token's holder may write.

A claim sets `next_poll_at` to the lease's end: if its worker dies, the row is due again by itself.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from studio.models import UNDER_WAY, Connection, Generation, State

LEASE = timedelta(seconds=60)
"""Longer than any step of the engine lane may take (its limit is 60 s, and a step ends long before)."""
LOOK_AT = 500
"""How many due rows a claim looks at to find those that there is room for."""

Room = Callable[[UUID | None], int]
"""By connection: how many more may be under way."""


def claim(generation_id: UUID, states: Collection[State] = UNDER_WAY, lease: timedelta = LEASE) -> Generation | None:
    """One generation, for a bell that names it, whether due or not. None while somebody else holds it."""
    now = timezone.now()
    token, until = uuid.uuid4(), now + lease
    free = Generation.objects.filter(Q(lease_until=None) | Q(lease_until__lte=now), pk=generation_id)
    taken = free.filter(state__in=[state.value for state in states]).update(
        lease_token=token, lease_until=until, next_poll_at=until
    )
    if not taken:
        return None
    return Generation.objects.select_related("connection").filter(pk=generation_id, lease_token=token).first()


def claim_due(
    limit: int = 50,
    lease: timedelta = LEASE,
    *,
    among: Q | None = None,
    closed: Iterable[UUID] = (),
    room: Room | None = None,
) -> list[Generation]:
    """What is due, the longest waiting first. Two that ask at once get different rows.

    among: only these. closed: connections that get nothing now. room: at most so many of a connection.
    """
    taken = take_due(limit, lease, among=among, closed=closed, room=room)
    if taken is None:
        return []
    return list(Generation.objects.select_related("connection").filter(next_poll_at=taken[1], lease_token=taken[0]))


def take_due(
    limit: int,
    lease: timedelta,
    *,
    among: Q | None = None,
    closed: Iterable[UUID] = (),
    room: Room | None = None,
) -> tuple[UUID, datetime] | None:
    """The claim itself: (token, until) of the rows that were taken, None where nothing was."""
    now = timezone.now()
    rows = Generation.objects.filter(among) if among is not None else Generation.objects.all()
    if shut := list(closed):
        rows = rows.exclude(connection__in=shut)
    if limit <= 0 or not rows.filter(next_poll_at__lte=now).exists():
        return None
    token, until = uuid.uuid4(), now + lease
    with transaction.atomic():
        due = rows.select_for_update(skip_locked=True).filter(
            Q(lease_until=None) | Q(lease_until__lte=now), next_poll_at__lte=now
        )
        # Chosen and locked before the update: as its sub-query PostgreSQL may choose anew for every row, and take more than the limit.
        found = due.order_by("next_poll_at").values_list("pk", "connection_id")[
            : max(limit, LOOK_AT) if room else limit
        ]
        first = fitting(found, room)[:limit] if room else [pk for pk, _ in found]
        taken = Generation.objects.filter(pk__in=first, next_poll_at__lte=now).update(
            lease_token=token, lease_until=until, next_poll_at=until
        )
    return (token, until) if taken else None


def fitting(found: Iterable[tuple[UUID, UUID | None]], room: Room) -> list[UUID]:
    """Of (generation, connection) in their order: those that there is room for."""
    left: dict[UUID | None, int] = {}
    chosen = []
    for pk, connection_id in found:
        if connection_id not in left:
            left[connection_id] = room(connection_id)
        if left[connection_id] > 0:
            left[connection_id] -= 1
            chosen.append(pk)
    return chosen


def is_any_due(among: Q | None = None) -> bool:
    due = Generation.objects.filter(next_poll_at__lte=timezone.now())
    return (due.filter(among) if among is not None else due).exists()


def paused() -> list[UUID]:
    """Connections at whose services nothing is asked right now, because they said so."""
    return list(Connection.objects.filter(paused_until__gt=timezone.now()).values_list("pk", flat=True))


def release(generation: Generation, *, look_again_in: timedelta) -> bool:
    """Gives the lease back without having changed anything."""
    held = Generation.objects.filter(pk=generation.pk, lease_token=generation.lease_token)
    return bool(held.update(lease_until=None, lease_token=None, next_poll_at=timezone.now() + look_again_in))


def renew(generation: Generation, lease: timedelta = LEASE) -> bool:
    """Holds on for another lease, before the next long copy. False if it was lost."""
    until = timezone.now() + lease
    held = Generation.objects.filter(pk=generation.pk, lease_token=generation.lease_token)
    return bool(held.update(lease_until=until, next_poll_at=until))


def free_all() -> None:
    """Ends every lease, so that what dead workers held goes on at once. Only while no lane runs."""
    held = Generation.objects.filter(lease_until__isnull=False)
    held.update(lease_until=None, lease_token=None, next_poll_at=timezone.now())
