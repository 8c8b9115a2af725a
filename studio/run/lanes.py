"""The lanes of workers, each with what it needs of Celery. They never wait for each other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Lane:
    """name: its queue, too. options: for `celery worker`. grace_seconds: how long it may finish what it does when it is asked to stop."""

    name: str
    options: tuple[str, ...]
    grace_seconds: float


LANES: dict[str, Lane] = {
    lane.name: lane
    for lane in (
        # The limits stand here, not in the settings: they hold for this lane alone. Its tasks are short and leased, so
        # cutting them when the broker is lost is right; the other lanes' work is never cut.
        Lane(
            "engine",
            ("--pool=prefork", "--concurrency=2", "--soft-time-limit=50", "--time-limit=60"),
            grace_seconds=10,
        ),
        # Paid calls of minutes: the HTTP time-out bounds them, and ending one early may lose what was paid for.
        Lane("long", ("--pool=threads", "--concurrency=8"), grace_seconds=300),
        # A render is free and is rendered again, so stopping need not wait for it.
        Lane("render", ("--pool=prefork", "--concurrency=1"), grace_seconds=3),
    )
}


def worker_arguments(lane: Lane, data_dir: Path, *, with_beat: bool) -> list[str]:
    """The `celery` command line of a lane. with_beat: this lane also rings the bells; only where no `beat` process runs."""
    arguments = [
        *("--app=config.celery", "--quiet", "worker", f"--queues={lane.name}", f"--hostname={lane.name}@%h"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel=INFO", *lane.options),
    ]
    if with_beat:
        arguments += ["--beat", f"--schedule={data_dir / 'beat-schedule'}"]
    if lane.name == "engine":
        arguments += ["--", "worker.cancel_long_running_tasks_on_connection_loss=yes"]
    return arguments


def beat_arguments(data_dir: Path) -> list[str]:
    return [
        "--app=config.celery",
        "--quiet",
        "beat",
        f"--schedule={data_dir / 'beat-schedule'}",
        "--pidfile=",
        "--loglevel=INFO",
    ]
