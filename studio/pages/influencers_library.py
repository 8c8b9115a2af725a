"""What the influencer pages show: people with their figures, what is known of each photo, and who only lives at a service."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.http import urlencode

from studio.media import portraits
from studio.models import (
    UNDER_WAY,
    CatalogueItem,
    ConnectionState,
    Generation,
    Influencer,
    InfluencerPhoto,
    Membership,
    Output,
    Readiness,
    RemoteCopy,
    Workspace,
)
from studio.providers import PROVIDERS, shipped_offers
from studio.tools import all_tools
from studio.tools.fields import widget_of

from .access import MemberRequest

PAGE = 24
THEIRS_AT_FIRST = 8
MOST_PHOTOS = 20
KINDS = ("influencer", "presenter", "avatar")
"""Kinds of a service's catalogue that are people."""
NOUNS = {"influencer": "Influencer", "presenter": "Presenter", "avatar": "Avatar"}


@dataclass(frozen=True, slots=True)
class Pill:
    look: str
    icon: str
    words: str


@dataclass(frozen=True, slots=True)
class Person:
    """One of ours on the list. known: titles of the services that know them. waits: something of them is on its way."""

    row: Influencer
    photos: int = 0
    results: int = 0
    known: tuple[str, ...] = ()
    to_mend: int = 0
    waits: bool = False

    @property
    def counts(self) -> str:
        """`"14 photos, voice, 46 results"`."""
        voice = "voice" if self.row.voice_id else "no voice"
        return f"{_number(self.photos, 'photo')}, {voice}, {_number(self.results, 'result')}"

    @property
    def pill(self) -> Pill:
        """The one thing that is most worth knowing."""
        if self.row.readiness == Readiness.TRAINING:
            return Pill("acc", "loader", "In training")
        if self.row.readiness == Readiness.FAILED:
            return Pill("bad", "circle-alert", "Training failed")
        if not self.photos:
            return Pill("acc", "loader", "Photos coming") if self.waits else Pill("warn", "camera", "Needs photos")
        if self.to_mend:
            return Pill("warn", "camera", f"{_number(self.to_mend, 'photo')} to mend")
        if self.row.consent_at is None:
            return Pill("warn", "file-warning", "Needs consent")
        if not self.row.voice_id:
            return Pill("warn", "mic", "Needs voice")
        return Pill("ok", "check", "Ready")


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def visible(membership: Membership, workspace: Workspace) -> QuerySet[Influencer]:
    """The people of this screen: those of the whole team and those of its workspace, archived ones too."""
    return Influencer.objects.seen_by(membership).filter(Q(workspace=None) | Q(workspace=workspace))


def find_influencer(request: MemberRequest, influencer_id: UUID) -> Influencer:
    """Somebody whom this person may see in any workspace. Raises Http404."""
    rows = Influencer.objects.seen_by(request.membership).select_related(
        "face", "voice__preview", "consent_file", "consent_by", "workspace"
    )
    found = rows.filter(pk=influencer_id).first()
    if found is None:
        raise Http404
    return found


def is_usable(request: MemberRequest, row: Influencer) -> bool:
    """Whether pictures can be made with them in the present workspace."""
    return row.archived_at is None and row.workspace_id in (None, request.workspace.pk)


