"""Moving ads and slideshows, made from a template of the service."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from .base import Expected, Inputs, Tool, refuse, shaped
from .fields import (
    UNSET,
    AnyRatios,
    AudioRef,
    AvatarRef,
    BrandRef,
    Count,
    ImageRef,
    ImageRefs,
    Limit,
    LongText,
    PresetRef,
    Prompt,
    Quality,
    ReferenceRef,
    Required,
    Seconds,
    ShortText,
    Toggle,
    VideoRef,
    Widget,
    place,
)

NOTHING_TO_ADVERTISE = "Say what the ad is for, or add a product picture or a clip to start from."
SEVEN_SLIDES = "Seven slides cannot be made. Take six or eight."
SLIDE_COUNTS = (3, 4, 5, 6, 8, 9, 10)


class VideoAdInputs(Inputs):
    prompt: Annotated[
        Prompt, place("message", rows=3, placeholder="A fast, hook-first launch ad for an app that takes notes")
    ] = Field(default="", title="Brief", description="What is it, who is it for, what should they do?")
    images: Annotated[ImageRefs, Limit(max_length=10), place("pictures")] = Field(
        default=(), title="Product pictures", description="Product, people, scenes or styles. The first one leads."
    )
    brand: Annotated[BrandRef, place("style")] = ""
    avatar: Annotated[AvatarRef, place("style")] = Field(
        default="", title="Avatar", description="Who presents it: one of the service's own people."
    )
    preset: Annotated[PresetRef, place("style", more=True)] = Field(
        default="", title="Preset", description="One of the template's own styles."
    )
    reference: Annotated[ReferenceRef, place("style", more=True)] = ""
    source_video: Annotated[VideoRef, place("pictures", more=True)] = Field(
        default="", title="Source clip", description="A clip to build the ad from."
    )
    motion_video: Annotated[VideoRef, place("pictures", more=True)] = Field(
        default="", title="Motion to follow", description="A clip whose movement is copied, where the template can."
    )
    audio: Annotated[AudioRef, place("pictures", more=True)] = Field(
        default="", title="Recording", description="A voice or sound to use, where the template can."
    )
    aspect_ratio: AnyRatios = Field(
        default=(), title="Shape", description="Each shape is made on its own. None ticked: the template's usual shape."
    )
    duration: Annotated[Seconds, Limit(le=60)] = Field(
        default=None, title="Length", description="In seconds; which ones fit depends on the quality."
    )
    quality: Quality = None
    count: Annotated[Count, Limit(le=10)] = Field(default=1, title="How many", description="Takes of each shape.")

    @model_validator(mode="after")
    def starts_from_something(self) -> Self:
        if not (self.prompt or self.images or self.source_video):
            raise refuse(NOTHING_TO_ADVERTISE, "prompt")
        return self


class VideoAdTool(Tool):
    slug = "video-ad"
    title = "Video ad"
    summary = "A moving ad from a brief, your product and a proven template."
    icon = "megaphone"
    group = "Ads"
    makes = "video"
    noun = ("ad", "ads")
    rules = (NOTHING_TO_ADVERTISE,)
    groups: ClassVar = (
        ("message", "Message", "A brief is enough."),
        ("pictures", "Product", "What to show."),
        ("style", "Look", "Brand, presenter and presets."),
        ("shape", "Shape", "Pick more than one to get a set."),
        ("results", "Results", "How long, how good and how many."),
    )
    Inputs = VideoAdInputs

    def expected(self, inputs: VideoAdInputs) -> list[Expected]:
        return [shaped("video", next(iter(inputs.aspect_ratio), None), "9:16")] * inputs.count


class UgcAdInputs(VideoAdInputs):
    """The same inputs: only the templates differ."""


class UgcAdTool(VideoAdTool):
    slug = "ugc-ad"
    title = "Creator-style ad"
    summary = "An ad that looks like a customer filmed it: a person, your product, a phone camera."
    icon = "smartphone"
    Inputs = UgcAdInputs


class SlideshowInputs(Inputs):
    title: Annotated[ShortText, Limit(max_length=120), place("message", more=True)] = Field(
        default="", title="Title", description="For your own lists. Not shown on the slides."
    )
    prompt: Annotated[
        Prompt,
        Required("Say what the slides should tell."),
        place("message", rows=3, placeholder="Five mistakes people make with cast iron, last slide: our pan"),
    ] = Field(default="", title="Brief", description="What the slides tell, and to whom.")
    product_context: Annotated[LongText, Limit(max_length=2000), place("message", rows=3, more=True)] = Field(
        default="", title="About the product", description="Facts that the slides may use."
    )
    language: Annotated[ShortText, place("message", code=True, half=True, placeholder="English")] = Field(
        default="", title="Language", description="Its English name, such as German. Left open: English."
    )
    product_images: Annotated[ImageRefs, Limit(max_length=10)] = Field(
        default=(), title="Product pictures", description="Up to ten."
    )
    avatar: Annotated[AvatarRef, place("pictures", more=True)] = Field(
        default="", title="Avatar", description="Who appears: one of the service's own people."
    )
    avatar_image: Annotated[ImageRef, place("pictures", more=True)] = Field(
        default="", title="Person's picture", description="Who appears: your own picture."
    )
    brand: Annotated[BrandRef, place("style")] = ""
    reference: Annotated[ReferenceRef, place("style", more=True)] = ""
    aspect_ratio: Annotated[Literal["9:16", "1:1", "4:5"] | None, UNSET, Widget("ratio_one", "shape")] = Field(
        default=None, title="Shape", description="Left open: the service's usual shape."
    )
    slide_count: Annotated[
        int, Field(ge=3, le=10, json_schema_extra={"enum": list(SLIDE_COUNTS)}), Widget("count", "results")
    ] = Field(default=5, title="Slides", description="Each slide is paid for. There are no slideshows of seven.")
    overlays: Annotated[Toggle, place("results", on="Words on the slides", off="Pictures only")] = Field(
        default=None, title="Text on slides", description="Left open: as the service does it."
    )

    @model_validator(mode="after")
    def never_seven(self) -> Self:
        if self.slide_count not in SLIDE_COUNTS:
            raise refuse(SEVEN_SLIDES, "slide_count")
        return self


class SlideshowTool(Tool):
    slug = "slideshow"
    title = "Slideshow"
    summary = "A carousel of slides that tells a story, ready to swipe."
    icon = "gallery-horizontal-end"
    group = "Ads"
    makes = "image"
    noun = ("slide", "slides")
    rules = (SEVEN_SLIDES,)
    groups: ClassVar = (
        ("message", "Message", "What the slides tell."),
        ("pictures", "Product", "What they show."),
        ("style", "Look", "Brand and saved inspirations."),
        ("shape", "Shape", "For feed or story."),
        ("results", "Results", "How many slides."),
    )
    Inputs = SlideshowInputs

    def expected(self, inputs: SlideshowInputs) -> list[Expected]:
        return [shaped("image", inputs.aspect_ratio, "9:16")] * inputs.slide_count


TOOLS: list[type[Tool]] = [VideoAdTool, UgcAdTool, SlideshowTool]
