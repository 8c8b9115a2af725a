"""What a workspace spent in a month, from the ledger. A fixed number of queries, each bounded by the month's own rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from studio.models import (
    Budget,
    Connection,
    ConnectionState,
    EntryKind,
    Generation,
    LedgerEntry,
    MonthSpend,
    Output,
    OutputState,
    State,
    UnitPrice,
    Verdict,
    Workspace,
)
from studio.providers import REMOTE

from .amounts import money, plain
from .ledger import month_of
from .months import Month, midnight

ZERO = Decimal(0)
Source = tuple[str, str]
"""A provider and its unit: amounts of two sources are never added, unless both have a price in one currency."""

SHOWN_TO_LOOK_AT = 20
NOT_TOLD = "Not told"


@dataclass(frozen=True, slots=True)
class Scale:
    """What amounts are counted in: one source's own unit, or a currency for all of them. rates: from the source's unit."""

    rates: Mapping[Source, Decimal]
    unit: str
    currency: str = ""

    def of(self, amounts: Mapping[Source, Decimal]) -> Decimal:
        return sum((amount * self.rates[source] for source, amount in amounts.items() if source in self.rates), ZERO)

    def count(self, untold: Mapping[Source, int]) -> int:
        return sum(count for source, count in untold.items() if source in self.rates)

    def words(self, amount: Decimal) -> str:
        return money(amount, self.currency) if self.currency else f"{plain(amount)} {self.unit}"

    def told(self, amounts: Mapping[Source, Decimal], untold: Mapping[Source, int]) -> str:
        """An amount, beside how many generations whose charge nobody told: what is not known is never a 0."""
        return self.told_words(self.of(amounts), self.count(untold))

    def told_words(self, amount: Decimal, untold: int) -> str:
        """`told_words(Decimal(0), 2) == "Not told"`, `told_words(Decimal(5), 2) == "At least 5 credits"`."""
        if not untold:
            return self.words(amount)
        return f"At least {self.words(amount)}" if amount else NOT_TOLD

    @property
    def providers(self) -> set[str]:
        return {provider for provider, _ in self.rates}


@dataclass(frozen=True, slots=True)
class Made:
    """Finished results: how many, and how many of them stand approved."""

    ready: int = 0
    approved: int = 0

    def __add__(self, other: Made) -> Made:
        return Made(self.ready + other.ready, self.approved + other.approved)

    @property
    def rate(self) -> str:
        return f"{round(100 * self.approved / self.ready)}%" if self.ready else "–"


@dataclass(frozen=True, slots=True)
class Row:
    """One brand, tool or person. key: its id or slug, None for none. generations: how many were paid for. untold: without a word of how much."""

    key: Any
    name: str
    spent: Mapping[Source, Decimal]
    generations: int
    made: Made = Made()
    colour: str = ""
    untold: Mapping[Source, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Look:
    """Something that a person should know of. entry: the ledger's last word, None while it is uncertain. refunded: it was charged before."""

    generation: Generation
    output: Output | None
    kind: str
    amount: Decimal | None
    unit: str
    source: Source

    @property
    def title(self) -> str:
        return self.output.title if self.output else "A generation"


@dataclass(frozen=True, slots=True)
class Figures:
    """All that the page shows of a month. daily: settled amounts by day. untold: generations that ended without any amount, by day."""

    month: Month
    spent: Mapping[Source, Decimal]
    held: Mapping[Source, Decimal]
    maybe: Mapping[Source, Decimal]
    before: Mapping[Source, Decimal]
    daily: Mapping[date, Mapping[Source, Decimal]]
    untold: Mapping[date, Mapping[Source, int]]
    budgets: Mapping[str, Decimal]
    prices: Mapping[str, UnitPrice]
    made: Mapping[str, Made]
    made_before: Mapping[str, Made]
    brands: Sequence[Row]
    tools: Sequence[Row]
    people: Sequence[Row]
    look: Sequence[Look]
    look_count: int
    connections: Mapping[str, Connection]

    @property
    def unknown(self) -> dict[Source, int]:
        """The untold ones of the whole month."""
        counts: dict[Source, int] = defaultdict(int)
        for day in self.untold.values():
            for source, count in day.items():
                counts[source] += count
        return dict(counts)

    @property
    def sources(self) -> list[Source]:
        found = {*self.spent, *self.held, *self.maybe, *self.unknown}
        return sorted(found, key=lambda source: (REMOTE.index(source[0]) if source[0] in REMOTE else 99, source[1]))

    @property
    def scales(self) -> list[Scale]:
        """One currency for everything where the team said what each unit costs, else each source in its own unit."""
        prices = [self.prices.get(provider) for provider, _ in self.sources]
        known = [price for price in prices if price is not None]
        if known and len(known) == len(prices) and len({price.currency for price in known}) == 1:
            rates = {source: price.price for source, price in zip(self.sources, known, strict=True)}
            return [Scale(rates, known[0].currency, known[0].currency)]
        return [Scale({source: Decimal(1)}, source[1]) for source in self.sources]

    def words(self, amounts: Mapping[Source, Decimal], untold: Mapping[Source, int]) -> list[tuple[str, str]]:
        """An amount in as many scales as it needs: (provider, words); the provider is empty where one scale says all."""
        scales, found = self.scales, []
        for scale in scales:
            if scale.of(amounts) or scale.count(untold):
                provider = "" if len(scales) == 1 else next(iter(scale.providers))
                found.append((provider, scale.told(amounts, untold)))
        return found


