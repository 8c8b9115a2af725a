"""Downloads one file from an address that somebody gave us, into a file of ours: bounded in bytes and time, resumed where it breaks.

What went wrong is said as what to do next:

    FetchError
      Gone       the address leads to nothing any more (an expired link): ask for a new one
      Later      the host cannot give it now: try again, after retry_after_seconds if it said so
      TooBig     more bytes than are taken
      WrongType  something else than was expected

A forbidden address, at the start or after a redirect, is AddressRefused. No message and no log line holds a query.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import re
import zlib
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from pathlib import Path
from time import monotonic, time
from typing import BinaryIO
from urllib.parse import urljoin

import httpx

from studio.media.address import AddressRefused, Target, check_url
from studio.media.sniff import HEAD_BYTES, Sniffed, kind_of, sniff

logger = logging.getLogger(__name__)

_REDIRECTS = (301, 302, 303, 307, 308)
_MOST_REDIRECTS = 5
_SECRET_HEADERS = ("authorization", "cookie", "x-api-key", "api-key", "proxy-authorization")
_PIECE_BYTES = 256 * 1024
_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
_LONGEST_WAIT_SECONDS = 3600.0


class FetchError(Exception):
    """`str(error)` is one sentence for people."""


class Gone(FetchError):
    pass


class Later(FetchError):
    def __init__(self, sentence: str, retry_after_seconds: float | None = None) -> None:
        super().__init__(sentence, retry_after_seconds)
        self.retry_after_seconds = retry_after_seconds

    def __str__(self) -> str:
        return str(self.args[0])


class TooBig(FetchError):
    pass


class WrongType(FetchError):
    pass


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a slow or broken answer is borne. tries: connections for one file, the first included, each after a longer pause.
    least_bytes: what must come in every `window_seconds`.
    """

    tries: int = 4
    pause_seconds: float = 0.5
    window_seconds: float = 20.0
    least_bytes: int = 64 * 1024
    silence_seconds: float = 15.0


PATIENCE = Patience()


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
    another host. Raises FetchError (see above) and AddressRefused.
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


class _Broken(Exception):
    """A connection that ended before the file did, with whose fault it is in a sentence. The next try goes on from there."""

    def __init__(self, sentence: str, retry_after_seconds: float | None = None) -> None:
        super().__init__(sentence)
        self.retry_after_seconds = retry_after_seconds


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
    head: bytes = b""
    judged: bool = False
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)

    async def run(self) -> None:
        for attempt in range(self.patience.tries):
            try:
                await self._attempt()
                return
            except _Broken as broken:
                last = attempt + 1 == self.patience.tries
                if last or broken.retry_after_seconds is not None:
                    raise Later(str(broken), broken.retry_after_seconds) from broken
                logger.info("A download from %s broke off after %d bytes; try %d.", self.host, self.size, attempt + 2)
            await asyncio.sleep(self.patience.pause_seconds * 2**attempt)

    def found(self) -> Sniffed:
        """What the whole file is. Raises WrongType."""
        if not self.judged:
            self._judge()
        return sniff(self.head)

    async def _attempt(self) -> None:
        """One connection, redirects included. Returns when the file is whole, raises _Broken when it is not."""
        try:
            async with self._answer() as answer:
                self._begin(answer)
                async for piece in self._pieces(answer):
                    self._take(piece)
        except AddressRefused:
            raise  # One of httpx's errors as well, but no broken connection.
        except httpx.TimeoutException as error:
            raise _Broken(f"{self.host} did not answer in time.") from error
        except httpx.ConnectError as error:
            raise _Broken(f"{self.host} could not be reached.") from error
        except httpx.TransportError as error:
            raise _Broken(f"The connection to {self.host} broke off.") from error
        if self.total is not None and self.size < self.total:
            raise _Broken(f"{self.host} sent {self.size:,} of {self.total:,} bytes.")
        if self.size == 0:
            raise _Broken(f"{self.host} sent an empty file.")

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
        _raise_for_status(answer, self.host)
        packed = _coding(answer)
        validator = "" if packed else _validator(answer)
        if answer.status_code == 206:
            start, total = self._continued(answer)
            if start != self.size or packed or (self.total is not None and total != self.total):
                self._restart()
                raise _Broken(f"{self.host} sent another part than was asked for.")
            self.total = total
            return
        self._restart()
        self.validator = validator
        length = answer.headers.get("content-length", "")
        if length.isdigit():
            if int(length) > self.max_bytes:
                raise TooBig(self._too_big(int(length)))
            self.total = None if packed else int(length)

    def _continued(self, answer: httpx.Response) -> tuple[int, int | None]:
        found = _CONTENT_RANGE.fullmatch(answer.headers.get("content-range", "").strip())
        return (int(found[1]), int(found[3])) if found else (-1, None)

    def _restart(self) -> None:
        self.file.seek(0)
        self.file.truncate()
        self.size, self.total, self.head, self.judged, self.validator = 0, None, b"", False, ""
        self.digest = hashlib.sha256()

    async def _pieces(self, answer: httpx.Response) -> AsyncIterator[bytes]:
        """The body as it was before packing, never more than a piece at once. Raises _Broken where it comes too slowly."""
        unpack = zlib.decompressobj(47) if _coding(answer) else None  # 47: gzip or zlib, by its own header.
        rate = _Rate(self.patience, self.host)
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
                raise _Broken(f"{self.host} sent a body that cannot be unpacked.") from error
        if unpack is not None and not unpack.eof:
            raise _Broken(f"{self.host} sent only a part of the file.")

    def _take(self, piece: bytes) -> None:
        if self.size + len(piece) > self.max_bytes:
            raise TooBig(self._too_big())
        self.file.write(piece)
        self.digest.update(piece)
        self.size += len(piece)
        if not self.judged:
            self.head += piece[: HEAD_BYTES - len(self.head)]
            if len(self.head) == HEAD_BYTES:
                self._judge()

    def _judge(self) -> None:
        """As early as possible: a page that says "expired" is not a film, and needs no patience."""
        self.judged = True
        found = sniff(self.head)
        if self.accept and kind_of(found.media_type) not in self.accept:
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


