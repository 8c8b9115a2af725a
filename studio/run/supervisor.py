"""The one command: checks, broker, migrations, then web and lanes, kept up until Ctrl-C."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from types import FrameType

from config import where

from . import broker, checks
from .child import Child
from .lanes import LANES
from .logs import EVERYTHING, LOUD, Voice, say
from .problem import StartError
from .processes import WEB_GRACE_SECONDS
from .watchdog import Watchdog, reachable

TICK_SECONDS = 0.1
LANES_WAIT_SECONDS = 4.0
BROKER_GRACE_SECONDS = 5.0


def supervise() -> None:
    """Runs until SIGINT, SIGTERM or SIGHUP. Raises StartError before anything is started if something is wrong."""
    began = time.monotonic()
    checks.prepare_folder(where.DATA_DIR)
    lock = checks.take_lock(where.DATA_DIR, where.own_address())
    listening = checks.listen(where.HOST, where.PORT)
    supervisor = Supervisor(lock, listening, began)
    try:
        supervisor.start()
        supervisor.run()
    finally:
        supervisor.stop()


class Supervisor:
    def __init__(self, lock: checks.Lock, listening: socket.socket, began: float) -> None:
        self._lock = lock
        self._listening = listening
        self._began = began
        self._signals = 0
        self._environment = {**os.environ, "REDIS_URL": where.REDIS_URL, "PYTHONUNBUFFERED": "1"}
        self._watchdog = Watchdog(reachable(where.HOST), where.PORT, lock.token)
        self._broker = self._child("broker", ["broker"], BROKER_GRACE_SECONDS) if where.OWN_BROKER else None
        web = ["web", f"--listening={listening.fileno()}"]
        self._web = self._child("web", web, WEB_GRACE_SECONDS + 2, inherited=(listening.fileno(),))
        self._lanes = [self._child(name, _lane(name), LANES[name].grace_seconds) for name in LANES]
        self._where_to_go = ""
        self._lanes_may_start = False

    def _child(self, name: str, arguments: list[str], grace_seconds: float, inherited: tuple[int, ...] = ()) -> Child:
        # The broker's warnings are advice for large servers; they stay in its log.
        shown = EVERYTHING if where.LOG_LEVEL == "DEBUG" else None if name == "broker" else LOUD
        voice = Voice(name, where.DATA_DIR / "logs", shown=shown)
        return Child(name, arguments, voice, self._environment, grace_seconds=grace_seconds, inherited=inherited)

    def start(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        if self._broker:
            broker.binary()
            self._broker.start()
        self._prepare()
        if self._broker:
            self._wait_for_broker()
        if self._signals:
            return
        self._web.start()
        self._watchdog.start()

    def _prepare(self) -> None:
        """Migrations, static files and the first team, in a process that ends: the supervisor itself stays free of Django."""
        process = subprocess.Popen(
            [sys.executable, "-m", "studio.run", f"--parent={os.getpid()}", "migrate"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self._environment,
            start_new_session=True,
            text=True,
        )
        while True:
            try:
                output, errors = process.communicate(timeout=TICK_SECONDS)
                break
            except subprocess.TimeoutExpired:
                if self._signals:
                    process.terminate()
        if self._signals:
            return
        (where.DATA_DIR / "logs" / "start.log").write_text(output + errors)
        if process.returncode:
            lines = errors.strip().splitlines() or ["The preparation failed without a word."]
            known = lines[-1].startswith("Backlot cannot start. ")
            more = "" if known else f" The whole story is in {where.DATA_DIR / 'logs' / 'start.log'}."
            raise StartError(lines[-1].removeprefix("Backlot cannot start. ") + more)
        self._where_to_go = output.splitlines()[-1]

    def _wait_for_broker(self) -> None:
        deadline = time.monotonic() + broker.START_SECONDS
        while not broker.answers(where.BROKER_SOCKET) and not self._signals:
            if time.monotonic() > deadline:
                raise StartError(f"The embedded broker does not answer. See {where.DATA_DIR / 'logs' / 'broker.log'}.")
            time.sleep(0.02)

    def run(self) -> None:
        announced = False
        while not self._signals:
            for child in self._due():
                if child.is_running and self._watchdog.silent(child.name, child.started_at, child.replaced):
                    say(f"{child.name} is alive but has not been seen at work for a while: replacing it.")
                    child.replace()
                child.keep_up()
            if not announced and self._watchdog.first_answer.is_set():
                announced = True
                say(self._where_to_go)
                say(
                    f"Ready after {time.monotonic() - self._began:.1f} s. Ctrl-C stops it; the data is in {where.DATA_DIR}."
                )
            time.sleep(TICK_SECONDS)

    def _due(self) -> list[Child]:
        """Who should be running. The lanes start after the first page, so that it has the processors to itself; not much later, though."""
        served = self._watchdog.first_answer.is_set() or time.monotonic() - self._web.started_at > LANES_WAIT_SECONDS
        self._lanes_may_start = self._lanes_may_start or served
        broker_first = [self._broker] if self._broker else []
        return [*broker_first, self._web, *(self._lanes if self._lanes_may_start else [])]

    def stop(self) -> None:
        """Web and lanes first, each with its grace, the broker last. A second signal ends everything at once."""
        self._watchdog.stop()
        if self._signals:
            say("\rStopping." if sys.stdout.isatty() else "Stopping.")  # Over the terminal's "^C".
        seen = self._signals
        workers = [self._web, *self._lanes]
        for child in workers:
            child.ask_to_stop()
        asked = time.monotonic()
        while running := [child for child in workers if child.is_running]:
            waited = time.monotonic() - asked
            for child in running:
                if waited > child.grace_seconds or self._signals > max(seen, 1):
                    child.kill()
            time.sleep(TICK_SECONDS / 2)
        for child in workers:
            child.kill()
        if self._broker:
            self._broker.ask_to_stop()
            deadline = time.monotonic() + self._broker.grace_seconds
            while self._broker.is_running and time.monotonic() < deadline:
                time.sleep(TICK_SECONDS / 5)
            self._broker.kill()
        self._listening.close()
        self._lock.file.close()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._signals += 1


def _lane(name: str) -> list[str]:
    return ["lane", name, *(["--beat"] if name == "engine" else [])]
