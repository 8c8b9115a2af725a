"""Downloads of one asset, as it is or in another format, under a name that says what it shows."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path, PurePosixPath

from django.core.files import File
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponseBase

from studio.media.decode import PREVIEW, run_child, workplace
from studio.media.serving import FOR_EVER, Served, serve
from studio.media.sniff import SVG
from studio.media.storing import stored_pieces
from studio.models import Asset, Kind

FORMATS = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}
"""What a picture can be downloaded as besides what it is."""


def safe_stem(text: str, longest: int = 60) -> str:
    """A file name without suffix that every system takes: words joined by hyphens, letters of any script kept; never empty."""
    plain = unicodedata.normalize("NFC", text)
    words = re.sub(r"[^\w]+", "-", plain, flags=re.UNICODE).replace("_", "-")
    stem = re.sub(r"-{2,}", "-", words).strip("-")[:longest].strip("-")
    return stem or "untitled"


def suffix_of(asset: Asset) -> str:
    return PurePosixPath(str(asset.file.name)).suffix


def open_stored(name: str) -> File[bytes]:
    """Raises Http404 where the file is gone."""
    try:
        file: File[bytes] = default_storage.open(name, "rb")
    except FileNotFoundError as error:
        raise Http404("The file is gone from storage.") from error
    return file


def download_response(
    request: HttpRequest, asset: Asset, filename: str, fmt: str | None = None, *, is_safe: bool = False
) -> HttpResponseBase:
    """The asset as an attachment, with ranges. filename: without suffix, made safe here unless it is (`naming.stem` made it). fmt: a key of
    FORMATS, or None for the original.

    Raises Http404 for an unknown format, or one that this asset cannot have; MediaRefused if the picture cannot be converted.
    """
    stem = filename if is_safe else safe_stem(filename)
    if fmt is None or FORMATS.get(fmt) == asset.media_type:
        file, size, media_type, suffix = (
            open_stored(str(asset.file.name)),
            asset.size_bytes,
            asset.media_type,
            suffix_of(asset),
        )
    elif fmt in FORMATS and asset.kind == Kind.IMAGE:
        file = _converted(asset, FORMATS[fmt])
        size, media_type, suffix = file.size, FORMATS[fmt], f".{fmt}"
    else:
        raise Http404("There is no such format of this file.")
    served = Served(
        file=file,
        size_bytes=size,
        media_type=media_type,
        etag=f"{asset.sha256[:32]}{suffix}",
        modified=asset.created_at,
        filename=f"{stem}{suffix}",
        attachment=True,
        cache=FOR_EVER,
    )
    return serve(request, served)


def _converted(asset: Asset, media_type: str) -> File[bytes]:
    """The picture in another format: an open file without a name, gone when it is closed."""
    with workplace() as folder:
        source, room = folder / "source", folder / "room"
        room.mkdir()
        with source.open("wb") as file:
            for piece in stored_pieces(str(asset.file.name)):
                file.write(piece)
        do = "convert_drawing" if asset.media_type == SVG else "convert"
        run_child({"do": do, "media_type": media_type}, source, room, PREVIEW)
        return _unlinked(room / "picture")


def _unlinked(path: Path) -> File[bytes]:
    """Open, so it outlives its folder."""
    file: File[bytes] = File(path.open("rb"))
    file.size = path.stat().st_size
    return file
