"""What Videotok's catalogue and the workspace's assets hold, as entries: offers, presets, brand kits, avatars, media, targets, references. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from studio.dialects.base import Entry, EntryKind

from . import reading
from .codec_catalogue import SECTIONS, offers

Json = Mapping[str, Any]


def offer_entries(data: object, today: date) -> list[Entry]:
    return [Entry("offer", it.key, it.title, it.snapshot()) for it in offers(data, today)]


def preset_entries(data: object) -> list[Entry]:
    """Presets hang under their template, or stand at the top as a list or by template."""
    found = [
        _entry("preset", row, template_slug=reading.first_text(item, "slug", "id", "template_slug"))
        for section in (*SECTIONS, "ai_models")
        for item in reading.rows(data, section)
        for key in ("presets", "inspirations")
        for row in reading.rows(item.get(key), key)
    ]
    found += [_entry("preset", row, template_slug=slug) for slug, row in _top_presets(data)]
    return list({entry.remote_id: entry for entry in reversed(found) if entry.remote_id}.values())[::-1]


def _top_presets(data: object) -> Iterator[tuple[str, Json]]:
    top = reading.as_object(data)
    for place in (top, *(top[it] for it in ("data", "models", "catalog") if isinstance(top.get(it), Mapping))):
        presets = place.get("presets")
        if isinstance(presets, list):
            for row in reading.rows(presets):
                yield reading.first_text(row, "template_slug"), row
        elif isinstance(presets, Mapping):
            for slug, rows in presets.items():
                for row in reading.rows(rows, "presets"):
                    yield str(slug), row


def asset_entries(data: object) -> list[Entry]:
    """Brand kits, avatars, media and the targets that a reference may be saved to. A bare list says of nothing what it is."""
    if isinstance(data, list):
        return []
    return [
        *_entries("brand_kit", data, "brand_kits", "brandKits", "kits"),
        *_entries("avatar", data, "avatars"),
        *_entries("media", data, "media", "assets", "items"),
        *target_entries(data),
    ]


def target_entries(data: object) -> list[Entry]:
    """Templates that a reference may be saved to."""
    if isinstance(data, list):
        return []
    found = []
    for row in reading.rows(data, "reference_template_targets", "template_targets", "suggestions"):
        slug = reading.first_text(row, "template_slug", "slug", "id")
        if slug:
            facts = {
                "template_category": reading.first_text(row, "template_category", "category"),
                "media_kinds": list(reading.texts(row.get("accepts_media_kinds"))),
                "score": row.get("score"),
                "reason": reading.first_text(row, "reason"),
            }
            title = reading.first_text(row, "label", "name", "title") or slug
            found.append(Entry("target", slug, title, {name: it for name, it in facts.items() if it not in (None, "")}))
    return found


REFERENCE_LISTS = ("references", "reference_inspirations", "inspirations", "recommendations", "data", "items")


def reference_entries(data: object) -> list[Entry]:
    return _entries("reference", data, *REFERENCE_LISTS, ids=REFERENCE_IDS)


REFERENCE_IDS = ("id", "reference_id", "reference_inspiration_id", "custom_reference_inspiration_id")


def _entries(
    kind: EntryKind, data: object, *names: str, ids: tuple[str, ...] = ("id", "slug", "avatar_id")
) -> list[Entry]:
    return [it for row in reading.rows(data, *names) if (it := _entry(kind, row, ids=ids)).remote_id]


PICTURE_NAMES = ("image_url", "thumbnail_url", "preview_url", "poster_url", "logo_url")
HIDDEN = frozenset({"id", "name", "label", "title"})


def _entry(kind: EntryKind, row: Json, ids: tuple[str, ...] = ("id", "preset_id", "slug"), **more: str) -> Entry:
    remote_id = reading.first_text(row, *ids)
    title = reading.first_text(row, "name", "label", "title") or remote_id
    images = row.get("image_urls")
    picture = reading.first_text(row, *PICTURE_NAMES) or (reading.texts(images) or ("",))[0]
    facts = {name: value for name, value in row.items() if name not in HIDDEN} | more
    return Entry(kind, remote_id, title, facts, picture=picture)
