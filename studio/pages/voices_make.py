"""New voices: a recording is taken and checked, free; then one press copies it, or makes a voice of a description, and is paid for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods, require_POST
from pydantic import ValidationError

from config.storage import StorageAway
from studio.engine import bells, consents, reach
from studio.engine.briefs import NotOffered, OverBudget, submit_brief
from studio.engine.resolve import Unresolved
from studio.media import recordings
from studio.media.errors import MediaRefused
from studio.media.ingest import ingest_file
from studio.media.storing import stored_pieces
from studio.media.uploads import most_megabytes, refused_uploads, too_large
from studio.models import Asset, Brief, Influencer, Kind, Output, Voice
from studio.tools import Tool, get_tool

from .access import MemberRequest, creator
from .devices import with_microphone
from .rows import with_tiles
from .toolforms.offered import Picked, picked, price_of
from .toolforms.words import sentence

NONCE = re.compile(r"[A-Za-z0-9_-]{8,64}")
LINE_KEPT = "voice_line"
"""The session's name for the last line that somebody tried a voice with."""
MOST_PEOPLE = 60
PASSAGE = (
    "On the way to work I buy a coffee, warm and strong, and walk the last two stops. Some mornings it rains; some mornings the whole"
    " street smells of bread. Is that a lot? No. But it is mine, and it takes exactly eleven minutes."
)
CHIPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "pace": ("Pace", ("slow", "even", "brisk")),
    "energy": ("Energy", ("calm", "warm", "lively")),
    "age": ("Age", ("young", "thirties", "fifties", "old")),
}
_SAID = {"pace": "{} pace", "energy": "{} energy"}
_AGES = {"young": "young", "thirties": "in their thirties", "fifties": "in their fifties", "old": "old"}


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording that is held for the press, and what was found in it."""

    asset: Asset
    check: recordings.Check


@dataclass(slots=True)
class Panel:
    """The two forms with what was typed. errors: by field; "" for the form. may_confirm: it goes over a budget that this person may go over."""

    way: str = "clone"
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    recorded: Recorded | None = None
    may_confirm: bool = False


def consent_words(request: MemberRequest) -> str:
    """What the speaker reads aloud, and what is kept as said yes to."""
    return f"I agree that {request.membership.team} copies my voice and lets it speak."


def panel_context(request: MemberRequest, panel: Panel | None = None) -> dict[str, Any]:
    tool = _tool()
    choice = picked(request.membership, tool)
    people = reach.influencers(request.membership, request.workspace.pk).order_by("name", "pk")[:MOST_PEOPLE]
    return {
        "panel": panel or Panel(),
        "chips": [(name, title, _options(panel, name, words)) for name, (title, words) in CHIPS.items()],
        "picked": choice,
        "price": cost_words(choice),
        "people": list(people),
        "nonce": uuid4().hex,
        "consent": consent_words(request),
        "passage": PASSAGE,
        "max_upload_mb": most_megabytes(),
    }


def _options(panel: Panel | None, name: str, words: Iterable[str]) -> list[tuple[str, str, bool]]:
    chosen = panel.typed.get(name, "") if panel else ""
    return [(word, word[:1].upper() + word[1:] if word else "Open", word == chosen) for word in ("", *words)]


def cost_words(choice: Picked) -> str:
    """What stands on a button beside what it does."""
    return price_of(choice.offer).lower() if choice.offer else ""


def _tool() -> Tool:
    tool = get_tool("voice")
    assert tool is not None
    return tool


# -- Recordings ----------------------------------------------------------------------------------------------------------------


@require_POST
@creator
def voice_recording(request: MemberRequest) -> HttpResponseBase:
    """Takes and checks one recording (`file`). Scripts get it as it is held in the form; a plain form comes back to the page with it."""
    asset, problem = take_recording(request)
    held = recorded(request, str(asset.pk)) if asset else None
    if request.htmx:
        panel = Panel(recorded=held, errors={"audio": problem} if problem else {})
        return render(request, "voices/_recording.html", {"panel": panel}, status=422 if problem else 200)
    if problem:
        messages.error(request, problem)
    return redirect(f"{reverse('voice_new')}?way=clone{f'&recording={asset.pk}' if asset else ''}")


def take_recording(request: MemberRequest) -> tuple[Asset | None, str]:
    """The stored file, or a sentence why not."""
    upload: UploadedFile[bytes] | None = request.FILES.get("file")
    if upload is None:
        refused = bool(refused_uploads(request))
        return None, too_large() if refused else "Record something, or choose a sound file."
    try:
        taken = ingest_file(request.membership, request.workspace, upload, accept=(Kind.AUDIO,))
    except (MediaRefused, StorageAway) as refusal:
        return None, str(refusal)
    if not taken.known or not taken.asset.peaks:
        bells.ring_previews(taken.asset.pk)
    return taken.asset, ""


def recorded(request: MemberRequest, reference: str) -> Recorded | None:
    """A recording by its id, with its check; None for what is not here or is none."""
    try:
        pk = UUID(reference)
    except ValueError:
        return None
    asset = reach.assets(request.membership).filter(pk=pk, kind=Kind.AUDIO).first()
    if asset is None:
        return None
    with NamedTemporaryFile() as file:
        for piece in stored_pieces(str(asset.file.name)):
            file.write(piece)
        file.flush()
        return Recorded(asset, recordings.check(Path(file.name), asset.media_type))


# -- The press -----------------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@creator
def voice_new(request: MemberRequest) -> HttpResponseBase:
    """Both forms on a page of their own. POST (`way`: clone or design) sends one of them, once for its nonce."""
    if request.method != "POST":
        way = "design" if request.GET.get("way") == "design" else "clone"
        typed = {"influencer": request.GET.get("influencer", "")[:36]}
        return _page(request, Panel(way, typed, recorded=recorded(request, request.GET.get("recording", ""))))
    panel = Panel("design" if request.POST.get("way") == "design" else "clone", _typed(request.POST))
    if panel.way == "clone":
        panel.recorded = recorded(request, request.POST.get("audio", ""))
        if panel.recorded is None and request.FILES:
            asset, problem = take_recording(request)
            panel.recorded = recorded(request, str(asset.pk)) if asset else None
            panel.errors["audio"] = problem or "It is here. Listen to it once, then press again."
            return _refused(request, panel)
    panel.errors = _problems(request, panel)
    if panel.errors:
        return _refused(request, panel)
    brief = _submit(request, panel)
    if brief is None:
        return _refused(request, panel)
    if request.POST.get("line", "").strip():
        request.session[LINE_KEPT] = request.POST["line"].strip()[:300]
    if not request.htmx:
        return redirect(f"{reverse('voice_new')}?way={panel.way}&made={brief.pk}#strip")
    context = panel_context(request, Panel(panel.way)) | {"outputs": outputs_of(request, brief), "oob": True}
    return render(request, "voices/_accepted.html", context)


def _typed(sent: QueryDict) -> dict[str, str]:
    names = ("name", "influencer", "consent", "prompt", "line", *CHIPS)
    return {name: sent.get(name, "").replace("\x00", "")[:2000] for name in names}


def _problems(request: MemberRequest, panel: Panel) -> dict[str, str]:
    found: dict[str, str] = {}
    if not NONCE.fullmatch(request.POST.get("nonce", "")):
        found[""] = "This form had lost its mark against double sending. It has a new one: press again."
    if not panel.typed["name"].strip():
        found["name"] = "Give the voice a name, so that you find it again."
    if panel.way == "design":
        if not panel.typed["prompt"].strip():
            found["prompt"] = "Describe the voice: who speaks, how high, how fast, in which mood."
        return found
    if panel.recorded is None:
        found["audio"] = "Record something, or choose a sound file."
    elif panel.recorded.check.refused:
        found["audio"] = panel.recorded.check.refused
    if not panel.typed["consent"]:
        found["consent"] = "Say that the person who speaks agreed. Without their yes nobody's voice is copied."
    return found


def prompt_of(typed: Mapping[str, str]) -> str:
    """The description with what was chosen: `"Low and dry. Slow pace, calm energy, in their fifties."`"""
    chosen = {name: typed[name] for name, (_, words) in CHIPS.items() if typed.get(name) in words}
    said = [_AGES[word] if name == "age" else _SAID[name].format(word) for name, word in chosen.items()]
    description = " ".join(typed["prompt"].split())
    if not said:
        return description
    facts = ", ".join(said)
    stop = "" if description.endswith((".", "!", "?")) else "."
    return f"{description}{stop} {facts[:1].upper()}{facts[1:]}."


def _submit(request: MemberRequest, panel: Panel) -> Brief | None:
    """None, and what is wrong in the panel's errors, where nothing was sent."""
    tool, typed = _tool(), panel.typed
    choice = picked(request.membership, tool, request.POST.get("offer", "")[:200])
    given: dict[str, Any] = {"method": panel.way, "name": typed["name"].strip(), "influencer": typed["influencer"]}
    if panel.recorded and panel.way == "clone":
        given["audio"] = str(panel.recorded.asset.pk)
        consents.keep(panel.recorded.asset, request.user, consent_words(request))
    else:
        given["prompt"] = prompt_of(typed)
    try:
        inputs = tool.Inputs.model_validate(given)
        return submit_brief(
            request.membership,
            request.workspace,
            tool,
            inputs,
            request.POST["nonce"],
            offer=choice.chosen,
            admin_ok=bool(request.POST.get("admin_ok")),
        ).brief
    except ValidationError as error:
        panel.errors |= {str((it["loc"] or ("",))[0]): sentence(dict(it), _title(tool, it)) for it in error.errors()}
    except Unresolved as error:
        panel.errors |= {problem.field: problem.sentence for problem in error.problems}
    except NotOffered as error:
        panel.errors[""] = choice.missing or str(error)
    except OverBudget as error:
        panel.errors[""], panel.may_confirm = str(error), error.may_confirm
    return None


