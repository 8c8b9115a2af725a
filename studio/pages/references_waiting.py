"""What waits for an owner's or admin's yes before all workspaces see it."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from studio.models import Reference, Visibility

from .access import MemberRequest, manager
from .references_filters import with_media

MOST = 60


def _waiting(request: MemberRequest) -> QuerySet[Reference]:
    rows = Reference.objects.seen_by(request.membership)
    return rows.filter(visibility=Visibility.ASKED, archived_at=None)


def count(request: MemberRequest) -> int:
    return _waiting(request).count()


@require_safe
@manager
def references_waiting(request: MemberRequest) -> HttpResponseBase:
    """The oldest first, of every workspace."""
    rows = with_media(_waiting(request)).select_related("workspace", "asked_by").order_by("pk")[: MOST + 1]
    found = list(rows)
    return render(request, "references/waiting.html", {"waiting": found[:MOST], "more": len(found) > MOST})


urlpatterns: list[URLPattern] = [path("references/waiting/", references_waiting, name="references_waiting")]
