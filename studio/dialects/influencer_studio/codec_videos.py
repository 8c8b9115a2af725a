"""Videos: from words and frames, from a motion, from people and things, with LoRAs, made larger, with other lips."""

from __future__ import annotations

from typing import Any

from studio.dialects.base import UnsupportedInput
from studio.tools.films import ReferenceVideoInputs
from studio.tools.values import Resolved
from studio.tools.videos import LoraVideoInputs

from . import wire
from .codec_parts import Endpoint, File, Files, Number, Part, Plain, Shape, Shapes, Who, WhoseVoice

TURNS_AS_PICTURE_SECONDS = 10.0
MOTION_TOO_LONG = "Where the character turns as in the picture, the motion may last 10 seconds. Take a shorter clip, or “As the clip”."
TARGET_ALONE = "The resolution to reach counts only with “To a resolution”. Choose that, or empty the resolution."
FACTOR_ALONE = "A factor counts only with “By a factor”. Choose that, or empty the factor."


class Face(Part):
    """The bound face with its other angles: one `element`."""

    def put(self, values: Resolved) -> Any:
        front = values.one("face_image")
        return _element(front.url(), values, "face_references") if front else None

    def read(self, sent: Any) -> dict[str, Any]:
        angles = tuple(sent.get("reference_image_urls", ()))
        return {"face_image": sent["frontal_image_url"], "face_references": angles}

    def inputs(self) -> tuple[str, ...]:
        return ("face_image", "face_references")


class Elements(Part):
    """Groups of pictures: `@Element1`, `@Element2` …"""

    def put(self, values: Resolved) -> Any:
        count = len(values.inputs.elements) if isinstance(values.inputs, ReferenceVideoInputs) else 0
        faces = [values.media[f"elements.{at}.face"][0].url() for at in range(count)]
        return [_element(url, values, f"elements.{at}.references") for at, url in enumerate(faces)] or None

    def read(self, sent: Any) -> dict[str, Any]:
        return {
            "elements": [
                {"face": it["frontal_image_url"], "references": tuple(it.get("reference_image_urls", ()))}
                for it in sent
            ]
        }


def _element(front: str, values: Resolved, angles: str) -> dict[str, Any]:
    others = [it.url() for it in values.media.get(angles, ())]
    return {"frontal_image_url": front} | ({"reference_image_urls": others} if others else {})


class Shots(Part):
    def put(self, values: Resolved) -> Any:
        shots = values.inputs.shots if isinstance(values.inputs, ReferenceVideoInputs) else ()
        return [{"prompt": it.prompt, "duration": str(it.duration)} for it in shots] or None

    def read(self, sent: Any) -> dict[str, Any]:
        return {"shots": [{"prompt": it["prompt"], "duration": int(it["duration"])} for it in sent]}


class Loras(Part):
    def put(self, values: Resolved) -> Any:
        loras = values.inputs.loras if isinstance(values.inputs, LoraVideoInputs) else ()
        files = [values.media[f"loras.{at}.path"][0].url() for at in range(len(loras))]
        return [it.model_dump(exclude_none=True) | {"path": url} for it, url in zip(loras, files, strict=True)] or None

    def read(self, sent: Any) -> dict[str, Any]:
        return {"loras": sent}


class Mode(Part):
    """`t2v` or `i2v`: always what the picture says, so that the two never disagree."""

    def put(self, values: Resolved) -> Any:
        return "i2v" if values.one("image") else "t2v"

    def read(self, sent: Any) -> dict[str, Any]:
        return {}

    def inputs(self) -> tuple[str, ...]:
        return ()


def motion_fits(values: Resolved) -> None:
    clip = values.one("video")
    turns_as_picture = getattr(values.inputs, "orientation", None) == "image"
    if turns_as_picture and clip and clip.seconds > TURNS_AS_PICTURE_SECONDS:
        raise UnsupportedInput(MOTION_TOO_LONG, "video")


