"""When something that was paid cannot be fetched now: it is tried again, for a day."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from studio.models import Generation

GIVE_UP = timedelta(hours=24)
"""So long a file that was paid is asked for, whatever its host says."""


class Postponed(Exception):
    """Not now: what waits is fetched later."""

    def __init__(self, seconds: float | None = None) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def is_old(generation: Generation) -> bool:
    return timezone.now() - (generation.started_at or generation.created_at) > GIVE_UP
