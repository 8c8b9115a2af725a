"""Downloads one file from an address that somebody gave us, into a file of ours: bounded in bytes and time, resumed where it breaks.

What may go wrong is the tree of FetchError, drawn in `answers`. A forbidden address, at the start or after a redirect, is AddressRefused.
No message and no log line holds a query.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import zlib
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urljoin

import httpx

from studio.media.address import AddressRefused, Target, check_url
from studio.media.answers import (
    PATIENCE,
    Broken,
    FetchError,
    Gone,
    Later,
    Patience,
    Rate,
    TooBig,
    WrongType,
    continued,
    is_packed,
    raise_for_status,
    validator_of,
)
from studio.media.dial import BadLocation
from studio.media.sniff import HEAD_BYTES, LONG_HEAD_BYTES, Sniffed, is_undecided, kinds_of, sniff

logger = logging.getLogger(__name__)

__all__ = ["PATIENCE", "FetchError", "Fetched", "Gone", "Later", "Patience", "TooBig", "WrongType", "fetch_to"]

_REDIRECTS = (301, 302, 303, 307, 308)
_MOST_REDIRECTS = 5
_SECRET_HEADERS = ("authorization", "cookie", "x-api-key", "api-key", "proxy-authorization")
_PIECE_BYTES = 256 * 1024
NOT_AN_ADDRESS = "A redirect leads to something that is not an address."


@dataclass(frozen=True, slots=True)
class Fetched:
    """media_type: sniffed from the bytes. final_url: after redirects; as secret as the URL that was given."""

    path: Path
    size: int
    sha256: str
    media_type: str
    final_url: str


async def fetch_to(
    client: httpx.AsyncClient,
    url: str,
    path: Path,
    *,
    max_bytes: int,
    deadline_seconds: float,
    accept: Collection[str] = (),
    headers: Mapping[str, str] | None = None,
    patience: Patience = PATIENCE,
) -> Fetched:
    """Downloads `url` to `path`, which appears whole or not at all. client: a `dial.checked_client`.

    accept: kinds of asset ("image", "video", …) that are taken; none named: all. headers: sent along; those with secrets never go to
    another host. Raises Gone, Later, TooBig or WrongType (FetchError), and AddressRefused.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("w+b") as file:
            download = _Download(client, url, file, max_bytes, frozenset(accept), dict(headers or {}), patience)
            try:
                async with asyncio.timeout(deadline_seconds):
                    await download.run()
            except TimeoutError:
                raise Later(
                    f"{download.host} took more than {deadline_seconds:.0f} seconds to send the file."
                ) from None
            found = download.found()
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
    return Fetched(path, download.size, download.digest.hexdigest(), found.media_type, download.url)


