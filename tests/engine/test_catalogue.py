"""What a service lists: kept, compared, and never able to break anything."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from studio.engine import catalogue, connection_tasks, connections
from studio.models import CatalogueItem, Connection, ConnectionState, Membership, Role, Team, User, Workspace
from tests.upstreams.common import serve
from tests.upstreams.videogen import server as videogen
from tests.upstreams.videogen.server import VideoGen
from tests.upstreams.videotok.server import Videotok

pytestmark = pytest.mark.django_db
KEY = "vt_live_0123456789abcd91c0"


@pytest.fixture
def admin(db: None) -> Membership:
    team = Team.objects.create(name="Northbeam")
    Workspace.objects.create(team=team, name="Halden")
    return Membership.objects.create(user=User.objects.create_user("m@example.com", "Mara"), team=team, role=Role.ADMIN)


@pytest.fixture
def voices(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """What the scripted VideoGen speaks with; a test may change it."""
    listed: list[dict[str, object]] = [{**voice} for voice in videogen.VOICES]
    monkeypatch.setattr(videogen, "VOICES", listed)
    return listed


@pytest.fixture
def connected(
    admin: Membership, settings: Settings, voices: list[dict[str, object]]
) -> Iterator[tuple[Connection, VideoGen]]:
    fake = VideoGen("sk_videogen_live_0123")
    with serve(fake) as url:
        settings.PRIVATE_HOSTS = [url.removeprefix("http://")]
        yield connections.save_key(admin, "videogen", "sk_videogen_live_0123", url).connection, fake


def test_what_changed_is_said_in_sentences(
    connected: tuple[Connection, VideoGen], voices: list[dict[str, object]]
) -> None:
    connection, _ = connected
    assert catalogue.refresh(connection)
    assert connection.catalogue_changes[0].startswith("Read for the first time: ")
    assert connection.items.get(kind="voice", remote_id="vg_voic_m9").title == "Rowan"
    assert catalogue.refresh(connection)
    assert connection.catalogue_changes == []
    voices[0] |= {"voiceId": "vg_voic_new", "displayName": "Ilse"}
    assert catalogue.refresh(connection)
    assert connection.catalogue_changes == ["1 voice new: Ilse.", "1 voice gone: Rowan."]
    gone = connection.items.get(remote_id="vg_voic_m9")
    assert gone.gone_at is not None
    voices[0] |= {"voiceId": "vg_voic_m9", "displayName": "Rowan"}
    assert catalogue.refresh(connection)
    gone.refresh_from_db()
    assert gone.gone_at is None


def test_a_service_that_is_away_leaves_the_list_as_it_was(connected: tuple[Connection, VideoGen]) -> None:
    connection, fake = connected
    catalogue.refresh(connection)
    before = sorted(connection.items.values_list("remote_id", "gone_at"))
    for trouble in (
        {"status": 503},
        {"mangle": "garbage"},
        {"mangle": "truncated"},
        {"drop": "after"},
        {"status": 401},
    ):
        fake.script.always(path="/v1/entities", **trouble)
        assert catalogue.refresh(connection) is False, trouble
        assert connection.catalogue_message
        assert sorted(connection.items.values_list("remote_id", "gone_at")) == before
        fake.script.clear()
    assert catalogue.refresh(connection)
    assert connection.catalogue_message == ""


def test_entries_that_cannot_be_kept_are_left_out_with_a_line_in_the_log(
    connected: tuple[Connection, VideoGen], voices: list[dict[str, object]], caplog: pytest.LogCaptureFixture
) -> None:
    connection, _ = connected
    odd = {**voices[0], "displayName": "Nul \0 and long " + "x" * 300, "voiceId": "odd", "accent": "half \ud800 \0"}
    voices += [odd, {**odd}, {**odd, "voiceId": ""}, {**odd, "voiceId": "y" * 400}]
    with caplog.at_level(logging.WARNING):
        assert catalogue.refresh(connection)
    assert len(connection.items.get(remote_id="odd").title) == 200
    assert connection.items.filter(title__startswith="Nul").count() == 1
    assert caplog.text.count("cannot be kept") >= 1


def test_a_large_catalogue_takes_few_statements(
    connected: tuple[Connection, VideoGen], voices: list[dict[str, object]]
) -> None:
    connection, _ = connected

    def statements() -> int:
        with CaptureQueriesContext(database) as queries:
            assert catalogue.refresh(connection)
        return len(queries)

    statements()
    few = statements()
    voices += [{**voices[0], "voiceId": f"vg_voic_{number}"} for number in range(150)]
    assert statements() <= few + 3  # SQLite takes some eighty rows at a time.
    assert connection.items.filter(kind="voice").count() > 150


def test_a_price_that_changed_is_news(admin: Membership, settings: Settings) -> None:
    fake = Videotok(KEY)
    with serve(fake) as url:
        settings.PRIVATE_HOSTS = [url.removeprefix("http://")]
        connection = connections.save_key(admin, "videotok", KEY, f"{url}/api/v1").connection
        assert catalogue.refresh(connection)
        offer = connection.items.filter(kind="offer", data__price__isnull=False).first()
        assert offer is not None
        offer.data |= {"price": "7"}
        offer.save()
        limited = connection.items.filter(kind="offer").exclude(pk=offer.pk).first()
        assert limited is not None
        limited.data |= {"limits": {"prompt": {"max_length": 3}}}
        limited.save()
        assert catalogue.refresh(connection)
    assert any(
        said.startswith(f"{offer.title} costs ") and "before 7." in said for said in connection.catalogue_changes
    )
    assert f"{limited.title} has other limits now." in connection.catalogue_changes


def test_every_day_once_and_only_for_keys_that_work(connected: tuple[Connection, VideoGen]) -> None:
    connection, _ = connected
    assert catalogue.is_due(connection)
    catalogue.refresh(connection)
    assert not catalogue.is_due(connection)
    connection.catalogue_at = timezone.now() - timedelta(hours=25)
    assert catalogue.is_due(connection)
    connection.state = ConnectionState.REFUSED
    assert not catalogue.is_due(connection)


def test_one_that_is_removed_meanwhile_keeps_nothing(connected: tuple[Connection, VideoGen]) -> None:
    connection, _ = connected
    Connection.objects.update(state=ConnectionState.REMOVED)
    assert catalogue.refresh(connection) is False
    assert not CatalogueItem.objects.exists()


def test_the_tasks_take_whatever_they_are_given(connected: tuple[Connection, VideoGen]) -> None:
    connection, fake = connected
    connection_tasks.look_after(str(connection.pk))
    assert CatalogueItem.objects.exists()
    connection_tasks.look_after_all()
    fake.script.forget_keys()
    connection_tasks.read_balance(str(connection.pk))
    connection.refresh_from_db()
    assert connection.state == ConnectionState.REFUSED
    connection_tasks.read_balance(str(connection.pk))
    Connection.objects.all().delete()
    connection_tasks.look_after(str(connection.pk))
    connection_tasks.read_balance(str(connection.pk))
