"""People, voices, styles and saved references to choose from: our own rows, and what the chosen service lists for the team's key.

A fixed number of queries a field, whatever the size of either. What is chosen is always shown, also when the search leaves it out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Case, Exists, OuterRef, Prefetch, Q, QuerySet, Value, When

from studio.engine import reach, recommend
from studio.engine.fields import is_remote, own_ids
from studio.engine.offers import TeamOffer
from studio.engine.people_sync import readiness_of
from studio.models import (
    Asset,
    CatalogueItem,
    Kind,
    Membership,
    Readiness,
    ReferenceMedia,
    RemoteCopy,
    Workspace,
)
from studio.speech.voices import VOICES

MOST = 48
CONSIDERED = 240
"""Of saved references so many are judged by how they fit a template."""

THEIRS = {
    "influencer": "influencer",
    "voice": "voice",
    "avatar": "avatar",
    "presenter": "presenter",
    "preset": "preset",
    "reference": "reference",
    "entities": "entity",
}
"""Widget -> the kind in a service's catalogue."""

NOUNS = {
    "influencer": "influencers",
    "voice": "voices",
    "avatar": "avatars",
    "presenter": "presenters",
    "preset": "presets",
    "reference": "saved references",
    "entities": "actors, products and styles",
}
OWN = ("influencer", "voice", "reference")


@dataclass(frozen=True, slots=True)
class Thing:
    """value: what the form sends. picture, sound: files of ours; item: the catalogue row whose picture or sound is fetched through us;
    sample: a recording that ships with us, under static/. waits: it will be ready by itself, and is looked at until then.
    """

    value: str
    title: str
    note: str = ""
    source: str = ""
    picture: Asset | None = None
    sound: Asset | None = None
    item: CatalogueItem | None = None
    sample: str = ""
    is_ready: bool = True
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Things:
    """found: what is shown; more: there is more than that, so that one has to search. empty: how to get some, where there are none."""

    found: tuple[Thing, ...]
    more: bool = False
    empty: str = ""
    words: str = ""
    selected: tuple[str, ...] = ()

    @property
    def waits(self) -> bool:
        return any(thing.waits for thing in self.found)

    @property
    def can_be_searched(self) -> bool:
        return self.more or len(self.found) > 8 or bool(self.words)


def things(
    membership: Membership,
    workspace: Workspace,
    widget: str,
    chosen: TeamOffer | None,
    selected: Iterable[str] = (),
    words: str = "",
    template: str = "",
) -> Things:
    """What can be chosen in a field of that widget with that offer. template: saved references that fit it come first."""
    wanted = [it for it in selected if it]
    terms = words.lower().split()[:6]
    ours = _ours(membership, workspace, widget, chosen, wanted, terms, template)
    theirs = _theirs(chosen, widget, wanted, terms)
    found = [*ours, *theirs]
    first = [thing for thing in found if thing.value in wanted]
    rest = [thing for thing in found if thing.value not in wanted]
    rest.sort(key=lambda thing: not thing.is_ready)  # What can be picked comes first; else the order stays.
    known = {thing.value for thing in first}
    lost = [
        Thing(it, it.partition(":")[2], "Not listed any more") for it in wanted if is_remote(it) and it not in known
    ]
    return Things(
        tuple([*first, *lost, *rest][:MOST]),
        len(found) > MOST,
        _empty(widget, chosen, bool(terms)),
        words.strip(),
        tuple(wanted),
    )


def _empty(widget: str, chosen: TeamOffer | None, searched: bool) -> str:
    noun = NOUNS[widget]
    if searched:
        return f"No {noun} by that name."
    title = chosen.provider_title if chosen else "the service"
    if widget == "influencer":
        return "No influencer yet. Make one from photos, and pick it here."
    if widget == "reference" and (chosen is None or chosen.connection is None):
        return "Nothing is saved yet. Keep what good looks like on the board, and pick it here."
    if chosen is None or chosen.connection is None:
        return f"{title}’s {noun} appear here once it is connected."
    if chosen.connection.catalogue_at is None:
        return f"{title}’s {noun} appear here after its list was read: refresh the connection in Settings."
    return f"{title} lists no {noun} for your key. What you add there appears after the next refresh."


