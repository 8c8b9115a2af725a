"""The month's ledger as CSV: one line a generation, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from studio.engine.months import Month
from studio.engine.spend import NOT_TOLD, final_entries
from studio.models import EntryKind, LedgerEntry, Output, UnitPrice, Workspace
from studio.providers import PROVIDERS
from studio.tools import get_tool

HEAD = (
    "Started",
    "Service",
    "Tool",
    "Model",
    "Title",
    "Brand",
    "Person",
    "Estimate",
    "Charged",
    "Unit",
    "Outcome",
    "Cost",
    "Currency",
    "Generation",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK = "\ufeff"


class _Line:
    """What csv writes a row to: it hands the line back."""

    def write(self, text: str) -> str:
        return text


def rows_of(workspace: Workspace, month: Month) -> Iterator[str]:
    """Line by line, in one query over the month's rows, two small ones before."""
    writer = csv.writer(_Line())
    prices = {price.provider: price for price in UnitPrice.objects.filter(team=workspace.team_id)}
    first = Output.objects.filter(generation=OuterRef("generation"), position=0)
    rows = (
        final_entries(workspace, month)
        .select_related("generation__brief__created_by")
        .annotate(title=Subquery(first.values("title")[:1]), brand=Subquery(first.values("brand__name")[:1]))
        .order_by("generation_id")
    )
    yield BYTE_ORDER_MARK + writer.writerow(HEAD)
    for entry in rows.iterator(chunk_size=500):
        yield writer.writerow([harmless(value) for value in _row(entry, prices)])


def _row(entry: Any, prices: dict[str, UnitPrice]) -> tuple[object, ...]:
    generation = entry.generation
    tool, person = get_tool(generation.tool), generation.brief.created_by
    charged, price = _charged(entry), prices.get(entry.provider)
    cost = None if charged is None or price is None else (charged * price.price).quantize(Decimal("0.01"))
    return (
        timezone.localtime(generation.created_at).strftime("%Y-%m-%d %H:%M"),
        PROVIDERS.get(entry.provider, (entry.provider, ""))[0],
        tool.title if tool else generation.tool,
        generation.offer.get("title", ""),
        entry.title or "",
        entry.brand or "",
        str(person) if person else "",
        generation.estimate,
        _told(entry),
        entry.unit,
        EntryKind(entry.kind).label,
        cost,
        price.currency if price and cost is not None else "",
        generation.pk,
    )


def _told(entry: LedgerEntry) -> Decimal | str | None:
    """An empty cell could be read as nothing; a charge that the service never told is said to be that."""
    return NOT_TOLD if entry.kind == EntryKind.UNKNOWN and entry.amount is None else _charged(entry)


def _charged(entry: LedgerEntry) -> Decimal | None:
    """None where nobody knows, or where it is not over yet."""
    if entry.kind == EntryKind.RELEASE:
        return Decimal(0)
    return entry.amount if entry.kind == EntryKind.SETTLE else None


def harmless(value: object) -> str:
    """A cell that no spreadsheet takes for a formula: one that begins like one gets an apostrophe before it."""
    if value is None:
        return ""
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_FORMULA) else text
