"""Influencers, their photos and videos, talking heads and faces."""

from __future__ import annotations

from studio.dialects.base import UnsupportedInput
from studio.tools.values import Resolved

from . import wire
from .codec_parts import Becomes, Endpoint, File, Files, Number, Plain, Shape, Who, WhoseVoice


def not_there_yet(values: Resolved) -> None:
    """Somebody who is there is not paid for again."""
    person = values.influencer
    if person and "influencer" in person.remote:
        raise UnsupportedInput(
            f"{person.name} is at Influencer Studio already. Use them as they are, or empty “One of yours” to make a new influencer.",
            "influencer",
        )


ENDPOINTS = (
    Endpoint(
        "/influencers/create",
        "influencer",
        wire.CreateInfluencer,
        (Plain("name", "name"), Files("image_urls", "photos"), Becomes("", "influencer")),
        checks=(not_there_yet,),
        sync=True,
    ),
    Endpoint(
        "/influencers/generate",
        "influencer-shoot",
        wire.GenerateInfluencer,
        (
            Who("influencer_id", "influencer"),
            Plain("prompt", "prompt"),
            File("outfit_image", "outfit_image"),
            File("location_image", "location_image"),
            File("reference_pose_image", "pose_image"),
            File("product_image", "product_image"),
            Plain("camera_style", "camera_style"),
            File("lora_url", "lora"),
            Plain("lora_type", "lora_type"),
            Plain("batch", "count"),
            Shape("settings.aspect_ratio", "aspect_ratio"),
        ),
    ),
    Endpoint(
        "/influencers/video",
        "influencer-video",
        wire.InfluencerVideo,
        (
            Who("influencer_id", "influencer"),
            Plain("prompt", "prompt"),
            Plain("dialog", "dialog"),
            File("product_image", "product_image"),
            File("outfit_image", "outfit_image"),
            File("location_image", "location_image"),
            Shape("aspect_ratio", "aspect_ratio"),
        ),
    ),
    Endpoint(
        "/videos/talking-head",
        "talking-head",
        wire.TalkingHead,
        (
            Plain("script", "script"),
            File("audio_url", "audio"),
            Plain("audio_mode", "audio_mode"),
            WhoseVoice("voice_id", "voice"),
            Plain("cartesia_voice_id", "cartesia_voice"),
            Plain("audio_settings.speed", "speed"),
            Plain("audio_settings.volume", "volume"),
            Plain("audio_settings.emotion", "emotion"),
            Plain("audio_settings.language", "language"),
            Number("duration", "duration"),
            Plain("resolution", "resolution"),
            Shape("aspect_ratio", "aspect_ratio"),
            Who("influencer_id", "influencer"),
            File("start_image_url", "image"),
            Plain("template_id", "template"),
            Plain("angle_id", "angle"),
            Plain("static_camera", "static_camera"),
            Plain("camera_motion_prompt", "camera_motion"),
        ),
    ),
    Endpoint(
        "/images/generate-face",
        "face",
        wire.GenerateFace,
        (
            Plain("prompt", "prompt"),
            Plain("negative_prompt", "negative_prompt"),
            Plain("batch", "count"),
            Plain("gender", "gender"),
            Plain("ethnicity", "ethnicity"),
            Plain("hair_color", "hair_color"),
            Plain("seed", "seed"),
        ),
    ),
)
