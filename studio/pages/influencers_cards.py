"""The cards of an influencer's page: about, voice, consent and the photos, each saved on its own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from studio.models import Influencer

from .access import MemberRequest, creator
from .filters import as_uuid
from .influencers_forms import AboutForm, ConsentForm, VoiceForm
from .influencers_library import find_influencer
from .influencers_new import take_proof
from .influencers_page import page_answer, page_context
from .influencers_photos import keep_photos, sent_photos

CARDS = ("about", "voice", "consent")


@require_http_methods(["GET", "HEAD", "POST"])
@creator
def influencer_card(request: MemberRequest, influencer_id: UUID, card: str) -> HttpResponseBase:
    """One card: GET to change it (`?read=1`: as it is read), POST to save it. Without script it is open in the whole page."""
    if card not in CARDS:
        raise Http404
    row = find_influencer(request, influencer_id)
    if row.archived_at:
        return archived_answer(request, row)
    if request.method != "POST":
        editing = "" if "read" in request.GET else card
        return _answer(request, row, card, editing, _form(request, row, card))
    form = _form(request, row, card, request.POST)
    problems: list[str] = []
    if form.is_valid():
        problems = _save(request, row, form)
        if not problems:
            row = find_influencer(request, influencer_id)
            return _answer(request, row, card, saved=True)
    return _answer(request, row, card, card, form, problems, status=422)


def _form(request: MemberRequest, row: Influencer, card: str, sent: Any = None) -> forms.Form:
    if card == "voice":
        return VoiceForm(request.membership, request.workspace, row, sent)
    form: forms.Form = AboutForm(sent) if card == "about" else ConsentForm(sent)
    form.initial = {name: getattr(row, name, "") for name in form.fields} | {"consent": row.consent_at is not None}
    return form


def _save(request: MemberRequest, row: Influencer, form: forms.Form) -> list[str]:
    """The card's own columns. Returns what was wrong with a file; then nothing is saved."""
    changes: dict[str, Any]
    if isinstance(form, VoiceForm):
        changes = {"voice": form.voice()}
    elif isinstance(form, AboutForm):
        changes = dict(form.cleaned_data)
    else:
        proof, problems = take_proof(request)
        if problems:
            return problems
        note = form.cleaned_data["consent_note"]
        if row.consent_at and not proof and note == row.consent_note:
            return []  # Whoever only looks does not become the one who noted it.
        changes = {"consent_note": note, "consent_by": request.user}
        changes |= {"consent_at": timezone.now()} | ({"consent_file": proof} if proof else {})
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(update_fields=tuple(changes))
    return []


def _answer(
    request: MemberRequest,
    row: Influencer,
    card: str,
    editing: str = "",
    form: forms.Form | None = None,
    problems: list[str] | None = None,
    *,
    saved: bool = False,
    status: int = 200,
) -> HttpResponseBase:
    change = {"card": card, "editing": editing, "card_form": form, "problems": problems or [], "saved": saved}
    if request.htmx and not request.htmx.history_restore_request:
        return render(request, "influencers/_card_answer.html", page_context(request, row) | change, status=status)
    if saved:
        return redirect(f"{reverse('influencer', args=[row.pk])}#card-{card}")
    return page_answer(request, row, change, status)


def archived_answer(request: MemberRequest, row: Influencer) -> HttpResponseBase:
    """Archived ones are read only; somebody may have archived this one while the card was open."""
    messages.info(request, f"{row.name} is archived. Restore them to change something.")
    to = reverse("influencer", args=[row.pk])
    return HttpResponseClientRedirect(to) if request.htmx else redirect(to)


@require_POST
@creator
def influencer_photos(request: MemberRequest, influencer_id: UUID) -> HttpResponseBase:
    """The photos as they shall be: `photos` in order, `known` those that the page showed. Saved at once."""
    row = find_influencer(request, influencer_id)
    if row.archived_at:
        return archived_answer(request, row)
    photos, problems = sent_photos(request)
    known = [pk for pk in map(as_uuid, request.POST.getlist("known")) if pk]
    keep_photos(row, photos, known)
    if request.htmx:
        return render(
            request, "influencers/_photos_answer.html", page_context(request, find_influencer(request, row.pk))
        )
    for problem in problems:
        messages.error(request, problem)
    return redirect(f"{reverse('influencer', args=[row.pk])}#photos")


urlpatterns = [
    path("influencers/<uuid:influencer_id>/photos", influencer_photos, name="influencer_photos"),
    path("influencers/<uuid:influencer_id>/<slug:card>/", influencer_card, name="influencer_card"),
]