def people(request: MemberRequest, rows: Sequence[Influencer]) -> list[Person]:
    """The rows with their figures: three queries for all of them."""
    keys = [row.pk for row in rows]
    photos: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    found = InfluencerPhoto.objects.filter(influencer__in=keys).order_by("position", "pk")
    for influencer_id, checks in found.values_list("influencer_id", "checks"):
        photos[influencer_id].append(checks)
    outputs = Output.objects.seen_by(request.membership).filter(deleted_at=None)
    used = outputs.filter(generation__uses__object_kind="influencer", generation__uses__object_id__in=keys)
    counts = used.order_by().values(person=F("generation__uses__object_id")).annotate(n=Count("pk"))
    results = {row["person"]: row["n"] for row in counts}
    copies = known_at(keys)
    return [
        Person(
            row,
            len(photos[row.pk]),
            results.get(row.pk, 0),
            tuple(dict.fromkeys(copy.title for copy in copies[row.pk])),
            sum(any(it.is_grave for it in advice) for advice in portraits.advise_all(photos[row.pk])),
            any(copy.is_coming for copy in copies[row.pk]) or not all(photos[row.pk]),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Known:
    """That a service has one of ours."""

    provider: str
    title: str
    kind: str
    is_coming: bool = False


def known_at(keys: Iterable[UUID]) -> dict[UUID, list[Known]]:
    found: dict[UUID, list[Known]] = defaultdict(list)
    copies = RemoteCopy.objects.filter(object_kind="influencer", object_id__in=list(keys)).select_related("connection")
    for copy in copies.order_by("connection__provider", "kind"):
        provider = copy.connection.provider
        title = PROVIDERS[provider][0] if provider in PROVIDERS else provider
        found[copy.object_id].append(Known(provider, title, copy.kind, bool(copy.data.get("wanted"))))
    return found


def being_made(row: Influencer) -> Output | None:
    """The output that will make this person known at a service, while that is under way."""
    rows = Output.objects.filter(generation__tool="influencer", generation__state__in=UNDER_WAY)
    uses = Generation.objects.filter(uses__object_kind="influencer", uses__object_id=row.pk)
    return rows.filter(generation__in=uses).order_by("-pk").first()


# -- Photos -------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo with what is said of it. is_seen: the local checks have looked at it."""

    asset: Any
    pose: str
    advice: tuple[portraits.Advice, ...]
    is_seen: bool

    @property
    def label(self) -> str:
        return portraits.POSES.get(self.pose, "") or ("No face found" if self.is_seen else "Looking at it")


def photos_of(assets: Sequence[Any], checks: Sequence[dict[str, Any]]) -> list[Photo]:
    """Assets and their facts, in order."""
    advised = portraits.advise_all(checks)
    return [
        Photo(asset, str(facts.get("pose", "")), tuple(advice), portraits.is_checked(facts))
        for asset, facts, advice in zip(assets, checks, advised, strict=True)
    ]


def photos_here(row: Influencer) -> list[Photo]:
    found = list(row.photos.select_related("asset").order_by("position", "pk"))
    return photos_of([photo.asset for photo in found], [photo.checks for photo in found])


@dataclass(frozen=True, slots=True)
class Check:
    """A line of the readiness list. state: ok, warn, todo (optional)."""

    state: str
    words: str
    note: str = ""


def checklist(row: Influencer, photos: Sequence[Photo]) -> list[Check]:
    face, poses = photos[0] if photos else None, {photo.pose for photo in photos}
    grave = sum(any(it.is_grave for it in photo.advice) for photo in photos)
    found = [
        Check("warn", "No photo yet", "needed 1")
        if face is None
        else Check("todo", "Face", "looking at it")
        if not face.is_seen
        else Check("warn", "Face", "see the first photo")
        if any(it.is_grave for it in face.advice)
        else Check("ok", "Face", "first photo")
    ]
    if grave and face and not any(it.is_grave for it in face.advice):
        found.append(Check("warn", _number(grave, "photo") + " to mend", "see the notes"))
    covered = [name for key, name in portraits.POSES.items() if key in poses]
    state = "ok" if len(covered) == len(portraits.POSES) else "todo"
    found.append(Check(state, f"Poses, {len(covered)} of {len(portraits.POSES)}", "optional"))
    many = len(photos) >= 8
    found.append(
        Check("ok" if many else "todo", _number(len(photos), "photo"), "" if many else "8 look right from all sides")
    )
    found.append(Check("ok", "Voice", row.voice.name) if row.voice else Check("todo", "Voice", "for films and ads"))
    signed = f"{row.consent_at:%-d %b %Y}" if row.consent_at else ""
    found.append(Check("ok", "Consent", signed) if signed else Check("warn", "Consent", "not noted yet"))
    return found


# -- At the services ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Theirs:
    """Somebody whom only a service has. uses: (words, address) of forms that start with them."""

    item: CatalogueItem
    provider_title: str
    noun: str
    uses: tuple[tuple[str, str], ...]

    @property
    def is_ready(self) -> bool:
        return self.item.data.get("ready") is not False

    @property
    def can_come(self) -> bool:
        return self.item.kind == "influencer"


def their_rows(team_id: UUID, query: str = "") -> QuerySet[CatalogueItem]:
    """People in the catalogues of the team's services who are not in the library."""
    rows = CatalogueItem.objects.filter(
        team=team_id, kind__in=KINDS, gone_at=None, connection__state=ConnectionState.ACTIVE
    ).select_related("connection")
    copies = RemoteCopy.objects.filter(
        connection=OuterRef("connection"), kind=OuterRef("kind"), remote_id=OuterRef("remote_id")
    )
    rows = rows.filter(~Exists(copies.filter(object_kind="influencer")))
    for term in query.lower().split()[:6]:
        rows = rows.filter(search_text__contains=term)
    return rows.order_by("title", "pk")


def after(rows: QuerySet[CatalogueItem], last: UUID | None) -> QuerySet[CatalogueItem]:
    """What comes after the row with that id in the order of titles."""
    item = CatalogueItem.objects.filter(pk=last).only("title").first() if last else None
    if item is None:
        return rows
    return rows.filter(Q(title__gt=item.title) | Q(title=item.title, pk__gt=item.pk))


def theirs(items: Iterable[CatalogueItem]) -> list[Theirs]:
    return [
        Theirs(item, PROVIDERS[item.connection.provider][0], NOUNS[item.kind], _uses(item))
        for item in items
        if item.connection.provider in PROVIDERS
    ]


def _uses(item: CatalogueItem) -> tuple[tuple[str, str], ...]:
    provider = item.connection.provider
    reference = f"{provider}:{item.remote_id}"
    return tuple(
        (title, f"{reverse('create_tool', args=[slug])}?{urlencode({item.kind: reference, 'offer': offer})}")
        for slug, title, offer in _forms(provider, item.kind)
    )


@cache
def _forms(provider: str, widget: str) -> tuple[tuple[str, str, str], ...]:
    """(tool, title, offer) of the forms where the service takes such a person."""
    found = []
    for slug, tool in all_tools().items():
        names = [name for name, info in tool.Inputs.model_fields.items() if widget_of(info.metadata).name == widget]
        offers = [it for it in shipped_offers(provider) if it.tool == slug and names and it.takes_input(names[0])]
        if offers and slug != "influencer":
            found.append((slug, tool.title, offers[0].key))
    return tuple(found)
