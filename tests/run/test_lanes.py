from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from config.celery import app
from studio.live.health import LANES as JUDGED
from studio.run.lanes import LANES, worker_arguments


def test_the_lanes_that_run_are_the_lanes_that_are_judged() -> None:
    assert tuple(LANES) == JUDGED


@pytest.mark.parametrize("name", LANES)
def test_only_the_engine_has_time_limits_and_cuts_work_when_the_broker_goes(name: str) -> None:
    arguments = " ".join(worker_arguments(LANES[name], Path("/data"), with_beat=False))
    assert ("--time-limit=60" in arguments) == (name == "engine")
    assert ("cancel_long_running_tasks_on_connection_loss" in arguments) == (name == "engine")
    assert "--beat" not in arguments
    assert not app.conf.task_time_limit


def test_every_task_has_a_lane_and_every_bell_has_an_end() -> None:
    import_module("studio.engine.tasks")
    ours = {name for name in app.tasks if name.startswith("studio.")}
    queues = {name: _queue_of(name) for name in ours}
    assert set(queues.values()) <= set(LANES)
    assert queues["studio.engine.tasks.render_beat"] == "render"
    assert queues["studio.engine.tasks.long_beat"] == "long"
    for entry in app.conf.beat_schedule.values():
        assert entry["task"] in ours
        assert entry["options"]["expires"]


def _queue_of(name: str) -> str:
    route = app.amqp.router.route({}, name)
    return str(route["queue"].name)
