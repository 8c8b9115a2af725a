"""On whose behalf the engine works, and which rows that reaches. Every query of the engine that serves a person starts here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from studio.models import (
    Asset,
    Brand,
    Generation,
    Influencer,
    InfluencerPhoto,
    Membership,
    Output,
    ProductPhoto,
    Reference,
    ReferenceMedia,
    Visibility,
    Voice,
    Workspace,
)


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


def influencers(actor: Actor, workspace_id: UUID) -> QuerySet[Influencer]:
    """Influencers usable in a workspace, archived ones left out."""
    return _here(_seen(Influencer, actor), workspace_id)


def voices(actor: Actor, workspace_id: UUID) -> QuerySet[Voice]:
    """Voices usable in a workspace, archived ones left out."""
    return _here(_seen(Voice, actor), workspace_id)


def references(actor: Actor, workspace_id: UUID) -> QuerySet[Reference]:
    """Saved references usable in a workspace: its own, the team's, and those that an admin made public. Archived ones are left out."""
    here = Q(workspace=None) | Q(workspace=workspace_id) | Q(visibility=Visibility.PUBLIC)
    return _seen(Reference, actor).filter(here, archived_at=None)


def _seen(model: Any, actor: Actor) -> QuerySet[Any]:
    system = isinstance(actor, SystemActor)
    rows: QuerySet[Any] = model.objects.filter(team=actor.team_id) if system else model.objects.seen_by(actor)
    return rows


def _here(rows: QuerySet[Any], workspace_id: UUID) -> QuerySet[Any]:
    return rows.filter(Q(workspace=None) | Q(workspace=workspace_id), archived_at=None)


def assets(actor: Actor) -> QuerySet[Asset]:
    """Files that may be used: what the actor sees, and the files of the brands, people, voices and references that it sees, wherever they
    were uploaded."""
    if isinstance(actor, SystemActor):
        return Asset.objects.filter(team=actor.team_id)
    seen = Asset.objects.seen_by(actor)
    if actor.all_workspaces or actor.may_manage:
        return seen
    reached = Q(pk__in=seen.values("pk"))
    for model, names in _FILES:
        rows = model.objects.seen_by(actor)
        for name in names:
            reached |= Q(pk__in=rows.exclude(**{name: None}).values(name))
    for model, owner, owners in _PARTS:
        reached |= Q(
            pk__in=model.objects.filter(**{f"{owner}__in": owners.objects.seen_by(actor).values("pk")}).values("asset")
        )
    return Asset.objects.filter(reached, team=actor.team_id)


_FILES: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (Brand, ("logo", "logo_dark", "logo_mark", "heading_font_file", "body_font_file")),
    (Influencer, ("face",)),
    (Voice, ("preview",)),
)
"""What is shown of a thing. Its proofs (a recording, a signed consent) stay with their workspace."""
_PARTS: tuple[tuple[Any, str, Any], ...] = (
    (ProductPhoto, "product__brand", Brand),
    (InfluencerPhoto, "influencer", Influencer),
    (ReferenceMedia, "reference", Reference),
)


def generations(actor: Actor) -> QuerySet[Generation]:
    if isinstance(actor, SystemActor):
        return Generation.objects.filter(team=actor.team_id)
    return Generation.objects.seen_by(actor)


def outputs(actor: Actor) -> QuerySet[Output]:
    if isinstance(actor, SystemActor):
        return Output.objects.filter(team=actor.team_id)
    return Output.objects.seen_by(actor)