def _ours(
    membership: Membership,
    workspace: Workspace,
    widget: str,
    offer: TeamOffer | None,
    wanted: list[str],
    terms: list[str],
    template: str = "",
) -> list[Thing]:
    if widget not in OWN:
        return []
    rows, name = own_rows(membership, workspace, widget, offer)
    chosen = Q(pk__in=own_ids(wanted))
    rows = _first(rows.filter(_named(name, terms) | chosen) if terms else rows, chosen)
    if widget == "reference" and template:
        return _fitting(rows, template, offer)
    order = "-id" if widget == "reference" else name
    return [own_thing(widget, row, offer, wanted) for row in rows.order_by("is_other", order, "id")[: MOST + 1]]


def _fitting(rows: QuerySet[Any], template: str, offer: TeamOffer | None) -> list[Thing]:
    """Saved references, those that fit a template first, with why; of a long list what is filed under it and the newest others."""
    filed = Case(When(template_slug=template, then=Value(0)), default=Value(1))
    newest = rows.annotate(is_unfiled=filed).order_by("is_other", "is_unfiled", "-id")[:CONSIDERED]
    category = "" if offer and offer.connection else recommend.CATEGORY
    fits = recommend.ranked(newest, template, category)[: MOST + 1]
    return [_fitted(own_thing("reference", fit.reference, offer), fit.note) for fit in fits]


def _fitted(thing: Thing, note: str) -> Thing:
    return replace(thing, note=note) if note else thing


def own_rows(
    membership: Membership, workspace: Workspace, widget: str, offer: TeamOffer | None
) -> tuple[QuerySet[Any], str]:
    """What of ours can be chosen here, with all that `own_thing` shows of it, and the column that it is called by."""
    rows: QuerySet[Any]
    if widget == "influencer":
        rows = reach.influencers(membership, workspace.pk).select_related("face")
    elif widget == "voice":
        connection = offer.connection if offer else None
        copies = RemoteCopy.objects.filter(connection=connection, object_id=OuterRef("pk"), kind="voice")
        rows = reach.voices(membership, workspace.pk).annotate(is_there=Exists(copies)).select_related("preview")
    elif widget == "brand":
        rows = reach.brands(membership, workspace.pk).select_related("logo")
    else:
        rows = reach.references(membership, workspace.pk).prefetch_related(_PICTURES)
    return rows, "label" if widget == "reference" else "name"


def own_thing(widget: str, row: Any, offer: TeamOffer | None, wanted: Collection[str] = ()) -> Thing:
    """wanted: what the field holds. What cannot be picked now can be kept there, so that it is refused with its reason and not left out."""
    if widget == "influencer":
        ready, waits = row.readiness == Readiness.READY, row.readiness == Readiness.TRAINING
        note = "" if ready else "Still in training" if waits else row.get_readiness_display()
        kept = str(row.pk) in wanted
        return Thing(str(row.pk), row.name, note, "Yours", row.face, is_ready=ready or kept, waits=waits)
    if widget == "voice":
        return _voice(row, offer, wanted)
    if widget == "brand":
        return Thing(str(row.pk), row.name, "", "", row.logo)
    picture = next((it.asset for it in row.media.all() if it.asset.kind == Kind.IMAGE), None)
    filed = f"Filed under {row.template_slug.replace('-', ' ')}" if row.template_slug else ""
    return Thing(str(row.pk), row.label, filed or _SORTS.get(row.media_kind, ""), "Yours", picture)


_SORTS = {"image": "Picture", "slideshow": "Slideshow", "video": "Clip"}


_PICTURES = Prefetch("media", ReferenceMedia.objects.select_related("asset"))


def _named(name: str, terms: Iterable[str]) -> Q:
    matching = Q()
    for term in terms:
        matching &= Q(**{f"{name}__icontains": term})
    return matching


def _voice(row: Any, offer: TeamOffer | None, wanted: Collection[str]) -> Thing:
    """A voice that the service does not have cannot be picked."""
    facts = [row.kind.capitalize(), row.gender, row.language]
    note = ", ".join(fact for fact in facts if fact)
    away = bool(offer and not (row.local_name if speaks_here(offer, "voice") else row.is_there or not offer.connection))
    if away and offer:
        note = f"Not at {offer.provider_title}" if offer.connection else "Not one of this server’s"
    return Thing(str(row.pk), row.name, note, "Yours", sound=row.preview, is_ready=not away or str(row.pk) in wanted)


