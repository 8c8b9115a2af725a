"""What the list of voices shows: the filters of its URL, read leniently, and its pages by key."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT
from django.http import QueryDict
from django.utils.translation import get_language_info

from studio.models import CatalogueItem, ConnectionState, Membership, RemoteCopy, Voice, VoiceKind, Workspace
from studio.speech.voices import VOICES

from .access import MemberRequest
from .filters import Pill, as_uuid, pill

PAGE = 30
WHERE = {"": "Yours", "library": "At your providers", "local": "On this server"}
_END = UUID(int=2**128 - 1)
_MOST_WORDS = 8
_MOST_CHOICES = 60
_UNTOLD = {"zh": "Chinese", "yue": "Cantonese", "fil": "Filipino"}
"""Languages that Django has no name for by their bare code."""


@dataclass(frozen=True, slots=True)
class Filters:
    """where: "" for our own, `library` for what services list, `local` for this server's. language, gender and style: as they are stored."""

    where: str = ""
    language: str = ""
    gender: str = ""
    style: str = ""
    favourite: str = ""
    archived: str = ""
    q: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> Filters:
        found = {
            field.name: " ".join(query.get(field.name, "").replace("\x00", " ")[:100].split()) for field in fields(cls)
        }
        if found["where"] not in WHERE:
            found["where"] = ""
        for name in ("favourite", "archived"):
            found[name] = "1" if found[name] == "1" and found["where"] != "library" else ""
        if found["where"] == "library":
            found["style"] = ""
        return cls(**found)

    @property
    def narrows(self) -> bool:
        return any((self.language, self.gender, self.style, self.favourite, self.archived, self.q))

    @property
    def query(self) -> str:
        """As it stands in a URL, without the question mark: only what is set."""
        return urlencode({field.name: value for field in fields(self) if (value := getattr(self, field.name))})

    def but(self, **changes: str) -> str:
        return replace(self, **changes).query

    @property
    def words(self) -> list[str]:
        return self.q.lower().split()[:_MOST_WORDS]


def ours(membership: Membership, workspace: Workspace, where: str = "") -> QuerySet[Voice]:
    """Our voices of this screen, archived ones too: of its workspace, and of all."""
    rows = Voice.objects.seen_by(membership).filter(Q(workspace=None) | Q(workspace=workspace))
    local = Q(kind=VoiceKind.LOCAL)
    return rows.filter(local if where == "local" else ~local)


def theirs(membership: Membership) -> QuerySet[CatalogueItem]:
    """What the team's services list, without what we keep as a voice of our own."""
    rows = CatalogueItem.objects.filter(team=membership.team_id, kind="voice", gone_at=None)
    rows = rows.exclude(connection__state=ConnectionState.REMOVED)
    kept = Voice.objects.seen_by(membership).filter(archived_at=None).values("pk")
    copies = RemoteCopy.objects.filter(connection=OuterRef("connection"), remote_id=OuterRef("remote_id"))
    return rows.exclude(Exists(copies.filter(kind="voice", object_id__in=kept)))


def matching_ours(rows: QuerySet[Voice], filters: Filters) -> QuerySet[Voice]:
    rows = rows.filter(archived_at__isnull=not filters.archived)
    for name in ("language", "gender", "style"):
        if value := getattr(filters, name):
            rows = rows.filter(**{name: value})
    if filters.favourite:
        rows = rows.filter(is_favourite=True)
    for word in filters.words:
        rows = rows.filter(Q(name__icontains=word) | Q(description__icontains=word) | Q(style__icontains=word))
    return rows


def matching_theirs(rows: QuerySet[CatalogueItem], filters: Filters) -> QuerySet[CatalogueItem]:
    for name in ("language", "gender"):
        if value := getattr(filters, name):
            rows = rows.filter(**{f"data__{name}": value})
    for word in filters.words:
        rows = rows.filter(Q(search_text__contains=word) | Q(title__icontains=word))
    return rows


def read_ours(rows: QuerySet[Voice], after: str | None) -> tuple[list[Voice], str]:
    """The next PAGE, newest first, and after which id the one after it begins ("" at the end)."""
    found = list(
        rows.filter(pk__lt=as_uuid(after) or _END).select_related("preview", "workspace").order_by("-pk")[: PAGE + 1]
    )
    return found[:PAGE], str(found[PAGE - 1].pk) if len(found) > PAGE else ""


def read_theirs(rows: QuerySet[CatalogueItem], after: str | None) -> tuple[list[CatalogueItem], str]:
    """The same by name. One more query looks up the name of the last one shown."""
    last = as_uuid(after)
    if last and (title := CatalogueItem.objects.filter(pk=last).values_list("title", flat=True).first()) is not None:
        rows = rows.filter(Q(title__gt=title) | Q(title=title, pk__gt=last))
    found = list(rows.select_related("connection").order_by("title", "pk")[: PAGE + 1])
    return found[:PAGE], str(found[PAGE - 1].pk) if len(found) > PAGE else ""


def choices(request: MemberRequest, filters: Filters) -> list[Pill]:
    """Only those with something to choose. One query each."""
    pills = [("language", "Language", "message-circle"), ("gender", "Gender", "user")]
    if filters.where != "library":
        pills.append(("style", "Style", "tag"))
    made: list[Pill] = []
    for name, title, icon in pills:
        chosen = getattr(filters, name)
        values = set(_values(request, filters, name)) | ({chosen} if chosen else set())
        options = sorted(((value, _label(name, value)) for value in values), key=lambda option: option[::-1])
        if options:
            made.append(pill(filters.but, name, title, icon, options, chosen))
    return made


def _values(request: MemberRequest, filters: Filters, name: str) -> Iterable[str]:
    found: Iterable[object]
    if filters.where == "library":
        rows = theirs(request.membership).annotate(value=KT(f"data__{name}")).order_by()
        found = rows.values_list("value", flat=True).distinct()[:_MOST_CHOICES]
    else:
        own = ours(request.membership, request.workspace, filters.where)
        own = own.filter(archived_at__isnull=not filters.archived).order_by()
        found = own.values_list(name, flat=True).distinct()[:_MOST_CHOICES]
    here = [getattr(voice, name) for voice in VOICES] if filters.where == "local" and not filters.archived else []
    return [str(value) for value in (*found, *here) if value]


def _label(name: str, value: str) -> str:
    return language_name(value) if name == "language" else value[:1].upper() + value[1:]


def language_name(code: str) -> str:
    """`language_name("de") == "German"`, also for `de-AT`; what is no known code stays as it is."""
    if code.lower().partition("-")[0] in _UNTOLD:
        return _UNTOLD[code.lower().partition("-")[0]]
    for known in (code.lower(), code.lower().partition("-")[0]):
        try:
            return str(get_language_info(known)["name"])
        except KeyError:
            continue
    return code
