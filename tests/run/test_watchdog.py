"""Whom the watchdog takes for silent, and how its patience grows."""

from __future__ import annotations

import time

from studio.run.watchdog import MOST_DOUBLINGS, PATIENCE_SECONDS, SILENT_SECONDS, Watchdog


def watchdog(**ages: float) -> Watchdog:
    made = Watchdog("127.0.0.1", 1, "token", lane_ages=ages)
    made.first_answer.set()
    return made


def started(seconds_ago: float) -> float:
    return time.monotonic() - seconds_ago


def test_a_lane_is_judged_after_its_start_by_when_it_was_seen() -> None:
    assert watchdog(render=SILENT_SECONDS + 1).silent("render", started(PATIENCE_SECONDS + 1))
    assert not watchdog(render=SILENT_SECONDS - 1).silent("render", started(PATIENCE_SECONDS + 1))
    assert not watchdog(render=SILENT_SECONDS + 1).silent("render", started(PATIENCE_SECONDS - 5))
    assert watchdog().silent("render", started(PATIENCE_SECONDS + 1)), "Never seen at all."


def test_each_replacement_doubles_the_patience_up_to_an_end() -> None:
    late = watchdog(render=SILENT_SECONDS * 1.5)
    assert late.silent("render", started(PATIENCE_SECONDS * 3), replaced=0)
    assert not late.silent("render", started(PATIENCE_SECONDS * 3), replaced=1)
    gone = watchdog(render=SILENT_SECONDS * 1.5 * 2**MOST_DOUBLINGS)
    assert not gone.silent("render", started(PATIENCE_SECONDS * 2**MOST_DOUBLINGS - 5), replaced=40)
    assert gone.silent("render", started(PATIENCE_SECONDS * 2**MOST_DOUBLINGS + 5), replaced=40)


def test_while_the_web_process_says_nothing_only_it_is_judged() -> None:
    deaf = watchdog(render=SILENT_SECONDS * 10)
    deaf.unanswered = 4
    assert not deaf.silent("render", started(1000))
    assert deaf.silent("web", started(1000))
