"""Tool inputs to one paid request. Media go as file ids, which `prepare` got before."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from pydantic import ValidationError
from pydantic.alias_generators import to_camel

from studio.dialects.base import Request, UnsupportedInput
from studio.tools.offer import Offer
from studio.tools.values import MediaValue, Resolved

from .eras import DEFAULT, TITLES, NotInEra, to_era
from .wire import (
    PATHS,
    AspectRatio,
    ContentPolicy,
    MarkedRequest,
    PronunciationReplacement,
    Sent,
    SubToolModes,
    ToolRequest,
)

INPUTS: dict[str, tuple[str, ...]] = {
    "imageFileIds": ("images", "image", "influencer"),
    "imageFileId": ("image",),
    "videoFileIds": ("videos", "video"),
    "videoFileId": ("video",),
    "audioFileIds": ("audios",),
    "audioFileId": ("audio",),
    "fileIds": ("files",),
    "entityIds": ("entities",),
    "actorEntityId": ("presenter",),
    "startFrameFileId": ("first_frame",),
    "spokenDialogue": ("dialogue",),
    "voiceDescription": ("voice_description",),
    "generateAudio": ("sound",),
    "suppressBackgroundMusic": ("music_off",),
    "durationSeconds": ("duration",),
    "aspectRatio": ("aspect_ratio",),
    "avatarQuality": ("quality",),
    "contentPolicyConfig": ("prompt_rewrites",),
    "watermarkMode": ("watermark",),
    "numResults": ("count",),
    "ttsText": ("text",),
    "voiceId": ("voice",),
    "speechLanguageCode": ("language",),
    "pronunciationReplacements": ("replacements",),
    "autoExpandPronunciationReplacements": ("spell_out",),
    "voiceSpeed": ("speed",),
    "promptInfluence": ("influence",),
    "transparentBackground": ("transparent",),
    "subToolModes": ("make_images",),
    "system": ("system_prompt",),
    "maxOutputTokens": ("max_tokens",),
}
"""Wire name of today -> the inputs that it is made of, the likeliest first. Anything else has the same name (prompt, quality, temperature)."""

WATERMARKS = {"auto": "AUTO", "none": "NONE", "videogen": "VIDEO_GEN"}

ROLES = {
    "outfit_image": "what they wear",
    "location_image": "the place",
    "pose_image": "the pose",
    "product_image": "the product that they show",
}
CAMERAS = {"pro": "Photographed with a professional camera.", "smartphone": "Taken with a smartphone."}


def encode(offer: Offer, values: Resolved) -> Request:
    """The request for one generation, in the names of the connection's era. Raises UnsupportedInput, NotThere."""
    path = offer.wire["path"]
    era = (values.at.era if values.at else "") or DEFAULT
    try:
        message = PATHS[path](**_SHAPES[path](values), **_shared(PATHS[path], values))
        body = to_era(path, message.to_wire(), era)
    except ValidationError as error:
        wrong = error.errors()[0]
        field = _input(to_camel(str(wrong["loc"][0])) if wrong["loc"] else "prompt", values)
        raise UnsupportedInput(_not_possible(wrong, field, values), field) from error
    except NotInEra as error:
        raise UnsupportedInput(_not_in_era(error, values), _input(error.name, values)) from error
    return Request.post(path, body)


def pictures_of(values: Resolved) -> list[MediaValue]:
    """The reference pictures of generate-image, in the order of `imageFileIds`."""
    found = [*values.media.get("image", ()), *values.media.get("images", ())]
    face = _face(values)
    roles = [media for role in ROLES for media in values.media.get(role, ())]
    return [*found, *([face] if face else []), *roles]


def _shared(message: type[Sent], values: Resolved) -> dict[str, Any]:
    """Every tool: how many, never temporary. Those that make pictures: the watermark that was chosen."""
    if not issubclass(message, ToolRequest):
        return {}
    told: dict[str, Any] = {"num_results": _given(values, "count"), "is_output_temporary": False}
    if issubclass(message, MarkedRequest):
        chosen = _given(values, "watermark") or (values.at.watermark if values.at else "")
        told["watermark_mode"] = WATERMARKS[chosen] if chosen else None
    return told


