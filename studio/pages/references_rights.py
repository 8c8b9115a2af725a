"""Which references a person may see, and which of them change."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from studio.models import Membership, Reference

from .access import MemberRequest
from .references_filters import with_media


def mine(membership: Membership) -> QuerySet[Reference]:
    """Those that this person may change, if the role allows it at all: of their workspaces. What another workspace made public may be
    used and not changed."""
    rows = Reference.objects.filter(team=membership.team_id)
    if membership.all_workspaces or membership.may_manage:
        return rows
    return rows.filter(Q(workspace=None) | Q(workspace__in=membership.some_workspaces.values("pk")))


def find_reference(request: MemberRequest, reference_id: UUID) -> Reference:
    """One that this person may see in any workspace, with its files. 404 for all others."""
    return _one(Reference.objects.seen_by(request.membership), reference_id)


def find_mine(request: MemberRequest, reference_id: UUID) -> Reference:
    """One that may be changed. 404 for all others."""
    return _one(mine(request.membership), reference_id)


def may_change(request: MemberRequest, reference: Reference) -> bool:
    return request.membership.may_create and mine(request.membership).filter(pk=reference.pk).exists()


def _one(rows: QuerySet[Reference], reference_id: UUID) -> Reference:
    related = ("workspace", "created_by", "asked_by", "decided_by", "output")
    found = with_media(rows).select_related(*related).filter(pk=reference_id).first()
    if found is None:
        raise Http404("No such reference.")
    return found
