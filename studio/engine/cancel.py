"""Stopping a generation: at once while nothing was sent, by asking the provider after that."""

from __future__ import annotations

from contextlib import suppress
from enum import StrEnum

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from studio.models import Generation, State
from studio.providers import get_here, get_provider
from studio.providers.base import ProviderError, RemoteProvider

from . import bells, reach, states
from .tickets import ticket_of


class CancelOutcome(StrEnum):
    """What became of the wish: done; asked for, and it may still complete; not possible at this service, so it goes on; or too late."""

    CANCELED = "canceled"
    ASKED = "asked"
    CANNOT = "cannot"
    ENDED = "ended"


_UNSENT = (State.QUEUED, State.PREPARING)
_SENT = (State.SUBMITTING, State.RUNNING)


def cancel(generation: Generation, by: reach.Actor) -> CancelOutcome:
    """Stops a generation as far as that is still possible. `by` must see it (the caller got it through `seen_by`).

    Raises PermissionDenied for a reviewer. A generation that was sent ends when its provider says so: locally within two seconds, elsewhere perhaps completed after all.
    """
    if generation.team_id != by.team_id or not reach.may_create(by):
        raise PermissionDenied("Only people who may generate can cancel.")
    now = timezone.now()
    if states.move(generation.pk, _UNSENT, State.CANCELED, cancel_requested_at=now):
        return CancelOutcome.CANCELED
    if not _can_cancel(generation):
        generation.refresh_from_db()
        return CancelOutcome.CANNOT if generation.is_under_way else CancelOutcome.ENDED
    with transaction.atomic():
        asked = Generation.objects.filter(pk=generation.pk, state__in=[state.value for state in _SENT])
        if asked.filter(cancel_requested_at=None).update(cancel_requested_at=now, step="Canceling"):
            states.announce(generation.pk)
    generation.refresh_from_db()
    if generation.state == State.CANCELED:
        return CancelOutcome.CANCELED
    if generation.cancel_requested_at is None or not generation.is_under_way:
        return CancelOutcome.ENDED
    if generation.state == State.RUNNING:
        _tell(generation)
    return CancelOutcome.ASKED


def _can_cancel(generation: Generation) -> bool:
    provider = get_provider(generation.provider)
    return provider.can_cancel if isinstance(provider, RemoteProvider) else True


def _tell(generation: Generation) -> None:
    """Best effort: the next poll tells the provider (again). One behind the wire is told by the engine lane, which the bell wakes."""
    if generation.connection_id is None:
        with suppress(ProviderError):
            get_here(generation.provider).cancel(ticket_of(generation))
    else:
        Generation.objects.filter(pk=generation.pk, state=State.RUNNING, lease_token=None).update(
            next_poll_at=timezone.now()
        )
    bells.ring(generation.pk)
