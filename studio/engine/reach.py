"""On whose behalf the engine works, and which rows that reaches. Every query of the engine that serves a person starts here."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from studio.models import Asset, Brand, Generation, Membership, Output, ProductPhoto, Workspace


@dataclass(frozen=True, slots=True)
class SystemActor:
    """The studio itself, within one team: the demo at first start, and the worker that carries out what a person was allowed to ask."""

    team_id: UUID


Actor = Membership | SystemActor


def may_create(actor: Actor) -> bool:
    return isinstance(actor, SystemActor) or actor.may_create


def user_id(actor: Actor) -> int | None:
    return None if isinstance(actor, SystemActor) else actor.user_id


def may_enter(actor: Actor, workspace: Workspace) -> bool:
    if workspace.team_id != actor.team_id or workspace.archived_at:
        return False
    if isinstance(actor, SystemActor) or actor.all_workspaces or actor.may_manage:
        return True
    return actor.workspaces().filter(pk=workspace.pk).exists()


def brands(actor: Actor, workspace_id: UUID) -> QuerySet[Brand]:
    """Brands usable in a workspace: its own and those of the whole team, archived ones left out."""
    rows = Brand.objects.filter(team=actor.team_id) if isinstance(actor, SystemActor) else Brand.objects.seen_by(actor)
    return rows.filter(Q(workspace=None) | Q(workspace=workspace_id), archived_at=None)


def assets(actor: Actor) -> QuerySet[Asset]:
    """Files that may be used: what the actor sees, and the logos and product photos of the brands that it sees, wherever they were uploaded."""
    if isinstance(actor, SystemActor):
        return Asset.objects.filter(team=actor.team_id)
    seen = Asset.objects.seen_by(actor)
    if actor.all_workspaces or actor.may_manage:
        return seen
    own = Brand.objects.seen_by(actor)
    photos = ProductPhoto.objects.filter(product__brand__in=own.values("pk")).values("asset")
    reached = Q(pk__in=seen.values("pk")) | Q(pk__in=photos)
    for logo in ("logo", "logo_dark"):
        reached |= Q(pk__in=own.exclude(**{logo: None}).values(logo))
    return Asset.objects.filter(reached, team=actor.team_id)


def generations(actor: Actor) -> QuerySet[Generation]:
    if isinstance(actor, SystemActor):
        return Generation.objects.filter(team=actor.team_id)
    return Generation.objects.seen_by(actor)


def outputs(actor: Actor) -> QuerySet[Output]:
    if isinstance(actor, SystemActor):
        return Output.objects.filter(team=actor.team_id)
    return Output.objects.seen_by(actor)
