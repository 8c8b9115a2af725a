"""A real supervisor in a data folder of its own, and what can be seen of its processes from outside."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.wait import until

ROOT = Path(__file__).resolve().parent.parent.parent
PARTS = ("broker", "web", "engine", "long", "render")
START_SECONDS = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(data: Path, port: int, **settings: str) -> dict[str, str]:
    """Nothing of the test run's own settings: a person's machine knows none of them."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, "BACKLOT_DATA": str(data), "PORT": str(port), "DEMO": "0", **settings}


def refused(data: Path, port: int, **settings: str) -> str:
    """Starts it, expects it to refuse, and returns what it said."""
    ended = subprocess.run(
        [sys.executable, "-m", "studio.run"],
        cwd=ROOT,
        env=environment(data, port, **settings),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        check=False,
    )
    assert ended.returncode == 1, ended
    assert "Traceback" not in ended.stderr
    return ended.stderr.strip()


@dataclass
class Running:
    process: subprocess.Popen[bytes]
    data: Path
    port: int
    said_in: Path

    @classmethod
    def start(cls, data: Path, **settings: str) -> Running:
        port = free_port()
        said_in = data.with_name(f"{data.name}.out")
        with said_in.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "studio.run"],
                cwd=ROOT,
                env=environment(data, port, **settings),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        running = cls(process, data, port, said_in)
        until(lambda: "Ready after" in running.said or process.poll() is not None, "the first page", START_SECONDS)
        assert process.poll() is None, running.said
        return running

    @property
    def said(self) -> str:
        return self.said_in.read_text()

    def get(self, path: str) -> tuple[int, str]:
        """Status and body; status 0 when the server does not answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            connection.close()

    def is_healthy(self) -> bool:
        return self.get("/healthz")[0] == 200

    def was_seen(self, lane: str, since: datetime) -> bool:
        """Whether the lane has noted its heartbeat after that moment."""
        with closing(sqlite3.connect(f"file:{self.data}/backlot.sqlite3?mode=ro", uri=True)) as database:
            row = database.execute("SELECT seen_at FROM studio_lanebeat WHERE lane = ?", (lane,)).fetchone()
        return row is not None and datetime.fromisoformat(row[0]).replace(tzinfo=UTC) > since

    def part(self, name: str) -> int | None:
        """The process id of a part; None while it is not running."""
        for pid, (parent, command) in processes().items():
            if parent == self.process.pid and _part_of(command) == name:
                return pid
        return None

    def family(self) -> set[int]:
        """The supervisor and everything below it."""
        everyone = processes()
        found = {self.process.pid}
        while more := {pid for pid, (parent, _) in everyone.items() if parent in found} - found:
            found |= more
        return found

    def interrupt(self) -> None:
        self.process.send_signal(signal.SIGINT)

    def end(self) -> None:
        """For a test's end: politely, then not."""
        if self.process.poll() is None:
            self.interrupt()
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.process.kill()


def _part_of(command: str) -> str:
    if "--unixsocket" in command or "unixsocket:" in command:
        return "broker"
    found = re.search(r"studio\.run --parent=\d+ (?:lane )?(\w+)", command)
    return found[1] if found else ""


def processes() -> dict[int, tuple[int, str]]:
    """Every process that is not a zombie: its parent and its command line."""
    found: dict[int, tuple[int, str]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if state != "Z":
            found[int(folder.name)] = (int(parent), command)
    return found


def left_of(family: set[int]) -> set[int]:
    return family & processes().keys()
