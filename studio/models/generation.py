from __future__ import annotations

from typing import Any

from django.db import models

from .brief import Brief
from .connection import Connection
from .ids import uuid7
from .owned import InWorkspace
from .team import Team, Workspace


class State(models.TextChoices):
    """The states of a generation. Only `engine` changes them, by compare-and-set.

    queued      -> preparing, submitting, canceled
    preparing   -> submitting, queued, failed, canceled
    submitting  -> running; collecting (a synchronous answer); queued (certainly not taken); failed (refused); uncertain
    running     -> collecting, failed, canceled, uncertain (the upstream no longer knows it)
    collecting  -> completed, running (a URL expired: ask again), failed (gone for good)
    uncertain   -> running (found or adopted), failed (written off by a person)
    completed, failed, canceled are ends.
    """

    QUEUED = "queued", "Queued"
    PREPARING = "preparing", "Sending your pictures"
    SUBMITTING = "submitting", "Starting"
    RUNNING = "running", "Generating"
    COLLECTING = "collecting", "Saving"
    UNCERTAIN = "uncertain", "Check this one"
    COMPLETED = "completed", "Done"
    FAILED = "failed", "Failed"
    CANCELED = "canceled", "Canceled"


LEADS_TO: dict[State, frozenset[State]] = {
    State.QUEUED: frozenset({State.PREPARING, State.SUBMITTING, State.CANCELED}),
    State.PREPARING: frozenset({State.SUBMITTING, State.QUEUED, State.FAILED, State.CANCELED}),
    State.SUBMITTING: frozenset({State.RUNNING, State.COLLECTING, State.QUEUED, State.FAILED, State.UNCERTAIN}),
    State.RUNNING: frozenset({State.COLLECTING, State.FAILED, State.CANCELED, State.UNCERTAIN}),
    State.COLLECTING: frozenset({State.COMPLETED, State.RUNNING, State.FAILED}),
    State.UNCERTAIN: frozenset({State.RUNNING, State.FAILED}),
    State.COMPLETED: frozenset(),
    State.FAILED: frozenset(),
    State.CANCELED: frozenset(),
}
ENDED = frozenset({State.COMPLETED, State.FAILED, State.CANCELED})
UNDER_WAY = frozenset(State) - ENDED


class Origin(models.TextChoices):
    BRIEF = "brief"
    RETRY = "retry"
    REMIX = "remix"
    FOLLOW_UP = "follow_up"


class Generation(models.Model):
    """One paid request: tool + offer + inputs, a state, a cost. The row is the truth; every message about it is only a doorbell.

    inputs: the brief's inputs narrowed to this request (one ratio, never `auto`), references only.
    filled_in: what the person left empty and the studio wrote for them; `drawn_inputs` is both together.
    offer: a snapshot of the offer it was made with; estimate and cost are in the offer's own unit, None is unknown (never 0).
    request, request_hash, idempotency_key, first_sent_at: committed with `submitting`, before anything is sent.
    consent: of a copied voice, who said that its speaker agreed: {"by", "at", "words"}, see engine/consents.py.
    connection: the key that it is made with; None for the local renderer.
    remote: the provider's opaque handle. remote_key: one text of it, so that no job there is ever taken for two generations.
    frames: addresses of first pictures that a running job shows; frame_assets: ids of their assets, once they are here.
    uncertain_since, candidates: nobody knows whether it was taken; jobs there that might be it: [{"remote_id", "created_at", "fits",
    "results"}].
    missing: how many of its results never came, although others did (a partial batch).
    next_poll_at: when somebody must look at it again; None once it has ended. A claim sets it to the lease's end, so that the rows of a
    worker that died are due again by themselves.
    lease_until, lease_token: whoever holds the token may write; a fresh token per claim, so an expired holder cannot overwrite.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    brief = models.ForeignKey(Brief, models.CASCADE, related_name="generations")
    position = models.PositiveIntegerField(default=0)
    tool = models.CharField(max_length=40)
    provider = models.CharField(max_length=40)
    connection = models.ForeignKey(Connection, models.RESTRICT, null=True, blank=True, related_name="+")
    lane = models.CharField(
        max_length=6, default="engine", help_text="engine, or long for submits that answer after minutes."
    )
    offer_key = models.CharField(max_length=160)
    offer = models.JSONField(default=dict)
    inputs = models.JSONField()
    filled_in = models.JSONField(default=dict, blank=True)
    consent = models.JSONField(default=dict, blank=True)
    origin = models.CharField(max_length=9, choices=Origin, default=Origin.BRIEF)
    source_output = models.ForeignKey("studio.Output", models.SET_NULL, null=True, blank=True, related_name="+")

    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    cancel_requested_at = models.DateTimeField(null=True, blank=True)
    progress = models.FloatField(default=0, help_text="0 to 1.")
    step = models.CharField(max_length=80, blank=True)
    failure_code = models.CharField(max_length=40, blank=True)
    failure_reason = models.CharField(max_length=500, blank=True)

    request = models.BinaryField(null=True, blank=True)
    request_hash = models.CharField(max_length=64, blank=True)
    idempotency_key = models.CharField(max_length=64, blank=True)
    first_sent_at = models.DateTimeField(null=True, blank=True)
    remote = models.JSONField(null=True, blank=True)
    remote_key = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001  (unique where known)
    frames = models.JSONField(default=list, blank=True)
    frame_assets = models.JSONField(default=list, blank=True)
    uncertain_since = models.DateTimeField(null=True, blank=True)
    candidates = models.JSONField(default=list, blank=True)
    missing = models.PositiveIntegerField(default=0)

    attempts = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    next_poll_at = models.DateTimeField(null=True, blank=True)

    estimate = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    cost = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    cost_unit = models.CharField(max_length=20, blank=True)
    typical_seconds = models.FloatField(null=True, blank=True)

    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = InWorkspace["Generation"].as_manager()

    class Meta:
        indexes = (
            models.Index(
                fields=("next_poll_at",), condition=models.Q(next_poll_at__isnull=False), name="generation_due"
            ),
            models.Index(fields=("workspace", "state"), name="generation_by_workspace"),
            models.Index(
                fields=("team", "uncertain_since"),
                condition=models.Q(state="uncertain"),
                name="generation_uncertain",
            ),
        )
        constraints = (models.UniqueConstraint(fields=("connection", "remote_key"), name="generation_remote_once"),)

    @property
    def drawn_inputs(self) -> dict[str, Any]:
        """What was really asked of the provider: the inputs, with what was filled in for the person."""
        return {**self.inputs, **self.filled_in}

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY
