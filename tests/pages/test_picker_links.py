"""A pasted address: what comes of it, in which words it is refused, and that nothing half-written stays, of it or of a canceled upload."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.messages import get_messages
from django.test import Client
from pytest_django import Settings

from config.asgi import application
from studio.media import web
from studio.models import Asset, User
from tests.factories import picture
from tests.media.conftest import storage  # noqa: F401  (a fixture that finds what was left behind)
from tests.media.servers import Call, serving

SignIn = Callable[[Client, User], Client]
HTMX = {"HX-Request": "true"}
FIELD = {"tool": "image", "place": "images"}


@pytest.fixture
def maker(client: Client, creator: User, sign_in: SignIn) -> Client:
    return sign_in(client, creator)


def paste(client: Client, url: str, **asked: str) -> Any:
    return client.post("/assets/link/", {**FIELD, "url": url, **asked}, headers=HTMX)


def answers(call: Call) -> None:
    match call.path:
        case "/look%20one.png?v=2":
            call.send("200 OK", {"Content-Type": "image/png"}, picture())
        case "/page":
            call.send("200 OK", {"Content-Type": "image/png"}, b"<!doctype html><title>Look</title>")
        case "/large":
            call.start("200 OK", {"Content-Length": str(1 << 40)})
        case "/inside":
            call.send("302 Found", {"Location": "http://169.254.169.254/latest/"})
        case _:
            call.send("404 Not Found")


def test_the_file_becomes_the_card_of_its_field(maker: Client, settings: Settings) -> None:
    with serving(answers) as server:
        settings.PRIVATE_HOSTS = [f"127.0.0.1:{server.port}"]
        first = paste(maker, server.url("/look%20one.png?v=2"))
        again = paste(maker, server.url("/look%20one.png?v=2"))
        drawer = paste(maker, server.url("/look%20one.png?v=2"), **{"for": "picker"})
    asset = Asset.objects.get()
    assert asset.original_name == "look one.png"
    assert f'name="images" value="{asset.pk}"' in first.content.decode()
    assert "already in your library" not in first.content.decode()
    assert "It was already in your library." in again.content.decode()
    assert f'name="picked" value="{asset.pk}"' in drawer.content.decode()


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/page", "Copy the address of the file itself"),
        ("/gone", "127.0.0.1"),
        ("/large", "The most is"),
        ("/inside", "169.254.169.254"),
    ],
)
def test_what_is_not_taken_says_why(maker: Client, settings: Settings, path: str, said: str) -> None:
    with serving(answers) as server:
        settings.PRIVATE_HOSTS = [f"127.0.0.1:{server.port}"]
        answer = paste(maker, server.url(path))
    assert answer.status_code == 422
    assert said in answer.json()["error"]
    assert not Asset.objects.exists()


@pytest.mark.parametrize(
    "url", ["", "look.png", "file:///etc/passwd", "http://127.0.0.1/a", "https://a.example/" + "x" * 2000]
)
def test_what_is_no_public_address_is_not_dialled(maker: Client, url: str) -> None:
    answer = paste(maker, url)
    assert answer.status_code == 422
    assert answer.json()["error"].endswith(".")
    assert not Asset.objects.exists()


def test_a_field_takes_its_own_kind_only(maker: Client, settings: Settings) -> None:
    with serving(answers) as server:
        settings.PRIVATE_HOSTS = [f"127.0.0.1:{server.port}"]
        answer = paste(maker, server.url("/look%20one.png?v=2"), tool="lipsync", place="video")
    assert "a video was expected" in answer.json()["error"]
    assert paste(maker, "https://a.example/b.png", tool="image", place="influencer").status_code == 422


def test_without_script_one_goes_back_with_a_message(maker: Client) -> None:
    answer = maker.post("/assets/link/", {**FIELD, "url": "nonsense", "next": "/create/image/"})
    assert answer["Location"] == "/create/image/"
    assert [str(message) for message in get_messages(answer.wsgi_request)]


def test_only_so_many_at_once(maker: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "WAIT_SECONDS", 0.01)
    places = [web.AT_ONCE.acquire(blocking=False) for _ in range(4)]
    try:
        assert all(places)
        assert "Several files are being fetched" in paste(maker, "https://a.example/b.png").json()["error"]
    finally:
        for _ in places:
            web.AT_ONCE.release()


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://a.example/b/look%201.png?v=2", "look 1.png"),
        ("https://a.example/", "a.example"),
        ("https://a.example/..", "file"),
        ("https://a.example/%2e%2e%2fpasswd", "passwd"),
        ("https://a.example/" + "é" * 200, "é" * 60),
    ],
)
def test_the_name_is_that_of_the_address(url: str, name: str) -> None:
    assert web.name_of(url) == name


def test_a_canceled_upload_leaves_nothing(maker: Client, storage: Path, settings: Settings) -> None:  # noqa: F811
    """The browser hangs up in the middle of the file."""
    before = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
    messages: list[dict[str, Any]] = [
        {"type": "http.request", "body": before + picture()[:50], "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent: list[MutableMapping[str, Any]] = []
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in maker.cookies.items())
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": "/create/image/upload/images", "raw_path": b"/create/image/upload/images", "query_string": b"",
        "headers": [(b"host", b"testserver"), (b"cookie", cookie.encode()), (b"content-length", b"100000"),
                    (b"content-type", b"multipart/form-data; boundary=x")],
        "client": ("127.0.0.1", 1), "server": ("testserver", 80),
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    async_to_sync(application)(scope, receive, send)
    assert not Asset.objects.exists()
    assert not [path for path in storage.rglob("*") if path.is_file()]
    assert not list(Path(settings.FILE_UPLOAD_TEMP_DIR).glob("*"))
