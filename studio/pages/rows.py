"""The outputs of a page: read in one query with all that their tiles show, and cut into days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from studio.models import Output, OutputState

from .access import MemberRequest
from .filters import Filters

PAGE = 60

_END = UUID(int=2**128 - 1)
"""Newer than every output. The first page is bounded by it: without a bound SQLite reads and sorts the whole workspace (seen with 20,000)."""

_UNSHOWN = ("search_text", "generation__request", "generation__remote", "generation__offer", "generation__filled_in")


def with_tiles(rows: QuerySet[Output]) -> QuerySet[Output]:
    """With everything that a tile shows, and without the columns that it does not."""
    return rows.select_related("asset", "generation").defer(*_UNSHOWN)


def with_rows(rows: QuerySet[Output]) -> QuerySet[Output]:
    """With what a line of the list shows besides. Not joined: SQLite then walks the brands instead of the index that has the order."""
    return with_tiles(rows).prefetch_related("brand", "created_by")


def here(request: MemberRequest) -> QuerySet[Output]:
    """The outputs of the workspace on the screen, the trash left out."""
    return Output.objects.seen_by(request.membership).filter(workspace=request.workspace, deleted_at=None)


def seen_output(request: MemberRequest, output_id: UUID) -> Output:
    """One output that the person may see, whichever workspace it is in and even from the trash. 404 for all others."""
    rows = Output.objects.seen_by(request.membership).select_related(
        "asset", "brand", "influencer", "voice", "generation__brief", "created_by", "workspace"
    )
    found = rows.defer("generation__request").filter(pk=output_id).first()
    if found is None:
        raise Http404("No such output.")
    return found


@dataclass(frozen=True, slots=True)
class Day:
    """count: how many there are, known only where the page holds the whole day. continues: its heading is on the page already."""

    date: date
    outputs: list[Output]
    count: int | None = None
    continues: bool = False

    @property
    def title(self) -> str:
        today = timezone.localdate()
        if self.date == today:
            return "Today"
        if self.date == today - timedelta(days=1):
            return "Yesterday"
        name = f"{self.date:%A} {self.date.day} {self.date:%B}"
        return name if self.date.year == today.year else f"{name} {self.date.year}"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the wall. more: the query of the next one, empty at the end."""

    days: list[Day]
    more: str = ""

    @property
    def outputs(self) -> list[Output]:
        return [output for day in self.days for output in day.outputs]

    @property
    def under_way(self) -> list[Output]:
        return [output for output in self.outputs if output.state == OutputState.WAITING]

    @property
    def continued(self) -> Day | None:
        return self.days[0] if self.days and self.days[0].continues else None

    @property
    def fresh_days(self) -> list[Day]:
        return [day for day in self.days if not day.continues]


def read_page(request: MemberRequest, filters: Filters, before: UUID | None = None, day: str = "") -> Page:
    """The newest PAGE outputs that match, older than `before`. day: the date whose heading the page above has already."""
    rows = filters.of_outputs(here(request)).filter(pk__lt=before or _END)
    shaped = with_rows(rows) if filters.view == "list" else with_tiles(rows)
    found = list(shaped.order_by("-pk")[: PAGE + 1])
    shown = found[:PAGE]
    more = ""
    if len(found) > PAGE:
        last = shown[-1]
        own = f"before={last.pk}&day={_day_of(last)}"
        more = f"{filters.query}&{own}" if filters.query else own
    return Page(list(cut_into_days(shown, day=day, starts=before is None, ends=not more)), more)


def cut_into_days(outputs: list[Output], *, day: str = "", starts: bool = False, ends: bool = False) -> Iterable[Day]:
    """Groups of one date each, newest first; what is being made comes first in its day. starts, ends: nothing newer, older is left."""
    groups = [(key, list(rows)) for key, rows in groupby(outputs, _day_of)]
    for index, (key, rows) in enumerate(groups):
        continues = index == 0 and key.isoformat() == day
        whole = not continues and (index > 0 or starts or bool(day)) and (index < len(groups) - 1 or ends)
        rows.sort(key=lambda output: output.state != OutputState.WAITING)
        yield Day(key, rows, len(rows) if whole else None, continues)


def _day_of(output: Output) -> date:
    return timezone.localdate(output.created_at)
