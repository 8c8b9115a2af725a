"""How an action answers: scripts get the changed part with a toast, a plain form goes back to where it was with a message."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django_htmx.http import trigger_client_event

from studio.models import Output

from . import details
from .access import MemberRequest
from .filters import Filters
from .requests import own_path
from .rows import seen_output, with_tiles

Events = dict[str, dict[str, Any]]
"""What the page's scripts hear of, by name, with its detail."""


def answer(
    request: MemberRequest,
    output_id: UUID,
    text: str = "",
    *,
    undo: str = "",
    bad: bool = False,
    events: Events | None = None,
) -> HttpResponseBase:
    """The answer to an action on one output. text: what happened. undo: where a POST takes it back. events: told to the page's scripts."""
    if not request.htmx:
        if text:
            (messages.error if bad else messages.success)(request, text)
        return back(request, reverse("output", args=[output_id]))
    response = _part(request, output_id)
    return tell(response, text, undo=undo, bad=bad, events=events)


def tell(
    response: HttpResponse, text: str, *, undo: str = "", bad: bool = False, events: Events | None = None
) -> HttpResponse:
    """Adds a toast, and whatever else the page's scripts should hear of."""
    if text:
        toast: dict[str, Any] = {"text": text, "id": "output"}
        if bad:
            toast["kind"] = "bad"
        if undo:
            toast["action"] = {"label": "Undo", "post": undo}
        trigger_client_event(response, "toast", toast)
    for name, detail in (events or {}).items():
        trigger_client_event(response, name, detail)
    return response


def back(request: MemberRequest, fallback: str) -> HttpResponseBase:
    """To `next` of the form if it stays on this site, else to `fallback`."""
    return redirect(own_path(request, request.POST.get("next", "") or fallback))


def _part(request: MemberRequest, output_id: UUID) -> HttpResponse:
    """What stands where the action was pressed (`?on=`), as it is now. Empty where the output does not belong there any more."""
    on = request.GET.get("on", "")
    if on == "none":
        return HttpResponse(status=204)
    if on == "page":
        output = seen_output(request, output_id)
        return render(request, "outputs/_live_parts.html", details.of_output(request, output) | {"acted": True})
    found = with_tiles(Output.objects.seen_by(request.membership)).filter(pk=output_id).first()
    if found is None or (found.deleted_at is not None) != (on == "trash"):
        return HttpResponse()
    filters = Filters.of(request.GET) if on == "wall" else None
    template = "outputs/_row.html" if filters and filters.view == "list" else "outputs/_tile.html"
    return render(request, template, {"output": found, "filters": filters})
