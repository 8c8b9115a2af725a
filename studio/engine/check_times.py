"""When an uncertain generation is looked for by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

CHECKS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))
"""After it became uncertain. Later ones are a person's."""


def first(since: datetime) -> datetime:
    return since + CHECKS[0]


def following(since: datetime, now: datetime) -> datetime | None:
    """The next one after `now`; None where all have been."""
    return next((since + after for after in CHECKS if since + after > now), None)
