"""The messages of Videotok's REST API v1. Field names are the wire names. Requests are strict; answers keep what they do not know.

Where the vendor's pages are silent about an answer (`reading.py`), the models here have the shape that we answer with ourselves.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from . import reading

PATH = "/api/v1"
"""What every path begins with under the host. The base URL of a connection ends in it."""

RequestType = Literal["static_ad", "video_ad", "ugc_ad", "ai_model"]
MediaKind = Literal["image", "slideshow", "video"]
Category = Literal["static-ads", "video-templates", "slideshow-carousel"]
Visibility = Literal["private", "public"]
MAX_PICTURES = 10


class Message(BaseModel):
    """A request body. Unknown names are refused, so that a typing error of ours never leaves the house."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def sent(self) -> dict[str, Any]:
        """The JSON to send: only what was set, so that their defaults stay theirs."""
        return self.model_dump(mode="json", exclude_none=True)


class Answer(BaseModel):
    """An answer body. Unknown names are kept."""

    model_config = ConfigDict(extra="allow")


Pictures = Annotated[list[str], Field(min_length=1, max_length=MAX_PICTURES)]


class GenerationRequest(Message):
    """What the four types of `POST /generations` share."""

    prompt: str = Field(min_length=1)
    aspect_ratio: str | None = None
    reference_image_urls: Pictures | None = None
    brand_kit_id: int | str | None = None
    avatar_id: str | None = None
    preset_id: str | None = None
    custom_reference_inspiration_id: UUID | None = None
    request_count: Annotated[int, Field(ge=1, le=10)] | None = None
    idempotency_key: str | None = None

    @model_validator(mode="after")
    def has_one_inspiration(self) -> Self:
        if self.preset_id and self.custom_reference_inspiration_id:
            raise ValueError("preset_id and custom_reference_inspiration_id exclude each other")
        return self


class StaticAd(GenerationRequest):
    type: Literal["static_ad"] = "static_ad"
    template_slug: str = Field(min_length=1)
    resolution: str | None = None


class TemplateVideo(GenerationRequest):
    """The fields of `video_ad` and `ugc_ad`, which differ in nothing else. duration: seconds."""

    template_slug: str = Field(min_length=1)
    duration: int | float | None = None
    quality_tier: str | None = None
    source_video_url: str | None = None
    motion_video_url: str | None = None
    audio_url: str | None = None


class VideoAd(TemplateVideo):
    type: Literal["video_ad"] = "video_ad"


class UgcAd(TemplateVideo):
    type: Literal["ugc_ad"] = "ugc_ad"


class AiModel(GenerationRequest):
    """resolution and duration are not in the page's table of this type; its two examples send them."""

    type: Literal["ai_model"] = "ai_model"
    model_slug: str = Field(min_length=1)
    variant_id: str = Field(min_length=1)
    source_video_url: str | None = None
    motion_video_url: str | None = None
    audio_url: str | None = None
    generate_audio: bool | None = None
    resolution: str | None = None
    duration: int | float | None = None


REQUESTS: dict[str, type[GenerationRequest]] = {
    "static_ad": StaticAd,
    "video_ad": VideoAd,
    "ugc_ad": UgcAd,
    "ai_model": AiModel,
}


class Slideshow(Message):
    """`POST /slideshows`. language is a name ("English"). generate_text_overlays is always sent: the pages disagree on its default."""

    prompt: str = Field(min_length=1)
    title: str | None = None
    slide_count: Literal[3, 4, 5, 6, 8, 9, 10] | None = None
    aspect_ratio: Literal["9:16", "1:1", "4:5"] | None = None
    product_image_urls: Pictures | None = None
    avatar_id: str | None = None
    avatar_image_url: str | None = None
    brand_kit_id: int | str | None = None
    custom_reference_inspiration_id: UUID | None = None
    language: str | None = None
    product_context: str | None = None
    generate_text_overlays: bool
    idempotency_key: str | None = None


class InlineImage(Message):
    """data: base64, or a data URL."""

    filename: str
    content_type: str | None = None
    data: str


class NewReference(Message):
    """`POST /reference-inspirations`."""

    template_slug: str
    template_category: Category
    media_kind: MediaKind
    visibility: Visibility | None = None
    label: str
    image_urls: Pictures | None = None
    images: Annotated[list[InlineImage], Field(min_length=1, max_length=MAX_PICTURES)] | None = None
    video_url: str | None = None

    @model_validator(mode="after")
    def has_one_source(self) -> Self:
        if sum(bool(source) for source in (self.image_urls, self.images, self.video_url)) != 1:
            raise ValueError("exactly one of image_urls, images and video_url")
        if (self.media_kind == "video") != bool(self.video_url):
            raise ValueError("video_url goes with media_kind video, and with no other")
        return self


