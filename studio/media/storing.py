"""Files in storage: under names that follow from the asset's id, the file first and then the row. A crash in between leaves a file that
`orphans.sweep_orphans` finds, never a row without its file.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from studio.models import Asset

_PIECE = 256 * 1024
SUFFIXES = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/avif": ".avif",
    "image/gif": ".gif",
    "image/svg+xml": ".svg",
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
    "video/webm": ".webm",
    "video/x-matroska": ".mkv",
    "audio/mpeg": ".mp3",
    "audio/wav": ".wav",
    "audio/mp4": ".m4a",
    "audio/ogg": ".ogg",
    "audio/flac": ".flac",
    "audio/aac": ".aac",
    "audio/webm": ".weba",
    "image/heic": ".heic",
    "model/gltf-binary": ".glb",
    "application/x-safetensors": ".safetensors",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
    "font/ttf": ".ttf",
    "font/otf": ".otf",
}


def store(asset: Asset, path: Path) -> Asset:
    """File, then row. Whoever comes second with the same id gets the first one's row."""
    name = stored_as(asset, f"original{SUFFIXES.get(asset.media_type, '.bin')}")
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
        if not getattr(default_storage, "replaces_at_once", False):
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


def hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def stored_pieces(name: str) -> Iterator[bytes]:
    """A stored file in pieces, for whoever must not hold it whole."""
    with default_storage.open(name, "rb") as file:
        while piece := file.read(_PIECE):
            yield piece
