"""Never pay twice, never lose a result: a whole Backlot against three scripted services, while everything goes wrong.

`python -m bench.crash [--generations 2000] [--points 20] [--rate 1.2] [--seconds 3600] [--seed 1]` submits briefs of many tools at a
steady rate (slower where the machine does not keep up). Meanwhile the services lose answers, stumble, forget and babble, and lanes die by
kill -9 at random and at every named point. It goes on until every kind of fault happened and every point and lane was killed `--points`
times. Then it is left alone for two minutes, and the services' books are held against our rows. Exit code 1, with a sentence for each
promise that was broken.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench import crash_checks as checks
from bench.crash_briefs import Presser
from bench.crash_kills import POINTS, Kills
from bench.crash_plan import KEYS, PHOTOS, Given, Planned, planned
from bench.crash_services import KINDS, service
from bench.server import free_port
from tests.upstreams.common import Far
from tests.upstreams.media import mp3, png

SETTLE_SECONDS = 120.0
SETTLED = ("completed", "failed", "canceled", "uncertain")
HURRY_AFTER = 8.0
FORGET_EVERY = 12.0
EXPIRE_EVERY = 15.0
BASE = {"influencer_studio": "/api/v1", "videotok": "/api/v1", "videogen": ""}


@contextmanager
def backlot(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The whole of it in this folder, without the demo; its own words go to a file there."""
    out = folder / "out"
    with out.open("wb") as file:
        process = subprocess.Popen([sys.executable, "-m", "studio.run"], stdout=file, stderr=file)
    try:
        deadline = time.monotonic() + 180
        while "Ready after" not in out.read_text():
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"Backlot did not start: {out.read_text()}")
            time.sleep(0.1)
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)
            process.wait()


def settle_in(services: dict[str, Far], folder: Path) -> Path:
    """Somebody who presses, connections, photos and a recording that one service can fetch already, and an influencer that it knows. Returns
    where their ids stand."""
    from django.utils import timezone

    from studio.engine import secrets
    from studio.media.ingest import ingest_result
    from studio.models import Connection, Influencer, InfluencerPhoto, Readiness, RemoteCopy, User, Workspace

    User.objects.create(email="nora@example.com", name="Nora")
    workspace = Workspace.objects.select_related("team").get()
    made = {
        provider: Connection.objects.create(
            team=workspace.team,
            provider=provider,
            key=secrets.conceal(KEYS[provider]),
            last4=KEYS[provider][-4:],
            base_url=far.url + BASE[provider],
            facts={"unlimited": True},
        )
        for provider, far in services.items()
    }
    studio, far = made["influencer_studio"], services["influencer_studio"]

    def known(kind: str, object_kind: str, object_id: Any, remote_id: str) -> None:
        expires = {"expires_at": (timezone.now() + timedelta(days=2)).isoformat()} if kind == "url" else {}
        RemoteCopy.objects.create(
            team=workspace.team, connection=studio, object_kind=object_kind, object_id=object_id, kind=kind,
            remote_id=remote_id, data=expires, seen_at=timezone.now(),
        )  # fmt: skip

    photos = []
    for number in range(PHOTOS):
        path = folder / f"photo-{number}.png"
        path.write_bytes(png(f"photo-{number}"))
        asset = ingest_result(team=workspace.team, workspace=workspace, path=path, original_name=path.name)
        known("url", "asset", asset.pk, f"{far.url}/media/photo-{number}.png")
        photos.append(asset)
    person = Influencer.objects.create(
        team=workspace.team, name="Ada Rivers", readiness=Readiness.READY, face=photos[0]
    )
    InfluencerPhoto.objects.create(influencer=person, asset=photos[0], position=0)
    known("influencer", "influencer", person.pk, far.own_influencer())
    path = folder / "lina.mp3"
    path.write_bytes(mp3("lina"))
    recording = ingest_result(team=workspace.team, workspace=workspace, path=path, original_name=path.name)
    known("url", "asset", recording.pk, f"{far.url}/media/lina.mp3")
    given = Given(photos=[str(it.pk) for it in photos], person=str(person.pk), recording=str(recording.pk))
    place = folder / "facts.json"
    place.write_text(json.dumps({"workspace": str(workspace.pk), **given}))
    return place


