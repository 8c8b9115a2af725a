from __future__ import annotations

from django.db import models

from .connection import Connection
from .generation import Generation
from .ids import uuid7
from .owned import InWorkspace
from .team import Team, Workspace
from .user import User


class EntryKind(models.TextChoices):
    """hold: set aside at submit. settle: what was charged in the end. release: nothing was charged, the hold is gone.

    unknown: it ended without a word of what was charged, or of a refund: "may have been charged".
    """

    HOLD = "hold", "Held"
    SETTLE = "settle", "Charged"
    RELEASE = "release", "Not charged"
    UNKNOWN = "unknown", "May have been charged"


class LedgerEntry(models.Model):
    """One line of the ledger, append-only, in the provider's own unit. amount: None is unknown (never 0).

    reason: for machines ("submit", "completed", "refused", "canceled", "failed", "partial", "written_off", "corrected").
    A generation's charge is its last settle, release or unknown entry; before that, its hold.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    generation = models.ForeignKey(Generation, models.CASCADE, related_name="ledger")
    connection = models.ForeignKey(Connection, models.SET_NULL, null=True, blank=True, related_name="+")
    provider = models.CharField(max_length=40)
    kind = models.CharField(max_length=7, choices=EntryKind)
    reason = models.CharField(max_length=12)
    amount = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    unit = models.CharField(max_length=20)
    month = models.CharField(max_length=7, help_text="YYYY-MM of the hold, in the installation's time zone.")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = InWorkspace["LedgerEntry"].as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("generation", "kind", "reason"), name="ledger_entry_once"),)
        indexes = (models.Index(fields=("workspace", "month", "provider"), name="ledger_by_month"),)


class MonthSpend(models.Model):
    """The sums of one workspace, provider and month, kept in the transactions that write the ledger, so that a budget is one comparison.

    held: set aside and not settled yet. spent: settled. maybe: the holds of what may have been charged.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    provider = models.CharField(max_length=40)
    unit = models.CharField(max_length=20)
    month = models.CharField(max_length=7)
    held = models.DecimalField(max_digits=16, decimal_places=4, default=0)
    spent = models.DecimalField(max_digits=16, decimal_places=4, default=0)
    maybe = models.DecimalField(max_digits=16, decimal_places=4, default=0)

    objects = InWorkspace["MonthSpend"].as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("workspace", "provider", "unit", "month"), name="month_spend_unique"),
        )


class Budget(models.Model):
    """How much a workspace may spend at a provider in a month, in its unit. Over it, an admin has to press the button."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    provider = models.CharField(max_length=40)
    amount = models.DecimalField(max_digits=14, decimal_places=4)
    set_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)

    objects = InWorkspace["Budget"].as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("workspace", "provider"), name="budget_unique"),)


class UnitPrice(models.Model):
    """What one unit of a provider costs the team, in its currency; set by an owner or admin. Without it no currency is shown."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    provider = models.CharField(max_length=40)
    currency = models.CharField(max_length=3, default="EUR")
    price = models.DecimalField(max_digits=12, decimal_places=6)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("team", "provider"), name="unit_price_unique"),)
