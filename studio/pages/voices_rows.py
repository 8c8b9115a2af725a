"""A voice as a row of the list shows it: one of ours, one that a service lists, or one of this server."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.templatetags.static import static
from django.urls import reverse

from studio.engine import their_sounds
from studio.models import CatalogueItem, Influencer, Voice, VoiceKind
from studio.providers import PROVIDERS
from studio.speech.introductions import introductions
from studio.speech.voices import VOICES, LocalVoice, find

from .access import MemberRequest
from .voices_filters import Filters, language_name, ours


@dataclass(slots=True)
class Look:
    """How a sound looks. peaks: loudness from 0 to 100, evenly over its length; empty where that is not known."""

    peaks: list[int]
    duration_seconds: float | None


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
    def look(self) -> Look | None:
        """The waveform and length of what is heard, where they are known: of a service's sample, once somebody listened to it."""
        if self.voice:
            return look_of(self.voice)
        if self.item:
            return Look(their_sounds.peaks_of(self.item), their_sounds.seconds_of(self.item))
        return _introduction(self.here.name) if self.here else None

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
    """`"Cloned, German, warm"`; one of this server is known by where it stands."""
    kind = "" if voice.kind == VoiceKind.LOCAL else voice.get_kind_display()
    facts = (kind, language_name(voice.language), voice.gender.capitalize(), voice.style)
    return ", ".join(fact for fact in facts if fact)


def their_rows(items: Iterable[CatalogueItem]) -> list[Row]:
    found = []
    for item in items:
        source = PROVIDERS[item.connection.provider][0]
        found.append(Row(item.title, note_of_theirs(item), item=item, source=source))
    return found


def note_of_theirs(item: CatalogueItem) -> str:
    """`"British English, Neutral"`: what its service says of it, an accent only where the language does not name it already."""
    language, accent = language_name(_text(item, "language")), _text(item, "accent").capitalize()
    facts = [language, _text(item, "gender").capitalize(), "" if accent.lower() in language.lower() else accent]
    words = [fact for fact in facts if fact] or [_text(item, "kind").capitalize(), _text(item, "description")]
    return ", ".join(filter(None, words))[:120]


def _text(item: CatalogueItem, name: str) -> str:
    value = item.data.get(name)
    return value if isinstance(value, str) else ""


def sound_of(voice: Voice) -> str:
    """Where a voice of ours is heard; empty where it cannot be."""
    if voice.preview_id:
        return reverse("media", args=[voice.preview_id, "original"])
    here = find(voice.local_name) if voice.local_name else None
    return static(here.sample) if here else ""


def look_of(voice: Voice) -> Look | None:
    """Of what `sound_of` plays."""
    if voice.preview:
        return Look(voice.preview.peaks, voice.preview.duration_seconds)
    return _introduction(voice.local_name) if voice.local_name else None


def _introduction(name: str) -> Look | None:
    found = introductions().get(name)
    return Look(found.peaks, found.duration_seconds) if found else None


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
