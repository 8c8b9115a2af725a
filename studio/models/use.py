from __future__ import annotations

from django.db import models

from .generation import Generation
from .ids import uuid7
from .owned import InWorkspace
from .team import Team, Workspace


class Use(models.Model):
    """That a generation was made with a thing of the library. Written with the generation, in its transaction; never changed.

    object_kind, object_id: "brand", "influencer", "reference" or "voice", and the row's id (no foreign key: what is gone was used all the same).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    generation = models.ForeignKey(Generation, models.CASCADE, related_name="uses")
    object_kind = models.CharField(max_length=12)
    object_id = models.UUIDField()

    objects = InWorkspace["Use"].as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("generation", "object_kind", "object_id"), name="use_once_a_generation"),
        )
        indexes = (models.Index(fields=("object_id", "-id"), name="use_by_object"),)
