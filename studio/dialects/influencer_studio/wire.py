"""The request bodies of Influencer Studio's API v1. Field names are the wire names. Strict: what is not known here never leaves the house.

Ranges are the service's own. Everything optional is left out when unset, so that its defaults stay its own.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

PATH = "/api/v1"
"""What every path begins with under the host. The base URL of a connection ends in it."""


class Message(BaseModel):
    """A request body. Unknown names are refused, so that a typing error of ours never leaves the house."""

    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=())

    def sent(self) -> dict[str, Any]:
        """The JSON to send: only what was set."""
        return self.model_dump(mode="json", exclude_none=True)


def _whole_as_text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Url = Annotated[str, Field(pattern=r"^https?://\S+$")]
Id = Annotated[str, Field(min_length=1)]
Words = Annotated[str, Field(min_length=1)]
TextSeconds = Annotated[str, BeforeValidator(_whole_as_text), Field(pattern=r"^\d+$")]
"""A duration that is a text on the wire; a number is taken, too."""
LoraType = Literal["flux-2-klein", "z-image", "flux-lora", "flux-1-dev", "qwen-image-2512", "qwen-image-edit-2511"]
Percent = Annotated[int, Field(ge=0, le=100)]
Steps = Annotated[int, Field(ge=1, le=100)]
ThreeRatios = Literal["16:9", "9:16", "1:1"]
TwoRatios = Literal["16:9", "9:16"]


class InWorkspace(Message):
    workspace_id: str | None = None


class WithBell(InWorkspace):
    """The four endpoints that ring a webhook."""

    webhook: Url | None = None


# -- People --------------------------------------------------------------------------------------------------------------------


class CreateInfluencer(InWorkspace):
    name: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    image_urls: Annotated[list[Url], Field(min_length=1, max_length=20)]


class ShapeSettings(Message):
    aspect_ratio: str | None = None


class GenerateInfluencer(InWorkspace):
    influencer_id: Id
    prompt: str | None = None
    outfit_image: Url | None = None
    location_image: Url | None = None
    reference_pose_image: Url | None = None
    product_image: Url | None = None
    camera_style: Literal["pro", "smartphone"] | None = None
    lora_url: Url | None = None
    lora_type: LoraType | None = None
    batch: Annotated[int, Field(ge=1, le=4)] | None = None
    settings: ShapeSettings | None = None


class InfluencerVideo(InWorkspace):
    influencer_id: Id
    prompt: Words
    dialog: str | None = None
    product_image: Url | None = None
    outfit_image: Url | None = None
    location_image: Url | None = None
    aspect_ratio: TwoRatios | None = None


class AudioSettings(Message):
    speed: Annotated[float, Field(ge=0.5, le=2)] | None = None
    volume: Annotated[float, Field(ge=0.5, le=2)] | None = None
    emotion: str | None = None
    language: str | None = None


class TalkingHead(InWorkspace):
    script: str | None = None
    audio_url: Url | None = None
    audio_mode: Literal["generate", "upload"] | None = None
    voice_id: str | None = None
    cartesia_voice_id: str | None = None
    audio_settings: AudioSettings | None = None
    model: str | None = None
    duration: TextSeconds | None = None
    resolution: str | None = None
    aspect_ratio: TwoRatios | None = None
    influencer_id: str | None = None
    start_image_url: Url | None = None
    template_id: str | None = None
    angle_id: str | None = None
    static_camera: bool | None = None
    camera_motion_prompt: str | None = None


# -- Sound ---------------------------------------------------------------------------------------------------------------------


class GenerateMusic(InWorkspace):
    title: Annotated[str, Field(min_length=1, max_length=100)]
    style: Annotated[str, Field(max_length=1000)] | None = None
    lyrics: Annotated[str, Field(max_length=5000)] | None = None
    instrumental: bool | None = None
    vocal_gender: Literal["m", "f"] | None = None
    model: str | None = None


class GenerateVoice(InWorkspace):
    method: Literal["clone", "design"]
    influencer_id: str | None = None
    audio_url: Url | None = None
    prompt: str | None = None
    name: str | None = None


# -- Images --------------------------------------------------------------------------------------------------------------------


class GenerateFace(InWorkspace):
    prompt: Words
    negative_prompt: str | None = None
    batch: Annotated[int, Field(ge=1, le=10)] | None = None
    gender: str | None = None
    ethnicity: str | None = None
    hair_color: str | None = None
    seed: int | None = None


class ImageSettings(ShapeSettings):
    num_inference_steps: Steps | None = None


class GenerateImage(WithBell):
    prompt: Words
    negative_prompt: str | None = None
    model: str | None = None
    influencer_id: str | None = None
    lora_url: Url | None = None
    lora_type: LoraType | None = None
    batch: Annotated[int, Field(ge=1, le=4)] | None = None
    settings: ImageSettings | None = None
    init_image: Url | None = None


class EditImage(WithBell):
    image_url: Url
    prompt: Words
    additional_images: list[Url] | None = None
    model: str | None = None


# -- Videos --------------------------------------------------------------------------------------------------------------------


class VideoSettings(ShapeSettings):
    duration: Annotated[int, Field(ge=1, le=10)] | None = None


class GenerateVideo(WithBell):
    prompt: Words
    model: str | None = None
    settings: VideoSettings | None = None
    first_frame_image: Url | None = None


class Lipsync(InWorkspace):
    video_url: Url
    audio_url: Url
    model: str | None = None
    generation_id: str | None = None


class FaceElement(Message):
    frontal_image_url: Url
    reference_image_urls: Annotated[list[Url], Field(min_length=1, max_length=3)] | None = None


class MotionControl(InWorkspace):
    video_url: Url
    image_url: Url
    prompt: str | None = None
    character_orientation: Literal["video", "image"] | None = None
    element: FaceElement | None = None


class Lora(Message):
    path: Url
    scale: Annotated[float, Field(ge=0, le=2)] | None = None
    transformer: Literal["high", "low", "both"] | None = None


class Wan22Settings(Message):
    resolution: Literal["480p", "580p", "720p"] | None = None
    aspect_ratio: ThreeRatios | None = None
    num_frames: Annotated[int, Field(ge=17, le=161)] | None = None
    frames_per_second: Annotated[int, Field(ge=4, le=60)] | None = None
    num_inference_steps: Steps | None = None
    guidance_scale: Annotated[float, Field(ge=0, le=20)] | None = None
    enable_prompt_expansion: bool | None = None
    seed: int | None = None


class Wan22(Message):
    """Knows no workspace."""

    mode: Literal["t2v", "i2v"]
    prompt: Words
    image_url: Url | None = None
    influencer_id: str | None = None
    loras: Annotated[list[Lora], Field(min_length=1)]
    settings: Wan22Settings | None = None


class Shot(Message):
    prompt: Words
    duration: TextSeconds


class ReferenceToVideo(InWorkspace):
    prompt: Words
    influencer_id: str | None = None
    elements: list[FaceElement] | None = None
    image_urls: Annotated[list[Url], Field(max_length=2)] | None = None
    start_image_url: Url | None = None
    end_image_url: Url | None = None
    multi_prompt: list[Shot] | None = None
    duration: TextSeconds | None = None
    aspect_ratio: ThreeRatios | None = None
    script: str | None = None
    voice_id: str | None = None
    product_image_urls: list[Url] | None = None
    outfit_image_url: Url | None = None
    location_image_urls: list[Url] | None = None


class UpscaleByFactor(InWorkspace):
    video_url: Url
    upscale_mode: Literal["factor", "target"] | None = None
    upscale_factor: Annotated[float, Field(ge=1, le=4)] | None = None
    target_resolution: Literal["720p", "1080p", "1440p", "2160p"] | None = None
    output_format: str | None = None
    output_quality: Literal["low", "medium", "high", "maximum"] | None = None


class UpscaleSeedvr(UpscaleByFactor):
    pass


class UpscaleTopaz(UpscaleByFactor):
    target_fps: Annotated[int, Field(ge=16, le=60)] | None = None
    h264_output: bool | None = None


class UpscaleFreepik(InWorkspace):
    video_url: Url
    resolution: Literal["1k", "2k", "4k"] | None = None
    fps_boost: bool | None = None
    creativity: Percent | None = None
    sharpen: Percent | None = None
    smart_grain: Percent | None = None
    flavor: Literal["vivid", "natural"] | None = None


# -- 3D and text -----------------------------------------------------------------------------------------------------------------


class ModelSettings(Message):
    mode: Literal["preview", "full"] | None = None
    art_style: Literal["realistic", "sculpture"] | None = None
    topology: Literal["quad", "triangle"] | None = None
    target_polycount: Annotated[int, Field(ge=1000, le=100_000)] | None = None
    symmetry_mode: Literal["off", "auto", "on"] | None = None
    should_remesh: bool | None = None
    is_a_t_pose: bool | None = None
    enable_pbr: bool | None = None
    enable_prompt_expansion: bool | None = None


class GenerateModel(WithBell):
    prompt: Words
    init_image: Url | None = None
    model: str | None = None
    settings: ModelSettings | None = None


class TextSettings(Message):
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    max_tokens: Annotated[int, Field(ge=1, le=16_000)] | None = None
    system_prompt: str | None = None


class GenerateText(InWorkspace):
    prompt: Words
    model: str | None = None
    settings: TextSettings | None = None


# -- Billing -------------------------------------------------------------------------------------------------------------------


class TopUp(Message):
    plan_id: Id
    variant_id: str | None = None
    success_url: Url | None = None
    cancel_url: Url | None = None
    dispute_policy_acknowledged: Literal[True] | None = None
    signature_name: Annotated[str, Field(min_length=2, max_length=120)] | None = None
