"""Clips from words, pictures, clips and recordings."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from .base import Expected, Inputs, Tool, refuse, shaped
from .fields import (
    UNSET,
    AnyRatios,
    AspectRatioOne,
    AudioRefs,
    AvatarRef,
    BrandRef,
    Count,
    Decimal,
    EntityRefs,
    FileRefs,
    ImageRef,
    ImageRefs,
    InfluencerRef,
    Limit,
    LongText,
    PresetRef,
    Prompt,
    PromptRewrites,
    Quality,
    ReferenceRef,
    Required,
    Script,
    Seconds,
    Seed,
    Toggle,
    VideoRef,
    VideoRefs,
    VideoSize,
    Watermark,
    Whole,
    Widget,
    place,
)
from .lines import Loras

NOTHING_TO_FILM = "Say what happens, or add a picture, a clip, a recording or a spoken line to start from."
LAST_NEEDS_FIRST = "A last frame needs a first frame to come from. Add one, or take the last frame out."
VOICE_NEEDS_WORDS = "A described voice needs words to say. Write the spoken line, or empty the voice."


class VideoInputs(Inputs):
    prompt: Annotated[
        Prompt, place("idea", placeholder="The box opens by itself and the kettle rises, slow push in")
    ] = Field(default="", title="What happens", description="Action, camera, light and mood.")
    images: Annotated[ImageRefs, Limit(max_length=10), place("pictures")] = Field(
        default=(), title="Reference pictures", description="Products, people, places or styles to follow."
    )
    first_frame: Annotated[ImageRef, place("pictures", half=True)] = Field(
        default="", title="First frame", description="The video starts on this picture."
    )
    last_frame: Annotated[ImageRef, place("pictures", half=True)] = Field(
        default="", title="Last frame", description="The video ends on this picture."
    )
    videos: Annotated[VideoRefs, place("pictures", more=True)] = Field(
        default=(), title="Clips", description="Motion or style to follow."
    )
    audios: Annotated[AudioRefs, place("sound", more=True)] = Field(
        default=(), title="Recordings", description="Speech that lips should follow."
    )
    dialogue: Annotated[Script, Limit(max_length=2000), place("sound", rows=2)] = Field(
        default="", title="Spoken line", description="Said in the video, with lips that match."
    )
    voice_description: Annotated[LongText, place("sound", rows=1, more=True, placeholder="Low, warm, unhurried")] = (
        Field(default="", title="How the voice sounds", description="For the spoken line.")
    )
    sound: Annotated[Toggle, place("sound", on="With sound", off="Silent is fine")] = Field(
        default=None, title="Sound", description="Left open: as the service does it."
    )
    music_off: Annotated[Toggle, place("sound", on="No music", off="Music is fine", more=True)] = Field(
        default=None, title="Background music", description="Keep the service from adding music."
    )
    brand: Annotated[BrandRef, place("style")] = ""
    avatar: Annotated[AvatarRef, place("style", more=True)] = ""
    preset: Annotated[PresetRef, place("style", more=True)] = ""
    reference: Annotated[ReferenceRef, place("style", more=True)] = ""
    aspect_ratio: AnyRatios = ()
    duration: Annotated[Seconds, Limit(le=60)] = Field(
        default=None, title="Length", description="In seconds. Left open: the service's usual length."
    )
    resolution: VideoSize = Field(default=None, title="Size", description="Left open: the service's usual size.")
    quality: Quality = None
    count: Count = Field(default=1, title="How many", description="Takes of each shape.")
    watermark: Watermark = None
    prompt_rewrites: PromptRewrites = None

    @model_validator(mode="after")
    def fits_together(self) -> Self:
        starts = (self.prompt, self.images, self.first_frame, self.videos, self.audios, self.dialogue)
        if not (any(starts) or self.last_frame):
            raise refuse(NOTHING_TO_FILM, "prompt")
        if self.last_frame and not self.first_frame:
            raise refuse(LAST_NEEDS_FIRST, "last_frame", "first_frame")
        if self.voice_description and not self.dialogue:
            raise refuse(VOICE_NEEDS_WORDS, "voice_description", "dialogue")
        return self


class VideoTool(Tool):
    slug = "video"
    title = "Video"
    summary = "A clip from your words, from a first frame, or from pictures to follow."
    icon = "clapperboard"
    group = "Building blocks"
    makes = "video"
    noun = ("video", "videos")
    rules = (NOTHING_TO_FILM, LAST_NEEDS_FIRST, VOICE_NEEDS_WORDS)
    groups: ClassVar = (
        ("idea", "Video", "Say what happens."),
        ("pictures", "Pictures", "Frames to start and end on, things to follow."),
        ("sound", "Sound", "What is heard."),
        ("style", "Look", "Brand, people and presets."),
        ("shape", "Shape", "Pick more than one to get a set."),
        ("results", "Results", "How long, how good and how many."),
    )
    Inputs = VideoInputs

    def expected(self, inputs: VideoInputs) -> list[Expected]:
        return [shaped("video", next(iter(inputs.aspect_ratio), None), "16:9")] * inputs.count


class LoraVideoInputs(Inputs):
    prompt: Annotated[Prompt, Required("Say what happens in the video."), place("idea", rows=3)] = Field(
        default="", title="What happens", description="Use the words that your LoRA was trained on."
    )
    image: Annotated[ImageRef, place("idea")] = Field(
        default="", title="First frame", description="With a picture, the video starts on it."
    )
    influencer: Annotated[InfluencerRef, place("idea", more=True)] = Field(
        default="", title="Influencer", description="Whose video this is. It only files the result under them."
    )
    loras: Annotated[Loras, Required("Add at least one LoRA: a .safetensors file.")] = Field(
        default=(), title="LoRAs", description="Give the high and the low noise file together, each with its strength."
    )
    aspect_ratio: Annotated[Literal["16:9", "9:16", "1:1"] | None, UNSET, Widget("ratio_one", "results")] = Field(
        default=None, title="Shape", description="Left open: 16:9."
    )
    resolution: Annotated[Literal["480p", "580p", "720p"] | None, UNSET, Widget("segment", "results")] = Field(
        default=None, title="Size", description="Left open: 720p."
    )
    frames: Annotated[Whole, Limit(ge=17, le=161), place("results", unit="frames")] = Field(
        default=None, title="Frames", description="Left open: 81, which is five seconds at 16 a second."
    )
    fps: Annotated[Whole, Limit(ge=4, le=60), place("results", unit="fps")] = Field(
        default=None, title="Frames a second", description="Left open: 16."
    )
    steps: Annotated[Whole, Limit(ge=1, le=100), place("fine")] = Field(
        default=None, title="Steps", description="More steps take longer and draw finer. Left open: 27."
    )
    guidance: Annotated[Decimal, Limit(ge=0, le=20), place("fine", low="Free", high="Literal", step=0.1)] = Field(
        default=None, title="Guidance", description="How closely your words are followed. Left open: 3.5."
    )
    expand_prompt: Annotated[Toggle, place("fine", on="Yes", off="No")] = Field(
        default=None, title="A longer prompt", description="Let the service write a longer prompt from yours."
    )
    seed: Annotated[Seed, place("fine")] = None


class LoraVideoTool(Tool):
    slug = "lora-video"
    title = "LoRA video"
    summary = "A clip in a look or with a person that you trained yourself."
    icon = "blend"
    group = "Building blocks"
    makes = "video"
    noun = ("video", "videos")
    groups: ClassVar = (
        ("idea", "Video", "Say what happens."),
        ("model", "LoRAs", "Your trained files."),
        ("results", "Results", "Shape, size and length."),
        ("fine", "Fine tuning", "For those who know the model."),
    )
    Inputs = LoraVideoInputs

    def expected(self, inputs: LoraVideoInputs) -> list[Expected]:
        return [shaped("video", inputs.aspect_ratio, "16:9")]


class VideoEditInputs(Inputs):
    video: Annotated[VideoRef, Required("Add the clip to change.")] = Field(
        default="", title="Clip", description="The clip to change."
    )
    prompt: Annotated[Prompt, place("change", rows=3, placeholder="The same street in heavy snow")] = Field(
        default="", title="What to change", description="Another style, place or time. Motion stays."
    )
    images: Annotated[ImageRefs, Limit(max_length=10), place("change")] = Field(
        default=(), title="Reference pictures", description="A style, product or person to bring in."
    )
    sound: Annotated[Toggle, place("results", on="With sound", off="Silent is fine")] = Field(
        default=None, title="Sound", description="Left open: as the service does it."
    )
    duration: Annotated[Seconds, Limit(le=60)] = Field(
        default=None, title="Length", description="In seconds. Left open: that of the clip, as far as the service can."
    )
    quality: Quality = None
    aspect_ratio: AspectRatioOne = Field(default=None, title="Shape", description="Left open: the service's choice.")
    count: Count = Field(default=1, title="How many", description="Takes of the same change.")
    watermark: Watermark = None
    prompt_rewrites: PromptRewrites = None


class VideoEditTool(Tool):
    slug = "video-edit"
    title = "Restyle a clip"
    summary = "Give a clip another look, place or season and keep its motion."
    icon = "film"
    group = "Edit"
    makes = "video"
    noun = ("video", "videos")
    groups: ClassVar = (
        ("clip", "Clip", "What to work on."),
        ("change", "Change", "What should be different."),
        ("shape", "Shape", "Mostly that of the clip."),
        ("results", "Results", "How long, how good and how many."),
    )
    Inputs = VideoEditInputs

    def expected(self, inputs: VideoEditInputs) -> list[Expected]:
        return [shaped("video", inputs.aspect_ratio, "16:9")] * inputs.count


SUB_TOOLS = {"auto": "If useful", "enabled": "Yes", "disabled": "No"}
SubTool = Annotated[
    Literal["auto", "enabled", "disabled"] | None,
    UNSET,
    Widget("segment", "parts", {"labels": SUB_TOOLS, "half": True}),
]


class MotionGraphicInputs(Inputs):
    prompt: Annotated[
        Prompt,
        Required("Say what the animation should show."),
        place("idea", placeholder="Three steps to the perfect espresso, big type, our two colours"),
    ] = Field(default="", title="What to animate", description="Words, numbers and what should move.")
    files: Annotated[FileRefs, place("idea")] = Field(
        default=(), title="Material", description="Up to eight pictures, clips or recordings to use."
    )
    entities: Annotated[EntityRefs, place("idea", more=True)] = ()
    make_images: SubTool = Field(default=None, title="Make pictures", description="It may draw pictures for it.")
    make_clips: SubTool = Field(default=None, title="Make clips", description="It may film clips for it.")
    make_voiceover: SubTool = Field(default=None, title="Make a voice-over", description="It may speak over it.")
    stock: SubTool = Field(default=None, title="Search stock", description="It may use stock pictures and clips.")
    aspect_ratio: AspectRatioOne = Field(default=None, title="Shape", description="Left open: 16:9.")
    duration: Seconds = Field(
        default=None, title="Length", description="In seconds, up to 300. Left open: as it needs."
    )
    transparent: Annotated[Toggle, place("results", on="See-through", off="Filled")] = Field(
        default=None, title="Background", description="See-through comes as WebM to lay over a video, filled as MP4."
    )
    count: Count = Field(default=1, title="How many", description="Takes of the same idea.")


class MotionGraphicTool(Tool):
    slug = "motion-graphic"
    title = "Motion graphic"
    summary = "Type, shapes and numbers in motion, to stand alone or lie over a video."
    icon = "shapes"
    group = "Building blocks"
    makes = "video"
    noun = ("animation", "animations")
    groups: ClassVar = (
        ("idea", "Animation", "Say what to show, and with what."),
        ("parts", "May it make more?", "What it may add by itself."),
        ("shape", "Shape", "For feed, story or landscape."),
        ("results", "Results", "How long and how many."),
    )
    Inputs = MotionGraphicInputs

    def expected(self, inputs: MotionGraphicInputs) -> list[Expected]:
        return [shaped("video", inputs.aspect_ratio, "16:9")] * inputs.count


TOOLS: list[type[Tool]] = [VideoTool, MotionGraphicTool, LoraVideoTool, VideoEditTool]
