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
    """In one query."""
    listed = list(generations)
    outputs: dict[UUID, dict[int, str]] = defaultdict(dict)
    rows = Output.objects.filter(generation__in=[it.pk for it in listed])
    for generation_id, position, state in rows.values_list("generation_id", "position", "state"):
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
