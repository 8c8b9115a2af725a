"""Two fences for uploads: one in front of Django, by the length of the whole request; one inside, by the length of each file."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

_SPARE = 1 << 20
_DRAIN_BYTES = 1 << 30
_DRAIN_SECONDS = 60.0


def most_megabytes() -> int:
    return int(settings.MAX_UPLOAD_BYTES) >> 20


def too_large(size_bytes: int | None = None) -> str:
    """The sentence for a file or request over the limit."""
    has = f"This upload has {-(-size_bytes // (1 << 20)):,} MB. The" if size_bytes else "The"
    return f"{has} most is {most_megabytes()} MB for a file: export it smaller."


class LimitedUploadHandler(TemporaryFileUploadHandler):
    """Every file goes to a temporary one, and one over MAX_UPLOAD_BYTES goes nowhere: what was written is deleted at once, the rest is
    read past. `refused_uploads(request)` names those.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        Path(settings.FILE_UPLOAD_TEMP_DIR).mkdir(parents=True, exist_ok=True)
        super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) > settings.MAX_UPLOAD_BYTES:
            self.file.close()
            refused_uploads(self.request).append((self.field_name or "", self.file_name or ""))
            raise SkipFile
        super().receive_data_chunk(raw_data, start)


def refused_uploads(request: HttpRequest | None) -> list[tuple[str, str]]:
    """(field, file name) of each file of this request that was over the limit. Complete once `request.FILES` has been read."""
    refused: list[tuple[str, str]] = request.__dict__.setdefault("_refused_uploads", [])
    return refused


class BodyLimit:
    """ASGI: refuses a request body of more than two files of the largest size with 413, before Django writes any of it to disk.

    A declared length is enough. A body of undeclared length is counted as it comes. The answer is sent at once; then the rest of the body is
    read and thrown away for a while, because a browser whose upload is cut off shows an error of its own instead of our sentence.
    """

    def __init__(self, app: App) -> None:
        self.app = app
        self.most_bytes = 2 * int(settings.MAX_UPLOAD_BYTES) + _SPARE

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        declared = headers.get(b"content-length", b"")
        if declared.isdigit():
            if int(declared) > self.most_bytes:
                await self._refuse(int(declared), headers, receive, send)
            else:
                await self.app(scope, receive, send)  # The server never delivers more than was declared.
            return
        await self._count(scope, headers, receive, send)

    async def _count(
        self, scope: MutableMapping[str, Any], headers: dict[bytes, bytes], receive: Receive, send: Send
    ) -> None:
        """For chunked bodies: Django is told that the sender left, once there is too much."""
        got = 0

        async def counted() -> Message:
            nonlocal got
            message = await receive()
            got += len(message.get("body", b""))
            return {"type": "http.disconnect"} if got > self.most_bytes else message

        await self.app(scope, counted, send)
        if got > self.most_bytes:
            await self._refuse(got, headers, receive, send)

    async def _refuse(self, size: int, headers: dict[bytes, bytes], receive: Receive, send: Send) -> None:
        wants_json = b"json" in headers.get(b"accept", b"") or b"hx-request" in headers
        sentence = too_large(size)
        body = (json.dumps({"error": sentence}) if wants_json else sentence).encode()
        kind = b"application/json" if wants_json else b"text/plain; charset=utf-8"
        await send(
            {
                "type": "http.response.start",
                "status": 413,
                "headers": [
                    (b"content-type", kind),
                    (b"content-length", str(len(body)).encode()),
                    (b"x-content-type-options", b"nosniff"),
                    (b"connection", b"close"),
                ],
            }
        )
        await send({"type": "http.response.body", "body": body, "more_body": True})
        try:
            async with asyncio.timeout(_DRAIN_SECONDS):
                await _drain(receive)
        except TimeoutError:
            pass  # The connection closes with whatever is still on its way.
        await send({"type": "http.response.body", "body": b""})


async def _drain(receive: Receive) -> None:
    seen = 0
    while seen < _DRAIN_BYTES:
        message = await receive()
        seen += len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body", False):
            return
