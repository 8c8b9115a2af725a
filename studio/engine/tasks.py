"""Celery's way in. A message is a doorbell: every task looks at rows, and running twice is harmless."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from . import beats, long, people_photos, pictures, references, rendering, steps
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
def long_submit(generation_id: str) -> None:
    long.submit(UUID(generation_id))


@shared_task
def render_beat() -> None:
    beats.beat("render")


@shared_task
def render_next() -> None:
    rendering.render_next()


@shared_task
def make_previews(asset_id: str) -> None:
    pictures.make_previews(UUID(asset_id))


@shared_task
def notice(reference_id: str) -> None:
    references.notice(UUID(reference_id))


@shared_task
def check_photos(influencer_id: str) -> None:
    people_photos.check_photos(UUID(influencer_id))


@shared_task
def look() -> None:
    pictures.look()


@shared_task
def prune() -> None:
    pruning.prune()
