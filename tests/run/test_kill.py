"""kill -9 on every part of a running Backlot, at every moment that matters: whatever was asked for ends, and nothing is lost or doubled.

The moments are the points of studio/engine/faults.py: a process is held (or killed) exactly there. A generation is
queued at `before_commit_submit`, submitting at `after_commit_submit` and `after_send`, running at `while_rendering` and `…_commit_render`,
collecting at `collecting_…`; the local renderer never prepares.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from studio.engine.faults import POINTS
from tests.conftest import ON_POSTGRES
from tests.wait import until

from .running import ROOT, Running, environment, left_of

MOMENTS = (
    ("before_commit_submit", "while_rendering", "collecting_before_file"),
    ("after_commit_submit", "before_commit_render", "collecting_before_row"),
    ("after_send", "after_commit_render", "collecting_after_row"),
)
"""Three at once: the engine lane has two processes and the render lane one, so all of them can be held together."""


@dataclass
class Place:
    """A Backlot that is killed and started again, and a desk at its database."""

    folder: Path
    settings: dict[str, str]
    nonces: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.faults = self.folder / "faults"
        self.faults.mkdir()
        self.settings = {**self.settings, "BACKLOT_FAULTS": str(self.faults)}
        self.start()
        self.desk = subprocess.Popen(
            [sys.executable, "-m", "tests.run.desk"],
            cwd=ROOT,
            env={**environment(self.running.data, 1, **self.settings), "DJANGO_SETTINGS_MODULE": "config.settings"}
            | {"BACKLOT_FAULTS": ""},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self) -> None:
        self.running = Running.start(self.folder / "data", **self.settings)

    def ask(self, do: str, **arguments: object) -> Any:
        assert self.desk.stdin
        assert self.desk.stdout
        print(json.dumps({"do": do, **arguments}), file=self.desk.stdin, flush=True)
        answer = self.desk.stdout.readline()
        assert answer, f"The desk broke at {do}."
        return json.loads(answer)

    def new_nonce(self) -> str:
        self.nonces.append(uuid.uuid4().hex)
        return self.nonces[-1]

    def submit(self, **inputs: object) -> None:
        self.ask("submit", nonce=self.new_nonce(), **inputs)

    def arm(self, point: str, how: str) -> None:
        (self.faults / f"{point}.met").unlink(missing_ok=True)
        (self.faults / f"{point}.{how}").touch()

    def wait_for(self, point: str) -> None:
        met = self.faults / f"{point}.met"
        until(lambda: met.exists() or self.running.process.poll() is not None, f"somebody to pass {point}", 40)
        assert self.running.process.poll() is None, self.running.said

    def hold(self, moment: tuple[str, str, str]) -> None:
        """Three generations and a queue behind them: each of the three is held at its point, from the last on its way to the first."""
        for point in reversed(moment):
            self.arm(point, "hold")
            self.submit()
            self.wait_for(point)

    def let_go(self) -> None:
        for file in self.faults.iterdir():
            file.unlink()

    def kill(self, name: str) -> None:
        pid = until(lambda: self.running.part(name), f"{name} to run", 40)
        assert pid
        os.kill(pid, signal.SIGKILL)
        until(lambda: self.running.part(name) != pid, f"{name} to end")

    def kill_supervisor(self) -> set[int]:
        """Returns the ids of the processes that were below it."""
        family = self.running.family()
        self.running.process.kill()
        self.running.process.wait()
        return family

    def kill_everything(self) -> None:
        """As a power cut. The supervisor goes first, so that it starts nothing again."""
        family = self.kill_supervisor()
        for pid in left_of(family):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        until(lambda: not left_of(family), "every process to end", 30)

    def is_idle(self) -> bool:
        assert self.running.process.poll() is None, self.running.said
        return not self.ask("under_way")

    def check(self) -> None:
        """Everything has ended well, and all that is stored belongs to what was asked for."""
        assert self.ask("wrongs", nonces=self.nonces) == []
        assert self.ask("states") == {"completed": sum(self.ask("states").values())}

    def end(self) -> None:
        self.let_go()
        self.running.end()
        assert self.desk.stdin
        self.desk.stdin.close()
        self.desk.wait(10)
        assert self.desk.stdout
        self.desk.stdout.close()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    place = Place(tmp_path_factory.mktemp("kill"), dict(_database()))
    yield place
    place.end()


def _database() -> Iterator[tuple[str, str]]:
    """On PostgreSQL: a new database beside the one of the other tests."""
    if not ON_POSTGRES:
        return
    import psycopg

    address, name = os.environ["BACKLOT_TEST_DATABASE_URL"], f"kill_{uuid.uuid4().hex}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    parts = urlsplit(address)
    # Put together by hand: an address of a socket has no host, and urlunsplit would drop its "//".
    yield "DATABASE_URL", f"{parts.scheme}://{parts.netloc}/{name}?{parts.query}"


def ended(place: Place, seconds: float = 60) -> None:
    """Waits for the end. A dead worker's lease lasts a minute: where one holds work up, its time passes now."""
    waited = [0]

    def is_idle() -> bool:
        waited[0] += 1
        if waited[0] % 25 == 0:
            place.ask("let_leases_end")
        return place.is_idle()

    until(is_idle, f"every generation to end: {place.ask('states')}", seconds, every=0.1)


