"""Looking for a lost generation at its service: after 1, 5 and 30 minutes by itself, and whenever a person asks.

The service is asked first. Only then is it read which jobs are ours and which generations are on their way, because whatever it lists was sent
before that: a job whose answer is still coming is never taken for a lost one. A generation whose job the service had forgotten is found by its
own handle instead.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from studio.media.dial import checked_client
from studio.models import Generation, State
from studio.providers.base import Gone, Job, NotConfigured, NotTaken, ProviderError, Ticket

from . import bells, check_times, claimants, leases, matching, pace, states
from .clerk import Held
from .connection_state import refuse
from .courier import Courier
from .durable import on_disk
from .matching import Listed, Seeker
from .sending import remote_key
from .tickets import ticket_of
from .wires import Way, way_for

log = logging.getLogger(__name__)

LOOK_SECONDS = 45.0
WHILE_SOMEBODY_WAITS = 12.0
AT_ONCE = 2
"""So many looks at once for each connection: what is paid goes first."""
SOON = timedelta(seconds=20)
"""When to look again where a service could not be asked, or an answer that is on its way decides."""
LATER = timedelta(minutes=10)
STOP_TRYING = timedelta(hours=24)
MOST_CANDIDATES = 20
LOST = Q(state=State.UNCERTAIN, connection__isnull=False)


class What(StrEnum):
    """What a look brought: found, and it goes on; jobs to choose from; nothing; no way to look; not asked; or it was no longer uncertain."""

    FOUND = "found"
    CHOOSE = "choose"
    NOTHING = "nothing"
    NO_LIST = "no_list"
    UNASKED = "unasked"
    BUSY = "busy"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Look:
    """sentence: for the person."""

    what: What
    sentence: str


@dataclass(frozen=True, slots=True)
class Sought:
    """A claimed uncertain generation, with all that a coroutine needs."""

    generation_id: UUID
    token: UUID
    way: Way
    ticket: Ticket
    since: datetime
    until: datetime
    listed: bool

    @property
    def title(self) -> str:
        return self.way.wire.title

    @property
    def seeker(self) -> Seeker:
        return Seeker(self.generation_id, self.way.provider, self.ticket, self.until)


@dataclass(frozen=True, slots=True)
class Said:
    """known: whether the handle that we have leads to a job (None: we have none). jobs: None where the service lists no such thing."""

    known: bool | None = None
    jobs: tuple[Job, ...] | None = None


# -- Who looks -----------------------------------------------------------------------------------------------------------------


def sweep(courier: Courier) -> int:
    """Hands over the looks that are due; returns how many."""

    def room(connection_id: UUID | None) -> int:
        return min(AT_ONCE, courier.room_for_submits(connection_id))

    due = leases.claim_due(among=LOST, closed=leases.paused(), room=room)
    for generation in due:
        _hand_over(courier, generation)
    return len(due)


def _hand_over(courier: Courier, generation: Generation) -> None:
    assert generation.connection is not None
    try:
        sought = _sought(generation, way_for(generation.connection, courier.client))
    except NotConfigured as error:
        _unasked(generation.pk, generation.lease_token, _since(generation), error)
        return
    bucket = sought.way.provider.buckets.get("poll")
    granted, seconds, _ = pace.take(generation.connection, "poll", bucket, 1)
    if not granted:
        leases.release(generation, look_again_in=timedelta(seconds=seconds))
        return
    held = Held(sought.generation_id, sought.token)
    courier.post(sought.way.connection_id, held, partial(ask, sought), partial(_write, sought), LOOK_SECONDS)


def _write(sought: Sought, said: Said | BaseException) -> None:
    settle(sought, said)


def look(generation_id: UUID) -> Look:
    """Asks now, in the thread of the person who waits."""
    generation = leases.claim(generation_id, {State.UNCERTAIN})
    if generation is None or generation.connection is None:
        still = Generation.objects.filter(pk=generation_id, state=State.UNCERTAIN).exists()
        return Look(What.BUSY, "It is being looked for right now.") if still else _settled()
    try:
        sought = _sought(generation, way_for(generation.connection, None))
    except NotConfigured as error:
        return _unasked(generation.pk, generation.lease_token, _since(generation), error)
    return settle(sought, asyncio.run(_ask_alone(sought)))


async def _ask_alone(sought: Sought) -> Said | BaseException:
    """With a client of its own."""
    async with checked_client(connections=4) as client:
        own = replace(sought, way=replace(sought.way, wire=replace(sought.way.wire, client=client)))
        try:
            async with asyncio.timeout(WHILE_SOMEBODY_WAITS):
                return await ask(own)
        except Exception as error:
            return error


def _sought(generation: Generation, way: Way) -> Sought:
    assert generation.lease_token is not None
    return Sought(
        generation_id=generation.pk,
        token=generation.lease_token,
        way=way,
        ticket=ticket_of(generation),
        since=_since(generation),
        until=claimants.until(generation),
        listed=generation.tool in way.provider.can_list,
    )


def _since(generation: Generation) -> datetime:
    return generation.uncertain_since or generation.created_at


async def ask(sought: Sought) -> Said:
    """One conversation with the service; free. Raises ProviderError."""
    provider, wire, ticket = sought.way.provider, sought.way.wire, sought.ticket
    if ticket.remote is not None:
        try:
            await provider.poll(wire, ticket)
        except Gone:
            return Said(known=False)
        return Said(known=True)
    if not sought.listed:
        return Said()
    return Said(jobs=tuple(await provider.jobs(wire, ticket, ticket.first_sent_at - matching.CLOCK)))


# -- What it means -------------------------------------------------------------------------------------------------------------


def settle(sought: Sought, said: Said | BaseException) -> Look:
    """Writes down what came of a look."""
    title = sought.title
    if isinstance(said, BaseException):
        return _unasked(sought.generation_id, sought.token, sought.since, said, sought.way)
    if said.known:
        found = go_on(sought.generation_id, sought.ticket.remote, token=sought.token)
        return _found(title) if found else _settled()
    if said.known is False:
        return _still(sought, Look(What.NOTHING, f"{title} still does not know this job."))
    if said.jobs is None:
        return _still(sought, Look(What.NO_LIST, f"{title} has no list of these to look in."), again=False)
    mine, way = sought.seeker, sought.way
    known = claimants.ours(way.connection_id, way.provider, said.jobs)
    choice = matching.choose(mine, claimants.rivals(way.connection_id, mine), matching.unknown(said.jobs, known))
    if choice.certain and go_on(sought.generation_id, choice.certain.job.remote, token=sought.token):
        return _found(title)
    count = len(choice.possible)
    if count:
        words = "one job that could be it" if count == 1 else f"{count} jobs that could be it"
        seen = Look(What.CHOOSE, f"{title} lists {words}.")
    else:
        seen = Look(What.NOTHING, f"{title} lists nothing that fits.")
    return _still(sought, seen, choice.possible, soon=choice.wait or choice.certain is not None)


def _found(title: str) -> Look:
    return Look(What.FOUND, f"{title} has it. It goes on from here, and is not paid again.")


def _settled() -> Look:
    return Look(What.SETTLED, "Somebody was quicker: this is settled.")


def go_on(generation_id: UUID, remote: Any, *, token: UUID | None = None) -> bool:
    """Takes a job there for this generation, which is polled again from now on. False where it is no longer uncertain, or the job belongs to
    another generation already."""
    key = remote_key(remote)
    if key is None:
        return False
    row = Generation.objects.only("first_sent_at", "team_id", "provider", "started_at").get(pk=generation_id)
    try:
        with on_disk(), transaction.atomic():
            moved = states.move(
                generation_id,
                (State.UNCERTAIN,),
                State.RUNNING,
                token=token,
                remote=remote,
                remote_key=key,
                candidates=[],
                uncertain_since=None,
                failure_reason="",
                step="",
                started_at=row.started_at or row.first_sent_at,
                next_poll_at=timezone.now(),
                lease_until=None,
                lease_token=None,
            )
            if moved:
                bells.ring(generation_id)
    except IntegrityError:
        log.info("The job %s is another generation's; %s stays uncertain", key, generation_id)
        return False
    if moved:
        # Not in the same transaction: two that take the same job would each hold what the other waits for.
        _forget_candidate(row, key)
    return moved


def _forget_candidate(row: Generation, key: str) -> None:
    """It is nobody else's any more."""
    others = Generation.objects.filter(team=row.team_id, provider=row.provider, state=State.UNCERTAIN)
    for pk, candidates in others.values_list("pk", "candidates"):
        kept = [it for it in candidates if remote_key(it.get("remote")) != key]
        if len(kept) < len(candidates):
            with transaction.atomic():
                Generation.objects.filter(pk=pk, state=State.UNCERTAIN).update(candidates=kept)
                states.announce(pk)


