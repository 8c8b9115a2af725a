"""Lips that follow a recording: of the person in a clip, or of an actor."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from .base import Expected, Inputs, Tool, shaped
from .fields import AudioRef, Count, Limit, PresenterRef, Quality, Required, ShortText, VideoRef, Watermark, place


class LipsyncInputs(Inputs):
    video: Annotated[VideoRef, Required("Add the clip whose lips should move.")] = Field(
        default="", title="Clip", description="A face that can be seen well."
    )
    audio: Annotated[AudioRef, Required("Add the recording that should be spoken.")] = Field(
        default="", title="Recording", description="What they should say."
    )
    add_to: Annotated[
        ShortText, Limit(max_length=200), place("results", code=True, placeholder="Id of a job of that service")
    ] = Field(
        default="", title="Add to a job", description="Files the result under a job that the service already has."
    )


class LipsyncTool(Tool):
    slug = "lipsync"
    title = "Lip sync"
    summary = "Make the person in a clip say what is in a recording."
    icon = "mic-vocal"
    group = "Edit"
    makes = "video"
    noun = ("video", "videos")
    groups: ClassVar = (
        ("clip", "Clip", "Who speaks."),
        ("sound", "Recording", "What they say."),
        ("results", "Results", "Where the result goes."),
    )
    Inputs = LipsyncInputs

    def expected(self, inputs: LipsyncInputs) -> list[Expected]:
        return [shaped("video", None, "9:16")]


class AvatarClipInputs(Inputs):
    presenter: Annotated[PresenterRef, Required("Choose who should speak.")] = Field(
        default="", title="Presenter", description="One of the service's actors, or one of your own there."
    )
    audio: Annotated[AudioRef, Required("Add the recording that should be spoken.")] = Field(
        default="", title="Recording", description="What they should say. Make one with Speech."
    )
    quality: Quality = None
    count: Count = Field(default=1, title="How many", description="Takes of the same clip.")
    watermark: Watermark = None


class AvatarClipTool(Tool):
    slug = "avatar-clip"
    title = "Presenter clip"
    summary = "An actor of the service speaks your recording."
    icon = "presentation"
    group = "People"
    makes = "video"
    noun = ("clip", "clips")
    groups: ClassVar = (
        ("people", "Presenter", "Who speaks."),
        ("sound", "Recording", "What they say."),
        ("results", "Results", "How good and how many."),
    )
    Inputs = AvatarClipInputs

    def expected(self, inputs: AvatarClipInputs) -> list[Expected]:
        return [shaped("video", None, "16:9")] * inputs.count


TOOLS: list[type[Tool]] = [AvatarClipTool, LipsyncTool]
