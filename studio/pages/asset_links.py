"""`/assets/link/`: a file from a pasted address, brought into the library as an upload is."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from config.storage import StorageAway
from studio.engine import bells
from studio.media.decode import workplace
from studio.media.errors import MediaRefused
from studio.media.ingest import Ingested, ingest_file
from studio.media.web import fetch_from_web
from studio.models import Kind

from .access import MemberRequest, creator
from .picker_field import Wanted, wanted
from .picker_shelves import item_of
from .toolforms.held import held_asset


@require_POST
@creator
def asset_link(request: MemberRequest) -> HttpResponseBase:
    """The file at `url`, for the field that the form names (see `picker_field.wanted`); of a kind that the field takes.

    Scripts get the field's card, or with `for=picker` the drawer's, or 422 with {"error": sentence}; a plain form goes back to where it
    came from, with a message.
    """
    field = wanted(request)
    try:
        taken = _taken(request, field)
    except (MediaRefused, StorageAway) as refusal:
        if not request.htmx:
            messages.error(request, str(refusal))
            return _back(request)
        return JsonResponse({"error": str(refusal)}, status=422)
    notes = (*taken.notes, *(("It was already in your library.",) if taken.known else ()))
    if not request.htmx:
        messages.success(request, " ".join([f"{taken.asset.original_name} is in your library.", *notes]))
        return _back(request)
    if request.POST.get("for") == "picker":
        context = {"item": item_of(taken.asset), "wanted": field, "notes": notes}
        return HttpResponse(render_to_string("picker/_item.html", context, request=request))
    card = {"name": field.name, "card": held_asset(taken.asset), "notes": notes}
    return HttpResponse(render_to_string("create/_thumb.html", card))


def _taken(request: MemberRequest, field: Wanted) -> Ingested:
    accept = [Kind(kind) for kind in field.kinds]
    if not accept:
        raise MediaRefused("Nothing can be added to this field by its address. Pick something from the list.")
    with workplace() as folder:
        file = fetch_from_web(request.POST.get("url", ""), folder, accept)
        taken = ingest_file(request.membership, request.workspace, file, accept=accept)
    if not taken.known or not taken.asset.preview_small:
        bells.ring_previews(taken.asset.pk)
    return taken


def _back(request: MemberRequest) -> HttpResponseBase:
    to = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure())
    return redirect(to if safe else "gallery")


urlpatterns = [path("assets/link/", asset_link, name="asset_link")]
