"""The files that a form's fields hold, as its cards show them, and the recent ones to pick from. A fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from django.db.models import Q

from studio.engine import reach
from studio.engine.fields import MEDIA, is_link, is_remote, own_id
from studio.models import Asset, Kind, Membership, Output, OutputState, Workspace

RECENT = 18

ACCEPT = {
    "image": "image/*,.heic,.heif,.avif",
    "video": "video/*",
    "audio": "audio/*,video/mp4,.m4a",
    "file": ".safetensors",
}
"""What a file dialog offers for a kind. Some know a HEIC or AVIF picture, or a sound in an MP4, by its name alone."""
NOUNS = {
    "image": ("picture", "pictures"),
    "video": ("clip", "clips"),
    "audio": ("recording", "recordings"),
    "file": ("file", "files"),
}


@dataclass(frozen=True, slots=True)
class Held:
    """One file in a field. asset: ours; else it is a link or something that only a service has. kind: image, video, audio or file (weights)."""

    reference: str
    kind: str
    title: str
    asset: Asset | None = None
    note: str = ""

    @property
    def is_ours(self) -> bool:
        return self.asset is not None

    @property
    def clock(self) -> str:
        seconds = self.asset.duration_seconds if self.asset else None
        return f"{int(seconds) // 60}:{int(seconds) % 60:02d}" if seconds else ""


def kinds_of(widget: str) -> tuple[str, ...]:
    """The kinds of file that a widget takes, in the order in which they are said."""
    return tuple(kind for kind in ACCEPT if kind in MEDIA.get(widget, ()))


def accept_of(*widgets: str) -> str:
    """For the `accept` of a file field that takes what these widgets or kinds take."""
    taken = {kind for widget in widgets for kind in kinds_of(widget)}
    return ",".join(ACCEPT[kind] for kind in ACCEPT if kind in taken)


def loaded(membership: Membership, references: Iterable[str]) -> Mapping[str, Asset]:
    """Our files among the references, by what they are called; without those that this person may not see. One query."""
    ids = {pk: reference for reference in references if (pk := own_id(reference))}
    found = reach.assets(membership).in_bulk(list(ids)) if ids else {}
    return {str(pk): asset for pk, asset in found.items()}


def held(references: Iterable[str], widget: str, assets: Mapping[str, Asset]) -> tuple[Held, ...]:
    """The cards of a field. What is not here any more has none: the field says so when it is sent."""
    kinds = kinds_of(widget)
    cards = []
    for reference in references:
        pk = own_id(reference)
        asset = assets.get(str(pk)) if pk else None
        if asset:
            cards.append(held_asset(asset, reference))
        elif is_link(reference):
            cards.append(Held(reference, kinds[0], link_name(reference), note=urlsplit_host(reference)))
        elif is_remote(reference):
            cards.append(Held(reference, kinds[0], reference.partition(":")[2]))
    return tuple(cards)


def held_asset(asset: Asset, reference: str = "") -> Held:
    title = asset.original_name or asset.description or NOUNS.get(asset.kind, ("file", ""))[0].capitalize()
    return Held(reference or str(asset.pk), asset.kind, title, asset)


def link_name(link: str) -> str:
    try:
        return PurePosixPath(unquote(urlsplit(link).path)).name[:80] or urlsplit_host(link)
    except ValueError:
        return link[:80]


def urlsplit_host(link: str) -> str:
    try:
        return urlsplit(link).hostname or ""
    except ValueError:
        return ""


def recent(membership: Membership, workspace: Workspace, widget: str, words: str) -> list[Held]:
    """The newest results and uploads of the right kind in this workspace, the results first. Two queries."""
    kinds = [Kind(kind) for kind in kinds_of(widget)]
    outputs = Output.objects.seen_by(membership).filter(
        workspace=workspace, state=OutputState.READY, deleted_at=None, asset__kind__in=kinds
    )
    uploads = Asset.objects.seen_by(membership).filter(workspace=workspace, kind__in=kinds)
    for word in words.lower().split()[:6]:
        outputs = outputs.filter(search_text__contains=word)
        uploads = uploads.filter(Q(original_name__icontains=word) | Q(description__icontains=word))
    rows = outputs.select_related("asset").order_by("-id")[:RECENT]
    found = {row.asset.pk: Held(str(row.asset.pk), row.asset.kind, row.title, row.asset) for row in rows if row.asset}
    for asset in uploads.exclude(created_by=None).order_by("-id")[:RECENT]:
        found.setdefault(asset.pk, held_asset(asset))
    return list(found.values())[:RECENT]
