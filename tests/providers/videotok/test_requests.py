"""Every field of `POST /generations` and `POST /slideshows`, as the server received it from the real adapter."""

from __future__ import annotations

from typing import Any

import pytest

from studio.dialects.base import Submitted
from tests.dialects.videotok.kit import REFERENCE, offer, resolved
from tests.upstreams.videotok import Videotok

from .conftest import KEY, Ask, ticket

IN = "https://in.example"
KEPT = {"brand": "videotok:42", "avatar": "videotok:avatar_123"}
KEPT_SENT = {"brand_kit_id": 42, "avatar_id": "avatar_123"}

CASES: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "static_ad": (
        "static-ad:product-shoot",
        {
            "prompt": "Premium ad for a collagen drink.",
            "aspect_ratio": "1:1",
            "product_images": [f"{IN}/a.png", f"{IN}/b.png"],
            "count": 3,
            "brand": "videotok:42",
            "reference": f"videotok:{REFERENCE}",
        },
        {
            "type": "static_ad",
            "template_slug": "product-shoot",
            "prompt": "Premium ad for a collagen drink.",
            "aspect_ratio": "1:1",
            "reference_image_urls": [f"{IN}/a.png", f"{IN}/b.png"],
            "resolution": "1K",
            "brand_kit_id": 42,
            "custom_reference_inspiration_id": REFERENCE,
            "request_count": 3,
        },
    ),
    "static_ad, little": (
        "static-ad:product-shoot",
        {"prompt": "A can", "aspect_ratio": "auto"},
        {
            "type": "static_ad",
            "template_slug": "product-shoot",
            "prompt": "A can",
            "aspect_ratio": "auto",
            "resolution": "1K",
        },
    ),
    "video_ad": (
        "video-ad:motion-graphics",
        {
            "prompt": "A fast hook-driven launch ad.",
            "aspect_ratio": "9:16",
            "duration": 8,
            "quality": "high",
            **KEPT,
            "images": [f"{IN}/product.png"],
            "preset": "videotok:egor",
            "source_video": f"{IN}/source.mp4",
            "motion_video": f"{IN}/motion.mp4",
            "audio": f"{IN}/voice.mp3",
            "count": 2,
        },
        {
            "type": "video_ad",
            "template_slug": "motion-graphics",
            "prompt": "A fast hook-driven launch ad.",
            "aspect_ratio": "9:16",
            "duration": 8,
            "quality_tier": "high",
            **KEPT_SENT,
            "reference_image_urls": [f"{IN}/product.png"],
            "preset_id": "egor",
            "source_video_url": f"{IN}/source.mp4",
            "motion_video_url": f"{IN}/motion.mp4",
            "audio_url": f"{IN}/voice.mp3",
            "request_count": 2,
        },
    ),
    "ugc_ad": (
        "ugc-ad:ugc-product-video",
        {
            "prompt": "Natural creator testimonial for a skincare serum.",
            "aspect_ratio": "9:16",
            "duration": 8,
            "quality": "high",
            "avatar": "videotok:avatar_123",
            "images": [f"{IN}/product.png"],
        },
        {
            "type": "ugc_ad",
            "template_slug": "ugc-product-video",
            "prompt": "Natural creator testimonial for a skincare serum.",
            "aspect_ratio": "9:16",
            "duration": 8,
            "quality_tier": "high",
            "avatar_id": "avatar_123",
            "reference_image_urls": [f"{IN}/product.png"],
        },
    ),
    "ai_model, image": (
        "image:nano-banana-2/image",
        {
            "prompt": "White sneakers on concrete.",
            "aspect_ratio": "1:1",
            "resolution": "1K",
            "images": [f"{IN}/shoe.png"],
            "influencer": "ada",
        },
        {
            "type": "ai_model",
            "model_slug": "nano-banana-2",
            "variant_id": "image",
            "prompt": "White sneakers on concrete.",
            "aspect_ratio": "1:1",
            "resolution": "1K",
            "reference_image_urls": [f"{IN}/shoe.png", f"{IN}/ada.png"],
        },
    ),
    "ai_model, edit": (
        "image-edit:nano-banana-2/edit",
        {"prompt": "Make it night", "image": f"{IN}/room.png", "images": [f"{IN}/lamp.png"]},
        {
            "type": "ai_model",
            "model_slug": "nano-banana-2",
            "variant_id": "edit",
            "prompt": "Make it night",
            "reference_image_urls": [f"{IN}/room.png", f"{IN}/lamp.png"],
        },
    ),
    "ai_model, influencer photo": (
        "influencer-shoot:nano-banana-2/image",
        {
            "influencer": "ada",
            "prompt": "Coffee in Rome.",
            "outfit_image": f"{IN}/coat.png",
            "product_image": f"{IN}/c.png",
        },
        {
            "type": "ai_model",
            "model_slug": "nano-banana-2",
            "variant_id": "image",
            "prompt": "Coffee in Rome.\nReference pictures, in order: the person, the outfit, the product.",
            "reference_image_urls": [f"{IN}/ada.png", f"{IN}/coat.png", f"{IN}/c.png"],
        },
    ),
    "ai_model, first and last frame": (
        "video:veo/first-frame-last-frame",
        {
            "prompt": "A cinematic product reveal.",
            "aspect_ratio": "9:16",
            "duration": 8,
            "first_frame": f"{IN}/first.png",
            "last_frame": f"{IN}/last.png",
        },
        {
            "type": "ai_model",
            "model_slug": "veo",
            "variant_id": "first-frame-last-frame",
            "prompt": "A cinematic product reveal.",
            "aspect_ratio": "9:16",
            "duration": 8,
            "reference_image_urls": [f"{IN}/first.png", f"{IN}/last.png"],
        },
    ),
    "ai_model, with sound": (
        "video:veo/text-to-video",
        {"prompt": "Waves", "sound": False, "duration": 4},
        {
            "type": "ai_model",
            "model_slug": "veo",
            "variant_id": "text-to-video",
            "prompt": "Waves",
            "generate_audio": False,
            "duration": 4,
        },
    ),
    "ai_model, motion control": (
        "motion-control:kling/motion-control",
        {"video": f"{IN}/dance.mp4", "image": f"{IN}/bear.png", "prompt": "A bear dances"},
        {
            "type": "ai_model",
            "model_slug": "kling",
            "variant_id": "motion-control",
            "prompt": "A bear dances",
            "motion_video_url": f"{IN}/dance.mp4",
            "reference_image_urls": [f"{IN}/bear.png"],
        },
    ),
    "ai_model, restyle": (
        "video-edit:kling/video-to-video",
        {"video": f"{IN}/street.mp4", "prompt": "In heavy snow"},
        {
            "type": "ai_model",
            "model_slug": "kling",
            "variant_id": "video-to-video",
            "prompt": "In heavy snow",
            "source_video_url": f"{IN}/street.mp4",
        },
    ),
    "ai_model, audio-driven": (
        "lipsync:sync/lipsync",
        {"video": f"{IN}/face.mp4", "audio": f"{IN}/voice.mp3"},
        {
            "type": "ai_model",
            "model_slug": "sync",
            "variant_id": "lipsync",
            "prompt": "Make the lips follow the recording.",
            "source_video_url": f"{IN}/face.mp4",
            "audio_url": f"{IN}/voice.mp3",
        },
    ),
    "ai_model, unknown variant": (
        "video:dreamer/telepathy",
        {
            "prompt": "Guess",
            "images": [f"{IN}/a.png"],
            "videos": [f"{IN}/b.mp4"],
            "audios": [f"{IN}/c.mp3"],
            "duration": 5,
        },
        {
            "type": "ai_model",
            "model_slug": "dreamer",
            "variant_id": "telepathy",
            "prompt": "Guess",
            "reference_image_urls": [f"{IN}/a.png"],
            "source_video_url": f"{IN}/b.mp4",
            "audio_url": f"{IN}/c.mp3",
            "duration": 5,
        },
    ),
    "slideshow": (
        "slideshow:slideshow",
        {
            "prompt": "Five mistakes with cast iron",
            "title": "Cast iron",
            "slide_count": 6,
            "aspect_ratio": "4:5",
            "product_images": [f"{IN}/pan.png"],
            "avatar": "videotok:avatar_123",
            "avatar_image": f"{IN}/cook.png",
            "brand": "videotok:42",
            "reference": f"videotok:{REFERENCE}",
            "language": "German",
            "product_context": "Made in Solingen",
            "overlays": True,
        },
        {
            "prompt": "Five mistakes with cast iron",
            "title": "Cast iron",
            "slide_count": 6,
            "aspect_ratio": "4:5",
            "product_image_urls": [f"{IN}/pan.png"],
            "avatar_id": "avatar_123",
            "avatar_image_url": f"{IN}/cook.png",
            "brand_kit_id": 42,
            "custom_reference_inspiration_id": REFERENCE,
            "language": "German",
            "product_context": "Made in Solingen",
            "generate_text_overlays": True,
        },
    ),
    "slideshow, little": (
        "slideshow:slideshow",
        {"prompt": "Pans", "slide_count": 3},
        {"prompt": "Pans", "slide_count": 3, "generate_text_overlays": False},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_sends_exactly_what_was_set(fake: Videotok, ask: Ask, name: str) -> None:
    key, inputs, expected = CASES[name]
    fake.saved.append({"id": REFERENCE})
    chosen, values = offer(key), resolved(key.partition(":")[0], **inputs)
    count = len(values.tool.expected(values.inputs))

    answer = ask(lambda it, wire: it.submit(wire, ticket(it.encode(chosen, values), chosen, count=count, key="k-9")))

    (sent,) = fake.script.requests
    path = "/api/v1/slideshows" if name.startswith("slideshow") else "/api/v1/generations"
    assert (sent.method, sent.path, sent.bearer) == ("POST", path, KEY)
    assert (sent.headers["idempotency-key"], sent.headers["content-type"]) == ("k-9", "application/json")
    assert sent.json == expected
    assert isinstance(answer, Submitted)
    assert answer.charged == sum(int(paid.credits) for paid in fake.script.paid)
    assert answer.balance == fake.credits


def test_every_request_field_is_in_a_case() -> None:
    """`idempotency_key` is the fallback for a missing header, which this client never lacks."""
    from studio.dialects.videotok import wire

    sent = {name for _, _, expected in CASES.values() for name in expected}
    models: list[type[wire.Message]] = [*wire.REQUESTS.values(), wire.Slideshow]
    assert {name for model in models for name in model.model_fields} - sent == {"idempotency_key"}
