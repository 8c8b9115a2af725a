"""One picture or clip made larger, cut out, drawn as vectors or given depth."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from .base import Expected, Inputs, Makes, Tool, refuse, shaped
from .fields import (
    UNSET,
    Count,
    Decimal,
    ImageRef,
    Level,
    Limit,
    Required,
    Toggle,
    VideoRef,
    Watermark,
    Whole,
    Widget,
    place,
)

TARGET_NEEDED = "Choose the resolution to reach, or switch to a factor."
FORMATS = {
    "X264 (.mp4)": "MP4",
    "VP9 (.webm)": "WebM",
    "PRORES4444 (.mov)": "MOV, ProRes",
    "GIF (.gif)": "GIF",
}


class VideoUpscaleInputs(Inputs):
    video: Annotated[VideoRef, Required("Add the clip to enlarge.")] = Field(
        default="", title="Clip", description="The clip to enlarge."
    )
    mode: Annotated[
        Literal["factor", "target"] | None,
        UNSET,
        Widget("segment", "size", {"labels": {"factor": "By a factor", "target": "To a resolution"}}),
    ] = Field(default=None, title="How", description="Left open: by a factor.")
    factor: Annotated[Decimal, Limit(ge=1, le=4), place("size", low="1×", high="4×", step=0.1)] = Field(
        default=None, title="Factor", description="How many times as wide and high. Left open: 2."
    )
    target_resolution: Annotated[
        Literal["720p", "1080p", "1440p", "2160p"] | None, UNSET, Widget("segment", "size")
    ] = Field(default=None, title="Resolution to reach", description="For “To a resolution”.")
    resolution: Annotated[
        Literal["1k", "2k", "4k"] | None,
        UNSET,
        Widget("segment", "size", {"labels": {"1k": "1K", "2k": "2K", "4k": "4K"}}),
    ] = Field(default=None, title="Size", description="Left open: 2K.")
    output_format: Annotated[
        Literal["X264 (.mp4)", "VP9 (.webm)", "PRORES4444 (.mov)", "GIF (.gif)"] | None,
        UNSET,
        Widget("segment", "file", {"labels": FORMATS}),
    ] = Field(default=None, title="File", description="Left open: MP4.")
    output_quality: Annotated[Literal["low", "medium", "high", "maximum"] | None, UNSET, Widget("segment", "file")] = (
        Field(default=None, title="Quality of the file", description="Left open: high.")
    )
    h264: Annotated[Toggle, place("file", on="Always", off="As it comes", more=True)] = Field(
        default=None, title="H.264", description="Plays everywhere, larger files."
    )
    target_fps: Annotated[Whole, Limit(ge=16, le=60), place("motion", unit="fps")] = Field(
        default=None, title="Frames a second", description="Adds frames in between. Doubles the price."
    )
    fps_boost: Annotated[Toggle, place("motion", on="Smoother", off="As it is")] = Field(
        default=None, title="Smoother motion", description="Adds frames in between."
    )
    creativity: Annotated[Level, place("look", low="True to it", high="Inventive")] = Field(
        default=None, title="Creativity", description="How much detail may be made up. Left open: 0."
    )
    sharpen: Annotated[Level, place("look", low="Soft", high="Sharp")] = Field(
        default=None, title="Sharpen", description="Left open: 0."
    )
    smart_grain: Annotated[Level, place("look", low="Clean", high="Grainy")] = Field(
        default=None, title="Grain", description="How film grain is handled. Left open: 0."
    )
    flavor: Annotated[
        Literal["vivid", "natural"] | None,
        UNSET,
        Widget("segment", "look", {"labels": {"vivid": "Vivid", "natural": "Natural"}}),
    ] = Field(default=None, title="Colours", description="Left open: natural.")
    count: Annotated[Count, place("file")] = Field(default=1, title="How many", description="Takes of the same clip.")
    watermark: Annotated[Watermark, place("file")] = None

    @model_validator(mode="after")
    def knows_its_target(self) -> Self:
        if self.mode == "target" and not self.target_resolution:
            raise refuse(TARGET_NEEDED, "target_resolution", "mode")
        return self


class VideoUpscaleTool(Tool):
    slug = "video-upscale"
    title = "Enlarge a clip"
    summary = "More pixels, smoother motion and finer detail for a clip you have."
    icon = "maximize-2"
    group = "Edit"
    makes = "video"
    noun = ("clip", "clips")
    rules = (TARGET_NEEDED,)
    groups: ClassVar = (
        ("clip", "Clip", "What to work on."),
        ("size", "Size", "How large it gets."),
        ("motion", "Motion", "How smooth it moves."),
        ("look", "Look", "Detail, sharpness, grain and colours."),
        ("file", "Results", "What comes out."),
    )
    Inputs = VideoUpscaleInputs

    def expected(self, inputs: VideoUpscaleInputs) -> list[Expected]:
        return [shaped("video", None, "16:9")] * inputs.count


class OneImageInputs(Inputs):
    """One picture in, as many takes as wanted out."""

    image: Annotated[ImageRef, Required("Add the picture to work on.")] = Field(
        default="", title="Picture", description="The picture to work on."
    )
    count: Count = Field(default=1, title="How many", description="Takes of the same picture.")
    watermark: Watermark = None


class OneVideoInputs(Inputs):
    """One clip in, as many takes as wanted out."""

    video: Annotated[VideoRef, Required("Add the clip to work on.")] = Field(
        default="", title="Clip", description="The clip to work on."
    )
    count: Count = Field(default=1, title="How many", description="Takes of the same clip.")
    watermark: Watermark = None


RESULTS = ("results", "Results", "How many, and with which mark.")


class _OneImageTool(Tool):
    group = "Edit"
    makes: ClassVar[Makes] = "image"
    noun = ("image", "images")
    groups: ClassVar = (("pictures", "Picture", "What to work on."), RESULTS)
    Inputs = OneImageInputs

    def expected(self, inputs: OneImageInputs) -> list[Expected]:
        return [shaped(self.makes, None)] * inputs.count


class ImageUpscaleTool(_OneImageTool):
    slug = "image-upscale"
    title = "Enlarge an image"
    summary = "More pixels and finer detail for a picture you have."
    icon = "image-upscale"


class ImageCutoutTool(_OneImageTool):
    slug = "image-cutout"
    title = "Cut out an image"
    summary = "The subject alone, on a see-through background."
    icon = "scissors"


class VectorizeTool(_OneImageTool):
    slug = "vectorize"
    title = "Vectorise"
    summary = "A logo or drawing as an SVG that is sharp at every size."
    icon = "spline"


class Image3dTool(_OneImageTool):
    slug = "image-3d"
    title = "Depth from an image"
    summary = "A short clip that moves through a still picture as if it had depth."
    icon = "rotate-3d"
    makes = "video"
    noun = ("clip", "clips")


class VideoCutoutTool(Tool):
    slug = "video-cutout"
    title = "Cut out a clip"
    summary = "The subject of a clip alone, on a see-through background."
    icon = "eraser"
    group = "Edit"
    makes = "video"
    noun = ("clip", "clips")
    groups: ClassVar = (("clip", "Clip", "What to work on."), RESULTS)
    Inputs = OneVideoInputs

    def expected(self, inputs: OneVideoInputs) -> list[Expected]:
        return [shaped("video", None, "16:9")] * inputs.count


TOOLS: list[type[Tool]] = [
    ImageUpscaleTool,
    ImageCutoutTool,
    VectorizeTool,
    Image3dTool,
    VideoUpscaleTool,
    VideoCutoutTool,
]
