"""People who are at a service already: brought here once, and asked about until they are ready.

A row and what the service calls it are one transaction, one at a time for each connection, so that nobody is ever brought twice. Pictures
follow in the worker. `Influencer.ask_at` says when the service's list is read again; it is read at most once a minute for each connection.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from config.storage import StorageAway
from studio.media.address import AddressRefused
from studio.media.decode import workplace
from studio.media.dial import checked_client
from studio.media.errors import MediaRefused
from studio.media.fetch import FetchError, fetch_to
from studio.media.ingest import ingest_result
from studio.media.limits import max_result_bytes
from studio.models import (
    UNDER_WAY,
    Asset,
    CatalogueItem,
    Connection,
    Generation,
    Influencer,
    Membership,
    Readiness,
    RemoteCopy,
    Workspace,
)
from studio.providers import get_remote
from studio.providers.base import Entry

from . import bells, people_photos, secrets, storing
from .connection_checks import with_wire
from .connections import base_url_of, facts_of
from .sending import remote_key

log = logging.getLogger(__name__)

KIND = "influencer"
AGAIN = timedelta(seconds=60)
LATER = timedelta(hours=1)
SOON_FOR = timedelta(days=1)
"""A training takes minutes. One that is not over after a day is asked about hourly."""
WITHIN_SECONDS = 15.0
PICTURE_SECONDS = 30.0
TRIES = 6
"""So often the pictures of one person are fetched before they count as lost."""
MISSES = 3
"""So often in a row a person in training must be missing in the list before that is believed."""

PLACES = ("picture", "full")
"""What a service shows of a person: the face, then the whole of them."""


class BeingMade(Exception):
    """It is on its way here by itself; the message says so."""


@dataclass(frozen=True, slots=True)
class Imported:
    """created: False where it was here before; then it is that row."""

    influencer: Influencer
    created: bool


def row_id_for(connection: Connection, remote_id: str) -> UUID:
    """The one row that a service's person can be brought as."""
    return uuid5(connection.pk, f"{KIND}:{remote_id}")


def import_person(membership: Membership, workspace: Workspace, item: CatalogueItem) -> Imported:
    """A row for a service's person, whose pictures come next. Free. Whoever calls has checked the right to create. Raises BeingMade."""
    with transaction.atomic():
        # One at a time: whoever comes second finds what the first one wrote.
        connection = Connection.objects.select_for_update().get(pk=item.connection_id, team=membership.team_id)
        known = known_as(connection, item.remote_id)
        if known:
            return Imported(known, created=False)
        _raise_if_being_made(connection, item)
        row, created = Influencer.objects.get_or_create(
            pk=row_id_for(connection, item.remote_id),
            defaults={
                "team_id": membership.team_id,
                "workspace": workspace,
                "name": item.title[:100],
                "readiness": readiness_of(item.data),
                "ask_at": timezone.now() + AGAIN,
                "created_by_id": membership.user_id,
            },
        )
        storing.remember_copy(connection, KIND, row.pk, KIND, item.remote_id, {"wanted": TRIES})
        bells.ring_person(row.pk)
    return Imported(row, created)


def known_as(connection: Connection, remote_id: str) -> Influencer | None:
    """Our row of a service's person, the oldest where there are several."""
    copies = RemoteCopy.objects.filter(connection=connection, object_kind=KIND, kind=KIND, remote_id=remote_id)
    return Influencer.objects.filter(team=connection.team_id, pk__in=copies.values("object_id")).order_by("pk").first()


def _raise_if_being_made(connection: Connection, item: CatalogueItem) -> None:
    ours = Generation.objects.filter(connection=connection, tool="influencer", state__in=UNDER_WAY)
    if ours.filter(remote_key=remote_key({"influencer_id": item.remote_id})).exists():
        raise BeingMade(f"{item.title} is being made from here right now, and comes by itself once it is ready.")


def readiness_of(data: Mapping[str, Any]) -> Readiness:
    """Of a catalogue entry's facts. A service that says nothing of a training has none."""
    if data.get("training_status") == "failed":
        return Readiness.FAILED
    return Readiness.TRAINING if data.get("ready") is False else Readiness.READY


# -- Pictures -----------------------------------------------------------------------------------------------------------------


def bring_pictures(influencer_id: UUID) -> None:
    """Fetches what the service shows of somebody who was brought here. Each picture is one file, however often this runs."""
    row = Influencer.objects.select_related("team", "workspace", "created_by").filter(pk=influencer_id).first()
    copy = _copies([influencer_id]).filter(data__wanted__gt=0).first() if row else None
    if row is None or copy is None or row.workspace is None:
        return
    item = CatalogueItem.objects.filter(connection=copy.connection, kind=KIND, remote_id=copy.remote_id).first()
    shown = {"picture": item.picture, "full": str(item.data.get("full") or "")} if item else {}
    urls = {place: url for place in PLACES if (url := shown.get(place, "")).startswith(("https://", "http://"))}
    if urls.get("full") == urls.get("picture"):
        urls.pop("full", None)
    found = [(place, _picture(row, place, url)) for place, url in urls.items()]
    missed = any(asset is None for _, asset in found)
    with transaction.atomic():
        people_photos.add_photos(row, [asset for _, asset in found if asset])
        left = int(copy.data.get("wanted", 0)) - 1 if missed or not urls else 0
        _note_copy(copy, wanted=max(left, 0))
        if not left and row.readiness != Readiness.TRAINING:
            Influencer.objects.filter(pk=row.pk).update(ask_at=None)
    bells.ring_photos(row.pk)


