"""References: the board of saved inspirations, and saving from a file, the clipboard, an address or an output."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from config.storage import StorageAway
from studio.engine import bells, references
from studio.engine.suggest import Target, find_target, targets
from studio.media.decode import workplace
from studio.media.errors import MediaRefused
from studio.media.ingest import Ingested, ingest_file
from studio.media.uploads import most_megabytes, refused_uploads, too_large
from studio.media.web import fetch_from_web
from studio.models import Asset, OutputState, Reference, Visibility

from . import reference_pages, references_cards, references_presets, references_there, references_waiting
from .access import MemberRequest, creator, member
from .answers import back, tell
from .filters import Pill, as_uuid, pill
from .references_cards import best_of, cards
from .references_filters import KINDS, SEEN_BY, SORTS, UNFILED, Filters, grouped, read_board, usable
from .references_rights import mine
from .rows import seen_output

MOST_FILES = 20
MOST_TICKED = 96
SUGGESTED = "suggested"
SAMPLES = ("candle", "flask-green", "jar")
"""What stands on an empty board, of `static/img/wall`."""


@require_safe
@member
def board(request: MemberRequest) -> HttpResponseBase:
    """The board, newest first. Filters stand in the URL; scripts get the next page with `?after=`."""
    filters = Filters.of(request.GET)
    rows = usable(request.membership, request.workspace)
    among = targets(request.membership)
    after = request.GET.get("after")
    page = read_board(rows, filters, after)
    partial = bool(request.htmx) and not request.htmx.history_restore_request
    context: dict[str, Any] = {
        "filters": filters,
        "cards": cards(page.references, among),
        "more": page.more,
        "after": after,
    }
    template = "references/_more.html" if partial and after else "references/_board.html"
    if not (partial and after):
        context |= _around(request, filters, among)
        if not partial:
            template = "references/board.html"
    response = render(request, template, context)
    patch_vary_headers(response, ("HX-Request",))
    return response


def _around(request: MemberRequest, filters: Filters, among: list[Target]) -> dict[str, Any]:
    waiting = usable(request.membership, request.workspace).filter(visibility=Visibility.ASKED, archived_at=None)
    target = find_target(among, filters.target)
    return {
        "choices": _choices(filters, among),
        "asks_there": request.membership.may_create and target is not None and target.made_by == "Videotok",
        "targets": grouped(among),
        "waiting": waiting.count() if not request.membership.may_manage else references_waiting.count(request),
        "archived_query": filters.but(archived="" if filters.archived else "1"),
        "text_query": filters.but(q=""),
        "max_upload_mb": most_megabytes(),
        "samples": [static(f"img/wall/{name}.webp") for name in SAMPLES],
        "tab": "saved",
    }


def _choices(filters: Filters, among: list[Target]) -> list[Pill]:
    filed = [(UNFILED, "Not filed yet"), *((target.key, target.title) for target in among)]
    sorts = [(key, label) for key, label in SORTS.items() if key]
    return [
        pill(filters.but, "kind", "Kind", "shapes", list(KINDS.items()), filters.kind),
        pill(filters.but, "target", "Filed under", "layout-template", filed, filters.target),
        pill(filters.but, "seen", "Seen by", "eye", list(SEEN_BY.items()), filters.seen),
        pill(filters.but, "sort", "Sort", "arrow-up-down", sorts, filters.sort),
    ]


# -- Saving ----------------------------------------------------------------------------------------------------------------------


@require_POST
@creator
def reference_save(request: MemberRequest) -> HttpResponseBase:
    """Saves what the form has: files (`file`, one or several; `together` makes them one slideshow), an address (`url`), or an output
    (`output`, its id).

    Scripts get the cards of what was saved, or 422 (413 when too large) with {"error": sentence}; a plain form goes to the one that was
    saved, or back to the board.
    """
    if request.POST.get("output"):
        return _from_output(request, as_uuid(request.POST["output"]))
    sentences, saved = _from_address(request) if request.POST.get("url", "").strip() else _from_files(request)
    if not request.htmx:
        for sentence in sentences:
            messages.error(request, sentence)
        return redirect("reference", saved[0].pk) if len(saved) == 1 else redirect("references")
    if not saved:
        status = 413 if refused_uploads(request) else 422
        return JsonResponse({"error": " ".join(sentences)}, status=status)
    among = targets(request.membership)
    rows = usable(request.membership, request.workspace).filter(pk__in=[row.pk for row in saved]).order_by("-pk")
    html = [
        render_to_string("references/_card.html", {"card": card, "filters": Filters()}, request=request)
        for card in cards(rows.prefetch_related("media__asset"), among)
    ]
    many = f"{len(saved)} references are saved." if len(saved) > 1 else f"{saved[0].label} is saved."
    return tell(HttpResponse("".join(html)), " ".join([many, *sentences]), bad=bool(sentences))


def _from_files(request: MemberRequest) -> tuple[list[str], list[Reference]]:
    """Sentences about what was refused, and what was saved."""
    sentences = [f"{name}: {too_large()}" for at, name in refused_uploads(request) if at == "file"]
    files = request.FILES.getlist("file")
    taken: list[Ingested] = []
    for upload in files[:MOST_FILES]:
        try:
            taken.append(ingest_file(request.membership, request.workspace, upload, accept=references.KINDS))
        except (MediaRefused, StorageAway) as refusal:
            sentences.append(f"{upload.name}: {refusal}" if upload.name else str(refusal))
    if len(files) > MOST_FILES:
        sentences.append(f"At most {MOST_FILES} files at once; the others were left out.")
    if not taken and not sentences:
        sentences = ["Choose a picture or a clip, or paste its address."]
    assets = _rung(taken)
    if request.POST.get("together") and len(assets) > 1:
        kept = assets[: references.MOST_MEDIA]
        if len(assets) > len(kept):
            sentences.append(f"A slideshow holds at most {references.MOST_MEDIA} pictures; the others were left out.")
        return sentences, [references.save(request.membership, request.workspace, kept, label=_label(request))]
    saved = [references.save(request.membership, request.workspace, [asset], label=_label(request)) for asset in assets]
    return sentences, saved


def _from_address(request: MemberRequest) -> tuple[list[str], list[Reference]]:
    url = request.POST["url"].strip()[:2000]
    try:
        with workplace() as folder:
            file = fetch_from_web(url, folder, references.KINDS)
            taken = ingest_file(request.membership, request.workspace, file, accept=references.KINDS)
    except (MediaRefused, StorageAway) as refusal:
        return [str(refusal)], []
    (asset,) = _rung([taken])
    return [], [references.save(request.membership, request.workspace, [asset], label=_label(request), source=url)]


def _rung(taken: Iterable[Ingested]) -> list[Asset]:
    found = list(taken)
    for it in found:
        if not it.known or not it.asset.preview_small:
            bells.ring_previews(it.asset.pk)
    return [it.asset for it in found]


def _label(request: MemberRequest) -> str:
    return request.POST.get("label", "")


def _from_output(request: MemberRequest, output_id: UUID | None) -> HttpResponseBase:
    """Saved once: pressed again it leads to the one there is."""
    if output_id is None:
        raise Http404
    output = seen_output(request, output_id)
    asset = output.asset
    if output.state != OutputState.READY or asset is None or asset.kind not in references.KINDS:
        messages.error(request, "Only a finished picture or clip can be a reference.")
        return redirect("output", output.pk)
    known = usable(request.membership, request.workspace).filter(output=output, archived_at=None).first()
    if known:
        messages.info(request, "This is saved as a reference already.")
        return redirect("reference", known.pk)
    saved = references.save(
        request.membership, output.workspace, [asset], label=output.title, source="Made here", output=output
    )
    messages.success(request, f"{saved.label} is saved as a reference.")
    return redirect("reference", saved.pk)


# -- Several at once -------------------------------------------------------------------------------------------------------------


@require_POST
@creator
def references_bulk(request: MemberRequest) -> HttpResponseBase:
    """What is done with the ticked ones: `do` is file (under `target`), archive, restore, share or hide. Others' public ones stay as they are."""
    ids = [pk for text in _ticked(request)[:MOST_TICKED] if (pk := as_uuid(text))]
    rows = mine(request.membership).filter(pk__in=ids)
    do = request.POST.get("do") or request.GET.get("do", "")
    text, undo = _done(request, do, list(rows.values_list("pk", flat=True)))
    if request.htmx and do != "restore":
        return tell(_board_again(request), text, undo=undo)
    messages.success(request, text)
    return HttpResponseClientRefresh() if request.htmx else back(request, reverse("references"))


