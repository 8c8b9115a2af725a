"""What an offer really costs and takes with a connection, from what was made."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, Value
from django.db.models.fields import FloatField

from studio.models import Generation, Learnt

WEIGHT = 0.2
"""How much the newest time counts: a few generations after a service got faster, so does the estimate."""


def learn(generation_id: UUID) -> None:
    """Takes in a completed generation. Call it inside the transaction of its end, after the ledger's entry.

    price: what one result of the newest charge cost (a price changes at once, it does not drift). Only from a charge that was told, and
    for everything that was asked for: a partial batch says nothing about one result.
    """
    names = ("connection_id", "offer_key", "offer", "cost", "missing", "started_at", "ended_at")
    generation = Generation.objects.only("id", *names).get(pk=generation_id)
    if generation.connection_id is None:
        return
    changes: dict[str, Any] = {}
    if price := _price(generation):
        changes |= {"price": price, "priced": F("priced") + 1}
    if generation.started_at and generation.ended_at:
        took = max((generation.ended_at - generation.started_at).total_seconds(), 0.1)
        changes |= {"timed": F("timed") + 1, "seconds": took}
    if not changes:
        return
    key: Mapping[str, Any] = {"connection_id": generation.connection_id, "offer_key": generation.offer_key}
    rows = Learnt.objects.filter(**key)
    if "seconds" in changes and rows.exclude(seconds=None).update(
        **changes | {"seconds": F("seconds") * (1 - WEIGHT) + Value(changes["seconds"] * WEIGHT, FloatField())}
    ):
        return
    if not rows.update(**changes):
        Learnt.objects.bulk_create([Learnt(**key)], ignore_conflicts=True)
        rows.update(**changes)


def _price(generation: Generation) -> Decimal | None:
    if not generation.cost or generation.missing:
        return None
    count = generation.outputs.count()
    return (generation.cost / count).quantize(Decimal("0.0001")) if count else None
