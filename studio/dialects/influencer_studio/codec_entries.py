"""What Influencer Studio lists, as catalogue entries: models as offers, people, voices, tracks. And listed jobs, for finding a lost one. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from studio.dialects.base import Entry, Job

from .wire import PATH
from .wire_answers import Influencer, Model, Track, Voice, rows_of

GENERIC: Mapping[str, tuple[str, ...]] = {
    "image": ("prompt", "negative_prompt", "images", "steps", "aspect_ratio", "count"),
    "video": ("prompt", "first_frame", "aspect_ratio", "duration"),
}
"""What every model of the endpoint can be told."""
LIMITS: Mapping[str, Mapping[str, Any]] = {
    "image": {"count": {"max": 4}, "images": {"max": 1}},
    "video": {
        "prompt": {"required": True},
        "aspect_ratio": {"choices": ["16:9", "9:16", "1:1"]},
        "duration": {"min": 1, "max": 10},
    },
}
PATHS = {"image": "/images/generate", "video": "/videos/generate"}
SECONDS = {"image": 60, "video": 120}


def model_entries(tool: str, data: object, shipped: Mapping[str, Mapping[str, Any]], today: date) -> list[Entry]:
    """Every listed model as an offer of the tool `image` or `video`.

    shipped: model name -> our own offer's data: its limits and title stand, because the list's settings are documented nowhere. A model that
    we do not know gets the generic fields, and a LoRA where the list says that it takes one.
    """
    models = (Model.read(row) for row in rows_of(data, "models", f"{tool}s") if isinstance(row, dict | str))
    return [_entry(tool, model, shipped.get(model.name), today) for model in models if model.name]


def _entry(tool: str, model: Model, known: Mapping[str, Any] | None, today: date) -> Entry:
    offer: dict[str, Any] = dict(
        known
        or {
            "key": f"influencer_studio:{tool}:{_slug(model.name)}",
            "tool": tool,
            "title": model.title or model.name,
            "unit": "credits",
            "typical_seconds": SECONDS[tool],
            "limits": {field: dict(limit) for field, limit in LIMITS[tool].items()},
            "takes": list(GENERIC[tool]),
            "address": "url",
            "wire": {"path": PATHS[tool], "model": model.name},
        }
    )
    offer |= {"provider": "influencer_studio", "source": f"GET /models/{tool}s", "seen_on": today.isoformat()}
    takes = list(offer["takes"])
    if model.supports_lora:
        takes += [it for it in ("lora", "lora_type") if it not in takes]
        if model.lora_types:
            offer["limits"] = {**offer["limits"], "lora_type": {"choices": list(model.lora_types)}}
    if model.supports_image_to_image is False and "images" in takes:
        takes.remove("images")
    if model.supports_text_to_image is False:
        offer["limits"] = {**offer["limits"], "images": {"min": 1, "max": 1}}
    return Entry("offer", offer["key"], offer["title"], {**offer, "takes": takes, "raw": model.model_dump(mode="json")})


def described_entries(data: object, shipped: Sequence[Mapping[str, Any]], today: date) -> list[Entry]:
    """Models that only the service's own OpenAPI document names (`model` with an `enum`), each as an offer like the first of its endpoint.

    shipped: our own offers' data. Models that we know are left out; a document of another shape names none.
    """
    found: list[Entry] = []
    for path, names in _models_described(data).items():
        known = [offer for offer in shipped if offer["wire"]["path"] == path]
        listed = {offer["wire"].get("model") for offer in known}
        for name in (it for it in names if known and it not in listed):
            key = f"influencer_studio:{known[0]['tool']}:{_slug(name)}"
            facts = {"key": key, "title": name, "summary": "", "price": None, "seen_on": today.isoformat()}
            wire = {**known[0]["wire"], "model": name}
            found.append(Entry("offer", key, name, {**known[0], **facts, "source": "GET /swagger", "wire": wire}))
    return found


def _models_described(data: object) -> dict[str, list[str]]:
    """Path -> the models that its request may name."""
    found: dict[str, list[str]] = {}
    for path, methods in _object(data, "paths").items():
        schema = _object(methods, "post", "requestBody", "content", "application/json", "schema")
        names = _object(schema, "properties", "model").get("enum")
        if isinstance(names, list):
            found[path.removeprefix(PATH)] = [it for it in names if isinstance(it, str)]
    return found


def _object(data: object, *names: str) -> dict[str, Any]:
    """The object at a place, empty where there is none."""
    for name in names:
        data = data.get(name) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9.]+", "-", name.lower()).strip("-")


def influencer_entries(data: object) -> list[Entry]:
    people = (Influencer.read(row) for row in rows_of(data, "influencers") if isinstance(row, dict))
    return [
        Entry(
            "influencer",
            it.id,
            it.name or it.id,
            {"ready": it.ready_for_generation, "training_status": it.training_status, "full": it.best_full_image},
            picture=it.face_image or it.best_full_image,
        )
        for it in people
        if it.id
    ]


def voice_entries(data: object) -> list[Entry]:
    voices = (Voice.read(row) for row in rows_of(data, "voices") if isinstance(row, dict))
    return [
        Entry(
            "voice",
            it.id,
            it.name or it.id,
            {"kind": it.type, "description": it.description, "influencer": it.influencer_id},
            sound=it.audio_url,
        )
        for it in voices
        if it.id
    ]


def track_entries(data: object) -> list[Entry]:
    tracks = (Track.read(row) for row in rows_of(data, "music", "tracks") if isinstance(row, dict))
    return [
        Entry(
            "track",
            it.id,
            it.title or it.id,
            {"style": it.style, "status": it.status, "job": it.generation_id},
            sound=it.url,
        )
        for it in tracks
        if it.id
    ]


# -- Listed jobs -----------------------------------------------------------------------------------------------------------------


def influencer_jobs(data: object) -> list[Job]:
    people = (Influencer.read(row) for row in rows_of(data, "influencers") if isinstance(row, dict))
    return [Job({"influencer_id": it.id}, it.id, it.created_at, {"name": it.name}) for it in people if it.id]


def voice_jobs(data: object) -> list[Job]:
    voices = (Voice.read(row) for row in rows_of(data, "voices") if isinstance(row, dict))
    return [
        Job(
            {"voice_id": it.id},
            it.id,
            it.created_at,
            {"name": it.name, "type": it.type, "influencer_id": it.influencer_id},
        )
        for it in voices
        if it.id
    ]


def track_jobs(data: object) -> list[Job]:
    tracks = (Track.read(row) for row in rows_of(data, "music", "tracks") if isinstance(row, dict))
    return [
        Job(
            {"generation_id": it.generation_id}, it.generation_id, it.created_at, {"title": it.title, "style": it.style}
        )
        for it in tracks
        if it.generation_id
    ]


VOICE_TYPES = {"clone": "cloned", "design": "designed"}


def job_fits(sent: Mapping[str, Any], job: Job) -> bool:
    """Whether every fact that both the request and the listed job have is the same."""
    ours = dict(sent) | ({"type": VOICE_TYPES[sent["method"]]} if sent.get("method") in VOICE_TYPES else {})
    return all(not said or name not in ours or ours[name] == said for name, said in job.fits.items())
