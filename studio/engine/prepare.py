"""Before the paid call: links are fetched, files and references are given to the service, the request is encoded and committed.

All of it is free and may be repeated: each step writes down what it has reached, and whoever comes next goes on from there.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.utils import timezone

from config.storage import StorageAway
from studio.models import Generation, State
from studio.providers import find_offer, get_provider
from studio.providers.base import (
    NotConfigured,
    NotTaken,
    Offer,
    Provider,
    ProviderError,
    Refused,
    RemoteProvider,
    Request,
    UnsupportedInput,
)
from studio.tools import get_tool
from studio.tools.values import MediaValue, NoAddress, NotThere, Resolved

from . import bells, faults, pace, states, storing, urls
from .clerk import Held
from .connection_state import refuse
from .courier import Courier
from .durable import on_disk
from .leases import LEASE
from .reach import SystemActor
from .resolve import Unresolved, resolve
from .wires import Way

log = logging.getLogger(__name__)

UPLOAD_SECONDS = 900.0
TRIES = 8
"""So often giving a file to a service may fail, over some twenty minutes, before the generation does."""
LOOK_AT_PICTURES = timedelta(seconds=30)
"""How long a generation waits for the cut-outs of pictures that were uploaded a moment ago. After that it goes without."""
LOOKING = "Looking at your pictures"
GIVING = "Sending your files"
FETCHING = "Fetching your links"


class Stop(Exception):
    """It does not go on now: it waits, has failed, or somebody else was quicker. All is written already."""


def run(courier: Courier | None, generation: Generation, way: Way | None) -> bool:
    """Commits the request of a claimed generation with `submitting`. False: not yet, or not at all.

    courier, way: for one that is made behind the wire.
    """
    try:
        request = _request(courier, generation, way)
    except Stop:
        return False
    except (Unresolved, UnsupportedInput, NoAddress, NotThere) as error:
        return _fail(generation, "input", str(error))
    except ValueError as error:
        log.warning("The stored inputs of %s do not fit today's tool: %s", generation.pk, error)
        return _fail(
            generation, "input", "These inputs are from an older version. Open it, check them and generate again."
        )
    return commit(generation, request)


def _request(courier: Courier | None, generation: Generation, way: Way | None) -> Request:
    offer, tool = _offer(generation), get_tool(generation.tool)
    if offer is None or tool is None:
        _fail(generation, "offer", "What this was to be made with is not offered any more. Run it again.")
        raise Stop
    inputs = tool.Inputs.model_validate(generation.drawn_inputs)
    links = urls.links_in(tool, inputs)
    if links:
        _fetch_links(generation, links)
    actor = SystemActor(generation.team_id)
    kept = generation.connection
    values = resolve(tool, inputs, actor, generation.workspace_id, connection=kept, generation_id=generation.pk)
    provider: Provider = get_provider(generation.provider)
    if provider.drawn_here:
        _raise_to_look(generation, values)
    if way is not None and courier is not None:
        _raise_to_give(courier, generation, way, offer, values)
    return provider.encode(offer, values)


def _offer(generation: Generation) -> Offer | None:
    """The snapshot of what was shown when the button was pressed; the local renderer's as it is today."""
    if generation.connection_id is None:
        return find_offer(generation.offer_key)
    return Offer.from_data(generation.offer, generation.provider)


def commit(generation: Generation, request: Request) -> bool:
    """On the disk before a byte is sent: the request, its hash, its key and the time. False: somebody else was quicker."""
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
            lease_until=now + LEASE,
            next_poll_at=now + LEASE,
        )
    faults.point("after_commit_submit")
    generation.attempts += 1
    return moved


# -- Waiting for our own ---------------------------------------------------------------------------------------------------------


def _raise_to_look(generation: Generation, values: Resolved) -> None:
    """Raises Stop while a picture that was uploaded a moment ago has no cut-out yet."""
    fresh = [picture for picture in values.all_media() if picture.kind == "image" and not picture.analysed]
    if not fresh or timezone.now() - generation.created_at > LOOK_AT_PICTURES:
        return
    if generation.step != LOOKING:
        for picture in fresh:
            bells.ring_previews(picture.id)
    wait(generation, 0.5, LOOKING)
    raise Stop


def _fetch_links(generation: Generation, links: Sequence[str]) -> None:
    """Raises Stop: the links become files in a thread of their own, and then it is looked at again."""
    from . import courier as couriers

    _preparing(generation, FETCHING)
    courier = couriers.here()
    assert generation.lease_token is not None
    held = Held(generation.pk, generation.lease_token)
    if not courier.keep(held, partial(urls.fetch_all, courier, generation, list(links))):
        wait(generation, 1.0, FETCHING)
    raise Stop


