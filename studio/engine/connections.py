"""A team's keys for services: adding, trying, changing, pausing and removing them. Whoever calls has a membership; its rights are checked here.

Nothing is dialled inside of a transaction. A key is asked for whether it works before it is kept; one whose service cannot be reached
may be kept all the same. What was started with a connection is finished with it, so that its key outlives its removal for a while.
"""

from __future__ import annotations

import secrets as tokens
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from studio.models import (
    UNDER_WAY,
    Connection,
    ConnectionState,
    Generation,
    Membership,
    RemoteCopy,
    Team,
    Workspace,
)
from studio.providers import REMOTE, get_remote
from studio.providers.base import RemoteProvider, Wire

from . import bells, secrets
from .connection_checks import Outcome, ask
from .connection_input import PLAIN, Unusable, cleaned_address, cleaned_key, last4

WATERMARKS = ("auto", "none", "videogen")
LONGEST_WORKSPACE_ID = 200
_MADE_AGAIN = ("file", "url")
"""Kinds of remote copies that are uploads: free to repeat, and worthless with another account's key."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A connection that was written, and what its service said before."""

    connection: Connection
    outcome: Outcome


# -- What others ask of a connection -----------------------------------------------------------------------------------------


def facts_of(connection: Connection, workspaces: Mapping[UUID, str] | None = None) -> dict[str, Any]:
    """What requests depend on: era, watermark, and {our workspace: its id there} where it was loaded (`workspace_ids`)."""
    eras = get_remote(connection.provider).eras
    facts = {"era": eras[0][0] if eras else "", "watermark": "auto", **connection.facts}
    facts.pop("webhook_url", None)
    facts["workspaces"] = {str(ours): theirs for ours, theirs in (workspaces or {}).items()}
    return facts


def base_url_of(connection: Connection) -> str:
    return (connection.base_url or get_remote(connection.provider).base_url).rstrip("/")


def wire_of(connection: Connection, client: Any, workspaces: Mapping[UUID, str] | None = None) -> Wire:
    """A connection as adapters see it. client: the engine's checked client. Raises secrets.UnreadableSecret."""
    provider = get_remote(connection.provider)
    facts = facts_of(connection, workspaces)
    return Wire(client, base_url_of(connection), secrets.reveal(connection.key), provider.title, facts)


def workspace_ids(connection: Connection) -> dict[UUID, str]:
    """What this account calls our workspaces, as typed in settings. One query."""
    known = RemoteCopy.objects.filter(connection=connection, object_kind="workspace", kind="workspace")
    return dict(known.values_list("object_id", "remote_id"))


def problem_of(connection: Connection | None) -> str:
    """Why nothing new can be made with it, as one sentence for a form; "" where it can. No query, no network."""
    if connection is None or connection.state == ConnectionState.REMOVED:
        return "This service is not connected. An owner or admin can add its key in Settings, Connections."
    title = get_remote(connection.provider).title
    if connection.state == ConnectionState.DISABLED:
        return f"{title} is paused. An owner or admin can resume it in Settings, Connections."
    if connection.state == ConnectionState.REFUSED:
        return (
            connection.state_reason
            or f"{title} does not take the team's key. It needs a new one in Settings, Connections."
        )
    try:
        if not secrets.reveal(connection.key):
            return f"{title} has no key. Type it in Settings, Connections."
    except secrets.UnreadableSecret as unreadable:
        return f"{title}: {unreadable}"
    if connection.balance is not None and connection.balance <= 0:
        return f"No credits are left at {title}. Top up there; what is left is read again within the hour, or with Test in Settings."
    return ""


def of_team(team_id: UUID) -> list[Connection]:
    """Those in use, one a provider at most."""
    return list(Connection.objects.filter(team=team_id).exclude(state=ConnectionState.REMOVED))


# -- What owners and admins do -------------------------------------------------------------------------------------------------


