"""Photos on the influencer pages: one that was just uploaded, what the checks say of a set, and a set that is kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from studio.engine import bells
from studio.engine.people_photos import UNREADABLE, facts_of_photo
from studio.media import portraits
from studio.media.uploads import refused_uploads
from studio.models import Asset, Influencer, InfluencerPhoto

from .access import MemberRequest, creator
from .assets import take_files
from .influencers_forms import pictures
from .influencers_library import MOST_PHOTOS, Photo, photos_of

REMEMBERED_SECONDS = 6 * 3600
LOOKS_AT_ONCE = 6
"""A look takes about a second, so that one request makes no more of them; the rest are made in the worker."""


def facts_of(assets: Sequence[Asset], looks: int = LOOKS_AT_ONCE) -> list[dict[str, Any]]:
    """What the checks found in each, {} where nobody has looked. looks: how many may be looked at now."""
    names = {asset.pk: f"portrait-{portraits.VERSION}-{asset.sha256}" for asset in assets}
    known: dict[str, dict[str, Any]] = cache.get_many(list(names.values()))
    kept = {
        pk: facts
        for pk, facts in InfluencerPhoto.objects.filter(asset__in=list(names)).values_list("asset_id", "checks")
        if portraits.is_checked(facts)
    }
    found = []
    for asset in assets:
        facts = known.get(names[asset.pk]) or kept.get(asset.pk)
        if facts is None and looks > 0:
            looks -= 1
            facts = facts_of_photo(asset)
            if facts and facts != UNREADABLE:
                cache.set(names[asset.pk], facts, REMEMBERED_SECONDS)
        found.append(facts or {})
    return found


@transaction.atomic
def keep_photos(row: Influencer, assets: Sequence[Asset], known: Iterable[UUID] = ()) -> None:
    """Makes these the photos of a person, in this order; the first is the face. known: what the page showed when it was opened: a photo that
    came meanwhile is not taken away by somebody who never saw it."""
    Influencer.objects.select_for_update().get(pk=row.pk)
    kept = {photo.asset_id: photo for photo in row.photos.all()}
    shown = set(known)
    order = [asset.pk for asset in assets]
    order += [pk for pk in kept if pk not in order and pk not in shown]
    row.photos.exclude(asset__in=order).delete()
    fresh = [asset for asset in assets if asset.pk not in kept]
    facts = dict(zip([asset.pk for asset in fresh], facts_of(fresh, looks=0), strict=True))
    for position, pk in enumerate(order[:MOST_PHOTOS]):
        if pk in kept:
            InfluencerPhoto.objects.filter(pk=kept[pk].pk).exclude(position=position).update(position=position)
        else:
            InfluencerPhoto.objects.create(
                influencer=row, asset_id=pk, position=position, checks=facts[pk], pose=facts[pk].get("pose", "")
            )
    row.face_id = order[0] if order else None
    row.save(update_fields=("face",))
    if not all(facts.values()):
        bells.ring_photos(row.pk)


def sent_photos(request: MemberRequest, field: str = "photo_files") -> tuple[list[Asset], list[str]]:
    """The photos of a form in their order after its small step (`do=remove:… first:… earlier:… later:…`), with the files of a browser without
    script at the end; and sentences about what was not taken."""
    order = request.POST.getlist("photos")
    step, _, which = request.POST.get("do", "").partition(":")
    if which in order:
        place = order.index(which)
        order.remove(which)
        if step in ("first", "earlier", "later"):
            order.insert(0 if step == "first" else max(0, place + (1 if step == "later" else -1)), which)
    problems: list[str] = []
    if request.FILES.getlist(field) or any(at == field for at, _ in refused_uploads(request)):
        for answer in take_files(request, field):
            if answer.taken:
                order.append(str(answer.taken.asset.pk))
            else:
                problems.append(f"{answer.file_name}: {answer.sentence}" if answer.file_name else answer.sentence)
    found = pictures(request.membership, order, MOST_PHOTOS)
    if len(found) < len(set(order)):
        problems.append("One of the photos is not here any more and was taken out. Upload it again.")
    if len(found) > MOST_PHOTOS:
        problems.append(f"At most {MOST_PHOTOS} photos: the last {len(found) - MOST_PHOTOS} were left out.")
    return found[:MOST_PHOTOS], problems


@require_POST
@creator
def influencer_photo(request: MemberRequest) -> HttpResponseBase:
    """One file (`file`), looked at: its card, or 422 (413 when too large) with {"error": sentence}."""
    answers = take_files(request)
    taken = [answer.taken.asset for answer in answers if answer.taken]
    if not taken:
        status = 413 if refused_uploads(request) else 422
        return JsonResponse({"error": " ".join(answer.sentence for answer in answers)}, status=status)
    return _cards(photos_of(taken, facts_of(taken)))


@require_safe
@creator
def influencer_photo_cards(request: MemberRequest) -> HttpResponseBase:
    """The cards of pictures that are here already (`?photos=`, in order), as they were picked from the library. Nobody looks at them here: the
    check that follows does."""
    found = pictures(request.membership, request.GET.getlist("photos"), MOST_PHOTOS)[:MOST_PHOTOS]
    return _cards(photos_of(found, facts_of(found, looks=0)))


def _cards(photos: Sequence[Photo]) -> HttpResponse:
    return HttpResponse("".join(render_to_string("influencers/_photo.html", {"photo": photo}) for photo in photos))


@require_POST
@creator
def influencer_check(request: MemberRequest) -> HttpResponseBase:
    """What is to be said of the photos of an unsaved form (`photos`, in order)."""
    found = pictures(request.membership, request.POST.getlist("photos"), MOST_PHOTOS)[:MOST_PHOTOS]
    return render(request, "influencers/_checked.html", checked(photos_of(found, facts_of(found))))


def checked(photos: Sequence[Photo]) -> dict[str, Any]:
    """What the summary beside a set of photos tells."""
    poses = {photo.pose for photo in photos}
    return {
        "photos": photos,
        "most_photos": MOST_PHOTOS,
        "covered": [(name, key in poses) for key, name in portraits.POSES.items()],
        "number_covered": sum(key in poses for key in portraits.POSES),
        "number_of_poses": len(portraits.POSES),
        "share": sum(key in poses for key in portraits.POSES) / len(portraits.POSES),
        "advised": [(number, photo) for number, photo in enumerate(photos, 1) if photo.advice],
        "unseen": sum(not photo.is_seen for photo in photos),
    }


urlpatterns = [
    path("influencers/photo", influencer_photo, name="influencer_photo"),
    path("influencers/photos", influencer_photo_cards, name="influencer_photo_cards"),
    path("influencers/check", influencer_check, name="influencer_check"),
]
