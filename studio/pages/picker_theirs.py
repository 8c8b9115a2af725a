"""Files that a team's accounts at its services have, in the picker: VideoGen is asked for its own, what others list stands in the catalogue.

What is picked comes into the library first, once, so that every service can use it; it is remembered as a remote copy, so that the service
it came from is not sent it again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core import signing
from django.http import Http404
from django.urls import reverse

from studio.engine import connections, reach, their_files
from studio.engine import theirs as engine
from studio.engine.theirs import SHELVES, Trouble
from studio.models import Asset, CatalogueItem, Connection, Membership, RemoteCopy
from studio.providers import get_remote

from .access import MemberRequest
from .picker_field import Wanted
from .picker_shelves import Item, Shelf, item_of, page_by_title
from .templatetags.tiles import clock
from .theirs_cards import THUMB_SALT, is_live
from .toolforms.held import NOUNS
from .toolforms.things import said_in

LISTED = ("track", "media")
"""Kinds in the catalogue that are files."""
_ADDRESSES = (("video_url", "video"), ("audio_url", "audio"), ("image_url", "image"))


@dataclass(frozen=True, slots=True)
class Place:
    """An account that may have files for a field."""

    connection: Connection

    @property
    def key(self) -> str:
        return self.connection.provider

    @property
    def title(self) -> str:
        return get_remote(self.connection.provider).title

    @property
    def is_live(self) -> bool:
        return is_live(self.connection.provider, "file")


def places(membership: Membership, wanted: Wanted) -> list[Place]:
    """Where files for the field may lie; the one that the form is made with comes first. Two queries."""
    if not wanted.is_media:
        return []
    found = connections.of_team(membership.team_id)
    kinds = [kind for kind in LISTED if kind != "track" or "audio" in wanted.kinds]
    listed = CatalogueItem.objects.filter(connection__in=found, kind__in=kinds, gone_at=None)
    have = set(listed.order_by().values_list("connection", flat=True).distinct())
    usable = [Place(row) for row in found if is_live(row.provider, "file") or row.pk in have]
    first = wanted.chosen.offer.provider if wanted.chosen else ""
    return sorted(usable, key=lambda place: (place.key != first, place.title))


def place_at(found: Sequence[Place], key: str) -> Place:
    """The one that was asked for; the first where none was named. Raises Http404 where there is none."""
    place = next((it for it in found if it.key == (key or found[0].key)), None)
    if place is None:
        raise Http404("No service that has files is connected.")
    return place


def their_shelf(request: MemberRequest, wanted: Wanted, place: Place, words: str, kind: str, before: str) -> Shelf:
    """One page; `before`: the key of the next. A service that does not answer is told in `trouble`. Four queries at the most."""
    kinds = [kind] if kind in wanted.kinds else list(wanted.kinds)
    if not place.is_live:
        return _listed(request.membership, wanted, place, words, kinds, before)
    try:
        found = _asked(place.connection, words, kinds, before)
    except Trouble as trouble:
        return Shelf((), trouble=str(trouble), again=before)
    known = _here(request.membership, place.connection, "file", [file.id for file in found.files])
    items = tuple(_there(place, file.id, file, known.get(file.id)) for file in found.files)
    return Shelf(items, found.next, _nothing(wanted, place, words))


def _asked(connection: Connection, words: str, kinds: Collection[str], cursor: str) -> their_files.Listed:
    if not words:
        return their_files.listed(connection, cursor, kinds)
    found = their_files.found(connection, words)
    return their_files.Listed([file for file in found.files if file.kind in kinds])


def _there(place: Place, remote_id: str, file: their_files.TheirFile, here: Asset | None) -> Item:
    if here:
        return item_of(here, at=place.title)
    thumb = f"{reverse('theirs_thumb')}?{urlencode({'of': signing.dumps(file.picture, salt=THUMB_SALT)})}"
    return Item(
        f"{place.key}:{remote_id}",
        file.title,
        file.kind,
        clock(file.seconds),
        picture=thumb if file.picture else "",
        bring=remote_id,
    )


# -- What the catalogue lists --------------------------------------------------------------------------------------------
def _listed(
    membership: Membership, wanted: Wanted, place: Place, words: str, kinds: Collection[str], before: str
) -> Shelf:
    """Rows that are known to be of another kind are left out; a page may be short, then, or empty with another after it."""
    rows = place.connection.items.filter(kind__in=LISTED, gone_at=None)
    terms = words.lower().split()[:6]
    page, more = page_by_title(rows.filter(said_in(terms)), "title", before)
    fitting = [row for row in page if not _kind(row) or _kind(row) in kinds]
    known: dict[tuple[str, str], Asset] = {}
    for kind in LISTED:
        ids = [row.remote_id for row in fitting if row.kind == kind]
        known |= {(kind, it): asset for it, asset in _here(membership, place.connection, kind, ids).items()}
    items = tuple(_row(place, row, kinds, known.get((row.kind, row.remote_id))) for row in fitting)
    return Shelf(items, more, _nothing(wanted, place, words))


def _row(place: Place, row: CatalogueItem, kinds: Collection[str], here: Asset | None) -> Item:
    if here:
        return item_of(here, at=place.title)
    return Item(
        f"{place.key}:{row.remote_id}",
        row.title,
        _kind(row) or next(iter(kinds)),
        picture=reverse("create_sample", args=[row.pk, "picture"]) if row.picture else "",
        sound=reverse("create_sample", args=[row.pk, "sound"]) if row.sound else "",
        bring=row.remote_id,
        is_ready=bool(engine.addresses(row)),
    )


def _kind(row: CatalogueItem) -> str:
    """As far as its facts tell; "" where they do not."""
    if row.kind == "track":
        return "audio"
    said = " ".join(str(row.data.get(name) or "") for name in ("type", "kind", "media_type", "content_type")).lower()
    named = next((kind for kind in NOUNS if kind in said), "")
    return named or next((kind for name, kind in _ADDRESSES if row.data.get(name)), "")


def _nothing(wanted: Wanted, place: Place, words: str) -> str:
    if words:
        return f"{place.title} finds no {wanted.noun} by those words."
    return f"No {wanted.noun} at {place.title} yet. What you make or upload there appears here."


# -- Bringing one ----------------------------------------------------------------------------------------------------------
def brought(request: MemberRequest, wanted: Wanted, place: Place, remote_id: str) -> tuple[Item, tuple[str, ...]]:
    """The file in this workspace's library, and sentences about it. Asked again it is only found. Raises Trouble, Http404."""
    connection, kind = place.connection, "file"
    if place.is_live:
        done = their_files.bring(request.membership, request.workspace, connection, remote_id)
    else:
        row = connection.items.filter(kind__in=LISTED, remote_id=remote_id, gone_at=None).first()
        if row is None:
            raise Http404("It is not listed any more.")
        done, kind = engine.bring(request.membership, request.workspace, connection, row), row.kind
    asset = _here(request.membership, connection, kind, [remote_id]).get(remote_id)
    if asset is None:
        raise Trouble(f"“{done.here.name}” is not in your library any more. Import it again under At your providers.")
    if asset.kind not in wanted.kinds:
        is_a, takes = NOUNS.get(asset.kind, ("file", "files"))[0], wanted.noun
        raise Trouble(f"“{asset}” is a {is_a}, and “{wanted.title}” takes {takes}. It is in your library now.")
    return item_of(asset, at=place.title), done.notes


def _here(membership: Membership, connection: Connection, kind: str, remote_ids: Sequence[str]) -> dict[str, Asset]:
    """Which of them are in the library already, as far as this person may use them. Two queries."""
    if not remote_ids:
        return {}
    copy = SHELVES[kind].copy
    copies = RemoteCopy.objects.filter(connection=connection, kind=copy, object_kind="asset", remote_id__in=remote_ids)
    known = list(copies.values_list("remote_id", "object_id"))
    assets = reach.assets(membership).in_bulk([pk for _, pk in known])
    return {remote_id: assets[pk] for remote_id, pk in known if pk in assets}
