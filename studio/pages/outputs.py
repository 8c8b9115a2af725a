"""One output: its tile, its page, its file, and that somebody has opened it."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from studio.engine.review import mark_opened
from studio.media import naming
from studio.media.downloads import FORMATS, download_response
from studio.media.errors import MediaRefused
from studio.models import Output, OutputState

from . import decisions, details, remaking, selection, trash
from .access import MemberRequest, member
from .filters import Filters
from .rows import here, seen_output, with_tiles

TILES = {
    "": "outputs/_tile.html",
    "wall": "outputs/_tile.html",
    "trash": "outputs/_tile.html",
    "tray": "outputs/_tray_row.html",
}


@require_safe
@member
def output_tile(request: MemberRequest, output_id: UUID) -> HttpResponseBase:
    """The tile as it is now, for where it stands (`?on=` wall, tray, trash; else alone). Empty where it has gone: the swap removes it."""
    on = request.GET.get("on", "")
    rows = Output.objects.seen_by(request.membership).filter(pk=output_id)
    output = with_tiles(rows).first()
    in_trash = on == "trash"
    if output is None or (output.deleted_at is not None) != in_trash:
        return HttpResponse()
    if on == "tray" and output.state != OutputState.WAITING:
        return HttpResponse()
    filters = Filters.of(request.GET) if on == "wall" else None
    template = "outputs/_row.html" if filters and filters.view == "list" else TILES.get(on, TILES[""])
    fresh = output.state == OutputState.READY and output.opened_at is None
    return render(request, template, {"output": output, "filters": filters, "fresh": fresh})


@require_safe
@member
def output_page(request: MemberRequest, output_id: UUID) -> HttpResponseBase:
    """The viewer, in any state; scripts get its changing parts. `?` carries the gallery's filters, for previous and next."""
    output = seen_output(request, output_id)
    filters = Filters.of(request.GET)
    context = details.of_output(request, output) | {"filters": filters}
    partial = bool(request.htmx) and not request.htmx.history_restore_request
    if partial and request.GET.get("on") != "page":
        # It was being made when the page was drawn; the stage, the panel and their scripts start anew with the result.
        return HttpResponseClientRefresh() if output.state != OutputState.WAITING else HttpResponse(status=204)
    if not partial:
        newer, older = _neighbours(request, filters, output)
        context |= {"newer": newer, "older": older, "siblings": _same_brief(request, output)}
    response = render(request, "outputs/_live_parts.html" if partial else "outputs/output.html", context)
    patch_vary_headers(response, ("HX-Request",))
    return response


def _neighbours(request: MemberRequest, filters: Filters, output: Output) -> tuple[Output | None, Output | None]:
    """The next newer and the next older one that match the same filters."""
    rows = filters.of_outputs(here(request)).only("pk", "asset_id", "title")
    return rows.filter(pk__gt=output.pk).order_by("pk").first(), rows.filter(pk__lt=output.pk).order_by("-pk").first()


def _same_brief(request: MemberRequest, output: Output) -> QuerySet[Output]:
    rows = Output.objects.seen_by(request.membership).filter(
        generation__brief=output.generation.brief_id, deleted_at=None
    )
    shown = ("pk", "asset", "title", "ratio_label", "state", "kind")
    previews = ("asset__kind", "asset__media_type", "asset__preview_small")
    return rows.select_related("asset").order_by("generation__position", "position").only(*shown, *previews)


@require_safe
@member
def output_download(request: MemberRequest, output_id: UUID) -> HttpResponseBase:
    """The file as it is, or `?as=` png, jpg, webp, named as its brand names files, else after brand, title and shape."""
    output = seen_output(request, output_id)
    fmt = request.GET.get("as") or None
    if output.asset is None or (fmt and fmt not in FORMATS):
        raise Http404("There is no such file.")
    name = naming.download_name(output)
    try:
        return download_response(request, output.asset, name, fmt, is_safe=True)
    except MediaRefused as error:
        raise Http404(str(error)) from error


@require_POST
@member
def output_opened(request: MemberRequest, output_id: UUID) -> HttpResponseBase:
    """Somebody has looked at it: the tile says "New" no more."""
    if not Output.objects.seen_by(request.membership).filter(pk=output_id).exists():
        raise Http404("No such output.")
    mark_opened(request.membership, [output_id])
    return HttpResponse(status=204)


urlpatterns: list[URLPattern] = [
    path("outputs/<uuid:output_id>/", output_page, name="output"),
    path("outputs/<uuid:output_id>/tile", output_tile, name="output_tile"),
    path("outputs/<uuid:output_id>/download", output_download, name="output_download"),
    path("outputs/<uuid:output_id>/opened", output_opened, name="output_opened"),
    *selection.urlpatterns,
    *decisions.urlpatterns,
    *remaking.urlpatterns,
    *trash.urlpatterns,
]
