"""One step of a generation, whatever its state: what a bell and the sweep both call."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from studio.models import Generation, State
from studio.providers import get_provider

from . import leases, outbound, poll, states, submit

log = logging.getLogger(__name__)

GIVE_UP = timedelta(minutes=10)
_UNSENT = frozenset({State.QUEUED, State.PREPARING, State.SUBMITTING})
_SENT = frozenset({State.RUNNING, State.COLLECTING})


def advance(generation_id: UUID) -> None:
    """Claims a generation and takes it one step on. Nothing happens where somebody else holds it or it has ended."""
    generation = leases.claim(generation_id, _UNSENT | _SENT)
    if generation:
        take_all([generation])


def take_all(generations: Sequence[Generation]) -> None:
    """A step for each of the claimed generations. Nobody waits here for a service: what is made behind the wire is handed over."""
    here = [generation for generation in generations if generation.connection_id is None]
    poll.run([generation for generation in here if generation.state in _SENT])
    for generation in here:
        if generation.state in _UNSENT:
            _unsent(generation)
    outbound.take_all([generation for generation in generations if generation.connection_id is not None])


def _unsent(generation: Generation) -> None:
    try:
        submit.run(generation)
    except Exception:
        # A fault of ours must not hold up the rest of the batch, nor make this one spin, nor wait for ever.
        log.exception("Submitting %s failed", generation.pk)
        failed(generation)


def failed(generation: Generation) -> None:
    """After a fault of ours while a generation was being prepared or sent."""
    generation.refresh_from_db(fields=["state"])
    too_old = timezone.now() - generation.created_at > GIVE_UP
    # What may have been sent to somebody who charges never fails here: its window to be sent again closes, and it is uncertain.
    certain = generation.state != State.SUBMITTING or get_provider(generation.provider).drawn_here
    if too_old and certain and generation.state in _UNSENT:
        states.fail(generation, "internal", "Something went wrong on this server. The log says what; run it again.")
    else:
        leases.release(generation, look_again_in=poll.AFTER_A_FAULT)
