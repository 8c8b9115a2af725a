"""When to ask next, and how often at all: delays that grow with age, and the token buckets that every process shares on the connection's row."""

from __future__ import annotations

import random
import time
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from studio.models import Connection
from studio.providers.base import Bucket

FIRST_AT_MOST = 20.0
FIRST_SHARE = 0.5
"""The first look comes at half of the usual time: early enough for the quick ones, late enough not to ask in vain."""
LONGEST_SECONDS = 60.0
_SLOWER = ((120.0, 1.0), (600.0, 2.0), (3600.0, 4.0))
_VERY_OLD = 12.0

_random = random.Random()  # noqa: S311  (jitter, not a secret)


def first_look(asked_seconds: float, typical_seconds: float | None) -> timedelta:
    """After a submit: what the provider asks for, later where it usually takes long."""
    expected = min((typical_seconds or 0) * FIRST_SHARE, FIRST_AT_MOST)
    return timedelta(seconds=_jittered(max(asked_seconds, expected)))


def next_look(asked_seconds: float, age_seconds: float) -> float:
    """Seconds until the next poll: what the provider asks, backing off with age."""
    factor = next((factor for age, factor in _SLOWER if age_seconds < age), _VERY_OLD)
    return _jittered(min(asked_seconds * factor, max(LONGEST_SECONDS, asked_seconds)))


def backoff(attempt: int, first_seconds: float = 5.0, longest_seconds: float = 600.0) -> timedelta:
    """5, 10, 20 … seconds."""
    return timedelta(seconds=_jittered(min(first_seconds * 2 ** min(max(attempt, 0), 16), longest_seconds)))


def _jittered(seconds: float) -> float:
    """Never shorter than asked: a tenth is added at most."""
    return seconds * (1 + _random.random() / 10)


def pause(connection_id: UUID, seconds: float, reason: str) -> None:
    """Nothing is sent to this service before that. A longer pause stands."""
    until = timezone.now() + timedelta(seconds=seconds)
    rows = Connection.objects.filter(pk=connection_id)
    rows.exclude(paused_until__gt=until).update(paused_until=until, paused_reason=reason[:200])


def take(connection: Connection, action: str, bucket: Bucket | None, wanted: int) -> tuple[int, float, float]:
    """Takes up to `wanted` tokens: (how many there were, seconds until there is another, seconds from one to the next).

    Everything is granted where the provider names no such bucket, or the connection is `unlimited`.
    """
    if bucket is None or connection.facts.get("unlimited"):
        return wanted, 0.0, 0.0
    each = 3600.0 / bucket.per_hour
    with transaction.atomic():
        row = Connection.objects.select_for_update().only("buckets").get(pk=connection.pk)
        now = time.time()
        kept = row.buckets.get(action, {})
        since = max(0.0, now - float(kept.get("at", 0)))
        left = min(float(bucket.burst), float(kept.get("left", bucket.burst)) + since / each)
        granted = min(wanted, int(left))
        left -= granted
        buckets = {**row.buckets, action: {"left": round(left, 4), "at": now}}
        Connection.objects.filter(pk=connection.pk).update(buckets=buckets)
    return granted, max(0.0, (1 - left) * each), each
