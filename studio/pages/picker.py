"""The picker: one drawer in which every form looks for files, people, voices and styles. Scripts open it; without them a field's own list
and its "From your work" do the same."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from studio.engine.theirs import Trouble

from .access import MemberRequest, creator
from .picker_field import LINK, THEIR, Wanted, tabs, wanted
from .picker_shelves import Shelf, shelf
from .picker_theirs import Place, brought, place_at, places, their_shelf

_LONGEST_KEY = 2000


@require_GET
@creator
def picker(request: MemberRequest) -> HttpResponseBase:
    """The drawer for the field that the query names (see `wanted`), open at `?tab=`. It never waits for a service."""
    field = wanted(request)
    services = places(request.membership, field)
    found = tabs(field, [it.title for it in services])
    asked = request.GET.get("tab", "")
    waits = field.is_media and asked == THEIR
    tab = asked if asked in [it.key for it in found] and not waits else found[0].key
    context = {
        "wanted": field,
        "tabs": found,
        "tab": tab,
        "services": services,
        "shelf": _shelf(request, field, tab, services),
    }
    return render(request, "picker/drawer.html", context)


@require_GET
@creator
def picker_items(request: MemberRequest) -> HttpResponseBase:
    """One page of a tab: `?tab=`, narrowed by `?q=` and `?kind=`, files at a service by `?at=`; `?before=` is the key of the next page,
    whose items alone are sent."""
    field = wanted(request)
    tab = request.GET.get("tab", "")
    services = places(request.membership, field) if tab == THEIR else []
    if tab not in [it.key for it in tabs(field, [it.title for it in services])]:
        raise Http404
    before = request.GET.get("before", "")[:_LONGEST_KEY]
    context = {"wanted": field, "tab": tab, "shelf": _shelf(request, field, tab, services, before)}
    return render(request, "picker/_items.html" if before else "picker/_shelf.html", context)


def _shelf(request: MemberRequest, field: Wanted, tab: str, services: Sequence[Place], before: str = "") -> Shelf:
    if tab == LINK:
        return Shelf(())
    words, kind = " ".join(request.GET.get("q", "").replace("\x00", " ")[:100].split()), request.GET.get("kind", "")
    if tab == THEIR and field.is_media:
        return their_shelf(request, field, place_at(services, request.GET.get("at", "")), words, kind, before)
    return shelf(request, field, tab, words, kind, before)


@require_POST
@creator
def picker_bring(request: MemberRequest) -> HttpResponseBase:
    """The file `id` at the service `at`, into the library, for the field that the form names: the drawer's item of it, or 422 with
    {"error": sentence}. Once, however often it is asked."""
    field = wanted(request)
    place = place_at(places(request.membership, field), request.POST.get("at", ""))
    remote_id = request.POST.get("id", "")[:200]
    if not remote_id:
        raise Http404
    try:
        item, notes = brought(request, field, place, remote_id)
    except Trouble as trouble:
        return JsonResponse({"error": str(trouble)}, status=422)
    return render(request, "picker/_item.html", {"item": item, "wanted": field, "notes": notes})


urlpatterns = [
    path("picker/", picker, name="picker"),
    path("picker/items/", picker_items, name="picker_items"),
    path("picker/bring/", picker_bring, name="picker_bring"),
]
