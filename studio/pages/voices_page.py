"""One voice: hear it, its facts, whose it is, and a line spoken with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from pydantic import ValidationError

from studio.engine import reach
from studio.engine.briefs import NotOffered, OverBudget, submit_brief
from studio.engine.offers import TeamOffer, team_offers
from studio.engine.resolve import Unresolved
from studio.models import Influencer, RemoteCopy, Voice, VoiceKind
from studio.providers import get_provider
from studio.tools import Tool, get_tool

from .access import MemberRequest, creator, member
from .forms import text_field
from .toolforms.offered import price_of
from .used import used_in
from .voices_filters import language_name
from .voices_make import LINE_KEPT, MOST_PEOPLE, NONCE, attach, find_voice, outputs_of
from .voices_rows import look_of, note_of, sound_of

GENDERS = (("", "Not said"), ("female", "Female"), ("male", "Male"), ("neutral", "Neutral"))
LONGEST_LINE = 300
FIRST_LINE = "Good morning. This is how I sound when nobody hurries me."


class FactsForm(forms.Form):
    name = text_field("Name", "Give the voice a name.", max_length=100)
    language = text_field("Language", "", max_length=20, required=False, help_text="A code such as en, de or pt-BR.")
    gender = forms.CharField(label="Gender", max_length=20, required=False)
    style = text_field("Style", "", max_length=40, required=False, help_text="A word or two: warm, newsreader, dry.")
    description = forms.CharField(
        label="Notes", max_length=500, required=False, widget=forms.Textarea({"class": "input", "rows": 2})
    )


@dataclass(frozen=True, slots=True)
class Saying:
    """The form that lets it speak. offers: who can; price: of the first, as it stands on the button. missing: why nobody can."""

    offers: tuple[TeamOffer, ...]
    line: str
    problem: str = ""
    may_confirm: bool = False
    missing: str = ""

    @property
    def price(self) -> str:
        return price_of(self.offers[0].offer).lower() if self.offers else ""

    @property
    def chosen(self) -> TeamOffer | None:
        return next(iter(self.offers), None)


@require_safe
@member
def voice(request: MemberRequest, voice_id: UUID) -> HttpResponseBase:
    found = find_voice(request, voice_id)
    return render(request, "voices/voice.html", _page(request, found))


def _page(request: MemberRequest, found: Voice) -> dict[str, Any]:
    people = list(
        Influencer.objects.seen_by(request.membership)
        .filter(voice=found, archived_at=None)
        .select_related("face")
        .order_by("name", "pk")[:MOST_PEOPLE]
    )
    context = _facts(request, found) | {
        "speakers": people,
        "people": _others(request, found),
        "used": used_in(request, "voice", found.pk),
    }
    if request.membership.may_create and not found.archived_at:
        context |= {"saying": saying(request, found), "nonce": uuid4().hex}
    try:
        context["outputs"] = outputs_of(request, UUID(request.GET["said"])) if request.GET.get("said") else []
    except ValueError:
        context["outputs"] = []
    return context


def _facts(request: MemberRequest, found: Voice, form: FactsForm | None = None) -> dict[str, Any]:
    copies = RemoteCopy.objects.filter(team=found.team_id, object_kind="voice", object_id=found.pk)
    return {
        "voice": found,
        "note": note_of(found),
        "sound": sound_of(found),
        "look": look_of(found),
        "language": language_name(found.language),
        "known_at": sorted(
            {get_provider(copy.connection.provider).title for copy in copies.select_related("connection")}
        ),
        "may_edit": request.membership.may_create and found.archived_at is None,
        "form": form,
        "genders": _genders(form["gender"].value() if form else found.gender),
    }


def _genders(chosen: str) -> list[tuple[str, str, bool]]:
    known = dict(GENDERS)
    values = GENDERS if (chosen or "") in known else (*GENDERS, (chosen, chosen.capitalize()))
    return [(value, title, value == (chosen or "")) for value, title in values]


def _others(request: MemberRequest, found: Voice) -> list[Influencer]:
    """Who could speak with it."""
    rows = reach.influencers(request.membership, request.workspace.pk).exclude(voice=found)
    return list(rows.select_related("voice").order_by("name", "pk")[:MOST_PEOPLE])


@require_http_methods(["GET", "HEAD", "POST"])
@creator
def voice_facts(request: MemberRequest, voice_id: UUID) -> HttpResponseBase:
    """The card of facts: GET to change it (`?read=1`: as it is read), POST to save it."""
    found = find_voice(request, voice_id)
    if found.archived_at:
        messages.info(request, f"{found.name} is archived. Restore it to change it.")
        return redirect("voice", found.pk)
    names = tuple(FactsForm.base_fields)
    if request.method == "POST":
        form = FactsForm(request.POST)
        if form.is_valid():
            for name in names:
                setattr(found, name, form.cleaned_data[name])
            found.save(update_fields=names)
            return _facts_answer(request, found, None, saved=True)
        return _facts_answer(request, found, form, status=422)
    form = FactsForm(initial={name: getattr(found, name) for name in names})
    return _facts_answer(request, found, None if "read" in request.GET else form)


def _facts_answer(
    request: MemberRequest, found: Voice, form: FactsForm | None, *, saved: bool = False, status: int = 200
) -> HttpResponseBase:
    if request.htmx and not request.htmx.history_restore_request:
        response = render(request, "voices/_facts.html", _facts(request, found, form) | {"saved": saved}, status=status)
    elif saved:
        return redirect("voice", found.pk)
    else:
        response = render(
            request, "voices/voice.html", _page(request, found) | _facts(request, found, form), status=status
        )
    patch_vary_headers(response, ("HX-Request",))
    return response


@require_POST
@creator
def voice_attach(request: MemberRequest, voice_id: UUID) -> HttpResponseBase:
    """`influencer` speaks with this voice from now on; with `off`, no longer."""
    found = find_voice(request, voice_id)
    try:
        wanted = UUID(request.POST.get("influencer", ""))
    except ValueError:
        wanted = None
    if request.POST.get("off"):
        rows = Influencer.objects.seen_by(request.membership).filter(voice=found)
        person = rows.filter(pk=wanted).first() if wanted else None
        if person:
            person.voice = None
            person.save(update_fields=("voice",))
        text = f"{person.name} has no voice now." if person else "Choose who should speak with it."
    else:
        person = attach(request, found, wanted)
        text = f"{person.name} speaks with {found.name} now." if person else "Choose who should speak with it."
    (messages.success if person else messages.error)(request, text)
    return redirect("voice", found.pk)


# -- Hear it say ---------------------------------------------------------------------------------------------------------------


def saying(request: MemberRequest, found: Voice, **more: Any) -> Saying:
    """Who can speak with this voice now. Voices stay where they were made: a service speaks with those that it has."""
    tool = _speech()
    copies = RemoteCopy.objects.filter(team=found.team_id, object_id=found.pk, kind="voice")
    there = set(copies.values_list("connection", flat=True))
    every = [it for it in team_offers(request.membership.team_id, tool.slug) if _speaks(it, found, there)]
    usable = tuple(it for it in every if it.usable)
    missing = ""
    if not usable:
        named = [get_provider(copy.connection.provider).title for copy in copies.select_related("connection")[:1]]
        missing = every[0].why_not if every else _nobody(named[0] if named else "")
    line = request.POST.get("line", "") or request.session.get(LINE_KEPT, "") or FIRST_LINE
    return Saying(usable, line[:LONGEST_LINE], missing=missing, **more)


def _nobody(title: str) -> str:
    if not title:
        return "No connected service has this voice, so it cannot say a line."
    return f"{title} lets it speak in videos only, so a single line cannot be tried."


def _speaks(it: TeamOffer, found: Voice, there: set[UUID]) -> bool:
    if it.connection is None:
        return found.kind == VoiceKind.LOCAL and it.offer.provider == "local"
    return it.connection.pk in there


def _speech() -> Tool:
    tool = get_tool("speech")
    assert tool is not None
    return tool


@require_POST
@creator
def voice_say(request: MemberRequest, voice_id: UUID) -> HttpResponseBase:
    """One line, spoken with this voice: one paid request for one nonce."""
    found = find_voice(request, voice_id)
    now = saying(request, found)
    line = " ".join(request.POST.get("line", "").replace("\x00", " ").split())
    problem, may_confirm = "", False
    if not NONCE.fullmatch(request.POST.get("nonce", "")):
        problem = "This form had lost its mark against double sending. It has a new one: press again."
    elif not line:
        problem = "Write what it should say."
    elif len(line) > LONGEST_LINE:
        problem = f"This line has {len(line)} characters. Use at most {LONGEST_LINE} here; the Speech form takes more."
    elif found.archived_at:
        problem = f"{found.name} is archived. Restore it to use it."
    elif now.chosen is None:
        problem = now.missing
    if not problem and now.chosen:
        wanted = request.POST.get("offer", "")
        offer = next((it for it in now.offers if it.offer.key == wanted), now.chosen)
        try:
            submitted = submit_brief(
                request.membership,
                request.workspace,
                _speech(),
                _speech().Inputs.model_validate({"text": line, "voice": str(found.pk)}),
                request.POST["nonce"],
                offer=offer,
                admin_ok=bool(request.POST.get("admin_ok")),
            )
        except ValidationError as error:
            problem = str(error.errors()[0]["msg"])
        except (Unresolved, NotOffered) as error:
            problem = str(error)
        except OverBudget as error:
            problem, may_confirm = str(error), error.may_confirm
        else:
            request.session[LINE_KEPT] = line
            return _said(request, found, submitted.brief.pk)
    return _unsaid(request, found, problem, may_confirm)


def _said(request: MemberRequest, found: Voice, brief_id: UUID) -> HttpResponseBase:
    if not request.htmx:
        return redirect(f"{reverse('voice', args=[found.pk])}?said={brief_id}#strip")
    context = {"voice": found, "saying": saying(request, found), "nonce": uuid4().hex}
    return render(request, "voices/_said.html", context | {"outputs": outputs_of(request, brief_id)})


def _unsaid(request: MemberRequest, found: Voice, problem: str, may_confirm: bool) -> HttpResponseBase:
    now = saying(request, found, problem=problem, may_confirm=may_confirm)
    context = {"voice": found, "saying": now, "nonce": uuid4().hex}
    if request.htmx:
        return render(request, "voices/_say.html", context, status=422)
    return render(request, "voices/voice.html", _page(request, found) | context, status=422)


urlpatterns: list[URLPattern] = [
    path("voices/<uuid:voice_id>/", voice, name="voice"),
    path("voices/<uuid:voice_id>/facts", voice_facts, name="voice_facts"),
    path("voices/<uuid:voice_id>/influencer", voice_attach, name="voice_attach"),
    path("voices/<uuid:voice_id>/say", voice_say, name="voice_say"),
]
