"""Bells of services: registered, heard, forged, repeated; and the address that they need."""

from __future__ import annotations

import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from studio.engine import connection_tasks, connections, public_address, webhooks
from studio.models import Connection, Generation, Membership, Role, State, Team, User, Workspace
from tests.factories import make_generation
from tests.upstreams.common import serve
from tests.upstreams.videogen.server import VideoGen

pytestmark = pytest.mark.django_db
KEY = "sk_videogen_live_0123456789abcdef4f2a"
OUTSIDE = "https://studio.example.com"


@pytest.fixture(autouse=True)
def no_memory() -> None:
    cache.clear()


@pytest.fixture
def workspace(db: None) -> Workspace:
    return Workspace.objects.create(team=Team.objects.create(name="Northbeam", public_url=OUTSIDE), name="Halden")


@pytest.fixture
def admin(workspace: Workspace) -> Membership:
    user = User.objects.create_user("mara@example.com", "Mara")
    return Membership.objects.create(user=user, team=workspace.team, role=Role.ADMIN)


@pytest.fixture
def upstream(settings: Settings) -> Iterator[VideoGen]:
    fake = VideoGen(KEY, seconds=0)
    with serve(fake) as url:
        settings.PRIVATE_HOSTS = [url.removeprefix("http://")]
        yield fake


@pytest.fixture
def connected(admin: Membership, upstream: VideoGen) -> Connection:
    made = connections.save_key(admin, "videogen", KEY, upstream.script.url).connection
    connection_tasks.look_after(str(made.pk))
    made.refresh_from_db()
    return made


def far(workspace: Workspace, connection: Connection, remote_key: str, **fields: Any) -> Generation:
    """A generation that waits for a poll in an hour."""
    return make_generation(
        workspace,
        state=State.RUNNING,
        connection=connection,
        remote={"execution": remote_key},
        remote_key=remote_key,
        next_poll_at=timezone.now() + timedelta(hours=1),
        **fields,
    )


def is_due(generation: Generation) -> bool:
    generation.refresh_from_db()
    return generation.next_poll_at is not None and generation.next_poll_at <= timezone.now()


