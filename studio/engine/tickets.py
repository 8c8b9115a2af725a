"""A generation as its provider may know it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from studio.models import Generation, Output, OutputState
from studio.providers.base import Request, Ticket


def ticket_of(generation: Generation) -> Ticket:
    return tickets_of([generation])[generation.pk]


def tickets_of(generations: Iterable[Generation]) -> dict[UUID, Ticket]:
    """In one query. The local renderer knows its results itself, and costs none."""
    listed = list(generations)
    outputs: dict[UUID, dict[int, str]] = defaultdict(dict)
    remote = [it.pk for it in listed if it.connection_id]
    rows = Output.objects.filter(generation__in=remote).values_list("generation_id", "position", "state")
    for generation_id, position, state in rows if remote else ():
        outputs[generation_id][position] = state
    return {it.pk: _ticket(it, outputs[it.pk]) for it in listed}


def _ticket(generation: Generation, outputs: dict[int, str]) -> Ticket:
    assert generation.request is not None
    assert generation.first_sent_at is not None
    return Ticket(
        generation_id=generation.pk,
        request=Request.from_bytes(bytes(generation.request)),
        idempotency_key=generation.idempotency_key,
        first_sent_at=generation.first_sent_at,
        remote=generation.remote,
        count=max(1, len(outputs)),
        settled=frozenset(position for position, state in outputs.items() if state != OutputState.WAITING),
        offer=generation.offer,
    )
