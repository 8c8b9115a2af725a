"""Doorbells: messages that make a lane look at a row now instead of at the next sweep. Losing every one of them loses nothing."""

from __future__ import annotations

import logging
import time
from functools import cache, partial
from typing import Any
from uuid import UUID

from django.db import transaction
from kombu.exceptions import KombuError
from kombu.pools import producers
from redis.exceptions import RedisError

from config.celery import app

log = logging.getLogger(__name__)

SILENT_SECONDS = 5.0
"""After a bell that could not be rung nobody tries again for this long: a dead broker must cost a request a second at most, and once."""
EXPIRES_SECONDS = 10
"""By then the sweep has found the row, and rung again where that was needed: a lane that was away does not come back to thousands."""
PREVIEWS_EXPIRE_SECONDS = 600
"""A pile of uploads may take a while, and each picture is rung for once."""

_silent_until = 0.0


def ring(generation_id: UUID) -> None:
    """After the commit: somebody look at this generation."""
    _on_commit("studio.engine.tasks.bell", str(generation_id))


def ring_render() -> None:
    """After the commit: a render job waits."""
    _on_commit("studio.engine.tasks.render_next")


def ring_long(generation_id: UUID) -> None:
    """After the commit: the long lane shall make the paid call of this generation."""
    _on_commit("studio.engine.tasks.long_submit", str(generation_id))


def ring_previews(asset_id: UUID) -> None:
    """After the commit: this file wants its previews."""
    _on_commit("studio.engine.tasks.make_previews", str(asset_id), expires=PREVIEWS_EXPIRE_SECONDS)


def ring_reference(reference_id: UUID) -> None:
    """After the commit: somebody look at this inspiration."""
    _on_commit("studio.engine.tasks.notice", str(reference_id), expires=PREVIEWS_EXPIRE_SECONDS)


def ring_connection(connection_id: UUID, *, renew: bool = False, read: bool = True) -> None:
    """After the commit: put a connection's own bell right (renew: it belongs to another key or address) and read its catalogue."""
    task = "studio.engine.connection_tasks.look_after"
    _on_commit(task, str(connection_id), renew, read, expires=PREVIEWS_EXPIRE_SECONDS)


def ring_balance(connection_id: UUID) -> None:
    """After the commit: read what is left at a service."""
    _on_commit("studio.engine.connection_tasks.read_balance", str(connection_id), expires=PREVIEWS_EXPIRE_SECONDS)


def ring_person(influencer_id: UUID) -> None:
    """After the commit: the pictures of somebody who was brought from a service are to be fetched."""
    _on_commit("studio.engine.connection_tasks.bring_pictures", str(influencer_id), expires=PREVIEWS_EXPIRE_SECONDS)


def ring_sound(item_id: UUID) -> None:
    """After the commit: a sample of a service was listened to for the first time."""
    _on_commit("studio.engine.connection_tasks.listen", str(item_id), expires=PREVIEWS_EXPIRE_SECONDS)


def ring_photos(influencer_id: UUID) -> None:
    """After the commit: this person has photos that nobody has looked at."""
    _on_commit("studio.engine.tasks.check_photos", str(influencer_id), expires=PREVIEWS_EXPIRE_SECONDS)


def ring_look() -> None:
    """Pictures wait for a closer look."""
    _on_commit("studio.engine.tasks.look")


def _on_commit(task: str, *args: Any, expires: float = EXPIRES_SECONDS) -> None:
    transaction.on_commit(partial(_publish, task, *args, expires=expires))


@cache
def _connection() -> Any:
    """The bell's own connection: by default kombu spends six seconds on a broker that is not there."""
    options = {
        "socket_connect_timeout": 0.5,
        "socket_timeout": 1,
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0,
    }
    return app.connection_for_write(transport_options=options)


def _publish(task: str, *args: Any, expires: float = EXPIRES_SECONDS) -> None:
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        with producers[_connection()].acquire(block=True, timeout=1) as producer:
            app.send_task(
                task,
                args,
                expires=expires,
                retry=False,
                ignore_result=True,
                add_to_parent=False,
                producer=producer,
            )
    except (KombuError, RedisError, OSError) as error:
        _silent_until = time.monotonic() + SILENT_SECONDS
        log.warning("The broker does not answer (%s). Work starts at the next sweep.", error)
