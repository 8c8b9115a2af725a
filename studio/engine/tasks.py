"""Celery's way in. A message is a doorbell: every task looks at rows, and running twice is harmless."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from studio.media import previews
from studio.models import Output

from . import beats, rendering, steps
from . import prune as pruning
from . import sweep as sweeping


@shared_task
def bell(generation_id: str) -> None:
    steps.advance(UUID(generation_id))


@shared_task
def sweep() -> None:
    sweeping.sweep()


@shared_task
def long_beat() -> None:
    beats.beat("long")


@shared_task
def render_beat() -> None:
    beats.beat("render")


@shared_task
def render_next() -> None:
    rendering.render_next()


@shared_task
def make_previews(asset_id: str) -> None:
    is_result = Output.objects.filter(asset=UUID(asset_id)).exists()
    previews.make_previews(asset_id, analyse=not is_result)


@shared_task
def prune() -> None:
    pruning.prune()
