"""kill -9 at random: lanes die again and again while generations are made; afterwards nothing may be lost or doubled.

`python -m bench.crash [--generations 40] [--kill-every 4] [--seed 1]` starts a Backlot of its own and prints one line of JSON. Exit code 1
if anything was lost (a generation without an end, an output without its file) or doubled (two assets for an output, a file without a row).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.server import free_port

VICTIMS = ("engine", "render", "broker", "web")
GIVE_UP_SECONDS = 600.0


@contextmanager
def backlot(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The whole of it in this folder, without the demo; its own words go to a file there."""
    os.environ |= {"BACKLOT_DATA": str(folder / "data"), "PORT": str(free_port()), "DEMO": "0"}
    out = folder / "out"
    with out.open("wb") as file:
        process = subprocess.Popen([sys.executable, "-m", "studio.run"], stdout=file, stderr=file)
    try:
        deadline = time.monotonic() + 60
        while "Ready after" not in out.read_text():
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"Backlot did not start: {out.read_text()}")
            time.sleep(0.1)
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def parts(supervisor: int) -> dict[str, list[int]]:
    """Process ids by part: the part itself and everything below it, as a lane's pool."""
    found: dict[int, tuple[int, str]] = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            state, parent_id = (place / "stat").read_text().rpartition(")")[2].split()[:2]
            command = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if state != "Z":
            found[int(place.name)] = (int(parent_id), command)
    named: dict[str, list[int]] = {}
    for pid, (parent, command) in found.items():
        if parent != supervisor:
            continue
        name = re.search(r"studio\.run --parent=\d+ (?:lane )?(\w+)", command)
        part = name[1] if name else "broker"
        named[part] = [pid, *(below for below, (above, _) in found.items() if above == pid)]
    return named


def submit(count: int) -> None:
    from studio.engine.briefs import submit_brief
    from studio.engine.reach import SystemActor
    from studio.models import Workspace
    from studio.tools import get_tool

    workspace, tool = Workspace.objects.get(), get_tool("static-ad")
    assert tool
    for number in range(count):
        inputs = tool.Inputs.model_validate({"headline": f"Slow mornings, {number}"})
        submit_brief(SystemActor(workspace.team_id), workspace, tool, inputs, f"crash-{number}")


def kill_until_done(supervisor: int, every_seconds: float, chance: random.Random) -> int:
    """Kills one process after the other, until every generation has ended; returns how many died."""
    from studio.models import Generation

    began, kills = time.monotonic(), 0
    while Generation.objects.filter(next_poll_at__isnull=False).exists():
        if time.monotonic() - began > GIVE_UP_SECONDS:
            break
        time.sleep(every_seconds * chance.uniform(0.5, 1.5))
        there = parts(supervisor)
        victims = [name for name in VICTIMS if name in there]
        if victims:
            victim = chance.choice(there[chance.choice(victims)])
            try:
                os.kill(victim, signal.SIGKILL)
            except ProcessLookupError:
                continue
            kills += 1
    return kills


def count_losses(asked: int) -> tuple[dict[str, int], int, int]:
    """Ends by state; what was lost; what was doubled."""
    from django.core.files.storage import default_storage

    from studio.models import ENDED, Asset, Generation, Output, OutputState, Workspace

    states = Counter(Generation.objects.values_list("state", flat=True))
    lost = asked - sum(states[state] for state in ENDED)
    lost += Generation.objects.filter(state="failed", failure_reason="").count()
    lost += Output.objects.filter(state=OutputState.WAITING).count()
    lost += Output.objects.filter(state=OutputState.READY, asset=None).count()
    for asset in Asset.objects.all():
        try:
            with default_storage.open(str(asset.file.name), "rb") as file:
                lost += hashlib.file_digest(file, "sha256").hexdigest() != asset.sha256
        except FileNotFoundError:
            lost += 1
    ready = Output.objects.filter(state=OutputState.READY).count()
    team = str(Workspace.objects.get().team_id)
    originals = [
        name
        for folder in (default_storage.listdir(team)[0] if default_storage.exists(team) else [])
        for name in default_storage.listdir(f"{team}/{folder}")[1]
        if name.startswith("original")
    ]
    doubled = abs(Asset.objects.count() - ready) + abs(len(originals) - ready)
    return dict(states), lost, doubled


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--generations", type=int, default=40)
    options.add_argument("--kill-every", type=float, default=4, metavar="SECONDS")
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="backlot-crash-") as name, backlot(Path(name)) as process:
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        import django

        django.setup()
        began = time.monotonic()
        submit(chosen.generations)
        kills = kill_until_done(process.pid, chosen.kill_every, random.Random(chosen.seed))
        seconds = time.monotonic() - began
        states, lost, doubled = count_losses(chosen.generations)
    facts = {
        "bench": "crash",
        "generations": chosen.generations,
        "completed": states.get("completed", 0),
        "failed": states.get("failed", 0),
        "lost": lost,
        "doubled": doubled,
        "kills": kills,
        "seconds": round(seconds, 1),
    }
    print(json.dumps(facts))
    return 1 if lost or doubled else 0


if __name__ == "__main__":
    sys.exit(main())
