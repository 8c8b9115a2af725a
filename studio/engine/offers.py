"""What a team can use: the shipped offers and each connection's catalogue, with what was learnt, and why one cannot be used."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from uuid import UUID

from studio.models import CatalogueItem, Connection, ConnectionState, Learnt
from studio.providers import PROVIDERS, REMOTE, get_here, get_remote, shipped_offers
from studio.providers.base import Offer
from studio.tools import get_tool
from studio.tools.fields import widget_of

from .connections import problem_of
from .fields import MEDIA
from .links import reachable

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TeamOffer:
    """An offer as one team has it.

    connection: None for the local renderer, and where the team has no key. why_not: why it is not usable and what to do, as a sentence.
    warning: usable, and yet something that one should know before typing. learnt: price or time are from what was made with this key.
    """

    offer: Offer
    connection: Connection | None
    usable: bool = True
    why_not: str = ""
    warning: str = ""
    learnt: bool = False

    @property
    def provider_title(self) -> str:
        return PROVIDERS[self.offer.provider][0]


def team_offers(team_id: UUID, tool_slug: str) -> list[TeamOffer]:
    """Every way to run a tool, what needs no key first, then provider by provider; usable or not. At most three queries."""
    found = [_here(offer) for offer in shipped_offers("local") if offer.tool == tool_slug]
    connections = {it.provider: it for it in _connections(team_id)}
    listed, gone = _listed(connections.values(), tool_slug)
    learnt = _learnt(connections.values(), tool_slug)
    for provider in REMOTE:
        connection = connections.get(provider)
        shipped = {offer.key: offer for offer in shipped_offers(provider) if offer.tool == tool_slug}
        if connection is None:
            era = _default_era(provider)
            why = f"{PROVIDERS[provider][0]} is not connected. An owner or admin can add its key in Settings, Connections."
            found += [TeamOffer(offer, None, False, why) for offer in shipped.values() if _exists(offer, era)]
            continue
        era, problem = connection.era or _default_era(provider), problem_of(connection)
        for offer in (shipped | listed[connection.pk]).values():
            if _exists(offer, era):
                known = learnt.get((connection.pk, offer.key))
                found.append(_offered(offer, connection, problem, known, offer.key in gone[connection.pk]))
    return found


def find_team_offer(team_id: UUID, key: str, connection_id: UUID | None = None) -> TeamOffer | None:
    """One of `team_offers`, by the offer's key; None where the team does not have it (any more).

    connection_id: it must be that key of the team's; without, whichever key the team has for that service now.
    """
    found = team_offers(team_id, _tool_of(key))
    rows = (it for it in found if it.offer.key == key)
    return next((it for it in rows if connection_id in (None, it.connection and it.connection.pk)), None)


def best(offers: Iterable[TeamOffer]) -> TeamOffer | None:
    """The first usable one."""
    return next((it for it in offers if it.usable), None)


def _here(offer: Offer) -> TeamOffer:
    why_not = get_here(offer.provider).why_not(offer)
    return TeamOffer(offer, None, not why_not, why_not)


def _tool_of(key: str) -> str:
    """The tool is part of the key, except for the local renderer's."""
    provider, _, rest = key.partition(":")
    if provider in PROVIDERS:
        return rest.partition(":")[0]
    return next((offer.tool for offer in shipped_offers("local") if offer.key == key), "")


def _connections(team_id: UUID) -> list[Connection]:
    rows = Connection.objects.filter(team=team_id).exclude(state=ConnectionState.REMOVED)
    return list(rows.select_related("team"))


