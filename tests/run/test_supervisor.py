"""The one command, for real: start, second start, killed parts, and no process left behind."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from studio.run.lanes import LANES
from tests.wait import until

from .running import PARTS, Running, left_of, refused


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running.start(tmp_path_factory.mktemp("studio") / "data")
    yield running
    running.end()


def test_it_says_where_to_go(running: Running) -> None:
    line = re.search(r"^Open http://127\.0\.0\.1:(\d+)(/welcome/[\w-]+)$", running.said, re.MULTILINE)
    assert line, running.said
    assert int(line[1]) == running.port
    assert running.get(line[2])[0] == 200


def test_it_becomes_healthy(running: Running) -> None:
    until(running.is_healthy, "every lane to be seen", 60)
    assert running.get("/healthz")[1] == '{"status": "ok"}'


def test_a_second_start_says_where_the_first_one_is(running: Running) -> None:
    said = refused(running.data, running.port)
    assert said == f"Backlot is already running at http://127.0.0.1:{running.port} (pid {running.process.pid})."


def test_another_folder_on_the_same_port_is_told_which_setting_to_change(running: Running, tmp_path: Path) -> None:
    said = refused(tmp_path / "other", running.port)
    assert f"Port {running.port} is in use" in said
    assert f"PORT={running.port + 1}" in said


def test_its_secrets_are_for_its_owner_alone(running: Running) -> None:
    for name in ("up.lock", "secret_key"):
        assert (running.data / name).stat().st_mode & 0o077 == 0
    assert running.data.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", PARTS)
def test_a_killed_part_comes_back(running: Running, name: str) -> None:
    before = until(lambda: running.part(name), f"{name} to run", 45)
    assert before
    os.kill(before, signal.SIGKILL)
    until(lambda: running.part(name) not in (None, before), f"{name} to come back", 45)
    back = datetime.now(UTC)
    for lane in LANES if name == "broker" else (name,) if name in LANES else ():
        until(partial(running.was_seen, lane, back), f"{lane} to be at work again", 60)
    until(running.is_healthy, "everything to be well", 60)
    assert f"{name} stopped (killed by SIGKILL)" in running.said


def test_ctrl_c_leaves_no_process(running: Running) -> None:
    """The last test of the shared one."""
    family = running.family()
    assert len(family) >= len(PARTS) + 1
    running.interrupt()
    assert running.process.wait(timeout=30) == 0
    assert not left_of(family)
    assert running.said.rstrip().splitlines()[-1].strip() == "Stopping."
    assert "Traceback" not in running.said


def test_killing_the_supervisor_ends_everything_and_it_starts_again(tmp_path: Path) -> None:
    first = Running.start(tmp_path / "data")
    family = first.family()
    first.process.kill()
    first.process.wait()
    until(lambda: not left_of(family), "every process to end", 30)
    second = Running.start(tmp_path / "data")
    second.end()
    assert second.process.returncode == 0


def test_a_deep_folder_has_its_broker_elsewhere(tmp_path: Path) -> None:
    running = Running.start(tmp_path / ("deep" * 40))
    try:
        until(running.is_healthy, "every lane to be seen", 60)
        assert not (running.data / "broker.sock").exists()
    finally:
        running.end()
    assert running.process.returncode == 0


def test_two_signals_end_it_at_once(tmp_path: Path) -> None:
    running = Running.start(tmp_path / "data")
    family = running.family()
    running.interrupt()
    until(lambda: "Stopping." in running.said, "the first signal to be heard")
    running.interrupt()
    assert running.process.wait(timeout=10) == 0
    assert not left_of(family)
