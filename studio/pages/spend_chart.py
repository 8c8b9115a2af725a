"""The daily bars of the Spend page as plain geometry; templates/spend/_chart.html draws it as SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise
from typing import TypeVar

from studio.engine.amounts import plain
from studio.engine.spend import Figures, Scale, Source
from studio.providers import PROVIDERS

HEIGHT, LOW, FLAT = 268, 168, 68
TOP, BOTTOM = 12, 30
"""Room for the words over and under the bars, in units of the drawing. LOW: the height where there are several charts; FLAT: where no
figure is known, so that there is no scale either."""
GAP, STUB = 2, 5
"""Between the pieces of a bar; the height of the mark for a day on which a charge was not told."""
Amount = TypeVar("Amount", Decimal, int)
SERIES = {"influencer_studio": "s1", "videotok": "s2", "videogen": "s3"}


@dataclass(frozen=True, slots=True)
class Paper:
    """A width to draw for: of the whole, and of the room for the words beside the bars. is_narrow: a phone, where these words have no unit."""

    width: int
    right: int
    is_narrow: bool = False


WIDE, NARROW = Paper(1076, 100), Paper(326, 40, is_narrow=True)


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
    """A day. words: what was spent, for a pointer that rests on it. cells: the same as columns of the table. untold: the mark for charges
    that nobody told.
    """

    day: date
    label: str
    middle: float
    pieces: Sequence[Piece]
    words: str
    cells: Sequence[str]
    total: str
    is_labelled: bool
    untold: Piece | None = None


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
class Drawing:
    """The bars and the scale on one paper."""

    paper: Paper
    height: int
    bars: Sequence[Bar]
    lines: Sequence[Line]

    @property
    def plot_right(self) -> int:
        return self.paper.width - self.paper.right

    @property
    def label_x(self) -> int:
        return self.plot_right + (6 if self.paper.is_narrow else 10)


@dataclass(frozen=True, slots=True)
class Chart:
    """drawings: the same for a wide page and for a phone; the page shows the one that fits."""

    series: Sequence[Series]
    drawings: Sequence[Drawing]
    summary: str

    @property
    def spent_on(self) -> list[Bar]:
        """Days with anything on them, for the table."""
        return [bar for bar in self.drawings[0].bars if bar.pieces or bar.untold]


def chart_of(figures: Figures, scale: Scale, *, is_low: bool = False) -> Chart:
    """The bars of one scale: everything stacked where there is a currency, else one source."""
    month, sources = figures.month, [source for source in figures.sources if source in scale.rates]
    days = [month.first.replace(day=number + 1) for number in range(month.days)]
    amounts = [{it: figures.daily.get(day, {}).get(it, Decimal(0)) for it in sources} for day in days]
    untold = [figures.untold.get(day, {}) for day in days]
    totals = [scale.of(day) for day in amounts]
    step = step_for(max(totals))
    top = step * max((max(totals) / step).to_integral_value(ROUND_CEILING), Decimal(1))
    series = [
        Series(
            SERIES.get(it[0], "s4"),
            PROVIDERS[it[0]][0],
            scale.told(_only(it, figures.spent), _only(it, figures.unknown)),
        )
        for it in sources
    ]
    is_flat = not any(totals) and bool(scale.count(figures.unknown))
    height = FLAT if is_flat else LOW if is_low else HEIGHT

    def drawing(paper: Paper) -> Drawing:
        slot = (paper.width - paper.right) / len(days)
        bars = [
            _bar(scale, sources, day, amount, unknown, slot * index, slot, top, height)
            for index, (day, amount, unknown) in enumerate(zip(days, amounts, untold, strict=True))
        ]
        marks = [step * number for number in range(int(top / step) + 1)]
        lines = [Line(_y(it, top, height), _mark(scale, it, paper)) for it in marks]
        return Drawing(paper, height, bars, [Line(lines[0].y, "")] if is_flat else lines)

    return Chart(series, (drawing(WIDE), drawing(NARROW)), _summary(figures, scale, days, totals))


def _only(source: Source, amounts: Mapping[Source, Amount]) -> dict[Source, Amount]:
    return {source: amounts[source]} if source in amounts else {}


def _mark(scale: Scale, amount: Decimal, paper: Paper) -> str:
    """What stands at a line of the scale."""
    if paper.is_narrow and not scale.currency:
        return plain(amount)
    return scale.words(amount).replace(".00", "")


def _bar(
    scale: Scale,
    sources: Sequence[Source],
    day: date,
    amounts: dict[Source, Decimal],
    untold: Mapping[Source, int],
    left: float,
    slot: float,
    top: Decimal,
    height: int,
) -> Bar:
    width, reached, pieces, cells = slot * 0.7, Decimal(0), list[Piece](), list[str]()
    for source in sources:
        amount = scale.of({source: amounts[source]})
        cells.append(scale.told_words(amount, untold.get(source, 0)))
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
    parts = [
        f"{PROVIDERS[it[0]][0]} {cell[0].lower() + cell[1:]}"
        for it, cell in zip(sources, cells, strict=True)
        if amounts[it] or it in untold
    ]
    words = f"{day.day} {day:%B}: {', '.join(parts) or 'nothing'}"
    labelled = day.day == 1 or day.day % 5 == 0
    stub = None
    if scale.count(untold):
        above = _y(reached, top, height) - STUB - (GAP if pieces else 0)
        stub = Piece("untold", round(left + slot * 0.15, 2), round(above, 2), round(width, 2), STUB)
    middle, total = round(left + slot / 2, 2), scale.told(amounts, untold)
    return Bar(day, f"{day.day} {day:%B}", middle, pieces, words, cells, total, labelled, stub)


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
    unknown = scale.count(figures.unknown)
    told = f" What {unknown:,} more cost was not told." if unknown else ""
    if not spent:
        return f"{'No charge was told' if unknown else 'Nothing was charged'} in {figures.month.label}."
    most, day = max(spent)
    trend = _trend([total for total, _ in spent])
    return (
        f"{scale.words(sum(totals, Decimal(0)))} on {len(spent)} {'day' if len(spent) == 1 else 'days'} of {figures.month.label}."
        f" The most was {scale.words(most)} on {day.day} {day:%B}.{trend}{told}"
    )


def _trend(totals: Sequence[Decimal]) -> str:
    if len(totals) > 2 and all(one < two for one, two in pairwise(totals)):
        return " It rose every day."
    return ""