class Storm:
    """Submits, faults, kills, cancels: one turn of each, again and again, until enough has happened."""

    def __init__(self, chosen: argparse.Namespace, services: dict[str, Far], kills: Kills, presser: Presser) -> None:
        self.chosen, self.services, self.kills, self.presser = chosen, services, kills, presser
        self.dice = random.Random(chosen.seed)
        self.plans: list[Planned] = []
        self.cancels: list[tuple[float, Planned]] = []
        self.canceled: set[str] = set()
        self.uncertain: set[str] = set()
        self.faults: Counter[str] = Counter()
        self.under_way = 0
        self.began = time.monotonic()
        self._next_brief = 0.0
        self._due = {"look": 0.0, "forget": FORGET_EVERY, "expire": EXPIRE_EVERY, "say": 30.0, "copies": 1.0}

    @property
    def age(self) -> float:
        return time.monotonic() - self.began

    def run(self) -> None:
        """Beyond the asked number it goes on as long as some kind or point came too seldom and there is time."""
        while self.age < self.chosen.seconds and (len(self.plans) < self.chosen.generations or self._is_missing()):
            if self._may_submit():
                self._submit()
            else:
                time.sleep(0.05)
            self.kills.turn()
            self._cancel()
            self._from_time_to_time()

    def _may_submit(self) -> bool:
        """At the asked rate, as long as the machine keeps up with it."""
        now = self.age
        if now < self._next_brief or self.under_way >= self.chosen.at_once:
            return False
        self._next_brief = max(self._next_brief + 1 / self.chosen.rate, now - 1)
        return True

    def missing(self) -> list[str]:
        return [kind for kind in KINDS if self.faults[kind] < self.chosen.points] + self.kills.missing

    def _is_missing(self) -> bool:
        return bool(self.missing())

    def _submit(self) -> None:
        plan = planned(self.chosen.seed, len(self.plans))
        self.presser.press(plan.number)
        self.plans.append(plan)
        if plan.cancel_after is not None:
            self.cancels.append((time.monotonic() + plan.cancel_after, plan))

    def _cancel(self) -> None:
        from studio.engine.cancel import cancel
        from studio.engine.reach import SystemActor
        from studio.models import Generation

        now = time.monotonic()
        due = [plan for at, plan in self.cancels if at <= now]
        self.cancels = [(at, plan) for at, plan in self.cancels if at > now]
        for plan in due:
            row = Generation.objects.get(brief__nonce=plan.nonce)
            cancel(row, SystemActor(row.team_id))
            self.canceled.add(plan.mark)

    def _is_time(self, what: str, every: float) -> bool:
        if self.age < self._due[what]:
            return False
        self._due[what] = self.age + every
        return True

    def _from_time_to_time(self) -> None:
        from studio.models import RemoteCopy

        if self._is_time("look", 2.0):
            self.look()
        if self.faults["forgotten"] < max(self.chosen.points, 1) and self._is_time("forget", FORGET_EVERY):
            for name in ("influencer_studio", "videogen"):
                self.services[name].forget_one()
        if self._is_time("expire", EXPIRE_EVERY):
            for far in self.services.values():
                far.expire_all()
        if self._is_time("copies", 1.0):
            # As if the service had thrown a file away: it is given again, free of charge.
            copies = RemoteCopy.objects.filter(kind="file", connection__provider="videogen", object_kind="asset")
            RemoteCopy.objects.filter(pk__in=list(copies.order_by("seen_at").values_list("pk", flat=True)[:2])).delete()
        if self._is_time("say", 30.0):
            self.say()

    def look(self) -> None:
        from studio.models import Generation

        self.uncertain |= set(Generation.objects.filter(state="uncertain").values_list("brief__nonce", flat=True))
        self.under_way = Generation.objects.exclude(state__in=SETTLED).count()
        self.faults = Counter()
        for far in self.services.values():
            self.faults.update(far.counts())

    def say(self) -> None:
        from django.db.models import Count

        from studio.models import Generation

        states = dict(Generation.objects.values_list("state").annotate(Count("id")))
        seldom = self.missing()
        words = ", ".join(seldom[:6]) + (f" and {len(seldom) - 6} more" if len(seldom) > 6 else "")
        print(f"{self.age:5.0f} s: {len(self.plans)} briefs {states}; too seldom: {words}", file=sys.stderr, flush=True)


def wait_until_settled(storm: Storm, short: bool) -> float:
    """Everything has ended or is uncertain, and looking for what was lost had its time; how long that took."""
    from django.utils import timezone

    from studio.models import Generation

    began = time.monotonic()
    until = timezone.now() + timedelta(seconds=SETTLE_SECONDS)
    while (age := time.monotonic() - began) < SETTLE_SECONDS:
        storm.look()
        under_way = Generation.objects.exclude(state__in=SETTLED)
        uncertain = Generation.objects.filter(state="uncertain", provider="videogen")
        if not under_way.exists() and not uncertain.filter(next_poll_at__lte=until).exists():
            break
        if short and age > HURRY_AFTER:
            # By now nobody waits for an answer: leases of the dead end at once, and what is uncertain is looked for.
            Generation.objects.filter(lease_until__gt=timezone.now()).update(lease_until=timezone.now())
            under_way.update(next_poll_at=timezone.now())
            uncertain.filter(next_poll_at__lte=until).update(next_poll_at=timezone.now())
            time.sleep(4)
        time.sleep(1)
    storm.say()
    return time.monotonic() - began


