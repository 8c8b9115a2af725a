"""The one paid call: what was committed with `submitting` goes out once, and what its answer means for the generation.

A first try that was certainly not taken goes back to the queue. Once an answer was lost, only the very same bytes may go out again, and only
where and as long as the provider honours the key; after that nobody knows, and nothing is sent any more.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from studio.models import Generation, State
from studio.providers.base import (
    Finished,
    NotConfigured,
    NotTaken,
    ProviderError,
    Refused,
    StillTaking,
    Submitted,
    Ticket,
    UnsupportedInput,
)

from . import check_times, faults, frames, keeping, pace, states
from .clerk import Held
from .connection_state import note_balance, refuse
from .courier import Courier
from .durable import on_disk
from .tickets import ticket_of
from .wires import Way

log = logging.getLogger(__name__)

SUBMIT_SECONDS = 75.0
"""Above every adapter's own time-out: it ends what hangs all the same."""
NOT_KNOWN = "The connection broke while this was sent, so it may have been started. Check your account there."
SAME_WORDS = frozenset({"input", "moderation", "missing", "era"})
"""Refusals that do not depend on the moment: whoever says so three times to the same bytes said so the first time, too."""
SAID_ENOUGH = 4
REMOTE_KEY_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Sending:
    """A request on its way. again: an earlier try may have been taken. window: how long the same bytes may go out again."""

    generation_id: UUID
    token: UUID
    way: Way
    ticket: Ticket
    again: bool
    attempts: int
    window: timedelta
    typical_seconds: float | None
    connection_id: UUID

    @property
    def held(self) -> Held:
        return Held(self.generation_id, self.token)


Said = Submitted | Finished | BaseException


def sending_of(generation: Generation, way: Way, *, again: bool) -> Sending:
    """Of a claimed generation whose request was committed."""
    assert generation.lease_token is not None
    assert generation.connection_id is not None
    return Sending(
        generation_id=generation.pk,
        token=generation.lease_token,
        way=way,
        ticket=ticket_of(generation),
        again=again,
        attempts=generation.attempts,
        window=way.provider.may_send_again_within(),
        typical_seconds=generation.typical_seconds,
        connection_id=generation.connection_id,
    )


def send(courier: Courier, sending: Sending) -> None:
    """Hands it over; the clerk writes the answer."""
    courier.post(
        sending.connection_id, sending.held, partial(call, sending), partial(answered, courier, sending), SUBMIT_SECONDS
    )


def call(sending: Sending) -> Coroutine[Any, Any, Submitted | Finished]:
    """The call itself, for the loop."""
    said = sending.way.provider.submit(sending.way.wire, sending.ticket)
    return _with_fault(said) if faults.ARMED else said


async def _with_fault(said: Coroutine[Any, Any, Submitted | Finished]) -> Submitted | Finished:
    """In tests: a moment after the bytes went out, before the answer."""
    task = asyncio.ensure_future(said)
    await asyncio.wait({task}, timeout=0.05)
    faults.point("after_sending")
    return await task


# -- The answer ----------------------------------------------------------------------------------------------------------------


def answered(courier: Courier, sending: Sending, said: Said) -> None:
    """Writes down what came. Called by the clerk, or by the thread of a long call."""
    faults.point("after_send")
    if isinstance(said, Submitted):
        _taken(courier, sending, said)
    elif isinstance(said, Finished):
        keeping.came(courier, sending.generation_id, sending.token, said, sending.way, State.SUBMITTING)
        note_balance(sending.connection_id, said.balance)
    elif isinstance(said, StillTaking):
        _again_later(sending, said.retry_after_seconds, str(said))
    elif isinstance(said, NotTaken):
        _not_taken(courier, sending, said)
    elif isinstance(said, Refused | NotConfigured | UnsupportedInput):
        _refused(sending, said)
    else:
        _lost(sending, said)
    faults.point("after_commit_answer")


def _taken(courier: Courier, sending: Sending, said: Submitted) -> None:
    now = timezone.now()
    fields: dict[str, Any] = {
        "remote": said.remote,
        "remote_key": remote_key(said.remote),
        "frames": [url for url in said.frames if url][:4],
        "step": "",
        "uncertain_since": None,
        "lease_until": None,
        "lease_token": None,
    }
    canceling = Generation.objects.filter(pk=sending.generation_id).exclude(cancel_requested_at=None).exists()
    wait = timedelta() if canceling else pace.first_look(said.poll_in_seconds, sending.typical_seconds)
    moved = partial(
        states.move,
        sending.generation_id,
        to_state=State.RUNNING,
        cost=said.charged,
        started_at=now,
        next_poll_at=now + wait,
        **fields,
    )
    try:
        with on_disk():
            if not moved(from_states=(State.SUBMITTING,), token=sending.token) and not _is_late(sending, moved):
                log.warning("%s was taken, but somebody else had moved it on", sending.generation_id)
                return
    except IntegrityError:
        log.exception("%s got a job that another generation has", sending.generation_id)
        _uncertain(sending, "The service answered with a job that belongs to something else. Check your account there.")
        return
    note_balance(sending.connection_id, said.balance)
    if fields["frames"]:
        frames.fetch(courier, sending.generation_id, fields["frames"])


