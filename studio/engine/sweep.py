"""Once a second: whatever is due in the rows is done, whether its message came or not."""

from __future__ import annotations

import time
from datetime import timedelta

from django.db.models import Q

from studio.providers.local import jobs

from . import beats, bells, courier, leases, pictures, reconcile, references, steps

ROUND_SECONDS = 8.0
RING_RENDER_SECONDS = 2.0
LOOK_FOR_PREVIEWS_SECONDS = 30.0
PREVIEWS_AFTER = timedelta(seconds=30)
LOOK_SECONDS = 5.0
LOOK_AFTER = timedelta(seconds=5)

_HERE = Q(connection=None) & ~Q(state="uncertain")
_OUTBOUND = Q(connection__isnull=False)
_UNSENT = Q(connection__isnull=False, state__in=["queued", "preparing", "submitting"])
_COLLECTING = Q(connection__isnull=False, state="collecting")
_done_at: dict[str, float] = {}


def sweep() -> int:
    """Takes every due generation one step on, oldest first; returns how many. Two sweeps at once share the work, never a row."""
    beats.beat("engine")
    if jobs.is_any_due() and _is_time("render", RING_RENDER_SECONDS):
        bells.ring_render()
    # A process that has just started also looks for what was left when the last one was killed, however long ago.
    within = pictures.WITHIN if "previews" in _done_at else None
    if _is_time("previews", LOOK_FOR_PREVIEWS_SECONDS):
        for asset_id in pictures.without_previews(PREVIEWS_AFTER, within)[:50]:
            bells.ring_previews(asset_id)
    if _is_time("references", LOOK_FOR_PREVIEWS_SECONDS):
        for reference_id in references.unnoticed(PREVIEWS_AFTER)[:50]:
            bells.ring_reference(reference_id)
    if _is_time("look", LOOK_SECONDS) and pictures.unlooked(LOOK_AFTER).exists():
        bells.ring_look()
    if not leases.is_any_due():
        return 0
    until, done = time.monotonic() + ROUND_SECONDS, 0
    while time.monotonic() < until and (due := leases.claim_due(among=_HERE)):
        steps.take_all(due)
        done += len(due)
    return done + _outbound(until)


def _outbound(until: float) -> int:
    """What is made behind the wire: as much as there is room for is handed over. Running ones are the clerk's, who only needs a word."""
    if not leases.is_any_due(_OUTBOUND):
        return 0
    here = courier.here()
    here.clerk.look()
    done, closed = 0, leases.paused()
    while time.monotonic() < until:
        full = [*closed, *here.full_for_submits()]
        due = leases.claim_due(among=_UNSENT, closed=full, room=here.room_for_submits)
        due += leases.claim_due(here.room_for_keeping(), among=_COLLECTING)
        if not due:
            break
        steps.take_all(due)
        done += len(due)
    return done + reconcile.sweep(here)


def _is_time(what: str, every_seconds: float) -> bool:
    """At most once in so long, by this process."""
    now = time.monotonic()
    if now - _done_at.get(what, float("-inf")) < every_seconds:
        return False
    _done_at[what] = now
    return True
