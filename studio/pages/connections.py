"""The team's services: keys, what their accounts have left, and where the internet reaches this installation."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from studio.engine import bells, catalogue, public_address
from studio.engine import connections as engine
from studio.engine.connection_input import Unusable
from studio.models import Connection, ConnectionState, Team
from studio.providers import REMOTE, get_remote

from .access import MemberRequest, creator, manager
from .answers import tell
from .connection_cards import Card, card_of, cards_of, local_card
from .rights import managing


@never_cache
@require_safe
@creator
def connections(request: MemberRequest) -> HttpResponse:
    """Creators see how the services are; only owners and admins change anything."""
    return _page(request)


@never_cache
@sensitive_post_parameters("key")
@sensitive_variables()
@require_POST
@manager
def connect(request: MemberRequest, provider: str) -> HttpResponseBase:
    """Adds or replaces a key. It is tried first, and never shown again."""
    if provider not in REMOTE:
        raise Http404
    given = request.POST.get("base_url")
    return _saved(
        request,
        provider,
        "key",
        lambda: engine.save_key(request.membership, provider, request.POST.get("key", ""), given),
    )


@never_cache
@sensitive_post_parameters("key")
@sensitive_variables()
@require_POST
@manager
def connection_address(request: MemberRequest, pk: UUID) -> HttpResponseBase:
    """Another base URL. Whoever sends a key elsewhere must have it."""
    found = _found(request, pk)
    address, key = request.POST.get("base_url", ""), request.POST.get("key", "")
    return _saved(
        request, found.provider, "address", lambda: engine.change_address(request.membership, pk, address, key)
    )


@never_cache
@require_POST
@manager
def connection_test(request: MemberRequest, pk: UUID) -> HttpResponseBase:
    found = _found(request, pk)
    try:
        outcome = engine.test(request.membership, pk)
    except Unusable as problem:
        return _refused(request, found.provider, "key", problem)
    return _done(request, found.provider, outcome.message, bad=not outcome.is_fine)


@never_cache
@require_POST
@manager
def connection_choices(request: MemberRequest, pk: UUID) -> HttpResponseBase:
    """Era, watermark, and what the account there calls our workspaces."""
    found = _found(request, pk)
    named = {
        UUID(name.removeprefix("workspace-")): value
        for name, value in request.POST.items()
        if name.startswith("workspace-") and _is_uuid(name.removeprefix("workspace-"))
    }
    era, asked = engine.facts_of(found)["era"], timezone.now()
    try:
        chosen = {name: request.POST.get(name, "") for name in ("era", "watermark")}
        changed = engine.choose(request.membership, pk, **chosen)
        if named:
            engine.name_workspaces(request.membership, pk, {key: str(value) for key, value in named.items()})
    except Unusable as problem:
        return _refused(request, found.provider, "choices", problem)
    since = asked if engine.facts_of(changed)["era"] != era else None
    return _done(
        request, found.provider, f"Saved for {get_remote(found.provider).title}.", opened="choices", since=since
    )


@never_cache
@require_POST
@manager
def connection_refresh(request: MemberRequest, pk: UUID) -> HttpResponseBase:
    """Reads what the service lists, now."""
    found = _found(request, pk)
    if catalogue.refresh(found, within_seconds=catalogue.WHILE_SOMEBODY_WAITS):
        changes = " ".join(found.catalogue_changes[:2])
        return _done(request, found.provider, changes or "Nothing has changed there.")
    return _done(request, found.provider, f"The list could not be read. {found.catalogue_message}", bad=True)


@never_cache
@require_safe
@creator
def connection_listed(request: MemberRequest, pk: UUID) -> HttpResponseBase:
    """What the service lists, for a card that waits until it is read. `?since=`: when that was asked for."""
    found = _found(request, pk)
    card = card_of(
        request.membership.team,
        found.provider,
        may_manage=request.membership.may_manage,
        since=_moment(request.GET.get("since", "")),
    )
    answer = render(request, "settings/_listed.html", {"card": card})
    if not card.is_being_read:
        answer["HX-Trigger"] = json.dumps({"announce": {"text": f"What {card.provider.title} offers is read."}})
    return answer


@never_cache
@require_POST
@manager
def connection_pause(request: MemberRequest, pk: UUID) -> HttpResponseBase:
    """Pauses what runs, resumes what is paused."""
    found = _found(request, pk)
    title = get_remote(found.provider).title
    if found.state == ConnectionState.DISABLED:
        engine.resume(request.membership, pk)
        return _done(request, found.provider, f"{title} is back at work.")
    engine.pause(request.membership, pk)
    return _done(request, found.provider, f"{title} is paused. What is under way there still comes in.")


@never_cache
@require_POST
@manager
def connection_remove(request: MemberRequest, pk: UUID) -> HttpResponseBase:
    found = _found(request, pk)
    title, busy = get_remote(found.provider).title, engine.remove(request.membership, pk)
    later = f" {busy} under way there still come in; then its key is erased." if busy else " Its key is erased."
    return _done(request, found.provider, f"{title} is removed.{later}")


@never_cache
@require_POST
@manager
def public_address_save(request: MemberRequest) -> HttpResponseBase:
    """Tries an address from outside, and keeps it once it led here. An empty one is forgotten."""
    typed = request.POST.get("public_url", "")
    try:
        address = public_address.cleaned(typed)
        if address:
            public_address.raise_for_elsewhere(address)
    except public_address.NotHere as problem:
        context = {"error": str(problem), "typed": typed[:300]}
        if request.htmx:
            return render(request, "settings/_public_address.html", _address(request) | context, status=422)
        return _page(request, address=context)
    with managing(request.membership):
        Team.objects.filter(pk=request.membership.team_id).update(public_url=address)
        for connection in engine.of_team(request.membership.team_id):
            bells.ring_connection(connection.pk, read=False)
    request.membership.team.public_url = address
    text = f"{address} leads here. Services can reach this server now." if address else "The address is forgotten."
    if not request.htmx:
        messages.success(request, text)
        return redirect(reverse("connections") + "#address")
    return tell(render(request, "settings/_public_address.html", _address(request)), text)


# -- Answers -------------------------------------------------------------------------------------------------------------------


def _page(request: MemberRequest, *, card: Card | None = None, address: dict[str, str] | None = None) -> HttpResponse:
    """The whole page. card: stands instead of its service's, with what was wrong in its form."""
    team = request.membership.team
    cards = cards_of(team, may_manage=request.membership.may_manage)
    context = {
        "tab": "connections",
        "cards": [card if card and card.key == shown.key else shown for shown in cards],
        "local": local_card(team),
        **_address(request),
        **(address or {}),
    }
    refused = bool(address) or bool(card and card.errors)
    return render(request, "settings/connections.html", context, status=422 if refused else 200)


