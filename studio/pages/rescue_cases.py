"""What the rescue inbox shows of each case: what happened, what it may have cost, where to look, and what can be done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from studio.engine import rescue
from studio.engine.amounts import plain
from studio.models import Generation, Membership, Output, OutputState, State, Workspace
from studio.providers import PROVIDERS
from studio.tools import get_tool

from .costs import charged, may_be_charged

PAGE = 20
LOOK_THERE = {
    "influencer_studio": "https://influencerstudio.com",
    "videotok": "https://videotok.app",
    "videogen": "https://app.videogen.io",
}
"""Where a person sees what their account made."""
_STATES = {
    "succeeded": "finished",
    "completed": "finished",
    "running": "still at work",
    "pending": "waiting there",
    "failed": "failed there",
    "cancelled": "canceled there",
}
LONGEST_WORDS = 160
_END = UUID(int=2**128 - 1)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A listed job that could be it."""

    remote_id: str
    when: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """generation: uncertain, or completed in part. said: what the last act answered. over: why the budget does not allow it, and may_confirm
    whether this person can press on."""

    generation: Generation
    outputs: list[Output]
    rest: rescue.Rest | None = None
    said: str = ""
    over: str = ""
    may_confirm: bool = False
    candidates: tuple[Candidate, ...] = field(default=())

    @property
    def is_uncertain(self) -> bool:
        return self.generation.state == State.UNCERTAIN

    @property
    def first(self) -> Output:
        """The tile by which the page hears of changes."""
        return self.outputs[0]

    @property
    def nonce(self) -> str:
        return uuid4().hex

    @property
    def service(self) -> str:
        return PROVIDERS[self.generation.provider][0]

    @property
    def came(self) -> list[Output]:
        return [output for output in self.outputs if output.state == OutputState.READY]

    @property
    def charge(self) -> str:
        return may_be_charged(self.generation) if self.is_uncertain else charged(self.generation)

    @property
    def more(self) -> str:
        """What running it once more would probably cost."""
        amount = self.generation.estimate
        return f"about {plain(amount)} {self.generation.cost_unit}" if amount is not None else "nobody knows how much"

    @property
    def price(self) -> str:
        if self.rest is None:
            return ""
        return f"About {plain(self.rest.price)} {self.rest.unit}" if self.rest.price is not None else "Price not known"

    @property
    def asked(self) -> str:
        """What was asked for, in one line: "Image, 4:5, 4 results"."""
        tool = get_tool(self.generation.tool)
        count = len(self.outputs)
        parts = [tool.title if tool else self.generation.tool, self.first.ratio_label]
        parts.append(f"{count} results" if count > 1 else "")
        return ", ".join(part for part in parts if part)

    @property
    def words(self) -> str:
        drawn = self.generation.drawn_inputs
        text = " ".join(str(drawn.get("prompt") or drawn.get("text") or drawn.get("script") or "").split())
        return text if len(text) <= LONGEST_WORDS else f"{text[:LONGEST_WORDS].rsplit(' ', 1)[0]}…"

    @property
    def reasons(self) -> list[str]:
        """Why the missing ones did not come; each said once."""
        lines = (output.failure_reason for output in self.outputs if output.state == OutputState.FAILED)
        return list(dict.fromkeys(line for line in lines if line))

    @property
    def there(self) -> tuple[str, str]:
        """(address, host) of the person's account; empty where the connection leads to another address."""
        connection = self.generation.connection
        url = LOOK_THERE.get(self.generation.provider, "") if connection and not connection.base_url else ""
        return url, urlsplit(url).netloc

    @property
    def job(self) -> str:
        """What the service called the job, where it told."""
        return self.generation.remote_key or ""

    @property
    def next_look(self) -> datetime | None:
        at = self.generation.next_poll_at
        return at if self.is_uncertain and at and self.generation.lease_token is None else None

    @property
    def source(self) -> str:
        """The first picture that it was given, if it is one of ours."""
        for name in ("images", "image", "photos"):
            value = self.generation.inputs.get(name) or ()
            for reference in [value] if isinstance(value, str) else value:
                try:
                    return str(UUID(str(reference)))
                except ValueError:
                    continue
        return ""


