"""kill -9: of each lane at random, and of whoever passes a named point. Counts every death, and when it was."""

from __future__ import annotations

import os
import random
import re
import signal
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from studio.engine import faults

POINTS = tuple(dict.fromkeys((*faults.REMOTE_POINTS, *faults.CANCEL_POINTS, *faults.POINTS, *faults.BRIEF_POINTS)))
LANES = ("engine", "long", "render")
CLEARED_SECONDS = 2.0
"""How long a lane is left alone after it came back, so that it gets something to lose."""
ARMED_AT_ONCE = 4


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


@dataclass
class Kills:
    """wanted: how often each point and each lane is to die. times: of every death, by what died.

    lane_seconds, point_seconds: between two. Without a pause nobody lives long enough to have something to lose.
    """

    folder: Path
    supervisor: int
    wanted: int
    lane_seconds: float
    point_seconds: float
    dice: random.Random
    points: Sequence[str] = POINTS
    counts: Counter[str] = field(default_factory=Counter)
    times: list[tuple[float, str]] = field(default_factory=list)
    _next_lane: float = 0.0
    _next_point: float = 0.0
    _lanes_seen: dict[str, float] = field(default_factory=dict)

    def turn(self) -> None:
        """Notes the deaths at points, arms others, and kills a lane when its time has come."""
        self._note()
        now = time.monotonic()
        if now >= self._next_point:
            self._arm()
            self._next_point = now + self.point_seconds * self.dice.uniform(0.5, 1.5)
        if now >= self._next_lane:
            self._kill_lane()
            self._next_lane = now + self.lane_seconds * self.dice.uniform(0.5, 1.5)

    @property
    def missing(self) -> list[str]:
        return [name for name in (*self.points, *LANES) if self.counts[name] < self.wanted]

    def disarm(self) -> None:
        self._note()
        for path in (*self.folder.glob("*.kill"), *self.folder.glob("*.met")):
            path.unlink(missing_ok=True)

    def _note(self) -> None:
        for met in self.folder.glob("*.met"):
            self.counts[met.stem] += 1
            self.times.append((met.stat().st_ctime, met.stem))
            met.unlink()

    def _arm(self) -> None:
        """Points that need long to be passed stay armed beside the others."""
        armed = {path.stem for path in self.folder.glob("*.kill")}
        open_ = [point for point in self.points if self.counts[point] < self.wanted and point not in armed]
        if open_ and len(armed) < max(ARMED_AT_ONCE, len(self.points) // 3):
            fewest = min(self.counts[point] for point in open_)
            point = self.dice.choice([point for point in open_ if self.counts[point] <= fewest + 2])
            (self.folder / f"{point}.kill").touch()

    def _kill_lane(self) -> None:
        there = parts(self.supervisor)
        now = time.monotonic()
        for lane in LANES:
            self._lanes_seen[lane] = self._lanes_seen.get(lane, now) if lane in there else now
        up = [lane for lane in LANES if lane in there and now - self._lanes_seen[lane] > CLEARED_SECONDS]
        if not up:
            return
        fewest = min(self.counts[lane] for lane in up)
        lane = self.dice.choice([lane for lane in up if self.counts[lane] == fewest])
        try:
            os.kill(self.dice.choice(there[lane]), signal.SIGKILL)
        except ProcessLookupError:
            return
        self.counts[lane] += 1
        self.times.append((time.time(), lane))
