"""The door: signing in and out, and setting a password again."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from studio.models import LinkPurpose, RateLimit, SignInLink, User

from . import mail
from .account_forms import NewPasswordForm, ResetRequestForm, SignInForm
from .forms import summary_of
from .requests import absolute, client_address, in_words, own_path
from .rights import close_streams

SIGN_IN_WINDOW = timedelta(minutes=10)
SIGN_INS_OF_ADDRESS = 60
# One guesser is slowed down by the pair; the e-mail alone allows more, so that nobody far away can keep a person out.
SIGN_INS_OF_EMAIL_FROM_ADDRESS = 10
SIGN_INS_OF_EMAIL = 100
RESET_WINDOW = timedelta(hours=1)
RESETS_OF_ADDRESS = 20
RESETS_OF_EMAIL = 3


def _wait_to_sign_in(address: str, email: str) -> timedelta | None:
    waits = (
        RateLimit.wait("sign-in-address", address, SIGN_INS_OF_ADDRESS, SIGN_IN_WINDOW),
        RateLimit.wait("sign-in-email", email, SIGN_INS_OF_EMAIL, SIGN_IN_WINDOW),
        RateLimit.wait("sign-in", f"{address} {email}", SIGN_INS_OF_EMAIL_FROM_ADDRESS, SIGN_IN_WINDOW),
    )
    return max((wait for wait in waits if wait), default=None)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        target = request.GET.get("next", "")
        if request.user.is_authenticated:
            return redirect(own_path(request, target))
        return render(request, "account/sign_in.html", {"form": SignInForm(initial={"next": target})})
    form = SignInForm(request.POST)
    status = 422
    if form.is_valid():
        email, address = form.cleaned_data["email"], client_address(request)
        wait = _wait_to_sign_in(address, email)
        # An unknown address takes as long as a wrong password: Django hashes the password in both cases.
        user = None if wait else authenticate(request, username=email, password=form.cleaned_data["password"])
        if isinstance(user, User):
            RateLimit.forget("sign-in", f"{address} {email}")
            login(request, user)
            return redirect(own_path(request, form.cleaned_data["next"]))
        if wait:
            status = 429
            form.add_error(None, f"Too many attempts. You can try again {in_words(wait)}.")
        else:
            form.add_error(None, "This email and password do not belong together. Check both, or set a new password.")
    return render(request, "account/sign_in.html", {"form": form, "summary": summary_of(form)}, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        with transaction.atomic():
            close_streams(request.user)
            logout(request)
    return redirect("sign_in")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password_reset(request: HttpRequest) -> HttpResponse:
    if not mail.is_configured():
        return render(request, "account/reset_by_admin.html")
    form = ResetRequestForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            email = form.cleaned_data["email"]
            wait = RateLimit.wait("reset-address", client_address(request), RESETS_OF_ADDRESS, RESET_WINDOW)
            if wait is None:
                _send_reset_link(request, email)
                return redirect(f"{reverse('password_reset')}?{urlencode({'sent': 1})}")
            status = 429
            form.add_error(None, f"Too many attempts. You can try again {in_words(wait)}.")
    context = {"form": form, "summary": summary_of(form), "sent": "sent" in request.GET}
    return render(request, "account/reset_request.html", context, status=status)


def _send_reset_link(request: HttpRequest, email: str) -> None:
    """The answer is the same with and without an account, so this says nothing back."""
    too_many = RateLimit.wait("reset-email", email, RESETS_OF_EMAIL, RESET_WINDOW)
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user and not too_many:
        link = reverse("reset", args=[SignInLink.make_reset(user)])
        mail.send_reset(user.email, absolute(request, link))


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: HttpRequest, token: str) -> HttpResponse:
    link = SignInLink.find(LinkPurpose.RESET, token)
    if link is None or link.user is None or not link.user.is_active:
        return link_gone(request, "password_reset")
    form = NewPasswordForm(link.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            if not link.use():
                return link_gone(request, "password_reset")
            set_password(link.user, form.cleaned_data["password"])
        login(request, link.user, backend="django.contrib.auth.backends.ModelBackend")
        messages.success(request, "Your new password is set, and every other device is signed out.")
        return redirect("gallery")
    context = {"form": form, "summary": summary_of(form), "person": link.user}
    return render(request, "account/reset.html", context, status=422 if form.is_bound else 200)


def set_password(user: User, password: str) -> None:
    """Sets it inside the caller's transaction. All sessions end, and so do links that would set it again."""
    user.set_password(password)
    user.save(update_fields=("password",))
    SignInLink.end_all_of(user)
    close_streams(user)


def link_gone(request: HttpRequest, kind: str) -> HttpResponse:
    """A link that ran out or was used. `kind` (welcome, password_reset, invitation) says how to get a new one."""
    response = render(request, "account/link_gone.html", {"kind": kind}, status=410)
    patch_cache_control(response, no_store=True)
    return response


urlpatterns = [
    path("sign-in/", sign_in, name="sign_in"),
    path("sign-out/", sign_out, name="sign_out"),
    path("password-reset/", password_reset, name="password_reset"),
    path("reset/<str:token>", reset, name="reset"),
]
