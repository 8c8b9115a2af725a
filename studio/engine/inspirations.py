"""Inspirations and Videotok: where it would file one, what it would recommend, and publishing there. All of it is free; each call has a deadline."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar, cast

from django.utils import timezone

from studio.dialects.base import Entry
from studio.dialects.videotok.wire import Category, MediaKind
from studio.models import Connection, ConnectionState, Membership, Reference, RemoteCopy
from studio.providers import get_remote
from studio.providers.base import Wire
from studio.providers.videotok.adapter import VideotokProvider
from studio.tools.values import NoAddress

from . import links, secrets, storing, values
from .connection_checks import explain, with_wire
from .connections import base_url_of, facts_of
from .suggest import Target
from .values import Known

T = TypeVar("T")
PROVIDER = "videotok"
WITHIN_SECONDS = 15.0
PUBLISH_WITHIN_SECONDS = 90.0
"""Pictures travel inside of the request."""
MOST = 12

REVIEWS = {
    "pending": "Waiting for Videotok’s people",
    "approved": "Public at Videotok",
    "published": "Public at Videotok",
    "rejected": "Not taken by Videotok’s people",
    "declined": "Not taken by Videotok’s people",
}
"""Their words for a review, in ours. The reference names only `pending`; the others are read where they come."""


class NotAnswered(Exception):
    """The text says what went wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What Videotok thinks of one target. reason: its own words. score: on its own scale, empty where it gave none."""

    target: Target
    reason: str
    score: str


def connected(membership: Membership) -> Connection | None:
    """The team's key for Videotok, if it may be used now. One query."""
    rows = Connection.objects.seen_by(membership).filter(provider=PROVIDER, state=ConnectionState.ACTIVE)
    return rows.select_related("team").first()


def copy_of(connection: Connection, reference: Reference) -> RemoteCopy | None:
    return RemoteCopy.objects.filter(connection=connection, object_id=reference.pk, kind="reference").first()


def opinions(connection: Connection, reference: Reference) -> list[Opinion]:
    """Where Videotok would file it, best first. Raises NotAnswered."""
    description = " ".join(part for part in (reference.label, reference.notes) if part)[:500]
    kind = cast(MediaKind, reference.media_kind)
    found = _ask(connection, lambda provider, wire: provider.suggest(wire, kind, description))
    return [_opinion(entry) for entry in found[:MOST]]


def _opinion(entry: Entry) -> Opinion:
    kinds = tuple(entry.data.get("media_kinds") or ("image",))
    target = Target(entry.remote_id, str(entry.data.get("template_category", "")), entry.title, "Videotok", kinds)
    score = entry.data.get("score")
    said = f"{score:g}" if isinstance(score, int | float) and not isinstance(score, bool) else ""
    return Opinion(target, str(entry.data.get("reason", "")), said)


def recommended(connection: Connection, target: Target, kind: str) -> list[Entry]:
    """What of the references saved there suits a template, best first. Raises NotAnswered."""
    category, wanted = cast(Category, target.category), cast(MediaKind, kind)
    return _ask(connection, lambda provider, wire: provider.recommend(wire, target.slug, category, wanted))[:MOST]


def publish(membership: Membership, connection: Connection, reference: Reference, target: Target) -> RemoteCopy:
    """Gives it to Videotok as a public one. Published already: nothing is sent. Raises NotAnswered."""
    known = copy_of(connection, reference)
    if known and known.data.get("visibility") == "public":
        return known
    assets = [item.asset for item in reference.media.all()]
    # Only an address of the storage's own lives without a generation; else pictures travel inside of the request.
    own = {asset.pk: link for asset in assets if (link := links.address(asset, "", None))}
    value = replace(values.reference_value(reference, Known(links=own)), slug=target.slug, category=target.category)
    remote_id = _ask(connection, lambda provider, wire: provider.publish_reference(wire, value), PUBLISH_WITHIN_SECONDS)
    data = {
        "visibility": "public",
        "review_status": "pending",
        "template": target.title,
        "published_at": timezone.now().isoformat(),
        "published_by": membership.user_id,
        "private_id": known.remote_id if known else "",
    }
    storing.remember_copy(connection, "reference", reference.pk, "reference", remote_id, data)
    return cast(RemoteCopy, copy_of(connection, reference))


def look_again(connection: Connection, copy: RemoteCopy) -> str:
    """Reads how the review stands and keeps it; returns Videotok's word for it. Raises NotAnswered."""
    entry = _ask(connection, lambda provider, wire: provider.review_of(wire, copy.remote_id))
    if entry is None:
        raise NotAnswered("Videotok does not list it any more. Perhaps somebody has deleted it there.")
    status = str(entry.data.get("review_status") or "")
    if not status and entry.data.get("visibility") == "public":
        status = "published"
    copy.data = {**copy.data, "review_status": status}
    copy.seen_at = timezone.now()
    copy.save(update_fields=("data", "seen_at"))
    return status


def _ask(
    connection: Connection,
    question: Callable[[VideotokProvider, Wire], Awaitable[T]],
    within_seconds: float = WITHIN_SECONDS,
) -> T:
    provider = get_remote(connection.provider)
    assert isinstance(provider, VideotokProvider)
    try:
        key = secrets.reveal(connection.key)
    except secrets.UnreadableSecret as error:
        raise NotAnswered(str(error)) from error
    url = base_url_of(connection)
    ask: Any = partial(question, provider)
    try:
        answer, seen = with_wire(provider, url, key, facts_of(connection), ask, within_seconds)
    except NoAddress as error:
        raise NotAnswered(
            "Videotok fetches clips from an address, and this file has none. Keep files in S3, or publish a picture of it."
        ) from error
    if isinstance(answer, Exception):
        told = str(answer) if getattr(answer, "code", "") in ("input", "missing") else ""
        raise NotAnswered(told or explain(provider, url, answer, seen, within_seconds)[1]) from answer
    return cast(T, answer)
