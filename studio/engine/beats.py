"""The lanes' heartbeats: what the health page and the banner judge a lane by."""

from __future__ import annotations

import time

from django.utils import timezone

from studio.models import LaneBeat

LANES = ("engine", "long", "render")
EVERY_SECONDS = 5.0
_last: dict[str, float] = {}


def beat(lane: str) -> None:
    """Says that a lane is at work. Written at most every five seconds by one process: readers give a lane thirty."""
    now = time.monotonic()
    if now - _last.get(lane, -EVERY_SECONDS) < EVERY_SECONDS:
        return
    _last[lane] = now
    LaneBeat.objects.update_or_create(lane=lane, defaults={"seen_at": timezone.now()})
