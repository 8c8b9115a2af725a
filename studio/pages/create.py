"""Create: the chooser, and one form per tool, derived from its declaration. One stays on the form after a submit: people iterate."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from studio.engine import consents
from studio.engine.briefs import NotOffered, OverBudget, submit_brief
from studio.engine.never_say import NeverSaid
from studio.engine.resolve import Unresolved
from studio.models import Brief, Output
from studio.tools import Tool, get_tool

from .access import MemberRequest, creator
from .create_parts import urlpatterns as parts
from .toolforms import library, preview, uploads
from .toolforms.chooser import choices
from .toolforms.derive import Around, Form, filled, with_needed
from .toolforms.offered import Picked, picked
from .toolforms.page import described, drawn, page_context
from .toolforms.sent import parsed
from .toolforms.start import remember, started, usual_shapes
from .toolforms.steps import stepped

_NONCE = re.compile(r"[A-Za-z0-9_-]{8,64}")


@require_GET
@creator
def chooser(request: MemberRequest) -> HttpResponseBase:
    """Every tool, every template to start from, and the person's last briefs; `?q=` narrows all three."""
    found = choices(request.membership, request.workspace, request.user, request.GET.get("q", "")[:100])
    whole = not request.htmx or request.htmx.history_restore_request
    response = render(request, "create/chooser.html" if whole else "create/_found.html", {"found": found})
    response.headers["Vary"] = "HX-Request"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@creator
def tool_form(request: MemberRequest, slug: str) -> HttpResponseBase:
    """The form. GET may start it from `?remix= ?brief= ?offer= ?template= ?brand= ?photo=`; POST generates, or does one of its small steps."""
    tool = tool_called(slug)
    if request.method != "POST":
        begun = started(request, tool)
        return _page(request, begun.form, begun.picked, begun.brief)
    choice = picked(request.membership, tool, request.POST.get("offer", "")[:200])
    form = uploads.parsed_with_uploads(request, tool, choice.offer)
    step = request.POST.get("do", "")[:2500]
    if step:
        picking = step.removeprefix("recent:") if step.startswith("recent:") else ""
        changed = stepped(form, step)
        changed = with_needed(changed) if step == "offer" else changed
        changed = _with_usual_shapes(request, changed) if step == "products" else changed
        return _page(request, changed, choice, None, with_preview=step == "preview", picking=picking)
    return _submit(request, form, choice)


def _with_usual_shapes(request: MemberRequest, form: Form) -> Form:
    """Without script: those of the brand that was just chosen, where nobody has chosen others."""
    usual = usual_shapes(request, form, form.reference("brand"))
    untouched = filled(form.tool, {}, form.offer).raw
    for name, value in usual.items():
        form = form.replace(name, value) if form.raw[name] == untouched[name] else form
    return form


def _submit(request: MemberRequest, form: Form, choice: Picked) -> HttpResponseBase:
    nonce, tool = request.POST.get("nonce", ""), form.tool
    if not _NONCE.fullmatch(nonce):
        form = form.with_errors(
            {"": "This form had lost its mark against double sending. It has a new one: send it again."}
        )
    if choice.missing and form.is_valid:
        form = form.with_errors({"": choice.missing})
    if not form.is_valid or form.inputs is None:
        return _refused(request, form, choice)
    try:
        submitted = submit_brief(
            request.membership,
            request.workspace,
            tool,
            form.inputs,
            nonce,
            offer=choice.chosen,
            admin_ok=bool(request.POST.get("admin_ok")),
            said_anyway=bool(request.POST.get("said_anyway")),
            consent=consents.said(request.user) if request.POST.get("agreed") else None,
        )
    except NeverSaid as error:
        return _refused(request, form.with_errors(_by_field(error)), choice, may_say=True)
    except Unresolved as error:
        return _refused(request, form.with_errors(_by_field(error)), choice)
    except NotOffered as error:
        return _refused(request, form.with_errors({"": str(error)}), choice)
    except OverBudget as error:
        return _refused(request, form.with_errors({"": str(error)}), choice, may_confirm=error.may_confirm)
    remember(request, form)
    brief = submitted.brief
    word = "" if submitted.created else "Already generating. Generate again for a new set."
    if not request.htmx:
        if word:
            messages.info(request, word)
        return redirect(f"{reverse('create_tool', args=[tool.slug])}?brief={brief.pk}#strip")
    context = {"form": form, "tool": tool, "nonce": _new_nonce(), "outputs": _outputs(request, brief), "brief": brief}
    response = render(request, "create/_accepted.html", context)
    response["HX-Replace-Url"] = f"{reverse('create_tool', args=[tool.slug])}?brief={brief.pk}"
    trigger_client_event(response, "create:accepted", {"brief": str(brief.pk)}, after="settle")
    return trigger_client_event(response, "toast", {"text": word, "id": "brief"}) if word else response


