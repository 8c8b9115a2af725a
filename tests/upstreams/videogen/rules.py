"""What each tool accepts in each era, in the reference's own words (sections 0, 3 and 11)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Check = Callable[[Any], bool]


def text(value: Any) -> bool:
    return isinstance(value, str)


def flag(value: Any) -> bool:
    return isinstance(value, bool)


def whole(low: int, high: int) -> Check:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def number(low: float, high: float) -> Check:
    return lambda value: isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


def word(*words: str) -> Check:
    return lambda value: value in words


def texts(most: int = 1000) -> Check:
    return lambda value: isinstance(value, list) and len(value) <= most and all(map(text, value))


def ratio(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"width", "height"}
        and all(whole(1, 10**6)(v) for v in value.values())
    )


def policy(value: Any) -> bool:
    return isinstance(value, dict) and set(value) <= {"maxPromptRewrites"} and all(map(whole(0, 4), value.values()))


def modes(value: Any) -> bool:
    keys = {"generateImages", "generateVideoClips", "generateVoiceover", "searchStockMedia"}
    return (
        isinstance(value, dict) and set(value) <= keys and all(map(word("AUTO", "ENABLED", "DISABLED"), value.values()))
    )


def replacements(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(pair, dict) and set(pair) == {"original", "replacement"} and all(map(text, pair.values()))
        for pair in value
    )


QUALITY = word("LOW", "STANDARD", "HIGH", "MAX")
COMMON = {"numResults": whole(1, 100), "isOutputTemporary": flag}
MARK = {"watermarkMode": word("NONE", "VIDEO_GEN", "AUTO")}
HIDE = {"hideFromUi": flag}
NEWER = {"quality": QUALITY, "contentPolicyConfig": policy, **HIDE}


def asset(name: str, *, hide: bool = False) -> dict[str, Check]:
    return {name: text, **MARK, **COMMON, **(HIDE if hide else {})}


IMAGE_0: dict[str, Check] = {"prompt": text, "imageFileIds": texts(4), "aspectRatio": ratio, **MARK, **COMMON}
CLIP_0: dict[str, Check] = {
    "prompt": text,
    "imageFileIds": texts(),
    "videoFileId": text,
    "generateAudio": flag,
    "aspectRatio": ratio,
    **MARK,
    **COMMON,
}
CLIP_1: dict[str, Check] = {
    **{name: check for name, check in CLIP_0.items() if name != "videoFileId"},
    "videoFileIds": texts(4),
    "audioFileIds": texts(4),
    "durationSeconds": whole(1, 30),
    "quality": word("STANDARD", "HIGH"),
}
CLIP_2: dict[str, Check] = {
    **CLIP_1,
    **NEWER,
    "imageFileIds": texts(4),
    "startFrameFileId": text,
    "spokenDialogue": text,
    "voiceDescription": text,
    "suppressBackgroundMusic": flag,
}
SPEECH: dict[str, Check] = {
    "ttsText": text,
    "voiceId": text,
    "speechLanguageCode": text,
    "pronunciationReplacements": replacements,
    "autoExpandPronunciationReplacements": flag,
    "voiceSpeed": number(0.5, 2),
    **COMMON,
}
EFFECT: dict[str, Check] = {"prompt": text, "durationSeconds": number(1, 30), "promptInfluence": number(0, 1), **COMMON}
MUSIC: dict[str, Check] = {"prompt": text, **COMMON}
GRAPHIC: dict[str, Check] = {
    "prompt": text,
    "fileIds": texts(8),
    "entityIds": texts(),
    "durationSeconds": whole(1, 300),
    "aspectRatio": ratio,
    "transparentBackground": flag,
    "subToolModes": modes,
    **COMMON,
    **HIDE,
}
AVATAR_0: dict[str, Check] = {"avatarPresenterId": text, "audioStorageFileId": text, **MARK, **COMMON}
AVATAR_2: dict[str, Check] = {
    "actorEntityId": text,
    "audioFileId": text,
    "avatarQuality": QUALITY,
    **MARK,
    **COMMON,
    **HIDE,
}
TEXT: dict[str, Check] = {
    "prompt": text,
    "system": text,
    "quality": QUALITY,
    "temperature": number(0, 2),
    "maxOutputTokens": whole(1, 2000),
}

FIELDS: dict[str, dict[str, dict[str, Check]]] = {
    "generate-image": {
        "0": IMAGE_0,
        "1": {**IMAGE_0, "quality": word("LOW", "STANDARD", "HIGH")},
        "2": {**IMAGE_0, **NEWER, "entityIds": texts()},
    },
    "generate-video-clip": {"0": CLIP_0, "1": CLIP_1, "2": CLIP_2},
    "text-to-speech": {"0": SPEECH, "1": SPEECH, "2": {**SPEECH, **HIDE}},
    "generate-sound-effect": {"0": EFFECT, "1": EFFECT, "2": {**EFFECT, **HIDE}},
    "generate-music": {"1": MUSIC, "2": {**MUSIC, **HIDE}},
    "generate-motion-graphic": {"2": GRAPHIC},
    "generate-avatar": {"0": AVATAR_0, "1": AVATAR_0, "2": AVATAR_2},
    **{
        tool: {
            "0": asset("imageStorageFileId"),
            "1": asset("imageStorageFileId"),
            "2": asset("imageFileId", hide=True),
        }
        for tool in ("vectorize-image", "remove-image-background", "upscale-image")
    },
    **{
        tool: {
            "0": asset("videoStorageFileId"),
            "1": asset("videoStorageFileId"),
            "2": asset("videoFileId", hide=True),
        }
        for tool in ("remove-video-background", "upscale-video")
    },
    "image-3d-effect": {"1": asset("imageStorageFileId"), "2": asset("imageFileId", hide=True)},
    "text": {"1": TEXT, "2": TEXT},
}

REQUIRED: dict[str, dict[str, tuple[str, ...]]] = {
    "generate-image": {"0": ("prompt",), "1": ("prompt", "quality"), "2": ("prompt",)},
    "generate-video-clip": {"0": (), "1": ("quality",), "2": ()},
    "text-to-speech": {"0": ("ttsText",), "1": ("ttsText", "voiceId"), "2": ("ttsText", "voiceId")},
    "generate-sound-effect": dict.fromkeys("012", ("prompt",)),
    "generate-music": dict.fromkeys("12", ("prompt",)),
    "generate-motion-graphic": {"2": ("prompt",)},
    "generate-avatar": {
        **dict.fromkeys("01", ("avatarPresenterId", "audioStorageFileId")),
        "2": ("actorEntityId", "audioFileId"),
    },
    **{
        tool: {**dict.fromkeys("01", ("imageStorageFileId",)), "2": ("imageFileId",)}
        for tool in ("vectorize-image", "remove-image-background", "upscale-image", "image-3d-effect")
    },
    **{
        tool: {**dict.fromkeys("01", ("videoStorageFileId",)), "2": ("videoFileId",)}
        for tool in ("remove-video-background", "upscale-video")
    },
    "text": dict.fromkeys("12", ("prompt",)),
}
CLIP_NEEDS = (
    "prompt",
    "startFrameFileId",
    "imageFileIds",
    "videoFileIds",
    "videoFileId",
    "audioFileIds",
    "spokenDialogue",
)

RESULT_KINDS = {
    "generate-image": "image",
    "generate-video-clip": "video",
    "text-to-speech": "audio",
    "generate-sound-effect": "audio",
    "generate-music": "audio",
    "generate-motion-graphic": "video",
    "generate-avatar": "video",
    "vectorize-image": "svg",
    "remove-image-background": "image",
    "remove-video-background": "video",
    "upscale-image": "image",
    "upscale-video": "video",
    "image-3d-effect": "video",
}


def complaint(tool: str, body: Any, era: str) -> str:
    """What is wrong with a request, in the words of a 400; empty when nothing is. era "any": each spelling of each era is fine."""
    if not isinstance(body, dict):
        return "The body must be a JSON object."
    told = {name: value for name, value in body.items() if value is not None}
    eras = FIELDS[tool] if era == "any" else {era: FIELDS[tool][era]}
    allowed = {name: check for names in eras.values() for name, check in names.items()}
    for name, value in told.items():
        if name not in allowed:
            return f'Unrecognized key: "{name}".'
        if not any(names[name](value) for names in eras.values() if name in names):
            return f"{name} is not valid."
    missing = [[name for name in REQUIRED[tool][era] if name not in told] for era in eras]
    if all(missing):
        return f"{min(missing, key=len)[0]} is required."
    if tool == "generate-video-clip" and not any(told.get(name) for name in CLIP_NEEDS):
        return "At least one of prompt, imageFileIds, or videoFileId must be provided."
    return ""


def files_named(body: dict[str, Any]) -> list[str]:
    """Every file id in a request."""
    found: list[str] = []
    for name, value in body.items():
        if name.endswith("FileId") and isinstance(value, str):
            found.append(value)
        if (name.endswith("FileIds") or name == "fileIds") and isinstance(value, list):
            found += value
    return found
