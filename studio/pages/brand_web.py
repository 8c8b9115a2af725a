"""A brand from a web page: read, shown as a draft with a tick for each part, and made only of what was confirmed.

Between the two nothing is kept: no row, no file. The draft lives in the form alone; pictures that were ticked are fetched anew.
"""

from __future__ import annotations

import asyncio
from base64 import b64encode
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods

from config.storage import StorageAway
from studio.engine import bells
from studio.media.address import AddressRefused
from studio.media.decode import workplace
from studio.media.errors import MediaRefused
from studio.media.fetch import FetchError
from studio.media.ingest import ingest_file
from studio.media.web import plain_name
from studio.media.web_brand import Found, PageRefused, Seen, fetch_picture, look_at, read_page
from studio.models import Asset, Brand, Product, ProductPhoto

from .access import MemberRequest, creator
from .brand_library import proposed_roles
from .forms import summary_of
from .forms_brand import NAME_TAKEN, ROLES, AboutForm, ColoursForm
from .forms_web import AddressForm, DraftForm


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture of the draft. image: a `data:` address; empty where it cannot be shown any more."""

    address: str
    image: str = ""
    size: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@creator
def brand_read_web(request: MemberRequest) -> HttpResponseBase:
    """GET asks for an address; POST `do=read` shows what the page there says of its brand, `do=make` makes the brand of what was ticked."""
    if request.method != "POST":
        return _page(request, AddressForm(initial={"address": request.GET.get("address", "")[:500]}))
    if request.POST.get("do") == "make":
        return _make(request)
    asked = AddressForm(request.POST)
    if not asked.is_valid():
        return _page(request, asked, status=422)
    try:
        found = read_page(asked.cleaned_data["address"])
    except PageRefused as refusal:
        asked.add_error("address", str(refusal))
        return _page(request, asked, status=422)
    return _page(request, asked, _draft_of(request, found))


def _page(
    request: MemberRequest, asked: AddressForm, draft: dict[str, Any] | None = None, status: int = 200
) -> HttpResponseBase:
    context = {"asked": asked, **(draft or {})}
    return render(request, "brands/from_web.html", context, status=status)


def _draft_of(request: MemberRequest, found: Found) -> dict[str, Any]:
    """What was read, as forms: everything that was found is ticked."""
    roles = proposed_roles(found.colours)
    for words, code in reversed(found.named):  # A page that names its accent knows better; the first of a name counts.
        roles |= {role: code for role in ("primary", "accent") if role in words.lower().split()}
    further = [{"hex": code, "name": words} for words, code in found.named if code not in roles.values()][:6]
    about = AboutForm(request.membership, request.workspace)
    about.initial.update(name=found.name, website=found.address)
    draft = DraftForm.of(found)
    fresh = Brand()
    usual = {role: getattr(fresh, role) for role, _, _ in ROLES}
    look = ColoursForm(initial={**usual, **roles, "more_colours": further}, blank_rows=0)
    return _context(about, look, draft, found.photos) | {"nothing": found.name == "" and not found.colours}


def _context(about: AboutForm, look: ColoursForm, draft: DraftForm, seen: dict[str, Seen]) -> dict[str, Any]:
    return {
        "about": about,
        "colours": look,
        "draft": draft,
        "logos": [_shown(address, seen) for address in draft.logos],
        "marks": [_shown(address, seen) for address in draft.marks],
        "products": [(product, _shown(product.photo, seen)) for product in draft.products],
    }


def _shown(address: str, seen: dict[str, Seen]) -> Shown:
    picture = seen.get(address)
    if picture is None:
        return Shown(address)
    image = f"data:image/webp;base64,{b64encode(picture.image).decode()}"
    return Shown(address, image, f"{picture.width} × {picture.height}")


def _make(request: MemberRequest) -> HttpResponseBase:
    about = AboutForm(request.membership, request.workspace, request.POST)
    draft = DraftForm(request.POST)
    look = ColoursForm(request.POST, blank_rows=0) if draft.takes("colours") else None
    if about.is_valid() and (look is None or look.is_valid()):
        pictures, lost = _fetched(request, draft.confirmed_pictures(about.cleaned_data["name"]))
        brand = _created(request, about, look, draft, pictures)
        if brand is not None:
            for sentence in lost:
                messages.warning(request, sentence)
            return redirect("brand", brand.pk)
    shown = look or ColoursForm(initial=_typed_colours(request), blank_rows=0)
    context = _context(about, shown, draft, look_at(draft.pictures()))
    context["summary"] = summary_of(*(form for form in (about, look) if form is not None))
    return _page(request, AddressForm(initial={"address": request.POST.get("website", "")}), context, status=422)


def _typed_colours(request: MemberRequest) -> dict[str, Any]:
    return {role: request.POST.get(role, "") for role, _, _ in ROLES}


def _fetched(request: MemberRequest, wanted: dict[str, str]) -> tuple[dict[str, Asset], list[str]]:
    """Pictures, given as address -> name, as assets by address, and a sentence for each that could not be had."""
    found: dict[str, Asset] = {}
    lost = []
    for address, name in wanted.items():
        with workplace() as folder:
            file = folder / (plain_name(name) or "picture")
            try:
                asyncio.run(fetch_picture(address, file))
                taken = ingest_file(request.membership, request.workspace, file)
            except (FetchError, AddressRefused, MediaRefused, StorageAway, OSError) as refusal:
                lost.append(f"One picture was left out. {refusal}")
                continue
        if not taken.known or not taken.asset.preview_small:
            bells.ring_previews(taken.asset.pk)
        found[address] = taken.asset
    return found, lost


def _created(
    request: MemberRequest, about: AboutForm, look: ColoursForm | None, draft: DraftForm, pictures: dict[str, Asset]
) -> Brand | None:
    """The brand and its products, or None, with an error in the form, where somebody else has just taken the name."""
    try:
        with transaction.atomic():
            brand = Brand.objects.create(
                team_id=request.membership.team_id,
                workspace=about.workspace_given,
                name=about.cleaned_data["name"],
                website=about.cleaned_data["website"],
                logo=pictures.get(draft.logo),
                logo_mark=pictures.get(draft.mark),
                created_by=request.user,
                **(look.cleaned_data if look else {}),
            )
            for position, product in enumerate(draft.confirmed_products()):
                row = Product.objects.create(
                    brand=brand,
                    name=product.name,
                    price=product.price,
                    link=product.link,
                    facts=product.facts,
                    position=position,
                )
                if product.photo in pictures:
                    ProductPhoto.objects.create(product=row, asset=pictures[product.photo])
            return brand
    except IntegrityError:
        about.add_error("name", NAME_TAKEN)
        return None


urlpatterns = [path("brands/from-web/", brand_read_web, name="brand_read_web")]
