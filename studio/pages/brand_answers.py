"""How the brand pages answer: one card to a script that asked for it, else the whole page with that card open."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from studio.media.fonts import ACCEPT
from studio.media.uploads import most_megabytes
from studio.models import Brand

from .access import MemberRequest
from .brand_files import example_facts, file_example
from .brand_library import MOST_PRODUCTS, Look, cards, is_usable, palettes, siblings
from .forms import summary_of
from .forms_brand import MOST_PHOTOS
from .used import used_in


def page_answer(request: MemberRequest, brand: Brand) -> HttpResponseBase:
    return _page(request, brand, {})


def card_answer(
    request: MemberRequest,
    brand: Brand,
    card: str,
    *,
    editing: str = "",
    form: forms.Form | None = None,
    problem: str = "",
    saved: bool = False,
    status: int = 200,
) -> HttpResponseBase:
    """The card after a step. editing: what is open in it (the card's name, or a product's id or "new"); problem: a sentence beside the
    logos. saved: something changed, so a script also gets the parts of the page that follow from it."""
    change = {"card": card, "editing": editing, "form": form, "problem": problem, "saved": saved}
    if request.htmx and not request.htmx.history_restore_request:
        return render(request, "brands/_answer.html", _context(request, brand, change), status=status)
    if saved:
        return redirect(f"{reverse('brand', args=[brand.pk])}#card-{card}")
    return _page(request, brand, change, status)


def bento_answer(request: MemberRequest, brand: Brand) -> HttpResponseBase:
    """All cards, for a script, after the brand was archived or came back."""
    return render(request, "brands/_bento.html", _context(request, brand, {"saved": True}))


def archived_answer(request: MemberRequest, brand: Brand) -> HttpResponseBase:
    """An archived brand is read only; somebody may have archived it while this card was open."""
    messages.info(request, f"{brand.name} is archived. Restore it to change it.")
    to = reverse("brand", args=[brand.pk])
    return HttpResponseClientRedirect(to) if request.htmx else redirect(to)


def _page(request: MemberRequest, brand: Brand, change: dict[str, Any], status: int = 200) -> HttpResponseBase:
    near, count = siblings(request.membership, request.workspace, brand)
    form = change.get("form")
    summary = summary_of(form) if form is not None and form.is_bound else None
    context = _context(request, brand, change) | {
        "used": used_in(request, "brand", brand.pk),
        "siblings": [Look(other) for other in near],
        "siblings_count": count,
        "summary": summary,
    }
    response = render(request, "brands/brand.html", context, status=status)
    response["Vary"] = ", ".join(filter(None, (response.get("Vary"), "HX-Request")))
    return response


def _context(request: MemberRequest, brand: Brand, change: dict[str, Any]) -> dict[str, Any]:
    return {
        **change,
        "brand": brand,
        "look": Look(brand),
        "figures": cards([brand], request.workspace)[0],
        "usable": is_usable(request, brand),
        "elsewhere": f"This brand belongs to the workspace {brand.workspace}. Switch there to make ads with it.",
        "may_edit": request.membership.may_create and brand.archived_at is None,
        "palettes": palettes(brand) if change.get("editing") == "colours" else (),
        "file_example": file_example(brand),
        "example_facts": example_facts(brand),
        "font_accept": ACCEPT,
        "most_photos": MOST_PHOTOS,
        "most_products": MOST_PRODUCTS,
        "max_upload_mb": most_megabytes(),
    }
