"""Brands: the list, and a page of cards per brand. Each card is edited in place and saved on its own.

With htmx a card's address answers with the card, to be read (`GET ?read=1`) or changed (GET); without it with the whole page, that
card open.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import trigger_client_event

from studio.media.uploads import refused_uploads
from studio.models import Brand, Membership

from . import brand_drawings, brand_products, brand_web
from .access import MemberRequest, creator, member
from .brand_answers import archived_answer, bento_answer, card_answer, page_answer
from .brand_fields import printable
from .brand_files import FIELDS as FONT_FIELDS
from .brand_files import save_font
from .brand_library import PAGE, Look, cards, find_brand, font_choices, palettes, visible
from .brand_logos import save_logo
from .filters import as_uuid
from .forms import summary_of
from .forms_brand import (
    NAME_TAKEN,
    ROLES,
    AboutForm,
    ClaimsForm,
    ColoursForm,
    DeliveryForm,
    FontsForm,
    ToneForm,
    name_taken,
)

CARDS = ("about", "logo", "tone", "claims", "colours", "fonts", "delivery")


@require_safe
@member
def brands(request: MemberRequest) -> HttpResponseBase:
    """The brands of this workspace by name; `?q=` part of a name, `?archived=1` those put away, `?after=` the last one of the page before."""
    query = printable(request.GET.get("q", ""))[:80]
    archived = request.GET.get("archived") == "1"
    after = as_uuid(request.GET.get("after"))
    every = visible(request.membership, request.workspace).select_related("logo", "logo_dark", "workspace")
    rows = every.filter(archived_at__isnull=not archived)
    if query:
        rows = rows.filter(name__icontains=query)
    last = every.filter(pk=after).values_list("name", flat=True).first() if after else None
    if last is not None:
        rows = rows.filter(Q(name__gt=last) | Q(name=last, pk__gt=after))
    found = list(rows.order_by("name", "id")[: PAGE + 1])
    context = {
        "cards": cards(found[:PAGE], request.workspace),
        "query": query,
        "archived": archived,
        "later": last is not None,
        "next": found[PAGE - 1].pk if len(found) > PAGE else None,
        "archived_exist": archived or every.filter(archived_at__isnull=False).exists(),
        "searchable": bool(query) or last is not None or len(found) > 8,
    }
    return render(request, "brands/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@creator
def brand_new(request: MemberRequest) -> HttpResponseBase:
    """Name and colours; the rest is better done on the brand's page, where one sees it."""
    sent = request.POST if request.method == "POST" else None
    fresh = Brand()
    about = AboutForm(request.membership, request.workspace, sent)
    look = ColoursForm(sent, initial={role: getattr(fresh, role) for role, _, _ in ROLES})
    if sent is not None and about.is_valid() and look.is_valid():
        brand = _create(request, about, look.cleaned_data)
        if brand:
            return redirect("brand", brand.pk)
    context = {"about": about, "colours": look, "summary": summary_of(about, look)}
    return render(request, "brands/new.html", context, status=422 if sent is not None else 200)


def _create(request: MemberRequest, about: AboutForm, look: dict[str, Any]) -> Brand | None:
    """None, and an error in the form, where somebody else has just taken the name."""
    try:
        with transaction.atomic():
            return Brand.objects.create(
                team_id=request.membership.team_id,
                workspace=about.workspace_given,
                name=about.cleaned_data["name"],
                website=about.cleaned_data["website"],
                created_by=request.user,
                **look,
            )
    except IntegrityError:
        about.add_error("name", NAME_TAKEN)
        return None


@require_safe
@member
def brand(request: MemberRequest, brand_id: UUID) -> HttpResponseBase:
    return page_answer(request, find_brand(request, brand_id))


@require_http_methods(["GET", "HEAD", "POST"])
@creator
def brand_card(request: MemberRequest, brand_id: UUID, card: str) -> HttpResponseBase:
    """One card: GET to change it (`?read=1`: as it is read), POST to save it."""
    if card not in CARDS:
        raise Http404
    found = find_brand(request, brand_id)
    if found.archived_at:
        return archived_answer(request, found)
    if card == "logo":
        return _logo(request, found)
    if request.method != "POST" and "read" in request.GET:
        return card_answer(request, found, card)
    sent = request.POST if request.method == "POST" else None
    form = _form(request, found, card, sent)
    step = request.POST.get("do", "")
    if sent is not None and card == "colours" and step:
        return card_answer(request, found, card, editing=card, form=_coloured(found, form, step))
    if sent is not None and card == "fonts" and (step or request.FILES or refused_uploads(request)):
        problem = save_font(request, found, step)
        found = find_brand(request, brand_id)
        fresh, status = _form(request, found, card, None), 422 if problem else 200
        return card_answer(
            request, found, card, editing=card, form=fresh, problem=problem, saved=not problem, status=status
        )
    if sent is not None and form.is_valid() and _save(found, form):
        return card_answer(request, find_brand(request, brand_id), card, saved=True)
    status = 422 if form.is_bound else 200
    return card_answer(request, found, card, editing=card, form=form, status=status)


