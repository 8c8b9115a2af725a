"""The one way from a membership to rows: what it does not reach is not found."""

from __future__ import annotations

from typing import TypeVar

from django.db import models
from django.db.models import Q

from .team import Membership

M = TypeVar("M", bound=models.Model)


class InWorkspace(models.QuerySet[M]):
    """Rows that belong to a team and a workspace (assets, briefs, generations, outputs)."""

    def seen_by(self, membership: Membership) -> InWorkspace[M]:
        rows = self.filter(team=membership.team_id)
        if membership.all_workspaces or membership.may_manage:
            return rows
        return rows.filter(workspace__in=membership.some_workspaces.values("pk"))


class InTeam(models.QuerySet[M]):
    """Rows that belong to a team; a workspace is optional, and none means all of the team's (brands, influencers, references, voices)."""

    def seen_by(self, membership: Membership) -> InTeam[M]:
        rows = self.filter(team=membership.team_id)
        if membership.all_workspaces or membership.may_manage:
            return rows
        return rows.filter(Q(workspace=None) | Q(workspace__in=membership.some_workspaces.values("pk")))
