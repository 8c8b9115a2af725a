"""What the gallery shows: the filters of its URL, read leniently. A value that means nothing is as if it were not there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.http import QueryDict

from studio.models import Output, OutputKind, OutputState, Verdict

TO_REVIEW = "none"
DECISIONS = {
    TO_REVIEW: "To review",
    **{str(verdict.value): str(verdict.label) for verdict in Verdict if verdict != Verdict.NONE},
}
VIEWS = ("rows", "list")
_LONGEST_TEXT = 200
_MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Filters:
    kind: str = ""
    brand: str = ""
    state: str = ""
    decision: str = ""
    starred: str = ""
    q: str = ""
    view: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> Filters:
        text = " ".join(query.get("q", "").replace("\x00", " ")[:_LONGEST_TEXT].split())
        return cls(
            kind=_known(query.get("kind"), OutputKind.values),
            brand=str(as_uuid(query.get("brand")) or ""),
            state=_known(query.get("state"), OutputState.values),
            decision=_known(query.get("decision"), DECISIONS),
            starred="1" if query.get("starred") == "1" else "",
            q=text,
            view=_known(query.get("view"), VIEWS[1:]),
        )

    @property
    def narrows(self) -> bool:
        """Whether anything is left out."""
        return any((self.kind, self.brand, self.state, self.decision, self.starred, self.q))

    @property
    def query(self) -> str:
        """As it stands in a URL, without the question mark: only what is set."""
        return urlencode({field.name: value for field in fields(self) if (value := getattr(self, field.name))})

    def but(self, **changes: str) -> str:
        """The query of the same page with one filter changed, or cleared by an empty value."""
        return replace(self, **changes).query

    def of_outputs(self, rows: QuerySet[Output]) -> QuerySet[Output]:
        """Those that match. Each condition is written as the index that serves it has it."""
        if self.kind:
            rows = rows.filter(kind=self.kind)
        if self.brand:
            rows = rows.filter(brand=UUID(self.brand))
        if self.state:
            rows = rows.filter(state=self.state)
            if self.state != OutputState.READY:
                rows = rows.exclude(state=OutputState.READY)
        if self.decision == TO_REVIEW:
            rows = rows.filter(verdict=Verdict.NONE, state=OutputState.READY)
        elif self.decision:
            rows = rows.filter(verdict=self.decision)
        if self.starred:
            rows = rows.filter(starred=True)
        for word in self.q.lower().split()[:_MOST_WORDS]:
            rows = rows.filter(search_text__contains=word)
        return rows


@dataclass(frozen=True, slots=True)
class Pill:
    """One filter of a list as a menu: what it is set to, and where each choice leads.

    `chosen` is "" while it is not set, "Gone" when it is set to what is no longer there. `clear` and the queries of `options` (label,
    query, whether it is the one) are URL queries of the same list without the question mark.
    """

    name: str
    title: str
    icon: str
    chosen: str
    clear: str
    options: list[tuple[str, str, bool]]


def pill(
    but: Callable[..., str], name: str, title: str, icon: str, options: Sequence[tuple[str, str]], value: str
) -> Pill:
    """`but(**{name: value})` gives the query with one filter changed, as `Filters.but` does; options: (value, label)."""
    chosen = dict(options).get(value, "Gone") if value else ""
    links = [(label, but(**{name: key}), key == value) for key, label in options]
    return Pill(name, title, icon, chosen, but(**{name: ""}), links)


def as_uuid(value: str | None) -> UUID | None:
    """None for what is not an id."""
    try:
        return UUID((value or "")[:64])
    except ValueError:
        return None


def _known(value: str | None, known: object) -> str:
    return value if value and value in known else ""  # type: ignore[operator]
