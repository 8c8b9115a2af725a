"""The ledger: append-only, in each provider's own unit, written in the transactions that change a generation.

    brief stored            hold      the estimate is set aside (None where the price is unknown)
    answer to the submit    settle    a charge that it tells stands at once
    end                     settle, release or unknown ("may have been charged")

A generation's charge is its last entry; each entry replaces the one before. `MonthSpend` keeps the sums of those charges by workspace,
provider, unit and month of the hold, so that a budget is one comparison. What is rendered here has no connection, costs nothing and is not
in the ledger.

Locks: the generation first (its compare-and-set), then one row of the month. A transaction that ends generations of several providers
takes them in the order of their providers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import F, Value
from django.db.models.fields import DecimalField
from django.db.models.functions import Round
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone

from studio.models import Budget, EntryKind, Generation, LedgerEntry, MonthSpend, State

ZERO = Decimal(0)
_AMOUNT = DecimalField(max_digits=16, decimal_places=4)
_UNSENT = frozenset({State.QUEUED, State.PREPARING})


class BudgetReached(Exception):
    """The hold would go over the month's budget, or its price is unknown while there is one. Nothing was written.

    asked: None where the price is unknown.
    """

    def __init__(self, budget: Decimal, used: Decimal, asked: Decimal | None, unit: str) -> None:
        super().__init__(budget, used, asked, unit)
        self.budget, self.used, self.asked, self.unit = budget, used, asked, unit


@dataclass(frozen=True, slots=True)
class Sums:
    """What one entry adds to its month while it is the last of its generation."""

    held: Decimal = ZERO
    spent: Decimal = ZERO
    maybe: Decimal = ZERO

    def __sub__(self, other: Sums) -> Sums:
        return Sums(self.held - other.held, self.spent - other.spent, self.maybe - other.maybe)

    def __add__(self, other: Sums) -> Sums:
        return Sums(self.held + other.held, self.spent + other.spent, self.maybe + other.maybe)


def month_of(moment: datetime) -> str:
    """`YYYY-MM` in the installation's time zone."""
    return timezone.localtime(moment).strftime("%Y-%m")


def sums_of(entry: LedgerEntry | None) -> Sums:
    amount = ZERO if entry is None or entry.amount is None else entry.amount
    if entry is None or entry.kind == EntryKind.RELEASE:
        return Sums()
    if entry.kind == EntryKind.HOLD:
        return Sums(held=amount)
    return Sums(spent=amount) if entry.kind == EntryKind.SETTLE else Sums(maybe=amount)


# -- At the brief --------------------------------------------------------------------------------------------------------------


def hold(generations: Sequence[Generation], *, over_budget: bool = False) -> None:
    """Sets the estimates of one brief's generations aside: same workspace, provider and unit. Inside the transaction that stores them.

    over_budget: an owner or admin pressed the button. Raises BudgetReached otherwise.
    """
    held = [generation for generation in generations if generation.connection_id]
    if not held:
        return
    first, month = held[0], month_of(timezone.now())
    LedgerEntry.objects.bulk_create(
        _entry(generation, EntryKind.HOLD, "submit", generation.estimate, month) for generation in held
    )
    amounts = [generation.estimate for generation in held]
    asked = None if None in amounts else sum((it for it in amounts if it is not None), ZERO)
    known = sum((it for it in amounts if it is not None), ZERO)
    # The month's row is locked last: nobody else waits for the inserts above.
    budget = (
        None if over_budget else Budget.objects.filter(workspace=first.workspace_id, provider=first.provider).first()
    )
    row = _month_row(first, month)
    added = Sums(held=known)
    if budget is None:
        _add(row, added)
    elif asked is None or not _add(row, added, within=budget.amount):
        row.refresh_from_db()
        raise BudgetReached(budget.amount, row.held + row.spent + row.maybe, asked, row.unit)


def _month_row(generation: Generation, month: str) -> MonthSpend:
    key = {
        "workspace_id": generation.workspace_id,
        "provider": generation.provider,
        "unit": generation.cost_unit,
        "month": month,
    }
    row = MonthSpend.objects.filter(**key).first()
    if row is None:
        MonthSpend.objects.bulk_create([MonthSpend(team_id=generation.team_id, **key)], ignore_conflicts=True)
        row = MonthSpend.objects.get(**key)
    return row


def _add(row: MonthSpend, sums: Sums, *, within: Decimal | None = None) -> bool:
    """One statement; within: only where the month's sum stays at or under it.

    Rounded, because SQLite counts decimals as binary fractions.
    """
    rows = MonthSpend.objects.filter(pk=row.pk)
    if within is not None:
        after = F("held") + F("spent") + F("maybe") + Value(sums.held + sums.spent + sums.maybe, _AMOUNT)
        rows = rows.filter(LessThanOrEqual(Round(after, precision=4), Value(within, _AMOUNT)))
    changes = {
        name: Round(F(name) + Value(amount, _AMOUNT), precision=4)
        for name in ("held", "spent", "maybe")
        if (amount := getattr(sums, name))
    }
    return bool(rows.update(**changes)) if changes else within is None or rows.exists()


# -- Afterwards ----------------------------------------------------------------------------------------------------------------


def charged_at_submit(generation_id: UUID, cost: Decimal) -> None:
    """The answer told what was taken. Call it inside the transaction of the move. Zero says nothing yet: some tell it too early."""
    generation = _load(generation_id)
    if generation.connection_id is None or cost <= 0:
        return
    if _post(generation, EntryKind.SETTLE, "submit", cost):
        Generation.objects.filter(pk=generation_id).update(cost=cost)