def _listed(
    connections: Iterable[Connection], tool_slug: str
) -> tuple[dict[UUID, dict[str, Offer]], dict[UUID, set[str]]]:
    """By connection: the offers that its catalogue lists, and the keys of those that it listed once and lists no more."""
    offers: dict[UUID, dict[str, Offer]] = defaultdict(dict)
    gone: dict[UUID, set[str]] = defaultdict(set)
    known = {it.pk: it.provider for it in connections}
    if not known:
        return offers, gone
    rows = CatalogueItem.objects.filter(connection__in=list(known), kind="offer", data__tool=tool_slug)
    for row in rows.order_by("title", "remote_id"):
        if row.gone_at:
            gone[row.connection_id].add(str(row.data.get("key", "")))
            continue
        try:
            offer = Offer.from_data(row.data, known[row.connection_id])
        except (KeyError, ValueError, TypeError, ArithmeticError) as error:
            log.warning("The catalogue's offer %s cannot be read: %r", row.remote_id, error)
            continue
        offers[row.connection_id][offer.key] = offer
    return offers, gone


def _learnt(connections: Iterable[Connection], tool_slug: str) -> dict[tuple[UUID, str], Learnt]:
    known = {it.pk: it.provider for it in connections}
    if not known:
        return {}
    rows = Learnt.objects.filter(connection__in=list(known), offer_key__contains=f":{tool_slug}:")
    return {(row.connection_id, row.offer_key): row for row in rows}


def _offered(offer: Offer, connection: Connection, problem: str, known: Learnt | None, is_gone: bool) -> TeamOffer:
    title = PROVIDERS[connection.provider][0]
    changes, learnt = _overlay(offer, known), False
    if changes:
        offer, learnt = replace(offer, **changes), True  # type: ignore[arg-type]
    why_not = (
        f"{title} does not list this one any more. Choose another." if is_gone else _why_not(offer, connection, problem)
    )
    warning = "" if why_not else _warning(offer, connection)
    return TeamOffer(offer, connection, not why_not, why_not, warning, learnt)


def _overlay(offer: Offer, known: Learnt | None) -> dict[str, object]:
    """A learnt price is for one result. It fills in for an unknown one; a listed price stands, because it may depend on the length."""
    changes: dict[str, object] = {}
    if known and known.price is not None and offer.price is None:
        changes |= {"price": known.price, "per": "result"}
    if known and known.seconds is not None:
        changes |= {"typical_seconds": round(known.seconds, 1)}
    return changes


def _why_not(offer: Offer, connection: Connection, problem: str) -> str:
    """problem: what is wrong with the connection itself."""
    if problem and (connection.state != ConnectionState.ACTIVE or offer.price != 0):
        return problem
    if needs_files(offer) and not is_reachable(offer, connection):
        return reachable(connection.team)[1]
    return ""


def _warning(offer: Offer, connection: Connection) -> str:
    if _may_take_files(offer) and not is_reachable(offer, connection):
        return "Works without files of yours only, until a public address is set in Settings, Connections."
    return ""


def is_reachable(offer: Offer, connection: Connection) -> bool:
    return offer.address != "url" or reachable(connection.team)[0]


@cache
def file_fields(tool_slug: str) -> frozenset[str]:
    """The inputs of a tool that hold files."""
    tool = get_tool(tool_slug)
    fields = tool.Inputs.model_fields.items() if tool else ()
    return frozenset(name for name, info in fields if widget_of(info.metadata).name in MEDIA)


def _may_take_files(offer: Offer) -> bool:
    return any(offer.takes_input(name) for name in file_fields(offer.tool))


def needs_files(offer: Offer) -> bool:
    """Whether it cannot work without a file of ours."""
    files, tool = file_fields(offer.tool), get_tool(offer.tool)
    required = {name for name, limit in offer.limits.items() if limit.get("required") or limit.get("min", 0) > 0}
    required |= set(tool.Inputs.required()) if tool else set()
    if required & files:
        return True
    return any(set(rule["fields"]) <= files for rule in offer.one_of)


def _exists(offer: Offer, era: str) -> bool:
    return not offer.eras or era in offer.eras


def _default_era(provider: str) -> str:
    eras = get_remote(provider).eras
    return eras[0][0] if eras else ""
