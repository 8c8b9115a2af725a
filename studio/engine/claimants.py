"""Whose a listed job may be: those of ours that are known already, and those that wait for theirs. Read after the service was asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from studio.models import Connection, Generation, RemoteCopy, State
from studio.providers.base import Job, RemoteProvider

from .matching import Ours, Seeker
from .sending import remote_key
from .tickets import tickets_of

TAKING = {"engine": timedelta(seconds=75), "long": timedelta(minutes=21)}
"""By lane: so long a service may be at work on the submit itself, whatever became of our process meanwhile."""
OFF_THE_BOOKS = timedelta(days=1)
"""So long what was written off is still thought of."""
MOST_RIVALS = 500
ON_ITS_WAY = (State.SUBMITTING, State.COLLECTING)


def until(generation: Generation) -> datetime:
    """The last moment at which it was probably taken."""
    assert generation.first_sent_at is not None
    taking = generation.first_sent_at + TAKING.get(generation.lane, TAKING["engine"])
    # A broken line is noticed at once; where our own process died, nobody knows how long it still went on there.
    noticed = generation.uncertain_since or timezone.now()
    return max(noticed, taking) if generation.lane == "long" else min(noticed, taking)


def ours(connection_id: UUID, provider: RemoteProvider, jobs: Sequence[Job]) -> dict[str, Ours]:
    """By remote id: the listed jobs that some generation of the team has, whichever key it was made with, and people and voices made here."""
    keys = {remote_key(job.remote): job.remote_id for job in jobs}
    team = Connection.objects.values("team").filter(pk=connection_id)
    copies = RemoteCopy.objects.filter(
        team__in=team, connection__provider=provider.key, remote_id__in=[job.remote_id for job in jobs]
    )
    found = {remote_id: Ours() for remote_id in copies.values_list("remote_id", flat=True)}
    rows = Generation.objects.filter(
        team__in=team, provider=provider.key, remote_key__in=[key for key in keys if key]
    ).values_list("remote_key", "first_sent_at", "started_at")
    for key, sent_at, started_at in rows:
        # One that was found again has no answer of its own: it started when it was sent, as far as we know.
        answered = started_at if started_at and sent_at and started_at > sent_at else None
        found[keys[key]] = Ours(sent_at, answered or (sent_at + TAKING["engine"] if sent_at else None))
    return found


def rivals(connection_id: UUID, mine: Seeker) -> list[Seeker]:
    """Everything else of the team that a job there may belong to: lost, written off lately, or with an answer still on its way."""
    team = Connection.objects.values("team").filter(pk=connection_id)
    lately = mine.ticket.first_sent_at - OFF_THE_BOOKS
    coming = Q(state__in=[state.value for state in ON_ITS_WAY])
    lost = Q(state=State.UNCERTAIN) | Q(state=State.FAILED, failure_code="written_off", first_sent_at__gte=lately)
    rows = Generation.objects.filter(
        coming | lost, team__in=team, provider=mine.provider.key, remote_key=None, request__isnull=False
    ).exclude(pk=mine.generation_id)
    found = list(rows.order_by("-pk")[:MOST_RIVALS])
    tickets = tickets_of(found)
    return [Seeker(it.pk, mine.provider, tickets[it.pk], until(it), it.state in ON_ITS_WAY) for it in found]
