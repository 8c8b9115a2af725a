"""The built-in inspirations of connected services, beside those that the team saved."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_safe

from studio.engine.offers import team_offers
from studio.models import CatalogueItem, ConnectionState
from studio.providers import PROVIDERS
from studio.tools import all_tools
from studio.tools.fields import widget_of

from .access import MemberRequest, member
from .filters import as_uuid

PAGE = 60


@dataclass(frozen=True, slots=True)
class Preset:
    """form: where something is made with it; empty where no tool takes it."""

    item: CatalogueItem
    made_by: str
    template: str
    form: str


@require_safe
@member
def references_presets(request: MemberRequest) -> HttpResponseBase:
    """By name; `?q=` part of one, `?after=` the name and id of the last one shown."""
    query = request.GET.get("q", "").replace("\x00", "")[:80]
    rows = _rows(request)
    exist = rows.exists()
    if query:
        rows = rows.filter(search_text__contains=query.lower())
    after = as_uuid(request.GET.get("after"))
    last = rows.filter(pk=after).first() if after else None
    if last:
        rows = rows.filter(title__gt=last.title) | rows.filter(title=last.title, pk__gt=last.pk)
    found = list(rows.select_related("connection").order_by("title", "pk")[: PAGE + 1])
    more = urlencode({"q": query, "after": str(found[PAGE - 1].pk)}) if len(found) > PAGE else ""
    forms = _forms(request) if found else {}
    titles = _titles(request) if found else {}
    context = {
        "presets": [_preset(row, forms, titles) for row in found[:PAGE]],
        "query": query,
        "more": more,
        "exist": exist,
        "tab": "presets",
    }
    return render(request, "references/presets.html", context)


def _rows(request: MemberRequest) -> QuerySet[CatalogueItem]:
    return CatalogueItem.objects.filter(
        team=request.membership.team_id, kind="preset", gone_at=None, connection__state=ConnectionState.ACTIVE
    )


def _forms(request: MemberRequest) -> dict[tuple[str, str], str]:
    """(provider, template) -> the form whose offer makes with that template; (provider, "") where any will do."""
    found: dict[tuple[str, str], str] = {}
    if not request.membership.may_create:
        return found
    for tool in all_tools().values():
        if not any(widget_of(info.metadata).name == "preset" for info in tool.Inputs.model_fields.values()):
            continue
        for offered in team_offers(request.membership.team_id, tool.slug):
            offer = offered.offer
            if offered.connection is None or not offer.takes_input("preset"):
                continue
            slug = str(offer.wire.get("template_slug") or offer.wire.get("model_slug") or "")
            url = f"{reverse('create_tool', args=[tool.slug])}?{urlencode({'offer': offer.key})}"
            found.setdefault((offer.provider, slug), url)
            found.setdefault((offer.provider, ""), url)
    return found


def _titles(request: MemberRequest) -> dict[str, str]:
    """What templates are called by their services, by their slugs."""
    rows = CatalogueItem.objects.filter(team=request.membership.team_id, kind="target", gone_at=None)
    return dict(rows.values_list("remote_id", "title"))


def _preset(row: CatalogueItem, forms: dict[tuple[str, str], str], titles: dict[str, str]) -> Preset:
    provider = row.connection.provider
    slug = str(row.data.get("template_slug") or "")
    form = forms.get((provider, slug)) or ("" if slug else forms.get((provider, ""), ""))
    start = f"{form}&{urlencode({'preset': f'{provider}:{row.remote_id}'})}" if form else ""
    return Preset(row, PROVIDERS[provider][0], titles.get(slug, slug.replace("-", " ").capitalize()), start)


urlpatterns: list[URLPattern] = [path("references/presets/", references_presets, name="references_presets")]
