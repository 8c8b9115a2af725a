"""One's own account: name, address, password, looks, keys, devices, teams."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from studio.models import RateLimit, SignInLink, Theme

from .access import MemberRequest, member
from .account import set_password
from .forms import summary_of
from .requests import in_words
from .rights import Refused, close_streams, leave
from .settings_forms import EmailForm, NameForm, PasswordForm

GUESSES = 10
GUESS_WINDOW = timedelta(minutes=10)


@require_safe
@member
def profile(request: MemberRequest) -> HttpResponse:
    return _page(request)


def _page(request: MemberRequest, refused: forms.Form | None = None) -> HttpResponse:
    user = request.user
    shown = {form.__class__: form for form in (refused,) if form is not None}
    context = {
        "tab": "profile",
        "name_form": shown.get(NameForm) or NameForm(initial={"name": user.name}),
        "email_form": shown.get(EmailForm) or EmailForm(user),
        "password_form": shown.get(PasswordForm) or PasswordForm(user),
        "themes": Theme,
        "summary": summary_of(refused) if refused is not None else None,
    }
    return render(request, "settings/profile.html", context, status=422 if refused is not None else 200)


def _back(anchor: str) -> HttpResponse:
    return redirect(f"{reverse('profile')}#{anchor}")


@require_POST
@member
def change_name(request: MemberRequest) -> HttpResponse:
    form = NameForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    request.user.name = form.cleaned_data["name"]
    request.user.save(update_fields=("name",))
    messages.success(request, "Your name is saved.")
    return _back("name")


@sensitive_post_parameters("email-password")
@require_POST
@member
def change_email(request: MemberRequest) -> HttpResponse:
    form = EmailForm(request.user, request.POST)
    if not _may_guess(request, form, "password") or not form.is_valid():
        return _page(request, form)
    user, before = request.user, request.user.email
    user.email = form.cleaned_data["email"]
    try:
        with transaction.atomic():
            user.save(update_fields=("email",))
            SignInLink.end_all_of(user)
    except IntegrityError:  # Taken between the check and the update.
        user.email = before
        form.add_error("email", "Another account has this address. Use a different one.")
        return _page(request, form)
    messages.success(request, f"You sign in with {user.email} from now on.")
    return _back("email")


@sensitive_post_parameters("password-current", "password-new")
@require_POST
@member
def change_password(request: MemberRequest) -> HttpResponse:
    form = PasswordForm(request.user, request.POST)
    if not _may_guess(request, form, "current") or not form.is_valid():
        return _page(request, form)
    with transaction.atomic():
        set_password(request.user, form.cleaned_data["new"])
        update_session_auth_hash(request, request.user)
    messages.success(request, "Your new password is set, and every other device is signed out.")
    return _back("password")


def _may_guess(request: MemberRequest, form: forms.Form, field: str) -> bool:
    """Slows down somebody at an unattended screen who guesses the password. Says so at the field."""
    wait = RateLimit.wait("own-password", str(request.user.pk), GUESSES, GUESS_WINDOW)
    if wait:
        form.add_error(field, f"Too many attempts. You can try again {in_words(wait)}.")
    return wait is None


@require_POST
@member
def change_theme(request: MemberRequest) -> HttpResponse:
    chosen = request.POST.get("theme", "")
    if chosen in Theme.values:
        request.user.theme = chosen
        request.user.save(update_fields=("theme",))
    return _back("look")


@require_POST
@member
def change_keys(request: MemberRequest) -> HttpResponse:
    request.user.single_keys = "single_keys" in request.POST
    request.user.save(update_fields=("single_keys",))
    return _back("keys")


@require_POST
@member
def sign_out_everywhere(request: MemberRequest) -> HttpResponse:
    """Ends every session but this one: whoever presses the button is at work here."""
    with transaction.atomic():
        request.user.sign_out_everywhere()
        SignInLink.end_all_of(request.user)
        close_streams(request.user)
        update_session_auth_hash(request, request.user)
    messages.success(request, "Every other device is signed out. This one stays signed in.")
    return _back("devices")


@require_POST
@member
def leave_team(request: MemberRequest) -> HttpResponse:
    team = request.membership.team
    try:
        leave(request.membership)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("profile")
    messages.success(request, f"You have left {team}.")
    return redirect("gallery")


urlpatterns = [
    path("settings/profile/", profile, name="profile"),
    path("settings/profile/name/", change_name, name="change_name"),
    path("settings/profile/email/", change_email, name="change_email"),
    path("settings/profile/password/", change_password, name="change_password"),
    path("settings/profile/theme/", change_theme, name="change_theme"),
    path("settings/profile/keys/", change_keys, name="change_keys"),
    path("settings/profile/sign-out-everywhere/", sign_out_everywhere, name="sign_out_everywhere"),
    path("settings/profile/leave/", leave_team, name="leave_team"),
]
