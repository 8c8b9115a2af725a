"""Pictures from words, and pictures changed by words."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from .base import Expected, Inputs, Tool, shaped
from .fields import (
    AnyRatios,
    AspectRatioOne,
    AvatarRef,
    BrandRef,
    Count,
    EntityRefs,
    ImageRef,
    ImageRefs,
    ImageSize,
    InfluencerRef,
    Limit,
    LongText,
    LoraRef,
    LoraType,
    PresetRef,
    Prompt,
    PromptRewrites,
    Quality,
    ReferenceRef,
    Required,
    Watermark,
    Whole,
    place,
)

SIZES = {"1K": "1K, for screens", "2K": "2K, for large screens", "4K": "4K, for print"}


class ImageInputs(Inputs):
    prompt: Annotated[
        Prompt,
        Required("Say what the picture should show."),
        place("idea", placeholder="A can of cold brew on wet slate, morning light from the left"),
    ] = Field(
        default="",
        title="What to show",
        description="Subject, place, light and mood. With pictures below: what should change.",
    )
    negative_prompt: Annotated[LongText, Limit(max_length=1000), place("idea", more=True)] = Field(
        default="", title="What to avoid", description="Things that must not be in the picture."
    )
    images: Annotated[ImageRefs, Limit(max_length=10), place("pictures")] = Field(
        default=(),
        title="Reference pictures",
        description="Products, people, places or styles to follow. The first one leads.",
    )
    influencer: Annotated[InfluencerRef, place("people")] = Field(
        default="", title="Influencer", description="Who should be in the picture."
    )
    avatar: Annotated[AvatarRef, place("people", more=True)] = ""
    brand: Annotated[BrandRef, place("style")] = ""
    preset: Annotated[PresetRef, place("style", more=True)] = ""
    reference: Annotated[ReferenceRef, place("style", more=True)] = ""
    entities: Annotated[EntityRefs, place("style", more=True)] = ()
    lora: Annotated[LoraRef, place("style", more=True)] = Field(
        default="", title="LoRA", description="Your own .safetensors file, for a trained look or person."
    )
    lora_type: Annotated[LoraType, place("style", more=True)] = None
    aspect_ratio: AnyRatios = ()
    resolution: Annotated[ImageSize, place("results", labels=SIZES)] = Field(
        default=None, title="Size", description="Left open: the service's usual size."
    )
    quality: Quality = None
    steps: Annotated[Whole, Limit(ge=1, le=100), place("results", more=True)] = Field(
        default=None, title="Steps", description="More steps take longer and draw finer. 28 is usual."
    )
    count: Count = Field(default=1, title="How many", description="Pictures of each shape.")
    watermark: Watermark = None
    prompt_rewrites: PromptRewrites = None


class ImageTool(Tool):
    slug = "image"
    title = "Image"
    summary = "A picture from your words, with products, people or styles to follow."
    icon = "image"
    group = "Building blocks"
    makes = "image"
    noun = ("image", "images")
    groups: ClassVar = (
        ("idea", "Picture", "Say what to show."),
        ("pictures", "References", "Pictures to follow."),
        ("people", "People", "Who should be in it."),
        ("style", "Look", "Brand, presets and trained styles."),
        ("shape", "Shape", "Pick more than one to get a set."),
        ("results", "Results", "How large, how good and how many."),
    )
    Inputs = ImageInputs

    def expected(self, inputs: ImageInputs) -> list[Expected]:
        return [shaped("image", next(iter(inputs.aspect_ratio), None))] * inputs.count


class ImageEditInputs(Inputs):
    image: Annotated[ImageRef, Required("Add the picture to change."), place("pictures")] = Field(
        default="", title="Picture", description="The picture to change."
    )
    prompt: Annotated[
        Prompt,
        Required("Say what should change in the picture."),
        place("change", rows=3, placeholder="Make it night and switch the lamp on"),
    ] = Field(default="", title="What to change", description="Say it in a sentence. The rest stays as it is.")
    images: Annotated[ImageRefs, Limit(max_length=10), place("pictures")] = Field(
        default=(), title="More pictures", description="A product to place, a style to follow."
    )
    aspect_ratio: AspectRatioOne = Field(
        default=None, title="Shape", description="Left open: the service's choice, mostly that of the picture."
    )
    resolution: Annotated[ImageSize, place("results", labels=SIZES)] = Field(
        default=None, title="Size", description="Left open: the service's usual size."
    )
    quality: Quality = None
    count: Count = Field(default=1, title="How many", description="Takes of the same change.")
    watermark: Watermark = None
    prompt_rewrites: PromptRewrites = None


class ImageEditTool(Tool):
    slug = "image-edit"
    title = "Change an image"
    summary = "Change a picture with a sentence: another light, another place, another product."
    icon = "wand-sparkles"
    group = "Edit"
    makes = "image"
    noun = ("image", "images")
    groups: ClassVar = (
        ("pictures", "Picture", "What to work on."),
        ("change", "Change", "What should be different."),
        ("shape", "Shape", "Mostly that of the picture."),
        ("results", "Results", "How large, how good and how many."),
    )
    Inputs = ImageEditInputs

    def expected(self, inputs: ImageEditInputs) -> list[Expected]:
        return [shaped("image", inputs.aspect_ratio)] * inputs.count


TOOLS: list[type[Tool]] = [ImageTool, ImageEditTool]
