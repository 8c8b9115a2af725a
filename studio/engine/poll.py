"""Asking the providers how it stands, many generations at once, and writing down what they say."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any

from django.utils import timezone

from studio.models import Generation, State
from studio.providers import get_here
from studio.providers.base import Answer, Canceled, Failed, Finished, Progress, ProviderError

from . import collect, leases, states
from .tickets import ticket_of

log = logging.getLogger(__name__)

ASK_AGAIN = timedelta(seconds=5)
AFTER_A_FAULT = timedelta(seconds=15)


def run(generations: Sequence[Generation]) -> None:
    """Claimed generations that are running or collecting; one call for each provider."""
    for key, group in groupby(sorted(generations, key=lambda it: it.provider), key=lambda it: it.provider):
        provider, asked = get_here(key), list(group)
        for generation in asked:
            if generation.cancel_requested_at and generation.state == State.RUNNING:
                provider.cancel(ticket_of(generation))
        try:
            answers = provider.poll([ticket_of(generation) for generation in asked])
        except ProviderError as error:
            answers = {generation.pk: error for generation in asked}
        for generation in asked:
            try:
                _write(generation, answers.get(generation.pk))
            except Exception:
                # A full disk, a storage that does not answer, a fault of ours: what was made is kept and collected later.
                log.exception("The answer about %s could not be taken in", generation.pk)
                leases.release(generation, look_again_in=AFTER_A_FAULT)


def _write(generation: Generation, answer: Answer | ProviderError | None) -> None:
    token = generation.lease_token
    if isinstance(answer, Finished):
        if generation.state == State.COLLECTING or states.move(
            generation.pk, (State.RUNNING,), State.COLLECTING, token=token, progress=1, step=""
        ):
            collect.run(generation, answer)
    elif isinstance(answer, Failed):
        states.fail(generation, answer.code, answer.reason)
    elif isinstance(answer, Canceled):
        states.move(generation.pk, (State.RUNNING,), State.CANCELED, token=token)
    elif isinstance(answer, Progress):
        _progress(generation, answer)
    else:
        if answer is not None:
            log.warning("%s did not say how %s is: %s", generation.provider, generation.pk, answer)
        leases.release(generation, look_again_in=ASK_AGAIN)


def _progress(generation: Generation, answer: Progress) -> None:
    """Progress never runs backwards, except where its results have to be made again."""
    again = generation.state == State.COLLECTING
    told = generation.progress if answer.share is None else answer.share
    share = told if again else max(generation.progress, told)
    changed = share != generation.progress or answer.step != generation.step
    fields: dict[str, Any] = {
        "progress": share,
        "step": answer.step[:80],
        "next_poll_at": timezone.now() + timedelta(seconds=answer.poll_in_seconds),
        "lease_until": None,
        "lease_token": None,
    }
    token = generation.lease_token
    assert token is not None
    if again:
        states.move(generation.pk, (State.COLLECTING,), State.RUNNING, token=token, **fields)
    else:
        states.update(generation.pk, token, tell=changed, **fields)
