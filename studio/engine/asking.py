"""Asking services how it stands: claimed in one go, asked at the same time, written back in bulk."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from studio.models import Connection, Generation, State
from studio.providers.base import (
    Answer,
    Canceled,
    Failed,
    Finished,
    Gone,
    NotConfigured,
    NotTaken,
    Progress,
    ProviderError,
    Ticket,
)

from . import check_times, faults, leases, pace, states
from .connection_state import refuse
from .still_running import Row, write_rows
from .tickets import tickets_of
from .wires import Way, way_for

if TYPE_CHECKING:
    from .courier import Courier

log = logging.getLogger(__name__)

POLL_SECONDS = 12.0
"""The most that one poll may take, a cancel before it included; well under a lease."""
ASK_AGAIN_SECONDS = 5.0
KEY_SECONDS = 60.0
YOUNG = timedelta(seconds=60)
"""So long after its submit a service may not know a job yet."""
LOST_AFTER = timedelta(seconds=30)
"""For so long a service must say again and again that it does not know a job before that is believed."""
LOST = "{title} does not know this job any more, so it is not known whether it was made or charged. Check your account there."
TICKETS_KEPT = 20_000
RUNNING = Q(state=State.RUNNING, connection__isnull=False)


@dataclass(frozen=True, slots=True)
class Unasked:
    """It was claimed, but there was no time or no leave to ask."""

    again_in: float


@dataclass(frozen=True, slots=True)
class Asked:
    """One poll, with everything that it needs and that is compared with its answer. until: when its lease ends, by the monotonic clock."""

    generation_id: UUID
    token: UUID
    until: float
    way: Way
    ticket: Ticket
    progress: float
    step: str
    started_at: datetime
    lost_since: datetime | None
    cancel: bool


Answered = tuple[Asked, Answer | Unasked | BaseException]


async def ask(asked: Asked) -> Answer:
    """A wish to cancel is told again before each poll, until an answer says that it has ended."""
    way = asked.way
    if asked.cancel and way.provider.can_cancel:
        faults.point("canceling")
        try:
            await way.provider.cancel(way.wire, asked.ticket)
        except ProviderError as error:
            log.info("%s could not be asked to stop %s: %s", way.wire.title, asked.generation_id, error)
    faults.point("while_polling")
    return await way.provider.poll(way.wire, asked.ticket)


# -- Before --------------------------------------------------------------------------------------------------------------------

_COLUMNS = (
    "pk",
    "connection_id",
    "progress",
    "step",
    "started_at",
    "uncertain_since",
    "cancel_requested_at",
    "remote",
    "created_at",
)


@dataclass(frozen=True, slots=True)
class Due:
    """What a poll needs of its row and what may have changed since the last one; the rest of a ticket is kept between polls."""

    pk: UUID
    connection_id: UUID
    progress: float
    step: str
    started_at: datetime | None
    uncertain_since: datetime | None
    cancel_requested_at: datetime | None
    remote: Any
    created_at: datetime


def claim(courier: Courier, most: int) -> tuple[list[Asked], bool]:
    """What is due and fits, and whether there may be more. Called by the clerk. Two that claim at once get different rows."""
    now = timezone.now()
    token, until = uuid.uuid4(), now + leases.LEASE
    looked_at = min(most, leases.LOOK_AT)
    closed = {*leases.paused(), *courier.full_for_polls()}
    with transaction.atomic():
        rows = Generation.objects.select_for_update(skip_locked=True).filter(RUNNING, next_poll_at__lte=now)
        free = rows.filter(Q(lease_until=None) | Q(lease_until__lte=now)).exclude(connection__in=closed)
        found = [Due(*row) for row in free.order_by("next_poll_at").values_list(*_COLUMNS)[:looked_at]]
        fits = set(leases.fitting([(due.pk, due.connection_id) for due in found], courier.room_for_polls))
        taken = [due for due in found if due.pk in fits]
        if taken:
            rows = Generation.objects.filter(pk__in=[due.pk for due in taken])
            rows.update(lease_token=token, lease_until=until, next_poll_at=until)
    return prepare(courier, taken, token), len(found) == looked_at


def prepare_rows(courier: Courier, rows: Sequence[Generation]) -> list[Asked]:
    """The same for rows that were claimed by name."""
    asked: list[Asked] = []
    for row in rows:
        assert row.lease_token is not None
        due = Due(*(getattr(row, name) for name in _COLUMNS))
        asked += prepare(courier, [due], row.lease_token)
    return asked


def prepare(courier: Courier, rows: Sequence[Due], token: UUID) -> list[Asked]:
    """Claimed rows as polls; those for which there is no token now are put off."""
    if not rows:
        return []
    found = Connection.objects.in_bulk({row.connection_id for row in rows})
    tickets = _tickets(courier, rows)
    asked: list[Asked] = []
    later: list[Row] = []
    until = monotonic() + leases.LEASE.total_seconds()
    for pk, kept in found.items():
        mine = [row for row in rows if row.connection_id == pk]
        try:
            way = way_for(kept, courier.client)
        except NotConfigured:
            later += [_put_off(row, token, KEY_SECONDS) for row in mine]
            continue
        granted, wait, each = pace.take(kept, "poll", way.provider.buckets.get("poll"), len(mine))
        later += [_put_off(row, token, wait + index * each) for index, row in enumerate(mine[granted:])]
        asked += [_asked(row, token, way, tickets[row.pk], until) for row in mine[:granted] if row.pk in tickets]
    if later:
        write_rows(later, [])
    return asked


def _tickets(courier: Courier, rows: Sequence[Due]) -> dict[UUID, Ticket]:
    """Tickets change only in their handle while a job runs, so each is read once by a process."""
    kept = courier.tickets
    if len(kept) > TICKETS_KEPT:
        kept.clear()
    new = [row.pk for row in rows if row.pk not in kept]
    if new:
        kept.update(tickets_of(Generation.objects.filter(pk__in=new)))
    return {
        row.pk: kept[row.pk] if kept[row.pk].remote == row.remote else replace(kept[row.pk], remote=row.remote)
        for row in rows
        if row.pk in kept
    }


def _asked(row: Due, token: UUID, way: Way, ticket: Ticket, until: float) -> Asked:
    return Asked(
        generation_id=row.pk,
        token=token,
        until=until,
        way=way,
        ticket=ticket,
        progress=row.progress,
        step=row.step,
        started_at=row.started_at or row.created_at,
        lost_since=row.uncertain_since,
        cancel=row.cancel_requested_at is not None,
    )


# -- After ---------------------------------------------------------------------------------------------------------------------


def write(courier: Courier, answers: Sequence[Answered]) -> None:
    """Everything that only waits on goes into one statement, the rest one by one. Called by the clerk."""
    rows: list[Row] = []
    changed: list[UUID] = []
    now = timezone.now()
    for asked, answer in answers:
        try:
            row = _settle(courier, asked, answer, now)
        except Exception:
            # A full disk, a fault of ours: the row is due again when its lease ends.
            log.exception("The answer about %s could not be taken in", asked.generation_id)
            continue
        if row is None:
            courier.tickets.pop(asked.generation_id, None)
        else:
            rows.append(row)
            if (row.progress, row.step) != (asked.progress, asked.step):
                changed.append(row.generation_id)
    if rows:
        write_rows(rows, changed)


def _settle(courier: Courier, asked: Asked, answer: Answer | Unasked | BaseException, now: datetime) -> Row | None:
    """The row to write with the others, or None where its state changed."""
    if isinstance(answer, Progress):
        return _progress(asked, answer, now)
    if isinstance(answer, Finished):
        from .keeping import came

        came(courier, asked.generation_id, asked.token, answer, asked.way)
        return None
    if isinstance(answer, Failed):
        states.move(
            asked.generation_id,
            (State.RUNNING,),
            State.FAILED,
            token=asked.token,
            charged=answer.charged,
            failure_code=answer.code[:40],
            failure_reason=answer.reason[:500],
        )
        return None
    if isinstance(answer, Canceled):
        states.move(asked.generation_id, (State.RUNNING,), State.CANCELED, token=asked.token, charged=answer.charged)
        return None
    if isinstance(answer, Gone):
        return _gone(asked, now)
    return _later(asked, _wait_after(courier, asked, answer), now)


def _progress(asked: Asked, answer: Progress, now: datetime) -> Row:
    """Progress never runs backwards."""
    share = asked.progress if answer.share is None else max(asked.progress, min(1.0, answer.share))
    wait = pace.next_look(answer.poll_in_seconds, (now - asked.started_at).total_seconds())
    remote = None if answer.remote in (None, asked.ticket.remote) else answer.remote
    return Row(asked.generation_id, asked.token, share, answer.step[:80], now + timedelta(seconds=wait), None, remote)


def _wait_after(courier: Courier, asked: Asked, problem: Unasked | BaseException) -> float:
    if isinstance(problem, Unasked):
        return problem.again_in
    if isinstance(problem, NotTaken):
        pace.pause(asked.way.connection_id, problem.retry_after_seconds, str(problem))
        courier.shut(asked.way.connection_id, problem.retry_after_seconds)
        return problem.retry_after_seconds
    if isinstance(problem, NotConfigured):
        refuse(asked.way.connection_id, str(problem))
        return KEY_SECONDS
    if isinstance(problem, ProviderError | TimeoutError):
        log.info("%s did not say how %s is: %r", asked.way.wire.title, asked.generation_id, problem)
    else:
        log.error("Asking about %s failed", asked.generation_id, exc_info=problem)
    age = (timezone.now() - asked.started_at).total_seconds()
    return pace.next_look(ASK_AGAIN_SECONDS, age)


def _later(asked: Asked, seconds: float, now: datetime) -> Row:
    again = now + timedelta(seconds=seconds)
    return Row(asked.generation_id, asked.token, asked.progress, asked.step, again, asked.lost_since)


def _gone(asked: Asked, now: datetime) -> Row | None:
    """Unknown there. Believed only once it was said for a while, and never right after the submit."""
    since = asked.lost_since or now
    if now - since < LOST_AFTER or now - asked.started_at < YOUNG:
        wait = min(5.0 + (now - since).total_seconds(), 15.0)
        again = now + timedelta(seconds=wait)
        return Row(asked.generation_id, asked.token, asked.progress, asked.step, again, since)
    states.move(
        asked.generation_id,
        (State.RUNNING,),
        State.UNCERTAIN,
        token=asked.token,
        failure_reason=LOST.format(title=asked.way.wire.title),
        uncertain_since=now,
        next_poll_at=check_times.first(now),
        lease_until=None,
        lease_token=None,
    )
    return None


def _put_off(row: Due, token: UUID, seconds: float) -> Row:
    again = timezone.now() + timedelta(seconds=seconds)
    return Row(row.pk, token, row.progress, row.step, again, row.uncertain_since)
