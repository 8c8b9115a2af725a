"""What the board of references shows: the filters of its URL, read leniently, and the pages of the board by key."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.db.models.functions import Lower
from django.http import QueryDict

from studio.engine.suggest import CATEGORIES, Target
from studio.models import Membership, Reference, ReferenceMedia, Visibility, Workspace

from .filters import as_uuid

PAGE = 48
KINDS = {"image": "Pictures", "slideshow": "Slideshows", "video": "Clips"}
SORTS = {"": "Newest first", "oldest": "Oldest first", "name": "By name"}
UNFILED = "none"
SEEN_BY = {str(it.value): str(it.label) for it in Visibility}
_MOST_WORDS = 8
_END = UUID(int=2**128 - 1)


@dataclass(frozen=True, slots=True)
class Filters:
    """target: a template's key (category/slug), or `none` for what is not filed yet."""

    kind: str = ""
    target: str = ""
    seen: str = ""
    sort: str = ""
    archived: str = ""
    q: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> Filters:
        return cls(
            kind=_known(query.get("kind"), KINDS),
            target=query.get("target", "").replace("\x00", "")[:160],
            seen=_known(query.get("seen"), SEEN_BY),
            sort=_known(query.get("sort"), SORTS),
            archived="1" if query.get("archived") == "1" else "",
            q=" ".join(query.get("q", "").replace("\x00", " ")[:200].split()),
        )

    @property
    def narrows(self) -> bool:
        return any((self.kind, self.target, self.seen, self.q, self.archived))

    @property
    def query(self) -> str:
        """As it stands in a URL, without the question mark: only what is set."""
        return urlencode({field.name: value for field in fields(self) if (value := getattr(self, field.name))})

    def but(self, **changes: str) -> str:
        return replace(self, **changes).query

    def of_references(self, rows: QuerySet[Reference]) -> QuerySet[Reference]:
        rows = rows.filter(archived_at__isnull=not self.archived)
        if self.kind:
            rows = rows.filter(media_kind=self.kind)
        if self.target == UNFILED:
            rows = rows.filter(template_slug="")
        elif self.target:
            category, _, slug = self.target.partition("/")
            rows = rows.filter(template_category=category, template_slug=slug)
        if self.seen:
            rows = rows.filter(visibility=self.seen)
        for word in self.q.lower().split()[:_MOST_WORDS]:
            rows = rows.filter(search_text__contains=word)
        return rows


@dataclass(frozen=True, slots=True)
class Board:
    """One page of it. more: the query of the next one, empty at the end."""

    references: list[Reference]
    more: str = ""


def usable(membership: Membership, workspace: Workspace) -> QuerySet[Reference]:
    """Those of this screen, archived ones too: of its workspace, of all, and what other workspaces made public."""
    here = Q(workspace=None) | Q(workspace=workspace) | Q(visibility=Visibility.PUBLIC)
    return Reference.objects.seen_by(membership).filter(here)


def with_media(rows: QuerySet[Reference]) -> QuerySet[Reference]:
    media = ReferenceMedia.objects.select_related("asset").order_by("position")
    return rows.prefetch_related(Prefetch("media", media))


def read_board(rows: QuerySet[Reference], filters: Filters, after: str | None) -> Board:
    """The next PAGE that match, in two queries; `after`: the id of the last one shown. A page by name looks that one's name up first."""
    last = as_uuid(after)
    found = filters.of_references(rows)
    if filters.sort == "name":
        found = found.annotate(name=Lower("label"))
        if last and (name := rows.filter(pk=last).annotate(name=Lower("label")).values_list("name", flat=True).first()):
            found = found.filter(Q(name__gt=name) | Q(name=name, pk__gt=last))
        found = found.order_by("name", "pk")
    elif filters.sort == "oldest":
        found = found.filter(pk__gt=last or UUID(int=0)).order_by("pk")
    else:
        found = found.filter(pk__lt=last or _END).order_by("-pk")
    shown = list(with_media(found)[: PAGE + 1])
    if len(shown) <= PAGE:
        return Board(shown)
    own = f"after={shown[PAGE - 1].pk}"
    return Board(shown[:PAGE], f"{filters.query}&{own}" if filters.query else own)


def grouped(among: Iterable[Target]) -> list[tuple[str, list[Target]]]:
    """Targets under who has them and what sort they are, for a menu."""
    found: dict[str, list[Target]] = {}
    for target in among:
        found.setdefault(f"{target.made_by}, {CATEGORIES.get(target.category, 'template').lower()}", []).append(target)
    return list(found.items())


def _known(value: str | None, known: object) -> str:
    return value if value and value in known else ""  # type: ignore[operator]
