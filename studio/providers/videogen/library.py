"""What VideoGen lists for a key: voices, who can present, entities, the newest files."""

from __future__ import annotations

from collections.abc import Mapping

from studio.dialects.base import Entry
from studio.dialects.videogen import wire as messages
from studio.dialects.videogen.eras import has_endpoint
from studio.providers.http import Wire

from .calls import ask, era_of, pages, with_query

GENDERS: Mapping[str, str] = {"MALE": "male", "FEMALE": "female", "NEUTRAL": "neutral"}


async def voices(wire: Wire, query: messages.VoicesQuery | None = None) -> list[messages.Voice]:
    path, asked = "/v1/resources/tts-voices", query or messages.VoicesQuery()
    return [voice async for page in pages(wire, path, asked, messages.VoiceList) for voice in page.tts_voices]


async def languages(wire: Wire, query: str = "") -> list[messages.Language]:
    """Empty in era 0, which has no such list."""
    path = "/v1/resources/languages"
    if not has_endpoint(path, era_of(wire)):
        return []
    asked = messages.LanguagesQuery(query=query or None)
    return (await ask(wire, "GET", with_query(path, asked, era_of(wire)), messages.LanguageList)).languages


async def presenters(wire: Wire, query: messages.PresentersQuery | None = None) -> list[messages.Presenter]:
    """Empty in era 2, where ACTOR entities took their place."""
    path, asked = "/v1/resources/avatar-presenters", query or messages.PresentersQuery()
    if not has_endpoint(path, era_of(wire)):
        return []
    return [one async for page in pages(wire, path, asked, messages.PresenterList) for one in page.avatar_presenters]


async def entities(wire: Wire, query: messages.EntitiesQuery | None = None) -> list[messages.Entity]:
    """Actors, products and styles; empty in era 0."""
    path, asked = "/v1/entities", query or messages.EntitiesQuery()
    if not has_endpoint(path, era_of(wire)):
        return []
    return [one async for page in pages(wire, path, asked, messages.EntityList) for one in page.entities]


async def newest_files(wire: Wire) -> list[messages.FileInfo]:
    """One page: the whole library may hold many thousands."""
    asked = messages.FilesQuery()
    return [file async for page in pages(wire, "/v1/files", asked, messages.FileList, most=1) for file in page.files]


async def catalogue(wire: Wire) -> list[Entry]:
    """All of it as entries. Voices that speak only in workflows are left out: no tool of ours could use them."""
    speakers = [voice_entry(voice) for voice in await voices(wire) if voice.supports_direct_tool_execution]
    faces = [presenter_entry(place, one) for place, one in enumerate(await presenters(wire), 1)]
    kept = await entities(wire)
    actors = (
        [entity_entry(one, "presenter") for one in kept if one.entity_type == "ACTOR"] if era_of(wire) == "2" else []
    )
    things = [entity_entry(one, "entity") for one in kept]
    return [*speakers, *faces, *actors, *things, *(file_entry(file) for file in await newest_files(wire))]


def voice_entry(voice: messages.Voice) -> Entry:
    facts = {
        "language": voice.language_code,
        "gender": GENDERS.get(voice.display_gender, ""),
        "accent": voice.accent,
        "description": voice.description,
        "all_languages": voice.supports_all_languages,
        "deprecated": voice.is_deprecated,
    }
    return Entry("voice", voice.voice_id, voice.display_name or voice.voice_id, facts)


def presenter_entry(place: int, presenter: messages.Presenter) -> Entry:
    """They have no names: they are numbered."""
    gender = GENDERS.get(presenter.displayable_gender, "")
    facts = {"gender": gender, "preview_video": presenter.preview_video_url}
    title = f"Presenter {place}" + (f", {gender}" if gender else "")
    picture = presenter.thumbnail_url or presenter.image_url
    return Entry("presenter", presenter.avatar_presenter_id, title, facts, picture)


def entity_entry(entity: messages.Entity, kind: str) -> Entry:
    shown = next((one.file_id for one in entity.references if one.is_default), "")
    facts = {"type": entity.entity_type, "description": entity.description, "file": shown}
    return Entry("presenter" if kind == "presenter" else "entity", entity.entity_id, entity.name, facts)


def file_entry(file: messages.FileInfo) -> Entry:
    facts = {"type": file.type, "scope": file.scope, "seconds": file.duration_seconds}
    picture = file.thumbnail_url or (file.thumbnail_source.url if file.thumbnail_source else "")
    return Entry("file", file.file_id, file.display_name or file.file_id, facts, picture)