def case_ids(membership: Membership, workspace: Workspace, before: UUID | None = None) -> QuerySet[Any]:
    """The generations of a workspace that want a person, as {"id"}: uncertain, or come in part with empty tiles still about. One query."""
    end = before or _END
    uncertain = Generation.objects.seen_by(membership).filter(workspace=workspace, state=State.UNCERTAIN, pk__lt=end)
    empty = Output.objects.seen_by(membership).filter(
        workspace=workspace,
        state=OutputState.FAILED,
        deleted_at=None,
        generation__state=State.COMPLETED,
        generation__missing__gt=0,
        generation__lt=end,
    )
    return uncertain.order_by().values("id").union(empty.order_by().values("generation_id"))


def waiting(membership: Membership, workspace: Workspace) -> int:
    return case_ids(membership, workspace).count()


def page_of(membership: Membership, workspace: Workspace, before: UUID | None) -> tuple[list[Case], str]:
    """The newest PAGE cases before `before`, and where the next page begins ("" at the end)."""
    found = case_ids(membership, workspace, before).order_by("-id")[: PAGE + 1]
    ids = [row["id"] for row in found]
    cases = cases_of(_rows().filter(pk__in=ids[:PAGE]).order_by("-pk"))
    return cases, str(ids[PAGE - 1]) if len(ids) > PAGE else ""


def case_of(generation_id: UUID, **said: Any) -> Case | None:
    """None where it is settled: nothing about it wants a person any more."""
    found = cases_of(_rows().filter(pk=generation_id), **said)
    return found[0] if found else None


def _rows() -> QuerySet[Generation]:
    outputs = Output.objects.select_related("asset").order_by("position").defer("search_text")
    rows = Generation.objects.select_related("brief__created_by", "connection")
    return rows.prefetch_related(Prefetch("outputs", outputs, to_attr="listed")).defer("request", "remote", "offer")


def cases_of(generations: Iterable[Generation], **said: Any) -> list[Case]:
    rows = [row for row in generations if _wants_somebody(row)]
    partial = [row for row in rows if row.state == State.COMPLETED]
    offers = rescue.offers_of(partial)
    return [
        Case(
            row,
            row.listed,  # type: ignore[attr-defined]
            rescue.rest_of(row, offers[row.pk]) if row.pk in offers else None,
            candidates=tuple(_candidate(it) for it in row.candidates),
            **said,
        )
        for row in rows
    ]


def _wants_somebody(generation: Generation) -> bool:
    outputs: list[Output] = generation.listed  # type: ignore[attr-defined]
    if generation.state == State.UNCERTAIN:
        return bool(outputs)
    left = any(output.state == OutputState.FAILED and output.deleted_at is None for output in outputs)
    return generation.state == State.COMPLETED and generation.missing > 0 and left


def _candidate(row: Mapping[str, Any]) -> Candidate:
    fits = row.get("fits") or {}
    count = row.get("results")
    facts = [
        str(fits.get("name") or fits.get("title") or ""),
        f"{count} result{'' if count == 1 else 's'}" if count is not None else "",
        _STATES.get(str(fits.get("status", "")), str(fits.get("status") or "")),
    ]
    return Candidate(str(row["remote_id"]), _when(row), tuple(fact for fact in facts if fact))


def _when(row: Mapping[str, Any]) -> str:
    created, after, before = (_moment(row.get(name)) for name in ("created_at", "after", "before"))
    if created:
        return f"Started {_at(created)}"
    if after and before:
        return f"Started between {_at(after)} and {before:%H:%M:%S}"
    if after:
        return f"Started after {_at(after)}"
    return f"Started before {_at(before)}" if before else "It does not tell when it was started"


def _moment(text: Any) -> datetime | None:
    return timezone.localtime(datetime.fromisoformat(text)) if text else None


def _at(moment: datetime) -> str:
    """With its day, unless that is today."""
    day = "" if moment.date() == timezone.localdate() else f"{moment.day} {moment:%B}, "
    return f"{day}{moment:%H:%M:%S}"
