"""Brings files into the library: what people upload, made safe or refused with a sentence; what upstreams and the renderer made, kept."""

from __future__ import annotations

import logging
import re
import shutil
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile

from studio.media.decode import LOGO, PICTURE, run_child, workplace
from studio.media.errors import MediaRefused
from studio.media.facts import Facts, facts_of
from studio.media.sniff import SVG, kind_of, raise_for_type, sniff_file
from studio.media.storing import hash_of, store
from studio.models import Asset, Kind, Membership, Team, User, Workspace
from studio.models.ids import uuid7

logger = logging.getLogger(__name__)

_PIECE = 256 * 1024
_PICTURES = (Kind.IMAGE,)
_PLACELESS = "The place where this was recorded was in the file; it was removed."


@dataclass(frozen=True, slots=True)
class Ingested:
    """notes: sentences for the person about what was done to the file. known: the very same file was in this workspace already."""

    asset: Asset
    notes: tuple[str, ...] = ()
    known: bool = False


def ingest_upload(membership: Membership, workspace: Workspace, upload: UploadedFile[bytes] | Path) -> Asset:
    """`ingest_file` for callers who have no place for notes."""
    return ingest_file(membership, workspace, upload).asset


def ingest_file(
    membership: Membership,
    workspace: Workspace,
    upload: UploadedFile[bytes] | Path,
    *,
    accept: Collection[Kind] = _PICTURES,
) -> Ingested:
    """A person's file, made safe and kept; the asset that is there already if this workspace has the very same one.

    accept: the kinds that are taken here: Kind.IMAGE, VIDEO, AUDIO, MODEL, TEXT, FILE (.safetensors).
    Of a picture an upright sRGB copy without metadata is stored (JPEG, or PNG where something is see-through), so that no place or name
    hidden in a photo ever leaves; `sha256` and `size_bytes` are of that copy, the upload itself is not kept. An SVG becomes a PNG.
    What the file said of its making is read first and kept aside in `provenance`. Everything else is opened and, where that works, kept byte for byte; only a film or recording that says where it was made
    is written again without that. Raises MediaRefused with a sentence for the person.
    """
    name = clean_name(upload.name or "")
    with workplace() as folder:
        source, room = folder / "source", folder / "room"
        room.mkdir()
        _copy(upload, source)
        with source.open("rb") as file:
            found = sniff_file(file)
        raise_for_type(found, name, accept=accept)
        fields: dict[str, Any]
        if kind_of(found.media_type) == Kind.IMAGE:
            path = room / "picture"
            fields, notes = _normalised(source, found.media_type, room)
        else:
            fields = asdict(_accepted(facts_of(source, found.media_type, room, placeless=True), accept))
            path, notes = (room / "clip", (_PLACELESS,)) if (room / "clip").exists() else (source, ())
        sha256 = hash_of(path)
        known = Asset.objects.filter(
            team=membership.team_id, workspace=workspace, sha256=sha256, kind=fields["kind"]
        ).first()
        if known:
            return Ingested(known, notes, known=True)
        asset = Asset(
            team_id=membership.team_id,
            workspace=workspace,
            original_name=name,
            size_bytes=path.stat().st_size,
            sha256=sha256,
            created_by_id=membership.user_id,
            **fields,
        )
        return Ingested(store(asset, path), notes)


def _normalised(source: Path, media_type: str, room: Path) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Fields of the asset and notes; the picture itself lies in the room."""
    if media_type == SVG:
        facts = run_child({"do": "logo"}, source, room, LOGO)
    else:
        facts = run_child({"do": "normalise", "media_type": media_type}, source, room, PICTURE)
    notes = tuple(facts.pop("notes"))
    return {"kind": Kind.IMAGE, **facts}, notes


def _accepted(facts: Facts, accept: Collection[Kind]) -> Facts:
    """A container's type does not tell whether there are pictures in it."""
    if facts.kind in accept:
        return facts
    if facts.kind == Kind.AUDIO:
        raise MediaRefused("This video has only sound in it. Use one that has pictures.")
    raise MediaRefused("This file is a video. Export its sound as MP3, WAV or M4A, and use that.")


def ingest_result(
    *,
    team: Team,
    workspace: Workspace,
    path: Path,
    original_name: str = "",
    description: str = "",
    asset_id: UUID | None = None,
    created_by: User | None = None,
    duration_seconds: float | None = None,
) -> Asset:
    """A file that the renderer or an upstream made, kept byte for byte whatever it is: what was paid for is not thrown away because we
    cannot open it. With an `asset_id` it may be called again after a crash: the asset that is there is returned, a file without a row is
    written anew. duration_seconds: where the maker knows it better than the file.
    """
    if asset_id is not None:
        existing = Asset.objects.filter(pk=asset_id, team=team).first()
        if existing:
            return existing
    fields = asdict(_known_facts(path))
    if duration_seconds is not None:
        fields["duration_seconds"] = duration_seconds
    asset = Asset(
        id=asset_id or uuid7(),
        team=team,
        workspace=workspace,
        original_name=clean_name(original_name),
        description=description[:300],
        size_bytes=path.stat().st_size,
        sha256=hash_of(path),
        created_by=created_by,
        **fields,
    )
    return store(asset, path)


def _known_facts(path: Path) -> Facts:
    with path.open("rb") as file:
        media_type = sniff_file(file).media_type
    with workplace() as room:
        try:
            return facts_of(path, media_type, room)
        except MediaRefused as refusal:
            logger.warning("A result of type %s is kept without its facts: %s", media_type, refusal)
            return Facts(kind_of(media_type), media_type)


def _copy(upload: UploadedFile[bytes] | Path, to: Path) -> None:
    if isinstance(upload, Path):
        shutil.copyfile(upload, to)
        return
    with to.open("wb") as file:
        for chunk in upload.chunks(_PIECE):
            file.write(chunk)


def clean_name(name: str) -> str:
    """The last part of a path, printable, at most 200 characters with its suffix kept."""
    last = re.split(r"[\\/]", name)[-1]
    printable = "".join(character for character in last if character.isprintable()).strip()
    if len(printable) <= 200:
        return printable
    suffix = PurePosixPath(printable).suffix[:12]
    return printable[: 200 - len(suffix)] + suffix
