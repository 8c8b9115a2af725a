"""From queued to running for a provider that works in this installation; the others' way is outbound.py."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from studio.models import Generation, State
from studio.providers import get_here
from studio.providers.base import (
    Finished,
    HereProvider,
    NotConfigured,
    NotTaken,
    ProviderError,
    Refused,
    Submitted,
    UnsupportedInput,
)

from . import bells, collect, faults, prepare, sending, states
from .tickets import ticket_of


def run(generation: Generation) -> None:
    """One claimed generation that is queued, preparing or submitting."""
    provider = get_here(generation.provider)
    if generation.state == State.SUBMITTING:
        _send_again(generation, provider)
    elif prepare.run(None, generation, None):
        _send(generation, provider)


def _send_again(generation: Generation, provider: HereProvider) -> None:
    """Found in `submitting`: whoever sent it died before writing the answer down. The very same bytes go out again, or nothing."""
    assert generation.first_sent_at is not None
    if timezone.now() - generation.first_sent_at < provider.may_send_again_within():
        _send(generation, provider)
    else:
        sending.give_up(generation.pk, generation.lease_token, "")


def _send(generation: Generation, provider: HereProvider) -> None:
    token = generation.lease_token
    try:
        answer = provider.submit(ticket_of(generation))
    except NotTaken as error:
        _back_to_queue(generation, error)
        return
    except (Refused, NotConfigured, UnsupportedInput) as error:
        states.fail(generation, "refused", str(error))
        return
    except ProviderError as error:
        sending.give_up(generation.pk, token, str(error))
        return
    faults.point("after_send")
    now = timezone.now()
    if isinstance(answer, Finished):
        if states.move(generation.pk, (State.SUBMITTING,), State.COLLECTING, token=token, started_at=now, progress=1):
            collect.run(generation, answer)
        return
    _running(generation, provider, answer)


def _running(generation: Generation, provider: HereProvider, answer: Submitted) -> None:
    now = timezone.now()
    moved = states.move(
        generation.pk,
        (State.SUBMITTING,),
        State.RUNNING,
        token=generation.lease_token,
        remote=answer.remote,
        started_at=now,
        next_poll_at=now + timedelta(seconds=answer.poll_in_seconds),
        lease_until=None,
        lease_token=None,
    )
    if not moved:
        return
    generation.remote = answer.remote
    # A cancel may have come while it was being sent: the one who asked could not tell the provider yet.
    if Generation.objects.filter(pk=generation.pk).exclude(cancel_requested_at=None).exists():
        provider.cancel(ticket_of(generation))
    if provider.drawn_here:
        bells.ring_render()


def _back_to_queue(generation: Generation, error: NotTaken) -> None:
    states.move(
        generation.pk,
        (State.SUBMITTING,),
        State.QUEUED,
        token=generation.lease_token,
        step=str(error)[:80],
        next_poll_at=timezone.now() + timedelta(seconds=error.retry_after_seconds),
        lease_until=None,
        lease_token=None,
    )