def _saved(request: MemberRequest, provider: str, part: str, save: Callable[[], engine.Kept]) -> HttpResponseBase:
    asked = timezone.now()
    try:
        kept = save()
    except Unusable as problem:
        return _refused(request, provider, part, problem)
    except Connection.DoesNotExist:
        raise Http404 from None
    if kept.outcome.is_fine:
        return _done(request, provider, kept.outcome.message, since=asked)
    said = "Saved." if kept.outcome.verdict == "credits" else "Saved, not tested."
    return _done(request, provider, f"{said} {kept.outcome.message}", bad=True, since=asked)


def _refused(request: MemberRequest, provider: str, part: str, problem: Unusable) -> HttpResponseBase:
    """The form again, with the sentence at its field. What was typed stays, except for the key: it never comes back in a page."""
    opened = "address" if problem.field == "base_url" else part
    card = card_of(
        request.membership.team,
        provider,
        may_manage=True,
        errors={problem.field: str(problem)},
        typed={name: value[:500] for name, value in request.POST.items() if name != "key"},
        opened=opened,
    )
    if not request.htmx:
        return _page(request, card=card)
    return render(request, "settings/_connection_card.html", {"card": card}, status=422)


def _done(request: MemberRequest, provider: str, text: str, *, bad: bool = False, **fields: Any) -> HttpResponseBase:
    """The card as it is now. fields: of Card."""
    if not request.htmx:
        (messages.warning if bad else messages.success)(request, text)
        return redirect(reverse("connections") + f"#card-{provider}")
    card = card_of(request.membership.team, provider, may_manage=True, **fields)
    return tell(render(request, "settings/_connection_card.html", {"card": card}), text, bad=bad)


def _address(request: MemberRequest) -> dict[str, Any]:
    team = request.membership.team
    return {
        "own_address": team.public_url,
        "address_of_environment": public_address.address_of_environment(),
        "may_manage": request.membership.may_manage,
    }


def _found(request: MemberRequest, pk: UUID) -> Connection:
    """A connection of the team that is not removed; 404 for any other."""
    found = Connection.objects.seen_by(request.membership).exclude(state=ConnectionState.REMOVED).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found and timezone.is_aware(found) else None


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


_one = "settings/connections/<uuid:pk>/"
urlpatterns = [
    path("settings/connections/", connections, name="connections"),
    path("settings/connections/address/", public_address_save, name="public_address"),
    path("settings/connections/add/<slug:provider>/", connect, name="connect"),
    path(f"{_one}address/", connection_address, name="connection_address"),
    path(f"{_one}test/", connection_test, name="connection_test"),
    path(f"{_one}choices/", connection_choices, name="connection_choices"),
    path(f"{_one}refresh/", connection_refresh, name="connection_refresh"),
    path(f"{_one}listed/", connection_listed, name="connection_listed"),
    path(f"{_one}pause/", connection_pause, name="connection_pause"),
    path(f"{_one}remove/", connection_remove, name="connection_remove"),
]
