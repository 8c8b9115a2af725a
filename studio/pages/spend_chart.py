"""The daily bars of the Spend page as plain geometry; templates/spend/_chart.html draws it as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise

from studio.engine.spend import Figures, Scale, Source
from studio.providers import PROVIDERS

WIDTH, HEIGHT, LOW = 1076, 268, 168
LEFT, RIGHT, TOP, BOTTOM = 0, 100, 12, 30
"""Room for the words beside and under the bars, in units of the drawing. LOW: the height where there are several charts."""
GAP = 2
SERIES = {"influencer_studio": "s1", "videotok": "s2", "videogen": "s3"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A rectangle of a bar. series: its colour."""

    series: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A day. words: what was spent, for a pointer that rests on it. cells: the same as columns of the table."""

    day: date
    label: str
    middle: float
    pieces: Sequence[Piece]
    words: str
    cells: Sequence[str]
    total: str
    is_labelled: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the scale."""

    y: float
    words: str


@dataclass(frozen=True, slots=True)
class Series:
    css: str
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Chart:
    width: int
    height: int
    series: Sequence[Series]
    bars: Sequence[Bar]
    lines: Sequence[Line]
    summary: str

    @property
    def plot_right(self) -> int:
        return self.width - RIGHT

    @property
    def label_x(self) -> int:
        return self.width - RIGHT + 10

    @property
    def spent_on(self) -> list[Bar]:
        """Days with anything on them, for the table."""
        return [bar for bar in self.bars if bar.pieces]


def chart_of(figures: Figures, scale: Scale, *, is_low: bool = False) -> Chart:
    """The bars of one scale: everything stacked where there is a currency, else one source."""
    month, sources = figures.month, [source for source in figures.sources if source in scale.rates]
    days = [month.first.replace(day=number + 1) for number in range(month.days)]
    amounts = [{it: figures.daily.get(day, {}).get(it, Decimal(0)) for it in sources} for day in days]
    totals = [scale.of(day) for day in amounts]
    step = step_for(max(totals))
    top = step * max((max(totals) / step).to_integral_value(ROUND_CEILING), Decimal(1))
    series = [
        Series(
            SERIES.get(it[0], "s4"), PROVIDERS[it[0]][0], scale.words(scale.of({it: figures.spent.get(it, Decimal(0))}))
        )
        for it in sources
    ]
    height = LOW if is_low else HEIGHT
    slot = (WIDTH - LEFT - RIGHT) / len(days)
    bars = [
        _bar(scale, sources, day, amount, total, LEFT + slot * index, slot, top, height)
        for index, (day, amount, total) in enumerate(zip(days, amounts, totals, strict=True))
    ]
    lines = [
        Line(_y(step * number, top, height), scale.words(step * number).replace(".00", ""))
        for number in range(int(top / step) + 1)
    ]
    return Chart(WIDTH, height, series, bars, lines, _summary(figures, scale, days, totals))


def _bar(
    scale: Scale,
    sources: Sequence[Source],
    day: date,
    amounts: dict[Source, Decimal],
    total: Decimal,
    left: float,
    slot: float,
    top: Decimal,
    height: int,
) -> Bar:
    width, reached, pieces, cells = slot * 0.7, Decimal(0), list[Piece](), list[str]()
    for source in sources:
        amount = scale.of({source: amounts[source]})
        cells.append(scale.words(amount))
        if amount:
            below, above = _y(reached, top, height), _y(reached + amount, top, height)
            tall = max(below - above - (GAP if pieces else 0), 1.0)
            shift = GAP if pieces else 0
            pieces.append(
                Piece(
                    SERIES.get(source[0], "s4"),
                    round(left + slot * 0.15, 2),
                    round(below - shift - tall, 2),
                    round(width, 2),
                    round(tall, 2),
                )
            )
            reached += amount
    parts = [f"{PROVIDERS[it[0]][0]} {cell}" for it, cell in zip(sources, cells, strict=True) if amounts[it]]
    words = f"{day.day} {day:%B}: {', '.join(parts) or 'nothing'}"
    labelled = day.day == 1 or day.day % 5 == 0
    return Bar(
        day, f"{day.day} {day:%B}", round(left + slot / 2, 2), pieces, words, cells, scale.words(total), labelled
    )


def _y(amount: Decimal, top: Decimal, height: int) -> float:
    return round(height - BOTTOM - float(amount / top) * (height - BOTTOM - TOP), 2)


def step_for(most: Decimal) -> Decimal:
    """A round step of which three or four reach the highest bar: `step_for(Decimal("12.9")) == 5`."""
    if most <= 0:
        return Decimal(1)
    power = Decimal(10) ** ((most / 3).adjusted())
    sizes = [power * factor for factor in (1, 2, Decimal("2.5"), 5, 10)]
    return next(size for size in sizes if size * 3 >= most)


def _summary(figures: Figures, scale: Scale, days: Sequence[date], totals: Sequence[Decimal]) -> str:
    """The chart in a sentence or two."""
    spent = [(total, day) for total, day in zip(totals, days, strict=True) if total]
    if not spent:
        return f"Nothing was charged in {figures.month.label}."
    most, day = max(spent)
    trend = _trend([total for total, _ in spent])
    return (
        f"{scale.words(sum(totals, Decimal(0)))} on {len(spent)} {'day' if len(spent) == 1 else 'days'} of {figures.month.label}."
        f" The most was {scale.words(most)} on {day.day} {day:%B}.{trend}"
    )


def _trend(totals: Sequence[Decimal]) -> str:
    if len(totals) > 2 and all(one < two for one, two in pairwise(totals)):
        return " It rose every day."
    return ""