def _ticked(request: MemberRequest) -> list[str]:
    return request.POST.getlist("reference") or request.GET.getlist("reference")


def _board_again(request: MemberRequest) -> HttpResponse:
    """The whole board as its filters have it, for a swap."""
    filters = Filters.of(request.GET)
    among = targets(request.membership)
    page = read_board(usable(request.membership, request.workspace), filters, None)
    context = {"filters": filters, "cards": cards(page.references, among), "more": page.more, "after": None}
    return render(request, "references/_board.html", context | _around(request, filters, among))


def _done(request: MemberRequest, do: str, ids: list[UUID]) -> tuple[str, str]:
    """What to say, and where a POST takes it back."""
    rows = mine(request.membership).filter(pk__in=ids)
    many = f"{len(ids)} reference{'' if len(ids) == 1 else 's'}"
    if not ids:
        return "None of the ticked ones can be changed here.", ""
    if do == "archive":
        rows.filter(archived_at=None).update(archived_at=timezone.now())
        query = "&".join(f"reference={pk}" for pk in ids)
        return f"{many} archived.", f"{reverse('references_bulk')}?do=restore&{query}"
    if do == "restore":
        rows.update(archived_at=None)
        return f"{many} restored.", ""
    if do == "share":
        changed = references.ask_public(request.membership, rows)
        said = "seen in all workspaces now" if request.membership.may_manage else "waiting for an admin’s yes"
        return f"{changed} of {many} {'is' if changed == 1 else 'are'} {said}.", ""
    if do == "hide":
        return f"{references.make_private(rows)} of {many} seen in their own workspace only.", ""
    return _filed(request, request.POST.get("target", ""), ids, many), ""


