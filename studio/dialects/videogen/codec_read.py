"""Requests of VideoGen's API back to `Inputs`, for the API that speaks like it. Any era's names are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studio.dialects.base import json_object
from studio.tools.base import Inputs, get_tool

from .eras import from_any
from .wire import (
    PATHS,
    AspectRatio,
    GenerateAvatar,
    GenerateImage,
    GenerateMotionGraphic,
    GenerateMusic,
    GenerateSoundEffect,
    GenerateText,
    GenerateVideoClip,
    ImageAsset,
    MarkedRequest,
    Sent,
    TextToSpeech,
    ToolRequest,
    VideoAsset,
)

ASSET_TOOLS = {
    "/v1/tools/vectorize-image": "vectorize",
    "/v1/tools/remove-image-background": "image-cutout",
    "/v1/tools/upscale-image": "image-upscale",
    "/v1/tools/image-3d-effect": "image-3d",
    "/v1/tools/remove-video-background": "video-cutout",
    "/v1/tools/upscale-video": "video-upscale",
}
WATERMARKS = {"AUTO": "auto", "NONE": "none", "VIDEO_GEN": "videogen"}


def read_request(method: str, path: str, body: bytes) -> tuple[str, dict[str, Any], Inputs]:
    """The tool's slug, hints for choosing an offer and for the answer, and the inputs with `videogen:<id>` references.

    Raises LookupError for what starts nothing, UnsupportedInput for what is no JSON object, ValueError (pydantic's too) for a request that is wrong.
    """
    if method != "POST" or path not in PATHS:
        raise LookupError(f"{method} {path} starts nothing.")
    message = read_message(path, json_object(body or b"{}"))
    slug, told = _tool_of(path, message)
    hints: dict[str, Any] = {"path": path}
    if isinstance(message, ToolRequest):
        told["count"] = message.num_results
        hints |= {"temporary": bool(message.is_output_temporary), "hidden": bool(message.hide_from_ui)}
    if isinstance(message, MarkedRequest) and message.watermark_mode:
        told["watermark"] = WATERMARKS[message.watermark_mode]
    tool = get_tool(slug)
    if tool is None:
        raise LookupError(f"There is no tool called “{slug}”.")
    given = {name: value for name, value in told.items() if value not in (None, "", [], ())}
    return slug, hints, tool.Inputs.model_validate(given)


def read_message(path: str, data: Mapping[str, Any]) -> Sent:
    """The message of a paid call, in the names of any era."""
    return PATHS[path].model_validate(from_any(path, data))


def _tool_of(path: str, message: Sent) -> tuple[str, dict[str, Any]]:
    match message:
        case GenerateImage():
            return _image(message)
        case GenerateVideoClip():
            return _clip(message)
        case TextToSpeech():
            return "speech", {
                "text": message.tts_text,
                "voice": _ref(message.voice_id),
                "language": message.speech_language_code,
                "replacements": [pair.model_dump() for pair in message.pronunciation_replacements or ()],
                "spell_out": message.auto_expand_pronunciation_replacements,
                "speed": message.voice_speed,
            }
        case GenerateSoundEffect():
            seconds = message.duration_seconds
            return "sound-effect", {
                "prompt": message.prompt,
                "duration": seconds,
                "influence": message.prompt_influence,
            }
        case GenerateMusic():
            return "music", {"prompt": message.prompt}
        case GenerateMotionGraphic():
            return _motion_graphic(message)
        case GenerateAvatar():
            return "avatar-clip", {
                "presenter": _ref(message.actor_entity_id),
                "audio": _ref(message.audio_file_id),
                "quality": _lower(message.avatar_quality),
            }
        case ImageAsset():
            return ASSET_TOOLS[path], {"image": _ref(message.image_file_id)}
        case VideoAsset():
            return ASSET_TOOLS[path], {"video": _ref(message.video_file_id)}
        case GenerateText():
            return "text", {
                "prompt": message.prompt,
                "system_prompt": message.system,
                "quality": _lower(message.quality),
                "temperature": message.temperature,
                "max_tokens": message.max_output_tokens,
            }
    raise LookupError(path)


def _image(message: GenerateImage) -> tuple[str, dict[str, Any]]:
    """With reference pictures the prompt describes a change: that is `image-edit`, unless entities take part, which it does not know."""
    shape = _ratio(message.aspect_ratio)
    policy = message.content_policy_config
    told: dict[str, Any] = {
        "prompt": message.prompt,
        "quality": _lower(message.quality),
        "prompt_rewrites": policy.max_prompt_rewrites if policy else None,
    }
    pictures = _refs(message.image_file_ids)
    if pictures and not message.entity_ids:
        return "image-edit", {**told, "image": pictures[0], "images": pictures[1:], "aspect_ratio": shape}
    shapes = (shape,) if shape else ()
    return "image", {**told, "images": pictures, "entities": _refs(message.entity_ids), "aspect_ratio": shapes}


def _clip(message: GenerateVideoClip) -> tuple[str, dict[str, Any]]:
    """One clip to restyle and nothing that only `video` takes: that is `video-edit`."""
    shape = _ratio(message.aspect_ratio)
    policy = message.content_policy_config
    told: dict[str, Any] = {
        "prompt": message.prompt,
        "images": _refs(message.image_file_ids),
        "sound": message.generate_audio,
        "duration": message.duration_seconds,
        "quality": _lower(message.quality),
        "prompt_rewrites": policy.max_prompt_rewrites if policy else None,
    }
    only_video: dict[str, Any] = {
        "audios": _refs(message.audio_file_ids),
        "first_frame": _ref(message.start_frame_file_id),
        "dialogue": message.spoken_dialogue,
        "voice_description": message.voice_description,
        "music_off": message.suppress_background_music,
    }
    videos = _refs(message.video_file_ids)
    if len(videos) == 1 and all(value in (None, "", []) for value in only_video.values()):
        return "video-edit", {**told, "video": videos[0], "aspect_ratio": shape}
    return "video", {**told, **only_video, "videos": videos, "aspect_ratio": (shape,) if shape else ()}


def _motion_graphic(message: GenerateMotionGraphic) -> tuple[str, dict[str, Any]]:
    modes = message.sub_tool_modes
    return "motion-graphic", {
        "prompt": message.prompt,
        "files": _refs(message.file_ids),
        "entities": _refs(message.entity_ids),
        "duration": message.duration_seconds,
        "aspect_ratio": _ratio(message.aspect_ratio),
        "transparent": message.transparent_background,
        "make_images": _lower(modes.generate_images if modes else None),
        "make_clips": _lower(modes.generate_video_clips if modes else None),
        "make_voiceover": _lower(modes.generate_voiceover if modes else None),
        "stock": _lower(modes.search_stock_media if modes else None),
    }


def _ref(remote_id: str | None) -> str | None:
    return f"videogen:{remote_id}" if remote_id else None


def _refs(remote_ids: list[str] | None) -> list[str]:
    return [f"videogen:{one}" for one in remote_ids or ()]


def _lower(word: str | None) -> str | None:
    return word.lower() if word else None


def _ratio(ratio: AspectRatio | None) -> str | None:
    return f"{ratio.width}:{ratio.height}" if ratio else None