class SuggestQuery(Message):
    """`GET /reference-inspirations?suggest_targets=true`."""

    suggest_targets: Literal["true"] = "true"
    media_kind: MediaKind | None = None
    description: str | None = None


class RecommendQuery(Message):
    """`GET /reference-inspirations?recommend=true`."""

    recommend: Literal["true"] = "true"
    template_slug: str
    template_category: Category
    media_kind: MediaKind


class ErrorBody(Answer):
    code: str
    message: str
    retryable: bool
    context: dict[str, Any] = {}


class ErrorAnswer(Answer):
    error: ErrorBody


class Item(Answer):
    """One job of a batch."""

    object: str = "generation"
    id: str
    status: str = "queued"
    url: str | None = None
    error: ErrorBody | None = None


class Queued(Answer):
    """The answer to `POST /generations`. generation_ids: only those that were taken. queued_count may be less than request_count."""

    object: str = "generation"
    id: str = ""
    generation_id: str = ""
    type: str = ""
    status: str = ""
    request_count: int | None = None
    queued_count: int | None = None
    generation_ids: list[str] = []
    generations: list[Item] = []
    credits_deducted: Decimal | None = None
    remaining_credits: Decimal | None = None

    @classmethod
    def read(cls, data: Any) -> Self:
        """Any of the shapes that such an answer may have. No id at all leaves `generation_ids` empty."""
        inner = reading.unwrapped(data)
        items = [
            Item(id=reading.id_of(row), status=reading.status_of(row), url=next(iter(reading.urls_of(row)), None))
            for name in ("generations", "items", "results", "data")
            for row in reading.rows(inner, name)
            if reading.id_of(row)
        ]
        refused = {item.id for item in items if item.status in ("failed", "cancelled")}
        ids = [it for it in reading.ids_here(inner) if it not in refused]
        return cls(
            id=next(iter(ids), ""),
            generation_id=next(iter(ids), ""),
            type=reading.first_text(inner, "type"),
            status=reading.status_of(inner),
            request_count=_whole(inner.get("request_count")),
            queued_count=_whole(inner.get("queued_count")),
            generation_ids=ids,
            generations=items,
            credits_deducted=reading.credits_of(data, "credits_deducted"),
            remaining_credits=reading.credits_of(data, "remaining_credits"),
        )


class Job(Answer):
    """The answer to `GET /generations/{id}` and `GET /slideshows/{id}`. urls: every finished file, in order."""

    object: str = "generation"
    id: str = ""
    type: str = ""
    status: str = ""
    url: str | None = None
    urls: list[str] = []
    failure: str = ""
    credits_deducted: Decimal | None = None

    SETTLED: ClassVar = ("completed", "failed", "cancelled")

    @classmethod
    def read(cls, data: Any) -> Self:
        inner = reading.unwrapped(data)
        status, urls, failure = reading.status_of(data), reading.urls_of(data), reading.failure_of(data)
        if status not in reading.STATUSES.values() and urls and not reading.failure_of(data, messages=False):
            status = "completed"
        return cls(
            id=reading.id_of(inner),
            type=reading.first_text(inner, "type"),
            status=status,
            url=next(iter(urls), None),
            urls=urls,
            failure=failure,
            credits_deducted=reading.credits_of(data, "credits_deducted"),
        )


class QueuedSlideshow(Answer):
    """The answer to `POST /slideshows`."""

    object: str = "slideshow_generation"
    status: str = "queued"
    slideshow_id: str = ""
    video_id: int | None = None
    title: str = ""
    slide_count: int | None = None
    credits_deducted: Decimal | None = None
    remaining_credits: Decimal | None = None

    @classmethod
    def read(cls, data: Any) -> Self:
        top = reading.as_object(data)
        places = [top, *(top[name] for name in ("data", "result", "slideshow") if isinstance(top.get(name), dict))]
        found = (reading.id_of(place, ("slideshow_id", "id")) for place in places)
        return cls(
            status=reading.status_of(data),
            slideshow_id=next(filter(None, found), ""),
            title=reading.first_text(top, "title"),
            slide_count=_whole(top.get("slide_count")),
            credits_deducted=reading.credits_of(data, "credits_deducted"),
            remaining_credits=reading.credits_of(data, "remaining_credits"),
        )


def _whole(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and value.isdigit() else None
