"""Videotok's catalogue and the workspace's assets, as offers and entries. Pure; nothing that is listed is hidden.

Its pages name few keys of these answers, so each is looked for under several names. A variant becomes an offer of the tool that its inputs
imply; one that implies nothing gets the generic fields of `image` or `video`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from studio.tools.offer import Offer

from . import reading
from .codec import is_first_and_last
from .wire import MAX_PICTURES

Json = Mapping[str, Any]

SECTIONS: dict[str, tuple[str, str]] = {
    "static_ads": ("static_ad", "static-ad"),
    "video_ads": ("video_ad", "video-ad"),
    "ugc_ads": ("ugc_ad", "ugc-ad"),
}
"""Key of the catalogue -> request type and tool."""

LISTED = "GET /models of this account"
SHARED = ("prompt", "brand", "avatar", "preset", "reference", "aspect_ratio", "count")

TAKES: dict[str, tuple[str, ...]] = {
    "static-ad": (*SHARED, "product_images", "resolution"),
    "video-ad": (*SHARED, "images", "source_video", "motion_video", "audio", "duration", "quality"),
    "image": (*SHARED, "images", "influencer", "resolution"),
    "image-edit": ("prompt", "image", "images", "aspect_ratio", "resolution", "count"),
    "influencer-shoot": (
        "prompt",
        "influencer",
        "outfit_image",
        "location_image",
        "pose_image",
        "product_image",
        "aspect_ratio",
        "count",
    ),
    "video": (*SHARED, "images", "first_frame", "last_frame", "videos", "audios", "sound", "duration", "resolution"),
    "video-edit": ("prompt", "video", "images", "sound", "duration", "aspect_ratio", "count"),
    "lipsync": ("video", "audio"),
    "motion-control": ("prompt", "video", "image", "face_image", "face_references", "aspect_ratio", "duration"),
}
TAKES["ugc-ad"] = TAKES["video-ad"]
"""The inputs that a request to Videotok has a field for. In a catalogue that lists a variant's inputs, the others are taken out."""

NEEDS: dict[str, tuple[str, ...]] = {
    "images": ("reference_image_urls",),
    "first_frame": ("reference_image_urls",),
    "last_frame": ("reference_image_urls",),
    "face_image": ("reference_image_urls",),
    "face_references": ("reference_image_urls",),
    "influencer": ("reference_image_urls",),
    "videos": ("source_video_url",),
    "audios": ("audio_url",),
    "sound": ("generate_audio",),
}
"""Our input -> the listed inputs without which a variant has no use for it."""

RATIOS = ("1:1", "9:16", "16:9", "4:5", "auto")
QUALITIES = ("low", "standard", "high", "max")
SECONDS = {"image": 30.0, "video": 150.0}
"""Typical seconds: our guess until the first ones are measured."""

TOGETHER = {
    "fields": ["preset", "reference"],
    "said": "A preset and a saved reference exclude each other. Keep one of them.",
}
INPUT_KEYS = ("inputs", "required_inputs", "optional_inputs", "supported_inputs", "parameters", "fields")


def offers(data: object, today: date) -> list[Offer]:
    """Every template and every variant of `GET /models`."""
    found: list[Offer] = []
    for section in SECTIONS:
        for row in reading.rows(data, section):
            if offer := template_offer(section, row, today):
                found.append(offer)
    for model in reading.rows(data, "ai_models"):
        for variant in reading.rows(model.get("variants"), "variants"):
            if offer := offer_of(model, variant, today):
                found.append(offer)
                found += [shoot] if (shoot := shoot_offer(offer)) else []
    return found


def template_offer(section: str, row: Json, today: date) -> Offer | None:
    """A template; None without a slug."""
    kind, tool = SECTIONS[section]
    slug = reading.first_text(row, "slug", "id", "template_slug")
    if not slug:
        return None
    named = reading.first_text(row, "name", "label", "title") or slug
    category = reading.first_text(row, "template_category", "category")
    words = {"type": kind, "template_slug": slug} | ({"template_category": category} if category else {})
    return _offer(tool, slug, named, words, row, today)


