"""From queued to running: resolve, encode, commit the request, and only then send it."""

from __future__ import annotations

import hashlib
import logging
from datetime import timedelta

from django.utils import timezone

from studio.models import Generation, State
from studio.providers import find_offer, get_here
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
from studio.tools import get_tool
from studio.tools.values import Resolved

from . import bells, collect, faults, states
from .durable import on_disk
from .reach import SystemActor
from .resolve import Unresolved, resolve
from .tickets import ticket_of

log = logging.getLogger(__name__)

LOOK_AT_PICTURES = timedelta(seconds=30)
"""How long a generation waits for the cut-outs of pictures that were uploaded a moment ago. After that it goes without."""
LOOKING = "Looking at your pictures"


def run(generation: Generation) -> None:
    """One claimed generation that is queued, preparing or submitting."""
    provider = get_here(generation.provider)
    if generation.state == State.SUBMITTING:
        _send_again(generation, provider)
    elif _prepare(generation, provider):
        _send(generation, provider)


def _prepare(generation: Generation, provider: HereProvider) -> bool:
    """Commits the request with `submitting`. False: it waits, failed, or somebody else was quicker."""
    offer, tool = find_offer(generation.offer_key), get_tool(generation.tool)
    if offer is None or tool is None:
        return _fail_unsent(generation, "offer", "What this was to be made with is not offered any more. Run it again.")
    try:
        inputs = tool.Inputs.model_validate(generation.drawn_inputs)
        values = resolve(tool, inputs, SystemActor(generation.team_id), generation.workspace_id)
        if _must_wait(generation, values):
            return False
        request = provider.encode(offer, values)
    except (Unresolved, UnsupportedInput) as error:
        return _fail_unsent(generation, "input", str(error))
    except ValueError as error:
        log.warning("The stored inputs of %s do not fit today's tool: %s", generation.pk, error)
        return _fail_unsent(
            generation, "input", "These inputs are from an older version. Open it, check them and generate again."
        )
    now = timezone.now()
    data = request.to_bytes()
    generation.request, generation.first_sent_at = data, now
    generation.idempotency_key = generation.pk.hex
    faults.point("before_commit_submit")
    with on_disk():
        moved = states.move(
            generation.pk,
            (State.QUEUED, State.PREPARING),
            State.SUBMITTING,
            token=generation.lease_token,
            request=data,
            request_hash=hashlib.sha256(data).hexdigest(),
            idempotency_key=generation.idempotency_key,
            first_sent_at=now,
            attempts=generation.attempts + 1,
            step="",
        )
    faults.point("after_commit_submit")
    return moved


def _must_wait(generation: Generation, values: Resolved) -> bool:
    fresh = [picture for picture in values.all_media() if not picture.analysed]
    if not fresh or timezone.now() - generation.created_at > LOOK_AT_PICTURES:
        return False
    if generation.step != LOOKING:
        for picture in fresh:
            bells.ring_previews(picture.id)
    assert generation.lease_token is not None
    states.update(
        generation.pk,
        generation.lease_token,
        tell=generation.step != LOOKING,
        step=LOOKING,
        next_poll_at=timezone.now() + timedelta(seconds=0.5),
        lease_until=None,
        lease_token=None,
    )
    return True


def _fail_unsent(generation: Generation, code: str, reason: str) -> bool:
    states.fail(generation, code, reason)
    return False


def _send_again(generation: Generation, provider: HereProvider) -> None:
    """Found in `submitting`: whoever sent it died before writing the answer down. The very same bytes go out again, or nothing."""
    assert generation.first_sent_at is not None
    if timezone.now() - generation.first_sent_at < provider.may_send_again_within():
        _send(generation, provider)
    else:
        _uncertain(
            generation,
            "The connection broke while this was sent, so it may have been started. Check your account there.",
        )


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
        _uncertain(generation, str(error))
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


def _uncertain(generation: Generation, reason: str) -> None:
    states.move(
        generation.pk,
        (State.SUBMITTING,),
        State.UNCERTAIN,
        token=generation.lease_token,
        failure_reason=reason[:500],
        next_poll_at=None,
        lease_until=None,
        lease_token=None,
    )
