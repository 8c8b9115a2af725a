"""Files that nobody names any more, found and deleted."""

from __future__ import annotations

import logging
import shutil
from datetime import UTC, datetime, timedelta
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
