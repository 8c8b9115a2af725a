"""The picker: one drawer in which every form looks for files, people, voices and styles. Scripts open it; without them a field's own list
and its "From your work" do the same."""

from __future__ import annotations

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from .access import MemberRequest, creator
from .picker_field import LINK, Wanted, tabs, wanted
from .picker_shelves import Shelf, shelf


@require_GET
@creator
def picker(request: MemberRequest) -> HttpResponseBase:
    """The drawer for the field that the query names (see `wanted`), open at `?tab=`."""
    field = wanted(request)
    found = tabs(field)
    asked = request.GET.get("tab", "")
    tab = asked if asked in [it.key for it in found] else found[0].key
    context = {"wanted": field, "tabs": found, "tab": tab, "shelf": _shelf(request, field, tab)}
    return render(request, "picker/drawer.html", context)


@require_GET
@creator
def picker_items(request: MemberRequest) -> HttpResponseBase:
    """One page of a tab: `?tab=`, narrowed by `?q=` and `?kind=`; `?before=` is the key of the next page, whose items alone are sent."""
    field = wanted(request)
    tab = request.GET.get("tab", "")
    if tab not in [it.key for it in tabs(field)]:
        raise Http404
    before = request.GET.get("before", "")[:600]
    context = {"wanted": field, "tab": tab, "shelf": _shelf(request, field, tab, before)}
    return render(request, "picker/_items.html" if before else "picker/_shelf.html", context)


def _shelf(request: MemberRequest, field: Wanted, tab: str, before: str = "") -> Shelf:
    if tab == LINK:
        return Shelf(())
    words, kind = request.GET.get("q", "")[:100], request.GET.get("kind", "")
    return shelf(request, field, tab, words, kind, before)


urlpatterns = [
    path("picker/", picker, name="picker"),
    path("picker/items/", picker_items, name="picker_items"),
]