def end(
    generation_id: UUID,
    came_from: Collection[State],
    to_state: State,
    *,
    charged: bool | None,
    cost: Decimal | None,
) -> None:
    """Books what became of the hold. Call it inside the transaction of the move that ended the generation, after its compare-and-set."""
    generation = _load(generation_id)
    if generation.connection_id is None:
        if cost is not None:
            Generation.objects.filter(pk=generation_id).update(cost=cost)
        return
    entries = _entries(generation_id)
    kind, reason, amount = outcome(
        came_from,
        to_state,
        charged=charged,
        cost=cost,
        held=entries[0].amount if entries else generation.estimate,
        standing=entries[-1].amount if entries and entries[-1].kind == EntryKind.SETTLE else None,
        missing=generation.missing,
    )
    _post(generation, kind, reason, amount, entries)
    Generation.objects.filter(pk=generation_id).update(cost=_final(kind, amount))


def outcome(
    came_from: Collection[State],
    to_state: State,
    *,
    charged: bool | None,
    cost: Decimal | None,
    held: Decimal | None,
    standing: Decimal | None,
    missing: int = 0,
) -> tuple[EntryKind, str, Decimal | None]:
    """The entry for an end: (kind, reason, amount). Pure.

    charged, cost: what the last answer says, None where it does not. held: the estimate, None where the price is unknown.
    standing: a positive charge that the answer to the submit told. Two states in `came_from` count as the costlier one.
    """
    known = cost if cost else standing
    if to_state == State.COMPLETED:
        reason = "partial" if missing else "completed"
        if known:
            return EntryKind.SETTLE, reason, known
        # A zero for something that has a price is a service that did not count yet, not a present.
        said_free = cost == 0 and not held
        return (EntryKind.SETTLE, reason, ZERO) if said_free else (EntryKind.UNKNOWN, reason, held)
    reason = _reason(came_from, to_state)
    if charged is False:
        return EntryKind.RELEASE, reason, standing or held
    if known and (charged or cost or set(came_from) == {State.COLLECTING}):
        return EntryKind.SETTLE, reason, known
    if charged is None and (set(came_from) <= _UNSENT or reason == "refused"):
        return EntryKind.RELEASE, reason, standing or held
    return EntryKind.UNKNOWN, reason, standing or held


def _reason(came_from: Collection[State], to_state: State) -> str:
    if to_state == State.CANCELED:
        return "canceled"
    if State.UNCERTAIN in came_from:
        return "written_off"
    return "refused" if set(came_from) == {State.SUBMITTING} else "failed"


@transaction.atomic
def correct(generation: Generation, cost: Decimal) -> bool:
    """A person looked in the account there: that much was charged, 0 for nothing. Once in each direction; False where it says so already.

    Only for what has ended.
    """
    locked = Generation.objects.select_for_update().get(pk=generation.pk)
    entries = _entries(locked.pk)
    if locked.is_under_way or not entries:
        return False
    kind = EntryKind.SETTLE if cost > 0 else EntryKind.RELEASE
    written = _post(locked, kind, "corrected", cost if cost > 0 else entries[0].amount, entries)
    if written:
        Generation.objects.filter(pk=locked.pk).update(cost=cost)
    return written


def recount(entries: Iterable[LedgerEntry]) -> dict[tuple[UUID, str, str, str], Sums]:
    """The sums that `MonthSpend` should hold, by (workspace, provider, unit, month), from the ledger alone."""
    last = {entry.generation_id: entry for entry in sorted(entries, key=lambda entry: entry.pk)}
    sums: dict[tuple[UUID, str, str, str], Sums] = {}
    for entry in last.values():
        key = (entry.workspace_id, entry.provider, entry.unit, entry.month)
        sums[key] = sums.get(key, Sums()) + sums_of(entry)
    return sums


def _final(kind: EntryKind, amount: Decimal | None) -> Decimal | None:
    if kind == EntryKind.RELEASE:
        return ZERO
    return amount if kind == EntryKind.SETTLE else None


def _load(generation_id: UUID) -> Generation:
    names = ("id", "team_id", "workspace_id", "connection_id", "provider", "cost_unit", "estimate", "missing")
    return Generation.objects.only(*names).get(pk=generation_id)


def _entries(generation_id: UUID) -> list[LedgerEntry]:
    return list(LedgerEntry.objects.filter(generation=generation_id).order_by("id"))


def _post(
    generation: Generation,
    kind: EntryKind,
    reason: str,
    amount: Decimal | None,
    entries: list[LedgerEntry] | None = None,
) -> bool:
    """Appends an entry and carries the difference to its month. False where this entry was written before."""
    entries = _entries(generation.pk) if entries is None else entries
    if any((entry.kind, entry.reason) == (kind, reason) for entry in entries):
        return False
    before = entries[-1] if entries else None
    month = before.month if before else month_of(timezone.now())
    entry = _entry(generation, kind, reason, amount, month)
    entry.save(force_insert=True)
    _add(_month_row(generation, month), sums_of(entry) - sums_of(before))
    return True


def _entry(generation: Generation, kind: EntryKind, reason: str, amount: Decimal | None, month: str) -> LedgerEntry:
    return LedgerEntry(
        team_id=generation.team_id,
        workspace_id=generation.workspace_id,
        generation_id=generation.pk,
        connection_id=generation.connection_id,
        provider=generation.provider,
        kind=kind,
        reason=reason,
        amount=amount,
        unit=generation.cost_unit,
        month=month,
    )
