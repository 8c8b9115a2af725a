"""A generation as its provider may know it."""

from __future__ import annotations

from studio.models import Generation
from studio.providers.base import Request, Ticket


def ticket_of(generation: Generation) -> Ticket:
    assert generation.request is not None
    assert generation.first_sent_at is not None
    return Ticket(
        generation_id=generation.pk,
        request=Request.from_bytes(bytes(generation.request)),
        idempotency_key=generation.idempotency_key,
        first_sent_at=generation.first_sent_at,
        remote=generation.remote,
        offer=generation.offer,
    )
