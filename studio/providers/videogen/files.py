"""VideoGen's files: giving it ours, and keeping order among what it has. All of it is free and may be repeated."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import httpx
from django.core.files.base import File
from django.core.files.storage import default_storage

from config.storage import StorageAway
from studio.dialects.base import Gone, NotTaken, Refused
from studio.dialects.videogen import wire as messages
from studio.dialects.videogen.codec import ready_state
from studio.dialects.videogen.eras import name_at
from studio.providers.http import Wire
from studio.tools.values import MediaValue

from .calls import ask, era_of, part, with_query

TYPES: dict[str, Any] = {"image": "IMAGE", "video": "VIDEO", "audio": "AUDIO"}
PAUSES_SECONDS: Sequence[float] = (0, 1, 1.5, 2, 3, 4, 5, *[10] * 28)
"""Between hydrations while VideoGen reads an upload: five minutes in all, in few of the 2,500 that it allows an hour."""
PUT_SECONDS = 120.0
PIECE_BYTES = 256 * 1024


class StillReading(NotTaken):
    """VideoGen has the bytes and is not done with them. known_id: what to hand to the next `upload`, which then only asks again."""

    def __init__(self, known_id: str) -> None:
        super().__init__("VideoGen is still reading the upload.", 10)
        self.known_id = known_id


async def upload(wire: Wire, media: MediaValue, known_id: str = "", pauses: Sequence[float] = PAUSES_SECONDS) -> str:
    """Gives it one file and waits until it is ready. One that VideoGen knows is only hydrated; a lost or broken one is sent again."""
    if known_id and await _is_ready(wire, known_id, pauses):
        return known_id
    said = messages.CreateUpload(
        display_name=media.name or str(media.id), type=TYPES.get(media.kind), is_temporary=False
    )
    got = await ask(wire, "POST", "/v1/files/upload", messages.UploadAnswer, data=said.to_wire())
    if not got.file_id or not got.upload_url:
        raise NotTaken("VideoGen gave no address for the upload.", 15)
    await _put(wire.client, got.upload_url, media)
    if not await _is_ready(wire, got.file_id, pauses):
        raise Refused(f"VideoGen cannot read “{media.name or 'this file'}”. Try it in another format.", "input")
    return got.file_id


async def _is_ready(wire: Wire, file_id: str, pauses: Sequence[float]) -> bool:
    """False where it failed or is not there. Raises StillReading when patience ends."""
    for pause in pauses:
        await asyncio.sleep(pause)
        try:
            state = ready_state(await hydrate(wire, file_id))
        except Gone:
            return False
        if state != "pending":
            return state == "ready"
    raise StillReading(file_id)


class _Pieces:
    """A stored file, read piece by piece beside the loop. Not a generator: an early answer leaves it in the middle of a read, and then
    the file must still be closable."""

    def __init__(self, file: File[bytes], size: int) -> None:
        self._file, self._left = file, size

    def __aiter__(self) -> _Pieces:
        return self

    async def __anext__(self) -> bytes:
        if self._left <= 0:
            raise StopAsyncIteration
        piece: bytes = await asyncio.to_thread(self._file.read, min(self._left, PIECE_BYTES))
        self._left -= len(piece) or self._left
        return piece


async def _put(client: httpx.AsyncClient, url: str, media: MediaValue) -> None:
    """The bytes, streamed from storage to the signed address: no key, no content type, its length said."""
    name = media.name or "This file"
    try:
        size = await asyncio.to_thread(default_storage.size, media.file)
        file = await asyncio.to_thread(default_storage.open, media.file, "rb")
    except OSError as error:
        raise Refused(f"“{name}” is no longer in storage.", "missing") from error
    headers = {"Content-Length": str(size)}
    try:
        pieces = _Pieces(file, size)
        async with client.stream("PUT", url, content=pieces, headers=headers, timeout=PUT_SECONDS) as answer:
            status = answer.status_code
    except StorageAway:
        raise  # Our own storage: the engine waits for it.
    except Exception as error:
        # The client refuses addresses with an error of its own. Whatever it was, nothing is lost.
        raise NotTaken("The upload to VideoGen did not go through.", 10) from error
    finally:
        await asyncio.to_thread(file.close)
    if status == 413:
        raise Refused(f"“{name}” is too large for VideoGen.", "input")
    if not 200 <= status < 300:
        raise NotTaken(f"The upload to VideoGen was answered with status {status}.", 10)


async def hydrate(wire: Wire, file_id: str) -> messages.FileInfo:
    """The file with freshly signed addresses."""
    return await ask(wire, "POST", f"/v1/files/{part(file_id)}/hydrate", messages.FileInfo)


class FileMethods:
    """The library's side of an adapter."""

    async def list_files(
        self, wire: Wire, query: messages.FilesQuery | None = None
    ) -> tuple[list[messages.FileInfo], str]:
        """One page, the most recently changed first, without archived ones; and the cursor of the next, "" at the end. Raises NotInEra."""
        path = with_query("/v1/files", query or messages.FilesQuery(), era_of(wire))
        page = await ask(wire, "GET", path, messages.FileList)
        return page.files, page.next_cursor if page.has_more else ""

    async def file_page(self, wire: Wire, cursor: str = "", limit: int = 24) -> tuple[list[messages.FileInfo], str]:
        """The same with a cursor; era 0 knows no pages and gives all at once."""
        pages = name_at("/v1/files", "limit", era_of(wire))
        return await self.list_files(
            wire, messages.FilesQuery(limit=limit, cursor=cursor or None) if pages else messages.FilesQuery()
        )

    async def search_files(self, wire: Wire, search: messages.SearchFiles) -> list[messages.FileFound]:
        """By meaning, the closest first; only files that VideoGen has analysed."""
        return (await ask(wire, "POST", "/v1/files/search", messages.FilesFound, data=search.to_wire())).results

    async def file(self, wire: Wire, file_id: str) -> messages.FileInfo:
        """As it is. It need not carry addresses: `hydrate` does."""
        return await ask(wire, "GET", f"/v1/files/{part(file_id)}", messages.FileInfo)

    async def hydrate(self, wire: Wire, file_id: str) -> messages.FileInfo:
        return await hydrate(wire, file_id)

    async def archive_file(self, wire: Wire, file_id: str) -> messages.FileInfo:
        """For good: the API has no way back."""
        return await ask(wire, "POST", f"/v1/files/{part(file_id)}/archive", messages.FileInfo)

    async def set_public_preview(self, wire: Wire, file_id: str, on: bool) -> messages.FileInfo:
        """Lets anybody watch it, or nobody any more. The public address may come a little later: ask `file` again."""
        verb = "enable" if on else "disable"
        return await ask(wire, "POST", f"/v1/files/{part(file_id)}/{verb}-public-preview", messages.FileInfo)
