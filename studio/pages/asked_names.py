"""What people, voices and styles that were asked for are called: ours by their rows, a service's own as its catalogue lists them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Model

from studio.models import CatalogueItem, Influencer, Reference, RemoteCopy, Voice
from studio.speech.voices import PREFIX, find

from .filters import as_uuid
from .toolforms.things import THEIRS

__all__ = ["THEIRS", "names_of"]

_OURS: dict[str, type[Model]] = {"influencer": Influencer, "voice": Voice, "reference": Reference}


def names_of(team_id: UUID, provider: str, widget: str, value: Any) -> str:
    """`names_of(team, "videogen", "voice", "videogen:vg_voic_m9") == "Rowan"`. value: a reference or several.

    At most three queries, for one or many: our rows, those that the service knows by another name, and its catalogue. What nobody lists
    any more keeps the service's id.
    """
    references = [str(it) for it in (value if isinstance(value, list | tuple) else [value])]
    own = {pk for it in references if (pk := as_uuid(it))}
    remote = {it: it.partition(":")[2] or it for it in references if as_uuid(it) is None}
    kind = THEIRS[widget]
    copies: dict[str, UUID] = {}
    if remote and widget in _OURS:
        rows = RemoteCopy.objects.filter(team=team_id, connection__provider=provider, kind=kind)
        copies = dict(rows.filter(remote_id__in=remote.values()).values_list("remote_id", "object_id"))
    ours = _ours(team_id, widget, {*own, *copies.values()})
    theirs = _theirs(team_id, provider, kind, list(remote.values()))

    def name(reference: str) -> str:
        if reference not in remote:
            return ours.get(UUID(reference), "Gone")
        there = remote[reference]
        here = find(reference) if reference.startswith(PREFIX) else None
        if here:
            return here.title
        known = ours.get(copies[there]) if there in copies else None
        return known or theirs.get(there, there)

    return ", ".join(map(name, references))


def _ours(team_id: UUID, widget: str, ids: set[UUID]) -> dict[UUID, str]:
    if not ids or widget not in _OURS:
        return {}
    return {row.pk: str(row) for row in _OURS[widget]._default_manager.filter(team=team_id, pk__in=ids)}


def _theirs(team_id: UUID, provider: str, kind: str, ids: list[str]) -> dict[str, str]:
    """A later listing wins over an earlier one, of a connection that was removed."""
    if not ids:
        return {}
    rows = CatalogueItem.objects.filter(team=team_id, connection__provider=provider, kind=kind, remote_id__in=ids)
    return {row.remote_id: row.title for row in rows.order_by("seen_at") if row.title}
