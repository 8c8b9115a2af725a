"""Brings files into the library: the file first, under a name that follows from the asset's id; then the row. A crash in between
leaves a file that `sweep_orphans` finds, never a row without its file.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage, default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image, UnidentifiedImageError

from studio.media.decode import LOGO, PICTURE, run_child, workplace
from studio.media.errors import MediaRefused
from studio.media.sniff import HEAD_BYTES, SVG, raise_for_type, sniff
from studio.models import Asset, Kind, Membership, Team, User, Workspace
from studio.models.ids import uuid7

logger = logging.getLogger(__name__)

_PIECE = 256 * 1024
_SUFFIXES = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/avif": ".avif",
    "image/gif": ".gif",
    "image/svg+xml": ".svg",
    "video/mp4": ".mp4",
    "video/webm": ".webm",
    "audio/mpeg": ".mp3",
    "audio/wav": ".wav",
    "text/plain": ".txt",
}
_KINDS = {"video": Kind.VIDEO, "audio": Kind.AUDIO, "text": Kind.TEXT}


@dataclass(frozen=True, slots=True)
class Ingested:
    """notes: sentences for the person about what was done to the picture. known: the very same picture was in this workspace already."""

    asset: Asset
    notes: tuple[str, ...] = ()
    known: bool = False


def ingest_upload(
    membership: Membership, workspace: Workspace, upload: UploadedFile[bytes] | Path, *, allow_svg: bool = False
) -> Asset:
    """`ingest_file` for callers who have no place for notes."""
    return ingest_file(membership, workspace, upload, allow_svg=allow_svg).asset


def ingest_file(
    membership: Membership, workspace: Workspace, upload: UploadedFile[bytes] | Path, *, allow_svg: bool = False
) -> Ingested:
    """A person's picture, made safe and kept; the asset that is there already if this workspace has the very same picture.

    What is stored is an upright sRGB copy without metadata (JPEG, or PNG where something is see-through), so that no place or name
    hidden in a photo ever leaves; `sha256` and `size_bytes` are of that copy, the upload itself is not kept. An SVG (allow_svg: logos)
    becomes a PNG. Raises MediaRefused with a sentence for the person.
    """
    name = clean_name(upload.name or "")
    with workplace() as folder:
        source, room = folder / "source", folder / "room"
        room.mkdir()
        _copy(upload, source)
        with source.open("rb") as file:
            found = sniff(file.read(HEAD_BYTES))
        raise_for_type(found, name, allow_svg=allow_svg)
        if found.media_type == SVG:
            facts = run_child({"do": "logo"}, source, room, LOGO)
        else:
            facts = run_child({"do": "normalise", "media_type": found.media_type}, source, room, PICTURE)
        picture = room / "picture"
        sha256 = hash_of(picture)
        notes = tuple(facts["notes"])
        known = Asset.objects.filter(
            team=membership.team_id, workspace=workspace, sha256=sha256, kind=Kind.IMAGE
        ).first()
        if known:
            return Ingested(known, notes, known=True)
        asset = Asset(
            team_id=membership.team_id,
            workspace=workspace,
            kind=Kind.IMAGE,
            original_name=name,
            media_type=facts["media_type"],
            size_bytes=picture.stat().st_size,
            sha256=sha256,
            width=facts["width"],
            height=facts["height"],
            dominant_colour=facts["dominant_colour"],
            created_by_id=membership.user_id,
        )
        _store(asset, picture)
    return Ingested(asset, notes)


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
    """A file that the local renderer made, kept byte for byte. With an `asset_id` it may be called again after a crash: the asset that is
    there is returned, a file without a row is written anew.
    """
    if asset_id is not None:
        existing = Asset.objects.filter(pk=asset_id, team=team).first()
        if existing:
            return existing
    with path.open("rb") as file:
        found = sniff(file.read(HEAD_BYTES))
    kind = Kind.IMAGE if found.is_picture else _KINDS.get(found.media_type.partition("/")[0], Kind.FILE)
    width, height = _dimensions(path) if kind == Kind.IMAGE else (None, None)
    asset = Asset(
        id=asset_id or uuid7(),
        team=team,
        workspace=workspace,
        kind=kind,
        original_name=clean_name(original_name),
        description=description[:300],
        media_type=found.media_type,
        size_bytes=path.stat().st_size,
        sha256=hash_of(path),
        width=width,
        height=height,
        duration_seconds=duration_seconds,
        created_by=created_by,
    )
    return _store(asset, path)


def _store(asset: Asset, path: Path) -> Asset:
    """File, then row. Whoever comes second with the same id gets the first one's row."""
    name = stored_as(asset, f"original{_SUFFIXES.get(asset.media_type, '.bin')}")
    asset.file.name = put(name, path)
    try:
        with transaction.atomic():
            asset.save(force_insert=True)
    except IntegrityError:
        existing = Asset.objects.filter(pk=asset.pk, team=asset.team_id).first()
        if existing is None:
            raise
        return existing
    return asset


