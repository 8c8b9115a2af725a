"""No address that a person or a service gives us leads inside: every hostile form through every door that takes one.

A door answers with the sentence that a person reads. What counts is threefold: a canary on this machine hears nothing, this process begins
no connection at all, and each refusal is a sentence about the value.
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from pytest_django import Settings

from studio.engine import connection_checks, public_address
from studio.engine.connection_input import Unusable, cleaned_address
from studio.media import samples
from studio.media.address import AddressRefused, check_url
from studio.media.dial import DialRefused, checked_client
from studio.media.errors import MediaRefused
from studio.media.fetch import FetchError, Later, Patience, fetch_to
from studio.media.web import fetch_from_web
from studio.media.web_brand import PageRefused, read_page
from studio.models import CatalogueItem, Kind
from studio.providers import get_remote

from .hostile_addresses import FAMILIES, PUBLIC, Watch, families, watching
from .servers import Call, serving

ONCE = Patience(tries=1, silence_seconds=2)
ABOUT = re.compile(r"address|addresses|host|port|name\b|characters", re.I)


@pytest.fixture
def watch() -> Iterator[Watch]:
    with watching() as watch:
        yield watch


# -- Doors ---------------------------------------------------------------------------------------------------------------------

Door = Callable[[Sequence[str], Path], list[str]]
"""Tries addresses; gives for each the sentence of its refusal, "" where it was taken."""


def _each(ask: Callable[[str], object], *refusals: type[Exception]) -> Door:
    def door(urls: Sequence[str], path: Path) -> list[str]:
        return [_sentence(ask, url, refusals) for url in urls]

    return door


def _sentence(ask: Callable[[str], object], url: str, refusals: tuple[type[Exception], ...]) -> str:
    try:
        ask(url)
    except refusals as refusal:
        return str(refusal)
    return ""


def downloads(urls: Sequence[str], path: Path) -> list[str]:
    """`fetch_to`, by which results, pasted links, samples and provider files come."""

    async def main() -> list[str]:
        async with checked_client() as client:
            return [await one(client, url) for url in urls]

    async def one(client: Any, url: str) -> str:
        try:
            await fetch_to(client, url, path, max_bytes=1 << 20, deadline_seconds=5, patience=ONCE)
        except AddressRefused as refusal:
            return str(refusal)
        return ""

    return asyncio.run(main())


def requests(urls: Sequence[str], path: Path) -> list[str]:
    """The client itself, as whoever forgets to check would use it: uploads, webhooks, calls of services."""

    async def main() -> list[str]:
        async with checked_client() as client:
            return [await one(client, url) for url in urls]

    async def one(client: Any, url: str) -> str:
        try:
            await client.put(url, content=b"a file")
        except DialRefused as refusal:
            return str(refusal)
        except Exception as error:  # httpx itself refuses what is no URL at all, before our transport sees it.
            return f"This address is not read: {type(error).__name__}."
        return ""

    return asyncio.run(main())


def kept_base_urls(urls: Sequence[str], path: Path) -> list[str]:
    """A connection whose row has such an address all the same: nothing is sent there, and the card says why."""
    provider = get_remote("videogen")
    found = [connection_checks.ask(provider, url, "sk_videogen_live_0123456789", {}) for url in urls]
    return ["" if outcome.is_fine else outcome.message for outcome in found]


def pasted_links(urls: Sequence[str], path: Path) -> list[str]:
    """A link that a person pastes into the library."""
    folder = path.with_name("pasted")
    folder.mkdir()
    try:
        return _each(lambda url: fetch_from_web(url, folder, [Kind.IMAGE]), MediaRefused)(urls, folder)
    finally:
        folder.rmdir()


def pages_of_brands(urls: Sequence[str], path: Path) -> list[str]:
    """The page that a brand is read from."""
    return _each(read_page, PageRefused)(urls, path)


DOORS: dict[str, Door] = {
    "check": _each(check_url, AddressRefused),
    "download": downloads,
    "request": requests,
    "pasted link": pasted_links,
    "page of a brand": pages_of_brands,
    "base URL, as typed": _each(lambda url: cleaned_address(url, get_remote("videogen")), Unusable),
    "base URL, as kept": kept_base_urls,
    "public address, as typed": _each(public_address.cleaned, public_address.NotHere),
    "public address, as asked": _each(
        lambda url: public_address.raise_for_elsewhere(url, within_seconds=3), public_address.NotHere
    ),
}


def test_there_are_enough_of_them() -> None:
    every = [url for urls in families(1).values() for url in urls]
    assert len(set(every)) == len(every) >= 250


def test_the_watch_hears_what_gets_through(watch: Watch) -> None:
    """Else all the quiet below would prove nothing. Without our checks, addresses written as numbers reach this machine."""
    for family in ("loopback", "private", "link-local and metadata", "numbers", "IPv4 in IPv6"):
        before = len(watch.dialled)
        for url in families(watch.port)[family]:
            with suppress(Exception), httpx.Client(timeout=1, trust_env=False, verify=False) as client:
                client.get(url)
        assert len(watch.dialled) > before, family
    assert watch.heard >= 10


CAUSES = {
    "loopback": "is not on the public internet",
    "private": "is not on the public internet",
    "nobody": "is not on the public internet",
    "link-local and metadata": "is not on the public internet",
    "numbers": "is a number|not on the public internet",
    "IPv6": "IPv6|not on the public internet|names no host|a port|The port",
    "IPv4 in IPv6": "not on the public internet|IPv6",
    "zones": "percent sign|not on the public internet|IPv6",
    "odd letters and digits": "digits of another script|letters that|has no dot|invisible|local network|not a correct name|is a number|IPv6|not on the public",
    "percent signs": "percent sign",
    "dots": "not a correct name|local network|is a number|names no host",
    "names of this machine and its network": "local network|has no dot",
    "names of clouds and clusters": "local network|has no dot|not on the public internet",
    "user names": "user name or password|percent sign|backslash|invisible",
    "two hosts at once": "not a correct name|backslash|invisible|letters",
    "invisible characters": "invisible character",
    "no encryption": "begins with http://",
    "schemes": "not opened|not a full address",
    "slashes": "not a full address|names no host|backslash|invisible|not on the public internet|user name",
    "ports": "Port \\d+ of|The port of|user name|invisible",
    "too long": "characters|not a correct name",
}
"""By family, what the sentence names as wrong."""


@pytest.mark.parametrize("family", FAMILIES)
def test_each_sentence_names_what_is_wrong_with_this_value(family: str) -> None:
    for url in families(8443)[family]:
        with pytest.raises(AddressRefused) as refused:
            check_url(url)
        assert re.search(CAUSES[family], str(refused.value)), (url, str(refused.value))


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("family", FAMILIES)
def test_no_hostile_address_passes_a_door(watch: Watch, tmp_path: Path, family: str, door: str) -> None:
    urls = families(watch.port)[family]
    said = DOORS[door](urls, tmp_path / "x")
    watch.assert_quiet()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    for url, sentence in zip(urls, said, strict=True):
        assert sentence, f"{url!a} was taken"
        assert sentence[0].isupper(), sentence
        assert sentence.endswith("."), sentence
        assert 20 < len(sentence) < 300, sentence
        assert ABOUT.search(sentence), sentence
        assert "secret" not in sentence


def test_the_environment_may_name_no_such_address(watch: Watch, settings: Settings) -> None:
    for urls in families(watch.port).values():
        for url in urls:
            settings.PUBLIC_URL = url
            assert public_address.address_of_environment() == "", url
    watch.assert_quiet()


def test_no_sample_of_a_catalogue_leads_inside(watch: Watch, settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    for urls in families(watch.port).values():
        for url in urls:
            assert samples.sample(CatalogueItem(picture=url), "picture") is None
    watch.assert_quiet()


# -- Redirects -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("family", [family for family in FAMILIES if family != "too long"])
@pytest.mark.parametrize("status", ["302 Found", "308 Permanent Redirect"])
def test_no_redirect_leads_there(watch: Watch, settings: Settings, tmp_path: Path, family: str, status: str) -> None:
    """From a server that may be asked. A relative one stays with that server, and ends."""
    left = iter(families(watch.port)[family])
    now = {"location": ""}

    def script(call: Call) -> None:
        location = now["location"].encode() if call.path == "/go" else b"/elsewhere"
        call.out.sendall(b"HTTP/1.1 %s\r\nContent-Length: 0\r\nLocation: %s\r\n\r\n" % (status.encode(), location))

    async def main(port: int) -> None:
        async with checked_client() as client:
            for now["location"] in left:
                if re.search(r"[\r\n\0]", now["location"]):
                    continue  # It would be no header any more.
                with pytest.raises((AddressRefused, FetchError)) as refused:
                    await fetch_to(
                        client,
                        f"http://127.0.0.1:{port}/go",
                        tmp_path / "x",
                        max_bytes=1 << 20,
                        deadline_seconds=5,
                        patience=ONCE,
                    )
                assert str(refused.value).endswith("."), now["location"]

    with serving(script) as server:
        settings.PRIVATE_HOSTS = [f"127.0.0.1:{server.port}"]
        watch.allowed.add(("127.0.0.1", server.port))
        asyncio.run(main(server.port))
        assert server.calls
    watch.assert_quiet()


def test_a_key_never_follows_a_redirect_of_its_service(watch: Watch, settings: Settings) -> None:
    with serving(
        lambda call: call.send("307 Temporary Redirect", {"Location": f"http://127.0.0.1:{watch.port}/"})
    ) as server:
        settings.PRIVATE_HOSTS = [f"127.0.0.1:{server.port}", f"127.0.0.1:{watch.port}"]
        watch.allowed.add(("127.0.0.1", server.port))
        outcome = connection_checks.ask(get_remote("videogen"), server.url("/v1"), "sk_videogen_live_0123456789", {})
        assert "a key is never sent after it" in outcome.message
        with pytest.raises(public_address.NotHere, match="sends visitors on"):
            public_address.raise_for_elsewhere(server.url("").rstrip("/"))
    watch.assert_quiet()


def test_nothing_that_a_page_names_leads_there(watch: Watch, settings: Settings) -> None:
    """The page that a brand is read from may be anybody's: its styles, icons, pictures and redirects are hostile like it."""
    inside = [
        f"http://127.0.0.1:{watch.port}/1",
        f"https://[::1]:{watch.port}/2",
        f"//localhost:{watch.port}/3",
        f"https://2130706433:{watch.port}/4",
        "https://169.254.169.254/5",
        "file:///etc/passwd",
    ]
    links = "".join(
        f'<link rel="stylesheet" href="{url}"><link rel="icon" href="{url}"><link rel="manifest" href="{url}">'
        f'<meta property="og:image" content="{url}"><img class="logo" alt="logo" src="{url}">'
        for url in inside
    )
    html = f"<!doctype html><html><head><title>Oru</title>{links}</head><body><h1>Oru</h1></body></html>".encode()
    with serving(lambda call: call.send("200 OK", {"Content-Type": "text/html"}, html)) as server:
        settings.PRIVATE_HOSTS = [f"127.0.0.1:{server.port}"]
        watch.allowed.add(("127.0.0.1", server.port))
        found = read_page(server.url("/"))
    assert found.name == "Oru"
    watch.assert_quiet()


