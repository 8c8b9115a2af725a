"""The long lane: paid calls that answer after minutes. Each has a thread of its own that waits; the lease is renewed meanwhile.

A worker that dies is noticed when its lease ends; then nobody knows what became of the call, and it is never sent again by itself.
"""

from __future__ import annotations

import logging
from functools import partial
from uuid import UUID

from studio.models import Generation, State
from studio.providers.base import Finished, Submitted

from . import courier, leases, outbound, sending, steps
from .clerk import Held

log = logging.getLogger(__name__)

CALL_SECONDS = 1260.0
"""Above the time-out of every adapter (a LoRA video may take 20 minutes): it ends what hangs all the same."""
_UNSENT = frozenset({State.QUEUED, State.PREPARING, State.SUBMITTING})


def submit(generation_id: UUID) -> None:
    """Prepares a waiting generation of the long lane, sends it, waits for the answer and writes it down."""
    generation = leases.claim(generation_id, _UNSENT)
    if generation is None:
        return
    try:
        _submit(generation)
    except Exception:
        log.exception("The long call of %s failed", generation_id)
        steps.failed(generation)


def _submit(generation: Generation) -> None:
    here = courier.here()
    found = outbound.to_send(here, generation)
    if found is None:
        return
    held = Held(found.generation_id, found.token)
    here.clerk.hold(held)
    try:
        said: Submitted | Finished | Exception
        try:
            said = here.call(partial(sending.call, found), CALL_SECONDS).result()
        except Exception as error:
            said = error
        sending.answered(here, found, said)
    finally:
        here.clerk.let_go(held)