class _Rate:
    """Looks back once a window: whoever sends a byte a minute keeps a place for ever otherwise."""

    def __init__(self, patience: Patience, host: str) -> None:
        self.patience, self.host = patience, host
        self.since, self.came = monotonic(), 0

    def count(self, size: int) -> None:
        self.came += size
        if monotonic() - self.since < self.patience.window_seconds:
            return
        if self.came < self.patience.least_bytes:
            raise Later(f"{self.host} sends the file too slowly.")
        self.since, self.came = monotonic(), 0


def _next_url(url: str, location: str) -> str:
    """Where a redirect leads. Raises AddressRefused for what is not an address at all; the rest is checked by whoever dials it."""
    try:
        return urljoin(url, location.strip())
    except ValueError:
        raise AddressRefused("A redirect leads to something that is not an address.") from None


def _coding(answer: httpx.Response) -> bool:
    """Whether the body is packed (gzip or deflate: the transport lets no other through)."""
    return answer.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity")


def _validator(answer: httpx.Response) -> str:
    """What proves that the rest belongs to the beginning: a strong ETag, else the date. Without one a download starts anew."""
    etag = answer.headers.get("etag", "").strip()
    if etag.startswith('"'):
        return str(etag)
    return str(answer.headers.get("last-modified", "").strip())


def _raise_for_status(answer: httpx.Response, host: str) -> None:
    status = answer.status_code
    if status in (200, 206):
        return
    if status == 416:
        raise _Broken(f"{host} no longer has the rest of the file.")
    if status in (408, 425, 429) or status >= 500:
        wait = retry_after(answer)
        sentence = f"{host} cannot send the file now (HTTP {status})."
        if status == 429 or wait is not None:
            raise Later(sentence, wait)
        raise _Broken(sentence)
    raise Gone(f"The address at {host} no longer leads to the file (HTTP {status}).")


def retry_after(answer: httpx.Response) -> float | None:
    """Retry-After in seconds, from a number or a date; at most an hour."""
    written = answer.headers.get("retry-after", "").strip()
    if written.isdigit():
        return min(float(written), _LONGEST_WAIT_SECONDS)
    try:
        moment = parsedate_to_datetime(written)
    except (ValueError, TypeError):
        return None
    return min(max(0.0, moment.timestamp() - time()), _LONGEST_WAIT_SECONDS)
