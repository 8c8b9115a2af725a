"""Parts of a tool's form that come and go by themselves: one field after a small step, a file, a search in choices."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from studio.engine import their_sounds
from studio.media import samples
from studio.media.uploads import refused_uploads
from studio.models import CatalogueItem
from studio.tools import Tool, get_tool

from .access import MemberRequest, creator, member
from .toolforms import held, uploads
from .toolforms.around import template_of
from .toolforms.lines import widget_at
from .toolforms.offered import picked
from .toolforms.page import page_context
from .toolforms.sent import parsed
from .toolforms.steps import stepped
from .toolforms.things import THEIRS, things


@require_POST
@creator
def create_field(request: MemberRequest, slug: str, place: str) -> HttpResponseBase:
    """One field as it stands after the small step `do`."""
    tool, _ = _at(slug, place)
    choice = picked(request.membership, tool, request.POST.get("offer", "")[:200])
    step = request.POST.get("do", "")[:2500]
    form = stepped(parsed(tool, request.POST, choice.offer), step or "show")
    context = page_context(request, form, choice)
    bound = context["form"].find(place)
    if bound is None:
        raise Http404
    return render(request, bound.template, context | {"field": bound})


@require_POST
@creator
def create_upload(request: MemberRequest, slug: str, place: str) -> HttpResponseBase:
    """One file (`file`) for one field: its card, or 422 (413 when too large) with one sentence."""
    _, widget = _at(slug, place)
    if not held.kinds_of(widget):
        raise Http404
    answers = uploads.take(request, "file", widget)
    cards = [it for it in answers if it.asset]
    if not cards:
        said = " ".join(it.sentence for it in answers) or "No file was sent. Choose one and try again."
        too_large = bool(refused_uploads(request))
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE if too_large else HTTPStatus.UNPROCESSABLE_ENTITY
        return JsonResponse({"error": said}, status=status)
    html = [
        render_to_string("create/_thumb.html", {"name": place, "card": held.held_asset(it.asset), "notes": it.notes})
        for it in cards
        if it.asset
    ]
    return HttpResponse("".join(html))


@require_GET
@creator
def create_things(request: MemberRequest, slug: str, place: str) -> HttpResponseBase:
    """The people, voices or styles that fit `?find-<field>=`, and what is chosen."""
    tool, widget = _at(slug, place)
    if widget not in THEIRS:
        raise Http404
    choice = picked(request.membership, tool, request.GET.get("offer", "")[:200])
    words = request.GET.get(f"find-{place}", "")[:100]
    selected = request.GET.getlist(place)[:50]
    form = parsed(tool, request.GET, choice.offer)
    template = template_of(form, choice)
    found = things(request.membership, request.workspace, widget, choice.chosen, selected, words, template)
    bound = form.find(place)
    if bound is None:
        raise Http404
    return render(request, "fields/_things.html", {"field": bound, "things": found, "tool": tool})


@require_GET
@member
def create_sample(request: MemberRequest, item_id: UUID, what: str) -> HttpResponseBase:
    """The picture or sound of something in a service's catalogue, fetched once through the address-checking client and kept.

    204 where it cannot be had: a tile shows its initials then, and no browser reports an error.
    """
    if what not in samples.KINDS:
        raise Http404
    item = get_object_or_404(CatalogueItem, pk=item_id, team=request.membership.team_id)
    sample = samples.sample(item, what)
    if sample is None:
        return HttpResponse(status=204, headers={"Cache-Control": f"private, max-age={samples.LOOK_AGAIN_SECONDS}"})
    if what == "sound":
        their_sounds.ring_unheard(item, sample)
    response = HttpResponse(sample.data, content_type=sample.media_type)
    response["Cache-Control"] = "private, max-age=86400"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _at(slug: str, place: str) -> tuple[Tool, str]:
    """The tool, and the widget of its field or row member. 404 for neither."""
    tool = get_tool(slug)
    widget = widget_at(tool, place) if tool else ""
    if tool is None or not widget:
        raise Http404
    return tool, widget


urlpatterns = [
    path("create/<slug:slug>/field/<str:place>", create_field, name="create_field"),
    path("create/<slug:slug>/upload/<str:place>", create_upload, name="create_upload"),
    path("create/<slug:slug>/things/<str:place>", create_things, name="create_things"),
    path("create/sample/<uuid:item_id>/<str:what>", create_sample, name="create_sample"),
]
