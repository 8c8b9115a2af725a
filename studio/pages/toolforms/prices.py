"""What every tool starts at for a team: the least known price, or which service to connect. Two queries for all tools together."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from studio.engine.amounts import plain
from studio.models import CatalogueItem, Connection, ConnectionState
from studio.providers import PROVIDERS, shipped_offers


@dataclass(frozen=True, slots=True)
class Starting:
    """words: "Free", "From 12 credits", "VideoGen, price unknown" or "Connect VideoGen". can: whether it can be made now. services: who can make it."""

    words: str
    can: bool
    services: tuple[str, ...]


def starting(team_id: UUID) -> dict[str, Starting]:
    """By tool, for those that any provider makes, connected or not."""
    rows = Connection.objects.filter(team=team_id, state=ConnectionState.ACTIVE)
    connections = {it.pk: it.provider for it in rows}
    live = {"local", *connections.values()}
    prices: dict[str, dict[str, list[tuple[Decimal | None, str]]]] = defaultdict(lambda: defaultdict(list))
    for provider in PROVIDERS:
        for offer in shipped_offers(provider):
            prices[offer.tool][provider].append((offer.price, offer.unit))
    for provider, tool, price, unit in _listed(connections):
        prices[tool][provider].append((_amount(price), str(unit or "credits")))
    return {tool: _starting(by_provider, live) for tool, by_provider in prices.items()}


def _listed(connections: dict[UUID, str]) -> list[tuple[str, str, Any, Any]]:
    if not connections:
        return []
    rows = CatalogueItem.objects.filter(connection__in=list(connections), kind="offer", gone_at=None)
    found = rows.values_list("connection", "data__tool", "data__price", "data__unit")
    return [(connections[pk], str(tool), price, unit) for pk, tool, price, unit in found]


def _starting(by_provider: dict[str, list[tuple[Decimal | None, str]]], live: set[str]) -> Starting:
    order = [key for key in PROVIDERS if key in by_provider]
    titles = tuple(PROVIDERS[key][0] for key in order)
    usable = [entry for key in order if key in live for entry in by_provider[key]]
    if not usable:
        short = titles if len(titles) <= 2 else (f"{titles[0]}, {titles[1]}", titles[2])
        return Starting(f"Connect {' or '.join(short)}", False, titles)
    known = [(price, unit) for price, unit in usable if price is not None]
    if not known:
        makers = " or ".join(PROVIDERS[key][0] for key in order if key in live)
        return Starting(f"{makers}, price unknown", True, titles)
    price, unit = min(known)
    if price == 0:
        return Starting("Free", True, titles)
    return Starting(f"From {plain(price)} {unit}", True, titles)


def _amount(text: Any) -> Decimal | None:
    try:
        return None if text is None else Decimal(str(text))
    except InvalidOperation:
        return None
