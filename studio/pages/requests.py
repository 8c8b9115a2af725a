"""What views of accounts ask of a request: where it comes from, where it may go, and links that are shown once."""

from __future__ import annotations

import math
from datetime import timedelta
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

LINK_COOKIE = "backlot_link"


def client_address(request: HttpRequest) -> str:
    """The address that attempts are counted by. A household or a server has a whole /64 of IPv6, so that counts as one."""
    text = str(request.META.get("REMOTE_ADDR", ""))
    if settings.BEHIND_PROXY:
        # The last entry is the one that our own proxy wrote; all before it is what the client claimed.
        text = request.headers.get("X-Forwarded-For", text).rsplit(",", 1)[-1].strip()
    try:
        address = ip_address(text)
    except ValueError:
        return text
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(IPv6Address(int(address) >> 64 << 64))
    return str(address)


def own_path(request: HttpRequest, path: str) -> str:
    """`path` if it stays on this site, else the gallery."""
    fine = path.startswith("/") and url_has_allowed_host_and_scheme(path, None, request.is_secure())
    return path if fine else resolve_url(settings.LOGIN_REDIRECT_URL)


def absolute(request: HttpRequest, path: str) -> str:
    """The whole address of one of our pages, as other people reach it."""
    return f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else request.build_absolute_uri(path)


def in_words(wait: timedelta) -> str:
    minutes = math.ceil(wait.total_seconds() / 60)
    return "in a minute" if minutes <= 1 else f"in {minutes} minutes"


def show_link_once(response: HttpResponse, path: str, link: str, sentence: str) -> None:
    """Hands a secret link to the next page at `path` through the browser, so that the server keeps nothing but its hash."""
    value = signing.dumps([link, sentence], salt=LINK_COOKIE)
    response.set_cookie(
        LINK_COOKIE,
        value,
        max_age=120,
        path=path,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def link_to_show(request: HttpRequest) -> tuple[str, str] | None:
    """(link, sentence) that the last answer left for this page. Call `forget_link` on the response."""
    try:
        link, sentence = signing.loads(request.COOKIES.get(LINK_COOKIE, ""), salt=LINK_COOKIE, max_age=120)
    except (signing.BadSignature, ValueError):
        return None
    return str(link), str(sentence)


def forget_link(response: HttpResponse, path: str) -> None:
    response.delete_cookie(LINK_COOKIE, path=path, samesite="Strict")
