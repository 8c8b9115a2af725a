"""Only checked addresses are dialled, and errors say truly whether anything was sent."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import httpx
import pytest
from pytest_django import Settings

from studio.media.address import AddressRefused
from studio.media.dial import CheckingResolver, DialRefused, checked_client

from .servers import Call, serving

UNSENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)


def fine(call: Call) -> None:
    call.send("200 OK", {"Set-Cookie": "a=b; Path=/"}, b"fine")


def leads_to(*answers: Sequence[str]) -> Callable[[str, int], Awaitable[Sequence[str]]]:
    """A name server that answers so, one after the other, the last one for ever."""
    left = list(answers)

    async def lookup(host: str, port: int) -> Sequence[str]:
        return left.pop(0) if len(left) > 1 else left[0]

    return lookup


async def get(url: str, **options: object) -> httpx.Response:
    async with checked_client(**options) as client:  # type: ignore[arg-type]
        return await client.get(url)


def test_a_private_address_is_refused_before_anything_is_sent() -> None:
    with serving(fine) as server:
        for url in (server.url(), f"https://127.0.0.1:{server.port}/", f"https://[::1]:{server.port}/"):
            with pytest.raises(AddressRefused):
                asyncio.run(get(url))
        assert server.calls == []


def test_a_refusal_is_one_of_the_errors_that_say_nothing_was_sent() -> None:
    assert issubclass(DialRefused, UNSENT)
    with pytest.raises(DialRefused) as refused:
        asyncio.run(get("https://10.0.0.1/"))
    assert str(refused.value) == "The address 10.0.0.1 is not on the public internet."


def test_what_the_operator_allows_is_dialled(settings: Settings) -> None:
    with serving(fine) as server:
        settings.PRIVATE_HOSTS = [f"127.0.0.1:{server.port}", f"models:{server.port}"]
        assert asyncio.run(get(server.url("/x?y=%2Fz"))).text == "fine"
        assert server.calls[0].path == "/x?y=%2Fz"
        by_name = get(server.url("/", "models"), lookup=leads_to(["127.0.0.1"]))
        assert asyncio.run(by_name).text == "fine"


def test_the_system_resolves_names(settings: Settings) -> None:
    with serving(fine) as server:
        settings.PRIVATE_HOSTS = [f"localhost:{server.port}"]
        assert asyncio.run(get(server.url("/", "localhost"))).text == "fine"


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["10.0.0.7"], ["93.184.216.34", "127.0.0.1"], ["::1"], ["::ffff:127.0.0.1"], ["fe80::1"]],
)
def test_a_public_name_that_leads_inside_is_refused(addresses: list[str]) -> None:
    with pytest.raises(DialRefused, match=r"^The name evil\.example\.com leads to .*not on the public internet\.$"):
        asyncio.run(get("https://evil.example.com/", lookup=leads_to(addresses)))


def test_a_name_that_changes_its_answer_is_asked_once() -> None:
    """The second answer would lead inside; between check and call nobody asks again."""
    asked: list[str] = []

    async def rebinding(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["192.88.98.1"] if len(asked) == 1 else ["127.0.0.1"]

    async def main(url: str) -> None:
        async with checked_client(lookup=rebinding) as client:
            for _ in range(2):
                with pytest.raises(UNSENT):
                    await client.get(url, timeout=httpx.Timeout(0.3))

    with serving(fine) as server:
        asyncio.run(main(f"https://rebind.example.com:{server.port}/"))
        assert server.calls == []
    assert asked == ["rebind.example.com"]


def test_the_last_fence_stands_alone() -> None:
    resolver = CheckingResolver(leads_to(["127.0.0.1"]))
    with pytest.raises(AddressRefused):
        resolver.socket_for((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 443)))
    with pytest.raises(AddressRefused):
        resolver.socket_for((socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::1", 443, 0, 0)))


def test_redirects_are_not_followed_and_cookies_not_kept(settings: Settings) -> None:
    def script(call: Call) -> None:
        call.send("302 Found", {"Location": "/elsewhere", "Set-Cookie": "a=b; Path=/"})

    with serving(script) as server:
        settings.PRIVATE_HOSTS = [f"127.0.0.1:{server.port}"]

        async def twice() -> list[int]:
            async with checked_client() as client:
                return [(await client.get(server.url())).status_code for _ in range(2)]

        assert asyncio.run(twice()) == [302, 302]
        assert all("cookie" not in call.headers for call in server.calls)
        assert [call.headers["accept-encoding"] for call in server.calls] == ["identity"] * 2


async def failing(settings: Settings, port: int, **options: object) -> httpx.TransportError:
    settings.PRIVATE_HOSTS = [f"127.0.0.1:{port}"]
    async with checked_client() as client:
        with pytest.raises(httpx.TransportError) as failed:
            await client.post(f"http://127.0.0.1:{port}/", json={"pay": 1}, **options)  # type: ignore[arg-type]
    return failed.value


def test_nobody_there_means_that_nothing_was_sent(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    assert isinstance(asyncio.run(failing(settings, port)), httpx.ConnectError)


def test_a_host_without_an_address_means_that_nothing_was_sent(settings: Settings) -> None:
    async def nowhere(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    with pytest.raises(httpx.ConnectError):
        asyncio.run(get("https://nowhere.example.com/", lookup=nowhere))


def test_a_host_that_never_resolves_means_that_nothing_was_sent() -> None:
    async def hanging(host: str, port: int) -> Sequence[str]:
        await asyncio.Event().wait()
        return []

    async def main() -> None:
        async with checked_client(lookup=hanging) as client:
            with pytest.raises(httpx.ConnectTimeout):
                await client.post("https://slow.example.com/", timeout=httpx.Timeout(0.1))

    asyncio.run(main())


def test_a_full_pool_means_that_nothing_was_sent(settings: Settings) -> None:
    def script(call: Call) -> None:
        call.stop.wait(10)

    async def main(url: str) -> None:
        async with checked_client(connections=1) as client:
            first = asyncio.create_task(client.get(url))
            await asyncio.sleep(0.05)
            with pytest.raises(UNSENT):
                await client.post(url, timeout=httpx.Timeout(5, connect=0.05, pool=0.05))
            first.cancel()

    with serving(script) as server:
        settings.PRIVATE_HOSTS = [f"127.0.0.1:{server.port}"]
        asyncio.run(main(server.url()))
        assert len(server.calls) == 1


def test_a_host_that_stalls_leaves_room_for_the_others(settings: Settings) -> None:
    def stalled(call: Call) -> None:
        call.stop.wait(10)

    async def main(slow: str, fast: str) -> list[str]:
        async with checked_client(connections=4, per_host=2) as client:
            waiting = [asyncio.create_task(client.get(slow)) for _ in range(10)]
            await asyncio.sleep(0.05)
            answers = [(await client.get(fast)).text for _ in range(3)]
            for task in waiting:
                task.cancel()
            return answers

    with serving(stalled) as slow, serving(fine) as fast:
        settings.PRIVATE_HOSTS = [f"127.0.0.1:{slow.port}", f"127.0.0.1:{fast.port}"]
        assert asyncio.run(main(slow.url(), fast.url())) == ["fine"] * 3
        assert len(slow.calls) == 2


def test_a_certificate_that_is_not_trusted_means_that_nothing_was_sent(settings: Settings) -> None:
    with serving(fine) as server:
        settings.PRIVATE_HOSTS = [f"127.0.0.1:{server.port}"]
        with pytest.raises(UNSENT):
            asyncio.run(get(f"https://127.0.0.1:{server.port}/"))


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"", id="closed"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", id="half a body"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Le", id="half a head"),
        pytest.param(b"garbage\r\n\r\n", id="garbage"),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", id="garbage in chunks"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 3\r\n\r\nabc", id="packed unasked"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000 + b"\r\n\r\n", id="an endless header"),
    ],
)
def test_an_answer_that_breaks_off_never_looks_unsent(settings: Settings, answer: bytes) -> None:
    def script(call: Call) -> bool:
        call.out.sendall(answer)
        return True

    with serving(script) as server:
        error = asyncio.run(failing(settings, server.port))
        assert not isinstance(error, UNSENT)
        assert len(server.calls) == 1  # A POST is never repeated by the client.


def test_no_answer_in_time_never_looks_unsent(settings: Settings) -> None:
    def script(call: Call) -> None:
        call.stop.wait(10)

    with serving(script) as server:
        error = asyncio.run(failing(settings, server.port, timeout=httpx.Timeout(5, read=0.1)))
        assert type(error) is httpx.ReadTimeout


def test_a_kept_connection_that_closes_under_a_request_never_looks_unsent(settings: Settings) -> None:
    def script(call: Call) -> bool:
        if call.method == "GET":
            call.send("200 OK", body=b"kept")
            return False
        return True

    async def main(url: str) -> None:
        async with checked_client() as client:
            await client.get(url)
            with pytest.raises(httpx.TransportError) as failed:
                await client.post(url, json={})
            assert not isinstance(failed.value, UNSENT)

    with serving(script) as server:
        settings.PRIVATE_HOSTS = [f"127.0.0.1:{server.port}"]
        asyncio.run(main(server.url()))
        assert [call.method for call in server.calls] == ["GET", "POST"]


def test_a_line_break_in_a_header_is_never_sent(settings: Settings) -> None:
    with serving(fine) as server:
        error = asyncio.run(failing(settings, server.port, headers={"X-Key": "a\r\nX-Other: b"}))
        assert isinstance(error, UNSENT)
        assert server.calls == []


def test_bodies_leave_as_they_are(settings: Settings) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"one"
        yield b"two"

    async def main(url: str) -> None:
        async with checked_client() as client:
            await client.post(url, json={"a": "é"})
            await client.put(url, content=pieces(), headers={"Content-Length": "6", "Content-Type": "video/mp4"})
            await client.post(url, files={"file": ("a.txt", b"hello")})

    with serving(fine) as server:
        settings.PRIVATE_HOSTS = [f"127.0.0.1:{server.port}"]
        asyncio.run(main(server.url()))
        first, second, third = server.calls
        assert (first.headers["content-type"], first.body) == ("application/json", '{"a":"é"}'.encode())
        assert (second.headers["content-type"], second.body) == ("video/mp4", b"onetwo")
        assert b"hello" in third.body


def test_it_works_in_a_loop_of_any_thread(settings: Settings) -> None:
    answers: list[str] = []
    with serving(fine) as server:
        settings.PRIVATE_HOSTS = [f"127.0.0.1:{server.port}"]
        threads = [
            threading.Thread(target=lambda: answers.append(asyncio.run(get(server.url())).text)) for _ in range(3)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
    assert answers == ["fine"] * 3


def test_no_query_is_logged(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    with serving(fine) as server:
        settings.PRIVATE_HOSTS = [f"127.0.0.1:{server.port}"]
        asyncio.run(get(server.url("/file?signature=hush")))
    assert "hush" not in caplog.text
