"""Where services fetch our files, and what the relay gives out."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from studio.engine import links
from studio.engine.storing import remember_copy
from studio.models import Asset, Connection, Generation, Membership, State, Team, Workspace
from tests.engine import remote

pytestmark = pytest.mark.database

BASE = "https://studio.example.com"


@pytest.fixture
def connection(member: Membership) -> Connection:
    member.team.public_url = BASE
    member.team.save(update_fields=("public_url",))
    remote.know_tiny()
    return remote.connect(member.team, "https://tiny.example")


@pytest.fixture
def generation(connection: Connection, workspace: Workspace) -> Generation:
    return remote.make(connection, workspace)


def link(connection: Connection, asset: Asset, generation: Generation) -> str:
    return links.known_to(connection, [], [asset], generation.pk).links[asset.pk]


def test_an_address_is_the_same_each_time_and_different_for_each_generation(
    connection: Connection, generation: Generation, workspace: Workspace, photo: Asset
) -> None:
    first = link(connection, photo, generation)
    assert first == link(connection, photo, generation)
    assert first.startswith(f"{BASE}/relay/{generation.pk.hex}/{photo.pk.hex}/")
    assert first.endswith("/jar.jpg")
    assert first != link(connection, photo, remote.make(connection, workspace))


def test_the_services_own_live_address_comes_first(
    connection: Connection, generation: Generation, photo: Asset
) -> None:
    theirs = "https://cdn.tiny.example/jar"
    later = (timezone.now() + timedelta(hours=5)).isoformat()
    remember_copy(connection, "asset", photo.pk, "url", theirs, {"expires_at": later})
    assert link(connection, photo, generation) == theirs
    for expires_at in ((timezone.now() + timedelta(minutes=5)).isoformat(), None, "nonsense"):
        remember_copy(connection, "asset", photo.pk, "url", theirs, {"expires_at": expires_at})
        assert link(connection, photo, generation).startswith(BASE)


def test_without_an_address_nothing_is_reachable_and_the_reason_says_what_to_do(
    connection: Connection, generation: Generation, photo: Asset
) -> None:
    assert links.reachable(connection.team) == (True, "")
    Team.objects.update(public_url="")
    kept = Connection.objects.select_related("team").get()
    can, reason = links.reachable(kept.team)
    assert not can
    assert "public address" in reason
    assert links.known_to(kept, [], [photo], generation.pk).links == {}


def test_the_relay_gives_out_the_original_with_ranges_to_whoever_has_the_address(
    connection: Connection, generation: Generation, photo: Asset, client: Client
) -> None:
    path = urlsplit(link(connection, photo, generation)).path
    whole = client.get(path)
    body = b"".join(whole.streaming_content) if whole.streaming else whole.content  # type: ignore[attr-defined]
    assert (whole.status_code, len(body)) == (200, photo.size_bytes)
    assert whole["X-Content-Type-Options"] == "nosniff"
    assert whole["Cache-Control"] == "private, no-store"
    part = client.get(path, headers={"range": "bytes=0-9"})
    assert (part.status_code, part.content) == (206, body[:10])
    head = client.head(path)
    assert (head.status_code, head["Content-Length"], head.content) == (200, str(photo.size_bytes), b"")
    assert client.post(path).status_code == 405


def test_the_relay_knows_no_other_address(
    connection: Connection, generation: Generation, workspace: Workspace, photo: Asset, client: Client
) -> None:
    path = urlsplit(link(connection, photo, generation)).path
    _, relay, ours, asset, proof, name = path.split("/")
    other = remote.make(connection, workspace)
    for wrong in (
        f"/{relay}/{ours}/{asset}/{proof[:-1]}0/{name}".replace("00/", "01/"),
        f"/{relay}/{other.pk.hex}/{asset}/{proof}/{name}",
        f"/{relay}/{ours}/{other.pk.hex}/{proof}/{name}",
        f"/{relay}/nonsense/{asset}/{proof}/{name}",
    ):
        if wrong != path:
            assert client.get(wrong).status_code == 404, wrong


def test_the_relay_serves_until_an_hour_after_the_end(
    connection: Connection, generation: Generation, photo: Asset, client: Client
) -> None:
    path = urlsplit(link(connection, photo, generation)).path
    for ago, status in ((timedelta(minutes=59), 200), (timedelta(minutes=61), 404)):
        Generation.objects.update(state=State.COMPLETED, ended_at=timezone.now() - ago)
        assert client.head(path).status_code == status


def test_an_older_key_still_proves_an_address(
    connection: Connection, generation: Generation, photo: Asset, client: Client, settings: object
) -> None:
    path = urlsplit(link(connection, photo, generation)).path
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]  # type: ignore[attr-defined]
    settings.SECRET_KEY = "another secret, of fifty characters, for this very test"  # type: ignore[attr-defined]
    assert client.head(path).status_code == 200
    settings.SECRET_KEY_FALLBACKS = []  # type: ignore[attr-defined]
    assert client.head(path).status_code == 404
