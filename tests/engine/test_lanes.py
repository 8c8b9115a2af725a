"""Real lanes on a real broker, and kill -9 on each of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from studio.models import Asset, Generation, LaneBeat, Membership, Output, RenderJob, RenderState, State
from studio.providers.local import jobs
from studio.run import broker
from studio.run.lanes import LANES, worker_arguments
from tests.engine.conftest import Submit
from tests.engine.test_crashes import environment, let_leases_end
from tests.wait import until

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("member")]

LANE_IS_LATE = timedelta(seconds=30)

Start = Callable[[str], subprocess.Popen[bytes]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts `broker` or a lane by name; everything is ended afterwards."""
    with tempfile.TemporaryDirectory(prefix="backlot-lanes-") as name:
        folder = Path(name)
        socket = folder / "broker.sock"
        env = environment(REDIS_URL=f"unix://{socket}", LOG_LEVEL="ERROR")
        running: list[subprocess.Popen[bytes]] = []

        def begin(what: str) -> subprocess.Popen[bytes]:
            if what == "broker":
                socket.unlink(missing_ok=True)
                command = broker.arguments(socket)
            else:
                arguments = worker_arguments(LANES[what], folder, with_beat=what == "engine")
                celery = ["--app=tests.engine.lanes" if it.startswith("--app=") else it for it in arguments]
                command = [sys.executable, "-m", "celery", *celery]
            process = subprocess.Popen(
                command,
                cwd=settings.BASE_DIR,
                env=env,
                start_new_session=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            running.append(process)
            if what == "broker":
                until(lambda: broker.answers(socket), "the broker")
            return process

        try:
            yield begin
        finally:
            for process in reversed(running):
                kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """kill -9 on the process and all that it started in its session."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def all_ended() -> bool:
    return not Generation.objects.filter(next_poll_at__isnull=False).exists()


def test_lanes_survive_the_death_of_each_other_and_of_the_broker(submit: Submit, start: Start) -> None:
    server = start("broker")
    engine, render = start("engine"), start("render")
    [generation] = submit(badge="hang once")
    until(lambda: (jobs.folder(generation.pk) / "hung").exists(), "the render to start", 40)
    kill(render)
    kill(server)
    kill(engine)
    assert RenderJob.objects.get().state == RenderState.RUNNING
    more = submit(aspect_ratio=["1:1", "4:5", "9:16", "16:9"], count=2)
    let_leases_end()
    for what in ("broker", "engine", "render"):
        start(what)
    until(all_ended, "every generation to end", 40)
    assert set(Generation.objects.values_list("state", flat=True)) == {State.COMPLETED}
    assert Output.objects.count() == 1 + 2 * len(more) == Asset.objects.count()
    assert RenderJob.objects.get(pk=generation.pk).attempts == 2


def test_a_quick_brief_is_done_in_seconds_and_the_lanes_are_seen(
    submit: Submit, start: Start, member: Membership
) -> None:
    for what in ("broker", "engine", "render"):
        start(what)
    until(lambda: LaneBeat.objects.count() >= 2, "both lanes to be seen", 40)
    began = time.monotonic()
    submit()
    until(all_ended, "the end", 15)
    assert time.monotonic() - began < 6
    assert {beat.lane for beat in LaneBeat.objects.filter(seen_at__gt=timezone.now() - LANE_IS_LATE)} >= {
        "engine",
        "render",
    }