def _is_late(sending: Sending, moved: Any) -> bool:
    """The lease was lost meanwhile and it was given up as uncertain: then this answer is what was missing."""
    first = Generation.objects.filter(
        pk=sending.generation_id, state=State.UNCERTAIN, first_sent_at=sending.ticket.first_sent_at
    )
    return first.exists() and bool(moved(from_states=(State.UNCERTAIN,)))


def _not_taken(courier: Courier, sending: Sending, error: NotTaken) -> None:
    pace.pause(sending.connection_id, error.retry_after_seconds, str(error))
    courier.shut(sending.connection_id, error.retry_after_seconds)
    if sending.again:
        # This try was not; the one before may have been.
        _again_later(sending, error.retry_after_seconds, str(error))
        return
    with transaction.atomic():
        moved = states.move(
            sending.generation_id,
            (State.SUBMITTING,),
            State.QUEUED,
            token=sending.token,
            step=str(error)[:80],
            next_poll_at=timezone.now() + timedelta(seconds=error.retry_after_seconds),
            lease_until=None,
            lease_token=None,
        )
        if moved and Generation.objects.filter(pk=sending.generation_id).exclude(cancel_requested_at=None).exists():
            states.move(sending.generation_id, (State.QUEUED,), State.CANCELED)


def _refused(sending: Sending, error: Refused | NotConfigured | UnsupportedInput) -> None:
    if isinstance(error, NotConfigured):
        refuse(sending.connection_id, str(error))
    code = error.code if isinstance(error, Refused) else "key" if isinstance(error, NotConfigured) else "input"
    if sending.again and (code not in SAME_WORDS or sending.attempts < SAID_ENOUGH):
        _again_later(sending, pace.backoff(sending.attempts).total_seconds(), str(error))
        return
    states.move(
        sending.generation_id,
        (State.SUBMITTING,),
        State.FAILED,
        token=sending.token,
        charged=False,
        failure_code=code[:40],
        failure_reason=str(error)[:500],
    )


def _lost(sending: Sending, error: BaseException) -> None:
    if not isinstance(error, ProviderError | TimeoutError):
        log.error("The answer about %s could not be read", sending.generation_id, exc_info=error)
    reason = str(error) if isinstance(error, ProviderError) else NOT_KNOWN
    _again_later(sending, pace.backoff(sending.attempts - 1, 3.0, 60.0).total_seconds(), reason)


def _again_later(sending: Sending, seconds: float, reason: str) -> None:
    """The same bytes once more, where there will still be time for it; else nobody knows."""
    now = timezone.now()
    if not may_send_again(sending.ticket.first_sent_at, sending.window, now + timedelta(seconds=seconds)):
        _uncertain(sending, reason)
        return
    states.update(
        sending.generation_id,
        sending.token,
        tell=True,
        step="Asking again whether it was started",
        next_poll_at=now + timedelta(seconds=seconds),
        lease_until=None,
        lease_token=None,
    )


def may_send_again(first_sent_at: datetime, window: timedelta, when: datetime) -> bool:
    return when - first_sent_at < window


def _uncertain(sending: Sending, reason: str) -> None:
    give_up(sending.generation_id, sending.token, reason)


def give_up(generation_id: UUID, token: UUID | None, reason: str) -> bool:
    """Nobody knows whether it was taken. Nothing is sent again by itself."""
    now = timezone.now()
    return states.move(
        generation_id,
        (State.SUBMITTING,),
        State.UNCERTAIN,
        token=token,
        failure_reason=(reason or NOT_KNOWN)[:500],
        uncertain_since=now,
        step="",
        next_poll_at=check_times.first(now),
        lease_until=None,
        lease_token=None,
    )


def remote_key(remote: Any) -> str | None:
    """One text of a handle, the same for the same job: its only id, several joined, else its JSON; long ones as a hash.

    None where it names no job of its own: none at all, one that failed before it got an id, or a share in another's (`added`).
    """
    if not remote or (isinstance(remote, dict) and (remote.get("failed") or remote.get("added"))):
        return None
    text = _text_of(remote) or json.dumps(remote, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text if len(text) <= REMOTE_KEY_LENGTH else hashlib.sha256(text.encode()).hexdigest()


def _text_of(remote: Any) -> str:
    if isinstance(remote, str):
        return remote
    if isinstance(remote, list) and all(isinstance(item, str) for item in remote):
        return "+".join(remote)
    if isinstance(remote, dict):
        if "ids" in remote:
            return _text_of(remote["ids"])
        if len(remote) == 1:
            return _text_of(next(iter(remote.values())))
    return ""
