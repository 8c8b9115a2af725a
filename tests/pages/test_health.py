"""`/healthz` and the banner, on a real broker of the test's own."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from studio.live import health
from studio.models import LaneBeat, User
from studio.run import broker
from tests.wait import until


@pytest.fixture
def running_broker(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    """A broker at settings.REDIS_URL; health keeps no connection to another one."""
    path = tmp_path / "b.sock"
    settings.REDIS_URL = f"unix://{path}"
    health._broker.cache_clear()
    process = subprocess.Popen(broker.arguments(path), stdout=subprocess.DEVNULL)
    until(lambda: broker.answers(path), "the broker to answer")
    yield path
    process.terminate()
    process.wait()
    health._broker().close()
    health._broker.cache_clear()


@pytest.fixture
def no_broker(tmp_path: Path, settings: Settings) -> Iterator[None]:
    settings.REDIS_URL = f"unix://{tmp_path / 'none.sock'}"
    health._broker.cache_clear()
    yield
    health._broker.cache_clear()


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def seen(**seconds_ago: float) -> None:
    for lane, seconds in seconds_ago.items():
        LaneBeat.objects.update_or_create(lane=lane, defaults={"seen_at": timezone.now() - timedelta(seconds=seconds)})


def ask(client: Client, **headers: str) -> tuple[int, dict[str, Any]]:
    answer = client.get("/healthz", headers=headers)
    return answer.status_code, json.loads(answer.content)


@pytest.mark.usefixtures("running_broker")
def test_it_is_ok_once_every_lane_was_seen(client: Client, db: None) -> None:
    assert ask(client) == (503, {"status": "starting"})
    seen(engine=1, long=4, render=29)
    assert ask(client) == (200, {"status": "ok"})


@pytest.mark.usefixtures("running_broker")
def test_a_silent_lane_makes_it_degraded(client: Client, db: None) -> None:
    seen(engine=1, long=4, render=31)
    assert ask(client) == (503, {"status": "degraded"})


@pytest.mark.usefixtures("no_broker")
def test_a_missing_broker_makes_it_degraded(client: Client, db: None) -> None:
    seen(engine=1, long=1, render=1)
    assert ask(client) == (503, {"status": "degraded"})


@pytest.mark.usefixtures("running_broker")
def test_details_are_for_owners_and_admins(
    client: Client, owner: User, admin: User, creator: User, reviewer: User, outsider: User
) -> None:
    seen(engine=1, long=1, render=1)
    for user in (creator, reviewer):
        client.force_login(user)
        assert ask(client) == (200, {"status": "ok"})
    for user in (owner, admin):
        client.force_login(user)
        _, answer = ask(client)
        assert answer["lanes"].keys() == {"engine", "long", "render"}
        assert answer["queues"] == {"engine": 0, "long": 0, "render": 0}
        assert answer["disk_free_bytes"] > 0


@pytest.mark.usefixtures("running_broker")
def test_the_supervisor_shows_its_token(client: Client, db: None, settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    assert "lanes" not in ask(client, x_backlot_supervisor="anything")[1]
    (tmp_path / "up.lock").write_text('{"token": "the-token"}')
    assert "lanes" not in ask(client, x_backlot_supervisor="another")[1]
    assert "lanes" in ask(client, x_backlot_supervisor="the-token")[1]


def test_the_banner_names_a_silent_lane(client: Client, creator: User) -> None:
    seen(engine=1, long=1, render=125)
    client.force_login(creator)
    answer = client.get("/health/banner").content.decode()
    assert "The render lane has not been seen for 2 min. New ads wait; nothing is lost." in answer
    assert "engine lane" not in answer


def test_without_trouble_the_banner_is_empty(client: Client, creator: User) -> None:
    client.force_login(creator)
    assert "lane has not been seen" not in client.get("/health/banner").content.decode()


def test_the_banner_is_for_members(client: Client, db: None) -> None:
    assert client.get("/health/banner").status_code == 302


def test_the_troubles_cost_one_query_and_are_kept(db: None, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    seen(engine=1, long=100, render=1)
    with django_assert_num_queries(1):
        assert [trouble.lane for trouble in health.lane_troubles()] == ["long"]
    with django_assert_num_queries(0):
        health.lane_troubles()


@pytest.mark.parametrize(("seconds", "words"), [(31, "31 s"), (89, "89 s"), (120, "2 min"), (7300, "2 h")])
def test_an_age_in_words(seconds: float, words: str, db: None) -> None:
    seen(engine=seconds)
    assert f"for {words}." in health.lane_troubles()[0].sentence
