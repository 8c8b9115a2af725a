from __future__ import annotations

from django.db import models

from .ids import uuid7
from .owned import InWorkspace
from .team import Team, Workspace
from .user import User


class Brief(models.Model):
    """One press of the button. The same nonce is the same brief: whoever sends it again gets the old one.

    inputs: what the person asked for, as the tool's `Inputs` model dumps it (references only), with the schema version it was written in.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    tool = models.CharField(max_length=40)
    schema_version = models.PositiveIntegerField(default=1)
    inputs = models.JSONField()
    nonce = models.CharField(max_length=64)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = InWorkspace["Brief"].as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("team", "nonce"), name="brief_nonce_unique"),)