# -- Giving files to the service -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Gift:
    """One thing that the service must have first. media None: the saved reference of the inputs."""

    generation_id: UUID
    token: UUID
    attempts: int
    way: Way
    object_kind: str
    object_id: UUID
    kind: str
    media: MediaValue | None
    values: Resolved

    async def give(self) -> str:
        faults.point("preparing")
        if self.media is None:
            return await self.way.provider.save_reference(self.way.wire, self.values)
        return await self.way.provider.upload(self.way.wire, self.media)


def _raise_to_give(courier: Courier, generation: Generation, way: Way, offer: Offer, values: Resolved) -> None:
    """Raises Stop where the service lacks something: it is given the first of it, and then it is looked at again."""
    gift = _first_gift(generation, way, offer, values)
    if gift is None:
        return
    assert generation.connection is not None
    bucket = way.provider.buckets.get("upload" if gift.media else "reference")
    granted, seconds, _ = pace.take(generation.connection, "upload", bucket, 1)
    if not granted:
        wait(generation, seconds, GIVING)
        raise Stop
    _preparing(generation, GIVING)
    courier.post(
        way.connection_id,
        Held(gift.generation_id, gift.token),
        gift.give,
        partial(given, gift),
        UPLOAD_SECONDS,
    )
    raise Stop


def _first_gift(generation: Generation, way: Way, offer: Offer, values: Resolved) -> Gift | None:
    assert generation.lease_token is not None
    common: dict[str, Any] = {
        "generation_id": generation.pk,
        "token": generation.lease_token,
        "attempts": generation.attempts,
        "way": way,
        "values": values,
    }
    for media in way.provider.uploads(offer, values):
        if media.file:
            return Gift(object_kind="asset", object_id=media.id, kind="file", media=media, **common)
    saved = values.reference
    keeps = type(way.provider).save_reference is not RemoteProvider.save_reference
    if saved and saved.id and keeps and offer.takes_input("reference") and "reference" not in saved.remote:
        return Gift(object_kind="reference", object_id=saved.id, kind="reference", media=None, **common)
    return None


def given(gift: Gift, said: str | BaseException) -> None:
    """Writes down what the service calls it, and looks at the generation again at once. Called by the clerk."""
    faults.point("preparing_after_upload")
    if isinstance(said, BaseException):
        _not_given(gift, said)
        return
    row = Generation.objects.select_related("connection").get(pk=gift.generation_id)
    if row.connection is not None:
        storing.remember_copy(row.connection, gift.object_kind, gift.object_id, gift.kind, said)
    faults.point("preparing_after_copy")
    states.update(gift.generation_id, gift.token, attempts=0, next_poll_at=timezone.now(), **_FREED)
    bells.ring(gift.generation_id)


def _not_given(gift: Gift, error: BaseException) -> None:
    if isinstance(error, StorageAway):
        # Ours, so it counts as no try: it waits for as long as it takes.
        again = timezone.now() + storing.AWAY_FOR
        states.update(gift.generation_id, gift.token, tell=True, step=storing.AWAY, next_poll_at=again, **_FREED)
        return
    sentence = str(error) if isinstance(error, ProviderError) else f"{gift.way.wire.title} did not take a file."
    log.info("%s: %r", sentence, error)
    if isinstance(error, NotConfigured):
        refuse(gift.way.connection_id, sentence)
    certain = isinstance(error, Refused | NotConfigured | UnsupportedInput)
    if certain or gift.attempts + 1 >= TRIES:
        code = "key" if isinstance(error, NotConfigured) else getattr(error, "code", "prepare")
        states.move(
            gift.generation_id,
            (State.PREPARING,),
            State.FAILED,
            token=gift.token,
            charged=False,
            failure_code=code,
            failure_reason=sentence[:500],
        )
        return
    seconds = error.retry_after_seconds if isinstance(error, NotTaken) else 0.0
    later = max(timedelta(seconds=seconds), pace.backoff(gift.attempts))
    again = timezone.now() + later
    states.update(gift.generation_id, gift.token, attempts=gift.attempts + 1, next_poll_at=again, **_FREED)


_FREED: dict[str, Any] = {"lease_until": None, "lease_token": None}


def wait(generation: Generation, seconds: float, step: str) -> None:
    """Gives a claimed generation back for so long, with a word for its tile."""
    assert generation.lease_token is not None
    states.update(
        generation.pk,
        generation.lease_token,
        tell=generation.step != step,
        step=step[:80],
        next_poll_at=timezone.now() + timedelta(seconds=seconds),
        **_FREED,
    )


def _preparing(generation: Generation, step: str) -> None:
    """Raises Stop where somebody else was quicker."""
    if generation.state == State.PREPARING:
        return
    if not states.move(
        generation.pk, (State.QUEUED,), State.PREPARING, token=generation.lease_token, step=step, attempts=0
    ):
        raise Stop
    generation.state, generation.attempts = State.PREPARING, 0


def _fail(generation: Generation, code: str, reason: str) -> bool:
    states.fail(generation, code, reason, charged=False)
    return False
