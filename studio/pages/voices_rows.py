"""A voice as a row of the list shows it: one of ours, one that a service lists, or one of this server."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.templatetags.static import static
from django.urls import reverse

from studio.models import Asset, CatalogueItem, Influencer, Voice
from studio.providers import PROVIDERS
from studio.speech.voices import VOICES, LocalVoice, find

from .access import MemberRequest
from .voices_filters import Filters, language_name, ours


@dataclass(frozen=True, slots=True)
class Row:
    """voice: ours; item: what a service lists; here: one of this server that is not kept. Exactly one of them is there. source: whose it is,
    where it is not ours. influencers: who speaks with it."""

    name: str
    note: str
    voice: Voice | None = None
    item: CatalogueItem | None = None
    here: LocalVoice | None = None
    source: str = ""
    influencers: tuple[Influencer, ...] = ()

    @property
    def id(self) -> UUID | str:
        row = self.voice or self.item
        return row.pk if row else self.here.name if self.here else ""

    @property
    def sample(self) -> Asset | None:
        """Our file of it, whose waveform and length are known."""
        return self.voice.preview if self.voice else None

    @property
    def sound(self) -> str:
        """Where it is heard; empty where it cannot be."""
        if self.voice:
            return sound_of(self.voice)
        if self.item:
            return reverse("create_sample", args=[self.item.pk, "sound"]) if self.item.sound else ""
        return static(self.here.sample) if self.here else ""

    @property
    def first(self) -> Influencer | None:
        return next(iter(self.influencers), None)


def own_rows(request: MemberRequest, voices: Iterable[Voice]) -> list[Row]:
    """One query: who speaks with them."""
    found = list(voices)
    people: dict[UUID, list[Influencer]] = {}
    if found:
        rows = Influencer.objects.seen_by(request.membership).filter(voice__in=found, archived_at=None)
        for person in rows.select_related("face").order_by("name", "pk"):
            assert person.voice_id is not None
            people.setdefault(person.voice_id, []).append(person)
    return [Row(it.name, note_of(it), voice=it, influencers=tuple(people.get(it.pk, ()))) for it in found]


def note_of(voice: Voice) -> str:
    """`"Cloned, German, warm"`."""
    facts = (voice.get_kind_display(), language_name(voice.language), voice.gender.capitalize(), voice.style)
    return ", ".join(fact for fact in facts if fact)


def their_rows(items: Iterable[CatalogueItem]) -> list[Row]:
    found = []
    for item in items:
        facts = [language_name(_text(item, "language")), _text(item, "gender").capitalize(), _text(item, "accent")]
        words = [fact for fact in facts if fact] or [_text(item, "kind").capitalize(), _text(item, "description")]
        source = PROVIDERS[item.connection.provider][0]
        found.append(Row(item.title, ", ".join(filter(None, words)), item=item, source=source))
    return found


def _text(item: CatalogueItem, name: str) -> str:
    value = item.data.get(name)
    return value if isinstance(value, str) else ""


def sound_of(voice: Voice) -> str:
    """Where a voice of ours is heard; empty where it cannot be."""
    if voice.preview_id:
        return reverse("media", args=[voice.preview_id, "original"])
    here = find(voice.local_name) if voice.local_name else None
    return static(here.sample) if here else ""


def server_rows(request: MemberRequest, filters: Filters) -> list[Row]:
    """This server's own, without those that are kept already: those come before them as ours."""
    if filters.favourite or filters.archived:
        return []
    kept = set(
        ours(request.membership, request.workspace, "local")
        .filter(archived_at=None)
        .values_list("local_name", flat=True)
    )
    return [
        Row(voice.title, f"{language_name(voice.language)}, {voice.gender.capitalize()}, {voice.style}", here=voice)
        for voice in VOICES
        if voice.name not in kept and _matches(voice, filters)
    ]


def _matches(voice: LocalVoice, filters: Filters) -> bool:
    words = f"{voice.title} {voice.style} {voice.gender}".lower()
    return (
        filters.language in ("", voice.language)
        and filters.gender in ("", voice.gender)
        and filters.style in ("", voice.style)
        and all(word in words for word in filters.words)
    )
