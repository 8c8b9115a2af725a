from __future__ import annotations

from django.db import models

from .asset import Asset, Kind
from .brand import Brand
from .generation import Generation
from .ids import uuid7
from .owned import InWorkspace
from .people import Influencer, Voice
from .team import Team, Workspace
from .user import User


class OutputState(models.TextChoices):
    WAITING = "waiting", "In progress"
    READY = "ready", "Ready"
    FAILED = "failed", "Failed"
    CANCELED = "canceled", "Canceled"


class OutputKind(models.TextChoices):
    """What a result is: a file of one of the asset kinds, or a new person or voice (whose picture or sample is its asset)."""

    IMAGE = Kind.IMAGE.value, "Image"
    VIDEO = Kind.VIDEO.value, "Video"
    AUDIO = Kind.AUDIO.value, "Audio"
    MODEL = Kind.MODEL.value, "3D model"
    TEXT = Kind.TEXT.value, "Text"
    FILE = Kind.FILE.value, "File"
    VOICE = "voice", "Voice"
    INFLUENCER = "influencer", "Influencer"


class Verdict(models.TextChoices):
    """The current decision of an output, or one row of its history (`withdrawn` is an undo)."""

    NONE = "", "To review"
    APPROVED = "approved", "Approved"
    CHANGES = "changes", "Changes requested"
    REJECTED = "rejected", "Rejected"


class Output(models.Model):
    """One expected or finished result. It is made with its generation, so that its tile has its place and shape from the first second.

    What the gallery filters by (team, workspace, kind, tool, brand, verdict, star, search text) stands on the row itself:
    the page is one query on one table whatever the library's size.
    ratio: width over height of the expected result, then of the asset.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    generation = models.ForeignKey(Generation, models.CASCADE, related_name="outputs")
    position = models.PositiveIntegerField(default=0)
    kind = models.CharField(max_length=10, choices=OutputKind)
    tool = models.CharField(max_length=40)
    brand = models.ForeignKey(Brand, models.SET_NULL, null=True, blank=True, related_name="+")
    title = models.CharField(max_length=120)
    search_text = models.TextField(blank=True, help_text="Lower case: title, prompt, words on the ad, brand, person.")
    ratio = models.FloatField(default=1)
    ratio_label = models.CharField(max_length=8, blank=True)
    state = models.CharField(max_length=8, choices=OutputState, default=OutputState.WAITING)
    failure_reason = models.CharField(max_length=500, blank=True)
    notes = models.JSONField(
        default=list, blank=True, help_text="Sentences from whoever made it, e.g. that a line was shortened."
    )
    asset = models.ForeignKey(Asset, models.PROTECT, null=True, blank=True, related_name="+")
    influencer = models.ForeignKey(Influencer, models.SET_NULL, null=True, blank=True, related_name="+")
    voice = models.ForeignKey(Voice, models.SET_NULL, null=True, blank=True, related_name="+")
    link = models.JSONField(default=dict, blank=True, help_text="Where the result is fetched, until it is here.")
    verdict = models.CharField(max_length=8, choices=Verdict, default=Verdict.NONE, blank=True)
    starred = models.BooleanField(default=False)
    tags = models.JSONField(default=list, blank=True)
    stack = models.UUIDField(default=uuid7, help_text="Versions of one thing share a stack.")
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    ready_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True, help_text="Until then the tile says New.")
    deleted_at = models.DateTimeField(null=True, blank=True, help_text="In the trash since.")

    objects = InWorkspace["Output"].as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("generation", "position"), name="output_position_unique"),
            models.CheckConstraint(
                condition=~models.Q(state="ready")
                | models.Q(asset__isnull=False)
                | models.Q(kind__in=["voice", "influencer"]),
                name="output_ready_has_asset",
            ),
        )
        indexes = (
            models.Index(fields=("workspace", "-id"), condition=models.Q(deleted_at=None), name="output_newest"),
            models.Index(
                fields=("workspace", "verdict", "-id"), condition=models.Q(deleted_at=None), name="output_verdict"
            ),
            models.Index(
                fields=("workspace", "brand", "-id"), condition=models.Q(deleted_at=None), name="output_brand"
            ),
            models.Index(
                fields=("workspace", "-id"), condition=models.Q(deleted_at=None, starred=True), name="output_starred"
            ),
            models.Index(
                fields=("workspace", "state", "-id"),
                condition=models.Q(deleted_at=None) & ~models.Q(state="ready"),
                name="output_unready",
            ),
            models.Index(
                fields=("workspace", "-deleted_at"), condition=~models.Q(deleted_at=None), name="output_trash"
            ),
        )

    def __str__(self) -> str:
        return self.title


class Decision(models.Model):
    """One decision of one person about exactly one file. Append-only: an undo is a new row that restores the verdict before."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    output = models.ForeignKey(Output, models.CASCADE, related_name="decisions")
    verdict = models.CharField(max_length=8, choices=Verdict, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    asset_sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    undoes = models.OneToOneField("self", models.CASCADE, null=True, blank=True, related_name="undone_by")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-id",)