def _theirs(chosen: TeamOffer | None, widget: str, wanted: list[str], terms: list[str]) -> list[Thing]:
    if speaks_here(chosen, widget):
        return voices_here(terms, wanted)
    rows = their_rows(chosen, widget)
    if rows is None or chosen is None:
        return []
    provider = chosen.offer.provider
    ids = [it.partition(":")[2] for it in wanted if it.startswith(f"{provider}:")]
    rows = rows.filter(said_in(terms) | Q(remote_id__in=ids)) if terms else rows
    found = _first(rows, Q(remote_id__in=ids)).order_by("is_other", "title", "remote_id")
    return [their_thing(row, chosen, wanted) for row in found[: MOST + 1]]


def speaks_here(chosen: TeamOffer | None, widget: str) -> bool:
    """Whether the voices of this server are what can be chosen."""
    return bool(widget == "voice" and chosen and chosen.offer.provider == "local")


def voices_here(terms: Iterable[str] = (), wanted: Collection[str] = ()) -> list[Thing]:
    """The voices of this server that all terms are said of; a wanted one is among them in any case."""
    found = []
    for voice in VOICES:
        note = f"{voice.gender.capitalize()}, {voice.style}, {voice.language}"
        said = f"{voice.title} {note}".lower()
        if voice.reference in wanted or all(term.lower() in said for term in terms):
            found.append(Thing(voice.reference, voice.title, note, "This server", sample=voice.sample))
    return found


def their_rows(chosen: TeamOffer | None, widget: str) -> QuerySet[CatalogueItem] | None:
    """What the chosen service lists for a field of that widget; None where it is not connected or lists no such thing."""
    kind = THEIRS.get(widget)
    if chosen is None or chosen.connection is None or kind is None:
        return None
    rows = CatalogueItem.objects.filter(connection=chosen.connection, kind=kind, gone_at=None)
    if widget in OWN:
        # What we know under a name of our own is listed under that.
        copies = RemoteCopy.objects.filter(connection=chosen.connection, kind=kind)
        rows = rows.exclude(remote_id__in=copies.values("remote_id"))
    if widget == "preset":
        slugs = [str(it) for name in ("template_slug", "model_slug") if (it := chosen.offer.wire.get(name))]
        if slugs:
            rows = rows.filter(Q(data__template_slug__in=[*slugs, ""]) | Q(data__template_slug__isnull=True))
    return rows


def said_in(terms: Iterable[str]) -> Q:
    matching = Q()
    for term in terms:
        matching &= Q(search_text__contains=term)
    return matching


def their_thing(row: CatalogueItem, chosen: TeamOffer, wanted: Collection[str] = ()) -> Thing:
    """Somebody whom the service still trains, or could not train, cannot be picked; sending them is refused likewise (`engine.finding`)."""
    readiness = readiness_of(row.data) if row.kind == THEIRS["influencer"] else Readiness.READY
    ready = readiness == Readiness.READY
    note = _note(row) if ready else _NOT_READY[readiness].format(title=chosen.provider_title)
    reference = f"{chosen.offer.provider}:{row.remote_id}"
    is_ready = ready or reference in wanted
    return Thing(reference, row.title, note, chosen.provider_title, item=row, is_ready=is_ready)


_NOT_READY = {
    Readiness.TRAINING: "Still in training at {title}",
    Readiness.FAILED: "Training failed at {title}",
}


def _first(rows: QuerySet[Any], chosen: Q) -> QuerySet[Any]:
    """What is chosen comes first, so that a long list is never cut before it."""
    ordered: QuerySet[Any] = rows.annotate(is_other=Case(When(chosen, then=Value(0)), default=Value(1)))
    return ordered


def _note(row: CatalogueItem) -> str:
    data = row.data
    facts = [data.get(name) for name in ("type", "gender", "accent", "language", "template_slug")]
    words = [str(fact).replace("_", " ").strip() for fact in facts if isinstance(fact, str) and fact]
    return ", ".join(word.capitalize() if word.isupper() else word for word in words[:3])
