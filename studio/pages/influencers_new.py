"""A new influencer: name, languages, photos, consent. Saved as our own at once; a service is another step, with its price on it."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from config.storage import StorageAway
from studio.engine import bells
from studio.engine.amounts import plain
from studio.engine.offers import TeamOffer, best, team_offers
from studio.media.errors import MediaRefused
from studio.media.papers import ingest_paper
from studio.media.uploads import most_megabytes, refused_uploads, too_large
from studio.models import Asset, Influencer, Kind, uuid7

from .access import MemberRequest, creator
from .filters import as_uuid
from .forms import summary_of
from .influencers_forms import NewForm, pictures
from .influencers_library import MOST_PHOTOS, photos_of
from .influencers_photos import checked, facts_of, keep_photos, sent_photos

NO_PHOTO = "Add at least one photo; the first shows the face."


@require_http_methods(["GET", "HEAD", "POST"])
@creator
def influencer_new(request: MemberRequest) -> HttpResponseBase:
    """GET may start from pictures (`?photo=`, several). POST saves; its small steps (`do=`) give the form back."""
    if request.method != "POST":
        found = pictures(request.membership, request.GET.getlist("photo"), MOST_PHOTOS)
        return _page(request, NewForm(), found[:MOST_PHOTOS], str(uuid7()))
    photos, problems = sent_photos(request)
    step, form = request.POST.get("do", ""), NewForm(request.POST)
    if step in ("save", "create"):
        if not photos:
            problems.append(NO_PHOTO)
        proof, refused = take_proof(request)
        problems += refused
        if form.is_valid() and not problems:
            row = _save(request, form.cleaned_data, photos, proof)
            to = reverse("influencer", args=[row.pk])
            return redirect(service_form(row) if step == "create" else to)
    else:
        form = NewForm(initial={name: request.POST.get(name, "") for name in NewForm.base_fields})
    status = 422 if form.is_bound else 200
    return _page(request, form, photos, request.POST.get("key", ""), problems, status)


def _page(
    request: MemberRequest,
    form: NewForm,
    photos: list[Asset],
    key: str,
    problems: list[str] | None = None,
    status: int = 200,
) -> HttpResponseBase:
    cards = photos_of(photos, facts_of(photos))
    context: dict[str, Any] = checked(cards) | {
        "form": form,
        "key": as_uuid(key) or uuid7(),
        "problems": problems or [],
        "summary": summary_of(form) if form.is_bound and form.errors else None,
        "max_upload_mb": most_megabytes(),
        "service": service_offer(request),
    }
    return render(request, "influencers/new.html", context, status=status)


def _save(request: MemberRequest, given: dict[str, Any], photos: list[Asset], proof: Asset | None) -> Influencer:
    """The form's own key is the row's: a second press finds what the first one made."""
    key = as_uuid(request.POST.get("key")) or uuid7()
    known = Influencer.objects.filter(pk=key).first()
    if known and (known.team_id, known.created_by_id) == (request.membership.team_id, request.user.pk):
        return known
    key = uuid7() if known else key
    try:
        with transaction.atomic():
            row = Influencer.objects.create(
                pk=key,
                team_id=request.membership.team_id,
                workspace=request.workspace,
                name=given["name"],
                languages=given["languages"],
                consent_note=given["consent_note"],
                consent_file=proof,
                consent_by=request.user,
                consent_at=timezone.now(),
                created_by=request.user,
            )
            keep_photos(row, photos)
    except IntegrityError:
        return Influencer.objects.get(pk=key, team=request.membership.team_id, created_by=request.user)
    return row


def take_proof(request: MemberRequest, field: str = "consent_file") -> tuple[Asset | None, list[str]]:
    """The file of a consent, where one was sent: a photo, a scan or a PDF. Else None, and what was wrong with it."""
    upload: UploadedFile[bytes] | None = request.FILES.get(field)
    if upload is None:
        refused = any(at == field for at, _ in refused_uploads(request))
        return None, [f"Signed paper: {too_large()}"] if refused else []
    try:
        taken = ingest_paper(request.membership, request.workspace, upload)
    except (MediaRefused, StorageAway) as refusal:
        return None, [f"Signed paper: {refusal}"]
    if taken.asset.kind == Kind.IMAGE and not taken.asset.preview_small:
        bells.ring_previews(taken.asset.pk)
    return taken.asset, []


def service_form(row: Influencer) -> str:
    """The form that makes this person at a service, with their name and photos in it."""
    return f"{reverse('create_tool', args=['influencer'])}?influencer={row.pk}"


def service_offer(request: MemberRequest) -> dict[str, Any] | None:
    """Who makes people of photos, for how much, and why not at the moment; None where nobody is connected."""
    connected = [it for it in team_offers(request.membership.team_id, "influencer") if it.connection]
    offer = best(connected) or next(iter(connected), None)
    if offer is None:
        return None
    facts = {"title": offer.provider_title, "provider": offer.offer.provider, "price": _price(offer)}
    return {**facts, "why_not": offer.why_not}


def _price(offer: TeamOffer) -> str:
    return f"{plain(offer.offer.price)} {offer.offer.unit}" if offer.offer.price is not None else "price unknown"


urlpatterns = [path("influencers/new/", influencer_new, name="influencer_new")]
