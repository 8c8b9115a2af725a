"""Servers that answer to do harm: without end, too slowly, packed to burst, with endless heads, in circles. Each ends soon, holds little
memory, leaves no file, and is told in a sentence."""

from __future__ import annotations

import asyncio
import gzip
import tracemalloc
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from time import monotonic

import pytest
from pytest_django import Settings

from studio.dialects.base import Uncertain
from studio.engine import connection_checks, public_address
from studio.media.address import AddressRefused
from studio.media.dial import checked_client
from studio.media.fetch import FetchError, Gone, Later, Patience, TooBig, WrongType, fetch_to
from studio.providers import get_remote
from studio.providers.base import Wire

from .servers import Call, Script, serving

QUICK = Patience(tries=2, pause_seconds=0.01, window_seconds=0.2, least_bytes=2000, silence_seconds=0.5)
MOST_BYTES = 1 << 20
MOST_MEMORY = 24 << 20
WITHIN_SECONDS = 8.0
KEY = "sk_videogen_live_0123456789"


def without_end(call: Call) -> bool:
    """Bytes for ever, as fast as they are taken."""
    call.start("200 OK", {"Content-Type": "image/png", "Connection": "close"})
    while not call.stop.is_set():
        call.out.sendall(b"\x89PNG\r\n\x1a\n" * 8192)
    return True


def in_chunks_without_end(call: Call) -> bool:
    call.start("200 OK", {"Transfer-Encoding": "chunked"})
    while not call.stop.is_set():
        call.out.sendall(b"10000\r\n" + bytes(65536) + b"\r\n")
    return True


def drop_by_drop(call: Call) -> bool:
    call.start("200 OK", {"Content-Length": "1000000"})
    while not call.stop.wait(0.02):
        call.out.sendall(b"\0")
    return True


def silent(call: Call) -> bool:
    call.stop.wait(WITHIN_SECONDS)
    return True


def silent_after_its_head(call: Call) -> bool:
    call.start("200 OK", {"Content-Length": "1000000"})
    call.stop.wait(WITHIN_SECONDS)
    return True


def packed(make: Callable[[], bytes], coding: str) -> Script:
    def script(call: Call) -> None:
        call.send("200 OK", {"Content-Encoding": coding, "Content-Type": "image/png"}, make())

    return script


@cache
def _gzip_bomb() -> bytes:
    """64 MB of nothing in 64 KB."""
    return gzip.compress(bytes(64 << 20), 9)


@cache
def _zlib_bomb() -> bytes:
    return zlib.compress(bytes(64 << 20), 9)


@cache
def _many_members() -> bytes:
    return gzip.compress(bytes(1 << 16)) * 2000


def a_long_line(call: Call) -> bool:
    """One header that never ends."""
    call.out.sendall(b"HTTP/1.1 200 OK\r\nX-Bomb: ")
    while not call.stop.is_set():
        call.out.sendall(b"a" * 65536)
    return True


def many_headers(call: Call) -> bool:
    """Headers without end, each of them small."""
    call.out.sendall(b"HTTP/1.1 200 OK\r\n")
    number = 0
    while not call.stop.is_set():
        call.out.sendall(b"".join(b"X-%d: %s\r\n" % (number + it, b"a" * 100) for it in range(500)))
        number += 500
    return True


def only_beginnings(call: Call) -> bool:
    """ "Wait, there is more to come", for ever."""
    while not call.stop.is_set():
        call.out.sendall(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 200)
    return True


def a_long_reason(call: Call) -> bool:
    call.out.sendall(b"HTTP/1.1 200 ")
    while not call.stop.is_set():
        call.out.sendall(b"O" * 65536)
    return True


def chunk_talk(call: Call) -> bool:
    """A chunk whose size is written without end."""
    call.start("200 OK", {"Transfer-Encoding": "chunked"})
    while not call.stop.is_set():
        call.out.sendall(b"0" * 65536)
    return True


def trailers(call: Call) -> bool:
    """A file that has come, and then headers behind it without end."""
    call.start("200 OK", {"Transfer-Encoding": "chunked"})
    call.out.sendall(b"4\r\n\x89PNG\r\n0\r\n")
    while not call.stop.is_set():
        call.out.sendall(b"X-Bomb: " + b"a" * 1000 + b"\r\n")
    return True


def nonsense(call: Call) -> bool:
    call.out.sendall(b"\x16\x03\x01\x02\x00 this is no HTTP at all\r\n\r\n")
    return True


def two_lengths(call: Call) -> bool:
    call.out.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 500000\r\n\r\nhello")
    return True


def round_and_round(call: Call) -> None:
    call.send("302 Found", {"Location": f"{call.path}/on"})


def heavy_redirects(call: Call) -> bool:
    """Each with a body without end, which nobody reads."""
    call.start("302 Found", {"Location": "/go/1", "Connection": "close"})
    while not call.stop.is_set():
        call.out.sendall(bytes(65536))
    return True


def huge_length(call: Call) -> None:
    call.start("200 OK", {"Content-Length": str(1 << 50)})