def offer_of(model: Json, variant: Json, today: date) -> Offer | None:
    """A model's variant as an offer of the tool that its inputs imply; None without ids, as nothing could be sent."""
    slug = reading.first_text(model, "slug", "id", "model_slug")
    variant_id = reading.first_text(variant, "id", "variant_id", "slug")
    if not slug or not variant_id:
        return None
    names = [reading.first_text(row, "name", "label", "title") for row in (model, variant)]
    title = f"{names[0] or slug}, {names[1] or variant_id.replace('-', ' ')}"
    words = {"type": "ai_model", "model_slug": slug, "variant_id": variant_id}
    return _offer(tool_of(model, variant), f"{slug}/{variant_id}", title, words, _merged(model, variant), today)


def shoot_offer(offer: Offer) -> Offer | None:
    """An image model that follows reference pictures can also photograph an influencer: the face goes along as one of them."""
    if offer.tool not in ("image", "image-edit") or not {"images", "influencer"} & set(offer.takes):
        return None
    return replace(
        offer,
        key=offer.key.replace(f":{offer.tool}:", ":influencer-shoot:"),
        tool="influencer-shoot",
        takes=TAKES["influencer-shoot"],
        limits={name: offer.limits[name] for name in ("aspect_ratio", "count") if name in offer.limits},
        not_together=(),
    )


def tool_of(model: Json, variant: Json) -> str:
    """What a variant is for: by its inputs where they are listed, else by the words of its id, else by its kind."""
    row, listed = _merged(model, variant), inputs_of(variant)
    words = reading.first_text(variant, "id", "variant_id", "slug").lower().replace("_", "-")
    image = _kind(row) == "image"
    if "motion_video_url" in listed or (not listed and "motion-control" in words):
        return "motion-control"
    if {"audio_url", "source_video_url"} <= listed or (not listed and "lip" in words):
        return "lipsync"
    if "source_video_url" in listed or (not listed and not image and ("edit" in words or "video-to-video" in words)):
        return "video-edit"
    if not image:
        return "video"
    least = _whole(row.get("min_reference_images"))
    return "image-edit" if (least or 0) >= 1 or "edit" in words.split("-") else "image"


def inputs_of(variant: Json) -> set[str]:
    """The wire names of a variant's inputs: a list of names, of objects with a name, or an object by name. Empty where none are told."""
    found: set[str] = set()
    for key in INPUT_KEYS:
        value = variant.get(key)
        if isinstance(value, Mapping):
            inner = value.get("properties")
            found |= set(inner if isinstance(inner, Mapping) else value)
        elif isinstance(value, list):
            found |= {
                reading.first_text(it, "name", "key", "field", "id") if isinstance(it, Mapping) else str(it)
                for it in value
            }
    return found - {""}


def _merged(model: Json, variant: Json) -> Json:
    """The variant's facts over the model's."""
    return {name: value for name, value in model.items() if name != "variants"} | dict(variant)


def _kind(row: Json) -> str:
    """image or video, as far as the catalogue tells."""
    for name in ("kind", "media_kind", "output_kind", "output", "media_type", "type", "category"):
        said = reading.first_text(row, name).lower()
        found = next((kind for kind in ("image", "video") if kind in said), "")
        if found:
            return found
    if _durations(row):
        return "video"
    ids = reading.first_text(row, "id", "variant_id", "slug").lower()
    return "image" if "image" in ids and "to-video" not in ids else "video"


# -- One offer -------------------------------------------------------------------------------------------------------------------


def _offer(tool: str, name: str, title: str, words: dict[str, Any], row: Json, today: date) -> Offer:
    makes = "image" if tool in ("static-ad", "image", "image-edit") else "video"
    listed = inputs_of(row) if words["type"] == "ai_model" else set()
    takes = _takes(tool, listed, words)
    prices = _prices(row)
    known = set(prices.values())
    return Offer(
        key=f"videotok:{tool}:{name}",
        provider="videotok",
        tool=tool,
        title=title,
        price=next(iter(known)) if len(known) == 1 else None,
        unit="credits",
        typical_seconds=SECONDS[makes],
        source=LISTED,
        seen_on=today,
        limits=_limits(tool, takes, row, words),
        summary=reading.first_text(row, "description", "summary")[:200],
        per="result",
        takes=takes,
        not_together=(TOGETHER,) if {"preset", "reference"} <= set(takes) else (),
        address="url",
        wire=words | ({"prices": {tier: str(price) for tier, price in prices.items()}} if len(known) > 1 else {}),
    )


