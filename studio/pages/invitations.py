"""Joining a team by an invitation's link."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from studio.models import Invitation, Membership, User

from .account import link_gone
from .account_forms import TAKEN, JoinForm
from .forms import summary_of


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    invited = Invitation.find(token)
    if invited is None:
        return link_gone(request, "invitation")
    if request.user.is_authenticated:
        return _join_as(request, invited, request.user)
    return _join_as_new(request, invited)


def _join_as(request: HttpRequest, invited: Invitation, user: User) -> HttpResponse:
    """Somebody with an account: one button."""
    already = Membership.objects.filter(user=user, team=invited.team_id).exists()
    other = bool(invited.email) and invited.email.lower() != user.email.lower()
    if request.method == "POST" and not already and not other:
        try:
            with transaction.atomic():
                if invited.accept(user) is None:
                    return link_gone(request, "invitation")
        except IntegrityError:  # Joined through another invitation a moment ago: this one stays open.
            return redirect(request.path)
        messages.success(request, f"You are in {invited.team}.")
        return redirect("gallery")
    context = {"invitation": invited, "already": already, "other": other}
    return render(request, "account/invitation.html", context, status=409 if request.method == "POST" else 200)


def _join_as_new(request: HttpRequest, invited: Invitation) -> HttpResponse:
    form = JoinForm(invited.email, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                user = form.make_user()
                joined = invited.accept(user)
                if joined is None:
                    transaction.set_rollback(True)
        except IntegrityError:  # The same address was taken between the check and the insert.
            form.add_error("email", TAKEN)
        else:
            if joined is None:
                return link_gone(request, "invitation")
            login(request, user, backend="django.contrib.auth.backends.ModelBackend")
            return redirect("gallery")
    has_account = bool(invited.email) and User.objects.filter(email__iexact=invited.email).exists()
    context = {"invitation": invited, "form": form, "summary": summary_of(form), "has_account": has_account}
    return render(request, "account/invitation.html", context, status=422 if form.is_bound else 200)


urlpatterns = [path("invitation/<str:token>", invitation, name="invitation")]