def save_key(actor: Membership, provider_key: str, key: str, base_url: str | None = None) -> Kept:
    """Adds a provider's key or replaces the one that is there. base_url: None leaves it, "" is the provider's own.

    The key is tried first. Raises Unusable where the service refuses it or what answers is not this API; a service that cannot be reached
    leaves a connection that is kept untested.
    """
    _raise_for_rights(actor)
    provider = _provider(provider_key)
    known = _current(actor, provider_key)
    key = cleaned_key(key)
    address = (known.base_url if known else "") if base_url is None else cleaned_address(base_url, provider)
    facts = facts_of(known) if known else facts_of(Connection(provider=provider_key))
    outcome = ask(provider, address or provider.base_url, key, facts)
    if outcome.verdict in ("key", "plan"):
        raise Unusable("key", outcome.message)
    if outcome.verdict == "address" and (address or base_url):
        raise Unusable("base_url", outcome.message)
    with _changing(actor):
        found = Connection.objects.select_for_update().filter(team=actor.team_id, provider=provider_key)
        connection = found.exclude(state=ConnectionState.REMOVED).first() or Connection(
            team_id=actor.team_id,
            provider=provider_key,
            created_by_id=actor.user_id,
            webhook_token=tokens.token_urlsafe(24),
        )
        changed = bool(connection.key) and not _is_same(connection.key, key)
        connection.key, connection.last4 = secrets.conceal(key), last4(key)
        connection.base_url = address
        if connection.state != ConnectionState.DISABLED:
            connection.state, connection.state_reason = ConnectionState.ACTIVE, ""
        connection.paused_until, connection.paused_reason = None, ""
        connection.balance = connection.balance_at = None
        connection.catalogue_message = ""  # It was about another key or an earlier hour; the list is read again now.
        _write_down(connection, outcome, provider)
        connection.save()
        if changed:
            RemoteCopy.objects.filter(connection=connection, kind__in=_MADE_AGAIN).delete()
        bells.ring_connection(connection.pk, renew=changed)
    return Kept(connection, outcome)


def test(actor: Membership, connection_id: UUID) -> Outcome:
    """Asks the service one free question with the kept key, and writes down what it said. Raises Unusable, Connection.DoesNotExist."""
    _raise_for_rights(actor)
    return check(_of(actor, connection_id))


def check(connection: Connection) -> Outcome:
    """The same for the engine itself, e.g. to read the balance."""
    provider = get_remote(connection.provider)
    try:
        key = secrets.reveal(connection.key)
    except secrets.UnreadableSecret as unreadable:
        raise Unusable("key", str(unreadable)) from None
    outcome = ask(provider, base_url_of(connection), key, facts_of(connection))
    with transaction.atomic():
        now = Connection.objects.select_for_update().filter(pk=connection.pk, key=connection.key).first()
        if now is None or now.state == ConnectionState.REMOVED:
            return outcome  # It was about a key that is not used any more.
        if outcome.verdict in ("key", "plan") and now.state == ConnectionState.ACTIVE:
            now.state, now.state_reason = ConnectionState.REFUSED, outcome.message[:500]
        elif outcome.verdict in ("fine", "credits") and now.state == ConnectionState.REFUSED:
            now.state, now.state_reason = ConnectionState.ACTIVE, ""
        _write_down(now, outcome, provider)
        now.save(update_fields=_WRITTEN_DOWN)
    return outcome


def change_address(actor: Membership, connection_id: UUID, base_url: str, key: str) -> Kept:
    """Another base URL, with the key once more: whoever changes where a key goes must have it. Raises Unusable."""
    connection = _of(actor, connection_id)
    return save_key(actor, connection.provider, key, base_url)


def choose(actor: Membership, connection_id: UUID, **facts: str) -> Connection:
    """Sets facts that a person chooses: era="1", watermark="none". Raises Unusable for a value that there is not."""
    with _changing(actor):
        connection = _of(actor, connection_id, lock=True)
        eras = dict(get_remote(connection.provider).eras)
        if facts.get("era", "") and facts["era"] not in eras:
            raise Unusable("era", "Choose one of the versions shown here.")
        if facts.get("watermark", "") and facts["watermark"] not in WATERMARKS:
            raise Unusable("watermark", "Choose one of the ways shown here.")
        era_changed = bool(facts.get("era")) and facts["era"] != facts_of(connection)["era"]
        connection.facts = {**connection.facts, **{name: value for name, value in facts.items() if value}}
        if era_changed:  # Another version lists other things.
            connection.catalogue_message = ""
            bells.ring_connection(connection.pk)
        connection.save(update_fields=("facts", "catalogue_message"))
    return connection


def name_workspaces(actor: Membership, connection_id: UUID, ids: Mapping[UUID, str]) -> None:
    """What the account there calls our workspaces; an empty text forgets it. Raises Unusable; ids of other teams' workspaces are ignored."""
    with _changing(actor):
        connection = _of(actor, connection_id, lock=True)
        own = set(Workspace.objects.filter(team=actor.team_id, pk__in=ids).values_list("pk", flat=True))
        typed = {pk: text.strip() for pk, text in ids.items() if pk in own}
        for pk, text in typed.items():
            if len(text) > LONGEST_WORKSPACE_ID or (text and not PLAIN.fullmatch(text)):
                raise Unusable(f"workspace-{pk}", "This is no id. Copy it from the address of the workspace there.")
        known = RemoteCopy.objects.filter(connection=connection, object_kind="workspace", kind="workspace")
        known.filter(object_id__in=[pk for pk, text in typed.items() if not text]).delete()
        RemoteCopy.objects.bulk_create(
            (
                RemoteCopy(
                    team_id=actor.team_id,
                    connection=connection,
                    object_kind="workspace",
                    object_id=pk,
                    kind="workspace",
                    remote_id=text,
                    seen_at=timezone.now(),
                )
                for pk, text in typed.items()
                if text
            ),
            update_conflicts=True,
            unique_fields=("connection", "object_id", "kind"),
            update_fields=("remote_id", "seen_at"),
        )


