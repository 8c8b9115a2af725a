from __future__ import annotations

from typing import Any

from django.db.models import Func, IntegerField, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from studio.engine import reach
from studio.models import Membership, Workspace

from . import rescue_cases


def frame(request: HttpRequest) -> dict[str, Any]:
    """What the frame around every page needs. Lazy: a fragment that does not draw the frame pays nothing."""
    membership: Membership | None = getattr(request, "membership", None)
    workspace: Workspace | None = getattr(request, "workspace", None)
    if membership is None or workspace is None:
        return {}
    return {
        "workspaces": SimpleLazyObject(lambda: list(membership.workspaces())),
        "other_teams": SimpleLazyObject(lambda: _other_teams(membership)),
        "nav_counts": SimpleLazyObject(lambda: _counts(membership, workspace)),
    }


def _counts(membership: Membership, workspace: Workspace) -> dict[str, int]:
    """What the menu tells beside its names. One query for the library's."""
    library: dict[str, QuerySet[Any]] = {
        "brands": reach.brands(membership, workspace.pk),
        "influencers": reach.influencers(membership, workspace.pk),
        "voices": reach.voices(membership, workspace.pk).exclude(kind="local"),
    }
    numbers = {f"n_{name}": Subquery(_count(rows)) for name, rows in library.items()}
    found = Workspace.objects.filter(pk=workspace.pk).annotate(**numbers).values(*numbers).first() or {}
    counts = {name.removeprefix("n_"): number for name, number in found.items()}
    return counts | {"rescue": rescue_cases.waiting(membership, workspace)} if membership.may_create else counts


def _count(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Their number as a query of one row: `Count` would group."""
    number = Func("pk", function="COUNT", output_field=IntegerField())
    counted: QuerySet[Any] = rows.order_by().annotate(number=number).values("number")
    return counted


def _other_teams(membership: Membership) -> list[Membership]:
    """The same person's places in other teams, to switch to."""
    return list(Membership.objects.filter(user=membership.user_id).exclude(pk=membership.pk).select_related("team"))
