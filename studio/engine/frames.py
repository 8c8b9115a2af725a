"""First and last frames of a running job: small pictures that its tile shows meanwhile. A help, never a need."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from config.storage import StorageAway
from studio.media.address import AddressRefused
from studio.media.decode import workplace
from studio.media.errors import MediaRefused
from studio.media.fetch import FetchError, fetch_to
from studio.media.ingest import ingest_result
from studio.models import Generation

from . import bells, states
from .clerk import Held

if TYPE_CHECKING:
    from .courier import Courier

log = logging.getLogger(__name__)

MAX_BYTES = 12 * 1024 * 1024
SECONDS = 30.0


def fetch(courier: Courier, generation_id: UUID, urls: Sequence[str]) -> None:
    """Brings them here in a thread of its own, if there is room for that now; else the tile goes without."""
    courier.keep(Held(generation_id, UUID(int=0)), partial(_run, courier, generation_id, list(urls)))


def _run(courier: Courier, generation_id: UUID, urls: list[str]) -> None:
    generation = Generation.objects.select_related("team", "workspace").get(pk=generation_id)
    made = []
    with workplace() as folder:
        for number, url in enumerate(urls):
            path = folder / f"{number}"
            work = partial(
                fetch_to,
                courier.client,
                url,
                path,
                max_bytes=MAX_BYTES,
                deadline_seconds=SECONDS,
                accept=("image",),
            )
            try:
                courier.call(work, SECONDS + 5).result()
                asset = ingest_result(
                    team=generation.team,
                    workspace=generation.workspace,
                    path=path,
                    original_name=f"frame {number + 1}",
                    description="A frame of a video that is being made",
                    asset_id=_asset_id(generation_id, number),
                )
            except (FetchError, AddressRefused, MediaRefused, StorageAway, TimeoutError) as error:
                log.info("A frame of %s could not be shown: %s", generation_id, error)
                continue
            made.append(str(asset.pk))
            bells.ring_previews(asset.pk)
    if made:
        with transaction.atomic():
            Generation.objects.filter(pk=generation_id).update(frame_assets=made)
            states.announce(generation_id)


def _asset_id(generation_id: UUID, number: int) -> UUID:
    """The same frame is the same asset, however often it is fetched."""
    return UUID(int=generation_id.int ^ (number + 4))
