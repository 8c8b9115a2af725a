"""Bringing home what a service made: noted first, then fetched, checked and stored, each output settled once, and only then an end.

What the service said stands in the outputs' `link` from the moment it is read, so that a crash, or a service that forgets, costs nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from config.storage import StorageAway
from studio.media.address import AddressRefused
from studio.media.decode import workplace
from studio.media.errors import MediaRefused
from studio.media.fetch import Fetched, Gone, Later, TooBig, WrongType, fetch_to
from studio.media.limits import max_result_bytes
from studio.models import Generation, Output, OutputState, State
from studio.providers.base import (
    Finished,
    Link,
    Missing,
    NewVoice,
    NotConfigured,
    Person,
    ProviderError,
    Text,
)
from studio.providers.base import Gone as JobGone

from . import bells, extras, faults, leases, newcomers, pace, states, storing
from .clerk import Held
from .connection_state import note_balance
from .courier import Courier
from .postponing import Postponed, is_old
from .results import NEVER_CAME, by_position, from_data, to_data
from .tickets import ticket_of
from .wires import Way, way_for

log = logging.getLogger(__name__)

FETCH_SECONDS = 1800.0
LINK_SECONDS = 60.0
AT_ONCE = 3
BALANCE_IS_OLD = timedelta(minutes=1)
BELIEVED_AFTER = timedelta(seconds=60)
"""For so long a service must say that it does not know a finished job any more before its file counts as lost."""
GONE = "The service no longer has this file. Its address had expired before it could be fetched."
UNREACHABLE = "The file could not be fetched within a day. Look into your account there; it may still be listed."


# -- What was said --------------------------------------------------------------------------------------------------------------


def came(
    courier: Courier,
    generation_id: UUID,
    token: UUID,
    finished: Finished,
    way: Way,
    state: State = State.RUNNING,
) -> None:
    """Notes the results and goes on to fetch them, at once where there is room. Called by the clerk."""
    faults.point("before_commit_finished")
    with transaction.atomic():
        fields: dict[str, Any] = {"started_at": timezone.now()} if state == State.SUBMITTING else {}
        moved = states.move(
            generation_id, (state,), State.COLLECTING, token=token, progress=1, step="", uncertain_since=None, **fields
        )
        if not moved and state == State.SUBMITTING:
            moved = _late(generation_id, token)
        if not moved:
            return
        _note(generation_id, finished)
    faults.point("after_commit_finished")
    note_balance(way.connection_id, finished.balance)
    generation = Generation.objects.select_related("connection").get(pk=generation_id)
    if generation.lease_token == token and not start(courier, generation):
        leases.release(generation, look_again_in=timedelta())


def _late(generation_id: UUID, token: UUID) -> bool:
    """A synchronous answer for one that was given up as uncertain meanwhile."""
    fields: dict[str, Any] = {"lease_token": token, "lease_until": timezone.now() + leases.LEASE}
    found = states.move(generation_id, (State.UNCERTAIN,), State.RUNNING, uncertain_since=None, **fields)
    return found and states.move(generation_id, (State.RUNNING,), State.COLLECTING, token=token, progress=1, step="")


def _note(generation_id: UUID, finished: Finished) -> None:
    outputs = list(Output.objects.filter(generation=generation_id).order_by("position"))
    results = by_position(finished, len(outputs))
    for output in outputs:
        output.link = to_data(results[output.position])
        if output.position == 0 and finished.cost is not None:
            output.link["cost"] = str(finished.cost)
    Output.objects.bulk_update(outputs, ["link"])
    if outputs:
        extras.add(generation_id, outputs, finished)


# -- Fetching -------------------------------------------------------------------------------------------------------------------


def start(courier: Courier, generation: Generation) -> bool:
    """Hands a claimed generation in `collecting` to a thread of its own. False: there is no room now."""
    assert generation.lease_token is not None
    return courier.keep(Held(generation.pk, generation.lease_token), partial(run, courier, generation))


def run(courier: Courier, generation: Generation) -> None:
    """Settles what waits of a claimed generation in `collecting`, then ends it. May run again after a crash at any place."""
    outputs = Output.objects.filter(generation=generation.pk).select_related("team", "workspace", "created_by")
    listed = list(outputs.order_by("position"))
    waiting = [output for output in listed if output.state == OutputState.WAITING]
    cost = Decimal(listed[0].link["cost"]) if listed and listed[0].link.get("cost") else None
    if waiting and not any(output.link.get("type") for output in listed):
        # Nothing was noted (a version before this one): the service says it again.
        states.move(generation.pk, (State.COLLECTING,), State.RUNNING, token=generation.lease_token, **_freed())
        return
    postponed: list[float | None] = []
    with workplace() as folder:
        for start_at in range(0, len(waiting), AT_ONCE):
            part = waiting[start_at : start_at + AT_ONCE]
            fetches = _begin(courier, part, folder)
            for output in part:
                try:
                    if not _settle(courier, generation, output, fetches.get(output.pk)):
                        return  # The lease was lost; somebody else goes on.
                except Postponed as later:
                    postponed.append(later.seconds)
                except StorageAway as away:
                    # Ours, and never given up: what was paid is fetched and kept once it is back.
                    log.warning("Bringing home %s waits: %s", generation.pk, away)
                    postponed.append(storing.AWAY_FOR.total_seconds())
    if postponed:
        told = [seconds for seconds in postponed if seconds is not None]
        age = (timezone.now() - (generation.started_at or generation.created_at)).total_seconds()
        wait = max(told) if told else pace.next_look(10.0, age)
        leases.release(generation, look_again_in=timedelta(seconds=wait))
        return
    _end(generation, cost)


def _freed() -> dict[str, Any]:
    return {"lease_until": None, "lease_token": None, "next_poll_at": timezone.now()}


def _begin(courier: Courier, outputs: Sequence[Output], folder: Path) -> dict[UUID, Future[Fetched]]:
    """Starts the downloads of these outputs side by side."""
    faults.point("collecting_before_fetch")
    begun = {}
    for output in outputs:
        result = from_data(output.link)
        if isinstance(result, Link) and result.url:
            begun[output.pk] = courier.call(partial(fetch, courier, result, output, folder), FETCH_SECONDS)
    return begun


async def fetch(courier: Courier, link: Link, output: Output, folder: Path) -> Fetched:
    kind = link.kind or output.kind
    path = folder / output.pk.hex
    return await fetch_to(
        courier.client, link.url, path, max_bytes=max_result_bytes(kind), deadline_seconds=FETCH_SECONDS - 5
    )


def _settle(courier: Courier, generation: Generation, output: Output, begun: Future[Fetched] | None) -> bool:
    """False: the lease was lost. Raises Postponed."""
    result = from_data(output.link)
    if isinstance(result, Link):
        return _file(courier, generation, output, result, begun)
    if not leases.renew(generation):
        return False
    if isinstance(result, Text):
        return storing.text(generation, output, result)
    if isinstance(result, Person):
        return newcomers.person(courier, generation, output, result)
    if isinstance(result, NewVoice):
        return newcomers.voice(courier, generation, output, result)
    return storing.missing(generation, output, result.reason if isinstance(result, Missing) else NEVER_CAME)


def _file(courier: Courier, generation: Generation, output: Output, link: Link, begun: Future[Fetched] | None) -> bool:
    try:
        fetched = begun.result() if begun else None
    except Gone:
        fetched = None
    except (Later, TimeoutError) as error:
        return _not_now(generation, output, getattr(error, "retry_after_seconds", None))
    except (TooBig, WrongType, AddressRefused) as error:
        return storing.missing(generation, output, str(error))
    if fetched is None:
        return _again(courier, generation, output, link)
    try:
        return storing.file(generation, output, link, fetched.path)
    except MediaRefused as refusal:
        return storing.missing(generation, output, str(refusal))


def _again(courier: Courier, generation: Generation, output: Output, link: Link) -> bool:
    """The address led to nothing: the service is asked for a fresh one, and it is noted for the next round."""
    try:
        fresh = _fresh_link(courier, generation, link)
    except JobGone:
        return _unknown(generation, output)
    if fresh is None or (fresh.url == link.url and is_old(generation)):
        return storing.missing(generation, output, GONE)
    Output.objects.filter(pk=output.pk).update(link={**output.link, **to_data(fresh)})
    if fresh.url == link.url:
        raise Postponed
    output.link = {**output.link, **to_data(fresh)}
    with workplace() as folder:
        try:
            fetched = courier.call(partial(fetch, courier, fresh, output, folder), FETCH_SECONDS).result()
            return storing.file(generation, output, fresh, fetched.path)
        except (Gone, Later, TimeoutError) as error:
            return _not_now(generation, output, getattr(error, "retry_after_seconds", None))
        except (TooBig, WrongType, AddressRefused, MediaRefused) as error:
            return storing.missing(generation, output, str(error))


def _fresh_link(courier: Courier, generation: Generation, link: Link) -> Link | None:
    """None: gone for good. Raises Postponed where the service cannot say now, JobGone where it does not know the job."""
    assert generation.connection is not None
    try:
        way: Way = way_for(generation.connection, courier.client)
        ticket = replace(ticket_of(generation), settled=frozenset())
        return courier.call(partial(way.provider.fresh_link, way.wire, ticket, link), LINK_SECONDS).result()
    except NotConfigured as error:
        raise Postponed(60.0) from error
    except JobGone:
        raise
    except ProviderError as error:
        raise Postponed(getattr(error, "retry_after_seconds", None)) from error
    except TimeoutError as error:
        raise Postponed from error


def _unknown(generation: Generation, output: Output) -> bool:
    """The service does not know the job: believed only once it was said for a while."""
    now = timezone.now()
    since = output.link.get("unknown_since")
    if since and now - datetime.fromisoformat(since) > BELIEVED_AFTER:
        return storing.missing(generation, output, GONE)
    if not since:
        Output.objects.filter(pk=output.pk).update(link={**output.link, "unknown_since": now.isoformat()})
    raise Postponed(15.0)


def _not_now(generation: Generation, output: Output, seconds: float | None) -> bool:
    if is_old(generation):
        return storing.missing(generation, output, UNREACHABLE)
    raise Postponed(seconds)


def _end(generation: Generation, cost: Decimal | None) -> None:
    found = list(Output.objects.filter(generation=generation.pk).values_list("state", "failure_reason"))
    missing = sum(state != OutputState.READY for state, _ in found)
    generation.state = State.COLLECTING
    if missing == len(found):
        reasons = list(dict.fromkeys(reason for _, reason in found if reason))
        states.fail(generation, "nothing", " ".join(reasons) or "None of the results could be kept.", cost=cost)
        return
    moved = states.move(
        generation.pk,
        (State.COLLECTING,),
        State.COMPLETED,
        token=generation.lease_token,
        cost=cost,
        missing=missing,
        progress=1,
        step="",
    )
    kept = generation.connection
    # Where the API tells what is left, forms should not show what was left before this.
    if moved and kept and kept.balance_at and timezone.now() - kept.balance_at > BALANCE_IS_OLD:
        bells.ring_balance(kept.pk)
