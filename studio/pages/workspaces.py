"""Workspaces: making, naming and archiving them, and moving between them and between teams."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from studio.models import Membership, Role, Workspace

from .access import MemberRequest, UserRequest, current_membership, current_workspace, manager, member, signed_in
from .forms import summary_of
from .rights import Refused, archive_workspace, managing, workspace_of
from .settings_forms import WorkspaceForm


@require_http_methods(["GET", "HEAD", "POST"])
@manager
def workspaces(request: MemberRequest) -> HttpResponse:
    """GET lists; POST makes one."""
    team = request.membership.team
    form = WorkspaceForm(team, None, request.POST or None)
    if request.method == "POST" and form.is_valid() and _save(request, form):
        messages.success(request, f"{form.cleaned_data['name']} is ready. Switch to it at the top left.")
        return redirect("workspaces")
    everything = list(team.workspaces.all())
    context = {
        "tab": "workspaces",
        "in_use": [workspace for workspace in everything if workspace.archived_at is None],
        "archived": [workspace for workspace in everything if workspace.archived_at],
        "form": form,
        "summary": summary_of(form),
    }
    return render(request, "settings/workspaces.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@manager
def workspace(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One workspace's name. POST changes it."""
    shown = workspace_of(request.membership, pk)
    form = WorkspaceForm(request.membership.team, shown, request.POST or None)
    if request.method == "POST" and form.is_valid() and _save(request, form):
        messages.success(request, f"The workspace is called {form.cleaned_data['name']} now.")
        return redirect("workspaces")
    context = {"tab": "workspaces", "shown": shown, "form": form, "summary": summary_of(form)}
    return render(request, "settings/workspace.html", context, status=422 if form.is_bound else 200)


def _save(request: MemberRequest, form: WorkspaceForm) -> bool:
    """False, with the sentence at the field, if somebody took the name meanwhile."""
    try:
        with managing(request.membership):
            kept = form.workspace or Workspace(team=form.team)
            kept.name = form.cleaned_data["name"]
            kept.save()
    except IntegrityError:
        form.add_error("name", "There is a workspace with this name already. Use another name.")
        return False
    return True


@require_POST
@manager
def archive(request: MemberRequest, pk: UUID) -> HttpResponse:
    try:
        archived = archive_workspace(request.membership, pk)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{archived} is archived. What is in it stays, and you can restore it here.")
    return redirect("workspaces")


@require_POST
@manager
def restore(request: MemberRequest, pk: UUID) -> HttpResponse:
    with managing(request.membership) as actor:
        restored = workspace_of(actor, pk)
        restored.archived_at = None
        restored.save(update_fields=("archived_at",))
    messages.success(request, f"{restored} is back.")
    return redirect("workspaces")


@require_POST
@member
def switch_workspace(request: MemberRequest) -> HttpResponse:
    chosen = request.membership.workspaces().filter(pk=_uuid(request.POST.get("workspace", ""))).first()
    if chosen is None:
        raise Http404
    request.membership.current_workspace = chosen
    request.membership.save(update_fields=("current_workspace",))
    return redirect("gallery")


@require_POST
@signed_in
def switch_team(request: UserRequest) -> HttpResponse:
    chosen = request.user.memberships.filter(pk=_uuid(request.POST.get("membership", ""))).first()
    if chosen is None:
        raise Http404
    request.user.current_membership = chosen
    request.user.save(update_fields=("current_membership",))
    return redirect("gallery")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


@require_safe
@signed_in
def no_workspace(request: UserRequest) -> HttpResponse:
    """For a person whose team or workspaces were taken away: who to ask, and where else to go."""
    membership = current_membership(request.user)
    if membership and current_workspace(membership):
        return redirect("gallery")
    others = request.user.memberships.select_related("team").order_by("id")
    to_ask = Membership.objects.none()
    if membership:
        others = others.exclude(pk=membership.pk)
        managers = Membership.objects.filter(team=membership.team_id, role__in=(Role.OWNER, Role.ADMIN))
        to_ask = managers.select_related("user").order_by("id")[:5]
    context = {"membership": membership, "to_ask": to_ask, "others": others}
    return render(request, "account/no_workspace.html", context)


urlpatterns = [
    path("settings/workspaces/", workspaces, name="workspaces"),
    path("settings/workspaces/<uuid:pk>/", workspace, name="workspace"),
    path("settings/workspaces/<uuid:pk>/archive/", archive, name="archive_workspace"),
    path("settings/workspaces/<uuid:pk>/restore/", restore, name="restore_workspace"),
    path("workspace/switch/", switch_workspace, name="switch_workspace"),
    path("team/switch/", switch_team, name="switch_team"),
    path("no-workspace/", no_workspace, name="no_workspace"),
]
