"""Is Backlot at work? The lanes' heartbeats, the broker and the database, for `/healthz`, the banner and the watchdog."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

import redis
from django.conf import settings
from django.core.cache import cache as local_cache
from django.db import DatabaseError
from django.utils import timezone

from studio.models import LaneBeat

LANES = ("engine", "long", "render")
SEEN_WITHIN = timedelta(seconds=30)
TROUBLE_KEY, TROUBLE_SECONDS = "health:lane_troubles", 5

WHAT_WAITS = {
    "engine": "New results wait; nothing is lost.",
    "long": "Long calls wait; nothing is lost.",
    "render": "New ads wait; nothing is lost.",
}


def lane_ages() -> dict[str, float]:
    """Seconds since each lane was seen; a lane that never was is left out. One query."""
    now = timezone.now()
    return {row.lane: max(0.0, (now - row.seen_at).total_seconds()) for row in LaneBeat.objects.all()}


@dataclass(frozen=True, slots=True)
class Health:
    """lanes: seconds since each was seen. queues: waiting messages; empty when the broker is away."""

    database: bool
    broker: bool
    lanes: dict[str, float]
    queues: dict[str, int]

    @property
    def status(self) -> str:
        """`ok`; `starting` while a lane has not been seen at all; `degraded` when something that worked does not."""
        if self.database and self.broker:
            if all(self.lanes.get(lane, float("inf")) <= SEEN_WITHIN.total_seconds() for lane in LANES):
                return "ok"
            if any(lane not in self.lanes for lane in LANES):
                return "starting"
        return "degraded"

    def details(self) -> dict[str, Any]:
        disk = shutil.disk_usage(settings.DATA_DIR)
        return {
            "database": self.database,
            "broker": self.broker,
            "lanes": {lane: round(age, 1) for lane, age in self.lanes.items()},
            "queues": self.queues,
            "disk_free_bytes": disk.free,
        }


def look() -> Health:
    try:
        lanes, database = lane_ages(), True
    except DatabaseError:
        lanes, database = {}, False
    queues = _queues()
    return Health(database, queues is not None, lanes, queues or {})


@cache
def _broker() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1)


def _queues() -> dict[str, int] | None:
    """Messages waiting per lane; None when the broker does not answer."""
    try:
        with _broker().pipeline(transaction=False) as pipeline:
            for lane in LANES:
                pipeline.llen(lane)
            return {lane: int(length) for lane, length in zip(LANES, pipeline.execute(), strict=True)}
    except (redis.RedisError, OSError):
        return None


@dataclass(frozen=True, slots=True)
class LaneTrouble:
    lane: str
    sentence: str


def lane_troubles() -> list[LaneTrouble]:
    """The lanes that were at work and have not been seen for a while, for the banner. One query, kept for a few seconds."""
    known: list[LaneTrouble] | None = local_cache.get(TROUBLE_KEY)
    if known is None:
        ages = lane_ages()
        known = [
            LaneTrouble(lane, f"The {lane} lane has not been seen for {_ago(ages[lane])}. {WHAT_WAITS[lane]}")
            for lane in LANES
            if ages.get(lane, 0.0) > SEEN_WITHIN.total_seconds()
        ]
        local_cache.set(TROUBLE_KEY, known, TROUBLE_SECONDS)
    return known


def _ago(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.0f} h"
