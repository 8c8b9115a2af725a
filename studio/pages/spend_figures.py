"""The figures of the Spend page in words: one block for each scale, and the rows of its tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from studio.engine.amounts import plain
from studio.engine.spend import NOT_TOLD, Figures, Look, Made, Row, Scale, Source
from studio.models import Connection, UnitPrice
from studio.providers import PROVIDERS, REMOTE, get_remote
from studio.render import colours

from .spend_chart import SERIES, Chart, chart_of

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Stat:
    """kind: "ok" or "warn" colours the note."""

    title: str
    figure: str
    note: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Everything that is counted in one scale. title, series: whose it is, and its colour; empty where it is everybody's."""

    title: str
    series: str
    stats: Sequence[Stat]
    notes: Sequence[str]
    chart: Chart


@dataclass(frozen=True, slots=True)
class LookRow:
    title: str
    look: Look
    pill: str
    icon: str
    word: str
    charge: str
    said: str


@dataclass(frozen=True, slots=True)
class Service:
    """A provider's card: what is left there, its budget here, what its unit costs the team. untold: generations of the month without a
    word of what they cost."""

    key: str
    title: str
    unit: str
    connection: Connection | None
    budget: Decimal | None
    used: Decimal
    untold: int
    price: UnitPrice | None
    topped_up_here: bool
    errors: Mapping[str, str]
    typed: Mapping[str, str]

    @property
    def budget_error(self) -> str:
        return self.errors.get(f"budget-{self.key}", "")

    @property
    def price_error(self) -> str:
        return self.errors.get(f"price-{self.key}", "")

    @property
    def budget_value(self) -> str:
        return self.typed.get(f"budget-{self.key}", "" if self.budget is None else _typed(self.budget))

    @property
    def price_value(self) -> str:
        return self.typed.get(f"price-{self.key}", _typed(self.price.price) if self.price else "")

    @property
    def balance(self) -> str:
        known = self.connection.balance if self.connection else None
        return "" if known is None else plain(known)

    @property
    def is_low(self) -> bool:
        return bool(self.connection and self.connection.balance is not None and self.connection.balance <= 0)

    @property
    def is_untold(self) -> bool:
        return bool(self.untold and not self.used)

    @property
    def used_words(self) -> str:
        return f"At least {plain(self.used)}" if self.untold else plain(self.used)

    @property
    def budget_words(self) -> str:
        return "" if self.budget is None else plain(self.budget)

    @property
    def share(self) -> str:
        """Of the budget, 0 to 1, for a meter."""
        if self.budget is None:
            return "0"
        return f"{min(self.used / self.budget, Decimal(1)) if self.budget else Decimal(1):.3f}"

    @property
    def is_over(self) -> bool:
        return self.budget is not None and self.used >= self.budget


def blocks_of(figures: Figures) -> list[Block]:
    scales = figures.scales
    return [_block(figures, scale, alone=len(scales) == 1) for scale in scales]


def _block(figures: Figures, scale: Scale, *, alone: bool) -> Block:
    title = "" if alone and scale.currency else ", ".join(PROVIDERS[key][0] for key in sorted(scale.providers))
    made = _made(figures.made, scale)
    before = _made(figures.made_before, scale)
    spent = scale.of(figures.spent)
    stats = [_spent(figures, scale, spent)]
    if figures.month.is_now:
        stats.append(_course(figures, scale, spent))
    stats.append(_per_approved(figures, scale, spent, made, before))
    stats.append(
        Stat("Approved", made.rate, f"{made.approved:,} of {made.ready:,}" if made.ready else "nothing made yet")
    )
    series = SERIES.get(min(scale.providers), "s4") if title else ""
    return Block(title, series, stats, _notes(figures, scale), chart_of(figures, scale, is_low=not alone))


def _made(made: Mapping[str, Made], scale: Scale) -> Made:
    return sum((made.get(provider, Made()) for provider in scale.providers), Made())


def _budget(figures: Figures, scale: Scale) -> Decimal | None:
    """The budget of everything in this scale; None unless each of its services has one."""
    if any(provider not in figures.budgets for provider in scale.providers):
        return None
    return scale.of({source: figures.budgets[source[0]] for source in scale.rates})


def _spent(figures: Figures, scale: Scale, spent: Decimal) -> Stat:
    untold = scale.count(figures.unknown)
    days = ceil(figures.month.gone)
    when = f"{days} {'day' if days == 1 else 'days'} in" if figures.month.is_now else f"in {figures.month.label}"
    budget = _budget(figures, scale)
    figure = scale.told_words(spent, untold)
    if figure == NOT_TOLD:
        return Stat("Spent", figure, f"for {_generations(untold)}, {when}")
    return Stat("Spent", figure, when if budget is None else f"of {scale.words(budget)}, {when}")