def test_a_process_of_a_lane_killed_at_each_point(place: Place) -> None:
    for point in POINTS:
        place.arm(point, "kill")
    for _ in range(3):
        place.submit(count=2)
    ended(place)
    assert [point for point in POINTS if not (place.faults / f"{point}.met").exists()] == []
    place.check()


@pytest.mark.database
@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: moment[0])
def test_both_lanes_killed_at_each_state(place: Place, moment: tuple[str, str, str]) -> None:
    place.hold(moment)
    place.kill("engine")
    place.kill("render")
    place.let_go()
    ended(place)
    place.check()


def test_the_broker_killed_at_each_state(place: Place) -> None:
    place.hold(MOMENTS[1])
    place.kill("broker")
    place.submit()
    place.let_go()
    ended(place)
    place.check()


@pytest.mark.database
@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: moment[0])
def test_everything_killed_at_each_state(place: Place, moment: tuple[str, str, str]) -> None:
    """Nobody lets the leases' time pass here on SQLite: the next start frees what the dead held."""
    place.hold(moment)
    place.submit()
    place.kill_everything()
    place.let_go()
    place.start()
    if ON_POSTGRES:
        ended(place)
    else:
        until(place.is_idle, f"every generation to end: {place.ask('states')}", 40, every=0.1)
    place.check()


def test_the_supervisor_alone_killed_and_started_again_at_once(place: Place) -> None:
    """The old lanes are still busy when the new ones come: their leases hold, and whoever is late writes nothing."""
    place.hold(MOMENTS[1])
    family = place.kill_supervisor()
    place.start()
    place.let_go()
    ended(place)
    until(lambda: not left_of(family), "the old lanes to end", 60)
    place.check()


def press(place: Place, nonce: str) -> int:
    """The form's button, without script. The status; 0 when the server broke off."""
    cookies = {**place.ask("sign_in"), "backlot_csrf": "c" * 32}
    body = {"csrfmiddlewaretoken": "c" * 32, "nonce": nonce, "headline": "Slow mornings", "aspect_ratio": "4:5"}
    return post(place, cookies, body)


def post(place: Place, cookies: dict[str, str], body: dict[str, str]) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", place.running.port, timeout=30)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
    }
    try:
        connection.request("POST", "/create/static-ad/", urlencode(body), headers)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


@pytest.mark.parametrize("point", ["before_commit_brief", "after_commit_brief"])
def test_the_web_process_killed_while_it_takes_a_brief(place: Place, point: str) -> None:
    nonce = place.new_nonce()
    place.arm("collecting_before_row", "hold")
    place.submit()
    place.wait_for("collecting_before_row")
    place.arm(point, "kill")
    assert press(place, nonce) == 0
    until(lambda: place.running.is_healthy(), "web to be back", 40)
    assert press(place, nonce) == 302
    place.let_go()
    ended(place)
    place.check()


def test_fifty_presses_at_once_are_one_brief(place: Place) -> None:
    nonce = place.new_nonce()
    cookies, statuses = {**place.ask("sign_in"), "backlot_csrf": "c" * 32}, list[int]()
    body = {"csrfmiddlewaretoken": "c" * 32, "nonce": nonce, "headline": "Slow mornings", "aspect_ratio": "4:5"}
    threads = [threading.Thread(target=lambda: statuses.append(post(place, cookies, body))) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert statuses == [302] * 50
    ended(place)
    place.check()
