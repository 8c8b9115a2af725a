from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from studio.models import Brand, Membership


def frame(request: HttpRequest) -> dict[str, Any]:
    """What the frame around every page needs. Lazy: a fragment that does not draw the frame pays nothing."""
    membership: Membership | None = getattr(request, "membership", None)
    if membership is None:
        return {}
    return {
        "workspaces": SimpleLazyObject(lambda: list(membership.workspaces())),
        "other_teams": SimpleLazyObject(lambda: _other_teams(membership)),
        "nav_counts": SimpleLazyObject(lambda: {"brands": _count_brands(membership)}),
    }


def _other_teams(membership: Membership) -> list[Membership]:
    """The same person's places in other teams, to switch to."""
    return list(Membership.objects.filter(user=membership.user_id).exclude(pk=membership.pk).select_related("team"))


def _count_brands(membership: Membership) -> int:
    return Brand.objects.seen_by(membership).filter(archived_at=None).count()
