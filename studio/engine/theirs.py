"""What a team's accounts at its services have already, and bringing it into the library: once, remembered as a remote copy.

What a service lists stands in the catalogue's rows, so that pages ask nobody. Only addresses that end are asked for anew, and VideoGen's
files, of which there may be many thousands (`their_files`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction

from config.storage import StorageAway
from studio.media.decode import workplace
from studio.media.errors import MediaRefused
from studio.media.fetch import Gone as AddressGone
from studio.media.ingest import ingest_file
from studio.media.web import fetch_from_web, plain_name
from studio.models import (
    Asset,
    CatalogueItem,
    Connection,
    ConnectionState,
    Influencer,
    Kind,
    Membership,
    Output,
    Reference,
    RemoteCopy,
    Voice,
    VoiceKind,
    Workspace,
)
from studio.providers import get_remote
from studio.providers.base import Gone, NotConfigured, Wire

from . import bells, people_photos, people_sync, references, storing
from .connection_checks import explain, with_wire
from .connections import base_url_of, facts_of
from .wires import wire_for

T = TypeVar("T")
WITHIN_SECONDS = 8.0
MOST_PICTURES = 10


_FOR_OTHERS = {
    "key": "{title} does not accept the team's key any more. An owner or admin can change it in Settings, Connections.",
    "address": "{title} answers with something that makes no sense here. Try again later; if it stays so, an owner or admin can look at"
    " its address in Settings, Connections.",
}
"""Where whoever connects a service is told to look at what they typed, whoever uses it is told who can."""


class Trouble(Exception):
    """What could not be done at a service, in a sentence for the person: whose fault it is, and what to do."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """One kind of things that services list. makes: what an import makes of it ("" where nothing); copy: as what the service knows it."""

    kind: str
    title: str
    one: str
    icon: str
    makes: str
    copy: str


SHELVES: dict[str, Shelf] = {
    shelf.kind: shelf
    for shelf in (
        Shelf("file", "Files", "file", "folder", "asset", "file"),
        Shelf("influencer", "Influencers", "influencer", "user", "influencer", "influencer"),
        Shelf("avatar", "Avatars", "avatar", "user", "influencer", "avatar"),
        Shelf("presenter", "Presenters", "presenter", "user", "influencer", "presenter"),
        Shelf("voice", "Voices", "voice", "mic", "voice", "voice"),
        Shelf("track", "Tracks", "track", "audio-lines", "asset", "track"),
        Shelf("reference", "References", "reference", "bookmark", "reference", "reference"),
        Shelf("media", "Media", "file", "image", "asset", "media"),
        Shelf("brand_kit", "Brand kits", "brand kit", "swatch-book", "", "brand_kit"),
    )
}
"""In the order of a page. Kinds that are for forms only (models, presets, targets) are no shelf."""

_MODELS: dict[str, Any] = {"asset": Asset, "influencer": Influencer, "voice": Voice, "reference": Reference}


@dataclass(frozen=True, slots=True)
class Here:
    """Where a thing of theirs is in our library. page: the name of its address, "output" for a file that was made here."""

    page: str
    object_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Brought:
    """known: it was here before. notes: sentences about what was left out."""

    here: Here
    known: bool = False
    notes: tuple[str, ...] = ()


# -- Asking --------------------------------------------------------------------------------------------------------------------


def ask(connection: Connection, question: Callable[[Wire], Awaitable[T]]) -> T:
    """One free question to a service while a person waits. Raises Trouble with what is wrong: the key, the way there, its being busy."""
    provider = get_remote(connection.provider)
    if connection.state != ConnectionState.ACTIVE:
        paused = f"{provider.title} is paused. An owner or admin can resume it in Settings, Connections."
        raise Trouble(connection.state_reason or paused)
    try:
        key = wire_for(connection, None).key
    except NotConfigured as error:
        raise Trouble(str(error)) from error
    base_url = base_url_of(connection)
    answer, seen = with_wire(provider, base_url, key, facts_of(connection), question, WITHIN_SECONDS)
    if isinstance(answer, Gone):
        raise Trouble(f"{provider.title} no longer has it. It may have been removed there.") from answer
    if isinstance(answer, Exception):
        verdict, sentence = explain(provider, base_url, answer, seen, WITHIN_SECONDS)
        raise Trouble(_FOR_OTHERS.get(verdict, sentence).format(title=provider.title)) from answer
    return answer


# -- What is here already --------------------------------------------------------------------------------------------------------


def here(actor: Membership, connection: Connection, shelf: Shelf, remote_ids: Collection[str]) -> dict[str, Here]:
    """Which of these are in the library, as far as the actor sees it. Three queries at most."""
    model = _MODELS.get(shelf.makes)
    if model is None or not remote_ids:
        return {}
    copies = RemoteCopy.objects.filter(connection=connection, kind=shelf.copy, object_kind=shelf.makes)
    known = list(copies.filter(remote_id__in=list(remote_ids)).values_list("remote_id", "object_id"))
    rows = model.objects.seen_by(actor).in_bulk([pk for _, pk in known])
    made: dict[UUID, UUID] = {}
    if shelf.makes == "asset":
        outputs = Output.objects.seen_by(actor).filter(asset__in=list(rows), deleted_at=None)
        made = {asset: pk for asset, pk in outputs.values_list("asset_id", "pk") if asset}
    return {remote_id: _here(shelf, rows[pk], made.get(pk)) for remote_id, pk in known if pk in rows}


def _here(shelf: Shelf, row: Any, output_id: UUID | None = None) -> Here:
    return Here("output", output_id, str(row)) if output_id else Here(shelf.makes, row.pk, str(row))


# -- Bringing it ---------------------------------------------------------------------------------------------------------------


def find_item(connection: Connection, shelf: Shelf, remote_id: str) -> CatalogueItem:
    """Raises CatalogueItem.DoesNotExist."""
    return connection.items.get(kind=shelf.kind, remote_id=remote_id, gone_at=None)


def bring(actor: Membership, workspace: Workspace, connection: Connection, item: CatalogueItem) -> Brought:
    """One listed thing into the library of a workspace. Pressed again it is only found. Raises Trouble."""
    shelf = SHELVES[item.kind]
    known = here(actor, connection, shelf, [item.remote_id]).get(item.remote_id)
    if known:
        return Brought(known, known=True)
    if shelf.kind == people_sync.KIND:
        return _influencer(actor, workspace, item)
    if shelf.makes in ("influencer", "reference", "asset"):
        return _with_files(actor, workspace, connection, item)
    if shelf.makes == "voice":
        return _voice(actor, workspace, connection, item)
    raise Trouble(
        f"A {shelf.one} stays with {get_remote(connection.provider).title}: there is nothing to import of it."
    )


def _influencer(actor: Membership, workspace: Workspace, item: CatalogueItem) -> Brought:
    """Their own influencers are brought as the Influencers page does it: pictures and readiness follow in the worker."""
    try:
        imported = people_sync.import_person(actor, workspace, item)
    except people_sync.BeingMade as wait:
        raise Trouble(str(wait)) from wait
    row = imported.influencer
    if not Influencer.objects.seen_by(actor).filter(pk=row.pk).exists():
        raise Trouble(f"“{item.title}” is in another workspace of your team already. Ask an admin for access to it.")
    return Brought(Here("influencer", row.pk, row.name), known=not imported.created)


def _with_files(actor: Membership, workspace: Workspace, connection: Connection, item: CatalogueItem) -> Brought:
    """What is made of pictures, clips or sounds: none of them, and there is nothing to keep."""
    shelf, accept = SHELVES[item.kind], _ACCEPT[item.kind]
    urls = addresses(item)
    assets = _fetched(actor, workspace, connection, item, urls, accept)
    notes = (
        () if len(assets) >= len(urls) else (f"{len(urls) - len(assets)} of its {len(urls)} files could not be read.",)
    )

    def make() -> Here:
        if shelf.makes == "asset":
            return _here(shelf, assets[0])
        if shelf.makes == "reference":
            return _here(shelf, _reference(actor, workspace, connection, item, assets))
        return _here(shelf, _person(actor, workspace, item, assets))

    return _once(actor, connection, shelf, item.remote_id, make, notes)


def _voice(actor: Membership, workspace: Workspace, connection: Connection, item: CatalogueItem) -> Brought:
    """A voice is worth keeping without its sample, which many services do not have."""
    notes: tuple[str, ...] = ()
    sample: list[Asset] = []
    if item.sound:
        try:
            sample = _fetched(actor, workspace, connection, item, [item.sound], (Kind.AUDIO,))
        except Trouble as trouble:
            notes = (f"Its sample is missing: {trouble}",)

    def make() -> Here:
        facts, kind = item.data, str(item.data.get("kind", ""))
        row = Voice.objects.create(
            team_id=actor.team_id,
            workspace=workspace,
            name=item.title[:100],
            kind=kind if kind in (VoiceKind.CLONED, VoiceKind.DESIGNED) else VoiceKind.LIBRARY,
            description=str(facts.get("description") or "")[:500],
            language=str(facts.get("language") or "")[:20],
            gender=str(facts.get("gender") or "")[:20],
            preview=next(iter(sample), None),
            created_by_id=actor.user_id,
        )
        return Here("voice", row.pk, row.name)

    return _once(actor, connection, SHELVES[item.kind], item.remote_id, make, notes)


def _once(
    actor: Membership,
    connection: Connection,
    shelf: Shelf,
    remote_id: str,
    make: Callable[[], Here],
    notes: tuple[str, ...] = (),
) -> Brought:
    """Whoever presses twice at once gets one: the connection is held while the rows are made."""
    with transaction.atomic():
        Connection.objects.select_for_update().get(pk=connection.pk)
        known = here(actor, connection, shelf, [remote_id]).get(remote_id)
        if known:
            return Brought(known, known=True)
        made = make()
        storing.remember_copy(connection, shelf.makes, made.object_id, shelf.copy, remote_id)
    return Brought(made, notes=notes)


def keep_file(
    actor: Membership,
    workspace: Workspace,
    connection: Connection,
    shelf: Shelf,
    remote_id: str,
    title: str,
    url: str,
    accept: Sequence[Kind],
) -> Brought:
    """One file behind a fresh address into the library. Raises Trouble."""
    try:
        asset = _kept(actor, workspace, title, url, accept)
    except (MediaRefused, StorageAway) as error:
        raise Trouble(str(error)) from error
    return _once(actor, connection, shelf, remote_id, lambda: _here(shelf, asset))


def _person(actor: Membership, workspace: Workspace, item: CatalogueItem, photos: Sequence[Asset]) -> Influencer:
    """An avatar or presenter: a face that the service has ready."""
    row = Influencer.objects.create(
        team_id=actor.team_id,
        workspace=workspace,
        name=item.title[:100],
        face=photos[0],
        created_by_id=actor.user_id,
    )
    people_photos.add_photos(row, photos)
    return row


def _reference(
    actor: Membership, workspace: Workspace, connection: Connection, item: CatalogueItem, assets: Sequence[Asset]
) -> Reference:
    title = get_remote(connection.provider).title
    row = references.save(actor, workspace, list(dict.fromkeys(assets)), label=item.title, source=title)
    row.template_slug = str(item.data.get("template_slug") or "")[:100]
    row.template_category = str(item.data.get("template_category") or "")[:40]
    row.save(update_fields=("template_slug", "template_category"))
    return row


# -- Files ---------------------------------------------------------------------------------------------------------------------

_ACCEPT: dict[str, tuple[Kind, ...]] = {
    "avatar": (Kind.IMAGE,),
    "presenter": (Kind.IMAGE,),
    "reference": (Kind.IMAGE, Kind.VIDEO),
    "track": (Kind.AUDIO,),
    "media": (Kind.IMAGE, Kind.VIDEO, Kind.AUDIO),
}


def addresses(item: CatalogueItem) -> list[str]:
    """Where a listed thing has its files, the one that shows it first."""
    data = item.data
    if item.kind == "track":
        found: Iterable[Any] = (item.sound,)
    elif item.kind == "media":
        found = (data.get("url") or data.get("video_url") or data.get("audio_url") or item.picture,)
    elif item.kind == "reference":
        pictures = data.get("image_urls")
        several = pictures if isinstance(pictures, list) else []
        found = (data.get("video_url"),) if data.get("video_url") else [*several, *([] if several else [item.picture])]
    else:
        found = (item.picture,)
    return list(dict.fromkeys(it for it in found if isinstance(it, str) and it))[:MOST_PICTURES]


def _fetched(
    actor: Membership,
    workspace: Workspace,
    connection: Connection,
    item: CatalogueItem,
    urls: Sequence[str],
    accept: Sequence[Kind],
) -> list[Asset]:
    """At least one. An address that has ended is asked for anew, once. Raises Trouble."""
    title = get_remote(connection.provider).title
    if not urls:
        raise Trouble(f"{title} shows no picture or sound of “{item.title}”, so there is nothing to import.")
    found: list[Asset] = []
    problem: Exception | None = None
    asked = False
    left = list(urls)
    while left:
        try:
            found.append(_kept(actor, workspace, item.title, left.pop(0), accept))
        except (MediaRefused, StorageAway) as error:
            problem = problem or error
            if isinstance(error.__cause__, AddressGone) and not found and not asked:
                asked, left = True, ask(connection, lambda wire: _fresh(connection, item, wire))
    if not found:
        raise Trouble(str(problem)) from problem
    return found


def _kept(actor: Membership, workspace: Workspace, title: str, url: str, accept: Sequence[Kind]) -> Asset:
    with workplace() as folder:
        path = fetch_from_web(url, folder, accept)
        taken = ingest_file(actor, workspace, path.rename(folder / _file_name(title, path)), accept=accept)
    bells.ring_previews(taken.asset.pk)
    return taken.asset


def _file_name(title: str, path: Path) -> str:
    """`_file_name("Mia: portrait", Path("9.png")) == "Mia portrait.png"`."""
    plain = plain_name(title)
    named = PurePosixPath(plain).suffix.lower() == path.suffix.lower() and path.suffix
    return (plain if named else f"{plain}{path.suffix[:8]}") or path.name


async def _fresh(connection: Connection, item: CatalogueItem, wire: Wire) -> list[str]:
    """The same files under addresses of now. Raises ProviderErrors."""
    provider = get_remote(connection.provider)
    entry = await provider.listed_again(wire, item.kind, item.remote_id)
    if entry is None:
        raise Gone(f"{provider.title} no longer lists it.")
    now = CatalogueItem(kind=item.kind, data=dict(entry.data), picture=entry.picture, sound=entry.sound)
    return [now.sound] if item.kind == "voice" else addresses(now)