def _course(figures: Figures, scale: Scale, spent: Decimal) -> Stat:
    month, held = figures.month, scale.of(figures.held)
    course = (spent / month.gone * month.days + held).quantize(Decimal("0.01") if scale.currency else Decimal(1))
    budget, untold = _budget(figures, scale), scale.count(figures.unknown)
    figure = scale.told_words(course, untold)
    if budget is None:
        before = scale.of(figures.before)
        return Stat("On course for", figure, f"{scale.words(before)} in {month.previous.name}" if before else "")
    left = budget - course
    if left < 0:
        return Stat("On course for", figure, f"{scale.words(-left)} over budget", "warn")
    if untold:  # Whether it stays under the budget is not known either.
        return Stat("On course for", figure, f"budget {scale.words(budget)}")
    return Stat("On course for", figure, f"{scale.words(left)} under budget", "ok")


def _per_approved(figures: Figures, scale: Scale, spent: Decimal, made: Made, before: Made) -> Stat:
    note, was = "", scale.of(figures.before)
    if before.approved and was:
        note = f"{scale.words(_each(was, before))} in {figures.month.previous.name}"
    untold = scale.count(figures.unknown)
    figure = "–"
    if made.approved and (spent or untold):
        figure = scale.told_words(_each(spent, made), untold)
    return Stat("Per approved asset", figure, note or ("" if made.approved else "nothing approved yet"))


def _each(amount: Decimal, made: Made) -> Decimal:
    return (amount / made.approved).quantize(Decimal("0.01"))


def _notes(figures: Figures, scale: Scale) -> list[str]:
    notes = []
    if held := scale.of(figures.held):
        notes.append(f"{scale.words(held)} set aside for what is under way")
    if maybe := scale.of(figures.maybe):
        notes.append(f"{scale.words(maybe)} may have been charged")
    for source, count in figures.unknown.items():
        if source in scale.rates:
            notes.append(f"{PROVIDERS[source[0]][0]} did not tell what {_generations(count)} cost")
    return notes


def _generations(count: int) -> str:
    return "1 generation" if count == 1 else f"{count:,} generations"


# -- Needs a look ----------------------------------------------------------------------------------------------------------------

_PILLS = {
    "uncertain": ("warn", "circle-help", "Check this one"),
    "maybe": ("warn", "triangle-alert", "May be charged"),
    "refunded": ("ok", "undo-2", "Refunded"),
    "refused": ("", "ban", "Refused"),
}


def look_rows(figures: Figures) -> list[LookRow]:
    return [_look_row(figures, look) for look in figures.look]


def _look_row(figures: Figures, look: Look) -> LookRow:
    pill, icon, word = _PILLS[look.kind]
    said = look.generation.failure_reason
    if look.kind == "refused":
        charge = _one(figures, look.source, ZERO)
    elif look.amount is None:
        charge = "unknown"
    else:
        charge = _one(figures, look.source, -look.amount if look.kind == "refunded" else look.amount)
    return LookRow(look.title, look, pill, icon, word, charge, said)


def _one(figures: Figures, source: Source, amount: Decimal) -> str:
    price = figures.prices.get(source[0])
    scale = (
        Scale({source: price.price}, price.currency, price.currency)
        if price
        else Scale({source: Decimal(1)}, source[1])
    )
    return scale.words(scale.of({source: amount})).replace("-", "−")


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row with its amounts in words: (colour of the service, its title, amount), both empty where one scale says all.

    on_colour: what can be read on a brand's colour.
    """

    row: Row
    words: Sequence[tuple[str, str, str]]

    @property
    def on_colour(self) -> str:
        return colours.readable_on(self.row.colour or "#ffffff", "#ffffff", "#17171a")


def table_rows(figures: Figures, rows: Sequence[Row]) -> list[TableRow]:
    return [TableRow(row, [_line(*words) for words in figures.words(row.spent, row.untold)]) for row in rows]


def _line(provider: str, words: str) -> tuple[str, str, str]:
    return (SERIES.get(provider, "s4"), PROVIDERS[provider][0], words) if provider else ("", "", words)


# -- Services --------------------------------------------------------------------------------------------------------------------


def _typed(amount: Decimal) -> str:
    """As it would be typed: no zeros at the end, no thousands apart."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def services_of(figures: Figures, errors: Mapping[str, str], typed: Mapping[str, str]) -> list[Service]:
    """Every service that is connected, has spent, or has a budget."""
    used = {key for key, _ in figures.sources}
    return [
        _service(figures, key, errors, typed)
        for key in REMOTE
        if key in figures.connections or key in used or key in figures.budgets
    ]


def _service(figures: Figures, key: str, errors: Mapping[str, str], typed: Mapping[str, str]) -> Service:
    provider = get_remote(key)
    sums = (figures.spent, figures.held, figures.maybe)
    used = sum((amounts.get((key, provider.unit), ZERO) for amounts in sums), ZERO)
    return Service(
        key,
        provider.title,
        provider.unit,
        figures.connections.get(key),
        figures.budgets.get(key),
        used,
        figures.unknown.get((key, provider.unit), 0),
        figures.prices.get(key),
        hasattr(provider, "top_up") and key in figures.connections,
        errors,
        typed,
    )