def figures(workspace: Workspace, month: Month) -> Figures:
    """Whoever calls has checked that the workspace may be seen."""
    sums = list(MonthSpend.objects.filter(workspace=workspace, month__in=(month.key, month.previous.key)))
    final = final_entries(workspace, month)
    made, by_brand = _made(workspace, month)
    look, look_count = _look(workspace, final)
    connections = Connection.objects.filter(team=workspace.team_id).exclude(state=ConnectionState.REMOVED)
    return Figures(
        month=month,
        spent=_by_source(sums, month, "spent"),
        held=_by_source(sums, month, "held"),
        maybe=_by_source(sums, month, "maybe"),
        before=_by_source(sums, month.previous, "spent"),
        daily=_daily(final),
        untold=_untold(final),
        budgets=dict(Budget.objects.filter(workspace=workspace).values_list("provider", "amount")),
        prices={price.provider: price for price in UnitPrice.objects.filter(team=workspace.team_id)},
        made=made,
        made_before=_made(workspace, month.previous)[0],
        brands=_brands(final, by_brand),
        tools=_rows(final, "generation__tool", "generation__tool"),
        people=_rows(final, "generation__brief__created_by", "generation__brief__created_by__name"),
        look=look,
        look_count=look_count,
        connections={it.provider: it for it in connections},
    )


def final_entries(workspace: Workspace, month: Month) -> QuerySet[LedgerEntry]:
    """The last word about each generation whose hold was in that month."""
    later = LedgerEntry.objects.filter(generation=OuterRef("generation"), id__gt=OuterRef("id"))
    return LedgerEntry.objects.filter(workspace=workspace, month=month.key).exclude(Exists(later))


def left_this_month(workspace: Workspace, provider: str, unit: str) -> tuple[Decimal, Decimal] | None:
    """What is left of the budget, and the budget; None where there is none. Two queries."""
    budget = Budget.objects.filter(workspace=workspace, provider=provider).first()
    if budget is None:
        return None
    key = {"workspace": workspace, "provider": provider, "unit": unit, "month": month_of(timezone.now())}
    row = MonthSpend.objects.filter(**key).first()
    used = row.held + row.spent + row.maybe if row else ZERO
    return budget.amount - used, budget.amount


# -- Parts -----------------------------------------------------------------------------------------------------------------------


def _by_source(rows: Iterable[MonthSpend], month: Month, name: str) -> dict[Source, Decimal]:
    found = {(row.provider, row.unit): getattr(row, name) for row in rows if row.month == month.key}
    return {source: amount for source, amount in found.items() if amount or name == "spent"}


def _daily(final: QuerySet[LedgerEntry]) -> dict[date, dict[Source, Decimal]]:
    rows = final.filter(kind=EntryKind.SETTLE).annotate(day=TruncDate("generation__created_at"))
    days: dict[date, dict[Source, Decimal]] = defaultdict(dict)
    for day, provider, unit, amount in rows.values_list("day", "provider", "unit").annotate(Sum("amount")):
        days[day][provider, unit] = amount
    return dict(days)


def _untold(final: QuerySet[LedgerEntry]) -> dict[date, dict[Source, int]]:
    rows = final.filter(kind=EntryKind.UNKNOWN, amount=None).annotate(day=TruncDate("generation__created_at"))
    days: dict[date, dict[Source, int]] = defaultdict(dict)
    for day, provider, unit, count in rows.values_list("day", "provider", "unit").annotate(Count("id")):
        days[day][provider, unit] = count
    return dict(days)


