"""Faces, influencers, and pictures and videos of them."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from .base import Expected, Inputs, Tool, shaped
from .fields import (
    UNSET,
    AspectRatioOne,
    Count,
    ImageRef,
    InfluencerRef,
    Limit,
    LongText,
    LoraRef,
    LoraType,
    Photos,
    Prompt,
    Required,
    Script,
    Seed,
    ShortText,
    Widget,
    place,
)


class FaceInputs(Inputs):
    prompt: Annotated[
        Prompt,
        Required("Describe the face."),
        place("face", rows=3, placeholder="Friendly woman in her thirties, freckles, soft window light"),
    ] = Field(default="", title="Face", description="Age, features, expression and light.")
    gender: Annotated[ShortText, place("face", half=True, placeholder="female")] = Field(
        default="", title="Gender", description="In your own words."
    )
    ethnicity: Annotated[ShortText, place("face", half=True)] = Field(
        default="", title="Ethnicity", description="In your own words."
    )
    hair_color: Annotated[ShortText, place("face", half=True, placeholder="brown hair")] = Field(
        default="", title="Hair colour", description="In your own words."
    )
    negative_prompt: Annotated[LongText, Limit(max_length=1000), place("face", more=True)] = Field(
        default="", title="What to avoid", description="Things that must not be in the picture."
    )
    count: Annotated[Count, Limit(le=10)] = Field(
        default=1, title="How many", description="Each face is drawn by another model, so no two are alike."
    )
    seed: Seed = None


class FaceTool(Tool):
    slug = "face"
    title = "Face"
    summary = "New faces from a description, each by another model, to cast an influencer from."
    icon = "smile"
    group = "People"
    makes = "image"
    noun = ("face", "faces")
    groups: ClassVar = (("face", "Face", "Who should it be?"), ("results", "Results", "How many faces to choose from."))
    Inputs = FaceInputs

    def expected(self, inputs: FaceInputs) -> list[Expected]:
        return [shaped("image", None)] * inputs.count


class InfluencerShootInputs(Inputs):
    influencer: Annotated[InfluencerRef, Required("Choose who should be in the pictures."), place("person")] = Field(
        default="", title="Influencer", description="Who is in the pictures."
    )
    prompt: Annotated[Prompt, place("scene", rows=3, placeholder="Reading in a café, smiling at the camera")] = Field(
        default="", title="Scene", description="What they do. The pictures below say more than words."
    )
    outfit_image: Annotated[ImageRef, place("scene", half=True)] = Field(
        default="", title="Outfit", description="What they wear."
    )
    location_image: Annotated[ImageRef, place("scene", half=True)] = Field(
        default="", title="Place", description="Where they are."
    )
    pose_image: Annotated[ImageRef, place("scene", half=True)] = Field(
        default="", title="Pose", description="How they stand or sit."
    )
    product_image: Annotated[ImageRef, place("scene", half=True)] = Field(
        default="", title="Product", description="What they show or use."
    )
    camera_style: Annotated[
        Literal["pro", "smartphone"] | None,
        UNSET,
        Widget("segment", "look", {"labels": {"pro": "Studio", "smartphone": "Phone"}}),
    ] = Field(default=None, title="Camera", description="Studio polish, or a casual phone picture. Left open: studio.")
    lora: Annotated[LoraRef, place("look", more=True)] = Field(
        default="", title="LoRA", description="Your own .safetensors file, for a trained look."
    )
    lora_type: Annotated[LoraType, place("look", more=True)] = None
    aspect_ratio: AspectRatioOne = Field(default=None, title="Shape", description="Left open: square.")
    count: Annotated[Count, Limit(le=4)] = Field(default=1, title="How many", description="Pictures of the same scene.")


class InfluencerShootTool(Tool):
    slug = "influencer-shoot"
    title = "Influencer photos"
    summary = "Photos of one of your influencers, with the outfit, place, pose and product you show."
    icon = "camera"
    group = "People"
    makes = "image"
    noun = ("photo", "photos")
    groups: ClassVar = (
        ("person", "Influencer", "Who is in the pictures."),
        ("scene", "Scene", "What they wear, where they are, what they hold."),
        ("look", "Look", "Camera and trained styles."),
        ("shape", "Shape", "For feed or story."),
        ("results", "Results", "How many pictures."),
    )
    Inputs = InfluencerShootInputs

    def expected(self, inputs: InfluencerShootInputs) -> list[Expected]:
        return [shaped("image", inputs.aspect_ratio)] * inputs.count


class InfluencerVideoInputs(Inputs):
    influencer: Annotated[InfluencerRef, Required("Choose who should be in the video."), place("person")] = Field(
        default="", title="Influencer", description="Who is in the video."
    )
    prompt: Annotated[
        Prompt,
        Required("Say what happens in the video."),
        place("scene", rows=3, placeholder="Walks along the beach, lifts the bottle and shows it to the camera"),
    ] = Field(default="", title="What happens", description="Frames and motion are planned from this.")
    dialog: Annotated[Script, Limit(max_length=2000), place("scene", rows=2)] = Field(
        default="", title="What they say", description="A line or two. A trained voice is used where they have one."
    )
    product_image: Annotated[ImageRef, place("scene", half=True)] = Field(
        default="", title="Product", description="What they show or use."
    )
    outfit_image: Annotated[ImageRef, place("scene", half=True)] = Field(
        default="", title="Outfit", description="What they wear."
    )
    location_image: Annotated[ImageRef, place("scene", half=True)] = Field(
        default="", title="Place", description="Where they are."
    )
    aspect_ratio: Annotated[Literal["16:9", "9:16"] | None, UNSET, Widget("ratio_one", "shape")] = Field(
        default=None, title="Shape", description="Left open: 9:16, for stories and reels."
    )


class InfluencerVideoTool(Tool):
    slug = "influencer-video"
    title = "Influencer video"
    summary = "A planned video of one of your influencers, with sound and words."
    icon = "video"
    group = "People"
    makes = "video"
    noun = ("video", "videos")
    groups: ClassVar = (
        ("person", "Influencer", "Who is in the video."),
        ("scene", "Scene", "What happens, and with what."),
        ("shape", "Shape", "For story or landscape."),
    )
    Inputs = InfluencerVideoInputs

    def expected(self, inputs: InfluencerVideoInputs) -> list[Expected]:
        return [shaped("video", inputs.aspect_ratio, "9:16")]


class InfluencerInputs(Inputs):
    name: Annotated[ShortText, Limit(max_length=100), place("person", placeholder="Ada Rivers")] = Field(
        default="", title="Name", description="What you call them. Left empty, the service makes one up."
    )
    photos: Annotated[Photos, Required("Add at least one photo; the first shows the face."), place("photos")] = Field(
        default=(),
        title="Photos",
        description="Up to 20 of one person. The first is the face; others show poses, outfits and places.",
    )
    influencer: Annotated[InfluencerRef, place("person", more=True)] = Field(
        default="",
        title="One of yours",
        description="Whom the photos show: what is made belongs to that one. Left empty, a new one.",
    )


class InfluencerTool(Tool):
    slug = "influencer"
    title = "New influencer"
    summary = "A person who stays the same in every picture and video, made from photos."
    icon = "user-plus"
    group = "People"
    makes = "influencer"
    noun = ("influencer", "influencers")
    groups: ClassVar = (
        ("person", "Name", "What you call them."),
        ("photos", "Photos", "Use only people who agreed to it."),
    )
    Inputs = InfluencerInputs

    def expected(self, inputs: InfluencerInputs) -> list[Expected]:
        return [shaped("influencer", None, "4:5")]


TOOLS: list[type[Tool]] = [InfluencerTool, InfluencerShootTool, InfluencerVideoTool, FaceTool]
