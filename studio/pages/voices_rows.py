"""A voice as a row of the list shows it: one of ours, or one that a service lists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from studio.models import Asset, CatalogueItem, Influencer, Voice
from studio.providers import PROVIDERS

from .access import MemberRequest
from .voices_filters import language_name


@dataclass(frozen=True, slots=True)
class Row:
    """voice: ours, or None; item: what a service lists, or None. sample: the file that is heard. source: whose it is, where it is not ours.
    influencers: who speaks with it."""

    name: str
    note: str
    voice: Voice | None = None
    item: CatalogueItem | None = None
    source: str = ""
    influencers: tuple[Influencer, ...] = ()

    @property
    def id(self) -> UUID:
        row = self.voice or self.item
        assert row is not None
        return row.pk

    @property
    def sample(self) -> Asset | None:
        return self.voice.preview if self.voice else None

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
