"""Voices: the list, and what is done to one from there: keep, favourite, archive."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from studio.engine import theirs
from studio.models import CatalogueItem, Voice, VoiceKind
from studio.speech.voices import LocalVoice, find

from . import voices_make, voices_page
from .access import MemberRequest, creator, member
from .answers import back, tell
from .devices import with_microphone
from .voices_filters import WHERE, Filters, choices, matching_ours, matching_theirs, ours, read_ours, read_theirs
from .voices_filters import theirs as listed
from .voices_make import find_voice, panel_context
from .voices_rows import Row, own_rows, server_rows, their_rows


@require_safe
@member
def voices(request: MemberRequest) -> HttpResponseBase:
    """The list, newest first; what services list, by name. Filters stand in the URL; scripts get the next page with `?after=`."""
    filters = Filters.of(request.GET)
    after = request.GET.get("after")
    rows, last = _read(request, filters, after)
    more = "&".join(filter(None, (filters.query, f"after={last}"))) if last else ""
    partial = bool(request.htmx) and not request.htmx.history_restore_request
    context: dict[str, Any] = {"filters": filters, "rows": rows, "more": more, "after": after}
    if partial and after:
        response = render(request, "voices/_more.html", context)
    else:
        context |= _around(request, filters)
        if not partial:
            context |= panel_context(request) if request.membership.may_create else {}
        response = render(request, "voices/_results.html" if partial else "voices/list.html", context)
    patch_vary_headers(response, ("HX-Request",))
    return with_microphone(response)


def _read(request: MemberRequest, filters: Filters, after: str | None) -> tuple[list[Row], str]:
    if filters.where == "library":
        items, last = read_theirs(matching_theirs(listed(request.membership), filters), after)
        return their_rows(items), last
    own = ours(request.membership, request.workspace, filters.where)
    found, last = read_ours(matching_ours(own, filters), after)
    rows = own_rows(request, found)
    if filters.where == "local" and not last:
        rows += server_rows(request, filters)
    return rows, last


def _around(request: MemberRequest, filters: Filters) -> dict[str, Any]:
    return {
        "tabs": [(title, Filters(where=key).query, key == filters.where) for key, title in WHERE.items()],
        "choices": choices(request, filters),
        "favourite_query": filters.but(favourite="" if filters.favourite else "1"),
        "archived_query": filters.but(archived="" if filters.archived else "1"),
        "text_query": filters.but(q=""),
    }


@require_POST
@creator
def voice_keep(request: MemberRequest) -> HttpResponseBase:
    """One that a service lists (`item`), or one of this server (`name`), becomes one of ours. Pressed again it is only found; one that was
    archived comes back."""
    here = find(request.POST["name"]) if request.POST.get("name") else None
    if here:
        return _kept(request, _local(request, here), f"{here.title} is one of your voices now.")
    item = _item(request)
    try:
        brought = theirs.bring(request.membership, request.workspace, item.connection, item)
    except theirs.Trouble as trouble:
        return _told(request, str(trouble), bad=True)
    Voice.objects.filter(pk=brought.here.object_id).update(archived_at=None)
    text = " ".join((f"{brought.here.name} is one of your voices now.", *brought.notes))
    return _kept(request, brought.here.object_id, text)


def _kept(request: MemberRequest, voice_id: UUID, text: str) -> HttpResponseBase:
    if not request.htmx:
        messages.success(request, text)
        return redirect("voice", voice_id)
    row = find_voice(request, voice_id)
    response = render(request, "voices/_row.html", {"row": own_rows(request, [row])[0], "filters": Filters()})
    return tell(response, text)


def _local(request: MemberRequest, here: LocalVoice) -> UUID:
    """The one row that a voice of this server can have in a workspace, however often and at once it is asked for."""
    row, _ = Voice.objects.update_or_create(
        pk=uuid5(request.workspace.pk, here.reference),
        defaults={"archived_at": None},
        create_defaults={
            "team_id": request.membership.team_id,
            "workspace": request.workspace,
            "name": here.title,
            "kind": VoiceKind.LOCAL,
            "local_name": here.name,
            "language": here.language,
            "gender": here.gender,
            "style": here.style[:40],
            "created_by": request.user,
        },
    )
    return row.pk


def _item(request: MemberRequest) -> CatalogueItem:
    try:
        pk = UUID(request.POST.get("item", ""))
    except ValueError:
        raise Http404 from None
    rows = CatalogueItem.objects.filter(team=request.membership.team_id, kind="voice", gone_at=None)
    found = rows.select_related("connection__team").filter(pk=pk).first()
    if found is None:
        raise Http404("No such voice.")
    return found


@require_POST
@creator
def voice_star(request: MemberRequest, voice_id: UUID) -> HttpResponseBase:
    found = find_voice(request, voice_id)
    found.is_favourite = request.POST.get("favourite") == "1"
    found.save(update_fields=("is_favourite",))
    if request.htmx:
        return render(request, "voices/_star.html", {"voice": found})
    return back(request, reverse("voices"))


@require_POST
@creator
def voice_archive(request: MemberRequest, voice_id: UUID) -> HttpResponseBase:
    """Puts a voice away. What was made with it stays as it is; it is not offered any more."""
    found = find_voice(request, voice_id)
    if found.archived_at is None:
        found.archived_at = timezone.now()
        found.save(update_fields=("archived_at",))
    undo = reverse("voice_restore", args=[found.pk])
    return _moved(request, found, f"{found.name} is archived.", undo)


@require_POST
@creator
def voice_restore(request: MemberRequest, voice_id: UUID) -> HttpResponseBase:
    found = find_voice(request, voice_id)
    found.archived_at = None
    found.save(update_fields=("archived_at",))
    return _moved(request, found, f"{found.name} is back.", "")


def _moved(request: MemberRequest, found: Voice, text: str, undo: str) -> HttpResponseBase:
    """From the list (`?on=row`) the row goes; on its own page the page comes anew. A toast's Undo loads the page again."""
    if request.htmx and request.GET.get("on") == "row":
        return tell(HttpResponse(), text, undo=undo)
    messages.success(request, text)
    if request.htmx:
        return HttpResponseClientRedirect(reverse("voice", args=[found.pk])) if undo else HttpResponse()
    return redirect("voice", found.pk)


def _told(request: MemberRequest, text: str, *, bad: bool) -> HttpResponseBase:
    if request.htmx:
        response = tell(HttpResponse(status=200), text, bad=bad)
        response["HX-Reswap"] = "none"
        return response
    (messages.error if bad else messages.success)(request, text)
    return back(request, reverse("voices"))


urlpatterns: list[URLPattern] = [
    path("voices/", voices, name="voices"),
    path("voices/keep", voice_keep, name="voice_keep"),
    *voices_make.urlpatterns,
    path("voices/<uuid:voice_id>/star", voice_star, name="voice_star"),
    path("voices/<uuid:voice_id>/archive", voice_archive, name="voice_archive"),
    path("voices/<uuid:voice_id>/restore", voice_restore, name="voice_restore"),
    *voices_page.urlpatterns,
]
