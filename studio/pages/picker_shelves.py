"""What lies on a tab of the picker, a page at a time: files and results newest first, people, voices and styles by name. Pages by key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core import signing
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from studio.engine import reach
from studio.engine.offers import TeamOffer
from studio.models import Asset, CatalogueItem, Influencer, Output, OutputState

from .access import MemberRequest
from .filters import as_uuid
from .picker_field import HERE, LIBRARY, UPLOADS, Wanted
from .toolforms.held import Held, held_asset
from .toolforms.things import Thing, own_rows, own_thing, said_in, speaks_here, their_rows, their_thing, voices_here

PAGE = 36
_NEWER_THAN_ALL = UUID(int=2**128 - 1)
"""A bound for the first page too: without one SQLite reads and sorts the whole library."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to pick. value: what the form sends. card: of a file, what goes into the field. thing: a person, voice or style.

    item: the catalogue row whose picture or sound is fetched through us. picture, sound: addresses of ours for a file that a service has.
    bring: its id there; it comes into the library when it is picked. at: the service that has it too.
    """

    value: str
    title: str
    kind: str
    note: str = ""
    card: Held | None = None
    thing: Thing | None = None
    item: CatalogueItem | None = None
    picture: str = ""
    sound: str = ""
    bring: str = ""
    at: str = ""
    is_ready: bool = True


@dataclass(frozen=True, slots=True)
class Shelf:
    """One page. more: the key of the next, empty at the end. empty: what to do, where there is nothing at all.

    trouble: why a service could not be asked; again: the key of the page that it was asked for.
    """

    items: tuple[Item, ...]
    more: str = ""
    empty: str = ""
    trouble: str = ""
    again: str = ""


def shelf(request: MemberRequest, wanted: Wanted, tab: str, words: str, kind: str, before: str) -> Shelf:
    """The page of a tab after the key `before`, narrowed by words and by one kind of file. At most three queries.

    Files at the services are `picker_theirs`' own.
    """
    terms = words.lower().split()[:6]
    if wanted.is_media:
        return _files(request, wanted, tab, terms, kind, before)
    if tab == LIBRARY:
        return _ours(request, wanted, terms, before)
    return _theirs(wanted, terms, before)


def item_of(asset: Asset, at: str = "") -> Item:
    card = held_asset(asset)
    return Item(card.reference, card.title, asset.kind, card.clock, card, at=at)


# -- Files --------------------------------------------------------------------------------------------------------------
def _files(request: MemberRequest, wanted: Wanted, tab: str, terms: list[str], kind: str, before: str) -> Shelf:
    mine = Output.objects.filter(asset=OuterRef("pk"))
    ready = mine.filter(state=OutputState.READY, deleted_at=None)
    kinds = [kind] if kind in wanted.kinds else list(wanted.kinds)
    proofs = Influencer.objects.filter(team=request.membership.team_id, consent_file=OuterRef("pk"))
    rows = reach.assets(request.membership).filter(kind__in=kinds, pk__lt=as_uuid(before) or _NEWER_THAN_ALL)
    if tab == HERE:
        rows = rows.filter(Exists(ready.filter(workspace=request.workspace)))
    elif tab == UPLOADS:
        rows = rows.filter(~Exists(mine), ~Exists(proofs)).exclude(created_by=None)
    else:
        rows = rows.filter(Exists(ready) | ~Exists(mine), ~Exists(proofs))
    for term in terms:
        named = Q(original_name__icontains=term) | Q(description__icontains=term)
        rows = rows.filter(named | Exists(ready.filter(search_text__contains=term)))
    made = rows.annotate(made_as=Subquery(ready.order_by("id").values("title")[:1]))
    found = list(made.defer("peaks", "solid", "provenance", "faces").order_by("-pk")[: PAGE + 1])
    return Shelf(
        tuple(_file(row) for row in found[:PAGE]),
        str(found[PAGE - 1].pk) if len(found) > PAGE else "",
        _no_files(wanted, tab, bool(terms)),
    )


def _file(row: Any) -> Item:
    card = held_asset(row)
    title = row.made_as or card.title
    return Item(card.reference, title, row.kind, card.clock, Held(card.reference, card.kind, title, row))


def _no_files(wanted: Wanted, tab: str, searched: bool) -> str:
    if searched:
        return f"No {wanted.noun} by those words."
    if tab == UPLOADS:
        return f"No uploads yet. Drop {wanted.noun} on the form, and they are kept here."
    if tab == HERE:
        return f"Nothing was made in this workspace yet. Finished {wanted.noun} appear here."
    return f"Nothing here yet. The {wanted.noun} that your team uploads or makes appear here."


# -- People, voices, styles ---------------------------------------------------------------------------------------------
def _ours(request: MemberRequest, wanted: Wanted, terms: list[str], before: str) -> Shelf:
    rows, name = own_rows(request.membership, request.workspace, wanted.widget, wanted.chosen)
    for term in terms:
        rows = rows.filter(**{f"{name}__icontains": term})
    page, more = page_by_title(rows, name, before)
    return Shelf(
        tuple(_thing(own_thing(wanted.widget, row, wanted.chosen), wanted.widget) for row in page),
        more,
        f"No {wanted.noun} by that name." if terms else _NONE_OF_OURS[wanted.widget],
    )


_NONE_OF_OURS = {
    "influencer": "No influencer yet. Make one from photos under Influencers, and pick it here.",
    "voice": "No voice yet. Clone or design one under Voices, and pick it here.",
    "reference": "No reference yet. Save what inspires you under References, and pick it here.",
    "brand": "No brand yet. Add one under Brands, and its logo, colours and fonts go on every ad.",
}


def _theirs(wanted: Wanted, terms: list[str], before: str) -> Shelf:
    if speaks_here(wanted.chosen, wanted.widget):
        found = tuple(_thing(thing, wanted.widget) for thing in voices_here(terms))
        return Shelf(found, empty=f"No {wanted.noun} by that name on this server.")
    rows, chosen = their_rows(wanted.chosen, wanted.widget), wanted.chosen
    if rows is None or chosen is None:
        title = chosen.provider_title if chosen else "the service"
        return Shelf((), empty=f"{title}’s {wanted.noun} appear here once it is connected.")
    page, more = page_by_title(rows.filter(said_in(terms)), "title", before)
    return Shelf(
        tuple(_thing(their_thing(row, chosen), wanted.widget) for row in page),
        more,
        _none_of_theirs(wanted, chosen, terms),
    )


def _none_of_theirs(wanted: Wanted, chosen: TeamOffer, terms: list[str]) -> str:
    if terms:
        return f"No {wanted.noun} by that name at {chosen.provider_title}."
    if chosen.connection and chosen.connection.catalogue_at is None:
        return f"{chosen.provider_title}’s {wanted.noun} appear here after its list was read: refresh the connection in Settings."
    return f"{chosen.provider_title} lists no {wanted.noun} for your key."


def _thing(thing: Thing, widget: str) -> Item:
    return Item(
        thing.value,
        thing.title,
        "sound" if widget == "voice" else "thing",
        thing.note,
        thing=thing,
        item=thing.item,
        is_ready=thing.is_ready,
    )


def page_by_title(rows: QuerySet[Any], name: str, before: str) -> tuple[list[Any], str]:
    """A page in the order of names, and the key of the next: the last name and id, signed, so that nobody types one that breaks."""
    if before:
        try:
            title, pk = signing.loads(before, salt="picker")
        except (signing.BadSignature, ValueError):
            return [], ""
        rows = rows.filter(Q(**{f"{name}__gt": title}) | Q(**{name: title, "pk__gt": UUID(pk)}))
    found = list(rows.order_by(name, "pk")[: PAGE + 1])
    if len(found) <= PAGE:
        return found, ""
    last = found[PAGE - 1]
    return found[:PAGE], signing.dumps([getattr(last, name), str(last.pk)], salt="picker")
