"""What the thirteen tools and text/generate can be asked, in today's names. `eras` says what earlier eras called it.

POST /v1/tools/<tool> answers 202 with a StartResponse; POST /v1/text/generate answers 200 with the text itself.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from .wire_base import Read, Sent

Quality = Literal["LOW", "STANDARD", "HIGH", "MAX"]
Watermark = Literal["NONE", "VIDEO_GEN", "AUTO"]
SubToolMode = Literal["AUTO", "ENABLED", "DISABLED"]
FourFiles = Annotated[list[str], Field(max_length=4)]

CLIP_NEEDS = ("prompt", "startFrameFileId", "imageFileIds", "videoFileIds", "audioFileIds", "spokenDialogue")
"""A clip needs one of these."""


def _one_is_a_list(value: Any) -> Any:
    """Era 0 gives its single `videoFileId` as a bare string."""
    return [value] if isinstance(value, str) else value


class AspectRatio(Sent):
    """A ratio, not pixels."""

    width: int = Field(ge=1)
    height: int = Field(ge=1)


class ContentPolicy(Sent):
    """How often a prompt may be rewritten after moderation refused it."""

    max_prompt_rewrites: int | None = Field(default=None, ge=0, le=4)


class SubToolModes(Sent):
    generate_images: SubToolMode | None = None
    generate_video_clips: SubToolMode | None = None
    generate_voiceover: SubToolMode | None = None
    search_stock_media: SubToolMode | None = None


class PronunciationReplacement(Sent):
    original: str
    replacement: str


class ToolRequest(Sent):
    """What every tool takes. Temporary output may be gone after 24 hours and is not analysed."""

    num_results: int | None = Field(default=None, ge=1, le=100)
    is_output_temporary: bool | None = None
    hide_from_ui: bool | None = None


class MarkedRequest(ToolRequest):
    """A tool whose pictures can carry VideoGen's watermark."""

    watermark_mode: Watermark | None = None


class GenerateImage(MarkedRequest):
    prompt: str
    image_file_ids: FourFiles | None = None
    entity_ids: list[str] | None = None
    aspect_ratio: AspectRatio | None = None
    quality: Quality | None = None
    content_policy_config: ContentPolicy | None = None


class GenerateVideoClip(MarkedRequest):
    """Four pictures at most today; era 0 states no maximum."""

    prompt: str | None = None
    image_file_ids: list[str] | None = None
    video_file_ids: Annotated[FourFiles, BeforeValidator(_one_is_a_list)] | None = None
    audio_file_ids: FourFiles | None = None
    start_frame_file_id: str | None = None
    spoken_dialogue: str | None = None
    voice_description: str | None = None
    generate_audio: bool | None = None
    suppress_background_music: bool | None = None
    duration_seconds: int | None = Field(default=None, ge=1, le=30)
    aspect_ratio: AspectRatio | None = None
    quality: Quality | None = None
    content_policy_config: ContentPolicy | None = None

    @model_validator(mode="after")
    def _something_to_start_from(self) -> Self:
        if not any(self.to_wire().get(name) for name in CLIP_NEEDS):
            sentence = f"At least one of {', '.join(CLIP_NEEDS[:-1])} or {CLIP_NEEDS[-1]} must be provided."
            raise PydanticCustomError("rule", "{sentence}", {"sentence": sentence})
        return self


class TextToSpeech(ToolRequest):
    tts_text: str
    voice_id: str | None = None
    speech_language_code: str | None = None
    pronunciation_replacements: list[PronunciationReplacement] | None = None
    auto_expand_pronunciation_replacements: bool | None = None
    voice_speed: float | None = None


class GenerateSoundEffect(ToolRequest):
    prompt: str
    duration_seconds: float | None = None
    prompt_influence: float | None = None


class GenerateMusic(ToolRequest):
    prompt: str


class GenerateMotionGraphic(ToolRequest):
    prompt: str
    file_ids: Annotated[list[str], Field(max_length=8)] | None = None
    entity_ids: list[str] | None = None
    duration_seconds: int | None = Field(default=None, ge=1, le=300)
    aspect_ratio: AspectRatio | None = None
    transparent_background: bool | None = None
    sub_tool_modes: SubToolModes | None = None


class GenerateAvatar(MarkedRequest):
    """Who speaks is an ACTOR entity today and was an avatar presenter before: one field here, two kinds of id."""

    actor_entity_id: str
    audio_file_id: str
    avatar_quality: Quality | None = None


class ImageAsset(MarkedRequest):
    """vectorize-image, remove-image-background, upscale-image, image-3d-effect."""

    image_file_id: str


class VideoAsset(MarkedRequest):
    """remove-video-background, upscale-video."""

    video_file_id: str


class GenerateText(Sent):
    """Answered at once, paid at once."""

    prompt: str
    system: str | None = None
    quality: Quality | None = None
    temperature: float | None = None
    max_output_tokens: int | None = Field(default=None, ge=1)


class StartResponse(Read):
    """The answer of every start and of cancel: the id in whichever prefix (`vg_tool_…`, `vg_exec_…`)."""

    tool_execution_id: str = ""


class TextAnswer(Read):
    text: str = ""


PATHS: dict[str, type[Sent]] = {
    "/v1/tools/generate-image": GenerateImage,
    "/v1/tools/generate-video-clip": GenerateVideoClip,
    "/v1/tools/text-to-speech": TextToSpeech,
    "/v1/tools/generate-sound-effect": GenerateSoundEffect,
    "/v1/tools/generate-music": GenerateMusic,
    "/v1/tools/generate-motion-graphic": GenerateMotionGraphic,
    "/v1/tools/generate-avatar": GenerateAvatar,
    "/v1/tools/vectorize-image": ImageAsset,
    "/v1/tools/remove-image-background": ImageAsset,
    "/v1/tools/remove-video-background": VideoAsset,
    "/v1/tools/upscale-image": ImageAsset,
    "/v1/tools/upscale-video": VideoAsset,
    "/v1/tools/image-3d-effect": ImageAsset,
    "/v1/text/generate": GenerateText,
}
"""Every paid call, by path."""
