"""A reference and Videotok: its opinion on where to file, publishing there, how the review stands, and what it recommends."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from studio.engine import inspirations
from studio.engine.suggest import Suggestion, Target, find_target, said_of, suggest, targets
from studio.models import Connection, Membership, Reference, RemoteCopy

from .access import MemberRequest, creator, manager
from .references_filters import KINDS, usable, with_media
from .references_rights import find_mine, find_reference


@dataclass(frozen=True, slots=True)
class There:
    """What Videotok has of a reference. review: in our words; empty where it is not published."""

    connection: Connection
    copy: RemoteCopy | None

    @property
    def is_public(self) -> bool:
        return bool(self.copy and self.copy.data.get("visibility") == "public")

    @property
    def review(self) -> str:
        status = str(self.copy.data.get("review_status", "")) if self.copy else ""
        return inspirations.REVIEWS.get(status, status.capitalize()) if self.is_public else ""

    @property
    def is_refused(self) -> bool:
        return bool(self.copy and self.copy.data.get("review_status") in ("rejected", "declined"))


def there(membership: Membership, reference: Reference) -> There | None:
    """None where Videotok is not connected. Two queries."""
    connection = inspirations.connected(membership)
    return There(connection, inspirations.copy_of(connection, reference)) if connection else None


def _not_connected(request: MemberRequest, url: str) -> HttpResponseBase:
    messages.info(request, "Videotok is not connected. An owner or admin can add its key in Settings, Connections.")
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)


@require_POST
@creator
def reference_ask(request: MemberRequest, reference_id: UUID) -> HttpResponseBase:
    """Where Videotok would file it, beside our own suggestions. Free."""
    found, connection = find_reference(request, reference_id), inspirations.connected(request.membership)
    if connection is None:
        return _not_connected(request, reverse("reference", args=[found.pk]))
    context: dict[str, object] = {"reference": found, "asked": True}
    try:
        context["opinions"] = inspirations.opinions(connection, found)
    except inspirations.NotAnswered as problem:
        context["problem"] = str(problem)
    template = "references/_opinions.html" if request.htmx else "references/opinions.html"
    return render(request, template, context)


@require_http_methods(["GET", "HEAD", "POST"])
@manager
def reference_publish(request: MemberRequest, reference_id: UUID) -> HttpResponseBase:
    """GET says what publishing means and asks; POST with `sure` does it. Under `target`, one of Videotok's."""
    found, connection = find_mine(request, reference_id), inspirations.connected(request.membership)
    if connection is None:
        return _not_connected(request, reverse("reference", args=[found.pk]))
    theirs = [it for it in targets(request.membership) if it.made_by == "Videotok" and found.media_kind in it.kinds]
    if request.method != "POST":
        return _ask_to_publish(request, found, theirs)
    target = find_target(theirs, request.POST.get("target", ""))
    if target is None or not request.POST.get("sure") or found.archived_at:
        said = (
            "Choose one of Videotok’s templates." if target is None else "Tick the box: this cannot be taken back here."
        )
        return _ask_to_publish(request, found, theirs, said, 422)
    try:
        inspirations.publish(request.membership, connection, found, target)
    except inspirations.NotAnswered as problem:
        return _ask_to_publish(request, found, theirs, str(problem), 422)
    messages.success(request, f"{found.label} was given to Videotok. Its people look at it first.")
    return redirect("reference", found.pk)


def _ask_to_publish(
    request: MemberRequest, found: Reference, theirs: list[Target], problem: str = "", status: int = 200
) -> HttpResponseBase:
    best: list[Suggestion] = suggest(theirs, said_of(found), found.look, found.media_kind, most=1)
    filed = f"{found.template_category}/{found.template_slug}"
    chosen = request.POST.get("target") or (filed if find_target(theirs, filed) else best[0].target.key if best else "")
    context = {"reference": found, "theirs": theirs, "chosen": chosen, "problem": problem}
    return render(request, "references/publish.html", context, status=status)


@require_POST
@creator
def reference_review(request: MemberRequest, reference_id: UUID) -> HttpResponseBase:
    """Looks again how Videotok's review stands."""
    found, connection = find_mine(request, reference_id), inspirations.connected(request.membership)
    if connection is None:
        return _not_connected(request, reverse("reference", args=[found.pk]))
    copy = inspirations.copy_of(connection, found)
    if copy is None:
        messages.info(request, "Videotok has nothing of this yet.")
        return redirect("reference", found.pk)
    try:
        status = inspirations.look_again(connection, copy)
        messages.success(request, inspirations.REVIEWS.get(status, status.capitalize() or "Videotok says nothing new."))
    except inspirations.NotAnswered as problem:
        messages.error(request, str(problem))
    return redirect("reference", found.pk)


@require_POST
@creator
def references_recommend(request: MemberRequest) -> HttpResponseBase:
    """What Videotok recommends for `target`, one of its templates, of `kind`; those that are ours lead to their pages. Free."""
    connection = inspirations.connected(request.membership)
    if connection is None:
        return _not_connected(request, reverse("references"))
    target = find_target(targets(request.membership), request.POST.get("target", ""))
    if target is None or target.made_by != "Videotok":
        raise Http404("No such template.")
    kind = request.POST.get("kind") if request.POST.get("kind") in KINDS else target.kinds[0]
    context: dict[str, object] = {"target": target, "asked": True}
    try:
        entries = inspirations.recommended(connection, target, str(kind))
    except inspirations.NotAnswered as problem:
        return render(request, "references/recommended.html", context | {"problem": str(problem)})
    copies = dict(
        RemoteCopy.objects.filter(
            connection=connection, kind="reference", remote_id__in=[entry.remote_id for entry in entries]
        ).values_list("remote_id", "object_id")
    )
    rows = with_media(usable(request.membership, request.workspace).filter(pk__in=copies.values())).in_bulk()
    context["found"] = [
        (entry, rows.get(copies[entry.remote_id]) if entry.remote_id in copies else None) for entry in entries
    ]
    return render(request, "references/recommended.html", context)


urlpatterns: list[URLPattern] = [
    path("references/recommend/", references_recommend, name="references_recommend"),
    path("references/<uuid:reference_id>/ask/", reference_ask, name="reference_ask"),
    path("references/<uuid:reference_id>/publish/", reference_publish, name="reference_publish"),
    path("references/<uuid:reference_id>/review/", reference_review, name="reference_review"),
]
