"""Every condition of the pages refuses at its field before anything is paid: in the tool, in the offer, or where the request is made."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from studio.dialects.base import UnsupportedInput
from studio.dialects.influencer_studio import codec
from studio.tools import get_tool
from studio.tools.offer_checks import check, check_media
from tests.dialects.influencer_studio.building import offer, resolved
from tests.dialects.influencer_studio.cases import ADA, NARRATOR, M

MOTION = {"video": f"{M}/dance.mp4", "image": f"{M}/ada.png"}
LORAS = {"prompt": "turn", "loras": [{"path": f"{M}/high.safetensors"}]}
CLIP = {"video": f"{M}/in.mp4"}
SCENE = {"influencer": ADA, "template": "podcast", "angle": "front-16-9"}

RULES: dict[str, tuple[str, dict[str, Any], str, float]] = {
    "influencer without photos": ("influencer:create", {"name": "Ada"}, "photos", 0),
    "influencer of too many photos": (
        "influencer:create",
        {"photos": [f"{M}/{n}.png" for n in range(21)]},
        "photos",
        0,
    ),
    "shoot without influencer": ("influencer-shoot:studio-1", {"prompt": "x"}, "influencer", 0),
    "shoot of five": ("influencer-shoot:studio-1", {"influencer": ADA, "count": 5}, "count", 0),
    "influencer video in a square": (
        "influencer-video:veo-3.1",
        {"influencer": ADA, "prompt": "x", "aspect_ratio": "1:1"},
        "aspect_ratio",
        0,
    ),
    "influencer video without words": ("influencer-video:veo-3.1", {"influencer": ADA}, "prompt", 0),
    "music without a title": ("music:v5", {"style": "piano", "prompt": "calm"}, "title", 0),
    "music with a long style": ("music:v5", {"title": "x", "style": "y" * 1001}, "style", 0),
    "clone without a recording": ("voice:clone-or-design", {"method": "clone"}, "audio", 0),
    "design without words": ("voice:clone-or-design", {"method": "design"}, "prompt", 0),
    "eleven faces": ("face:face", {"prompt": "x", "count": 11}, "count", 0),
    "five images": ("image:studio-1", {"prompt": "x", "count": 5}, "count", 0),
    "LoRA for a model that takes none": (
        "image:nano-banana-2",
        {"prompt": "x", "lora": f"{M}/look.safetensors"},
        "lora",
        0,
    ),
    "influencer for another model than Studio 1": (
        "image:flux-ultra",
        {"prompt": "x", "influencer": ADA},
        "influencer",
        0,
    ),
    "edit without a picture": ("image-edit:seedream", {"prompt": "x"}, "image", 0),
    "video of eleven seconds": ("video:kling-3", {"prompt": "x", "duration": 11}, "duration", 0),
    "video in another shape": ("video:kling-3", {"prompt": "x", "aspect_ratio": ["4:5"]}, "aspect_ratio", 0),
    "five seconds of Veo": ("video:veo-3.1", {"prompt": "x", "duration": 5}, "duration", 0),
    "Sora without a length": ("video:sora-2", {"prompt": "x"}, "duration", 0),
    "video without words": ("video:kling-3", {"first_frame": f"{M}/pier.png"}, "prompt", 0),
    "lip sync without a recording": ("lipsync:v3", CLIP, "audio", 0),
    "bound face with the picture's orientation": (
        "motion-control:kling-3-pro",
        MOTION | {"orientation": "image", "face_image": f"{M}/face.png"},
        "orientation",
        5,
    ),
    "motion of over 30 seconds": ("motion-control:kling-3-pro", MOTION, "video", 31),
    "motion of over 10 seconds for a picture": (
        "motion-control:kling-3-pro",
        MOTION | {"orientation": "image"},
        "video",
        11,
    ),
    "four other angles": (
        "motion-control:kling-3-pro",
        MOTION | {"face_image": f"{M}/f.png", "face_references": [f"{M}/{n}.png" for n in range(4)]},
        "face_references",
        5,
    ),
    "LoRA video without LoRAs": ("lora-video:wan-2.2", {"prompt": "x"}, "loras", 0),
    "too few frames": ("lora-video:wan-2.2", LORAS | {"frames": 16}, "frames", 0),
    "too many frames a second": ("lora-video:wan-2.2", LORAS | {"fps": 61}, "fps", 0),
    "elements beside an influencer": (
        "reference-video:kling-3-pro",
        {"prompt": "x", "influencer": ADA, "elements": [{"face": f"{M}/f.png"}]},
        "elements",
        0,
    ),
    "three style pictures": (
        "reference-video:kling-3-pro",
        {"prompt": "x", "images": [f"{M}/{n}.png" for n in range(3)]},
        "images",
        0,
    ),
    "seven seconds of reference video": ("reference-video:kling-3-pro", {"prompt": "x", "duration": 7}, "duration", 0),
    "reference video without words": (
        "reference-video:kling-3-pro",
        {"shots": [{"prompt": "x", "duration": 5}]},
        "prompt",
        0,
    ),
    "target without a resolution": ("video-upscale:seedvr", CLIP | {"mode": "target"}, "target_resolution", 5),
    "resolution without target": ("video-upscale:seedvr", CLIP | {"target_resolution": "720p"}, "target_resolution", 5),
    "factor and target": (
        "video-upscale:topaz",
        CLIP | {"mode": "target", "target_resolution": "720p", "factor": 2},
        "factor",
        5,
    ),
    "fivefold": ("video-upscale:topaz", CLIP | {"factor": 5}, "factor", 5),
    "fifteen frames a second": ("video-upscale:topaz", CLIP | {"target_fps": 15}, "target_fps", 5),
    "Freepik above 15 seconds": ("video-upscale:freepik", CLIP, "video", 16),
    "creativity above 100": ("video-upscale:freepik", CLIP | {"creativity": 101}, "creativity", 5),
    "too few polygons": ("model-3d:v6-text-to-3d", {"prompt": "x", "polycount": 999}, "polycount", 0),
    "picture without words": ("model-3d:v6-image-to-3d", {"image": f"{M}/chair.png"}, "prompt", 0),
    "too hot": ("text:gpt-5.4", {"prompt": "x", "temperature": 2.1}, "temperature", 0),
    "too many tokens": ("text:gpt-5.4", {"prompt": "x", "max_tokens": 16_001}, "max_tokens", 0),
    "talking head without a script": ("talking-head:veed", {"image": f"{M}/ada.png"}, "script", 0),
    "talking head without its recording": (
        "talking-head:veed",
        {"image": f"{M}/ada.png", "audio_mode": "upload"},
        "audio",
        0,
    ),
    "talking head of nobody": ("talking-head:veed", {"script": "Hello"}, "image", 0),
    "picture beside a template": ("talking-head:veed", SCENE | {"script": "x", "image": f"{M}/ada.png"}, "image", 0),
    "template without an influencer": (
        "talking-head:veed",
        {"script": "x", "template": "podcast", "angle": "front-16-9"},
        "influencer",
        0,
    ),
    "Seedance without an influencer": (
        "talking-head:seedance-2-talking-head",
        {"script": "x", "image": f"{M}/ada.png"},
        "influencer",
        0,
    ),
    "two voices": (
        "talking-head:veed",
        {"script": "x", "image": f"{M}/ada.png", "voice": NARRATOR, "cartesia_voice": "cart_1"},
        "voice",
        0,
    ),
    "moving camera of another model": (
        "talking-head:veed",
        {"script": "x", "image": f"{M}/ada.png", "static_camera": False, "camera_motion": "push in"},
        "static_camera",
        0,
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_refuses(rule: str) -> None:
    key, inputs, field, seconds = RULES[rule]
    assert field in refused(key, inputs, seconds)


def refused(key: str, inputs: dict[str, Any], seconds: float) -> set[str]:
    """The fields at which a sentence is shown."""
    tool = get_tool(key.partition(":")[0])
    assert tool is not None
    try:
        tool.Inputs.model_validate(inputs)
    except ValidationError as error:
        return {str(name) for it in error.errors() for name in (it["loc"] or it.get("ctx", {}).get("fields", ()))}
    values = resolved(tool.slug, inputs, seconds=seconds)
    found = {name for name, _ in (*check(offer(key), values.inputs), *check_media(offer(key), values))}
    try:
        codec.encode(offer(key), values)
    except UnsupportedInput as error:
        found.add(error.field)
    return found
