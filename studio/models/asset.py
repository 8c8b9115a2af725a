from __future__ import annotations

from typing import Any

from django.db import models

from .ids import uuid7
from .owned import InWorkspace
from .team import Team, Workspace
from .user import User


class Kind(models.TextChoices):
    """What a stored file is, or what a tool makes."""

    IMAGE = "image", "Image"
    VIDEO = "video", "Video"
    AUDIO = "audio", "Audio"
    MODEL = "model", "3D model"
    TEXT = "text", "Text"
    FILE = "file", "File"


def stored_name(asset: Asset, name: str) -> str:
    """Where the original lies in storage: by team and id, so that neither a name nor a guess reaches another team's file."""
    return f"{asset.team_id}/{asset.pk}/{name}"


class Asset(models.Model):
    """One stored media file with its facts. The file never changes; another file is another asset.

    Facts about the picture as shown: upright (EXIF orientation applied), so width and height are what a person sees.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=6, choices=Kind)
    file = models.FileField(upload_to=stored_name, max_length=255)
    original_name = models.CharField(max_length=200, blank=True)
    media_type = models.CharField(max_length=80, help_text="Sniffed from the bytes, never from the name.")
    size_bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    duration_seconds = models.FloatField(null=True, blank=True)
    fps = models.FloatField(null=True, blank=True, help_text="Frames a second, of a video.")
    has_sound = models.BooleanField(null=True, blank=True, help_text="Whether a video has a sound track.")
    peaks = models.JSONField(
        default=list, blank=True, help_text="The waveform of a sound file: loudness from 0 to 100."
    )
    excerpt = models.CharField(max_length=300, blank=True, help_text="How a text begins.")
    solid = models.JSONField(default=dict, blank=True, help_text="Facts of a 3D model: see media/glb.py.")
    dominant_colour = models.CharField(max_length=7, blank=True)
    focal_x = models.FloatField(default=0.5)
    focal_y = models.FloatField(default=0.5)
    faces = models.JSONField(default=list, blank=True, help_text="Boxes as fractions: [[x, y, width, height], …].")
    description = models.CharField(max_length=300, blank=True, help_text="The alternative text.")
    provenance = models.JSONField(
        default=dict,
        blank=True,
        help_text="What the uploaded file said of its making (C2PA, IPTC), kept aside from it.",
    )
    # Made by the worker. Names in storage; empty until made.
    preview_small = models.CharField(max_length=255, blank=True)
    preview_large = models.CharField(max_length=255, blank=True)
    cutout = models.CharField(max_length=255, blank=True)
    sprite = models.CharField(max_length=255, blank=True, help_text="Frames of a video side by side, for scrubbing.")
    sprite_frames = models.PositiveSmallIntegerField(default=0)
    cutout_refused = models.CharField(max_length=200, blank=True, help_text="Why there is no cut-out.")
    analysed_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = InWorkspace["Asset"].as_manager()

    class Meta:
        indexes = (models.Index(fields=("team", "sha256"), name="asset_by_hash"),)

    def __str__(self) -> str:
        return self.original_name or str(self.pk)

    @property
    def ratio(self) -> float:
        """Width over height; 1 where unknown."""
        return self.width / self.height if self.width and self.height else 1.0

    def facts(self) -> dict[str, Any]:
        return {"width": self.width, "height": self.height, "size_bytes": self.size_bytes, "sha256": self.sha256}
