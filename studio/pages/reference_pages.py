"""The page of one reference: its files, where it is filed and might be, its look, who sees it, and what was made with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from studio.engine import references
from studio.engine.suggest import Suggestion, Target, find_target, said_of, suggest, targets
from studio.models import Reference, Visibility
from studio.tools.static_ad import TEMPLATES

from .access import MemberRequest, creator, manager, member
from .answers import tell
from .reference_forms import ReferenceForm
from .references_filters import grouped
from .references_rights import find_mine, find_reference, may_change
from .references_there import there
from .used import used_in

MOST_SUGGESTIONS = 3


@dataclass(frozen=True, slots=True)
class Look:
    """What a template says of a look. waits: the worker has not seen it yet; failed: why nothing is known."""

    palette: tuple[str, ...]
    noticed: list[list[str]]
    layout: str
    waits: bool
    failed: str

    @classmethod
    def of(cls, reference: Reference) -> Look:
        look = reference.look
        title = TEMPLATES.get(look.get("layout", ""), ("", ""))[0]
        return cls(tuple(look.get("palette", ())), look.get("words", []), title, not look, look.get("failed", ""))


@require_safe
@member
def reference(request: MemberRequest, reference_id: UUID) -> HttpResponseBase:
    return _page(request, find_reference(request, reference_id))


def _page(
    request: MemberRequest, found: Reference, form: ReferenceForm | None = None, status: int = 200
) -> HttpResponseBase:
    among = targets(request.membership)
    context = look_context(request, found, among) | {
        "form": form or ReferenceForm(initial={name: getattr(found, name) for name in ("label", "notes", "source")}),
        "editing": form is not None,
        "used": used_in(request, "reference", found.pk),
    }
    return render(request, "references/reference.html", context, status=status)


def look_context(request: MemberRequest, found: Reference, among: list[Target] | None = None) -> dict[str, Any]:
    among = targets(request.membership) if among is None else among
    media = [item.asset for item in found.media.all()]
    name = media[0].original_name if media else ""
    suggestions: list[Suggestion] = suggest(
        among, said_of(found, name), found.look, found.media_kind, most=MOST_SUGGESTIONS
    )
    key = f"{found.template_category}/{found.template_slug}"
    target = find_target(among, key) or (
        Target(found.template_slug, found.template_category, found.template_slug.replace("-", " ").capitalize())
        if found.template_slug
        else None
    )
    return {
        "reference": found,
        "media": media,
        "look": Look.of(found),
        "suggestions": suggestions,
        "target": target,
        "grouped": grouped(among),
        "there": there(request.membership, found),
        "may_edit": found.archived_at is None and may_change(request, found),
        "may_restore": found.archived_at is not None and may_change(request, found),
        "usable": _is_usable(request, found),
    }


def _is_usable(request: MemberRequest, found: Reference) -> bool:
    here = found.workspace_id in (None, request.workspace.pk) or found.visibility == Visibility.PUBLIC
    return found.archived_at is None and here


@require_safe
@member
def reference_look(request: MemberRequest, reference_id: UUID) -> HttpResponseBase:
    """The part of the page that follows from the look, for a script that waits for it."""
    found = find_reference(request, reference_id)
    if not request.htmx:
        return redirect("reference", found.pk)
    response = render(request, "references/_look.html", look_context(request, found) | {"oob": True})
    patch_vary_headers(response, ("HX-Request",))
    return response


@require_http_methods(["POST"])
@creator
def reference_edit(request: MemberRequest, reference_id: UUID) -> HttpResponseBase:
    """Its name, notes and source; `target` alone files it."""
    found = find_mine(request, reference_id)
    if found.archived_at:
        messages.info(request, f"{found.label} is archived. Restore it to change it.")
        return redirect("reference", found.pk)
    if "target" in request.POST:
        return _file(request, found)
    form = ReferenceForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, 422)
    for name, value in form.cleaned_data.items():
        setattr(found, name, value)
    found.search_text = references.search_text_of(found, [item.asset for item in found.media.all()])
    found.save(update_fields=("label", "notes", "source", "search_text"))
    messages.success(request, "Saved.")
    return redirect("reference", found.pk)


def _file(request: MemberRequest, found: Reference) -> HttpResponseBase:
    among = targets(request.membership)
    target = find_target(among, request.POST["target"])
    found.template_slug, found.template_category = (target.slug, target.category) if target else ("", "")
    assets = [item.asset for item in found.media.all()]
    found.search_text = references.search_text_of(found, assets, target.title if target else "")
    found.save(update_fields=("template_slug", "template_category", "search_text"))
    text = f"Filed under {target.title}." if target else "Filed under nothing."
    if not request.htmx:
        messages.success(request, text)
        return redirect("reference", found.pk)
    return tell(render(request, "references/_look.html", look_context(request, found, among) | {"oob": True}), text)


@require_POST
@creator
def reference_archive(request: MemberRequest, reference_id: UUID) -> HttpResponseBase:
    """Puts it away. What was made with it keeps it; it is not offered any more."""
    found = find_mine(request, reference_id)
    if found.archived_at is None:
        found.archived_at = timezone.now()
        found.save(update_fields=("archived_at",))
    text, undo = f"{found.label} is archived.", reverse("reference_restore", args=[found.pk])
    if request.htmx:
        return tell(HttpResponse(), text, undo=undo)
    return redirect("reference", found.pk)  # Its page says that it is archived, and restores it.


@require_POST
@creator
def reference_restore(request: MemberRequest, reference_id: UUID) -> HttpResponseBase:
    found = find_mine(request, reference_id)
    found.archived_at = None
    found.save(update_fields=("archived_at",))
    messages.success(request, f"{found.label} is back.")
    return HttpResponse() if request.htmx else redirect("reference", found.pk)


@require_POST
@creator
def reference_share(request: MemberRequest, reference_id: UUID) -> HttpResponseBase:
    """`do=ask`: that all workspaces see it; `do=hide`: that only its own does, or that nobody is asked any more."""
    found = find_mine(request, reference_id)
    rows = Reference.objects.filter(pk=found.pk)
    if request.POST.get("do") == "hide":
        references.make_private(rows)
        messages.success(request, f"{found.label} is seen in its own workspace only.")
    elif not references.ask_public(request.membership, rows):
        messages.info(request, "It is seen in all workspaces, or waits for an answer, already.")
    elif request.membership.may_manage:
        messages.success(request, f"{found.label} is seen in all workspaces now.")
    else:
        messages.success(request, "An owner or admin is asked. Until then only this workspace sees it.")
    return redirect("reference", found.pk)


@require_POST
@manager
def reference_decide(request: MemberRequest, reference_id: UUID) -> HttpResponseBase:
    """An owner's or admin's word on what waits: `do` is yes or no."""
    found = find_mine(request, reference_id)
    yes = request.POST.get("do") == "yes"
    rows = Reference.objects.filter(pk=found.pk, visibility=Visibility.ASKED, archived_at=None)
    if not references.decide(request.membership, rows, yes=yes):
        messages.info(request, f"{found.label} does not wait for an answer any more.")
    elif yes:
        messages.success(request, f"{found.label} is seen in all workspaces now.")
    else:
        messages.success(request, f"{found.label} stays in {found.workspace or 'its workspace'}.")
    return redirect("references_waiting")


urlpatterns: list[URLPattern] = [
    path("references/<uuid:reference_id>/", reference, name="reference"),
    path("references/<uuid:reference_id>/look/", reference_look, name="reference_look"),
    path("references/<uuid:reference_id>/edit/", reference_edit, name="reference_edit"),
    path("references/<uuid:reference_id>/archive/", reference_archive, name="reference_archive"),
    path("references/<uuid:reference_id>/restore/", reference_restore, name="reference_restore"),
    path("references/<uuid:reference_id>/share/", reference_share, name="reference_share"),
    path("references/<uuid:reference_id>/decide/", reference_decide, name="reference_decide"),
]
