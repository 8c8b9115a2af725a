from __future__ import annotations

from django.db import models

from .generation import Generation


class RenderState(models.TextChoices):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELED = "canceled"


class RenderJob(models.Model):
    """What the local provider knows of a generation: its own little upstream. One per generation, so submitting twice is harmless.

    job: what to draw, by values and asset ids. results: names in the render folder, with size and notes, in order.
    The render lane claims a job by lease under a fresh token; a dead worker's job becomes free when the lease ends.
    """

    generation = models.OneToOneField(Generation, models.CASCADE, primary_key=True, related_name="render_job")
    state = models.CharField(max_length=8, choices=RenderState, default=RenderState.WAITING)
    job = models.JSONField()
    results = models.JSONField(default=list)
    error = models.CharField(max_length=500, blank=True)
    progress = models.FloatField(default=0)
    step = models.CharField(max_length=80, blank=True)
    cancel_requested_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(
                fields=("state", "created_at"),
                condition=models.Q(state__in=["waiting", "running"]),
                name="render_job_open",
            ),
        )
