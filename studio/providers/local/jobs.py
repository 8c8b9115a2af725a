"""The table of the local renderer: who may take a job, and what became of it. Every change is one conditional statement."""

from __future__ import annotations

import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import DateTimeField, F, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from studio.models import Generation, RenderJob, RenderState

LEASE = timedelta(seconds=15)
MAX_ATTEMPTS = 3


def folder(generation_id: UUID) -> Path:
    """Where a job's results lie until they are collected."""
    return Path(settings.RENDER_DIR) / str(generation_id)


def create(generation_id: UUID, job: dict[str, Any]) -> None:
    """The job of a generation. A second time changes nothing."""
    RenderJob.objects.get_or_create(generation_id=generation_id, defaults={"job": job})


def claim() -> RenderJob | None:
    """The oldest job that nobody works on, under a fresh token, or None. A dead worker's jobs are among them.

    Chosen and locked first, taken then, in one transaction: as a sub-query of the update PostgreSQL may choose anew for every row.
    """
    now = timezone.now()
    token, until = uuid.uuid4(), now + LEASE
    with transaction.atomic():
        due = RenderJob.objects.select_for_update(skip_locked=True).filter(due_at__lte=now).order_by("due_at")
        first = due.values_list("pk", flat=True).first()
        taken = RenderJob.objects.filter(pk=first, due_at__lte=now).update(
            state=RenderState.RUNNING,
            lease_token=token,
            due_at=until,
            attempts=F("attempts") + 1,
            started_at=Coalesce("started_at", Value(now, DateTimeField())),
        )
        return RenderJob.objects.get(due_at=until, lease_token=token) if taken else None


def is_any_due() -> bool:
    return RenderJob.objects.filter(due_at__lte=timezone.now()).exists()


def renew(job: RenderJob, progress: float, step: str) -> bool:
    """Keeps the lease and says how far it is. False: canceled, or somebody else has the job; stop at once."""
    held = RenderJob.objects.filter(
        pk=job.pk, lease_token=job.lease_token, state=RenderState.RUNNING, cancel_requested_at=None
    )
    return bool(held.update(due_at=timezone.now() + LEASE, progress=progress, step=step))


def put_back(job: RenderJob, wait: timedelta, step: str) -> None:
    """For another time, as if nobody had tried: the job is not at fault."""
    mine = RenderJob.objects.filter(pk=job.pk, lease_token=job.lease_token, state=RenderState.RUNNING)
    mine.update(due_at=timezone.now() + wait, attempts=F("attempts") - 1, step=step)


def finish(job: RenderJob, state: RenderState, *, results: list[dict[str, Any]] | None = None, error: str = "") -> bool:
    """Ends the job if the token still holds. A cancel that came too late loses: what is done is done."""
    mine = RenderJob.objects.filter(pk=job.pk, lease_token=job.lease_token, state=RenderState.RUNNING)
    return bool(
        mine.update(state=state, results=results or [], error=error, due_at=None, progress=1, ended_at=timezone.now())
    )


def cancel(generation_id: UUID) -> None:
    """Ends a job that nobody works on; whoever works on one sees the request at its next heartbeat."""
    now = timezone.now()
    job = RenderJob.objects.filter(pk=generation_id)
    ended = job.filter(due_at__lte=now).update(
        state=RenderState.CANCELED, due_at=None, ended_at=now, cancel_requested_at=now
    )
    if not ended:
        job.filter(state=RenderState.RUNNING, cancel_requested_at=None).update(cancel_requested_at=now)


def render_again(generation_id: UUID) -> None:
    """For a job whose result files are gone: drawn a second time from the same words. Not once its generation has ended: then the files
    are gone because they were collected, and whoever asks has only come late.
    """
    now = timezone.now()
    job = RenderJob.objects.filter(
        pk=generation_id, state=RenderState.DONE, generation__in=Generation.objects.filter(ended_at=None)
    )
    job.filter(attempts__lt=MAX_ATTEMPTS).update(state=RenderState.WAITING, due_at=now, results=[], progress=0)
    job.filter(attempts__gte=MAX_ATTEMPTS).update(
        state=RenderState.FAILED,
        error="The rendered files were lost again and again. Check the disk, then run it again.",
    )


def is_canceling(job: RenderJob) -> bool:
    """A cancel was asked for, and the job is still this holder's."""
    mine = RenderJob.objects.filter(pk=job.pk, lease_token=job.lease_token, state=RenderState.RUNNING)
    return mine.exclude(cancel_requested_at=None).exists()


def free_all() -> None:
    """Makes the jobs of dead workers due at once. Only while no render lane runs."""
    RenderJob.objects.filter(state=RenderState.RUNNING).update(due_at=timezone.now(), lease_token=None)
