"""The fields of every POST as its pages list them, and what of a body is wrong. The OpenAPI document forbids unknown keys; so do we.

A field's kind: `text`, `url`, `int 1-4`, `num 0-2`, `bool`, `one a|b`, `urls 1-20` (a list of addresses), `list` of objects; `!` is required.
A dot leads into an object, `[]` into each object of a list.
"""

from __future__ import annotations

import re
from typing import Any

LORA_TYPES = "flux-2-klein|z-image|flux-lora|flux-1-dev|qwen-image-2512|qwen-image-edit-2511"

UPSCALE = {
    "video_url": "url!",
    "upscale_mode": "one factor|target",
    "upscale_factor": "num 1-4",
    "target_resolution": "one 720p|1080p|1440p|2160p",
    "output_format": "text",
    "output_quality": "one low|medium|high|maximum",
    "workspace_id": "text",
}

FIELDS: dict[str, dict[str, str]] = {
    "/influencers/create": {"name": "text 1-100", "image_urls": "urls 1-20!", "workspace_id": "text"},
    "/influencers/generate": {
        "influencer_id": "text!",
        "prompt": "text",
        "outfit_image": "url",
        "location_image": "url",
        "reference_pose_image": "url",
        "product_image": "url",
        "camera_style": "one pro|smartphone",
        "lora_url": "url",
        "lora_type": f"one {LORA_TYPES}",
        "batch": "int 1-4",
        "settings.aspect_ratio": "text",
        "workspace_id": "text",
    },
    "/influencers/video": {
        "influencer_id": "text!",
        "prompt": "text!",
        "dialog": "text",
        "product_image": "url",
        "outfit_image": "url",
        "location_image": "url",
        "aspect_ratio": "one 16:9|9:16",
        "workspace_id": "text",
    },
    "/music/generate": {
        "title": "text 1-100!",
        "style": "text 0-1000",
        "lyrics": "text 0-5000",
        "instrumental": "bool",
        "vocal_gender": "one m|f",
        "model": "one V3_5|V4|V4_5|V4_5PLUS|V5",
        "workspace_id": "text",
    },
    "/voices/generate": {
        "method": "one clone|design!",
        "influencer_id": "text",
        "audio_url": "url",
        "prompt": "text",
        "name": "text",
        "workspace_id": "text",
    },
    "/images/generate-face": {
        "prompt": "text!",
        "negative_prompt": "text",
        "batch": "int 1-10",
        "gender": "text",
        "ethnicity": "text",
        "hair_color": "text",
        "seed": "num",
        "workspace_id": "text",
    },
    "/images/generate": {
        "prompt": "text!",
        "negative_prompt": "text",
        "model": "text",
        "influencer_id": "text",
        "lora_url": "url",
        "lora_type": f"one {LORA_TYPES}",
        "batch": "int 1-4",
        "settings.aspect_ratio": "text",
        "settings.num_inference_steps": "int 1-100",
        "init_image": "url",
        "webhook": "url",
        "workspace_id": "text",
    },
    "/images/edit": {
        "image_url": "url!",
        "prompt": "text!",
        "additional_images": "urls",
        "model": "text",
        "webhook": "url",
        "workspace_id": "text",
    },
    "/videos/generate": {
        "prompt": "text!",
        "model": "text",
        "settings.aspect_ratio": "one 16:9|9:16|1:1",
        "settings.duration": "int 1-10",
        "first_frame_image": "url",
        "webhook": "url",
        "workspace_id": "text",
    },
    "/videos/lipsync": {
        "video_url": "url!",
        "audio_url": "url!",
        "model": "text",
        "generation_id": "text",
        "workspace_id": "text",
    },
    "/videos/motion-control": {
        "video_url": "url!",
        "image_url": "url!",
        "prompt": "text",
        "character_orientation": "one video|image",
        "element.frontal_image_url": "url",
        "element.reference_image_urls": "urls 1-3",
        "workspace_id": "text",
    },
    "/videos/wan22": {
        "mode": "one t2v|i2v!",
        "prompt": "text!",
        "image_url": "url",
        "influencer_id": "text",
        "loras": "list 1-99!",
        "loras[].path": "url!",
        "loras[].scale": "num 0-2",
        "loras[].transformer": "one high|low|both",
        "settings.resolution": "one 480p|580p|720p",
        "settings.aspect_ratio": "one 16:9|9:16|1:1",
        "settings.num_frames": "int 17-161",
        "settings.frames_per_second": "int 4-60",
        "settings.num_inference_steps": "int 1-100",
        "settings.guidance_scale": "num 0-20",
        "settings.enable_prompt_expansion": "bool",
        "settings.seed": "int",
    },
    "/videos/reference-to-video": {
        "prompt": "text!",
        "influencer_id": "text",
        "elements": "list",
        "elements[].frontal_image_url": "url!",
        "elements[].reference_image_urls": "urls 1-3",
        "image_urls": "urls 0-2",
        "start_image_url": "url",
        "end_image_url": "url",
        "multi_prompt": "list",
        "multi_prompt[].prompt": "text!",
        "multi_prompt[].duration": "text!",
        "duration": "one 5|10",
        "aspect_ratio": "one 16:9|9:16|1:1",
        "script": "text",
        "voice_id": "text",
        "product_image_urls": "urls",
        "outfit_image_url": "url",
        "location_image_urls": "urls",
        "workspace_id": "text",
    },
    "/videos/upscale/seedvr": UPSCALE,
    "/videos/upscale/topaz": {**UPSCALE, "target_fps": "int 16-60", "h264_output": "bool"},
    "/videos/upscale/freepik": {
        "video_url": "url!",
        "resolution": "one 1k|2k|4k",
        "fps_boost": "bool",
        "creativity": "int 0-100",
        "sharpen": "int 0-100",
        "smart_grain": "int 0-100",
        "flavor": "one vivid|natural",
        "workspace_id": "text",
    },
    "/models-3d/generate": {
        "prompt": "text!",
        "init_image": "url",
        "model": "text",
        "settings.mode": "one preview|full",
        "settings.art_style": "one realistic|sculpture",
        "settings.topology": "one quad|triangle",
        "settings.target_polycount": "int 1000-100000",
        "settings.symmetry_mode": "one off|auto|on",
        "settings.should_remesh": "bool",
        "settings.is_a_t_pose": "bool",
        "settings.enable_pbr": "bool",
        "settings.enable_prompt_expansion": "bool",
        "webhook": "url",
        "workspace_id": "text",
    },
    "/text/generate": {
        "prompt": "text!",
        "model": "text",
        "settings.temperature": "num 0-2",
        "settings.max_tokens": "int 1-16000",
        "settings.system_prompt": "text",
        "workspace_id": "text",
    },
    "/videos/talking-head": {
        "script": "text",
        "audio_url": "url",
        "audio_mode": "one generate|upload",
        "voice_id": "text",
        "cartesia_voice_id": "text",
        "audio_settings.speed": "num 0.5-2",
        "audio_settings.volume": "num 0.5-2",
        "audio_settings.emotion": "one neutral|excited|happy|calm|sad|angry|enthusiastic|curious|frustrated",
        "audio_settings.language": "text",
        "model": "text",
        "duration": "text",
        "resolution": "text",
        "aspect_ratio": "one 16:9|9:16",
        "influencer_id": "text",
        "start_image_url": "url",
        "template_id": "text",
        "angle_id": "text",
        "static_camera": "bool",
        "camera_motion_prompt": "text",
        "workspace_id": "text",
    },
    "/billing/top-up": {
        "plan_id": "text!",
        "variant_id": "text",
        "success_url": "url",
        "cancel_url": "url",
        "dispute_policy_acknowledged": "bool",
        "signature_name": "text 2-120",
    },
}


