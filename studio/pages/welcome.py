"""The link that the server prints: it makes the first owner, or lets a locked-out owner in again."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from studio.models import LinkPurpose, Membership, Role, SignInLink, Team, User, Workspace

from .account import link_gone, set_password
from .account_forms import FirstOwnerForm, UnlockOwnerForm
from .forms import summary_of


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    link = SignInLink.find(LinkPurpose.WELCOME, token)
    if link is None:
        return link_gone(request, "welcome")
    if Membership.objects.filter(role=Role.OWNER).exists():
        return _unlock_owner(request, link)
    return _make_owner(request, link)


def _make_owner(request: HttpRequest, link: SignInLink) -> HttpResponse:
    team = Team.objects.order_by("id").first()
    form = FirstOwnerForm(request.POST or None, initial={"team": team.name if team else ""})
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            # All welcome links are held, so that two of them at once still make one owner.
            list(SignInLink.objects.select_for_update().filter(purpose=LinkPurpose.WELCOME))
            if Membership.objects.filter(role=Role.OWNER).exists() or not link.use():
                return link_gone(request, "welcome")
            user = form.make_user()
            _own_team(user, form.cleaned_data["team"])
        return _let_in(request, user)
    context = {"form": form, "summary": summary_of(form), "first": True}
    return render(request, "account/welcome.html", context, status=422 if form.is_bound else 200)


def _own_team(user: User, name: str) -> None:
    """Makes the person the owner of the one team that the first start made, or of a new one."""
    team = Team.objects.select_for_update().order_by("id").first() or Team()
    team.name = name
    team.save()
    if not team.workspaces.filter(archived_at=None).exists():
        Workspace.objects.create(team=team, name="First workspace")
    user.current_membership = Membership.objects.create(user=user, team=team, role=Role.OWNER)
    user.save(update_fields=("current_membership",))


def _unlock_owner(request: HttpRequest, link: SignInLink) -> HttpResponse:
    form = UnlockOwnerForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and form.owner is not None:
        with transaction.atomic():
            if not link.use():
                return link_gone(request, "welcome")
            set_password(form.owner, form.cleaned_data["password"])
        messages.success(request, "Your new password is set, and every other device is signed out.")
        return _let_in(request, form.owner)
    context = {"form": form, "summary": summary_of(form)}
    return render(request, "account/welcome.html", context, status=422 if form.is_bound else 200)


def _let_in(request: HttpRequest, user: User) -> HttpResponse:
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("gallery")


urlpatterns = [path("welcome/<str:token>", welcome, name="welcome")]
