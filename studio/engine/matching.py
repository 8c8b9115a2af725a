"""Which listed job is which lost generation: pure, over what both sides tell.

    our request    first_sent_at ........ until          (the job was taken in between)
    a listed job   created_at, or between its neighbours in the list that we know

A job is taken for a generation only where nothing else fits either of them. One that made fewer results than were asked for is only shown: a service
that delivers a part says nothing about how many were asked for, so that it could be anybody's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from studio.providers.base import Job, RemoteProvider, Ticket

CLOCK = timedelta(minutes=2)
"""How far a service's clock may be from ours, where the list tells times."""
SLACK = timedelta(seconds=20)
"""How long after we gave up waiting a service has usually taken what it takes."""
WIDE = timedelta(minutes=15)
"""The same for what is shown to a person."""


@dataclass(frozen=True, slots=True)
class Seeker:
    """One of our generations that a listed job may belong to. until: when we gave up waiting for its answer.

    on_its_way: its answer may still come, and then says which job is its own.
    """

    generation_id: UUID
    provider: RemoteProvider
    ticket: Ticket
    until: datetime
    on_its_way: bool = False


@dataclass(frozen=True, slots=True)
class Ours:
    """A listed job that is one of our generations' already: when it was sent, when its answer was here. None: not known."""

    sent_at: datetime | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A job that belongs to nobody we know. after, before: when it was started, as far as can be told by our clock."""

    job: Job
    after: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """certain: the one job that it must be. possible: those that a person may choose from. wait: an answer that is on its way decides."""

    certain: Listed | None = None
    possible: tuple[Listed, ...] = ()
    wait: bool = False


def unknown(jobs: Sequence[Job], ours: Mapping[str, Ours]) -> list[Listed]:
    """The jobs (newest first) that are none of ours, by their remote ids.

    Where the list tells no time, the jobs that we know do: what is listed below one was started before its answer came, what is listed above it
    after it was sent.
    """
    befores: list[datetime | None] = []
    before: datetime | None = None
    for job in jobs:
        befores.append(before)
        answered = ours[job.remote_id].answered_at if job.remote_id in ours else None
        before = min(filter(None, (before, answered)), default=None)
    found: list[Listed] = []
    after: datetime | None = None
    for job, earliest in zip(reversed(jobs), reversed(befores), strict=True):
        if job.remote_id in ours:
            after = max(filter(None, (after, ours[job.remote_id].sent_at)), default=None)
        else:
            found.append(_listed(job, after, earliest))
    return found[::-1]


def _listed(job: Job, after: datetime | None, before: datetime | None) -> Listed:
    if job.created_at is not None:
        return Listed(job, job.created_at - CLOCK, job.created_at + CLOCK)
    if after and before and after > before:
        return Listed(job)  # The list is in no order that tells anything.
    return Listed(job, after, before)


def fits(seeker: Seeker, listed: Listed, slack: timedelta, *, fewer: bool = False) -> bool:
    """By every fact that both have, the time and the number of results among them. fewer: a part of what was asked for will do."""
    asked, made = seeker.ticket.count, listed.job.results
    if made is not None and made != asked and not (fewer and made < asked):
        return False
    if listed.before is not None and listed.before < seeker.ticket.first_sent_at:
        return False
    if listed.after is not None and listed.after > seeker.until + slack:
        return False
    return seeker.provider.job_fits(seeker.ticket, listed.job)


def choose(seeker: Seeker, rivals: Collection[Seeker], listed: Sequence[Listed]) -> Choice:
    """rivals: all others of ours that a job of this list may belong to."""
    likely = [it for it in listed if fits(seeker, it, SLACK)]
    if len(likely) == 1 and not any(fits(rival, likely[0], SLACK) for rival in rivals):
        return Choice(certain=likely[0])
    possible = [it for it in listed if fits(seeker, it, WIDE, fewer=True)]
    coming = [rival for rival in rivals if rival.on_its_way]
    free = tuple(it for it in possible if not any(fits(rival, it, SLACK, fewer=True) for rival in coming))
    return Choice(possible=free, wait=len(free) < len(possible))
