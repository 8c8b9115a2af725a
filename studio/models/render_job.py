from __future__ import annotations

from django.db import models
from django.utils import timezone

from .generation import Generation


class RenderState(models.TextChoices):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELED = "canceled"


class RenderJob(models.Model):
    """What the local provider knows of a generation: its own little upstream. One per generation, so submitting twice is harmless.

    job: what to draw, by values and names in storage. results: one entry a position, a file in the render folder or an error.
    due_at: when a worker may take it: at once while waiting, the end of the lease while running, None once it has ended. So a dead
    worker's job becomes free by itself. Each claim has a fresh token, and only its holder may write.
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
    due_at = models.DateTimeField(null=True, blank=True, default=timezone.now)
    lease_token = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=("due_at",), condition=models.Q(due_at__isnull=False), name="render_job_due"),)
