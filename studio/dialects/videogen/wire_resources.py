"""What can be picked (voices, languages, presenters, entities) and whose key it is."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from .wire_base import Page, Read, Sent


class Voice(Read):
    """supports_direct_tool_execution: without it the voice speaks in workflows only."""

    voice_id: str = ""
    language_code: str = ""
    display_name: str = ""
    display_gender: str = ""
    accent: str = ""
    description: str = ""
    supports_direct_tool_execution: bool = True
    supports_all_languages: bool = False
    is_deprecated: bool = False


class VoiceList(Page):
    tts_voices: list[Voice] = Field(default_factory=list)


class VoicesQuery(Sent):
    """include_deprecated_voices in all eras, paging since era 1, query since era 2."""

    limit: int | None = Field(default=None, ge=1, le=200)
    cursor: str | None = None
    include_deprecated_voices: bool | None = None
    query: str | None = None


class Language(Read):
    language_code: str = ""
    name: str = ""


class LanguageList(Read):
    languages: list[Language] = Field(default_factory=list)


class LanguagesQuery(Sent):
    query: str | None = None


class Presenter(Read):
    """Eras 0 and 1. There is no name."""

    avatar_presenter_id: str = ""
    displayable_gender: str = ""
    image_url: str = ""
    thumbnail_url: str = ""
    preview_video_url: str = ""


class PresenterList(Page):
    avatar_presenters: list[Presenter] = Field(default_factory=list)


class PresentersQuery(Sent):
    """Era 1 only; era 0 takes none."""

    limit: int | None = Field(default=None, ge=1, le=200)
    cursor: str | None = None
    voice_id: str | None = None


class EntityReference(Read):
    file_id: str = ""
    description: str = ""
    is_default: bool = False


class Entity(Read):
    """entity_type: ACTOR, PRODUCT, VISUAL_STYLE, SLIDESHOW_THEME."""

    entity_id: str = ""
    entity_type: str = ""
    name: str = ""
    description: str = ""
    actor_config: dict[str, Any] | None = None
    references: list[EntityReference] = Field(default_factory=list)


class EntityList(Page):
    entities: list[Entity] = Field(default_factory=list)


class EntitiesQuery(Sent):
    entity_type: str | None = None
    limit: int | None = Field(default=None, ge=1, le=200)
    cursor: str | None = None


class Me(Read):
    api_key_id: str = ""
    api_key_nickname: str = ""
    email: str = ""
    display_name: str = ""
    team_id: str = ""