def _form(request: MemberRequest, found: Brand, card: str, sent: Any) -> forms.Form:
    if card == "about":
        return AboutForm(request.membership, request.workspace, sent, found)
    if card == "colours":
        names = (*(role for role, _, _ in ROLES), "more_colours")
        return ColoursForm(sent, initial={name: getattr(found, name) for name in names})
    if card == "fonts":
        now = Look(found)
        return FontsForm(
            sent,
            fonts=font_choices(found),
            with_file=[used for column, used in FONT_FIELDS.items() if getattr(found, column)],
            initial={"heading_font": now.heading.key, "body_font": now.body.key},
        )
    form_classes: dict[str, type[forms.Form]] = {"tone": ToneForm, "claims": ClaimsForm, "delivery": DeliveryForm}
    form = form_classes[card](sent)
    form.initial = {name: getattr(found, name) for name in form.fields}
    return form


def _coloured(found: Brand, form: forms.Form, step: str) -> forms.Form:
    """The colours as they were typed, with another empty row (`more`), or with the four of a picture (`palette:<asset>`)."""
    assert isinstance(form, ColoursForm)
    typed = {name: form[name].value() for name, _, _ in ROLES} | {"more_colours": form.more}
    suggested = _suggested(found, step) or {}
    return ColoursForm(initial={**typed, **suggested}, blank_rows=2 if step == "more" else 1)


def _save(found: Brand, form: forms.Form) -> bool:
    """The card's own columns, nothing else: whoever saves another card meanwhile loses nothing. False: the name was just taken."""
    changes: dict[str, Any] = dict(form.cleaned_data)
    if isinstance(form, AboutForm):
        changes = {name: form.cleaned_data[name] for name in ("name", "website")} | {"workspace": form.workspace_given}
    for name, value in changes.items():
        setattr(found, name, value)
    try:
        with transaction.atomic():
            found.save(update_fields=tuple(changes))
    except IntegrityError:
        form.add_error("name", NAME_TAKEN)
        return False
    return True


def _suggested(found: Brand, step: str) -> dict[str, str] | None:
    asked = step.partition(":")[2]
    return next((it.proposed() for it in palettes(found) if str(it.asset.pk) == asked), None)


def _logo(request: MemberRequest, found: Brand) -> HttpResponseBase:
    if request.method != "POST":
        return card_answer(request, found, "logo")
    problem = save_logo(request, found)
    if problem:
        return card_answer(request, found, "logo", problem=problem, status=422)
    return card_answer(request, find_brand(request, found.pk), "logo", saved=True)


@require_POST
@creator
def brand_archive(request: MemberRequest, brand_id: UUID) -> HttpResponseBase:
    """Puts a brand away. Everything made with it keeps it; it is not offered any more."""
    found = find_brand(request, brand_id)
    if found.archived_at is None:
        found.archived_at = timezone.now()
        found.save(update_fields=("archived_at",))
    undo = {"label": "Undo", "post": reverse("brand_restore", args=[found.pk])}
    return _moved(request, found, f"{found.name} is archived.", undo)


@require_POST
@creator
def brand_restore(request: MemberRequest, brand_id: UUID) -> HttpResponseBase:
    found = find_brand(request, brand_id)
    if found.archived_at is not None and not _restore(request.membership, found):
        sentence = f"Another brand is called {found.name} now. Rename that one first, then restore this."
        messages.error(request, sentence)
        return _to_brand(request, found)
    return _moved(request, found, f"{found.name} is back.", None)


def _restore(membership: Membership, found: Brand) -> bool:
    if name_taken(membership, found.name, found.pk):
        return False
    found.archived_at = None
    try:
        with transaction.atomic():
            found.save(update_fields=("archived_at",))
    except IntegrityError:
        return False
    return True


def _moved(request: MemberRequest, found: Brand, sentence: str, undo: dict[str, str] | None) -> HttpResponseBase:
    if request.htmx and undo:
        response = bento_answer(request, find_brand(request, found.pk))
        return trigger_client_event(response, "toast", {"text": sentence, "action": undo, "id": "brand"})
    messages.success(request, sentence)
    return _to_brand(request, found)


def _to_brand(request: MemberRequest, found: Brand) -> HttpResponseBase:
    """No trigger in the answer: a toast's Undo then loads the page again, which shows the message."""
    return HttpResponse() if request.htmx else redirect("brand", found.pk)


urlpatterns = [
    path("brands/", brands, name="brands"),
    path("brands/new/", brand_new, name="brand_new"),
    *brand_web.urlpatterns,
    *brand_drawings.urlpatterns,
    path("brands/<uuid:brand_id>/", brand, name="brand"),
    path("brands/<uuid:brand_id>/archive", brand_archive, name="brand_archive"),
    path("brands/<uuid:brand_id>/restore", brand_restore, name="brand_restore"),
    *brand_products.urlpatterns,
    path("brands/<uuid:brand_id>/<slug:card>/", brand_card, name="brand_card"),
]