def _title(tool: Tool, error: Any) -> str:
    info = tool.Inputs.model_fields.get(str((error["loc"] or ("",))[0]))
    return (info.title if info else "") or "This"


def outputs_of(request: MemberRequest, brief: Brief | UUID) -> list[Output]:
    rows = Output.objects.seen_by(request.membership).filter(generation__brief=brief, deleted_at=None)
    return list(with_tiles(rows).order_by("generation__position", "position"))


def _refused(request: MemberRequest, panel: Panel) -> HttpResponseBase:
    if not request.htmx:
        return _page(request, panel, status=422)
    return render(request, "voices/_panel.html", panel_context(request, panel), status=422)


def _page(request: MemberRequest, panel: Panel, status: int = 200) -> HttpResponseBase:
    context = panel_context(request, panel)
    try:
        context["outputs"] = outputs_of(request, UUID(request.GET["made"])) if request.GET.get("made") else []
    except ValueError:
        context["outputs"] = []
    return with_microphone(render(request, "voices/new.html", context, status=status))


def find_voice(request: MemberRequest, voice_id: UUID) -> Voice:
    rows = Voice.objects.seen_by(request.membership)
    rows = rows.select_related("preview", "recording", "workspace", "created_by", "consent_by")
    found = rows.filter(pk=voice_id).first()
    if found is None:
        raise Http404("No such voice.")
    return found


def attach(request: MemberRequest, voice: Voice, influencer_id: UUID | None) -> Influencer | None:
    """The influencer speaks with this voice from now on. None where there is no such influencer here."""
    rows = reach.influencers(request.membership, request.workspace.pk)
    found = rows.filter(pk=influencer_id).first() if influencer_id else None
    if found:
        found.voice = voice
        found.save(update_fields=("voice",))
    return found


urlpatterns: list[URLPattern] = [
    path("voices/new/", voice_new, name="voice_new"),
    path("voices/recording/", voice_recording, name="voice_recording"),
]