def _made(workspace: Workspace, month: Month) -> tuple[dict[str, Made], dict[UUID | None, Made]]:
    """Results made in the month, by provider and by brand; what is in the trash does not count.

    Found by their ids, which begin with the time: the month is one range of the gallery's own index.
    """
    rows = Output.objects.filter(
        workspace=workspace,
        deleted_at=None,
        state=OutputState.READY,
        id__gte=_first_id(midnight(month.first)),
        id__lt=_first_id(midnight(month.next.first)),
    )
    approved = Count("id", filter=Q(verdict=Verdict.APPROVED))
    by_provider: dict[str, Made] = {}
    by_brand: dict[UUID | None, Made] = {}
    for provider, brand, ready, good in rows.values_list("generation__provider", "brand").annotate(
        Count("id"), approved=approved
    ):
        by_provider[provider] = by_provider.get(provider, Made()) + Made(ready, good)
        if provider in REMOTE:
            by_brand[brand] = by_brand.get(brand, Made()) + Made(ready, good)
    return by_provider, by_brand


def _rows(final: QuerySet[LedgerEntry], key: str, name: str, *more: str) -> list[Row]:
    """Settled amounts by whatever `key` names, the most used first."""
    names = (key, name, *more, "provider", "unit", "kind")
    spent: dict[Any, dict[Source, Decimal]] = defaultdict(dict)
    untold: dict[Any, dict[Source, int]] = defaultdict(dict)
    about: dict[Any, tuple[str, str]] = {}
    counts: dict[Any, int] = defaultdict(int)
    sums = final.values_list(*names).annotate(Sum("amount"), Count("id"), Count("amount"))
    for *facts, provider, unit, kind, amount, count, told in sums:
        if kind != EntryKind.RELEASE:
            about[facts[0]] = (facts[1] or "", facts[2] if more else "")
            counts[facts[0]] += count
        if kind == EntryKind.SETTLE:
            spent[facts[0]][provider, unit] = amount or ZERO
        if kind == EntryKind.UNKNOWN and count > told:
            untold[facts[0]][provider, unit] = count - told
    rows = [
        Row(it, title, spent[it], counts[it], colour=colour, untold=untold[it]) for it, (title, colour) in about.items()
    ]
    return sorted(rows, key=lambda row: (-sum(row.spent.values(), ZERO), -row.generations, row.name))


def _brands(final: QuerySet[LedgerEntry], made: Mapping[UUID | None, Made]) -> list[Row]:
    """A generation's brand is that of its first output."""
    brand = "generation__outputs__brand"
    rows = _rows(final.filter(generation__outputs__position=0), brand, f"{brand}__name", f"{brand}__primary")
    return [replace(it, made=made.get(it.key, Made())) for it in rows]


def _look(workspace: Workspace, final: QuerySet[LedgerEntry]) -> tuple[list[Look], int]:
    """Uncertain ones of whatever month first, then what may have been charged, was refunded or refused."""
    uncertain = Generation.objects.filter(
        team=workspace.team_id, workspace=workspace, state=State.UNCERTAIN, uncertain_since__isnull=False
    ).order_by("-uncertain_since")
    ended = _ended_oddly(final)
    open_ones = list(uncertain[:SHOWN_TO_LOOK_AT])
    entries = list(ended.order_by("-kind", "-id")[:SHOWN_TO_LOOK_AT])
    outputs = _first_outputs([*(it.pk for it in open_ones), *(it.generation_id for it in entries)])
    found = [
        Look(it, outputs.get(it.pk), "uncertain", it.estimate, it.cost_unit, (it.provider, it.cost_unit))
        for it in open_ones
    ]
    for entry in entries:
        kind = "maybe" if entry.kind == EntryKind.UNKNOWN else "refunded" if entry.was_charged else "refused"
        source = (entry.provider, entry.unit)
        found.append(Look(entry.generation, outputs.get(entry.generation_id), kind, entry.amount, entry.unit, source))
    return found[:SHOWN_TO_LOOK_AT], len(found) if len(found) < SHOWN_TO_LOOK_AT else uncertain.count() + ended.count()


def _ended_oddly(final: QuerySet[LedgerEntry]) -> Any:
    """May have been charged (a service that never tells what a finished thing cost is no oddity), refunded, or refused."""
    charged = LedgerEntry.objects.filter(generation=OuterRef("generation"), kind=EntryKind.SETTLE)
    untold = Q(kind=EntryKind.UNKNOWN, reason__in=("completed", "partial"), amount=None)
    odd = (
        Q(kind=EntryKind.UNKNOWN)
        | Q(kind=EntryKind.RELEASE, reason="refused")
        | Q(kind=EntryKind.RELEASE, was_charged=True)
    )
    rows = final.annotate(was_charged=Exists(charged)).filter(odd).exclude(untold)
    return rows.select_related("generation")


def _first_outputs(generation_ids: Sequence[UUID]) -> dict[UUID, Output]:
    rows = Output.objects.filter(generation__in=generation_ids, position=0)
    return {output.generation_id: output for output in rows}


def _first_id(moment: datetime) -> UUID:
    """Ids made from then on are not smaller (RFC 9562, version 7)."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)