@dataclass(slots=True)
class _Download:
    """One file on its way: what has come, and what is known of the rest."""

    client: httpx.AsyncClient
    asked: str
    file: BinaryIO
    max_bytes: int
    accept: frozenset[str]
    headers: dict[str, str]
    patience: Patience
    url: str = ""
    host: str = "The host"
    size: int = 0
    total: int | None = None
    validator: str = ""
    head: bytearray = field(default_factory=bytearray)
    judge_at: int = HEAD_BYTES
    judged: bool = False
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)

    async def run(self) -> None:
        for attempt in range(self.patience.tries):
            try:
                await self._attempt()
                return
            except Broken as broken:
                if attempt + 1 == self.patience.tries:
                    raise Later(str(broken)) from broken
                logger.info("A download from %s broke off after %d bytes; try %d.", self.host, self.size, attempt + 2)
            await asyncio.sleep(self.patience.pause_seconds * 2**attempt)

    def found(self) -> Sniffed:
        """What the whole file is. Raises WrongType."""
        if not self.judged:
            self._judge()
        return sniff(bytes(self.head))

    async def _attempt(self) -> None:
        """One connection, redirects included. Returns when the file is whole, raises Broken when it is not."""
        try:
            async with self._answer() as answer:
                self._begin(answer)
                async for piece in self._pieces(answer):
                    self._take(piece)
        except AddressRefused:
            raise  # One of httpx's errors as well, but no broken connection.
        except BadLocation:
            raise AddressRefused(NOT_AN_ADDRESS) from None
        except httpx.TimeoutException as error:
            raise Broken(f"{self.host} did not answer in time.") from error
        except httpx.ConnectError as error:
            raise Broken(f"{self.host} could not be reached.") from error
        except httpx.TransportError as error:
            raise Broken(f"The connection to {self.host} broke off.") from error
        if self.total is not None and self.size < self.total:
            raise Broken(f"{self.host} sent {self.size:,} of {self.total:,} bytes.")
        if self.size == 0:
            raise Broken(f"{self.host} sent an empty file.")

    @asynccontextmanager
    async def _answer(self) -> AsyncIterator[httpx.Response]:
        """The answer at the end of the redirects. Every address on the way is checked; keys stay with the host they were meant for."""
        self.url = self.asked
        home = check_url(self.url).origin
        for _ in range(_MOST_REDIRECTS + 1):
            target = check_url(self.url)
            self.host = target.host
            request = self.client.build_request(
                "GET", self.url, headers=self._request_headers(target, home), timeout=self._timeout()
            )
            answer = await self.client.send(request, stream=True, follow_redirects=False)
            try:
                if answer.status_code not in _REDIRECTS or "location" not in answer.headers:
                    yield answer
                    return
                self.url = _next_url(self.url, answer.headers["location"])
            finally:
                await answer.aclose()
        raise Gone(f"{self.host} sends from one address to the next without end.")

    def _timeout(self) -> httpx.Timeout:
        return httpx.Timeout(self.patience.silence_seconds, connect=10.0, pool=10.0)

    def _request_headers(self, target: Target, home: tuple[str, str, int]) -> dict[str, str]:
        headers = {
            name: value
            for name, value in self.headers.items()
            if target.origin == home or name.lower() not in _SECRET_HEADERS
        }
        headers["Accept-Encoding"] = "identity"
        if self.size and self.validator:
            headers["Range"] = f"bytes={self.size}-"
            headers["If-Range"] = self.validator
        return headers

    def _begin(self, answer: httpx.Response) -> None:
        """Reads the head of an answer: goes on where the file broke off, or starts anew. Raises what its status means."""
        if answer.status_code == 416:
            self._restart()
        raise_for_status(answer, self.host)
        packed = is_packed(answer)
        validator = "" if packed else validator_of(answer)
        if answer.status_code == 206:
            start, total = continued(answer)
            if start != self.size or packed or (self.total is not None and total != self.total):
                self._restart()
                raise Broken(f"{self.host} sent another part than was asked for.")
            self.total = total
            return
        self._restart()
        self.validator = validator
        length = answer.headers.get("content-length", "")
        if length.isdigit():
            if int(length) > self.max_bytes:
                raise TooBig(self._too_big(int(length)))
            self.total = None if packed else int(length)

    def _restart(self) -> None:
        self.file.seek(0)
        self.file.truncate()
        self.size, self.total, self.validator = 0, None, ""
        self.head, self.judge_at, self.judged = bytearray(), HEAD_BYTES, False
        self.digest = hashlib.sha256()

    async def _pieces(self, answer: httpx.Response) -> AsyncIterator[bytes]:
        """The body as it was before packing, never more than a piece at once. Raises Broken where it comes too slowly."""
        unpack = zlib.decompressobj(47) if is_packed(answer) else None  # 47: gzip or zlib, by its own header.
        rate = Rate(self.patience, self.host)
        async for raw in answer.aiter_raw():
            rate.count(len(raw))
            if unpack is None:
                yield raw
                continue
            try:
                piece = unpack.decompress(raw, _PIECE_BYTES)
                while piece:
                    yield piece
                    piece = unpack.decompress(unpack.unconsumed_tail, _PIECE_BYTES)
            except zlib.error as error:
                raise Broken(f"{self.host} sent a body that cannot be unpacked.") from error
        if unpack is not None and not unpack.eof:
            raise Broken(f"{self.host} sent only a part of the file.")

    def _take(self, piece: bytes) -> None:
        if self.size + len(piece) > self.max_bytes:
            raise TooBig(self._too_big())
        self.file.write(piece)
        self.digest.update(piece)
        self.size += len(piece)
        if not self.judged:
            self.head += piece[: LONG_HEAD_BYTES - len(self.head)]
            if len(self.head) >= self.judge_at:
                if is_undecided(bytes(self.head)):
                    self.judge_at *= 2  # Not with every drop that comes.
                else:
                    self._judge()

    def _judge(self) -> None:
        """As early as possible: a page that says "expired" is not a film, and needs no patience."""
        self.judged = True
        found = sniff(bytes(self.head))
        if self.accept and not self.accept & kinds_of(found.media_type):
            wanted = " or ".join(_WORDS.get(kind, kind) for kind in sorted(self.accept))
            raise WrongType(f"{self.host} sent {found.words} where {wanted} was expected.")

    def _too_big(self, size: int | None = None) -> str:
        has = (
            f"The file at {self.host} has {-(-size // (1 << 20)):,} MB."
            if size
            else f"The file at {self.host} is too large."
        )
        return f"{has} The most is {self.max_bytes >> 20:,} MB."


_WORDS = {
    "image": "a picture",
    "video": "a video",
    "audio": "a sound file",
    "model": "a 3D model",
    "text": "a text",
    "file": "a file",
}


def _next_url(url: str, location: str) -> str:
    """Where a redirect leads. Raises AddressRefused for what is not an address at all; the rest is checked by whoever dials it."""
    try:
        return urljoin(url, location.strip())
    except ValueError:
        raise AddressRefused(NOT_AN_ADDRESS) from None