HARM: dict[str, tuple[Script, tuple[type[Exception], ...]]] = {
    "endless": (without_end, (TooBig,)),
    "endless chunks": (in_chunks_without_end, (TooBig,)),
    "a declared petabyte": (huge_length, (TooBig,)),
    "drop by drop": (drop_by_drop, (Later,)),
    "silent": (silent, (Later,)),
    "silent after its head": (silent_after_its_head, (Later,)),
    "a gzip bomb": (packed(_gzip_bomb, "gzip"), (TooBig,)),
    "a deflate bomb": (packed(_zlib_bomb, "deflate"), (TooBig,)),
    "a bomb of many parts": (packed(_many_members, "gzip"), (TooBig, FetchError)),
    "packed twice": (packed(_gzip_bomb, "gzip, gzip"), (FetchError,)),
    "packed otherwise": (packed(_gzip_bomb, "br"), (FetchError,)),
    "an endless header": (a_long_line, (Later,)),
    "endless headers": (many_headers, (Later,)),
    "endless beginnings": (only_beginnings, (Later,)),
    "an endless reason": (a_long_reason, (Later,)),
    "an endless chunk size": (chunk_talk, (Later,)),
    "endless trailers": (trailers, (Later,)),
    "nonsense": (nonsense, (Later,)),
    "two lengths": (two_lengths, (FetchError,)),
    "endless redirects": (round_and_round, (Gone,)),
    "heavy redirects": (heavy_redirects, (Gone,)),
}


@pytest.fixture(autouse=True, scope="module")
def bombs() -> None:
    """Built before anybody measures."""
    for make in (_gzip_bomb, _zlib_bomb, _many_members):
        make()


@pytest.mark.parametrize("harm", HARM)
def test_a_download_ends_soon_and_small(settings: Settings, tmp_path: Path, harm: str) -> None:
    script, expected = HARM[harm]

    async def main(url: str) -> None:
        async with checked_client() as client:
            await fetch_to(
                client, url, tmp_path / "x", max_bytes=MOST_BYTES, deadline_seconds=2, accept=("image",), patience=QUICK
            )

    with serving(script) as server:
        settings.PRIVATE_HOSTS = [f"127.0.0.1:{server.port}"]
        began = monotonic()
        tracemalloc.start()
        try:
            with pytest.raises((*expected, WrongType)) as failed:
                asyncio.run(main(server.url("/go/0")))
            most = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert monotonic() - began < WITHIN_SECONDS
    assert most < MOST_MEMORY, f"{most >> 20} MB"
    assert list(tmp_path.iterdir()) == []
    sentence = str(failed.value)
    assert sentence.startswith(("127.0.0.1 ", "The file at 127.0.0.1 ", "The connection to 127.0.0.1 "))
    assert sentence.endswith(".")


@pytest.mark.parametrize("harm", HARM)
def test_a_connection_and_a_public_address_end_soon_too(settings: Settings, harm: str) -> None:
    with serving(HARM[harm][0]) as server:
        settings.PRIVATE_HOSTS = [f"127.0.0.1:{server.port}"]
        began = monotonic()
        tracemalloc.start()
        try:
            outcome = connection_checks.ask(get_remote("videogen"), server.url("/go"), KEY, {}, within_seconds=1)
            with pytest.raises(public_address.NotHere) as nowhere:
                public_address.raise_for_elsewhere(server.url("").rstrip("/"), within_seconds=1)
            most = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert monotonic() - began < WITHIN_SECONDS
    assert most < MOST_MEMORY + (16 << 20), f"{most >> 20} MB"  # Answers of services may have 8 MB.
    assert not outcome.is_fine
    for sentence in (outcome.message, str(nowhere.value)):
        assert sentence[-1] in ".?"
        assert KEY not in sentence


BROKEN = ("https://[broken/", "http://[::１]/", "javascript:alert(1)", "data:text/plain,x", "https://xn--a/", "mailto:x",
          "https://example.com:port/", "https://\udcff.example.com/")  # fmt: skip


@pytest.mark.parametrize("location", BROKEN, ids=ascii)
def test_a_redirect_to_no_address_at_all(settings: Settings, tmp_path: Path, location: str) -> None:
    """A download says what is wrong; a paid request was sent all the same, and is never taken for one that was not."""

    def script(call: Call) -> None:
        where = location.encode("utf-8", "surrogateescape")
        call.out.sendall(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: %s\r\n\r\n" % where)

    async def download(url: str) -> None:
        async with checked_client() as client:
            await fetch_to(client, url, tmp_path / "x", max_bytes=MOST_BYTES, deadline_seconds=3, patience=QUICK)

    async def submit(url: str) -> str:
        async with checked_client() as client:
            try:
                reply = await Wire(client, url, KEY, "VideoGen").request("POST", "/v1/tools", data={"pay": 1})
            except Uncertain:
                return "uncertain"
            return str(reply.status)

    with serving(script) as server:
        settings.PRIVATE_HOSTS = [f"127.0.0.1:{server.port}"]
        with pytest.raises(AddressRefused) as refused:
            asyncio.run(download(server.url("/x")))
        assert len(server.calls) == 1
        assert asyncio.run(submit(server.url("").rstrip("/"))) in ("302", "uncertain")
        assert len(server.calls) == 2
    assert "address" in str(refused.value)
