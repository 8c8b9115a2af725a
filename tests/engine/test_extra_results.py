"""A service that makes more than was asked for: nothing of it is lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from studio.engine import courier
from studio.models import Asset, Connection, Event, Membership, Output, RemoteCopy, State, Workspace
from tests.engine import remote
from tests.engine.remote import READY, make, states_of, work_off
from tests.engine.tiny import Job, TinyServer
from tests.upstreams.common import Answer as Said
from tests.upstreams.common import Recorded, serve

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("member")]


class Generous(TinyServer):
    """Makes one more than it was asked for, as music services do, and may tell its last one twice."""

    twice = False

    def create(self, request: Recorded) -> Said:
        answer = super().create(request)
        list(self.jobs.values())[-1].count += 1
        return answer

    def _shown(self, job: Job) -> dict[str, Any]:
        shown = super()._shown(job)
        if self.twice and shown["results"]:
            shown["results"].append(shown["results"][-1])
        return shown


@pytest.fixture
def server() -> Generous:
    return Generous()


@pytest.fixture
def connection(member: Membership, server: Generous, settings: Any) -> Iterator[Connection]:
    with serve(server) as address:
        settings.PRIVATE_HOSTS = [urlsplit(address).netloc]
        remote.know_tiny()
        try:
            yield remote.connect(member.team, address)
        finally:
            courier.stop_here(3)
            remote.forget_tiny()


def test_two_songs_for_one_are_both_kept(connection: Connection, workspace: Workspace, server: Generous) -> None:
    server.kinds = ["audio"]
    generation = make(connection, workspace, kind="audio")
    work_off(generation)
    assert (generation.state, generation.missing) == (State.COMPLETED, 0)
    first, second = generation.outputs.order_by("position").select_related("asset")
    assert states_of(generation) == [READY, READY]
    assert (second.position, second.kind, second.title, second.tool) == (1, "audio", first.title, first.tool)
    assert first.asset
    assert second.asset
    assert first.asset.pk != second.asset.pk
    assert Event.objects.filter(kind="output_new", subject=str(second.pk)).count() == 1
    assert RemoteCopy.objects.filter(object_id=second.asset.pk, kind="url").exists()
    assert len(server.script.paid) == 1


def test_what_is_told_twice_comes_once(connection: Connection, workspace: Workspace, server: Generous) -> None:
    server.twice = True
    generation = make(connection, workspace, count=2)
    work_off(generation)
    assert states_of(generation) == [READY] * 3
    assert Asset.objects.filter(pk__in=Output.objects.values("asset")).count() == 3


def test_an_extra_one_is_of_its_own_kind(connection: Connection, workspace: Workspace, server: Generous) -> None:
    server.kinds = ["image", "text"]
    generation = make(connection, workspace)
    work_off(generation)
    assert list(generation.outputs.order_by("position").values_list("kind", flat=True)) == ["image", "text"]
    assert states_of(generation) == [READY] * 2


def test_an_extra_one_that_is_missing_adds_nothing(
    connection: Connection, workspace: Workspace, server: Generous
) -> None:
    server.missing = 2
    generation = make(connection, workspace)
    work_off(generation)
    assert generation.outputs.count() == 1
    assert generation.state == State.FAILED
