from __future__ import annotations

from django.db import models

from .team import Team, Workspace
from .user import User


class Event(models.Model):
    """The outbox: what changed, written in the transaction that changed it. Browsers replay it by id; rows older than a day are pruned.

    kind: `output` (a tile changed), `output_new`, `output_gone`, `asset` (previews or cut-out ready), `lane`, `connection` (what a
    service lists was read), `sound` (a listed sample was measured), `access` (a person's rights or session changed:
    their streams close). subject: the id of what changed. workspace None: the whole team; user: only that person.
    """

    id = models.BigAutoField(primary_key=True)
    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    workspace = models.ForeignKey(Workspace, models.CASCADE, null=True, blank=True, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=64)
    data = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        indexes = (models.Index(fields=("workspace", "id"), name="event_by_workspace"),)


class LaneBeat(models.Model):
    """When a lane of workers was last seen at work."""

    lane = models.CharField(max_length=20, primary_key=True)
    seen_at = models.DateTimeField()
