from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models

from .ids import uuid7
from .team import Team
from .user import User


class ConnectionState(models.TextChoices):
    """active: may spend. refused: the service does not take the key. disabled: a person paused it. removed: nothing new; its key goes once
    nothing is under way any more."""

    ACTIVE = "active", "Connected"
    REFUSED = "refused", "Key refused"
    DISABLED = "disabled", "Paused"
    REMOVED = "removed", "Removed"


class OfTeam(models.QuerySet["Connection"]):
    """Connections belong to a whole team: every member may see that they exist (never the key), owner and admins change them."""

    def seen_by(self, membership: Any) -> OfTeam:
        return self.filter(team=membership.team_id)

    def usable(self) -> OfTeam:
        return self.filter(state=ConnectionState.ACTIVE)


class Connection(models.Model):
    """A team's key for one provider. What was started with it is finished with it, so a row outlives its removal.

    key: encrypted (engine/secrets); last4 is all that pages show. base_url: empty is the provider's own.
    facts: what requests depend on and a person can change: {"era": "2", "watermark": "auto", "rate": …}.
    balance: in `balance_unit`, None where the API does not tell. paused_until: a rate limit was met; nothing is sent before.
    webhook_id, webhook_secret (encrypted): registered at the service. webhook_token: the unguessable part of our own address.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    provider = models.CharField(max_length=40)
    key = models.TextField(blank=True)
    last4 = models.CharField(max_length=4, blank=True)
    base_url = models.CharField(max_length=300, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=8, choices=ConnectionState, default=ConnectionState.ACTIVE)
    state_reason = models.CharField(max_length=500, blank=True)

    tested_at = models.DateTimeField(null=True, blank=True)
    test_passed = models.BooleanField(null=True, blank=True)
    test_message = models.CharField(max_length=500, blank=True)
    balance = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    balance_unit = models.CharField(max_length=20, blank=True)
    balance_at = models.DateTimeField(null=True, blank=True)
    paused_until = models.DateTimeField(null=True, blank=True)
    paused_reason = models.CharField(max_length=200, blank=True)
    buckets = models.JSONField(default=dict, blank=True, help_text="Tokens left by what is done, and when counted.")

    webhook_id = models.CharField(max_length=200, blank=True)
    webhook_secret = models.TextField(blank=True)
    webhook_token = models.CharField(max_length=64, blank=True, db_index=True)

    catalogue_at = models.DateTimeField(null=True, blank=True)
    catalogue_message = models.CharField(max_length=500, blank=True)
    catalogue_changes = models.JSONField(
        default=list, blank=True, help_text="What the last refresh changed, as sentences."
    )

    created_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OfTeam.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("team", "provider"), condition=~models.Q(state="removed"), name="connection_one_a_provider"
            ),
        )

    def __str__(self) -> str:
        return f"{self.provider} …{self.last4}"

    @property
    def era(self) -> str:
        return str(self.facts.get("era", ""))

    def is_paused(self, now: datetime) -> bool:
        return self.paused_until is not None and self.paused_until > now


class RemoteCopy(models.Model):
    """What a provider has of ours: an uploaded file, a brand kit, an influencer, a saved reference, a voice, a workspace.

    object_kind, object_id: our row ("asset", "brand", "influencer", "reference", "voice", "workspace"). kind: what it is there ("file", "url",
    "brand_kit", "influencer", "avatar", "presenter", "reference", "voice", "workspace"). data: free facts, e.g. {"expires_at": …} of a live URL.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    connection = models.ForeignKey(Connection, models.CASCADE, related_name="+")
    object_kind = models.CharField(max_length=12)
    object_id = models.UUIDField()
    kind = models.CharField(max_length=12)
    remote_id = models.TextField()
    data = models.JSONField(default=dict, blank=True)
    seen_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("connection", "object_id", "kind"), name="remote_copy_unique"),)


class CatalogueItem(models.Model):
    """One thing that a provider lists for this connection. kind and data: see `Entry` in dialects/base. gone_at: the last refresh did not list it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    connection = models.ForeignKey(Connection, models.CASCADE, related_name="items")
    kind = models.CharField(max_length=12)
    remote_id = models.CharField(max_length=300)
    title = models.CharField(max_length=200)
    search_text = models.TextField(blank=True)
    data = models.JSONField(default=dict, blank=True)
    picture = models.TextField(blank=True)
    sound = models.TextField(blank=True)
    seen_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("connection", "kind", "remote_id"), name="catalogue_item_unique"),
        )


class Learnt(models.Model):
    """What an offer really costs and takes with this connection, from what was made. price: for each result; None until one was told."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    connection = models.ForeignKey(Connection, models.CASCADE, related_name="learnt")
    offer_key = models.CharField(max_length=160)
    price = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    priced = models.PositiveIntegerField(default=0, help_text="From how many generations.")
    seconds = models.FloatField(null=True, blank=True)
    timed = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("connection", "offer_key"), name="learnt_unique"),)
