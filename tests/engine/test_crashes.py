"""kill -9 at every place where it could hurt. Afterwards the work is done, and nothing is lost or doubled."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from studio.engine import faults
from studio.models import Asset, Generation, Membership, Output, OutputState, RenderJob, State
from studio.providers.local import jobs
from tests.engine.conftest import Submit
from tests.wait import until

pytestmark = pytest.mark.database


def environment(**more: str) -> dict[str, str]:
    """That of a process which works on this test's database and data folder."""
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        address = f"sqlite:///{facts['NAME']}"
    else:
        host, port = facts["HOST"] or facts["OPTIONS"].get("host", ""), facts["PORT"]
        address = f"postgres://{facts['USER']}:{facts['PASSWORD']}@localhost:{port}/{facts['NAME']}?host={host}"
    own = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "BACKLOT_DATA": str(settings.DATA_DIR),
        "DATABASE_URL": address,
        "TEST_RENDERER": "tests.engine.renderers",
    }
    return {**os.environ, **own, **more}


def work(seconds: float = 30, **more: str) -> int:
    command = [sys.executable, "-m", "tests.engine.worker", str(seconds)]
    return subprocess.run(command, cwd=settings.BASE_DIR, env=environment(**more), timeout=seconds + 30).returncode


def let_leases_end() -> None:
    """As if the time of every lease had passed."""
    past = timezone.now() - timedelta(seconds=1)
    Generation.objects.filter(next_poll_at__isnull=False).update(next_poll_at=past, lease_until=past)
    RenderJob.objects.filter(due_at__isnull=False).update(due_at=past)


def stored_files(team: object) -> list[str]:
    folders = default_storage.listdir(str(team))[0]
    return [f"{team}/{folder}/{name}" for folder in folders for name in default_storage.listdir(f"{team}/{folder}")[1]]


@pytest.mark.parametrize("point", faults.POINTS)
def test_a_worker_killed_anywhere_loses_and_doubles_nothing(
    submit: Submit, member: Membership, tmp_path: Path, point: str
) -> None:
    generation = submit(count=2)[0]
    (tmp_path / f"{point}.kill").touch()
    assert work(BACKLOT_FAULTS=str(tmp_path)) == -signal.SIGKILL
    assert (tmp_path / f"{point}.met").exists()
    let_leases_end()
    assert work(BACKLOT_FAULTS=str(tmp_path)) == 0

    generation.refresh_from_db()
    assert (generation.state, generation.failure_reason) == (State.COMPLETED, "")
    outputs = list(Output.objects.order_by("position"))
    assert [output.state for output in outputs] == [OutputState.READY] * 2
    assets = {asset.pk: asset for asset in Asset.objects.all()}
    assert sorted(assets) == sorted(output.asset_id for output in outputs if output.asset_id)
    assert sorted(stored_files(member.team_id)) == sorted(str(asset.file.name) for asset in assets.values())
    assert RenderJob.objects.count() == 1
    assert not list(jobs.folder(generation.pk).glob("*.png"))


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the child looks for its parent once a second")
def test_a_killed_lane_takes_its_render_process_with_it(submit: Submit, tmp_path: Path) -> None:
    generation = submit(badge="hang")[0]
    (tmp_path / "while_rendering.kill").touch()
    assert work(BACKLOT_FAULTS=str(tmp_path)) == -signal.SIGKILL
    scratch = str(jobs.folder(generation.pk)).encode()

    def alive() -> list[Path]:
        return [path for path in Path("/proc").glob("[0-9]*/cmdline") if scratch in read(path)]

    until(lambda: not alive(), "the render process to end", 3)


def read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
