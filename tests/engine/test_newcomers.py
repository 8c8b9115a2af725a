"""One of ours is made at a service: a worker that is killed where rows are written costs nothing. Paid once, one row, nothing lost."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.models import (
    Connection,
    Generation,
    Influencer,
    InfluencerPhoto,
    Membership,
    Output,
    OutputState,
    RemoteCopy,
    State,
    Workspace,
)
from tests.engine import remote
from tests.engine.remote import make
from tests.engine.test_outbound_crashes import let_leases_end, work
from tests.engine.tiny import TinyServer
from tests.factories import make_asset
from tests.upstreams.common import serve

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("member")]


@pytest.fixture
def tiny() -> Iterator[TinyServer]:
    server = TinyServer()
    server.kinds = ["person"]
    with serve(server):
        remote.know_tiny()
        yield server
        remote.forget_tiny()


@pytest.fixture
def connection(member: Membership, tiny: TinyServer) -> Connection:
    return remote.connect(member.team, tiny.script.url)


@pytest.fixture
def mara(member: Membership, workspace: Workspace) -> Influencer:
    face = make_asset(workspace)
    row = Influencer.objects.create(team=member.team, workspace=workspace, name="Mara", face=face)
    InfluencerPhoto.objects.create(influencer=row, asset=face)
    return row


def ordered(connection: Connection, workspace: Workspace, row: Influencer) -> Generation:
    inputs = {"photos": [str(row.face_id)], "influencer": str(row.pk)}
    return make(connection, workspace, tool="influencer", kind="influencer", inputs=inputs)


def assert_one_mara(generation: Generation, mara: Influencer, tiny: TinyServer) -> None:
    generation.refresh_from_db()
    assert (generation.state, generation.failure_reason) == (State.COMPLETED, "")
    assert len(tiny.script.paid) == 1
    assert Influencer.objects.get() == mara
    output = Output.objects.get(generation=generation)
    assert (output.state, output.influencer) == (OutputState.READY, mara)
    copy = RemoteCopy.objects.get(kind="influencer")
    assert (copy.object_id, copy.remote_id) == (mara.pk, "job-1-0")
    face = mara.face_id
    mara.refresh_from_db()
    assert (mara.name, mara.face_id, mara.photos.count()) == ("Mara", face, 1)


def test_the_named_row_is_the_one_that_was_paid_for(
    connection: Connection, workspace: Workspace, tiny: TinyServer, mara: Influencer, tmp_path: Path
) -> None:
    generation = ordered(connection, workspace, mara)
    assert work(tiny, tmp_path) == 0
    assert_one_mara(generation, mara, tiny)


@pytest.mark.parametrize("point", ["collecting_before_file", "collecting_before_row", "collecting_after_row"])
def test_a_worker_killed_where_the_row_is_written_costs_nothing(
    connection: Connection, workspace: Workspace, tiny: TinyServer, mara: Influencer, tmp_path: Path, point: str
) -> None:
    generation = ordered(connection, workspace, mara)
    (tmp_path / f"{point}.kill").touch()
    assert work(tiny, tmp_path) == -signal.SIGKILL
    let_leases_end()
    assert work(tiny, tmp_path) == 0
    assert_one_mara(generation, mara, tiny)