def pause(actor: Membership, connection_id: UUID) -> Connection:
    """Nothing new is made with it; what is under way goes on."""
    return _move(actor, connection_id, ConnectionState.DISABLED)


def resume(actor: Membership, connection_id: UUID) -> Connection:
    return _move(actor, connection_id, ConnectionState.ACTIVE)


def remove(actor: Membership, connection_id: UUID) -> int:
    """Takes a connection away for good; returns how much is still under way with it. Its key goes once that has ended (`erase`)."""
    with _changing(actor):
        connection = _of(actor, connection_id, lock=True)
        connection.state, connection.state_reason = ConnectionState.REMOVED, ""
        connection.save(update_fields=("state", "state_reason"))
        connection.items.all().delete()
        bells.ring_connection(connection.pk)
        return under_way(connection)


def under_way(connection: Connection) -> int:
    return Generation.objects.filter(connection=connection, state__in=[state.value for state in UNDER_WAY]).count()


def erase(connection: Connection) -> bool:
    """Forgets the key of a removed connection with which nothing is under way. False while it is still needed.

    The row stays: what was made with it still names it.
    """
    with transaction.atomic():
        found = Connection.objects.select_for_update().filter(pk=connection.pk, state=ConnectionState.REMOVED).first()
        if found is None or under_way(found):
            return False
        found.key = found.webhook_id = found.webhook_secret = found.webhook_token = ""
        found.save(update_fields=("key", "webhook_id", "webhook_secret", "webhook_token"))
        RemoteCopy.objects.filter(connection=found).delete()
    return True


# -- Parts ---------------------------------------------------------------------------------------------------------------------

_WRITTEN_DOWN = (
    "state",
    "state_reason",
    "tested_at",
    "test_passed",
    "test_message",
    "balance",
    "balance_unit",
    "balance_at",
)


def _write_down(connection: Connection, outcome: Outcome, provider: RemoteProvider) -> None:
    now = timezone.now()
    known = outcome.verdict in ("fine", "key", "plan", "credits")
    connection.tested_at, connection.test_passed = now, outcome.is_fine if known else None
    message = f"{outcome.message.rstrip('.')}, in {outcome.took_ms} ms" if outcome.is_fine else outcome.message
    connection.test_message = message[:500]
    if outcome.balance is not None:
        connection.balance, connection.balance_unit = outcome.balance.amount, outcome.balance.unit
        connection.balance_at = now
    elif outcome.verdict == "credits":
        connection.balance, connection.balance_unit, connection.balance_at = Decimal(0), provider.unit, now
    elif outcome.is_fine and connection.balance is not None and connection.balance <= 0:
        connection.balance = connection.balance_at = None  # It works again, and nobody says what is left.


def _move(actor: Membership, connection_id: UUID, state: ConnectionState) -> Connection:
    with _changing(actor):
        connection = _of(actor, connection_id, lock=True)
        connection.state, connection.state_reason = state, ""
        connection.save(update_fields=("state", "state_reason"))
    return connection


def _provider(key: str) -> RemoteProvider:
    if key not in REMOTE:
        raise Connection.DoesNotExist
    return get_remote(key)


def _current(actor: Membership, provider: str) -> Connection | None:
    found = Connection.objects.filter(team=actor.team_id, provider=provider)
    return found.exclude(state=ConnectionState.REMOVED).first()


def _of(actor: Membership, connection_id: UUID, *, lock: bool = False) -> Connection:
    """A connection in use of the actor's team. Raises Connection.DoesNotExist."""
    found = Connection.objects.seen_by(actor).exclude(state=ConnectionState.REMOVED)
    return (found.select_for_update() if lock else found).get(pk=connection_id)


def _raise_for_rights(actor: Membership) -> None:
    if not actor.may_manage:
        raise PermissionDenied("Only owners and admins can change this. Ask one of them.")


@contextmanager
def _changing(actor: Membership) -> Iterator[None]:
    """A transaction in which nobody else changes this team's connections, for somebody who may still do so."""
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=actor.team_id)
        now = Membership.objects.filter(pk=actor.pk).first()
        if now is None:
            raise PermissionDenied("Only owners and admins can change this. Ask one of them.")
        _raise_for_rights(now)
        yield


def _is_same(kept: str, key: str) -> bool:
    try:
        return secrets.reveal(kept) == key
    except secrets.UnreadableSecret:
        return False
