"""The gallery: everything made in this workspace, newest first. Filters stand in the URL, the next page is a key, never an offset."""

from __future__ import annotations

from django.contrib.staticfiles.finders import find
from django.http import HttpResponseBase
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import URLPattern, path
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from studio.engine import reach
from studio.models import Brand, OutputKind, OutputState
from studio.tools import all_tools

from .access import MemberRequest, member
from .filters import DECISIONS, Filters, Pill, as_uuid, pill
from .rows import PAGE, Page, cut_into_days, here, read_page, with_tiles


@require_safe
@member
def gallery(request: MemberRequest) -> HttpResponseBase:
    """The wall. Scripts get parts of it: `?before=` the next page, `?new=` (ids) or `?since=` (an id) what has come since."""
    filters = Filters.of(request.GET)
    partial = bool(request.htmx) and not request.htmx.history_restore_request
    if partial and ("new" in request.GET or "since" in request.GET):
        return _answer(request, "gallery/_days.html", {"filters": filters, "page": _new_ones(request, filters)})
    before = as_uuid(request.GET.get("before"))
    day = request.GET.get("day", "")[:10] if partial else ""
    page = read_page(request, filters, before, day)
    if partial and before:
        return _answer(request, "gallery/_more.html", {"filters": filters, "page": page})
    brands = list(reach.brands(request.membership, request.workspace.pk))
    context = {
        "filters": filters,
        "page": page,
        "before": before,
        "brands": brands,
        "brand": next((brand for brand in brands if str(brand.pk) == filters.brand), None),
        "choices": _choices(filters, brands),
        "star_query": filters.but(starred="" if filters.starred else "1"),
        "text_query": filters.but(q=""),
        "rows_query": filters.but(view=""),
        "list_query": filters.but(view="list"),
        "first_use": not page.days and not filters.narrows and before is None,
        "pictures": _pictures(page),
    }
    return _answer(request, "gallery/_results.html" if partial else "gallery/gallery.html", context)


def _answer(request: MemberRequest, template: str, context: dict[str, object]) -> HttpResponseBase:
    response = render(request, template, context)
    patch_vary_headers(response, ("HX-Request",))
    return response


def _new_ones(request: MemberRequest, filters: Filters) -> Page:
    """What matches among `?new=` (at most a page of ids), or among all that is newer than `?since=`."""
    rows = filters.of_outputs(here(request))
    since = as_uuid(request.GET.get("since"))
    if since:
        rows = rows.filter(pk__gt=since)
    else:
        ids = [pk for text in request.GET.get("new", "").split(",")[:PAGE] if (pk := as_uuid(text))]
        rows = rows.filter(pk__in=ids)
    return Page(list(cut_into_days(list(with_tiles(rows.order_by("-pk"))[:PAGE]))))


def _choices(filters: Filters, brands: list[Brand]) -> list[Pill]:
    made = {str(tool.makes) for tool in all_tools().values()}
    kinds = [(value, label) for value, label in OutputKind.choices if value in made]
    named = [(str(brand.pk), brand.name) for brand in brands]
    pills = [
        pill(filters.but, "kind", "Kind", "shapes", kinds, filters.kind),
        pill(filters.but, "brand", "Brand", "swatch-book", named, filters.brand),
        pill(filters.but, "state", "Status", "circle-dashed", OutputState.choices, filters.state),
        pill(filters.but, "decision", "Decision", "badge-check", list(DECISIONS.items()), filters.decision),
    ]
    return [one for one in pills if one.options or one.chosen]


def _pictures(page: Page) -> list[str]:
    """For the empty wall: what three of the templates look like."""
    if page.days:
        return []
    names = [f"img/templates/{name}.webp" for name in ("poster", "arch", "editorial")]
    return [static(name) for name in names if find(name)]


urlpatterns: list[URLPattern] = [path("", gallery, name="gallery")]