def _picture(row: Influencer, place: str, url: str) -> Asset | None:
    """None where it cannot be had now."""
    pk = uuid5(row.pk, place)
    known = Asset.objects.filter(pk=pk, team=row.team_id).first()
    if known:
        return known
    assert row.workspace is not None
    with workplace() as folder:
        path = folder / "picture"
        try:
            asyncio.run(_fetch(url, path))
            asset = ingest_result(
                team=row.team,
                workspace=row.workspace,
                path=path,
                original_name=f"{row.name}.jpg",
                description=row.name,
                asset_id=pk,
                created_by=row.created_by,
            )
        except (FetchError, AddressRefused, MediaRefused, StorageAway, TimeoutError) as error:
            log.info("A picture of %s was not brought: %s", row.pk, type(error).__name__)
            return None
    bells.ring_previews(asset.pk)
    return asset


async def _fetch(url: str, path: Any) -> None:
    async with checked_client(connections=1) as client:
        await fetch_to(
            client,
            url,
            path,
            max_bytes=max_result_bytes("image"),
            deadline_seconds=PICTURE_SECONDS,
            accept=("image",),
        )


# -- Readiness ----------------------------------------------------------------------------------------------------------------


def ask_due() -> None:
    """Every few seconds: reads the list of each service that somebody is waited for at."""
    now = timezone.now()
    due = list(Influencer.objects.filter(ask_at__lte=now).values_list("pk", flat=True)[:500])
    for connection_id in set(_copies(due).values_list("connection", flat=True)):
        _ask(connection_id)
    # Known nowhere any more: nobody can be asked.
    lost = set(due) - set(_copies(due).values_list("object_id", flat=True))
    Influencer.objects.filter(pk__in=lost).update(ask_at=None)


def _copies(influencers: Iterable[UUID]) -> Any:
    return RemoteCopy.objects.filter(object_kind=KIND, kind=KIND, object_id__in=influencers).select_related(
        "connection"
    )


def _ask(connection_id: UUID) -> None:
    connection = Connection.objects.usable().filter(pk=connection_id).first()
    known = RemoteCopy.objects.filter(connection=connection_id, object_kind=KIND, kind=KIND).values("object_id")
    waiting = Influencer.objects.filter(pk__in=known, ask_at__isnull=False)
    now = timezone.now()
    with transaction.atomic():
        rows = list(waiting.select_for_update())
        if not any(row.ask_at and row.ask_at <= now for row in rows):
            return  # Somebody else has just asked.
        Influencer.objects.filter(pk__in=[row.pk for row in rows]).update(ask_at=now + AGAIN)
    if connection is None:
        return
    listed = _listed(connection)
    if listed is None:
        return
    by_row = {copy.object_id: copy for copy in _copies([row.pk for row in rows]).filter(connection=connection)}
    for row in rows:
        _note(row, by_row[row.pk], listed.get(by_row[row.pk].remote_id))


def _listed(connection: Connection) -> dict[str, Entry] | None:
    """None where the service did not say."""
    provider = get_remote(connection.provider)
    try:
        key = secrets.reveal(connection.key)
    except secrets.UnreadableSecret:
        return None
    answer, _ = with_wire(provider, base_url_of(connection), key, facts_of(connection), provider.people, WITHIN_SECONDS)
    if isinstance(answer, Exception):
        log.info("%s did not say how its people are: %s", provider.title, answer)
        return None
    return {entry.remote_id: entry for entry in answer}


def _note(row: Influencer, copy: RemoteCopy, entry: Entry | None) -> None:
    """What the list says of one of them: its readiness, and fresh addresses of its pictures."""
    misses = 0 if entry else int(copy.data.get("misses", 0)) + 1
    readiness = readiness_of(entry.data) if entry else Readiness(row.readiness)
    if misses >= MISSES and row.readiness == Readiness.TRAINING:
        readiness = Readiness.FAILED
    wanted = int(copy.data.get("wanted", 0)) if entry else 0 if misses >= MISSES else int(copy.data.get("wanted", 0))
    waits = readiness == Readiness.TRAINING or wanted
    age = timezone.now() - row.created_at
    ask_at = timezone.now() + (AGAIN if age < SOON_FOR else LATER) if waits else None
    Influencer.objects.filter(pk=row.pk).update(readiness=readiness, ask_at=ask_at)
    _note_copy(copy, misses=misses, wanted=wanted)
    if entry:
        items = CatalogueItem.objects.filter(connection=copy.connection, kind=KIND, remote_id=copy.remote_id)
        items.update(data=entry.data, picture=entry.picture)
        if wanted:
            bells.ring_person(row.pk)


def _note_copy(copy: RemoteCopy, **facts: int) -> None:
    """Facts of 0 are left out."""
    data = {name: value for name, value in {**copy.data, **facts}.items() if value}
    RemoteCopy.objects.filter(pk=copy.pk).update(data=data, seen_at=timezone.now())
