"""Downloads from real servers that break off, crawl, lie, never end, or lead somewhere else."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import logging
import zlib
from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from pytest_django import Settings

from studio.media.address import AddressRefused
from studio.media.dial import checked_client
from studio.media.fetch import Fetched, Gone, Later, Patience, TooBig, WrongType, fetch_to

from . import files
from .servers import Call, Script, Server, serving

FILM = b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + bytes(range(256)) * 4000
QUICK = Patience(tries=4, pause_seconds=0.01, window_seconds=0.2, least_bytes=2000, silence_seconds=0.5)


async def fetch(url: str, path: Path, **options: Any) -> Fetched:
    options = {"max_bytes": 4 << 20, "deadline_seconds": 10, "patience": QUICK, **options}
    lookup = options.pop("lookup", None)
    async with checked_client(lookup=lookup) as client:
        return await fetch_to(client, url, path, **options)


class Fetching:
    """One server with its script, allowed to be dialled, and the place where the file goes."""

    def __init__(self, settings: Settings, path: Path) -> None:
        self.settings, self.path = settings, path
        self.calls: list[Call] = []

    def run(self, script: Script, where: str = "/film.mp4?sig=hush", **options: Any) -> Fetched:
        with serving(script) as server:
            self.allow(server)
            try:
                return asyncio.run(fetch(server.url(where), self.path, **options))
            finally:
                self.calls = server.calls
                assert not self.path.with_name(f"{self.path.name}.part").exists()

    def allow(self, *servers: Server) -> None:
        self.settings.PRIVATE_HOSTS = [f"127.0.0.1:{server.port}" for server in servers]


@pytest.fixture
def at(settings: Settings, tmp_path: Path) -> Fetching:
    return Fetching(settings, tmp_path / "film.mp4")


def whole(call: Call) -> None:
    call.send("200 OK", {"Content-Type": "text/html"}, FILM)


def test_a_file_comes_whole_with_what_is_known_of_it(at: Fetching) -> None:
    found = at.run(whole, accept={"video"}, headers={"Authorization": "Bearer key"})
    assert at.path.read_bytes() == FILM
    assert (found.path, found.size, found.media_type) == (at.path, len(FILM), "video/mp4")
    assert found.sha256 == hashlib.sha256(FILM).hexdigest()
    assert found.final_url.endswith("/film.mp4?sig=hush")
    assert at.calls[0].headers["authorization"] == "Bearer key"
    assert at.calls[0].headers["accept-encoding"] == "identity"


def test_a_body_without_a_length_is_taken_too(at: Fetching) -> None:
    def script(call: Call) -> bool:
        call.start("200 OK", {"Connection": "close"})
        call.out.sendall(FILM)
        return True

    assert at.run(script).size == len(FILM)


def cut_off(after: int, *, ranges: bool = True, validator: str = '"v1"', times: int = 2) -> Script:
    """Sends `after` bytes of what is asked for and hangs up, so many times; then all that is asked for."""
    left = [times]

    def script(call: Call) -> bool:
        asked = call.headers.get("range", "")
        fits = ranges and asked and call.headers.get("if-range") == validator
        start = int(asked.removeprefix("bytes=").removesuffix("-")) if fits else 0
        headers = {"Content-Length": str(len(FILM) - start), **({"ETag": validator} if validator else {})}
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(FILM) - 1}/{len(FILM)}"
        call.start("206 Partial Content" if start else "200 OK", headers)
        left[0] -= 1
        call.out.sendall(FILM[start : start + after] if left[0] >= 0 else FILM[start:])
        return True

    return script


def test_a_broken_download_goes_on_where_it_broke(at: Fetching) -> None:
    found = at.run(cut_off(300_000))
    assert at.path.read_bytes() == FILM
    assert found.sha256 == hashlib.sha256(FILM).hexdigest()
    ranges = [call.headers.get("range") for call in at.calls]
    assert ranges == [None, "bytes=300000-", "bytes=600000-"]
    assert at.calls[1].headers["if-range"] == '"v1"'


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(cut_off(300_000, ranges=False), id="no ranges"),
        pytest.param(cut_off(300_000, validator=""), id="nothing to compare"),
        pytest.param(cut_off(300_000, validator='W/"v1"'), id="a weak tag"),
    ],
)
def test_without_a_proof_it_starts_anew(at: Fetching, script: Script) -> None:
    at.run(script)
    assert at.path.read_bytes() == FILM


def test_a_file_that_changed_meanwhile_is_never_joined(at: Fetching) -> None:
    def script(call: Call) -> bool:
        first = len(seen) == 0
        seen.append(call)
        body = FILM if first else FILM[:-4] + b"new!"
        call.start("200 OK", {"Content-Length": str(len(body)), "ETag": '"v1"' if first else '"v2"'})
        call.out.sendall(body[:500_000] if first else body)
        return True

    seen: list[Call] = []
    at.run(script)
    assert at.path.read_bytes() == FILM[:-4] + b"new!"


def test_a_wrong_part_is_never_joined(at: Fetching) -> None:
    def script(call: Call) -> bool:
        if "range" not in call.headers:
            call.start("200 OK", {"Content-Length": str(len(FILM)), "ETag": '"v1"'})
            call.out.sendall(FILM[:1000] if len(at_start) == 0 else FILM)
            at_start.append(1)
            return True
        call.send("206 Partial Content", {"Content-Range": f"bytes 7-{len(FILM) - 1}/{len(FILM)}"}, FILM[7:])
        return False

    at_start: list[int] = []
    at.run(script)
    assert at.path.read_bytes() == FILM


def test_tries_are_bounded(at: Fetching) -> None:
    with pytest.raises(Later, match=r"^127\.0\.0\.1 sent|^The connection to 127\.0\.0\.1 broke off\.$"):
        at.run(cut_off(1000, times=99))
    assert len(at.calls) == QUICK.tries
    assert not at.path.exists()


def test_a_file_shorter_than_it_said_is_not_taken(at: Fetching) -> None:
    def script(call: Call) -> bool:
        call.start("200 OK", {"Content-Length": str(len(FILM) + 10)})
        call.out.sendall(FILM)
        return True

    with pytest.raises(Later):
        at.run(script)


def test_an_empty_file_is_not_taken(at: Fetching) -> None:
    with pytest.raises(Later, match="sent an empty file"):
        at.run(lambda call: call.send("200 OK"))


@pytest.mark.parametrize(
    "status", ["404 Not Found", "410 Gone", "403 Forbidden", "401 Unauthorized", "400 Bad Request"]
)
def test_an_expired_address_is_gone(at: Fetching, status: str) -> None:
    with pytest.raises(Gone) as gone:
        at.run(lambda call: call.send(status, body=b"<Error>Request has expired</Error>"))
    assert str(gone.value) == f"The address at 127.0.0.1 no longer leads to the file (HTTP {status[:3]})."
    assert len(at.calls) == 1


def test_a_busy_host_is_asked_later_and_says_when(at: Fetching) -> None:
    with pytest.raises(Later) as later:
        at.run(lambda call: call.send("429 Too Many Requests", {"Retry-After": "17"}))
    assert later.value.retry_after_seconds == 17
    assert str(later.value) == "127.0.0.1 cannot send the file now (HTTP 429)."
    assert len(at.calls) == 1


def test_a_failing_host_is_asked_a_few_times(at: Fetching) -> None:
    def script(call: Call) -> None:
        calls.append(1)
        call.send("200 OK", body=FILM) if len(calls) == 3 else call.send("502 Bad Gateway")

    calls: list[int] = []
    assert at.run(script).size == len(FILM)
    with pytest.raises(Later, match="HTTP 500"):
        at.run(lambda call: call.send("500 Internal Server Error"))
    assert len(at.calls) == QUICK.tries


def test_nobody_there_is_later(at: Fetching) -> None:
    with serving(whole) as server:
        at.allow(server)
        url = server.url()
    with pytest.raises(Later, match=r"^127\.0\.0\.1 could not be reached\.$"):
        asyncio.run(fetch(url, at.path))


def test_a_file_that_says_it_is_too_big_is_not_begun(at: Fetching) -> None:
    def script(call: Call) -> bool:
        call.start("200 OK", {"Content-Length": str(5 << 30)})
        return True

    with pytest.raises(TooBig) as big:
        at.run(script)
    assert str(big.value) == "The file at 127.0.0.1 has 5,120 MB. The most is 4 MB."


def test_an_endless_body_ends(at: Fetching) -> None:
    def script(call: Call) -> bool:
        call.start("200 OK", {"Connection": "close"})
        while not call.stop.is_set():
            call.out.sendall(FILM)
        return True

    with pytest.raises(TooBig, match=r"too large\. The most is 4 MB\."):
        at.run(script)


@pytest.mark.parametrize("packing", ["gzip", "deflate"])
def test_a_packed_bomb_is_stopped_at_the_bound(at: Fetching, packing: str) -> None:
    pack = gzip.compress if packing == "gzip" else zlib.compress
    bomb = pack(FILM[:5000] + bytes(64 << 20))
    assert len(bomb) < 200_000
    with pytest.raises(TooBig):
        at.run(lambda call: call.send("200 OK", {"Content-Encoding": packing}, bomb))


def test_a_packed_file_is_unpacked(at: Fetching) -> None:
    at.run(lambda call: call.send("200 OK", {"Content-Encoding": "gzip", "ETag": '"v"'}, gzip.compress(FILM)))
    assert at.path.read_bytes() == FILM


@pytest.mark.parametrize(("coding", "body"), [("gzip", b"no gzip"), ("gzip", gzip.compress(FILM)[:-9]), ("br", b"abc")])
def test_a_badly_packed_file_is_not_taken(at: Fetching, coding: str, body: bytes) -> None:
    with pytest.raises(Later):
        at.run(lambda call: call.send("200 OK", {"Content-Encoding": coding}, body))


def test_a_page_instead_of_a_film_is_told_at_once(at: Fetching) -> None:
    def script(call: Call) -> bool:
        call.start("200 OK", {"Content-Length": "3000000", "Content-Type": "video/mp4"})
        call.out.sendall(b"<!doctype html><title>Expired</title>" + b" " * 5000)
        call.stop.wait(10)
        return True

    began = monotonic()
    with pytest.raises(WrongType) as wrong:
        at.run(script, accept={"video", "image"})
    assert str(wrong.value) == "127.0.0.1 sent a web page (HTML) where a picture or a video was expected."
    assert monotonic() - began < 0.4


def test_a_small_file_is_judged_at_its_end(at: Fetching) -> None:
    with pytest.raises(WrongType, match="sent plain text where a picture was expected"):
        at.run(lambda call: call.send("200 OK", body=b"not ready"), accept={"image"})
    picture = files.encoded(files.photo(20, 20), "PNG")
    assert at.run(lambda call: call.send("200 OK", body=picture), accept={"image"}).media_type == "image/png"


def test_a_drawing_behind_a_long_beginning_is_a_picture(at: Fetching) -> None:
    drawing = b"<?xml version='1.0'?><!-- " + b"All rights reserved. " * 3000 + b"-->" + files.SVG.format("").encode()
    assert at.run(lambda call: call.send("200 OK", body=drawing), accept={"image"}).media_type == "image/svg+xml"
    with pytest.raises(WrongType, match="comments or declarations that do not end"):
        at.run(lambda call: call.send("200 OK", body=b"<!--" * 9000), accept={"image"})


def test_a_container_may_hold_sound_alone(at: Fetching) -> None:
    assert at.run(whole, accept={"audio"}).media_type == "video/mp4"


def test_silence_is_not_borne(at: Fetching) -> None:
    def script(call: Call) -> None:
        call.stop.wait(10)

    with pytest.raises(Later, match="did not answer in time"):
        at.run(script, patience=Patience(tries=1, silence_seconds=0.1))


def drip(call: Call) -> bool:
    """A byte at a time, for ever: never silent, never done."""
    call.start("200 OK", {"Content-Length": str(len(FILM)), "ETag": '"v"'})
    while not call.stop.wait(0.02):
        call.out.sendall(b"\0")
    return True


def test_a_crawling_body_is_not_borne(at: Fetching) -> None:
    with pytest.raises(Later, match="sends the file too slowly"):
        at.run(drip)


def test_there_is_a_deadline(at: Fetching) -> None:
    began = monotonic()
    with pytest.raises(Later, match="took more than 0 seconds"):
        at.run(drip, deadline_seconds=0.1)
    assert monotonic() - began < 1


# Redirects.


def to(location: str, status: str = "302 Found") -> Script:
    return lambda call: call.send(status, {"Location": location})


def test_redirects_are_followed_and_keys_stay_at_home(at: Fetching) -> None:
    with (
        serving(whole) as far,
        serving(lambda call: call.send("307 Temporary Redirect", {"Location": far.url("/x?a=1")})) as near,
    ):
        at.allow(far, near)
        headers = {"Authorization": "Bearer key", "X-Api-Key": "key", "X-Plain": "yes"}
        found = asyncio.run(fetch(near.url("/go"), at.path, headers=headers))
        assert found.final_url == far.url("/x?a=1")
        assert near.calls[0].headers["authorization"] == "Bearer key"
        assert "authorization" not in far.calls[0].headers
        assert "x-api-key" not in far.calls[0].headers
        assert far.calls[0].headers["x-plain"] == "yes"


def test_a_redirect_within_the_host_keeps_the_key(at: Fetching) -> None:
    def script(call: Call) -> None:
        call.send("200 OK", body=FILM) if call.path == "/real.mp4" else call.send("301 Moved", {"Location": "real.mp4"})

    at.run(script, headers={"Authorization": "Bearer key"})
    assert [call.headers["authorization"] for call in at.calls] == ["Bearer key"] * 2


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:1/",
        "https://10.0.0.1/",
        "//169.254.169.254/latest/",
        "file:///etc/passwd",
        "https://[::1]/",
        "https://2130706433/",
        "https://user:pass@example.com/",
        "https://localhost/",
        "http://example.com/",
        "https://[broken/",
    ],
)
def test_a_redirect_inside_is_refused(at: Fetching, location: str) -> None:
    with pytest.raises(AddressRefused):
        at.run(to(location))
    assert len(at.calls) == 1


def test_a_redirect_to_a_name_that_leads_inside_is_refused(at: Fetching) -> None:
    async def inside(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    with pytest.raises(AddressRefused, match="evil"):
        at.run(to("https://evil.example.com/"), lookup=inside)


def test_a_redirect_loop_ends(at: Fetching) -> None:
    with pytest.raises(Gone, match="without end"):
        at.run(to("/again"))
    assert len(at.calls) == 6


def test_no_query_is_told_or_logged(at: Fetching, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    at.run(cut_off(1000, times=1), headers={"Authorization": "Bearer hush"})
    for script in (cut_off(1000, times=9), lambda call: call.send("404 Not Found")):
        with pytest.raises((Later, Gone)) as failed:
            at.run(script)
        assert "hush" not in str(failed.value)
    assert "broke off after 1000 bytes" in caplog.text
    assert "hush" not in caplog.text
