"""Sends one stored file: ranges, validators, and headers under which a browser runs nothing of it. Never whole in memory."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header, http_date, parse_etags, parse_http_date_safe

PIECE_BYTES = 256 * 1024
FOR_EVER = "private, max-age=31536000, immutable"
FOR_NOW = "private, max-age=5"
SANDBOX = "sandbox; default-src 'none'"
INLINE = frozenset(
    {
        "image/jpeg",
        "image/png",
        "image/webp",
        "image/avif",
        "image/gif",
        "video/mp4",
        "video/quicktime",
        "video/webm",
        "audio/aac",
        "audio/flac",
        "audio/mp4",
        "audio/mpeg",
        "audio/ogg",
        "audio/wav",
        "audio/webm",
    }
)
"""What a browser may show in place. SVG, HTML, XML and the unknown leave only as attachments."""

_NAMED = frozenset({*INLINE, "model/gltf-binary"})
"""What goes by its own name. The viewer of 3D models fetches them; as an attachment they open no page."""

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


@dataclass(frozen=True, slots=True)
class Served:
    """A file and what is said about it. etag: without quotes. filename: for saving; with `attachment` it is saved, not shown."""

    file: File[bytes]
    size_bytes: int
    media_type: str
    etag: str
    modified: datetime
    filename: str = ""
    attachment: bool = False
    cache: str = FOR_EVER


def serve(request: HttpRequest, served: Served) -> HttpResponseBase:
    """200, 206, 304 or 416, as RFC 9110 has it for a single range; several ranges at once get the whole file. Closes the file."""
    etag = f'"{served.etag}"'
    if _is_known(request, etag, served.modified):
        served.file.close()
        return _with_headers(HttpResponse(status=304), served, etag)
    span = _span(request, served, etag)
    if span is None:
        served.file.close()
        refused = _with_headers(HttpResponse(status=416), served, etag)
        refused["Content-Range"] = f"bytes */{served.size_bytes}"
        return refused
    start, length = span
    response = _body(request, served.file, start, length)
    if length != served.size_bytes:
        response.status_code = 206
        response["Content-Range"] = f"bytes {start}-{start + length - 1}/{served.size_bytes}"
    response["Content-Length"] = str(length)
    return _with_headers(response, served, etag)


def _is_known(request: HttpRequest, etag: str, modified: datetime) -> bool:
    """Whether the browser's copy is the current one."""
    known = request.headers.get("If-None-Match")
    if known is not None:
        tags = [tag.removeprefix("W/") for tag in parse_etags(known)]
        return "*" in tags or etag in tags
    since = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    return since is not None and int(modified.timestamp()) <= since


def _span(request: HttpRequest, served: Served, etag: str) -> tuple[int, int] | None:
    """First byte and length of what is asked for; None where it lies outside the file."""
    size = served.size_bytes
    asked = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if request.method != "GET" or asked is None or asked[0] == "bytes=-" or not _still_applies(request, served, etag):
        return 0, size
    first, last = asked[1], asked[2]
    if not first:
        length = min(int(last), size)
        return (size - length, length) if length else None
    start, end = int(first), min(int(last), size - 1) if last else size - 1
    if last and int(last) < start:
        return 0, size  # Not a range at all: ignored.
    return (start, end - start + 1) if start < size else None


def _still_applies(request: HttpRequest, served: Served, etag: str) -> bool:
    """If-Range: the rest of a file is sent only to whoever has the beginning of this very file."""
    condition = request.headers.get("If-Range")
    if condition is None or condition == etag:
        return True
    return parse_http_date_safe(condition) == int(served.modified.timestamp())


def _body(request: HttpRequest, file: File[bytes], start: int, length: int) -> HttpResponseBase:
    """Small parts at once, large ones in pieces. ASGI gets an async iterator: Django would collect a plain one whole first."""
    if request.method == "HEAD" or length == 0:
        file.close()
        return HttpResponse()
    file.seek(start)
    if length <= PIECE_BYTES:
        with file:
            return HttpResponse(file.read(length))
    pieces = AsyncPieces(file, length) if isinstance(request, ASGIRequest) else Pieces(file, length)
    return StreamingHttpResponse(pieces)


class Pieces:
    """The next `length` bytes of an open file, piece by piece; `close` ends it early."""

    def __init__(self, file: File[bytes], length: int) -> None:
        self.file, self.left = file, length

    def __iter__(self) -> Iterator[bytes]:
        while piece := self.next_piece():
            yield piece

    def next_piece(self) -> bytes:
        piece = self.file.read(min(PIECE_BYTES, self.left)) if self.left else b""
        self.left -= len(piece)
        return piece

    def close(self) -> None:
        self.file.close()


class AsyncPieces:
    """The same for ASGI: each piece is read in a thread, so that a slow disk or bucket holds up nobody else."""

    def __init__(self, file: File[bytes], length: int) -> None:
        self._pieces = Pieces(file, length)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while piece := await asyncio.to_thread(self._pieces.next_piece):
            yield piece

    def close(self) -> None:
        self._pieces.close()


def _with_headers(response: Any, served: Served, etag: str) -> HttpResponseBase:
    shown = served.media_type in INLINE
    response["Content-Type"] = served.media_type if served.media_type in _NAMED else "application/octet-stream"
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = etag
    response["Last-Modified"] = http_date(served.modified.timestamp())
    response["Cache-Control"] = served.cache
    protect(response)
    disposition = content_disposition_header(served.attachment or not shown, served.filename)
    if disposition:
        response["Content-Disposition"] = disposition
    return response  # type: ignore[no-any-return]


def protect(response: HttpResponseBase) -> None:
    """The headers of every media answer."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cross-Origin-Resource-Policy"] = "same-origin"
