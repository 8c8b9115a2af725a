"""What the scripted Videotok has: templates, models, brand kits, avatars. Slugs from its pages; all figures are placeholders."""

from __future__ import annotations

from typing import Any

CATALOGUE: dict[str, list[dict[str, Any]]] = {
    "static_ads": [
        {
            "slug": "product-shoot",
            "name": "Product shoot",
            "template_category": "static-ads",
            "aspect_ratios": ["1:1", "4:5", "9:16", "16:9", "auto"],
            "resolutions": ["1K"],
            "estimated_credits": 100,
            "presets": [{"id": "daylight", "name": "Daylight"}],
        }
    ],
    "video_ads": [
        {
            "slug": "motion-graphics",
            "name": "Motion graphics",
            "template_category": "video-templates",
            "aspect_ratios": ["9:16", "16:9", "1:1", "4:5", "auto"],
            "quality_tiers": [
                {"id": "high", "durations": [4, 6, 8], "estimated_credits": 1200},
                {"id": "low", "durations": [4, 6, 8, 10], "estimated_credits": 600},
            ],
            "presets": [{"id": "egor", "name": "Egor"}],
        }
    ],
    "ugc_ads": [
        {
            "slug": "ugc-product-video",
            "name": "UGC product video",
            "template_category": "video-templates",
            "aspect_ratios": ["9:16", "1:1", "auto"],
            "quality_tiers": [{"id": "high", "durations": [4, 6, 8], "estimated_credits": 1400}],
            "presets": [],
        }
    ],
    "ai_models": [
        {
            "slug": "nano-banana-2",
            "name": "Nano Banana 2",
            "kind": "image",
            "variants": [
                {
                    "id": "image",
                    "inputs": ["prompt", "reference_image_urls"],
                    "resolutions": ["1K", "2K"],
                    "estimated_credits": 80,
                },
                {
                    "id": "edit",
                    "inputs": ["prompt", "reference_image_urls"],
                    "min_reference_images": 1,
                    "resolutions": ["1K"],
                    "estimated_credits": 90,
                },
            ],
        },
        {
            "slug": "veo",
            "name": "Veo",
            "kind": "video",
            "variants": [
                {
                    "id": "first-frame-last-frame",
                    "inputs": ["prompt", "reference_image_urls"],
                    "min_reference_images": 2,
                    "max_reference_images": 2,
                    "durations": [4, 6, 8],
                    "estimated_credits": 1500,
                },
                {
                    "id": "text-to-video",
                    "inputs": ["prompt", "generate_audio"],
                    "durations": [4, 6, 8],
                    "estimated_credits": 1500,
                },
            ],
        },
        {
            "slug": "kling",
            "name": "Kling",
            "kind": "video",
            "variants": [
                {"id": "motion-control", "inputs": ["prompt", "reference_image_urls", "motion_video_url"]},
                {"id": "video-to-video", "inputs": ["prompt", "source_video_url"], "estimated_credits": 900},
            ],
        },
        {
            "slug": "sync",
            "name": "Sync",
            "kind": "video",
            "variants": [{"id": "lipsync", "inputs": ["source_video_url", "audio_url"], "estimated_credits": 300}],
        },
        {
            "slug": "dreamer",
            "name": "Dreamer",
            "kind": "video",
            "variants": [{"id": "telepathy", "inputs": ["thoughts"], "estimated_credits": 5}],
        },
    ],
}

ASSETS: dict[str, list[dict[str, Any]]] = {
    "brand_kits": [{"id": 42, "name": "House brand", "logo_url": None, "colors": ["#112233"]}],
    "avatars": [{"id": "avatar_123", "name": "Mia", "image_url": "https://media.example.org/a/9.png"}],
    "media": [{"id": "media_5", "name": "Kettle", "url": "https://media.example.org/m/5.png", "kind": "image"}],
    "reference_template_targets": [
        {
            "template_slug": "motion-graphics",
            "template_category": "video-templates",
            "label": "Motion graphics",
            "accepts_media_kinds": ["image", "video"],
        },
        {
            "template_slug": "product-shoot",
            "template_category": "static-ads",
            "label": "Product shoot",
            "accepts_media_kinds": ["image"],
        },
    ],
}

CATEGORIES = {
    "product-shoot": "static-ads",
    "motion-graphics": "video-templates",
    "ugc-product-video": "video-templates",
    "slideshow": "slideshow-carousel",
}
SECTIONS = {"static_ad": "static_ads", "video_ad": "video_ads", "ugc_ad": "ugc_ads"}


def template(section: str, slug: Any) -> dict[str, Any] | None:
    return next((row for row in CATALOGUE[section] if row["slug"] == slug), None)


def variant(model: Any, variant_id: Any) -> dict[str, Any] | None:
    found = template("ai_models", model)
    return next((row for row in found["variants"] if row["id"] == variant_id), None) if found else None


def makes(kind: str, body: dict[str, Any]) -> str:
    """image or video."""
    if kind == "ai_model":
        model = template("ai_models", body["model_slug"])
        return str(model["kind"]) if model else "image"
    return "image" if kind == "static_ad" else "video"


def price(kind: str, body: dict[str, Any]) -> int:
    """Credits for one item."""
    if kind == "ai_model":
        found = variant(body["model_slug"], body["variant_id"]) or {}
        return int(found.get("estimated_credits", 50))
    found = template(SECTIONS[kind], body["template_slug"]) or {}
    tiers = found.get("quality_tiers")
    if not tiers:
        return int(found.get("estimated_credits", 50))
    tier = next((it for it in tiers if it["id"] == body.get("quality_tier")), tiers[0])
    return int(tier["estimated_credits"])
