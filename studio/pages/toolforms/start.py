"""How a form starts: empty, from a brief or an output, from a link's parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404

from studio.engine import reach
from studio.engine.fields import own_id
from studio.models import Brief, Generation, Output
from studio.pages.access import MemberRequest
from studio.tools import Tool

from . import library
from .derive import Form, filled
from .offered import Picked, picked

REMEMBERED = "watermark"
"""The session's name for the last choice of a mark, and the input that it is a choice for."""


_BY_LINK = (
    ("template", "template"),
    ("brand", "brand"),
    ("photo", "images"),
    ("image", "image"),
    ("video", "video"),
    ("audio", "audio"),
    ("influencer", "influencer"),
    ("voice", "voice"),
    ("avatar", "avatar"),
    ("presenter", "presenter"),
    ("reference", "reference"),
    ("preset", "preset"),
)
"""A link's parameter, and the widget whose first field it fills: an output's page starts the next form this way (pages/kind_facts.py)."""


@dataclass(frozen=True, slots=True)
class Started:
    """brief: whose results stand beside the form."""

    form: Form
    picked: Picked
    brief: Brief | None = None


def started(request: MemberRequest, tool: Tool) -> Started:
    """The form as the address asks for it.

    `?brief=` fills it from one's brief and shows its results, `?remix=` from the brief behind an output, both with the offer that made it;
    `?offer=` chooses another; the parameters of _BY_LINK set one input each. A form that starts from nothing has the brand and
    the mark of the person's last brief. 404 for a brief or output that this person does not reach.
    """
    asked = request.GET
    brief, key, values = None, "", {}
    if asked.get("brief"):
        brief = _brief(request, tool, asked["brief"])
        values, key = _inputs(tool, brief), _offer_of(brief)
    elif asked.get("remix"):
        output = _behind(request, tool, asked["remix"])
        values, key = _inputs(tool, output.generation.brief), output.generation.offer_key
    choice = picked(request.membership, tool, asked.get("offer", "")[:200] or key)
    form = filled(tool, values, choice.offer)
    if not values:
        values = _remembered(request, form) | (_last_brand(request, form) if not asked.get("brand") else {})
    is_fresh = not (asked.get("brief") or asked.get("remix"))
    errors: dict[str, str] = {}
    if tool.slug == "influencer" and not values:
        values = _of_person(request, asked.get("influencer", ""))
    for parameter, widget in _BY_LINK:
        sent = asked.get(parameter, "")[:320]
        name = form.named(widget)
        if sent and name:
            values[name] = [sent] if widget == "images" else sent
            if widget == "images" and not library.pictures(request.membership, [sent]):
                del values[name]
                errors[name] = "That picture is not here any more. Upload it again."
    if is_fresh:
        values = usual_shapes(request, form, str(values.get(form.named("brand"), ""))) | values
    form = filled(tool, values, choice.offer)
    return Started(form.with_errors(errors) if errors else form, choice, brief)


def usual_shapes(request: MemberRequest, form: Form, brand: str) -> dict[str, Any]:
    """The shapes that a brand usually has, as values of the form's field of shapes; nothing where there are none that it takes."""
    pk = own_id(brand)
    bound = form.find(form.named("ratio") or form.named("ratio_one"))
    row = reach.brands(request.membership, request.workspace.pk).filter(pk=pk).first() if pk and bound else None
    shapes = [shape for shape in row.default_ratios if shape in bound.choices] if row and bound else []
    if not shapes or bound is None:
        return {}
    return {bound.name: shapes[: bound.most] if bound.many else shapes[0]}


def remember(request: MemberRequest, form: Form) -> None:
    """The mark that was chosen is the next form's."""
    mark = form.raw.get(REMEMBERED)
    if mark and form.find(REMEMBERED):
        request.session[REMEMBERED] = mark


def _remembered(request: MemberRequest, form: Form) -> dict[str, Any]:
    mark, bound = request.session.get(REMEMBERED), form.find(REMEMBERED)
    return {REMEMBERED: mark} if mark and bound and mark in bound.choices else {}


def _last_brand(request: MemberRequest, form: Form) -> dict[str, Any]:
    """Nothing where the last brief had no brand, or one that cannot be chosen here any more."""
    name = form.named("brand")
    rows = Brief.objects.seen_by(request.membership).filter(workspace=request.workspace, created_by=request.user)
    last = rows.order_by("-pk").first() if name else None
    pk = own_id(str(last.inputs.get("brand") or "")) if last else None
    if pk is None or not reach.brands(request.membership, request.workspace.pk).filter(pk=pk).exists():
        return {}
    return {name: str(pk)}


def _of_person(request: MemberRequest, reference: str) -> dict[str, Any]:
    """The name and photos of one of ours who is to be made at a service."""
    pk = own_id(reference)
    row = reach.influencers(request.membership, request.workspace.pk).filter(pk=pk).first() if pk else None
    if row is None:
        return {}
    photos = row.photos.order_by("position", "pk").values_list("asset_id", flat=True)[:20]
    return {"name": row.name, "photos": [str(photo) for photo in photos]}


def _brief(request: MemberRequest, tool: Tool, reference: str) -> Brief:
    pk = own_id(reference)
    brief = Brief.objects.seen_by(request.membership).filter(pk=pk, tool=tool.slug).first() if pk else None
    if brief is None:
        raise Http404
    return brief


def _offer_of(brief: Brief) -> str:
    return Generation.objects.filter(brief=brief).order_by("position").values_list("offer_key", flat=True).first() or ""


def _behind(request: MemberRequest, tool: Tool, reference: str) -> Output:
    pk = own_id(reference)
    rows = Output.objects.seen_by(request.membership).select_related("generation__brief")
    output = rows.filter(pk=pk, tool=tool.slug).first() if pk else None
    if output is None:
        raise Http404
    return output


def _inputs(tool: Tool, brief: Brief) -> dict[str, Any]:
    return tool.upgrade(dict(brief.inputs), brief.schema_version)