def _filed(request: MemberRequest, key: str, ids: list[UUID], many: str) -> str:
    among = targets(request.membership)
    rows = mine(request.membership).filter(pk__in=ids)
    if key != SUGGESTED:
        target = find_target(among, key)
        references.file_under(rows, target)
        return f"{many} filed under {target.title}." if target else f"{many} filed under nothing."
    filed = unseen = 0
    for row in rows.prefetch_related("media__asset"):
        best = best_of(row, among)
        if best:
            filed += references.file_under(rows.filter(pk=row.pk), best.target)
        else:
            unseen += not row.look
    return " ".join([f"{filed} of {many} filed as suggested.", *_why_not(len(ids) - filed, unseen)])


def _why_not(left: int, unseen: int) -> list[str]:
    """A sentence about those that were not filed. unseen: so many of them nobody has looked at yet."""
    if unseen:
        return ["The others are still being looked at: try again in a moment."]
    return ["For the others nothing fits well enough."] if left else []


urlpatterns: list[URLPattern] = [
    path("references/", board, name="references"),
    path("references/save/", reference_save, name="reference_save"),
    path("references/bulk/", references_bulk, name="references_bulk"),
    *references_cards.urlpatterns,
    *references_waiting.urlpatterns,
    *references_presets.urlpatterns,
    *reference_pages.urlpatterns,
    *references_there.urlpatterns,
]
