"""What is old enough to go: events, counters, sessions, left-over render files, fetched samples, files without an asset."""

from __future__ import annotations

import logging
import shutil
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from config.storage import StorageAway
from studio.media import samples
from studio.media.orphans import sweep_orphans
from studio.models import Event, Generation, Invitation, RateLimit, SignInLink

log = logging.getLogger(__name__)

EVENTS_LAST = timedelta(days=1)
EVENTS_AT_ONCE = 5_000
LINKS_LAST = timedelta(days=30)
"""A dead link is kept for a while, so that whoever opens it reads that it has ended."""


def prune() -> None:
    """Hourly. Each part goes in small steps, so that nobody waits for a long deletion."""
    _events()
    now = timezone.now()
    RateLimit.objects.filter(window_ends_at__lt=now).delete()
    SignInLink.objects.filter(expires_at__lt=now - LINKS_LAST).delete()
    Invitation.objects.filter(expires_at__lt=now - LINKS_LAST).delete()
    Session.objects.filter(expire_date__lt=now).delete()
    render_scratch()
    samples.prune()
    try:
        sweep_orphans()
    except StorageAway as away:
        log.warning("Files without a row are looked for in an hour: %s", away)


def _events() -> None:
    old = Event.objects.filter(created_at__lt=timezone.now() - EVENTS_LAST).order_by("pk")
    while ids := list(old.values_list("pk", flat=True)[:EVENTS_AT_ONCE]):
        Event.objects.filter(pk__in=ids).delete()


def render_scratch() -> int:
    """Deletes the render folders of generations that have ended or are gone; returns how many."""
    found: dict[UUID, Path] = {}
    root = Path(settings.RENDER_DIR)
    for folder in root.iterdir() if root.is_dir() else ():
        try:
            found[UUID(folder.name)] = folder
        except ValueError:
            continue
    kept = set(Generation.objects.filter(pk__in=found, next_poll_at__isnull=False).values_list("pk", flat=True))
    gone = [folder for pk, folder in found.items() if pk not in kept]
    for folder in gone:
        shutil.rmtree(folder, ignore_errors=True)
    return len(gone)
