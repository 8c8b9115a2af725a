"""One step of a generation that is made behind the wire: everything that touches rows happens here, the rest is handed over."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from studio.models import Connection, ConnectionState, Generation, State
from studio.providers import PROVIDERS
from studio.providers.base import Bucket, NotConfigured

from . import bells, courier, faults, keeping, leases, pace, prepare, sending, states
from .courier import Courier
from .wires import Way, way_for

log = logging.getLogger(__name__)

KEY_SECONDS = 30.0
LONG_SECONDS = 10.0
NO_ROOM = timedelta(seconds=0.5)
OLDEST = timedelta(days=2)
"""So long something waits for a service that takes nothing; then it fails, and nothing was charged."""


def take_all(generations: Sequence[Generation]) -> None:
    """A step for each of these claimed generations."""
    if not generations:
        return
    here = courier.here()
    running = [generation for generation in generations if generation.state == State.RUNNING]
    if running:
        here.clerk.ask_now(running)
    for generation in generations:
        if generation.state == State.COLLECTING:
            if not keeping.start(here, generation):
                leases.release(generation, look_again_in=NO_ROOM)
        elif generation.state in (State.QUEUED, State.PREPARING, State.SUBMITTING):
            _guarded(here, generation)


def _guarded(here: Courier, generation: Generation) -> None:
    from .steps import failed

    try:
        if generation.lane == "long":
            # Its call takes minutes: the long lane prepares and makes it.
            if generation.state == State.SUBMITTING and _is_too_late(generation):
                return
            bells.ring_long(generation.pk)
            leases.release(generation, look_again_in=timedelta(seconds=LONG_SECONDS))
            return
        found = to_send(here, generation)
        if found is not None:
            sending.send(here, found)
    except Exception:
        # A fault of ours must not hold up the rest of the batch, nor make this one spin, nor wait for ever.
        log.exception("Submitting %s failed", generation.pk)
        failed(generation)


def to_send(here: Courier, generation: Generation) -> sending.Sending | None:
    """The request of a claimed generation, committed and ready to go out. None where it waits, has ended, or somebody was quicker."""
    kept = generation.connection
    assert kept is not None
    again = generation.state == State.SUBMITTING
    if again and _is_too_late(generation):
        return None
    if _must_wait(generation, kept, again):
        return None
    try:
        way = way_for(kept, here.client)
    except NotConfigured as error:
        prepare.wait(generation, KEY_SECONDS, str(error))
        return None
    if not _has_token(generation, kept, way):
        return None
    if again:
        return _same_bytes(generation, way)
    if not prepare.run(here, generation, way):
        return None
    return sending.sending_of(generation, way, again=False)


def _is_too_late(generation: Generation) -> bool:
    """Found in `submitting`: whoever sent it died before writing the answer down, or got none. The very same bytes go out again, or nothing."""
    from studio.providers import get_remote

    assert generation.first_sent_at is not None
    window = get_remote(generation.provider).may_send_again_within()
    if sending.may_send_again(generation.first_sent_at, window, timezone.now()):
        return False
    sending.give_up(generation.pk, generation.lease_token, "")
    return True


def _must_wait(generation: Generation, kept: Connection, again: bool) -> bool:
    """Whether the connection lets nothing out now; then the generation was put back, or has failed."""
    title = PROVIDERS[kept.provider][0]
    if kept.is_paused(timezone.now()):
        assert kept.paused_until is not None
        seconds = (kept.paused_until - timezone.now()).total_seconds()
        prepare.wait(generation, max(0.1, seconds), kept.paused_reason or f"{title} asks for a pause")
        return True
    if kept.state == ConnectionState.ACTIVE:
        return False
    if again:
        prepare.wait(generation, KEY_SECONDS, f"Waiting for the key of {title}")
        return True
    if kept.state == ConnectionState.REMOVED:
        states.fail(generation, "key", f"The connection to {title} was removed before this was sent.", charged=False)
    elif timezone.now() - generation.created_at > OLDEST:
        states.fail(generation, "key", f"The connection to {title} could not be used for two days.", charged=False)
    else:
        word = "takes the key again" if kept.state == ConnectionState.REFUSED else "is resumed"
        prepare.wait(generation, KEY_SECONDS, f"Waiting until {title} {word}")
    return True


def _has_token(generation: Generation, kept: Connection, way: Way) -> bool:
    bucket: Bucket | None = way.provider.buckets.get("submit")
    granted, seconds, _ = pace.take(kept, "submit", bucket, 1)
    if granted:
        return True
    prepare.wait(generation, seconds, f"Waiting: {way.wire.title} takes no more for now")
    return False


def _same_bytes(generation: Generation, way: Way) -> sending.Sending | None:
    """One more try with the stored request. The count goes up before it goes out."""
    assert generation.lease_token is not None
    generation.attempts += 1
    if not states.update(generation.pk, generation.lease_token, attempts=generation.attempts):
        return None
    faults.point("after_commit_submit")
    return sending.sending_of(generation, way, again=True)
