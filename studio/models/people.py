from __future__ import annotations

from django.db import models

from .asset import Asset
from .ids import uuid7
from .owned import InTeam
from .team import Team, Workspace
from .user import User


class Readiness(models.TextChoices):
    READY = "ready", "Ready"
    TRAINING = "training", "Training"
    FAILED = "failed", "Training failed"


class Voice(models.Model):
    """A voice that the team keeps: cloned, designed, or one of a provider's library. Where it is known stands in its remote copies."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    workspace = models.ForeignKey(Workspace, models.CASCADE, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, default="designed", help_text="cloned, designed or library")
    description = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=20, blank=True)
    gender = models.CharField(max_length=20, blank=True)
    preview = models.ForeignKey(Asset, models.SET_NULL, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = InTeam["Voice"].as_manager()

    def __str__(self) -> str:
        return self.name


class Influencer(models.Model):
    """A recurring virtual person: up to 20 photos, the first is the face. Where they are known stands in their remote copies."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    workspace = models.ForeignKey(Workspace, models.CASCADE, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=100)
    readiness = models.CharField(max_length=8, choices=Readiness, default=Readiness.READY)
    face = models.ForeignKey(Asset, models.PROTECT, null=True, blank=True, related_name="+")
    voice = models.ForeignKey(Voice, models.SET_NULL, null=True, blank=True, related_name="+")
    notes = models.CharField(max_length=1000, blank=True)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = InTeam["Influencer"].as_manager()

    def __str__(self) -> str:
        return self.name


class InfluencerPhoto(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    influencer = models.ForeignKey(Influencer, models.CASCADE, related_name="photos")
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="+")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=("influencer", "asset"), name="influencer_photo_unique"),)


class Reference(models.Model):
    """Saved inspiration media, filed under a template target. media_kind: image, slideshow or video."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    workspace = models.ForeignKey(Workspace, models.CASCADE, null=True, blank=True, related_name="+")
    label = models.CharField(max_length=120)
    template_slug = models.CharField(max_length=100, blank=True)
    template_category = models.CharField(max_length=40, blank=True)
    media_kind = models.CharField(max_length=10, default="image")
    notes = models.CharField(max_length=1000, blank=True)
    source = models.CharField(max_length=500, blank=True)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = InTeam["Reference"].as_manager()

    def __str__(self) -> str:
        return self.label


class ReferenceMedia(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = models.ForeignKey(Reference, models.CASCADE, related_name="media")
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="+")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("position",)
