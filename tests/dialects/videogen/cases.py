"""Inputs of every tool in every era, and the exact JSON that they must become. Both the codec's and the adapter's tests go through them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from studio.providers import shipped_offers
from studio.tools import get_tool
from studio.tools.fields import widget_of
from studio.tools.offer import Offer
from studio.tools.values import At, InfluencerValue, MediaKind, MediaValue, Resolved, VoiceValue

ERAS = ("2", "1", "0")
MEDIA_WIDGETS = ("image", "video", "audio", "images", "videos", "audios", "files")
CHOICE_WIDGETS = ("presenter", "entities", "avatar", "preset")

IMAGE = "videogen:vg_file_image"
OTHER = "videogen:vg_file_other"
VIDEO = "videogen:vg_file_video"
AUDIO = "videogen:vg_file_audio"


@dataclass(frozen=True)
class Case:
    """told: the inputs. sent: path and JSON. watermark: what the team chose. face: the file of an influencer's first photo."""

    tool: str
    eras: str
    told: dict[str, Any]
    path: str
    sent: dict[str, Any]
    watermark: str = ""
    face: str = ""

    def __str__(self) -> str:
        return f"{self.tool}-{self.eras}-{len(self.told)}"


def media_value(reference: str, kind: MediaKind = "image") -> MediaValue:
    """A file that VideoGen knows already, as preparing leaves it."""
    remote_id = reference.removeprefix("videogen:")
    return MediaValue(
        uuid5(NAMESPACE_URL, remote_id), "0" * 64, "image/png", 8, 8, "", kind, remote_id, remote={"file": remote_id}
    )


def resolved(tool_slug: str, told: dict[str, Any], era: str, watermark: str = "", face: str = "") -> Resolved:
    """What the engine would make of these inputs."""
    tool = get_tool(tool_slug)
    assert tool is not None
    inputs = tool.Inputs.model_validate(told)
    media: dict[str, tuple[MediaValue, ...]] = {}
    choices: dict[str, tuple[str, ...]] = {}
    voice = None
    for name, info in tool.Inputs.model_fields.items():
        value, widget = getattr(inputs, name), widget_of(info.metadata).name
        given = ((value,) if isinstance(value, str) else value) if value else ()
        if widget in MEDIA_WIDGETS and given:
            media[name] = tuple(media_value(one) for one in given)
        elif widget in CHOICE_WIDGETS and given:
            choices[name] = tuple(one.removeprefix("videogen:") for one in given)
        elif widget == "voice" and value:
            voice = VoiceValue(None, "Rowan", remote={"voice": value.removeprefix("videogen:")})
    person = InfluencerValue(uuid5(NAMESPACE_URL, "ada"), "Ada", photos=(media_value(face),)) if face else None
    at = At("videogen", era=era, watermark=watermark)
    return Resolved(tool, inputs, inputs, {}, media=media, choices=choices, voice=voice, influencer=person, at=at)


def offer_for(tool_slug: str, era: str) -> Offer:
    """The shipped offer that a connection of this era has."""
    return next(it for it in shipped_offers("videogen") if it.tool == tool_slug and (not it.eras or era in it.eras))


TIMES = {"isOutputTemporary": False}
SQUARE = {"width": 1, "height": 1}

IMAGE_TOLD = {"prompt": "paper boat", "images": [IMAGE, OTHER], "aspect_ratio": "1:1", "count": 2, "watermark": "none"}
IMAGE_SENT = {
    "prompt": "paper boat",
    "imageFileIds": ["vg_file_image", "vg_file_other"],
    "aspectRatio": SQUARE,
    "numResults": 2,
    "watermarkMode": "NONE",
    **TIMES,
}
EDIT_TOLD = {
    "prompt": "make it snow",
    "image": IMAGE,
    "images": [OTHER],
    "aspect_ratio": "4:5",
    "watermark": "videogen",
}
EDIT_SENT = {
    "prompt": "make it snow",
    "imageFileIds": ["vg_file_image", "vg_file_other"],
    "aspectRatio": {"width": 4, "height": 5},
    "numResults": 1,
    "watermarkMode": "VIDEO_GEN",
    **TIMES,
}
CLIP_TOLD = {
    "prompt": "waves",
    "images": [IMAGE],
    "videos": [VIDEO],
    "sound": True,
    "aspect_ratio": "9:16",
    "count": 3,
    "watermark": "auto",
}
CLIP_SENT = {
    "prompt": "waves",
    "imageFileIds": ["vg_file_image"],
    "generateAudio": True,
    "aspectRatio": {"width": 9, "height": 16},
    "numResults": 3,
    "watermarkMode": "AUTO",
    **TIMES,
}
RESTYLE_TOLD = {"video": VIDEO, "prompt": "heavy snow", "images": [IMAGE], "sound": False, "aspect_ratio": "16:9"}
RESTYLE_SENT = {
    "prompt": "heavy snow",
    "imageFileIds": ["vg_file_image"],
    "generateAudio": False,
    "aspectRatio": {"width": 16, "height": 9},
    "numResults": 1,
    **TIMES,
}
SPEECH_TOLD = {
    "text": "Hello SQL",
    "voice": "videogen:vg_voic_m9",
    "language": "en",
    "replacements": [{"original": "SQL", "replacement": "sequel"}],
    "spell_out": True,
    "speed": 1.25,
    "count": 2,
}
SPEECH_SENT = {
    "ttsText": "Hello SQL",
    "voiceId": "vg_voic_m9",
    "speechLanguageCode": "en",
    "pronunciationReplacements": [{"original": "SQL", "replacement": "sequel"}],
    "autoExpandPronunciationReplacements": True,
    "voiceSpeed": 1.25,
    "numResults": 2,
    **TIMES,
}
AVATAR_SENT = {"watermarkMode": "NONE", "numResults": 1, **TIMES}

