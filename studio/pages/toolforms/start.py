"""How a form starts (empty, from a brief or an output, from a link's parameters), and its small steps without script."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from studio.engine import reach
from studio.models import Brief, Output
from studio.pages.access import MemberRequest
from studio.tools import Tool

from . import library
from .derive import Form, filled


def started(request: MemberRequest, tool: Tool) -> tuple[Form, Brief | None]:
    """The form as the address asks for it, and the brief whose results stand beside it.

    `?brief=` fills it from one's brief and shows its results, `?remix=` from the brief behind an output; `?template=`, `?brand=` and
    `?photo=` set one input each. A form that starts from nothing has the brand of the person's last brief: people work on one client
    for a while. 404 for a brief or output that this person does not reach.
    """
    asked = request.GET
    brief = None
    values: dict[str, Any] = {}
    if asked.get("brief"):
        brief = _brief(request, tool, asked["brief"])
        values = _inputs(tool, brief)
    elif asked.get("remix"):
        values = _inputs(tool, _behind(request, tool, asked["remix"]))
    form = filled(tool, values)
    if not values and not asked.get("brand"):
        values = _last_brand(request, form)
    errors: dict[str, str] = {}
    for parameter, widget in (("template", "template"), ("brand", "brand"), ("photo", "images")):
        sent = asked.get(parameter, "")[:64]
        name = form.named(widget)
        if sent and name:
            values[name] = [sent] if widget == "images" else sent
            if widget == "images" and not library.pictures(request.membership, [sent]):
                del values[name]
                errors[name] = "That picture is not here any more. Upload it again."
    form = filled(tool, values)
    return (form.with_errors(errors) if errors else form), brief


def _last_brand(request: MemberRequest, form: Form) -> dict[str, Any]:
    """Nothing where the last brief had no brand, or one that cannot be chosen here any more."""
    name = form.named("brand")
    rows = Brief.objects.seen_by(request.membership).filter(workspace=request.workspace, created_by=request.user)
    last = rows.order_by("-pk").first() if name else None
    pk = library.as_id(str(last.inputs.get(name) or "")) if last else None
    if pk is None or not reach.brands(request.membership, request.workspace.pk).filter(pk=pk).exists():
        return {}
    return {name: str(pk)}


def _brief(request: MemberRequest, tool: Tool, reference: str) -> Brief:
    pk = library.as_id(reference)
    brief = Brief.objects.seen_by(request.membership).filter(pk=pk, tool=tool.slug).first() if pk else None
    if brief is None:
        raise Http404
    return brief


def _behind(request: MemberRequest, tool: Tool, reference: str) -> Brief:
    pk = library.as_id(reference)
    rows = Output.objects.seen_by(request.membership).select_related("generation__brief")
    output = rows.filter(pk=pk, tool=tool.slug).first() if pk else None
    if output is None:
        raise Http404
    return output.generation.brief


def _inputs(tool: Tool, brief: Brief) -> dict[str, Any]:
    return tool.upgrade(dict(brief.inputs), brief.schema_version)


def stepped(form: Form, step: str) -> Form:
    """The form after one of its small steps: `add:<asset>`, `remove:<asset>`, `first:<asset>`. Any other word only shows it again."""
    action, _, reference = step.partition(":")
    name = form.named("images")
    if name and reference:
        rest = [item for item in form.raw[name] if item != reference]
        if action == "add":
            form = form.replace(
                name, [*form.raw[name], reference] if reference not in form.raw[name] else form.raw[name]
            )
        elif action == "remove":
            form = form.replace(name, rest)
        elif action == "first" and len(rest) < len(form.raw[name]):
            form = form.replace(name, [reference, *rest])
    # Nothing was submitted, so only files that were refused are complained about.
    return Form(form.tool, form.raw, None, {name: form.errors[name]} if name in form.errors else {})
