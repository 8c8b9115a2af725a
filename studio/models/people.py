from __future__ import annotations

from django.db import models
from django.db.models import Q

from .asset import Asset
from .ids import uuid7
from .owned import InTeam
from .team import Membership, Team, Workspace
from .user import User


class Readiness(models.TextChoices):
    READY = "ready", "Ready"
    TRAINING = "training", "Training"
    FAILED = "failed", "Training failed"


class VoiceKind(models.TextChoices):
    CLONED = "cloned", "Cloned"
    DESIGNED = "designed", "Designed"
    LIBRARY = "library", "From a library"
    LOCAL = "local", "On this server"


class Visibility(models.TextChoices):
    """Who sees a reference: its workspace; its workspace until an admin says yes to all; all of the team's workspaces."""

    PRIVATE = "private", "This workspace"
    ASKED = "asked", "Waiting for an admin"
    PUBLIC = "public", "All workspaces"


class Voice(models.Model):
    """A voice that the team keeps: cloned, designed, or one of a provider's library. Where it is known stands in its remote copies."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    workspace = models.ForeignKey(Workspace, models.CASCADE, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=VoiceKind, default=VoiceKind.DESIGNED)
    description = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=20, blank=True)
    gender = models.CharField(max_length=20, blank=True)
    style = models.CharField(max_length=40, blank=True)
    is_favourite = models.BooleanField(default=False)
    local_name = models.CharField(max_length=40, blank=True, help_text="Which of this server's own voices it is.")
    recording = models.ForeignKey(
        Asset, models.SET_NULL, null=True, blank=True, related_name="+", help_text="What it was cloned from."
    )
    consent_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    consent_at = models.DateTimeField(null=True, blank=True)
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
    languages = models.CharField(max_length=200, blank=True)
    consent_note = models.CharField(max_length=1000, blank=True)
    consent_file = models.ForeignKey(Asset, models.SET_NULL, null=True, blank=True, related_name="+")
    consent_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    consent_at = models.DateTimeField(null=True, blank=True)
    ask_at = models.DateTimeField(
        null=True, blank=True, db_index=True, help_text="When to ask the service whether it is ready."
    )
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
    pose = models.CharField(max_length=10, blank=True, help_text="close, half or full.")
    checks = models.JSONField(
        default=dict, blank=True, help_text="What the local checks found; see media/portraits.py."
    )

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=("influencer", "asset"), name="influencer_photo_unique"),)


class References(InTeam["Reference"]):
    def seen_by(self, membership: Membership) -> References:
        """Those of the member's workspaces, and what is public in the team."""
        rows = self.filter(team=membership.team_id)
        if membership.all_workspaces or membership.may_manage:
            return rows
        mine = Q(workspace=None) | Q(workspace__in=membership.some_workspaces.values("pk"))
        return rows.filter(mine | Q(visibility=Visibility.PUBLIC))


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
    output = models.ForeignKey("studio.Output", models.SET_NULL, null=True, blank=True, related_name="+")
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.PRIVATE)
    asked_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    look = models.JSONField(default=dict, blank=True, help_text="What was noticed in it; see media/looks.py.")
    search_text = models.TextField(blank=True)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = References.as_manager()

    def __str__(self) -> str:
        return self.label


class ReferenceMedia(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = models.ForeignKey(Reference, models.CASCADE, related_name="media")
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="+")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("position",)
