"""kill -9 at every place of the way behind the wire. Afterwards everything is paid once and here, or nobody claims to know."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.utils import timezone

from studio.engine import faults
from studio.models import Asset, Connection, Generation, Membership, Output, OutputState, State, Workspace
from tests.engine import remote
from tests.engine.remote import make
from tests.engine.test_crashes import environment
from tests.engine.tiny import TinyServer
from tests.upstreams.common import serve

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("member")]


@pytest.fixture
def tiny() -> Iterator[TinyServer]:
    server = TinyServer()
    with serve(server):
        remote.know_tiny()
        yield server
        remote.forget_tiny()


@pytest.fixture
def connection(member: Membership, tiny: TinyServer) -> Connection:
    return remote.connect(member.team, tiny.script.url)


def work(tiny: TinyServer, folder: Path, seconds: float = 30) -> int:
    env = environment(BACKLOT_FAULTS=str(folder), BACKLOT_PRIVATE_HOSTS=urlsplit(tiny.script.url).netloc)
    command = [sys.executable, "-m", "tests.engine.outbound_worker", str(seconds)]
    return subprocess.run(command, cwd=settings.BASE_DIR, env=env, timeout=seconds + 30).returncode


def let_leases_end() -> None:
    past = timezone.now() - timedelta(seconds=1)
    Generation.objects.filter(next_poll_at__isnull=False).update(next_poll_at=past, lease_until=past)


@pytest.mark.parametrize("point", faults.REMOTE_POINTS)
def test_a_worker_killed_anywhere_pays_once_and_loses_nothing(
    connection: Connection, workspace: Workspace, tiny: TinyServer, photo: Asset, tmp_path: Path, point: str
) -> None:
    inputs = {"images": [str(photo.pk)]}
    generation = make(connection, workspace, count=2, inputs=inputs, offer_more={"address": "upload"})
    (tmp_path / f"{point}.kill").touch()
    assert work(tiny, tmp_path) == -signal.SIGKILL
    assert (tmp_path / f"{point}.met").exists()
    let_leases_end()
    assert work(tiny, tmp_path) == 0

    generation.refresh_from_db()
    assert (generation.state, generation.failure_reason) == (State.COMPLETED, "")
    assert len(tiny.script.paid) == 1
    assert {paid.body_sha256 for paid in tiny.script.paid}
    assert len(tiny.jobs) == 1
    outputs = list(Output.objects.filter(generation=generation))
    assert [output.state for output in outputs] == [OutputState.READY] * 2
    made = Asset.objects.exclude(pk=photo.pk).exclude(description__startswith="A frame")
    assert sorted(made.values_list("pk", flat=True)) == sorted(it.asset_id for it in outputs if it.asset_id)


@pytest.mark.parametrize("point", ["after_commit_submit", "after_sending", "after_send"])
def test_without_a_window_a_killed_submit_is_uncertain_and_never_sent_again(
    connection: Connection, workspace: Workspace, tiny: TinyServer, tmp_path: Path, point: str
) -> None:
    generation = make(connection, workspace, lane="long")
    (tmp_path / f"{point}.kill").touch()
    assert work(tiny, tmp_path) == -signal.SIGKILL
    sent = len(tiny.script.sent("POST", "/jobs"))
    assert sent <= 1
    Generation.objects.update(first_sent_at=timezone.now() - timedelta(hours=1))
    let_leases_end()
    assert work(tiny, tmp_path) == 0
    generation.refresh_from_db()
    assert generation.state == State.UNCERTAIN
    assert len(tiny.script.sent("POST", "/jobs")) == sent


def test_a_worker_killed_while_canceling_cancels_all_the_same(
    connection: Connection, workspace: Workspace, tiny: TinyServer, tmp_path: Path
) -> None:
    tiny.work_seconds = 60
    generation = remote.running(connection, workspace, "job-1")
    tiny.jobs["job-1"] = type(tiny).job("job-1", 1)
    Generation.objects.update(cancel_requested_at=timezone.now())
    (tmp_path / "canceling.kill").touch()
    assert work(tiny, tmp_path) == -signal.SIGKILL
    let_leases_end()
    assert work(tiny, tmp_path) == 0
    generation.refresh_from_db()
    assert generation.state == State.CANCELED