def one_way_to_scale(values: Resolved) -> None:
    """Only the field of the mode is sent: the service leaves the other aside without a word."""
    by_target = getattr(values.inputs, "mode", None) == "target"
    if by_target and getattr(values.inputs, "factor", None) is not None:
        raise UnsupportedInput(FACTOR_ALONE, "factor")
    if not by_target and getattr(values.inputs, "target_resolution", None):
        raise UnsupportedInput(TARGET_ALONE, "target_resolution")


_UPSCALE: tuple[Part, ...] = (
    File("video_url", "video"),
    Plain("upscale_mode", "mode"),
    Plain("upscale_factor", "factor"),
    Plain("target_resolution", "target_resolution"),
    Plain("output_format", "output_format"),
    Plain("output_quality", "output_quality"),
)

ENDPOINTS = (
    Endpoint(
        "/videos/generate",
        "video",
        wire.GenerateVideo,
        (
            Plain("prompt", "prompt"),
            Shapes("settings.aspect_ratio", "aspect_ratio"),
            Plain("settings.duration", "duration"),
            File("first_frame_image", "first_frame"),
        ),
    ),
    Endpoint(
        "/videos/lipsync",
        "lipsync",
        wire.Lipsync,
        (File("video_url", "video"), File("audio_url", "audio"), Plain("generation_id", "add_to")),
    ),
    Endpoint(
        "/videos/motion-control",
        "motion-control",
        wire.MotionControl,
        (
            File("video_url", "video"),
            File("image_url", "image"),
            Plain("prompt", "prompt"),
            Plain("character_orientation", "orientation"),
            Face("element", "face_image"),
        ),
        aliases={"character_image_url": "image_url"},
        checks=(motion_fits,),
    ),
    Endpoint(
        "/videos/wan22",
        "lora-video",
        wire.Wan22,
        (
            Mode("mode", "image"),
            Plain("prompt", "prompt"),
            File("image_url", "image"),
            Who("influencer_id", "influencer"),
            Loras("loras", "loras"),
            Plain("settings.resolution", "resolution"),
            Shape("settings.aspect_ratio", "aspect_ratio"),
            Plain("settings.num_frames", "frames"),
            Plain("settings.frames_per_second", "fps"),
            Plain("settings.num_inference_steps", "steps"),
            Plain("settings.guidance_scale", "guidance"),
            Plain("settings.enable_prompt_expansion", "expand_prompt"),
            Plain("settings.seed", "seed"),
        ),
        sync=True,
    ),
    Endpoint(
        "/videos/reference-to-video",
        "reference-video",
        wire.ReferenceToVideo,
        (
            Plain("prompt", "prompt"),
            Who("influencer_id", "influencer"),
            Elements("elements", "elements"),
            Files("image_urls", "images"),
            File("start_image_url", "first_frame"),
            File("end_image_url", "last_frame"),
            Shots("multi_prompt", "shots"),
            Number("duration", "duration"),
            Shape("aspect_ratio", "aspect_ratio"),
            Plain("script", "script"),
            WhoseVoice("voice_id", "voice"),
            Files("product_image_urls", "product_images"),
            File("outfit_image_url", "outfit_image"),
            Files("location_image_urls", "location_images"),
        ),
    ),
    Endpoint("/videos/upscale/seedvr", "video-upscale", wire.UpscaleSeedvr, _UPSCALE, checks=(one_way_to_scale,)),
    Endpoint(
        "/videos/upscale/topaz",
        "video-upscale",
        wire.UpscaleTopaz,
        (*_UPSCALE, Plain("target_fps", "target_fps"), Plain("h264_output", "h264")),
        checks=(one_way_to_scale,),
    ),
    Endpoint(
        "/videos/upscale/freepik",
        "video-upscale",
        wire.UpscaleFreepik,
        (
            File("video_url", "video"),
            Plain("resolution", "resolution"),
            Plain("fps_boost", "fps_boost"),
            Plain("creativity", "creativity"),
            Plain("sharpen", "sharpen"),
            Plain("smart_grain", "smart_grain"),
            Plain("flavor", "flavor"),
        ),
    ),
)