def a_job(upstream: VideoGen) -> str:
    asked = urllib.request.Request(
        f"{upstream.script.url}/v1/tools/generate-image",
        b'{"prompt":"a cat"}',
        {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(asked, timeout=10):
        pass
    upstream.finish(job := next(iter(upstream.jobs)))
    return str(job)


def deliver(client: Client, connection: Connection, headers: dict[str, str], body: bytes) -> int:
    told = {name: value for name, value in headers.items() if name != "content-type"}
    answer = client.post(f"/hooks/{connection.webhook_token}/", body, content_type="application/json", headers=told)
    assert answer.content == b""
    return answer.status_code


def test_a_bell_is_registered_with_the_connection_and_removed_with_it(
    admin: Membership, connected: Connection, upstream: VideoGen
) -> None:
    (endpoint,) = upstream.endpoints.values()
    assert endpoint["url"] == f"{OUTSIDE}/hooks/{connected.webhook_token}/"
    assert connected.webhook_id == endpoint["endpointId"]
    assert endpoint["signingSecret"] not in connected.webhook_secret
    connection_tasks.look_after(str(connected.pk))
    assert len(upstream.endpoints) == 1
    connections.remove(admin, connected.pk)
    connection_tasks.look_after(str(connected.pk))
    assert upstream.endpoints == {}


def test_a_new_address_or_key_gets_a_new_bell(admin: Membership, connected: Connection, upstream: VideoGen) -> None:
    Team.objects.update(public_url="https://other.example.com")
    again = Connection.objects.select_related("team").get()
    assert webhooks.is_wrong(again)
    webhooks.put_right(again)
    (endpoint,) = upstream.endpoints.values()
    assert endpoint["url"].startswith("https://other.example.com/hooks/")
    connection_tasks.look_after(str(again.pk), renew=True)
    assert list(upstream.endpoints) != [endpoint["endpointId"]]
    assert len(upstream.endpoints) == 1


def test_no_address_is_no_bell(admin: Membership, upstream: VideoGen) -> None:
    Team.objects.update(public_url="")
    made = connections.save_key(admin, "videogen", KEY, upstream.script.url).connection
    connection_tasks.look_after(str(made.pk))
    assert upstream.endpoints == {}
    assert not webhooks.is_wrong(Connection.objects.select_related("team").get())
    assert webhooks.webhook_url(uuid4(), Team.objects.get()) == ""


def test_a_genuine_bell_makes_the_next_poll_happen_at_once(
    client: Client, connected: Connection, upstream: VideoGen, workspace: Workspace
) -> None:
    job = a_job(upstream)
    own, other = far(workspace, connected, job), far(workspace, connected, "vg_exec_other")
    assert deliver(client, connected, *upstream.delivery(job)) == 204
    assert is_due(own)
    assert not is_due(other)
    own.refresh_from_db()
    assert own.state == State.RUNNING  # What it says is not believed.


def test_a_repeated_bell_is_heard_once_a_second(
    client: Client, connected: Connection, upstream: VideoGen, workspace: Workspace
) -> None:
    job = a_job(upstream)
    own = far(workspace, connected, job)
    later = timezone.now() + timedelta(hours=1)
    assert deliver(client, connected, *upstream.delivery(job)) == 204
    Generation.objects.update(next_poll_at=later)
    for _ in range(5):
        assert deliver(client, connected, *upstream.delivery(job)) == 204
    assert not is_due(own)


@pytest.mark.parametrize("how", [{"forged": True}, {"age_seconds": 301}, {"age_seconds": -301}])
def test_a_forged_or_stale_bell_learns_nothing(
    client: Client, connected: Connection, upstream: VideoGen, workspace: Workspace, how: dict[str, Any]
) -> None:
    job = a_job(upstream)
    own = far(workspace, connected, job)
    assert deliver(client, connected, *upstream.delivery(job, **how)) == 401
    assert not is_due(own)


def test_a_changed_body_an_endless_one_and_an_unknown_address_are_refused(
    client: Client, connected: Connection, upstream: VideoGen
) -> None:
    headers, body = upstream.delivery(a_job(upstream))
    assert deliver(client, connected, headers, body + b" ") == 401
    assert deliver(client, connected, {}, body) == 401
    assert deliver(client, connected, headers, b" " * (webhooks.LARGEST_BODY + 1)) == 413
    assert client.post("/hooks/unknown/", body, content_type="application/json").status_code == 404
    connected.webhook_token = ""
    assert client.post("/hooks/done/", body, content_type="application/json").status_code == 404


def test_a_bell_needs_no_session_and_no_token_of_a_form(connected: Connection, upstream: VideoGen) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert deliver(strict, connected, *upstream.delivery(a_job(upstream))) == 204
    assert strict.cookies == {}


def test_an_unsigned_bell_rings_by_its_address_alone(
    client: Client, connected: Connection, workspace: Workspace
) -> None:
    own, held = far(workspace, connected, "job-1"), far(workspace, connected, "job-2")
    soon = timezone.now() + timedelta(seconds=50)
    Generation.objects.filter(pk=held.pk).update(lease_until=soon, next_poll_at=soon)
    url = webhooks.webhook_url(own.pk, workspace.team)
    assert url == webhooks.webhook_url(own.pk, workspace.team)
    assert client.post(url.removeprefix(OUTSIDE), b"\xff not json", content_type="text/plain").status_code == 204
    assert is_due(own)
    assert client.post(webhooks.webhook_url(held.pk, workspace.team).removeprefix(OUTSIDE)).status_code == 204
    assert not is_due(held)
    proof = url.rstrip("/").rsplit("/", 1)[1]
    assert client.post(f"/hooks/done/{held.pk.hex}/{proof}/").status_code == 404
    assert client.post(f"/hooks/done/nonsense/{proof}/").status_code == 404
    assert client.get(url.removeprefix(OUTSIDE)).status_code == 405


def test_the_secret_key_may_change_while_a_job_runs(settings: Settings) -> None:
    generation_id = uuid4()
    proof = webhooks.webhook_url(generation_id, Team(public_url=OUTSIDE)).rstrip("/").rsplit("/", 1)[1]
    old = settings.SECRET_KEY
    settings.SECRET_KEY = "n" * 50
    assert not webhooks.is_proof(generation_id, proof)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert webhooks.is_proof(generation_id, proof)


def test_an_ended_generation_is_left_alone(client: Client, connected: Connection, workspace: Workspace) -> None:
    ended = far(workspace, connected, "job-1")
    Generation.objects.update(state=State.COMPLETED, next_poll_at=None)
    assert client.post(webhooks.webhook_url(ended.pk, workspace.team).removeprefix(OUTSIDE)).status_code == 204
    ended.refresh_from_db()
    assert ended.next_poll_at is None


# -- The public address ----------------------------------------------------------------------------------------------------------


@contextmanager
def a_server(answer: Any) -> Iterator[str]:
    """Some server that answers every path by `answer(path) -> (status, headers, body)`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = answer(self.path)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def ours(path: str) -> tuple[int, dict[str, str], bytes]:
    return 200, {}, Client().get(path).content


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (ours, ""),
        (lambda path: (200, {}, b"hello"), "leads to another server"),
        (lambda path: (404, {}, b""), "leads to another server"),
        (lambda path: (200, {}, b"x" * 100_000), "leads to another server"),
        (lambda path: (400, {}, b""), "add 127.0.0.1 to ALLOWED_HOSTS"),
        (lambda path: (502, {}, b""), "what stands behind it does not"),
        (lambda path: (301, {"Location": "https://www.example.com/"}, b""), "sends visitors on to www.example.com"),
    ],
)
def test_an_address_is_taken_only_where_it_leads_here(settings: Settings, answer: Any, said: str) -> None:
    with a_server(answer) as url:
        settings.PRIVATE_HOSTS = [url.removeprefix("http://")]
        if not said:
            public_address.raise_for_elsewhere(url)
            return
        with pytest.raises(public_address.NotHere, match=said):
            public_address.raise_for_elsewhere(url)


def test_an_installation_with_another_secret_is_another_server(settings: Settings) -> None:
    with a_server(lambda path: (200, {}, b"0" * 64)) as url:
        settings.PRIVATE_HOSTS = [url.removeprefix("http://")]
        with pytest.raises(public_address.NotHere, match="another server"):
            public_address.raise_for_elsewhere(url)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("http://studio.example.com", "Only https"),
        ("https://127.0.0.1", "public internet"),
        ("https://studio.example.com/gallery", "leave out what follows"),
        ("https://studio.example.com?x", "leave out what follows"),
        ("not an address", "space"),
    ],
)
def test_what_is_no_public_address_is_refused_before_it_is_dialled(typed: str, said: str) -> None:
    with pytest.raises(public_address.NotHere, match=said):
        public_address.cleaned(typed)


def test_the_environment_s_address_is_the_default(settings: Settings) -> None:
    team = Team(name="Northbeam")
    for given, used in (("", ""), ("http://127.0.0.1:8000", ""), (OUTSIDE, OUTSIDE)):
        settings.PUBLIC_URL = given
        assert public_address.public_address(team) == used
    team.public_url = "https://own.example.com"
    assert public_address.public_address(team) == "https://own.example.com"
    assert public_address.cleaned("studio.example.com/") == OUTSIDE
    assert public_address.answer_for("nonsense") == ""
