"""What the pages of "At your providers" show: shelves of each account, and cards on a shelf, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core import signing
from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince

from studio.engine import their_kits, their_sounds, theirs
from studio.engine.their_files import PROVIDER, TheirFile
from studio.engine.theirs import SHELVES, Here, Shelf
from studio.models import CatalogueItem, Connection, ConnectionState, Membership
from studio.providers import get_remote

from .access import MemberRequest
from .templatetags.tiles import clock
from .voices_rows import Look, note_of_theirs

PAGE = 48
PEEK = 6
THUMB_SALT = "backlot.theirs.thumb"
OF_FILE = "file:"
"""Before the id of a file whose picture has no address yet, where an address would stand."""
_NONE = UUID(int=0)
_FILE_WORDS = {
    "IMAGE": "Image",
    "VIDEO": "Video",
    "AUDIO": "Audio",
    "PDF": "PDF",
    "SLIDESHOW": "Slides",
    "TEXT": "Text",
    "LOTTIE": "Animation",
}
_FILE_ICONS = {"IMAGE": "image", "VIDEO": "film", "AUDIO": "audio-lines"}


@dataclass(frozen=True, slots=True)
class Peek:
    """One shelf on the first page. count: None where only the service knows."""

    shelf: Shelf
    count: int | None
    items: Sequence[CatalogueItem]

    @property
    def pictured(self) -> Sequence[CatalogueItem]:
        """Files and sounds have no picture here: one icon stands for all of them."""
        return () if self.shelf.kind in ("file", "voice", "track") else self.items

    @property
    def count_words(self) -> str:
        return "" if self.count is None else f"{self.count:,}"


@dataclass(frozen=True, slots=True)
class Account:
    """One connection on the first page. trouble: why its lists are old, or empty."""

    connection: Connection
    peeks: list[Peek]

    @property
    def title(self) -> str:
        return get_remote(self.connection.provider).title

    @property
    def read(self) -> str:
        """When its lists were read, in words."""
        at = self.connection.catalogue_at
        if at is None:
            return ""
        age = timezone.now() - at
        return "Read just now" if age < timedelta(minutes=1) else f"Read {timesince(at, depth=1)} ago"

    @property
    def trouble(self) -> str:
        found = self.connection
        if found.state == ConnectionState.DISABLED:
            return f"{self.title} is paused. What it listed last is shown."
        if found.state == ConnectionState.REFUSED:
            return found.state_reason or f"{self.title} does not take the team's key."
        return found.catalogue_message

    @property
    def is_being_read(self) -> bool:
        """For the first time: its shelves are about to come."""
        return self.connection.catalogue_at is None and not self.trouble


@dataclass(frozen=True, slots=True)
class Card:
    """One thing on a shelf. picture, sound: addresses of ours. here: where it is in the library. file: of VideoGen's library alone. look: of its sound."""

    shelf: Shelf
    remote_id: str
    title: str
    about: str
    icon: str
    picture: str = ""
    sound: str = ""
    here: Here | None = None
    can_import: bool = True
    why_not: str = ""
    file: TheirFile | None = None
    brands: list[tuple[UUID, str]] = field(default_factory=list)
    look: Look | None = None


# -- The first page --------------------------------------------------------------------------------------------------------------


def accounts(connections: Iterable[Connection]) -> list[Account]:
    """Two queries for all of them."""
    found = list(connections)
    listed = CatalogueItem.objects.filter(connection__in=found, kind__in=list(SHELVES), gone_at=None)
    counts = {
        (connection, kind): count
        for connection, kind, count in listed.order_by().values_list("connection", "kind").annotate(Count("pk"))
    }
    place = Window(RowNumber(), partition_by=[F("connection"), F("kind")], order_by=F("pk").asc())
    peeks: dict[tuple[UUID, str], list[CatalogueItem]] = {}
    for item in listed.defer("data", "search_text").annotate(place=place).filter(place__lte=PEEK):
        peeks.setdefault((item.connection_id, item.kind), []).append(item)
    return [Account(it, _peeks(it, counts, peeks)) for it in found]


def _peeks(
    connection: Connection, counts: dict[tuple[UUID, str], int], peeks: dict[tuple[UUID, str], list[CatalogueItem]]
) -> list[Peek]:
    found = []
    for kind, shelf in SHELVES.items():
        live = is_live(connection.provider, kind)
        if live or counts.get((connection.pk, kind)):
            count = None if live else counts[connection.pk, kind]
            found.append(Peek(shelf, count, peeks.get((connection.pk, kind), [])))
    return found


