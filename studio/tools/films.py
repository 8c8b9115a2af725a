"""Videos of a given person: speaking to the camera, moving as a clip does, staying the same through several shots."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from .base import Expected, Inputs, Tool, refuse, shaped
from .fields import (
    UNSET,
    AspectRatioOne,
    AudioRef,
    Decimal,
    ImageRef,
    ImageRefs,
    InfluencerRef,
    Limit,
    LongText,
    Prompt,
    Required,
    Script,
    Seconds,
    ShortText,
    Toggle,
    VideoRef,
    VideoSize,
    VoiceRef,
    Widget,
    place,
)
from .lines import Elements, Shots

ThreeRatios = Annotated[Literal["16:9", "9:16", "1:1"] | None, UNSET, Widget("ratio_one", "results")]
TwoRatios = Annotated[Literal["16:9", "9:16"] | None, UNSET, Widget("ratio_one", "results")]


SCRIPT_NEEDED = "Write what they say, or switch the voice to your own recording."
AUDIO_NEEDED = "Add the recording, or switch the voice to one that reads your script."
IMAGE_OR_TEMPLATE = "A start picture and a template exclude each other. Take one of them out."
TEMPLATE_NEEDS_INFLUENCER = "A template needs an influencer to put into it. Choose one, or empty the template."
TEMPLATE_NEEDS_ANGLE = "A template needs an angle that fits it. Add one, or empty the template."
ANGLE_NEEDS_TEMPLATE = "An angle belongs to a template. Name the template, or empty the angle."
ONE_VOICE = "Two voices are chosen. Keep one of them."
MOTION_NEEDS_CAMERA = "The camera is set to stand still. Let it move, or empty what it does."

Emotion = Literal["neutral", "excited", "happy", "calm", "sad", "angry", "enthusiastic", "curious", "frustrated"]


class TalkingHeadInputs(Inputs):
    script: Annotated[Script, place("speech", placeholder="[excited] You have to see this. [pause:1s] Look.")] = Field(
        default="", title="What they say", description="Tags such as [excited], [calm] and [pause:1s] may stand in it."
    )
    audio_mode: Annotated[
        Literal["generate", "upload"] | None,
        UNSET,
        Widget("segment", "speech", {"labels": {"generate": "A voice reads the script", "upload": "My recording"}}),
    ] = Field(default=None, title="Voice", description="Left open: a voice reads the script.")
    audio: Annotated[AudioRef, place("speech")] = Field(
        default="", title="Recording", description="For “My recording”."
    )
    voice: Annotated[VoiceRef, place("speech")] = Field(default="", title="Whose voice", description="One of yours.")
    cartesia_voice: Annotated[ShortText, Limit(max_length=100), place("speech", code=True, more=True)] = Field(
        default="", title="Cartesia voice", description="The id of a public Cartesia voice, in place of one of yours."
    )
    speed: Annotated[Decimal, Limit(ge=0.5, le=2), place("speech", low="Slow", high="Fast", step=0.05, more=True)] = (
        Field(default=None, title="Speed", description="Left open: 1.")
    )
    volume: Annotated[Decimal, Limit(ge=0.5, le=2), place("speech", low="Soft", high="Loud", step=0.05, more=True)] = (
        Field(default=None, title="Volume", description="Left open: 1.")
    )
    emotion: Annotated[Emotion | None, UNSET, Widget("segment", "speech", {"more": True})] = Field(
        default=None, title="Emotion", description="Left open: neutral."
    )
    language: Annotated[ShortText, Limit(max_length=20), place("speech", code=True, half=True, placeholder="en")] = (
        Field(default="", title="Language", description="A code such as en, es, fr, de, ja, ko or zh. Left open: en.")
    )
    influencer: InfluencerRef = Field(default="", title="Influencer", description="Who speaks.")
    image: Annotated[ImageRef, place("people")] = Field(
        default="", title="Start picture", description="Who speaks, as the video begins."
    )
    template: Annotated[ShortText, Limit(max_length=100), place("people", code=True, half=True, more=True)] = Field(
        default="", title="Template", description="A scene of the service, such as podcast, tech-studio or modern-home."
    )
    angle: Annotated[ShortText, Limit(max_length=100), place("people", code=True, half=True, more=True)] = Field(
        default="", title="Angle", description="One of the template's, such as front-16-9 or left-9-16."
    )
    static_camera: Annotated[Toggle, place("camera", on="Stands still", off="Moves")] = Field(
        default=None, title="Camera", description="Left open: it stands still."
    )
    camera_motion: Annotated[LongText, Limit(max_length=500), place("camera", rows=1)] = Field(
        default="", title="What the camera does", description="For a camera that moves: “slow push in”."
    )
    aspect_ratio: TwoRatios = Field(default=None, title="Shape", description="Left open: 9:16.")
    duration: Annotated[Seconds, Limit(le=60)] = Field(
        default=None, title="Length", description="In seconds. Left open: as long as the words need."
    )
    resolution: VideoSize = Field(default=None, title="Size", description="Left open: the service's usual size.")

    @model_validator(mode="after")
    def fits_together(self) -> Self:
        if self.audio_mode == "upload" and not self.audio:
            raise refuse(AUDIO_NEEDED, "audio")
        if self.audio_mode != "upload" and not self.script:
            raise refuse(SCRIPT_NEEDED, "script")
        if self.voice and self.cartesia_voice:
            raise refuse(ONE_VOICE, "voice", "cartesia_voice")
        if self.image and (self.template or self.angle):
            raise refuse(IMAGE_OR_TEMPLATE, "image", "template")
        if self.angle and not self.template:
            raise refuse(ANGLE_NEEDS_TEMPLATE, "template", "angle")
        if self.template and not self.angle:
            raise refuse(TEMPLATE_NEEDS_ANGLE, "angle", "template")
        if self.template and not self.influencer:
            raise refuse(TEMPLATE_NEEDS_INFLUENCER, "influencer", "template")
        if self.camera_motion and self.static_camera is not False:
            raise refuse(MOTION_NEEDS_CAMERA, "camera_motion", "static_camera")
        return self


class TalkingHeadTool(Tool):
    slug = "talking-head"
    title = "Talking head"
    summary = "A person speaks your script or your recording to the camera."
    icon = "speech"
    group = "People"
    makes = "video"
    noun = ("video", "videos")
    rules = (
        SCRIPT_NEEDED,
        AUDIO_NEEDED,
        ONE_VOICE,
        IMAGE_OR_TEMPLATE,
        ANGLE_NEEDS_TEMPLATE,
        TEMPLATE_NEEDS_ANGLE,
        TEMPLATE_NEEDS_INFLUENCER,
        MOTION_NEEDS_CAMERA,
    )
    groups: ClassVar = (
        ("speech", "Words and voice", "What is said, and how it sounds."),
        ("people", "Who speaks", "A picture, an influencer or a template."),
        ("camera", "Camera", "Where the model lets it move."),
        ("results", "Results", "Shape, size and length."),
    )
    Inputs = TalkingHeadInputs

    def expected(self, inputs: TalkingHeadInputs) -> list[Expected]:
        return [shaped("video", inputs.aspect_ratio, "9:16")]


FACE_NEEDS_VIDEO_ORIENTATION = (
    "A bound face works only where the character turns as in the clip. Choose “As the clip”, or take the face out."
)
ANGLES_NEED_FACE = "Other angles need the face from the front. Add it, or take the angles out."


class MotionControlInputs(Inputs):
    video: Annotated[VideoRef, Required("Add the clip whose motion should be copied.")] = Field(
        default="", title="Motion", description="The clip whose movement is copied."
    )
    image: Annotated[ImageRef, Required("Add the picture of who should move."), place("clip")] = Field(
        default="", title="Character", description="Who should move like that."
    )
    prompt: Annotated[Prompt, place("clip", rows=2, placeholder="@Element1 dances on a rooftop")] = Field(
        default="", title="Scene", description="Place and mood. @Element1 is the bound face."
    )
    orientation: Annotated[
        Literal["video", "image"] | None,
        UNSET,
        Widget("segment", "face", {"labels": {"video": "As the clip", "image": "As the picture"}}),
    ] = Field(
        default=None,
        title="Character turns",
        description="As the clip: up to 30 seconds. As the picture: up to 10. Left open: as the clip.",
    )
    face_image: Annotated[ImageRef, place("face")] = Field(
        default="", title="Bound face", description="A face from the front that must stay the same."
    )
    face_references: Annotated[ImageRefs, Limit(max_length=3), place("face", more=True)] = Field(
        default=(), title="Other angles", description="Up to three more pictures of that face."
    )
    aspect_ratio: Annotated[AspectRatioOne, place("results")] = Field(
        default=None, title="Shape", description="Left open: the service's choice."
    )
    duration: Annotated[Seconds, Limit(le=30)] = Field(
        default=None, title="Length", description="In seconds. Left open: that of the clip."
    )

    @model_validator(mode="after")
    def fits_together(self) -> Self:
        if self.face_references and not self.face_image:
            raise refuse(ANGLES_NEED_FACE, "face_image", "face_references")
        if self.face_image and self.orientation == "image":
            raise refuse(FACE_NEEDS_VIDEO_ORIENTATION, "orientation", "face_image")
        return self


class MotionControlTool(Tool):
    slug = "motion-control"
    title = "Motion transfer"
    summary = "Make the person in a picture move like the one in a clip."
    icon = "person-standing"
    group = "People"
    makes = "video"
    noun = ("video", "videos")
    rules = (ANGLES_NEED_FACE, FACE_NEEDS_VIDEO_ORIENTATION)
    groups: ClassVar = (
        ("clip", "Motion and character", "Who moves like whom."),
        ("face", "Face", "Keep it the same from every side."),
        ("results", "Results", "Shape and length."),
    )
    Inputs = MotionControlInputs

    def expected(self, inputs: MotionControlInputs) -> list[Expected]:
        return [shaped("video", inputs.aspect_ratio, "9:16")]


INFLUENCER_OR_ELEMENTS = "An influencer and elements exclude each other. Take one of them out."


class ReferenceVideoInputs(Inputs):
    prompt: Annotated[
        Prompt,
        Required("Say what happens in the video. It is needed even where shots say it in detail."),
        place("idea", rows=3, placeholder="@Element1 opens the box next to @Image1"),
    ] = Field(
        default="",
        title="What happens",
        description="@Element1 is the influencer or the first element, @Image1 the first style picture.",
    )
    shots: Annotated[Shots, place("idea")] = Field(
        default=(), title="Shots", description="Several shots, each with its own words. They replace the words above."
    )
    script: Annotated[Script, Limit(max_length=2000), place("idea", rows=2, more=True)] = Field(
        default="", title="What they say", description="Worked into the words, so that lips move."
    )
    voice: Annotated[VoiceRef, place("idea", more=True)] = Field(
        default="", title="Voice", description="The speech is changed to this voice afterwards."
    )
    influencer: InfluencerRef = Field(default="", title="Influencer", description="Becomes @Element1.")
    elements: Elements = Field(
        default=(), title="Elements", description="People or things that stay the same: @Element1, @Element2 and so on."
    )
    product_images: Annotated[ImageRefs, Limit(max_length=10), place("people", more=True)] = Field(
        default=(), title="Product pictures", description="Products to show."
    )
    outfit_image: Annotated[ImageRef, place("people", more=True)] = Field(
        default="", title="Outfit", description="What they wear."
    )
    images: Annotated[ImageRefs, Limit(max_length=2), place("scene")] = Field(
        default=(), title="Style pictures", description="One or two, for style or background: @Image1, @Image2."
    )
    location_images: Annotated[ImageRefs, Limit(max_length=10), place("scene", more=True)] = Field(
        default=(), title="Places", description="Where it happens."
    )
    first_frame: Annotated[ImageRef, place("scene", half=True)] = Field(
        default="", title="First frame", description="The video starts on this picture."
    )
    last_frame: Annotated[ImageRef, place("scene", half=True)] = Field(
        default="", title="Last frame", description="The video ends on this picture."
    )
    aspect_ratio: ThreeRatios = Field(default=None, title="Shape", description="Left open: 16:9.")
    duration: Annotated[Seconds, Limit(le=15)] = Field(
        default=None, title="Length", description="5 or 10 seconds. Left open: 5. Shots have their own."
    )

    @model_validator(mode="after")
    def one_cast(self) -> Self:
        if self.influencer and self.elements:
            raise refuse(INFLUENCER_OR_ELEMENTS, "elements", "influencer")
        return self


class ReferenceVideoTool(Tool):
    slug = "reference-video"
    title = "Video with the same people"
    summary = "People, products and places that stay the same through one or several shots."
    icon = "users-round"
    group = "People"
    makes = "video"
    noun = ("video", "videos")
    rules = (INFLUENCER_OR_ELEMENTS,)
    groups: ClassVar = (
        ("idea", "Video", "What happens, in one or several shots."),
        ("people", "People and things", "Who and what must stay the same."),
        ("scene", "Scene", "Style, place and frames."),
        ("results", "Results", "Shape and length."),
    )
    Inputs = ReferenceVideoInputs

    def expected(self, inputs: ReferenceVideoInputs) -> list[Expected]:
        return [shaped("video", inputs.aspect_ratio, "16:9")]


TOOLS: list[type[Tool]] = [TalkingHeadTool, ReferenceVideoTool, MotionControlTool]
