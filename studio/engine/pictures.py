"""Previews at once, then a closer look (faces, focal point, cut-out), which takes seconds of a core: one picture at a time on a machine.

A pile of uploads must not hold up the bells that share this lane, so a process that finds another one looking leaves it to that one.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from studio.live import bell
from studio.media import previews
from studio.models import Asset, Kind, Output

LOOK_FOR_SECONDS = 25.0
"""Well under the lane's limit; whoever is left over is rung for by the sweep."""
WITHIN = timedelta(minutes=10)
"""A file of which no preview can be made is not tried for ever; its original is shown."""


def make_previews(asset_id: UUID) -> None:
    """The previews of this picture, clip or recording, then a look at every picture that waits for one."""
    if previews.make_previews(asset_id, analyse=False):
        bell.ring()
    look(asset_id)


def look(at: UUID | None = None) -> None:
    """A closer look at every picture that waits for one, and at this one however long it has waited: perhaps nobody was here."""
    with _only_here("looking") as mine:
        until = time.monotonic() + LOOK_FOR_SECONDS
        if mine and at and _unseen(Asset.objects.filter(pk=at)).exists():
            previews.make_previews(at)
            bell.ring()
        while mine and time.monotonic() < until and (asset_id := unlooked(timedelta()).first()):
            previews.make_previews(asset_id)
            bell.ring()


def unlooked(waiting: timedelta) -> QuerySet[Asset, UUID]:
    """Ids of pictures nobody has looked at for so long, oldest first. A finished ad is not material, and needs no look."""
    return _unseen(_recent(waiting, WITHIN)).order_by("pk").values_list("pk", flat=True)


def without_previews(waiting: timedelta, within: timedelta | None = WITHIN) -> QuerySet[Asset, UUID]:
    """Ids of pictures, videos and recordings that came so long ago and still have no preview or waveform: their bell was lost.

    within None: however old they are. Bounded by the primary key, which holds the time.
    """
    bare = Q(kind__in=(Kind.IMAGE, Kind.VIDEO), preview_small="") | Q(kind=Kind.AUDIO, peaks=[])
    return _recent(waiting, within).filter(bare).order_by("-pk").values_list("pk", flat=True)


def _unseen(assets: QuerySet[Asset]) -> QuerySet[Asset]:
    results = Output.objects.filter(asset=OuterRef("pk"))
    return assets.filter(~Exists(results), kind=Kind.IMAGE, analysed_at=None)


def _recent(waiting: timedelta, within: timedelta | None) -> QuerySet[Asset]:
    now = timezone.now()
    came = Asset.objects.filter(pk__lt=first_id(now - waiting))
    return came.filter(pk__gt=first_id(now - within)) if within else came


def first_id(when: datetime) -> UUID:
    """Ids are in the order of time: every id made from `when` on is greater than this one."""
    return UUID(int=int(when.timestamp() * 1000) << 80)


@contextmanager
def _only_here(name: str) -> Iterator[bool]:
    """True in one process of this machine at a time, False in the others; the kernel lets go when the process dies."""
    folder = Path(settings.DATA_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            mine = True
        except BlockingIOError:
            mine = False
        yield mine
    finally:
        os.close(descriptor)