def is_live(provider: str, kind: str) -> bool:
    """Whether the service itself is asked for the list: it may be endless, and it changes all the time."""
    return provider == PROVIDER and kind == "file"


# -- A shelf -----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Page:
    """more: the query of the next page, empty at the end."""

    cards: list[Card]
    more: str = ""


def listed(request: MemberRequest, connection: Connection, shelf: Shelf, words: str, after: UUID | None) -> Page:
    """From the catalogue's rows, as the service orders them."""
    rows: QuerySet[CatalogueItem] = connection.items.filter(kind=shelf.kind, gone_at=None, pk__gt=after or _NONE)
    for word in words.lower().split()[:6]:
        rows = rows.filter(search_text__contains=word)
    found = list(rows.order_by("pk")[: PAGE + 1])
    shown = found[:PAGE]
    ids = [item.remote_id for item in shown]
    here = theirs.here(request.membership, connection, shelf, ids)
    brands: dict[str, list[tuple[UUID, str]]] = {}
    if shelf.kind == "brand_kit":
        brands = their_kits.linked_brands(request.membership, request.workspace, connection, ids)
    cards = [item_card(shelf, item, here.get(item.remote_id), brands.get(item.remote_id, [])) for item in shown]
    return Page(cards, _query(q=words, after=str(shown[-1].pk)) if len(found) > PAGE else "")


def file_page(
    membership: Membership, connection: Connection, files: Sequence[TheirFile], words: str, following: str
) -> Page:
    shelf = SHELVES["file"]
    here = theirs.here(membership, connection, shelf, [file.id for file in files])
    cards = [file_card(shelf, file, here.get(file.id)) for file in files]
    return Page(cards, _query(q=words, cursor=following) if following else "")


def _query(**parts: str) -> str:
    return urlencode({name: value for name, value in parts.items() if value})


def item_card(shelf: Shelf, item: CatalogueItem, here: Here | None, brands: list[tuple[UUID, str]]) -> Card:
    sound = item.sound if shelf.kind in ("voice", "track") else ""
    needs_files = shelf.makes not in ("", "voice") and shelf.kind != "influencer"
    empty = needs_files and not theirs.addresses(item)
    return Card(
        shelf=shelf,
        remote_id=item.remote_id,
        title=item.title,
        about=_about(shelf, item),
        icon=shelf.icon,
        picture=reverse("create_sample", args=[item.pk, "picture"]) if item.picture else "",
        sound=reverse("create_sample", args=[item.pk, "sound"]) if sound else "",
        here=here,
        can_import=bool(shelf.makes) and not empty,
        why_not="Nothing of it can be seen or heard yet." if empty else "",
        brands=brands,
        look=Look(their_sounds.peaks_of(item), None) if sound else None,
    )


def file_card(shelf: Shelf, file: TheirFile, here: Here | None) -> Card:
    words = [_FILE_WORDS.get(file.type, "File"), clock(file.seconds)]
    told = file.picture or f"{OF_FILE}{file.id}"
    thumb = f"{reverse('theirs_thumb')}?{urlencode({'of': signing.dumps(told, salt=THUMB_SALT)})}"
    return Card(
        shelf=shelf,
        remote_id=file.id,
        title=file.title,
        about=", ".join(filter(None, words)),
        icon=_FILE_ICONS.get(file.type, "file"),
        picture=thumb if file.has_picture else "",
        here=here,
        can_import=bool(file.kind),
        why_not="" if file.kind else "Only pictures, films and sounds can be imported.",
        file=file,
    )


def _about(shelf: Shelf, item: CatalogueItem) -> str:
    """A few words of what the service says of it."""
    data, length = item.data, clock(their_sounds.seconds_of(item))
    if shelf.kind == "voice":
        return ", ".join(filter(None, (note_of_theirs(item), length)))
    if shelf.kind == "influencer":
        words: list[Any] = ["Ready" if data.get("ready", True) is not False else "In training"]
    elif shelf.kind == "track":
        words = [data.get("style"), length]
    elif shelf.kind == "reference":
        words = [str(data.get("template_slug") or "").replace("-", " "), data.get("media_kind")]
    elif shelf.kind == "presenter":
        words = []
    else:
        words = [data.get("kind"), data.get("description")]
    said = ", ".join(str(word).strip() for word in words if word and isinstance(word, str))
    return f"{said[:1].upper()}{said[1:79]}"
