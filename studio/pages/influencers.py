"""Influencers: the list with who lives at a service beside it, a page for each, and bringing one from a service."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from studio.engine import people_sync
from studio.models import CatalogueItem, ConnectionState, Influencer, Readiness

from . import influencers_cards, influencers_new, influencers_photos
from .access import MemberRequest, creator, member
from .brand_fields import printable
from .filters import as_uuid
from .influencers_library import PAGE, THEIRS_AT_FIRST, after, find_influencer, people, their_rows, theirs, visible
from .influencers_page import page_answer, page_context

SHOWS = ("", "archived", "theirs")
ENDED = {Readiness.READY: "{} is ready: make pictures with them.", Readiness.FAILED: "The training of {} failed."}


@require_safe
@member
def influencers(request: MemberRequest) -> HttpResponseBase:
    """The people of this workspace, newest first, and who only lives at a service. `?q=` part of a name; `?show=archived|theirs`;
    `?before=` the id of the last one shown (`?after=` of a service's)."""
    query = printable(request.GET.get("q", ""))[:80]
    show = request.GET.get("show", "")
    show = show if show in SHOWS else ""
    if show == "theirs" and not request.membership.may_create:
        show = ""
    context = {"query": query, "show": show} | (
        _theirs(request, query) if show == "theirs" else _ours(request, query, show)
    )
    response = render(request, "influencers/list.html", context)
    patch_vary_headers(response, ("HX-Request",))
    return response


def _ours(request: MemberRequest, query: str, show: str) -> dict[str, Any]:
    every = visible(request.membership, request.workspace)
    rows = every.filter(archived_at__isnull=show != "archived")
    rows = rows.filter(name__icontains=query) if query else rows
    before = as_uuid(request.GET.get("before"))
    shown = rows.filter(pk__lt=before) if before else rows
    found = list(shown.select_related("face").order_by("-pk")[: PAGE + 1])
    beside: dict[str, Any] = {}
    if not show and before is None and request.membership.may_create:
        items = list(their_rows(request.membership.team_id, query)[: THEIRS_AT_FIRST + 1])
        beside = {"theirs": theirs(items[:THEIRS_AT_FIRST]), "theirs_more": len(items) > THEIRS_AT_FIRST}
    more = _more(query, show, before=found[PAGE - 1].pk) if len(found) > PAGE else ""
    return beside | {
        "people": people(request, found[:PAGE]),
        "more": more,
        "archived_exist": show == "archived" or every.filter(archived_at__isnull=False).exists(),
        "searchable": bool(query) or before is not None or len(found) > 8 or bool(beside.get("theirs_more")),
        "later": before is not None,
    }


def _theirs(request: MemberRequest, query: str) -> dict[str, Any]:
    last = as_uuid(request.GET.get("after"))
    items = list(after(their_rows(request.membership.team_id, query), last)[: PAGE + 1])
    more = _more(query, "theirs", after=items[PAGE - 1].pk) if len(items) > PAGE else ""
    return {"theirs": theirs(items[:PAGE]), "more": more, "searchable": True, "later": last is not None}


def _more(query: str, show: str, **place: UUID) -> str:
    return "?" + urlencode({key: str(value) for key, value in {"q": query, "show": show, **place}.items() if value})


@require_safe
@member
def influencer(request: MemberRequest, influencer_id: UUID) -> HttpResponseBase:
    """The page; a script that waits for something of it (`?part=1`) gets its parts, or its tile (`?part=tile`)."""
    row = find_influencer(request, influencer_id)
    part = request.GET.get("part", "") if request.htmx and not request.htmx.history_restore_request else ""
    if part == "tile":
        return render(request, "influencers/_tile.html", {"person": people(request, [row])[0]})
    if part:
        context = page_context(request, row)
        came = [str(photo.asset.pk) for photo in context["photos"]] != request.GET.getlist("known")
        over = request.GET.get("was") == Readiness.TRAINING != row.readiness
        response = render(request, "influencers/_waited.html", context | {"came": came, "over": over})
        said = ENDED[Readiness(row.readiness)].format(row.name) if over else ""
        return trigger_client_event(response, "toast", {"text": said}) if said else response
    return page_answer(request, row)


@require_POST
@creator
def influencer_import(request: MemberRequest) -> HttpResponseBase:
    """Brings somebody (`item`, of the catalogue) from a service into this workspace. Free, and only once."""
    rows = CatalogueItem.objects.filter(team=request.membership.team_id, kind=people_sync.KIND, gone_at=None)
    item = get_object_or_404(rows, pk=as_uuid(request.POST.get("item")), connection__state=ConnectionState.ACTIVE)
    try:
        done = people_sync.import_person(request.membership, request.workspace, item)
    except people_sync.BeingMade as error:
        messages.info(request, str(error))
        return redirect("influencers")
    if not Influencer.objects.seen_by(request.membership).filter(pk=done.influencer.pk).exists():
        messages.info(
            request, f"{item.title} is in another workspace of your team already. Ask an admin for access to it."
        )
        return redirect("influencers")
    messages.success(
        request, f"{item.title} is in your library." if done.created else f"{item.title} was here already."
    )
    return redirect("influencer", done.influencer.pk)


@require_POST
@creator
def influencer_archive(request: MemberRequest, influencer_id: UUID) -> HttpResponseBase:
    """Puts somebody away. What was made with them stays; they are not offered any more."""
    row = find_influencer(request, influencer_id)
    if row.archived_at is None:
        row.archived_at = timezone.now()
        row.save(update_fields=("archived_at",))
    undo = {"label": "Undo", "post": reverse("influencer_restore", args=[row.pk])}
    return _moved(request, row, f"{row.name} is archived.", undo)


@require_POST
@creator
def influencer_restore(request: MemberRequest, influencer_id: UUID) -> HttpResponseBase:
    row = find_influencer(request, influencer_id)
    row.archived_at = None
    row.save(update_fields=("archived_at",))
    return _moved(request, row, f"{row.name} is back.", None)


def _moved(request: MemberRequest, row: Influencer, sentence: str, undo: dict[str, str] | None) -> HttpResponseBase:
    if request.htmx and undo:
        response = render(request, "influencers/_body.html", page_context(request, row) | {"acted": True})
        return trigger_client_event(response, "toast", {"text": sentence, "action": undo, "id": "influencer"})
    messages.success(request, sentence)
    # No trigger in the answer: a toast's Undo then loads the page again, which shows the message.
    return HttpResponse() if request.htmx else redirect("influencer", row.pk)


urlpatterns = [
    path("influencers/", influencers, name="influencers"),
    *influencers_new.urlpatterns,
    *influencers_photos.urlpatterns,
    path("influencers/import", influencer_import, name="influencer_import"),
    path("influencers/<uuid:influencer_id>/", influencer, name="influencer"),
    path("influencers/<uuid:influencer_id>/archive", influencer_archive, name="influencer_archive"),
    path("influencers/<uuid:influencer_id>/restore", influencer_restore, name="influencer_restore"),
    *influencers_cards.urlpatterns,
]