def _refused(
    request: MemberRequest, form: Form, choice: Picked, may_confirm: bool = False, may_say: bool = False
) -> HttpResponseBase:
    """422: with htmx only the sentences travel, so that what is being typed meanwhile stays; without it the whole page, still filled.

    may_say: what is wrong are words that the person may use anyway.
    """
    if not request.htmx:
        return _page(request, form, choice, None, status=422, may_confirm=may_confirm, may_say=may_say)
    context = {"form": form, "tool": form.tool, "nonce": _new_nonce()}
    context |= {"may_confirm": may_confirm, "may_say": may_say}
    response = render(request, "create/_refused.html", context, status=422)
    return trigger_client_event(response, "create:refused", {}, after="settle")


@require_POST
@creator
def create_preview(request: MemberRequest, slug: str) -> HttpResponseBase:
    """What the unfinished form would make, the words proposed for it, and its price. 204 where a newer request came meanwhile."""
    tool = tool_called(slug)
    choice = picked(request.membership, tool, request.POST.get("offer", "")[:200])
    form = parsed(tool, request.POST, choice.offer)
    try:
        context = drawn(request, form, choice)
    except preview.Overtaken:
        return HttpResponse(status=204)
    form = form.with_around(Around(said=context["said"]))
    return render(request, "create/_preview_answer.html", {"form": form, "tool": tool, "picked": choice, **context})


@require_POST
@creator
def create_fields(request: MemberRequest, slug: str) -> HttpResponseBase:
    """The form anew for another offer, with everything that was typed: what that offer does not take is kept and named."""
    tool = tool_called(slug)
    choice = picked(request.membership, tool, request.POST.get("offer", "")[:200])
    form = with_needed(stepped(parsed(tool, request.POST, choice.offer), "offer"))
    context = page_context(request, form, choice) | described(request, form, choice)
    response = render(request, "create/_fields_answer.html", context)
    return trigger_client_event(response, "create:derived", {"offer": choice.key}, after="settle")


@require_GET
@creator
def create_products(request: MemberRequest, slug: str) -> HttpResponseBase:
    """The product photos of `?brand=`, each to be added with one click to the pictures that `?offer=` takes."""
    tool = tool_called(slug)
    photos = library.photos(request.membership, request.workspace, request.GET.get("brand", ""))
    choice = picked(request.membership, tool, request.GET.get("offer", "")[:200])
    form = Form(tool, dict.fromkeys(tool.Inputs.model_fields, ""), None, offer=choice.offer)
    return render(request, "create/_products.html", {"photos": photos, "name": form.named("images")})


def tool_called(slug: str) -> Tool:
    tool = get_tool(slug)
    if tool is None:
        raise Http404
    return tool


def _page(
    request: MemberRequest,
    form: Form,
    choice: Picked,
    brief: Brief | None,
    *,
    status: int = 200,
    with_preview: bool = False,
    picking: str = "",
    may_confirm: bool = False,
    may_say: bool = False,
) -> HttpResponseBase:
    """The whole page. The preview is drawn with it only where it was asked for: else the page fetches it."""
    context: dict[str, Any] = page_context(request, form, choice, picking)
    context |= drawn(request, form, choice) if with_preview else described(request, form, choice)
    context |= {
        "nonce": _unspent_nonce(request),
        "brief": brief,
        "outputs": _outputs(request, brief) if brief else [],
        "may_confirm": may_confirm,
        "may_say": may_say,
    }
    return render(request, "create/tool.html", context, status=status)


def _outputs(request: MemberRequest, brief: Brief) -> Iterable[Output]:
    rows = Output.objects.seen_by(request.membership).filter(generation__brief=brief, deleted_at=None)
    return rows.select_related("asset", "brand", "generation").order_by("generation__position", "position")


def _unspent_nonce(request: MemberRequest) -> str:
    """A step on the way to the button (an upload without script, a refusal) keeps the form's nonce: going back from it and sending is
    still one brief."""
    nonce = request.POST.get("nonce", "")
    return nonce if _NONCE.fullmatch(nonce) else _new_nonce()


def _new_nonce() -> str:
    return uuid4().hex


def _by_field(error: Unresolved) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for problem in error.problems:
        found.setdefault(problem.field, []).append(problem.sentence)
    return found


urlpatterns = [
    path("create/", chooser, name="create"),
    path("create/<slug:slug>/", tool_form, name="create_tool"),
    path("create/<slug:slug>/preview", create_preview, name="create_preview"),
    path("create/<slug:slug>/fields", create_fields, name="create_fields"),
    path("create/<slug:slug>/products", create_products, name="create_products"),
    *parts,
]
