"""Files that nobody names any more, found and deleted."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby, islice
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.storage import Storage, default_storage
from django.utils import timezone

from studio.models import Asset

logger = logging.getLogger(__name__)


def sweep_orphans(older_than: timedelta = timedelta(days=1), storage: Storage = default_storage) -> int:
    """Deletes stored files that no asset names and that are older than this; returns how many. Only names that look like ours are touched.

    Temporary files of that age go too: whoever made them was killed.
    """
    before = timezone.now() - older_than
    _sweep_temporary(before)
    gone = 0
    for team in _folders(storage, ""):
        for part in _in_parts(_assets(storage, team), 500):
            rows = Asset.objects.filter(pk__in=[it.folder for it in part], team=UUID(team))
            named = {name for row in rows for name in (row.file.name, row.preview_small, row.preview_large, row.cutout)}
            for it in part:
                gone += _sweep_folder(storage, f"{team}/{it.folder}", it.files, named, before)
    return gone


@dataclass(frozen=True, slots=True)
class _Stored:
    """The folder of one asset. files: name in storage, and when it was written, where that came along with the name."""

    folder: str
    files: list[tuple[str, datetime | None]]


def _assets(storage: Storage, team: str) -> Iterator[_Stored]:
    """A bucket tells of a thousand files at once, with their times; a disk is asked folder by folder."""
    if hasattr(storage, "walk"):
        for folder, files in groupby(storage.walk(team), key=lambda it: it[0].split("/")[1]):
            if _is_identifier(folder):
                yield _Stored(folder, list(files))
        return
    for folder in _folders(storage, team):
        yield _Stored(folder, [(f"{team}/{folder}/{name}", None) for name in storage.listdir(f"{team}/{folder}")[1]])


def _in_parts(found: Iterator[_Stored], size: int) -> Iterator[list[_Stored]]:
    while part := list(islice(found, size)):
        yield part


def _sweep_temporary(before: datetime) -> None:
    for path in Path(settings.FILE_UPLOAD_TEMP_DIR).glob("*"):
        if path.stat().st_mtime >= before.timestamp():
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _sweep_folder(
    storage: Storage, folder: str, files: list[tuple[str, datetime | None]], named: set[Any], before: datetime
) -> int:
    lost = [name for name, at in files if name not in named and (at or _modified(storage, name)) < before]
    for name in lost:
        logger.info("Deleting %s: no asset names it.", name)
        storage.delete(name)
    if len(lost) == len(files) and not hasattr(storage, "walk"):  # A bucket has no folders to be emptied.
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