def problems(path: str, body: Any) -> list[str]:
    """What is wrong with a body, in a word each; nothing for a right one."""
    if not isinstance(body, dict):
        return ["body"]
    fields = FIELDS[path]
    flat = list(_flat(body, fields))
    found = [f"{place}: unknown" for place, _ in flat if place not in fields]
    found += [f"{place}: {value!r}" for place, value in flat if place in fields and not _fits(value, fields[place])]
    for place, kind in fields.items():
        missing = kind.endswith("!") and "." not in place and place not in body
        found += [f"{place}: missing"] if missing else []
    return found + _together(path, body)


def _flat(data: dict[str, Any], fields: dict[str, str], before: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for name, value in data.items():
        place = before + name
        if isinstance(value, dict) and place not in fields:
            found += _flat(value, fields, f"{place}.")
            continue
        found.append((place, value))
        if isinstance(value, list) and any(it.startswith(f"{place}[].") for it in fields):
            for item in value:
                found += _flat(item, fields, f"{place}[].")
    return found


def _fits(value: Any, kind: str) -> bool:
    word, _, rest = kind.removesuffix("!").partition(" ")
    if word == "one":
        return value in rest.split("|")
    if word == "bool":
        return isinstance(value, bool)
    if word == "url":
        return isinstance(value, str) and bool(re.match(r"https?://", value))
    low, _, high = rest.partition("-")
    within = (lambda number: float(low) <= number <= float(high)) if rest else (lambda number: True)
    if word == "text":
        return isinstance(value, str) and (len(value) > 0 if kind.endswith("!") and not rest else within(len(value)))
    if word in ("urls", "list"):
        whole = isinstance(value, list) and within(len(value))
        return whole and (word == "list" or all(_fits(it, "url") for it in value))
    right = isinstance(value, int) if word == "int" else isinstance(value, int | float)
    return right and not isinstance(value, bool) and within(value)


def _together(path: str, body: dict[str, Any]) -> list[str]:
    """The conditions that the pages say in prose."""
    if path == "/voices/generate":
        needed = {"clone": "audio_url", "design": "prompt"}.get(body.get("method", ""))
        return [f"{needed}: required for {body['method']}"] if needed and not body.get(needed) else []
    if path == "/videos/wan22":
        return ["image_url: required for i2v"] if body.get("mode") == "i2v" and not body.get("image_url") else []
    if path == "/videos/motion-control" and "element" in body:
        wrong = [] if body["element"].get("frontal_image_url") else ["element.frontal_image_url: missing"]
        return wrong + (["element: orientation"] if body.get("character_orientation") == "image" else [])
    if path == "/videos/reference-to-video":
        return ["elements: with influencer_id"] if body.get("elements") and body.get("influencer_id") else []
    if path == "/videos/talking-head":
        source = "audio_url" if body.get("audio_mode") == "upload" else "script"
        both = bool(body.get("start_image_url")) and bool(body.get("template_id") or body.get("angle_id"))
        return ([] if body.get(source) else [f"{source}: missing"]) + (
            ["start_image_url: with template"] if both else []
        )
    return []
