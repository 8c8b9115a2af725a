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

from studio.engine.briefs import NotOffered, OverBudget, submit_brief
from studio.engine.resolve import Unresolved
from studio.media.uploads import most_megabytes
from studio.models import Brief, Output
from studio.tools import Tool, get_tool

from .access import MemberRequest, creator
from .toolforms import library, preview, start, uploads
from .toolforms.chooser import choices
from .toolforms.derive import Form, filled, lenient, parsed
from .toolforms.summary import summary

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
    """The form. GET may start it from `?remix= ?brief= ?template= ?brand= ?photo=`; POST generates, or does one of the form's small steps."""
    tool = _tool(slug)
    if request.method != "POST":
        form, brief = start.started(request, tool)
        return _page(request, tool, form, brief)
    form = uploads.parsed_with_uploads(request, tool)
    step = request.POST.get("do", "")
    if step:
        return _page(request, tool, start.stepped(form, step), None, with_preview=step == "preview")
    return _submit(request, tool, form)


def _submit(request: MemberRequest, tool: Tool, form: Form) -> HttpResponseBase:
    nonce = request.POST.get("nonce", "")
    if not _NONCE.fullmatch(nonce):
        form = form.with_errors(
            {"": "This form had lost its mark against double sending. It has a new one: send it again."}
        )
    if not form.is_valid or form.inputs is None:
        return _refused(request, tool, form)
    try:
        over_budget = request.POST.get("over_budget") == "on"
        submitted = submit_brief(request.membership, request.workspace, tool, form.inputs, nonce, admin_ok=over_budget)
    except Unresolved as error:
        return _refused(request, tool, form.with_errors(_by_field(error)))
    except NotOffered as error:
        return _refused(request, tool, form.with_errors({"": str(error)}))
    except OverBudget as error:
        return _refused(request, tool, form.with_errors({"": str(error)}), may_go_over=error.may_confirm)
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


def _refused(request: MemberRequest, tool: Tool, form: Form, *, may_go_over: bool = False) -> HttpResponseBase:
    """422: with htmx only the sentences travel, so that what is being typed meanwhile stays; without it the whole page, still filled.

    may_go_over: it is only the budget, and this person may say that it does not matter.
    """
    if not request.htmx:
        return _page(request, tool, form, None, status=422, may_go_over=may_go_over)
    context = {"form": form, "tool": tool, "nonce": _new_nonce(), "may_go_over": may_go_over}
    response = render(request, "create/_refused.html", context, status=422)
    return trigger_client_event(response, "create:refused", {}, after="settle")


@require_POST
@creator
def create_preview(request: MemberRequest, slug: str) -> HttpResponseBase:
    """The ad as it stands in the unfinished form, the words proposed for it, and the summary. 204 where a newer request came meanwhile."""
    tool = _tool(slug)
    form = parsed(tool, request.POST)
    try:
        context = _drawn(request, form)
    except preview.Overtaken:
        return HttpResponse(status=204)
    return render(request, "create/_preview_answer.html", {"form": form, "tool": tool, **context})


@require_GET
@creator
def create_products(request: MemberRequest, slug: str) -> HttpResponseBase:
    """The product photos of `?brand=`, each to be added with one click."""
    tool = _tool(slug)
    photos = library.photos(request.membership, request.workspace, request.GET.get("brand", ""))
    return render(request, "create/_products.html", {"photos": photos, "name": filled(tool).named("images")})


def _tool(slug: str) -> Tool:
    tool = get_tool(slug)
    if tool is None:
        raise Http404
    return tool


def _page(
    request: MemberRequest,
    tool: Tool,
    form: Form,
    brief: Brief | None,
    *,
    status: int = 200,
    with_preview: bool = False,
    may_go_over: bool = False,
) -> HttpResponseBase:
    """The whole page. The preview is drawn with it only where it was asked for: else the page fetches it."""
    context: dict[str, Any] = _drawn(request, form) if with_preview else _described(request, form)
    context |= {
        "tool": tool,
        "form": form,
        "may_go_over": may_go_over,
        "name": form.named("images"),
        "nonce": _unspent_nonce(request),
        "max_upload_mb": most_megabytes(),
        "brief": brief,
        "outputs": _outputs(request, brief) if brief else [],
        "brands": library.brands(request.membership, request.workspace),
        "pictures": library.pictures(request.membership, form.references("images")),
        "photos": library.photos(request.membership, request.workspace, form.reference("brand")),
    }
    return render(request, "create/tool.html", context, status=status)


def _described(request: MemberRequest, form: Form) -> dict[str, Any]:
    """What the summary says, and the shapes that a preview can be asked for."""
    values = preview.reachable(form.tool, lenient(form), request.membership, request.workspace)
    shapes = list(getattr(values.inputs, "aspect_ratio", ()))
    shown = request.POST.get("shown", "")
    return {
        "values": values,
        "words": preview.proposed(values),
        "analysing": preview.is_analysing(values),
        "summary": summary(form.tool, values.inputs, values.brand.name if values.brand else ""),
        "shapes": shapes,
        "shown": shown if shown in shapes else next(iter(shapes), ""),
    }


def _drawn(request: MemberRequest, form: Form) -> dict[str, Any]:
    context = _described(request, form)
    name = f"{request.user.pk}/{request.POST.get('nonce', '')[:64]}"
    return context | {"preview": preview.draw(context["values"], context["shown"], name)}


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
    path("create/<slug:slug>/products", create_products, name="create_products"),
]
