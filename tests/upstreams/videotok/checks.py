"""What the scripted Videotok refuses: the rules of its reference, each with the field that it is about."""

from __future__ import annotations

import base64
import binascii
from typing import Any
from urllib.parse import urlsplit

from tests.upstreams.common import Answer

from .catalogue import ASSETS, CATALOGUE, CATEGORIES, SECTIONS, template, variant

RATIOS = ("1:1", "9:16", "16:9", "4:5", "auto")
VIDEO_FIELDS = ("source_video_url", "motion_video_url", "audio_url")


class No(Exception):
    """An error answer in the envelope."""

    def __init__(self, status: int, code: str, message: str, **context: Any) -> None:
        super().__init__(message)
        self.answer = problem(status, code, message, **context)


def problem(status: int, code: str, message: str, **context: Any) -> Answer:
    error = {"code": code, "message": message, "retryable": status == 429 or status >= 500, "context": context}
    return Answer({"error": error}, status)


def bad(field: str, message: str, **context: Any) -> No:
    return No(400, "bad_request", message, field=field, **context)


def generation(body: dict[str, Any], saved: set[str]) -> None:
    """Raises No for a body that `POST /generations` refuses."""
    kind = body.get("type")
    if kind not in (*SECTIONS, "ai_model"):
        raise bad("type", "type must be static_ad, video_ad, ugc_ad or ai_model.")
    _text(body, "prompt")
    found = _model(body) if kind == "ai_model" else _template(str(kind), body)
    if "aspect_ratio" in body and body["aspect_ratio"] not in RATIOS:
        raise bad("aspect_ratio", "Unsupported aspect ratio.", allowed=list(RATIOS))
    _urls(body, "reference_image_urls")
    for field in VIDEO_FIELDS:
        _url(body, field)
    count = body.get("request_count", 1)
    if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= 10:
        raise bad("request_count", "request_count must be a whole number from 1 to 10.")
    pictures = len(body.get("reference_image_urls", []))
    if not found.get("min_reference_images", 0) <= pictures <= found.get("max_reference_images", 10):
        raise bad("reference_image_urls", "This variant needs another number of reference images.")
    _resolution(body, found)
    _duration(body, found)
    _owned(body, saved)


def slideshow(body: dict[str, Any], saved: set[str]) -> None:
    _text(body, "prompt")
    if body.get("slide_count", 5) not in (3, 4, 5, 6, 8, 9, 10):
        raise bad("slide_count", "slide_count must be one of 3, 4, 5, 6, 8, 9, 10.")
    if body.get("aspect_ratio", "9:16") not in ("9:16", "1:1", "4:5"):
        raise bad("aspect_ratio", "Unsupported aspect ratio.")
    _urls(body, "product_image_urls")
    _url(body, "avatar_image_url")
    _owned(body, saved)


def reference(body: dict[str, Any]) -> None:
    slug, kind = body.get("template_slug"), body.get("media_kind")
    if slug not in CATEGORIES:
        raise bad("template_slug", "Unknown template.", allowed=list(CATEGORIES))
    if body.get("template_category") != CATEGORIES[str(slug)]:
        raise bad("template_category", "This template is of another category.")
    if kind not in ("image", "slideshow", "video"):
        raise bad("media_kind", "media_kind must be image, slideshow or video.")
    if kind == "video" and not body.get("video_url"):
        raise bad("video_url", "video_url is required when media_kind is video.")
    _url(body, "video_url")
    _urls(body, "image_urls")
    for image in body.get("images", []):
        data = str(image.get("data", "")).rpartition(",")[2]
        try:
            binary = base64.b64decode(data, validate=True)
        except binascii.Error as error:
            raise bad("images", "images[].data is not base64.") from error
        if not image.get("filename") or not binary or len(binary) > 10 * 1024 * 1024:
            raise bad("images", "images[] needs a filename and at most 10 MB.")
    pictures = len(body.get("image_urls", [])) + len(body.get("images", []))
    if kind != "video" and not (2 if kind == "slideshow" else 1) <= pictures <= 10:
        raise bad("image_urls", "Too few or too many pictures.")


def _template(kind: str, body: dict[str, Any]) -> dict[str, Any]:
    found = template(SECTIONS[kind], _text(body, "template_slug"))
    if found is None:
        slugs = [row["slug"] for row in CATALOGUE[SECTIONS[kind]]]
        raise bad("template_slug", "Unknown template.", allowed=slugs)
    presets = [row["id"] for row in found["presets"]]
    if "preset_id" in body and body["preset_id"] not in presets:
        raise bad("preset_id", "Unknown preset.", allowed=presets)
    return found


def _model(body: dict[str, Any]) -> dict[str, Any]:
    found = variant(_text(body, "model_slug"), _text(body, "variant_id"))
    if found is None:
        raise bad("variant_id", "Unknown model or variant.")
    return found


def _resolution(body: dict[str, Any], found: dict[str, Any]) -> None:
    if "resolution" in body and body["resolution"] not in found.get("resolutions", ["1K"]):
        raise bad("resolution", "Unsupported resolution.", allowed=found.get("resolutions", ["1K"]))


def _duration(body: dict[str, Any], found: dict[str, Any]) -> None:
    tiers = found.get("quality_tiers", [])
    if tiers and "quality_tier" in body and body["quality_tier"] not in [tier["id"] for tier in tiers]:
        raise bad("quality_tier", "Unknown quality tier.", allowed=[tier["id"] for tier in tiers])
    if "duration" not in body:
        return
    tier = next((it for it in tiers if it["id"] == body.get("quality_tier")), tiers[0] if tiers else found)
    allowed = tier.get("durations", [])
    try:
        seconds = float(body["duration"])
    except (TypeError, ValueError):
        raise bad("duration", "duration must be a number.") from None
    if allowed and seconds not in allowed:
        raise bad("duration", "Must fit the selected quality tier.", allowed_durations=allowed)


def _owned(body: dict[str, Any], saved: set[str]) -> None:
    """What belongs to another workspace looks as if it were not there."""
    known: dict[str, list[Any]] = {
        "brand_kit_id": [row["id"] for row in ASSETS["brand_kits"]],
        "avatar_id": [row["id"] for row in ASSETS["avatars"]],
        "custom_reference_inspiration_id": list(saved),
    }
    for field, ids in known.items():
        if field in body and body[field] not in ids:
            raise No(404, "not_found", f"No such {field}.", field=field)


def _text(body: dict[str, Any], field: str) -> str:
    value = body.get(field)
    if not isinstance(value, str) or not value.strip():
        raise bad(field, f"{field} is required.")
    return value


def _url(body: dict[str, Any], field: str) -> None:
    if field in body and urlsplit(str(body[field])).scheme not in ("http", "https"):
        raise bad(field, f"{field} must be a public URL.")


def _urls(body: dict[str, Any], field: str) -> None:
    urls = body.get(field, [])
    if not isinstance(urls, list) or len(urls) > 10:
        raise bad(field, f"{field} takes at most 10 URLs.")
    for url in urls:
        _url({field: url}, field)
