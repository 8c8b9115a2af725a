"""Topping up where a service sells credits by its API. Plans are read, and a checkout is opened, only because an owner or admin pressed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from studio.engine import connections
from studio.engine.connection_checks import explain, with_wire
from studio.engine.secrets import UnreadableSecret, reveal
from studio.models import Connection, ConnectionState
from studio.providers import get_remote
from studio.providers.base import Wire

from .access import MemberRequest, manager

T = TypeVar("T")
SELLER = "influencer_studio"
WITHIN_SECONDS = 20.0


class NoAnswer(Exception):
    """The sentence for the person."""


@never_cache
@require_POST
@manager
def spend_plans(request: MemberRequest) -> HttpResponseBase:
    """What the service sells."""
    adapter: Any = get_remote(SELLER)
    try:
        plans = _ask(request, lambda wire: adapter.plans(wire))
    except NoAnswer as problem:
        messages.error(request, str(problem))
        return redirect(f"{reverse('spend')}#services")
    return render(request, "spend/plans.html", {"plans": plans, "title": adapter.title})


@never_cache
@require_POST
@manager
def spend_top_up(request: MemberRequest) -> HttpResponseBase:
    """Opens a checkout there and shows the way to it. Nothing is paid by this: that happens on the service's own page."""
    adapter: Any = get_remote(SELLER)
    plan, variant = request.POST.get("plan", "")[:200], request.POST.get("variant", "")[:200]
    if not plan:
        messages.error(request, "Choose a plan first.")
        return redirect(f"{reverse('spend')}#services")
    back = request.build_absolute_uri(reverse("spend"))
    try:
        address = _ask(
            request,
            lambda wire: adapter.top_up(
                wire,
                plan,
                variant,
                success_url=back,
                cancel_url=back,
                dispute_policy_acknowledged=request.POST.get("acknowledged") == "on",
                signature_name=request.POST.get("signature", "").strip()[:120],
            ),
        )
        host = _host(address)
    except NoAnswer as problem:
        messages.error(request, str(problem))
        return redirect(f"{reverse('spend')}#services")
    return render(request, "spend/checkout.html", {"address": address, "host": host, "title": adapter.title})


def _host(address: str) -> str:
    """Where the checkout is. Raises NoAnswer for an address that nobody should follow."""
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname or parts.username:
        raise NoAnswer("The service answered with an address that is no checkout. Top up on its own page instead.")
    return parts.hostname


def _ask(request: MemberRequest, question: Callable[[Wire], Awaitable[T]]) -> T:
    rows = Connection.objects.filter(team=request.membership.team_id, provider=SELLER)
    connection = rows.exclude(state=ConnectionState.REMOVED).first()
    provider = get_remote(SELLER)
    if connection is None:
        raise NoAnswer(f"{provider.title} is not connected. Add its key in Settings, Connections.")
    try:
        key = reveal(connection.key)
    except UnreadableSecret as error:
        raise NoAnswer(str(error)) from error
    address = connections.base_url_of(connection)
    answer, seen = with_wire(provider, address, key, connections.facts_of(connection), question, WITHIN_SECONDS)
    if isinstance(answer, Exception):
        raise NoAnswer(explain(provider, address, answer, seen, WITHIN_SECONDS)[1])
    return answer


urlpatterns = [
    path("spend/top-up/", spend_plans, name="spend_plans"),
    path("spend/top-up/checkout", spend_top_up, name="spend_top_up"),
]