CASES = [
    Case("image", "0", IMAGE_TOLD, "/v1/tools/generate-image", IMAGE_SENT),
    Case("image", "1", IMAGE_TOLD, "/v1/tools/generate-image", {**IMAGE_SENT, "quality": "STANDARD"}),
    Case(
        "image",
        "2",
        {**IMAGE_TOLD, "entities": ["videogen:vg_enti_s1"], "quality": "max", "prompt_rewrites": 2},
        "/v1/tools/generate-image",
        {
            **IMAGE_SENT,
            "entityIds": ["vg_enti_s1"],
            "quality": "MAX",
            "contentPolicyConfig": {"maxPromptRewrites": 2},
        },
    ),
    Case("image", "20", {"prompt": "a cat"}, "/v1/tools/generate-image", {"prompt": "a cat", "numResults": 1, **TIMES}),
    Case(
        "image",
        "20",
        {"prompt": "a cat"},
        "/v1/tools/generate-image",
        {"prompt": "a cat", "numResults": 1, "watermarkMode": "AUTO", **TIMES},
        watermark="auto",
    ),
    Case(
        "image",
        "20",
        {"prompt": "on a beach", "images": [IMAGE], "influencer": "ada"},
        "/v1/tools/generate-image",
        {
            "prompt": "on a beach\nPicture 2 shows the person: keep the face exactly.",
            "imageFileIds": ["vg_file_image", "vg_file_face"],
            "numResults": 1,
            **TIMES,
        },
        face="vg_file_face",
    ),
    Case("image-edit", "0", EDIT_TOLD, "/v1/tools/generate-image", EDIT_SENT),
    Case("image-edit", "1", EDIT_TOLD, "/v1/tools/generate-image", {**EDIT_SENT, "quality": "STANDARD"}),
    Case(
        "image-edit",
        "2",
        {**EDIT_TOLD, "quality": "low", "prompt_rewrites": 0},
        "/v1/tools/generate-image",
        {**EDIT_SENT, "quality": "LOW", "contentPolicyConfig": {"maxPromptRewrites": 0}},
    ),
    Case(
        "influencer-shoot",
        "20",
        {
            "influencer": "ada",
            "prompt": "reading",
            "outfit_image": IMAGE,
            "product_image": OTHER,
            "camera_style": "smartphone",
            "aspect_ratio": "4:5",
            "count": 4,
        },
        "/v1/tools/generate-image",
        {
            "prompt": "reading\nPicture 1 shows the person: keep the face exactly.\nPicture 2 shows what they wear.\n"
            "Picture 3 shows the product that they show.\nTaken with a smartphone.",
            "imageFileIds": ["vg_file_face", "vg_file_image", "vg_file_other"],
            "aspectRatio": {"width": 4, "height": 5},
            "numResults": 4,
            "watermarkMode": "VIDEO_GEN",
            **TIMES,
        },
        watermark="videogen",
        face="vg_file_face",
    ),
    Case("video", "0", CLIP_TOLD, "/v1/tools/generate-video-clip", {**CLIP_SENT, "videoFileId": "vg_file_video"}),
    Case(
        "video",
        "1",
        {**CLIP_TOLD, "audios": [AUDIO], "duration": 12, "quality": "high"},
        "/v1/tools/generate-video-clip",
        {
            **CLIP_SENT,
            "videoFileIds": ["vg_file_video"],
            "audioFileIds": ["vg_file_audio"],
            "durationSeconds": 12,
            "quality": "HIGH",
        },
    ),
    Case(
        "video",
        "1",
        {"prompt": "waves"},
        "/v1/tools/generate-video-clip",
        {"prompt": "waves", "quality": "STANDARD", "numResults": 1, **TIMES},
    ),
    Case(
        "video",
        "2",
        {
            **CLIP_TOLD,
            "videos": [VIDEO, OTHER],
            "audios": [AUDIO],
            "first_frame": OTHER,
            "dialogue": "Good morning",
            "voice_description": "warm",
            "music_off": True,
            "duration": 30,
            "quality": "standard",
            "prompt_rewrites": 4,
        },
        "/v1/tools/generate-video-clip",
        {
            **CLIP_SENT,
            "videoFileIds": ["vg_file_video", "vg_file_other"],
            "audioFileIds": ["vg_file_audio"],
            "startFrameFileId": "vg_file_other",
            "spokenDialogue": "Good morning",
            "voiceDescription": "warm",
            "suppressBackgroundMusic": True,
            "durationSeconds": 30,
            "quality": "STANDARD",
            "contentPolicyConfig": {"maxPromptRewrites": 4},
        },
    ),
    Case(
        "video-edit",
        "0",
        RESTYLE_TOLD,
        "/v1/tools/generate-video-clip",
        {**RESTYLE_SENT, "videoFileId": "vg_file_video"},
    ),
    Case(
        "video-edit",
        "1",
        {**RESTYLE_TOLD, "duration": 5},
        "/v1/tools/generate-video-clip",
        {**RESTYLE_SENT, "videoFileIds": ["vg_file_video"], "durationSeconds": 5, "quality": "STANDARD"},
    ),
    Case(
        "video-edit",
        "2",
        {**RESTYLE_TOLD, "duration": 1, "quality": "low", "prompt_rewrites": 1, "watermark": "none"},
        "/v1/tools/generate-video-clip",
        {
            **RESTYLE_SENT,
            "videoFileIds": ["vg_file_video"],
            "durationSeconds": 1,
            "quality": "LOW",
            "contentPolicyConfig": {"maxPromptRewrites": 1},
            "watermarkMode": "NONE",
        },
    ),
    Case("speech", "210", SPEECH_TOLD, "/v1/tools/text-to-speech", SPEECH_SENT),
    Case("speech", "0", {"text": "Hi"}, "/v1/tools/text-to-speech", {"ttsText": "Hi", "numResults": 1, **TIMES}),
    Case(
        "sound-effect",
        "210",
        {"prompt": "a door", "duration": 2.5, "influence": 0.4, "count": 2},
        "/v1/tools/generate-sound-effect",
        {"prompt": "a door", "durationSeconds": 2.5, "promptInfluence": 0.4, "numResults": 2, **TIMES},
    ),
    Case(
        "music",
        "21",
        {"prompt": "calm piano", "count": 2},
        "/v1/tools/generate-music",
        {"prompt": "calm piano", "numResults": 2, **TIMES},
    ),
    Case(
        "motion-graphic",
        "2",
        {
            "prompt": "three steps",
            "files": [IMAGE, VIDEO, AUDIO],
            "entities": ["videogen:vg_enti_p1"],
            "duration": 300,
            "aspect_ratio": "21:9",
            "transparent": False,
            "make_images": "enabled",
            "make_clips": "disabled",
            "make_voiceover": "auto",
            "stock": "disabled",
            "count": 2,
        },
        "/v1/tools/generate-motion-graphic",
        {
            "prompt": "three steps",
            "fileIds": ["vg_file_image", "vg_file_video", "vg_file_audio"],
            "entityIds": ["vg_enti_p1"],
            "durationSeconds": 300,
            "aspectRatio": {"width": 21, "height": 9},
            "transparentBackground": False,
            "subToolModes": {
                "generateImages": "ENABLED",
                "generateVideoClips": "DISABLED",
                "generateVoiceover": "AUTO",
                "searchStockMedia": "DISABLED",
            },
            "numResults": 2,
            **TIMES,
        },
    ),
    Case(
        "avatar-clip",
        "10",
        {"presenter": "videogen:vg_pres_k1", "audio": AUDIO, "watermark": "none"},
        "/v1/tools/generate-avatar",
        {"avatarPresenterId": "vg_pres_k1", "audioStorageFileId": "vg_file_audio", **AVATAR_SENT},
    ),
    Case(
        "avatar-clip",
        "2",
        {"presenter": "videogen:vg_enti_a1", "audio": AUDIO, "quality": "high", "watermark": "none"},
        "/v1/tools/generate-avatar",
        {"actorEntityId": "vg_enti_a1", "audioFileId": "vg_file_audio", "avatarQuality": "HIGH", **AVATAR_SENT},
    ),
    *(
        Case(
            tool,
            eras,
            {kind: f"videogen:vg_file_{kind}", "count": 2, "watermark": "none"},
            f"/v1/tools/{path}",
            {name: f"vg_file_{kind}", "watermarkMode": "NONE", "numResults": 2, **TIMES},
        )
        for tool, path, kind, older in (
            ("vectorize", "vectorize-image", "image", "10"),
            ("image-cutout", "remove-image-background", "image", "10"),
            ("image-upscale", "upscale-image", "image", "10"),
            ("image-3d", "image-3d-effect", "image", "1"),
            ("video-cutout", "remove-video-background", "video", "10"),
            ("video-upscale", "upscale-video", "video", "10"),
        )
        for eras, name in (("2", f"{kind}FileId"), (older, f"{kind}StorageFileId"))
    ),
    Case(
        "text",
        "21",
        {"prompt": "a slogan", "system_prompt": "short", "quality": "low", "temperature": 0.3, "max_tokens": 64},
        "/v1/text/generate",
        {"prompt": "a slogan", "system": "short", "quality": "LOW", "temperature": 0.3, "maxOutputTokens": 64},
    ),
]

EACH = [(case, era) for case in CASES for era in case.eras]
"""Every case in each of its eras."""

IDS = [f"{case.tool}-{era}-{place}" for place, (case, era) in enumerate(EACH)]