def _image(values: Resolved) -> dict[str, Any]:
    return {
        "prompt": _picture_prompt(values),
        "image_file_ids": _ids(pictures_of(values)),
        "entity_ids": [*values.choices.get("entities", ()), *_actor(values)] or None,
        "aspect_ratio": _ratio(values),
        "quality": _upper(values, "quality"),
        "content_policy_config": _policy(values),
    }


def _clip(values: Resolved) -> dict[str, Any]:
    return {
        "prompt": _given(values, "prompt"),
        "image_file_ids": _ids(values.media.get("images", ())),
        "video_file_ids": _ids([*values.media.get("video", ()), *values.media.get("videos", ())]),
        "audio_file_ids": _ids(values.media.get("audios", ())),
        "start_frame_file_id": _id(values, "first_frame"),
        "spoken_dialogue": _given(values, "dialogue"),
        "voice_description": _given(values, "voice_description"),
        "generate_audio": _given(values, "sound"),
        "suppress_background_music": _given(values, "music_off"),
        "duration_seconds": _given(values, "duration"),
        "aspect_ratio": _ratio(values),
        "quality": _upper(values, "quality"),
        "content_policy_config": _policy(values),
    }


def _speech(values: Resolved) -> dict[str, Any]:
    lines = _given(values, "replacements") or ()
    pairs = [PronunciationReplacement(original=line.original, replacement=line.replacement) for line in lines]
    return {
        "tts_text": _given(values, "text"),
        "voice_id": values.voice.remote_id("voice") if values.voice else None,
        "speech_language_code": _given(values, "language"),
        "pronunciation_replacements": pairs or None,
        "auto_expand_pronunciation_replacements": _given(values, "spell_out"),
        "voice_speed": _given(values, "speed"),
    }


def _sound_effect(values: Resolved) -> dict[str, Any]:
    return {
        "prompt": _given(values, "prompt"),
        "duration_seconds": _given(values, "duration"),
        "prompt_influence": _given(values, "influence"),
    }


def _music(values: Resolved) -> dict[str, Any]:
    return {"prompt": _given(values, "prompt")}


def _motion_graphic(values: Resolved) -> dict[str, Any]:
    modes: dict[str, Any] = {
        "generate_images": _upper(values, "make_images"),
        "generate_video_clips": _upper(values, "make_clips"),
        "generate_voiceover": _upper(values, "make_voiceover"),
        "search_stock_media": _upper(values, "stock"),
    }
    return {
        "prompt": _given(values, "prompt"),
        "file_ids": _ids(values.media.get("files", ())),
        "entity_ids": list(values.choices.get("entities", ())) or None,
        "duration_seconds": _given(values, "duration"),
        "aspect_ratio": _ratio(values),
        "transparent_background": _given(values, "transparent"),
        "sub_tool_modes": SubToolModes(**modes) if any(modes.values()) else None,
    }


def _avatar(values: Resolved) -> dict[str, Any]:
    return {
        "actor_entity_id": next(iter(values.choices.get("presenter", ())), None),
        "audio_file_id": _id(values, "audio"),
        "avatar_quality": _upper(values, "quality"),
    }


def _image_asset(values: Resolved) -> dict[str, Any]:
    return {"image_file_id": _id(values, "image")}


def _video_asset(values: Resolved) -> dict[str, Any]:
    return {"video_file_id": _id(values, "video")}


def _text(values: Resolved) -> dict[str, Any]:
    return {
        "prompt": _given(values, "prompt"),
        "system": _given(values, "system_prompt"),
        "quality": _upper(values, "quality"),
        "temperature": _given(values, "temperature"),
        "max_output_tokens": _given(values, "max_tokens"),
    }


_SHAPES: dict[str, Callable[[Resolved], dict[str, Any]]] = {
    "/v1/tools/generate-image": _image,
    "/v1/tools/generate-video-clip": _clip,
    "/v1/tools/text-to-speech": _speech,
    "/v1/tools/generate-sound-effect": _sound_effect,
    "/v1/tools/generate-music": _music,
    "/v1/tools/generate-motion-graphic": _motion_graphic,
    "/v1/tools/generate-avatar": _avatar,
    "/v1/tools/vectorize-image": _image_asset,
    "/v1/tools/remove-image-background": _image_asset,
    "/v1/tools/remove-video-background": _video_asset,
    "/v1/tools/upscale-image": _image_asset,
    "/v1/tools/upscale-video": _video_asset,
    "/v1/tools/image-3d-effect": _image_asset,
    "/v1/text/generate": _text,
}


