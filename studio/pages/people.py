"""The people of a team: who they are, what they may do, and who is invited."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from studio.models import Invitation, Role

from . import mail
from .access import MemberRequest, manager
from .forms import summary_of
from .requests import absolute, forget_link, link_to_show, show_link_once
from .rights import Refused, change, make_reset_link, managing, person_of, remove, roles_to_give
from .settings_forms import InvitationForm, RightsForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@manager
def people(request: MemberRequest) -> HttpResponse:
    """GET lists; POST invites."""
    form = InvitationForm(request.membership, request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _invite(request, form)
    team = request.membership.team
    context = {
        "tab": "people",
        "people": team.memberships.select_related("user")
        .prefetch_related("some_workspaces")
        .order_by("user__name", "id"),
        "invitations": Invitation.open_ones()
        .filter(team=team)
        .select_related("made_by")
        .prefetch_related("some_workspaces")
        .order_by("-id"),
        "form": form,
        "summary": summary_of(form),
        "made": link_to_show(request),
        "sends_mail": mail.is_configured(),
    }
    response = render(request, "settings/people.html", context, status=422 if form.is_bound else 200)
    if context["made"]:
        forget_link(response, reverse("people"))
    return response


def _invite(request: MemberRequest, form: InvitationForm) -> HttpResponse:
    email = form.cleaned_data["email"]
    with managing(request.membership) as actor:
        if form.role_given not in roles_to_give(actor):
            messages.error(request, "Only an owner can make owners. Ask an owner of the team.")
            return redirect("people")
        _, token = Invitation.make(request.membership.team, form.role_given, request.user, form.workspaces_given, email)
    link = absolute(request, reverse("invitation", args=[token]))
    sentence = "Send this link to the person you invite. It works once, for 14 days."
    if email and mail.is_configured():
        sent = mail.send_invitation(email, link, str(request.user), str(request.membership.team))
        said = (
            f"An email with this link is on its way to {email}." if sent else f"The email to {email} could not be sent."
        )
        sentence = f"{said} {sentence}"
    response = redirect("people")
    show_link_once(response, reverse("people"), link, sentence)
    return response


@require_POST
@manager
def revoke_invitation(request: MemberRequest, pk: UUID) -> HttpResponse:
    found = get_object_or_404(Invitation, pk=pk, team=request.membership.team_id)
    if Invitation.open_ones().filter(pk=found.pk).update(revoked_at=timezone.now()):
        messages.success(request, "The invitation is revoked. Its link no longer works.")
    else:
        messages.error(request, "That invitation had been used, revoked or run out already.")
    return redirect("people")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@manager
def person(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One person's rights. POST changes them."""
    shown = person_of(request.membership, pk)
    form = RightsForm(request.membership, request.POST or None, person=shown)
    if request.method == "POST" and form.is_valid():
        try:
            change(request.membership, pk, form.role_given, form.workspaces_given)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{shown.user} is {Role(form.role_given).label} now.")
            return redirect("people")
    context = {
        "tab": "people",
        "person": shown,
        "form": form,
        "summary": summary_of(form),
        "above": shown.role == Role.OWNER and request.membership.role != Role.OWNER,
        "oneself": shown.user_id == request.user.pk,
        "made": link_to_show(request),
    }
    response = render(request, "settings/person.html", context, status=422 if form.is_bound else 200)
    if context["made"]:
        forget_link(response, request.path)
    return response


@require_POST
@manager
def remove_person(request: MemberRequest, pk: UUID) -> HttpResponse:
    try:
        removed = remove(request.membership, pk)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("person", pk)
    messages.success(request, f"{removed.user} is no longer in the team. What they made stays.")
    return redirect("people" if removed.user_id != request.user.pk else "gallery")


@require_POST
@manager
def make_password_link(request: MemberRequest, pk: UUID) -> HttpResponse:
    back = reverse("person", args=[pk])
    try:
        token = make_reset_link(request.membership, pk)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    link = absolute(request, reverse("reset", args=[token]))
    response = redirect(back)
    show_link_once(response, back, link, "Send this link to them yourself. It works once, for a day.")
    return response


urlpatterns = [
    path("settings/people/", people, name="people"),
    path("settings/people/<uuid:pk>/", person, name="person"),
    path("settings/people/<uuid:pk>/remove/", remove_person, name="remove_person"),
    path("settings/people/<uuid:pk>/password-link/", make_password_link, name="make_password_link"),
    path("settings/invitations/<uuid:pk>/revoke/", revoke_invitation, name="revoke_invitation"),
]
