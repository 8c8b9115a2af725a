"""Saved inspirations: saving, what the worker notices in them, and who of the team sees them."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from studio.live import outbox
from studio.media import previews
from studio.media.decode import ANALYSIS, run_child, workplace
from studio.media.errors import MediaRefused
from studio.media.looks import VERSION
from studio.media.storing import stored_pieces
from studio.models import Asset, Kind, Membership, Output, Reference, ReferenceMedia, Visibility, Workspace

from . import bells
from .pictures import first_id
from .suggest import Target

log = logging.getLogger(__name__)

MOST_MEDIA = 10
"""Pictures of one slideshow; what services take."""
KINDS = (Kind.IMAGE, Kind.VIDEO)
WITHIN = timedelta(minutes=10)
"""An inspiration that could not be looked at is not tried for ever."""
_BORING = re.compile(r"[_\-\s]+")


def save(
    membership: Membership,
    workspace: Workspace,
    assets: Sequence[Asset],
    *,
    label: str = "",
    notes: str = "",
    source: str = "",
    output: Output | None = None,
) -> Reference:
    """One inspiration of these files, in their order; several pictures are a slideshow. The worker looks at it after the commit."""
    with transaction.atomic():
        reference = Reference(
            team_id=membership.team_id,
            workspace=workspace,
            label=label.strip()[:120] or label_of(assets[0]),
            notes=notes.strip()[:1000],
            source=source.strip()[:500],
            media_kind=kind_of(assets),
            output=output,
            created_by_id=membership.user_id,
        )
        reference.search_text = search_text_of(reference, assets)
        reference.save()
        ReferenceMedia.objects.bulk_create(
            ReferenceMedia(reference=reference, asset=asset, position=position)
            for position, asset in enumerate(assets[:MOST_MEDIA])
        )
        bells.ring_reference(reference.pk)
    return reference


def kind_of(assets: Sequence[Asset]) -> str:
    if any(asset.kind == Kind.VIDEO for asset in assets):
        return "video"
    return "slideshow" if len(assets) > 1 else "image"


def label_of(asset: Asset) -> str:
    """A file's name as a person would write it: `oru_spring-v2.png` is "Oru spring v2"."""
    words = _BORING.sub(" ", PurePosixPath(asset.original_name).stem).strip()
    return (words[:1].upper() + words[1:])[:120] or "Untitled"


def search_text_of(reference: Reference, assets: Sequence[Asset], target: str = "") -> str:
    parts = (reference.label, reference.notes, reference.source, target or reference.template_slug)
    return " ".join([*(part for part in parts if part), *(asset.original_name for asset in assets)]).lower()


def file_under(rows: QuerySet[Reference], target: Target | None) -> int:
    """Files these under a target, or under none; returns how many."""
    values = {"template_slug": "", "template_category": ""}
    if target:
        values = {"template_slug": target.slug, "template_category": target.category}
    return rows.update(**values)


# -- What the worker notices -----------------------------------------------------------------------------------------------------


def notice(reference_id: UUID) -> None:
    """Looks at an inspiration in the limited child and keeps what it saw. Running twice is harmless."""
    reference = Reference.objects.filter(pk=reference_id, look={}).first()
    media = ReferenceMedia.objects.filter(reference=reference_id).select_related("asset").order_by("position").first()
    if reference is None or media is None:
        return
    look = _look(media.asset)
    with transaction.atomic():
        Reference.objects.filter(pk=reference.pk).update(look=look)
        outbox.append("reference", reference.pk, team_id=reference.team_id, workspace_id=reference.workspace_id)


def _look(asset: Asset) -> dict[str, Any]:
    """Of a clip its poster is looked at, which is made first where it is not there yet."""
    if asset.kind != Kind.IMAGE and not asset.preview_large:
        previews.make_previews(asset.pk, analyse=False)
        asset.refresh_from_db()
    name = asset.preview_large or (str(asset.file.name) if asset.kind == Kind.IMAGE else "")
    if not name:
        return {"version": VERSION, "failed": "Nothing can be seen in this file."}
    with workplace() as folder:
        source, room = folder / "source", folder / "room"
        room.mkdir()
        with source.open("wb") as file:
            for piece in stored_pieces(name):
                file.write(piece)
        try:
            return run_child({"do": "look"}, source, room, ANALYSIS)
        except MediaRefused as refusal:
            log.warning("The look of %s was not found: %s", asset.pk, refusal)
            return {"version": VERSION, "failed": str(refusal)}


def unnoticed(waiting: timedelta) -> QuerySet[Reference, UUID]:
    """Ids of inspirations that nobody has looked at for so long: their bell was lost. Bounded by the primary key, which holds the time."""
    now = timezone.now()
    recent = Reference.objects.filter(pk__lt=first_id(now - waiting), pk__gt=first_id(now - WITHIN), look={})
    return recent.order_by("pk").values_list("pk", flat=True)


# -- Who sees them ---------------------------------------------------------------------------------------------------------------


def ask_public(membership: Membership, rows: QuerySet[Reference]) -> int:
    """Asks that all workspaces see these; whoever may decide has said yes with that. Returns how many changed."""
    private = rows.filter(visibility=Visibility.PRIVATE, workspace__isnull=False, archived_at=None)
    if membership.may_manage:
        waiting = rows.filter(visibility=Visibility.ASKED, archived_at=None)
        return decide(membership, private | waiting, yes=True)
    return private.update(visibility=Visibility.ASKED, asked_by=membership.user_id, decided_by=None, decided_at=None)


def make_private(rows: QuerySet[Reference]) -> int:
    """Takes back the question, or the answer. What was made with it elsewhere stays."""
    shown = rows.exclude(visibility=Visibility.PRIVATE)
    return shown.update(visibility=Visibility.PRIVATE, asked_by=None, decided_by=None, decided_at=None)


def decide(membership: Membership, rows: QuerySet[Reference], *, yes: bool) -> int:
    """An owner's or admin's word. The caller has checked the right."""
    visibility = Visibility.PUBLIC if yes else Visibility.PRIVATE
    return rows.update(visibility=visibility, decided_by=membership.user_id, decided_at=timezone.now())