def _still(
    sought: Sought, seen: Look, possible: Sequence[Listed] = (), *, again: bool = True, soon: bool = False
) -> Look:
    """It stays uncertain; what was seen is kept for the person."""
    now = timezone.now()
    following = check_times.following(sought.since, now) if again else None
    if soon:
        following = min(filter(None, (following, now + SOON)))
    candidates = [_candidate(it) for it in possible[:MOST_CANDIDATES]]
    return _keep(sought.generation_id, sought.token, seen, following, candidates=candidates)


def _candidate(listed: Listed) -> dict[str, Any]:
    def stamp(moment: datetime | None) -> str | None:
        return moment.isoformat() if moment else None

    job = listed.job
    known = job.created_at is not None
    return {
        "remote_id": job.remote_id,
        "remote": job.remote,
        "created_at": stamp(job.created_at),
        "after": None if known else stamp(listed.after),
        "before": None if known else stamp(listed.before),
        "fits": dict(job.fits),
        "results": job.results,
    }


def _unasked(
    generation_id: UUID, token: UUID | None, since: datetime, error: BaseException, way: Way | None = None
) -> Look:
    """The service could not be asked: soon again, then now and then, for a day."""
    now = timezone.now()
    wait = SOON if now - since < check_times.CHECKS[-1] else LATER
    if isinstance(error, NotTaken):
        wait = max(wait, timedelta(seconds=error.retry_after_seconds))
    if way and isinstance(error, NotTaken):
        pace.pause(way.connection_id, error.retry_after_seconds, str(error))
    if way and isinstance(error, NotConfigured):
        refuse(way.connection_id, str(error))
    if isinstance(error, NotConfigured):
        wait = max(wait, LATER)
    if not isinstance(error, ProviderError | TimeoutError):
        log.error("Looking for %s failed", generation_id, exc_info=error)
    sentence = str(error) if isinstance(error, ProviderError) and str(error) else "The service did not answer in time."
    following = now + wait if now - since < STOP_TRYING else None
    return _keep(generation_id, token, Look(What.UNASKED, sentence), following)


def _keep(generation_id: UUID, token: UUID | None, seen: Look, following: datetime | None, **fields: Any) -> Look:
    fields |= {"step": seen.sentence[:80], "next_poll_at": following, "lease_until": None, "lease_token": None}
    with transaction.atomic():
        rows = Generation.objects.filter(pk=generation_id, state=State.UNCERTAIN, lease_token=token)
        before = rows.values_list("step", "candidates").first()
        if not rows.update(**fields):
            return _settled()
        if before != (fields["step"], fields.get("candidates", before[1] if before else [])):
            states.announce(generation_id)
    return seen