def run(chosen: argparse.Namespace, folder: Path, stack: ExitStack) -> int:
    services = {name: stack.enter_context(service(name, key)) for name, key in KEYS.items()}
    points = folder / "points"
    points.mkdir()
    os.environ |= {
        "BACKLOT_DATA": str(folder / "data"),
        "BACKLOT_PRIVATE_HOSTS": ",".join(urlsplit(far.url).netloc for far in services.values()),
        "PORT": str(free_port()),
        "DEMO": "0",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    armed = {"BACKLOT_FAULTS": str(points)}
    os.environ |= armed
    process = stack.enter_context(backlot(folder))
    del os.environ["BACKLOT_FAULTS"]  # This very process shall live.
    import django

    django.setup()
    facts = settle_in(services, folder)
    presser = stack.enter_context(Presser(chosen.seed, facts, armed))
    pauses = (chosen.lane_seconds, chosen.point_seconds)
    kills = Kills(points, process.pid, chosen.points, *pauses, random.Random(chosen.seed), POINTS)
    storm = Storm(chosen, services, kills, presser)
    for number, far in enumerate(services.values()):
        far.rage(seed=chosen.seed + number, scale=chosen.scale)
    storm.run()
    storm_seconds = storm.age
    kills.disarm()
    for far in services.values():
        far.calm()
    settled = wait_until_settled(storm, chosen.short)
    books = {name: far.books() for name, far in services.items()}
    return report(chosen, storm, books, storm_seconds, settled)


def report(chosen: argparse.Namespace, storm: Storm, books: dict[str, Any], seconds: float, settled: float) -> int:
    stories = checks.tell(storm.plans, books, storm.kills.times, storm.uncertain)
    for story in stories:
        story.canceled = story.plan.mark in storm.canceled
    broken = checks.broken(stories)
    if storm.missing() and not chosen.short:
        broken.append(f"Too seldom within the time (less than {chosen.points} times): {', '.join(storm.missing())}.")
    providers = checks.figures(stories)
    for name, row in providers.items():
        print(f"{name:18}" + "  ".join(f"{what} {number}" for what, number in row.items()))
    print("faults  " + ", ".join(f"{kind} {storm.faults[kind]}" for kind in KINDS))
    print("kills   " + ", ".join(f"{name} {count}" for name, count in sorted(storm.kills.counts.items())))
    for sentence in broken:
        print(sentence)
    alone, calm = checks.unambiguous(stories), checks.unfaulted(stories)
    facts = {
        "bench": "crash",
        "generations": len(stories),
        "providers": providers,
        "unambiguous": len(alone),
        "reconciled": sum(it.state != "uncertain" for it in alone),
        "unfaulted": len(calm),
        "unfaulted_completed": sum(it.state == "completed" for it in calm),
        "faults": sum(storm.faults.values()),
        "kills": sum(storm.kills.counts.values()),
        "seconds": round(seconds, 1),
        "settled_after": round(settled, 1),
        "broken": len(broken),
    }
    print(json.dumps(facts))
    return 1 if broken else 0


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--generations", type=int, default=2000)
    options.add_argument("--points", type=int, default=20, help="how often each kind, point and lane, at least")
    options.add_argument("--rate", type=float, default=1.2, help="briefs a second")
    options.add_argument("--at-once", type=int, default=200, help="no new brief while so many are under way")
    options.add_argument("--seconds", type=float, default=3600, help="the storm ends then, whatever is missing")
    options.add_argument(
        "--lane-seconds",
        type=float,
        default=25,
        help="between two kills of lanes; the supervisor waits longer the sooner one dies again",
    )
    options.add_argument("--point-seconds", type=float, default=4, help="between two deaths at named points")
    options.add_argument("--scale", type=float, default=1, help="how often the services do wrong")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument(
        "--short", action="store_true", help="for tests: nothing waits to come due, nor must all have happened"
    )
    options.add_argument("--keep", action="store_true", help="leave the data folder there")
    chosen = options.parse_args()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit("Stopped."))  # Whatever was started is ended with it.
    folder = Path(tempfile.mkdtemp(prefix="backlot-crash-"))
    with ExitStack() as stack:
        if chosen.keep:
            print(f"The data is in {folder}.", file=sys.stderr)
        else:
            stack.enter_context(_removed(folder))
        return run(chosen, folder, stack)


@contextmanager
def _removed(folder: Path) -> Iterator[None]:
    import shutil

    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