def stored_as(asset: Asset, name: str) -> str:
    """A file's name in storage: by team and asset, so that neither a name nor a guess reaches another team's file."""
    return f"{asset.team_id}/{asset.pk}/{name}"


def put(name: str, path: Path) -> str:
    """Writes a file into storage, over what an interrupted attempt may have left there. Returns the name it has there.

    The very same file is left alone: nobody who reads it now, or who dies here, finds it missing.
    """
    if default_storage.exists(name):
        with default_storage.open(name, "rb") as there:
            if hashlib.file_digest(there, "sha256").hexdigest() == hash_of(path):
                return name
        default_storage.delete(name)
    with path.open("rb") as file:
        stored = default_storage.save(name, File(file))
    _flush(stored)
    return stored


def _flush(name: str) -> None:
    """To the disk before any row speaks of it: a power cut must not leave a row with an empty file. Remote storage does so by itself."""
    try:
        path = default_storage.path(name)
    except NotImplementedError:
        return
    for place in (path, os.path.dirname(path)):
        descriptor = os.open(place, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _copy(upload: UploadedFile[bytes] | Path, to: Path) -> None:
    if isinstance(upload, Path):
        shutil.copyfile(upload, to)
        return
    with to.open("wb") as file:
        for chunk in upload.chunks(_PIECE):
            file.write(chunk)


def hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _dimensions(path: Path) -> tuple[int | None, int | None]:
    """From the header alone; only for files of our own making."""
    try:
        with Image.open(path) as image:
            return image.size
    except (UnidentifiedImageError, OSError) as error:
        raise MediaRefused("The finished picture cannot be read.") from error


def clean_name(name: str) -> str:
    """The last part of a path, printable, at most 200 characters with its suffix kept."""
    last = re.split(r"[\\/]", name)[-1]
    printable = "".join(character for character in last if character.isprintable()).strip()
    if len(printable) <= 200:
        return printable
    suffix = PurePosixPath(printable).suffix[:12]
    return printable[: 200 - len(suffix)] + suffix


def sweep_orphans(older_than: timedelta = timedelta(days=1), storage: Storage = default_storage) -> int:
    """Deletes stored files that no asset names and that are older than this; returns how many. Only names that look like ours are touched.

    Temporary files of that age go too: whoever made them was killed.
    """
    before = timezone.now() - older_than
    _sweep_temporary(before)
    gone = 0
    for team in _folders(storage, ""):
        folders = _folders(storage, team)
        for start in range(0, len(folders), 500):
            part = folders[start : start + 500]
            rows = Asset.objects.filter(pk__in=part, team=UUID(team))
            named = {name for row in rows for name in (row.file.name, row.preview_small, row.preview_large, row.cutout)}
            for folder in part:
                gone += _sweep_folder(storage, f"{team}/{folder}", named, before)
    return gone


def _sweep_temporary(before: datetime) -> None:
    for path in Path(settings.FILE_UPLOAD_TEMP_DIR).glob("*"):
        if path.stat().st_mtime >= before.timestamp():
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _sweep_folder(storage: Storage, folder: str, named: set[Any], before: datetime) -> int:
    files = [f"{folder}/{name}" for name in storage.listdir(folder)[1]]
    lost = [name for name in files if name not in named and _modified(storage, name) < before]
    for name in lost:
        logger.info("Deleting %s: no asset names it.", name)
        storage.delete(name)
    if len(lost) == len(files):
        _remove_folder(storage, folder)
    return len(lost)


def _modified(storage: Storage, name: str) -> datetime:
    """A file that has just been deleted by someone else counts as new."""
    try:
        return storage.get_modified_time(name)
    except FileNotFoundError:
        return datetime.max.replace(tzinfo=UTC)


def _remove_folder(storage: Storage, folder: str) -> None:
    try:
        storage.delete(folder)
    except OSError:
        logger.debug("%s was filled again meanwhile.", folder)


def _folders(storage: Storage, under: str) -> list[str]:
    """Sub-folders whose names are identifiers."""
    try:
        names = storage.listdir(under)[0]
    except FileNotFoundError:
        return []
    return [name for name in names if _is_identifier(name)]


def _is_identifier(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False


def stored_pieces(name: str) -> Iterator[bytes]:
    """A stored file in pieces, for whoever must not hold it whole."""
    with default_storage.open(name, "rb") as file:
        while piece := file.read(_PIECE):
            yield piece