def _takes(tool: str, listed: set[str], words: Json) -> tuple[str, ...]:
    takes = TAKES[tool]
    if tool == "video":
        frames = is_first_and_last(str(words.get("variant_id", "")))
        unused = ("images", "influencer") if frames else ("first_frame", "last_frame")
        # A variant whose inputs are unknown, or whose listed inputs are none that we know, keeps the generic fields.
        takes = tuple(name for name in takes if name not in unused) if frames or _readable(listed) else takes
    if not _readable(listed):
        return takes
    return tuple(name for name in takes if not NEEDS.get(name) or set(NEEDS[name]) & listed)


def _readable(listed: set[str]) -> bool:
    known = {name for names in NEEDS.values() for name in names} | {"prompt", "motion_video_url"}
    return bool(listed & known)


def _limits(tool: str, takes: tuple[str, ...], row: Json, words: Json) -> dict[str, dict[str, Any]]:
    limits: dict[str, dict[str, Any]] = {"count": {"max": 10}}
    if "prompt" in takes and words["type"] != "ai_model":
        limits["prompt"] = {"required": True}
    if ratios := [it for it in reading.texts(row.get("aspect_ratios")) if it] or list(RATIOS):
        limits["aspect_ratio"] = {"choices": ratios}
    if sizes := reading.texts(row.get("resolutions")):
        limits["resolution"] = {"choices": list(sizes)}
    tiers = _tiers(row)
    if qualities := [tier.id for tier in tiers if tier.id in QUALITIES]:
        limits["quality"] = {"choices": qualities}
    if seconds := sorted({*_durations(row), *(it for tier in tiers for it in tier.durations)}):
        fitting = {"by": {"quality": {it.id: list(it.durations) for it in tiers if it.durations}}} if tiers else {}
        limits["duration"] = {"choices": seconds, **fitting}
    limits |= _picture_limits(tool, takes, row)
    return {name: limit for name, limit in limits.items() if name in takes}


def _picture_limits(tool: str, takes: tuple[str, ...], row: Json) -> dict[str, dict[str, Any]]:
    least, most = _whole(row.get("min_reference_images")) or 0, _whole(row.get("max_reference_images")) or MAX_PICTURES
    if "first_frame" in takes and "images" not in takes:
        return {"first_frame": {"required": least >= 1}, "last_frame": {"required": least >= 2}}
    if tool in ("image-edit", "motion-control"):
        return {"images": {"max": max(most - 1, 0)}}
    several = {"videos": {"max": 1}, "audios": {"max": 1}}
    pictures = {"min": least, "max": most} if least else {"max": most}
    return several | {"product_images" if tool == "static-ad" else "images": pictures}


@dataclass(frozen=True, slots=True)
class Tier:
    id: str
    durations: tuple[int, ...]
    price: Decimal | None


def _tiers(row: Json) -> list[Tier]:
    found = []
    value = row.get("quality_tiers")
    for item in value if isinstance(value, list) else []:
        facts: Json = item if isinstance(item, Mapping) else {"id": item}
        name = reading.first_text(facts, "id", "slug", "name")
        if name:
            found.append(Tier(name, _durations(facts), reading.credits_of(facts, "estimated_credits")))
    return found


def _durations(row: Json) -> tuple[int, ...]:
    value = row.get("durations") if row.get("durations") is not None else row.get("allowed_durations")
    return tuple(int(it) for it in reading.numbers(value) if it == int(it) and it > 0) if value is not None else ()


def _prices(row: Json) -> dict[str, Decimal]:
    """Credits for one result, by quality tier, or under "" where there are none. A price of 0 is not believed."""
    tiers = {tier.id: tier.price for tier in _tiers(row) if tier.price}
    if tiers:
        return tiers
    for name in ("estimated_credits", "credits"):
        if price := reading.credits_of(row, name):
            return {"": price}
    return {}


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
