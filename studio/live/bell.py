"""The bell of the outbox: a word on a pub/sub channel that says "look at the table". Nothing depends on it being heard."""

from __future__ import annotations

import logging
import time
from functools import cache

import redis
from django.conf import settings
from django.db import transaction

log = logging.getLogger(__name__)

CHANNEL = "backlot:outbox"
SILENT_SECONDS = 5.0
"""After a failed ring nobody tries again for this long: a dead broker must not slow every request down."""

_silent_until = 0.0


@cache
def _client() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=0.5, socket_timeout=0.5)


def ring() -> None:
    """Tells every web process that the outbox has news. Never raises: readers also look by themselves."""
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        _client().publish(CHANNEL, b"1")
    except (redis.RedisError, OSError) as error:
        _silent_until = time.monotonic() + SILENT_SECONDS
        log.warning("The broker does not answer (%s). Browsers hear of changes a little later.", error)


def ring_on_commit() -> None:
    """Rings once when the present transaction commits, however many events it wrote."""
    connection = transaction.get_connection()
    if any(function is ring for _, function, _ in connection.run_on_commit):
        return
    transaction.on_commit(ring)
