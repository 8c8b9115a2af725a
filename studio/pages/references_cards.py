"""A reference as a tile of the board: where it is filed or might belong, and the tile anew once the worker has looked at it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from studio.engine import references
from studio.engine.suggest import Suggestion, Target, said_of, suggest, targets
from studio.models import Asset, Reference

from .access import MemberRequest, member
from .references_rights import find_reference


@dataclass(frozen=True, slots=True)
class Card:
    """A reference on the board. target: under which it is filed; best: where it might belong, while it is under none."""

    reference: Reference
    target: Target | None
    best: Suggestion | None

    @property
    def media(self) -> Asset | None:
        return next((item.asset for item in self.reference.media.all()), None)

    @property
    def count(self) -> int:
        return len(self.reference.media.all())

    @property
    def waits(self) -> bool:
        """Whether the worker will look at it soon: the tile follows."""
        return not self.reference.look and self.reference.created_at > timezone.now() - references.WITHIN


def cards(rows: Iterable[Reference], among: Sequence[Target]) -> list[Card]:
    """Without queries. A template that is not listed any more is still named, by its slug."""
    by_key = {target.key: target for target in among}
    found = []
    for row in rows:
        key = f"{row.template_category}/{row.template_slug}"
        title = row.template_slug.replace("-", " ").capitalize()
        target = by_key.get(key) or Target(row.template_slug, row.template_category, title)
        found.append(Card(row, target, None) if row.template_slug else Card(row, None, best_of(row, among)))
    return found


def best_of(row: Reference, among: Sequence[Target]) -> Suggestion | None:
    name = next((item.asset.original_name for item in row.media.all()), "")
    return next(iter(suggest(among, said_of(row, name), row.look, row.media_kind, most=1)), None)


@require_safe
@member
def reference_card(request: MemberRequest, reference_id: UUID) -> HttpResponseBase:
    """Its tile, for a script that has been told that the worker looked at it; 204 where it has not yet."""
    found = find_reference(request, reference_id)
    if not request.htmx:
        return redirect("reference", found.pk)
    (card,) = cards([found], targets(request.membership))
    response = HttpResponse(status=204) if card.waits else render(request, "references/_card.html", {"card": card})
    patch_vary_headers(response, ("HX-Request",))
    return response


urlpatterns: list[URLPattern] = [path("references/<uuid:reference_id>/card/", reference_card, name="reference_card")]
