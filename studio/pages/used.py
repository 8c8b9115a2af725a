"""Where a thing of the library was used: what was made with it, what that cost, and what was decided about it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from studio.engine.amounts import plain
from studio.engine.spend import NOT_TOLD, Source
from studio.models import (
    Brand,
    EntryKind,
    Influencer,
    LedgerEntry,
    Output,
    OutputState,
    Reference,
    Use,
    Verdict,
    Voice,
)
from studio.providers import PROVIDERS

from .access import MemberRequest, member
from .filters import as_uuid
from .rows import PAGE, with_tiles

SHOWN = 12
"""How many of the newest stand on the thing's own page."""

KINDS: dict[str, Any] = {"brand": Brand, "influencer": Influencer, "reference": Reference, "voice": Voice}
"""What a `Use` can name. Each has a page whose address has the same name."""

_PILLS = (
    ("approved", "ok", "check", "approved"),
    ("changes", "warn", "pencil", "to change"),
    ("rejected", "bad", "x", "rejected"),
    ("waiting", "", "", "to review"),
)
_END = UUID(int=2**128 - 1)


@dataclass(frozen=True, slots=True)
class Used:
    """outputs: the newest. count: how many there are. more_url: the page with all of them, empty where these are all. spend: one text for
    each service and unit, of everything made with it. decisions: how many outputs stand approved, changes, rejected, waiting (ready and
    not decided)."""

    outputs: list[Output]
    count: int = 0
    more_url: str = ""
    spend: list[str] = field(default_factory=list)
    decisions: dict[str, int] = field(default_factory=dict)

    @property
    def count_words(self) -> str:
        return f"{self.count:,}"

    @property
    def pills(self) -> list[tuple[str, str, str]]:
        """The decisions as pills: look, icon, words. Those that nobody made are left out."""
        return [
            (look, icon, f"{self.decisions[key]:,} {word}")
            for key, look, icon, word in _PILLS
            if self.decisions.get(key)
        ]


def used_in(request: MemberRequest, object_kind: str, object_id: UUID) -> Used:
    """What this person may see of its use, in whichever workspace. Three queries, whatever was made. Whoever calls has checked that the
    thing itself may be seen."""
    rows = _outputs(request, object_kind, object_id)
    outputs = list(with_tiles(rows.filter(pk__lt=_END)).order_by("-pk")[:SHOWN])
    counts = _counts(rows)
    count = counts.pop("count")
    more = reverse("used", args=[object_kind, object_id]) if count > len(outputs) else ""
    return Used(outputs, count, more, _spend(request, object_kind, object_id), counts)


def _uses(request: MemberRequest, kind: str, pk: UUID) -> QuerySet[Use]:
    return Use.objects.seen_by(request.membership).filter(object_kind=kind, object_id=pk)


def _outputs(request: MemberRequest, kind: str, pk: UUID) -> QuerySet[Output]:
    rows = Output.objects.seen_by(request.membership).filter(deleted_at=None)
    return rows.filter(generation__in=_uses(request, kind, pk).values("generation"))


def _counts(rows: QuerySet[Output]) -> dict[str, int]:
    ready = Q(state=OutputState.READY)
    counts: dict[str, int] = rows.aggregate(
        count=Count("pk"),
        approved=Count("pk", filter=Q(verdict=Verdict.APPROVED)),
        changes=Count("pk", filter=Q(verdict=Verdict.CHANGES)),
        rejected=Count("pk", filter=Q(verdict=Verdict.REJECTED)),
        waiting=Count("pk", filter=ready & Q(verdict=Verdict.NONE)),
    )
    return counts


def _spend(request: MemberRequest, kind: str, pk: UUID) -> list[str]:
    """The ledger's last word on each generation, summed by service and unit; what nobody told is said, never counted as 0."""
    later = LedgerEntry.objects.filter(generation=OuterRef("generation"), id__gt=OuterRef("id"))
    rows = LedgerEntry.objects.seen_by(request.membership).exclude(Exists(later))
    rows = rows.filter(generation__in=_uses(request, kind, pk).values("generation"))
    sums = rows.order_by().values_list("provider", "unit", "kind").annotate(Sum("amount"), Count("id"), Count("amount"))
    of: dict[Source, dict[str, tuple[Decimal, int]]] = defaultdict(dict)
    for provider, unit, entry, amount, count, told in sums:
        of[provider, unit][entry] = (amount or Decimal(0), count - told)
    return [text for source in sorted(of) for text in _words(source, of[source])]


def _words(source: Source, entries: dict[str, tuple[Decimal, int]]) -> list[str]:
    """`["120 credits at VideoGen", "8 credits at VideoGen set aside"]`."""
    provider, unit = source
    where = f"at {PROVIDERS[provider][0]}" if provider in PROVIDERS else ""
    nothing = (Decimal(0), 0)
    spent = entries.get(EntryKind.SETTLE, nothing)[0]
    held = entries.get(EntryKind.HOLD, nothing)[0]
    maybe, untold = entries.get(EntryKind.UNKNOWN, nothing)
    texts = []
    if spent:
        texts.append(f"{'at least ' if untold else ''}{plain(spent)} {unit} {where}")
    elif untold:
        texts.append(f"{NOT_TOLD.lower()} {where}")
    if maybe:
        texts.append(f"{plain(maybe)} {unit} {where} may have been charged")
    if held:
        texts.append(f"{plain(held)} {unit} {where} set aside")
    return [text[:1].upper() + text[1:] for text in texts]


@require_safe
@member
def used(request: MemberRequest, object_kind: str, object_id: UUID) -> HttpResponseBase:
    """Everything made with one thing, newest first. `?before=` is the id of the last one shown."""
    model = KINDS.get(object_kind)
    thing = model.objects.seen_by(request.membership).filter(pk=object_id).first() if model else None
    if thing is None:
        raise Http404("No such thing.")
    before = as_uuid(request.GET.get("before"))
    rows = _outputs(request, object_kind, object_id).filter(pk__lt=before or _END)
    found = list(with_tiles(rows).order_by("-pk")[: PAGE + 1])
    shown = found[:PAGE]
    more = f"{request.path}?before={shown[-1].pk}" if len(found) > PAGE else ""
    partial = bool(request.htmx) and not request.htmx.history_restore_request and before is not None
    context = {
        "thing": thing,
        "kind": object_kind,
        "outputs": shown,
        "more": more,
        "before": before,
    }
    response = render(request, "library/_used_tiles.html" if partial else "library/used.html", context)
    patch_vary_headers(response, ("HX-Request",))
    return response


urlpatterns: list[URLPattern] = [path("library/<slug:object_kind>/<uuid:object_id>/used/", used, name="used")]