# -- Single values --------------------------------------------------------------------------------------------------------------


def _given(values: Resolved, name: str) -> Any:
    """An input, None where this tool does not have it or it was left open."""
    value = getattr(values.inputs, name, None)
    return None if value in ("", ()) else value


def _upper(values: Resolved, name: str) -> str | None:
    value = _given(values, name)
    return value.upper() if value else None


def _id(values: Resolved, field: str) -> str | None:
    media = values.one(field)
    return media.remote_id("file") if media else None


def _ids(media: Iterable[MediaValue]) -> list[str] | None:
    return list(dict.fromkeys(one.remote_id("file") for one in media)) or None


def _ratio(values: Resolved) -> AspectRatio | None:
    shape = _given(values, "aspect_ratio")
    name = shape[0] if isinstance(shape, tuple) else shape
    if not name or name == "auto":
        return None
    width, height = name.split(":")
    return AspectRatio(width=int(width), height=int(height))


def _policy(values: Resolved) -> ContentPolicy | None:
    rewrites = _given(values, "prompt_rewrites")
    return None if rewrites is None else ContentPolicy(max_prompt_rewrites=rewrites)


# -- People: VideoGen has no influencers, so the face goes along, and words say which picture is what -------------------------------


def _actor(values: Resolved) -> list[str]:
    """A person that is an ACTOR entity there needs no picture."""
    known = values.influencer.remote.values() if values.influencer else ()
    return [remote for remote in known if remote.startswith("vg_enti_")][:1]


def _face(values: Resolved) -> MediaValue | None:
    if values.influencer is None or _actor(values):
        return None
    if values.influencer.face is None:
        raise UnsupportedInput(f"{values.influencer.name} has no photo that VideoGen could go by.", "influencer")
    return values.influencer.face


def _picture_prompt(values: Resolved) -> str | None:
    """The person's words, then what each picture stands for: the API takes pictures without roles."""
    order = list(dict.fromkeys(one.remote_id("file") for one in pictures_of(values)))
    face = _face(values)
    lines = [_given(values, "prompt") or ("A photo of the person." if values.influencer else "")]
    if face:
        lines.append(f"Picture {order.index(face.remote_id('file')) + 1} shows the person: keep the face exactly.")
    for role, meaning in ROLES.items():
        media = values.one(role)
        if media:
            lines.append(f"Picture {order.index(media.remote_id('file')) + 1} shows {meaning}.")
    lines.append(CAMERAS.get(_given(values, "camera_style") or "", ""))
    return "\n".join(line for line in lines if line) or None


# -- Refusals before anything is sent -----------------------------------------------------------------------------------------------


def _input(wire_name: str, values: Resolved) -> str:
    """The input that a wire name stands for in this tool."""
    names = INPUTS.get(wire_name, (wire_name,))
    return next((name for name in names if name in type(values.inputs).model_fields), names[0])


def _not_possible(wrong: Any, field: str, values: Resolved) -> str:
    limit = wrong.get("ctx", {})
    if wrong["type"] == "too_long":
        people = ", the person's face included" if values.influencer else ""
        return (
            f"VideoGen takes {limit['max_length']} files here at the most{people}; there are {limit['actual_length']}."
        )
    if wrong["type"] == "rule":
        return "VideoGen needs something to start from: words, a picture, a clip or a recording."
    if wrong["type"] in ("missing", "string_type"):
        return f"VideoGen needs “{_label(field, values)}” here."
    return f"VideoGen cannot take this for “{_label(field, values)}”: {wrong['msg'].lower()}."


def _label(field: str, values: Resolved) -> str:
    known = type(values.inputs).model_fields.get(field)
    return (known.title if known else None) or field


def _not_in_era(error: NotInEra, values: Resolved) -> str:
    if error.name.startswith("/"):
        return f"VideoGen {TITLES[error.era]} cannot make this. Switch the connection to today's names to use it."
    if error.name == "videoFileIds":
        return f"VideoGen {TITLES[error.era]} takes one clip only."
    label = _label(_input(error.name, values), values)
    return f"VideoGen {TITLES[error.era]} has no “{label}”. Leave it empty, or switch the connection to today's names."
