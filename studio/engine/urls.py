"""Links among a generation's inputs: fetched once, kept as files of the workspace, and from then on referred to by id like every other."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from config.storage import StorageAway
from studio.media.address import AddressRefused
from studio.media.decode import workplace
from studio.media.errors import MediaRefused
from studio.media.fetch import FetchError, Later, fetch_to
from studio.media.ingest import ingest_result
from studio.models import Asset, Generation
from studio.tools import Inputs, Tool

from . import bells, leases, pace, states, storing
from .fields import is_link, media_references

if TYPE_CHECKING:
    from .courier import Courier

log = logging.getLogger(__name__)

SECONDS = 300.0
TRIES = 4


def links_in(tool: Tool, inputs: Inputs) -> list[str]:
    """Every link that stands where a file is meant."""
    return list(dict.fromkeys(it for _, _, refs in media_references(tool, inputs) for it in refs if is_link(it)))


def fetch_all(courier: Courier, generation: Generation, links: Sequence[str]) -> None:
    """Every link as an asset, then the inputs with ids in their place. Runs in a thread of its own, and may run again."""
    made: dict[str, str] = {}
    try:
        for link in links:
            made[link] = str(_fetch(courier, generation, link).pk)
    except Later as error:
        _later(generation, error)
        return
    except (FetchError, AddressRefused, MediaRefused) as error:
        states.fail(generation, "input", str(error), charged=False)
        return
    except StorageAway:
        leases.release(generation, look_again_in=storing.AWAY_FOR)
        return
    assert generation.lease_token is not None
    with transaction.atomic():
        inputs = _replaced(generation.inputs, made)
        states.update(
            generation.pk,
            generation.lease_token,
            inputs=inputs,
            attempts=0,
            next_poll_at=timezone.now(),
            lease_until=None,
            lease_token=None,
        )
        bells.ring(generation.pk)


def _later(generation: Generation, error: Later) -> None:
    if generation.attempts + 1 >= TRIES:
        states.fail(generation, "input", str(error), charged=False)
        return
    Generation.objects.filter(pk=generation.pk).update(attempts=generation.attempts + 1)
    wait = max(timedelta(seconds=error.retry_after_seconds or 0), pace.backoff(generation.attempts))
    leases.release(generation, look_again_in=wait)


def _fetch(courier: Courier, generation: Generation, link: str) -> Asset:
    pk = asset_id(generation, link)
    known = Asset.objects.filter(pk=pk, team=generation.team_id).first()
    if known:
        return known
    with workplace() as folder:
        path = folder / "file"
        work = partial(
            fetch_to, courier.client, link, path, max_bytes=settings.MAX_UPLOAD_BYTES, deadline_seconds=SECONDS
        )
        courier.call(work, SECONDS + 5).result()
        asset = ingest_result(
            team=generation.team,
            workspace=generation.workspace,
            path=path,
            original_name=PurePosixPath(urlsplit(link).path).name,
            asset_id=pk,
            created_by=generation.brief.created_by,
        )
    bells.ring_previews(asset.pk)
    return asset


def asset_id(generation: Generation, link: str) -> UUID:
    """One asset for a link in a brief: its generations share it. As old as the brief, the rest from the link."""
    digest = hashlib.sha256(generation.brief_id.bytes + link.encode()).digest()
    low = int.from_bytes(digest[:8], "big") & ((1 << 62) - 1)
    high = generation.brief_id.int >> 64
    return UUID(int=(high << 64) | (2 << 62) | low)


def _replaced(data: Any, made: dict[str, str]) -> Any:
    """Stored inputs with every fetched link as the id of its file, wherever it stands."""
    if isinstance(data, dict):
        return {name: _replaced(value, made) for name, value in data.items()}
    if isinstance(data, list):
        return [_replaced(value, made) for value in data]
    return made.get(data, data) if isinstance(data, str) else data
