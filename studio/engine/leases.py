"""Who works on a generation right now. A claim is one statement with a fresh token; only the token's holder may write.

A claim sets `next_poll_at` to the lease's end: if its worker dies, the row is due again by itself.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from studio.models import UNDER_WAY, Generation, State

LEASE = timedelta(seconds=60)
"""Longer than any step of the engine lane may take (its limit is 60 s, and a step ends long before)."""


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
    return Generation.objects.filter(pk=generation_id, lease_token=token).first()


def claim_due(limit: int = 50, lease: timedelta = LEASE) -> list[Generation]:
    """What is due, the longest waiting first. Two that ask at once get different rows."""
    now = timezone.now()
    if not Generation.objects.filter(next_poll_at__lte=now).exists():
        return []
    token, until = uuid.uuid4(), now + lease
    with transaction.atomic():
        due = Generation.objects.select_for_update(skip_locked=True).filter(
            Q(lease_until=None) | Q(lease_until__lte=now), next_poll_at__lte=now
        )
        # Chosen and locked before the update: as its sub-query PostgreSQL may choose anew for every row, and take more than the limit.
        first = list(due.order_by("next_poll_at").values_list("pk", flat=True)[:limit])
        taken = Generation.objects.filter(pk__in=first, next_poll_at__lte=now).update(
            lease_token=token, lease_until=until, next_poll_at=until
        )
        return list(Generation.objects.filter(next_poll_at=until, lease_token=token)) if taken else []


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
