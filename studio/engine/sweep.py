"""Once a second: whatever is due in the rows is done, whether its message came or not."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from studio.models import Asset, Kind
from studio.providers.local import jobs

from . import beats, bells, leases, steps

ROUND_SECONDS = 8.0
RING_RENDER_SECONDS = 2.0
LOOK_FOR_PREVIEWS_SECONDS = 30.0
PREVIEWS_AFTER = timedelta(seconds=30)
PREVIEWS_WITHIN = timedelta(minutes=10)
"""A picture of which no preview can be made is not tried for ever; its original is shown."""

_done_at: dict[str, float] = {}


def sweep() -> int:
    """Takes every due generation one step on, oldest first; returns how many. Two sweeps at once share the work, never a row."""
    beats.beat("engine")
    if jobs.is_any_due() and _is_time("render", RING_RENDER_SECONDS):
        bells.ring_render()
    if _is_time("previews", LOOK_FOR_PREVIEWS_SECONDS):
        for asset_id in without_previews():
            bells.ring_previews(asset_id)
    until, done = time.monotonic() + ROUND_SECONDS, 0
    while time.monotonic() < until and (due := leases.claim_due()):
        steps.take_all(due)
        done += len(due)
    return done


def without_previews() -> list[UUID]:
    """Pictures that came some time ago and still have no preview: their bell was lost."""
    now = timezone.now()
    recent = Asset.objects.filter(pk__gt=_first_id(now - PREVIEWS_WITHIN), pk__lt=_first_id(now - PREVIEWS_AFTER))
    return list(recent.filter(kind=Kind.IMAGE, preview_small="").values_list("pk", flat=True)[:50])


def _first_id(when: datetime) -> UUID:
    """Ids are in the order of time: every id made from `when` on is greater than this one."""
    return UUID(int=int(when.timestamp() * 1000) << 80)


def _is_time(what: str, every_seconds: float) -> bool:
    """At most once in so long, by this process."""
    now = time.monotonic()
    if now - _done_at.get(what, float("-inf")) < every_seconds:
        return False
    _done_at[what] = now
    return True
