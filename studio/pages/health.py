"""Health: for load balancers and people at the terminal, and the banner over every page."""

from __future__ import annotations

import hmac
import json
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.utils.functional import SimpleLazyObject
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from studio.live import health
from studio.models import User

from .access import MemberRequest, current_membership, member


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """200 once everything is at work, else 503. Details are for owners, admins and the supervisor alone."""
    now = health.look()
    answer: dict[str, Any] = {"status": now.status}
    if _asked_by_supervisor(request) or (now.database and _asked_by_manager(request)):
        answer |= now.details()
        answer["versions"] = {"django": django.__version__}
    return JsonResponse(answer, status=200 if now.status == "ok" else 503)


def _asked_by_manager(request: HttpRequest) -> bool:
    if not isinstance(request.user, User):
        return False
    membership = current_membership(request.user)
    return membership is not None and membership.may_manage


def _asked_by_supervisor(request: HttpRequest) -> bool:
    """The supervisor proves itself with the token that it wrote into the data folder, readable by its owner alone."""
    given = request.headers.get("X-Backlot-Supervisor", "")
    if not given:
        return False
    try:
        known = json.loads((Path(settings.DATA_DIR) / "up.lock").read_text())["token"]
    except (OSError, ValueError, KeyError):
        return False
    return hmac.compare_digest(given.encode(), str(known).encode())


@require_safe
@never_cache
@member
def health_banner(request: MemberRequest) -> HttpResponse:
    return render(request, "_lane_banner.html")


def lanes(request: HttpRequest) -> dict[str, Any]:
    """Context for the banner in every page's frame. Lazy: a fragment without the frame asks nothing."""
    return {"lane_troubles": SimpleLazyObject(health.lane_troubles)} if hasattr(request, "membership") else {}


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("health/banner", health_banner, name="health_banner"),
]
