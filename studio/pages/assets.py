"""Pictures in and out: `/assets/` takes uploads, `/media/…` serves what is stored."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from config.storage import StorageAway
from studio.engine import bells, reach
from studio.media.downloads import open_stored
from studio.media.errors import MediaRefused
from studio.media.ingest import Ingested, ingest_file
from studio.media.serving import FOR_EVER, FOR_NOW, Served, serve
from studio.media.uploads import refused_uploads, too_large
from studio.models import Asset, Membership

from .access import MemberRequest, creator

VARIANTS = {
    "original": "file",
    "small": "preview_small",
    "large": "preview_large",
    "cutout": "cutout",
    "sprite": "sprite",
}
_NO_STAND_IN = ("cutout", "sprite")
_FIELD_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_MOST_FILES = 20


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one file: taken, or refused with a sentence."""

    file_name: str
    taken: Ingested | None = None
    sentence: str = ""


@require_POST
@creator
def asset_upload(request: MemberRequest) -> HttpResponseBase:
    """One or several files (field `file`), each an answer of its own. `name`: of the hidden input in the card.

    Scripts get a card for each file, or 422 (413 when too large) with {"error": sentence} when none was taken; a plain form goes back to
    where it came from, with messages.
    """
    answers = take_files(request)
    if not request.htmx and "application/json" not in request.headers.get("Accept", ""):
        return _back(request, answers)
    if not any(answer.taken for answer in answers):
        status = 413 if refused_uploads(request) else 422
        return JsonResponse({"error": " ".join(answer.sentence for answer in answers)}, status=status)
    return HttpResponse("".join(_card(request, answer) for answer in answers))


def take_files(request: MemberRequest, field: str = "file") -> list[Answer]:
    """Brings the files of one field into the workspace's library and has their previews made. Never empty.

    For pages whose own form carries files (it works without script): the role must have been checked.
    """
    answers = [_take(request, upload) for upload in request.FILES.getlist(field)[:_MOST_FILES]]
    answers += [Answer(name, sentence=too_large()) for at, name in refused_uploads(request) if at == field]
    if len(request.FILES.getlist(field)) > _MOST_FILES:
        answers.append(Answer("", sentence=f"At most {_MOST_FILES} files at once; the others were left out."))
    return answers or [Answer("", sentence="No file was sent. Choose one and try again.")]


def _take(request: MemberRequest, upload: UploadedFile[bytes]) -> Answer:
    name = upload.name or ""
    try:
        taken = ingest_file(request.membership, request.workspace, upload)
    except (MediaRefused, StorageAway) as refusal:
        return Answer(name, sentence=str(refusal))
    if not taken.known or not taken.asset.preview_small:
        bells.ring_previews(taken.asset.pk)
    return Answer(name, taken)


def _asked(request: HttpRequest, key: str) -> str:
    return request.POST.get(key) or request.GET.get(key, "")


def _card(request: HttpRequest, answer: Answer) -> str:
    if answer.taken is None:
        context = {"file_name": answer.file_name, "sentence": answer.sentence}
        return render_to_string("assets/_picture_refused.html", context)
    asked = _asked(request, "name")
    name = asked if _FIELD_NAME.fullmatch(asked) else "product_images"
    notes = [*answer.taken.notes, *(["It was already in your library."] if answer.taken.known else [])]
    return render_to_string("assets/_picture_card.html", {"asset": answer.taken.asset, "name": name, "notes": notes})


def _back(request: HttpRequest, answers: list[Answer]) -> HttpResponseBase:
    for answer in answers:
        if answer.taken is None:
            messages.error(request, f"{answer.file_name}: {answer.sentence}" if answer.file_name else answer.sentence)
        else:
            already = " was already in your library." if answer.taken.known else " is in your library."
            messages.success(request, " ".join([f"{answer.file_name}{already}", *answer.taken.notes]))
    to = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure())
    return redirect(to if safe else "gallery")


@require_safe
def media(request: HttpRequest, asset_id: UUID, variant: str) -> HttpResponseBase:
    """A stored file, to members who see its workspace; to all others it does not exist. Two queries, nothing written.

    While a preview is not made yet, the original stands in for it, for a few seconds at a time.
    """
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    asset = _visible(request.user.pk, asset_id)
    if asset is None or variant not in VARIANTS:
        raise Http404
    own = str(getattr(asset, VARIANTS[variant]) or "")
    if not own and variant in _NO_STAND_IN:
        raise Http404
    original = variant == "original" or not own
    file = open_stored(own or str(asset.file.name))
    return serve(
        request,
        Served(
            file=file,
            size_bytes=file.size,
            media_type=asset.media_type if original else "image/webp",
            etag=asset.sha256[:32] if original else f"{asset.sha256[:32]}-{variant}",
            modified=asset.created_at,
            filename=asset.original_name if original else "",
            cache=FOR_EVER if own else FOR_NOW,
        ),
    )


def _visible(user_id: int, asset_id: UUID) -> Asset | None:
    """Any team of the person's will do: a picture stays on the screen while they look at another team in the next tab."""
    teams = Asset.objects.filter(pk=asset_id).values("team")
    membership = Membership.objects.filter(user=user_id, team__in=teams).first()
    return reach.assets(membership).filter(pk=asset_id).first() if membership else None


urlpatterns = [
    path("assets/", asset_upload, name="asset_upload"),
    path("media/<uuid:asset_id>/<str:variant>", media, name="media"),
]
