"""Waiting for a condition, with a deadline: no test sleeps for a guessed time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(condition: Callable[[], T], what: str, seconds: float = 15.0, every: float = 0.02) -> T:
    """The first true value of `condition`; AssertionError naming `what` when there was none in time."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"Waited {seconds:g} s for {what}.")
        time.sleep(every)