# -- Names ---------------------------------------------------------------------------------------------------------------------

INSIDE = (
    "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.7", "172.20.1.1", "192.168.1.10", "100.64.0.9", "169.254.169.254",
    "168.63.129.16", "192.0.0.8", "198.18.3.4", "224.0.0.251", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0",
    "fc00::7", "fd00:ec2::254", "ff02::fb", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b:1::a00:1", "2002:7f00:1::1", "2001:0:7f00:1::1", "2001:db8::5", "fec0::1", "100::7", "not an address",
)  # fmt: skip


def answering(monkeypatch: pytest.MonkeyPatch, answers: Sequence[Sequence[str]]) -> list[str]:
    """This machine's resolver answers so for every name, one after the other, the last one for ever; returns what was asked."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, *rest: Any, **more: Any) -> list[Any]:
        found = answers[min(len(asked), len(answers) - 1)]
        asked.append(str(host))
        kinds = {True: socket.AF_INET6, False: socket.AF_INET}
        return [(kinds[":" in it], socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (it, port)) for it in found]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


@pytest.mark.parametrize("inside", INSIDE)
def test_no_name_leads_inside(watch: Watch, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, inside: str) -> None:
    """Alone, and as one of several records, wherever it stands among them."""
    for records in ([inside], [PUBLIC, inside], [inside, PUBLIC], [PUBLIC, "8.8.8.8", inside, "2606:4700::1111"]):
        answering(monkeypatch, [records])
        url = f"https://cdn.example.com:{watch.port}"
        for door in (
            "download",
            "request",
            "pasted link",
            "page of a brand",
            "base URL, as kept",
            "public address, as asked",
        ):
            sentence = DOORS[door]([url], tmp_path / "x")[0]
            assert re.search(r"The name cdn\.example\.com leads to .* not on the public internet\.", sentence), door
    watch.assert_quiet()


@pytest.mark.parametrize(
    "name", ["127.0.0.1.nip.io", "localtest.me", "metadata.goog", "metadata.packet.net", "spoofed.burpcollaborator.net"]
)
def test_a_public_name_for_an_inner_address_is_refused(
    watch: Watch, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    answering(monkeypatch, [["127.0.0.1"]])
    assert "not on the public internet" in downloads([f"https://{name}:{watch.port}/x.png"], tmp_path / "x")[0]
    watch.assert_quiet()


@pytest.mark.parametrize("inside", ["127.0.0.1", "::1", "169.254.169.254"])
def test_an_answer_that_changes_after_the_check_changes_nothing(
    watch: Watch, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, inside: str
) -> None:
    """First public, then inside: what is dialled is what was checked, at the first try and at every later one."""

    async def main() -> None:
        async with checked_client() as client:
            for _ in range(3):
                with pytest.raises((Later, AddressRefused)):
                    await fetch_to(
                        client,
                        f"https://rebind.example.com:{watch.port}/",
                        tmp_path / "x",
                        max_bytes=1 << 20,
                        deadline_seconds=5,
                        patience=Patience(tries=3, pause_seconds=0.01, silence_seconds=1),
                    )

    answering(monkeypatch, [[PUBLIC], [inside]])
    asyncio.run(main())
    assert watch.heard == 0
    assert {address for address, _ in watch.dialled} == {PUBLIC}


def test_a_redirect_to_a_name_is_looked_up_and_checked_anew(
    watch: Watch, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    location = f"https://assets.example.com:{watch.port}/x.png"
    with serving(lambda call: call.send("302 Found", {"Location": location})) as server:
        settings.PRIVATE_HOSTS = [f"127.0.0.1:{server.port}"]
        watch.allowed.add(("127.0.0.1", server.port))
        asked = answering(monkeypatch, [["127.0.0.1"]])
        assert "leads to 127.0.0.1" in downloads([server.url("/go")], tmp_path / "x")[0]
    assert asked == ["assets.example.com"]
    watch.assert_quiet()


def test_a_private_host_that_is_allowed_opens_no_other_port(
    watch: Watch, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings.PRIVATE_HOSTS = [f"models.example.com:{watch.port + 1}", "127.0.0.1:1"]
    answering(monkeypatch, [["127.0.0.1"]])
    for url in (f"https://models.example.com:{watch.port}/", f"http://127.0.0.1:{watch.port}/"):
        assert downloads([url], tmp_path / "x")[0]
    watch.assert_quiet()
