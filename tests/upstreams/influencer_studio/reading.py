"""What the scripted Influencer Studio shows: statuses, lists, models, the account."""

from __future__ import annotations

import time
from typing import Any

from tests.upstreams.common import Answer, Recorded, Upstream

from .fields import FIELDS, problems
from .jobs import Job, iso

BASE = "/api/v1"


class Reading(Upstream):
    """What there is, and the endpoints that only read it (and the one that opens a checkout)."""

    def __init__(self, *keys: str) -> None:
        super().__init__(*keys)
        self.balance = 10_000_000.0
        self.jobs: dict[str, Job] = {}
        self.influencers: dict[str, dict[str, Any]] = {}
        self.voices: dict[str, dict[str, Any]] = {}
        self.image_list: Any = IMAGE_MODELS
        self.video_list: Any = VIDEO_MODELS

    def _ready(self, influencer: str) -> bool:
        ready_at = self.influencers[influencer]["ready_at"]
        return ready_at is not None and bool(time.time() >= ready_at)

    def show_status(self, request: Recorded, job: str) -> Answer:
        found = self.jobs.get(job)
        return Answer(found.body(self.script)) if found else Answer({"error": "Generation not found"}, 404)

    def list_influencers(self, request: Recorded) -> Answer:
        return Answer([self._person(made, facts) for made, facts in self.influencers.items()])

    def _person(self, made: str, facts: dict[str, Any]) -> dict[str, Any]:
        ready = self._ready(made)
        return {
            "id": made,
            "name": facts["name"],
            "face_image": self.script.media("image", made),
            "best_full_image": None,
            "training_status": "failed" if facts["failed"] else "completed" if ready else "training",
            "ready_for_generation": ready,
            "created_at": iso(facts["made_at"]),
        }

    def list_music(self, request: Recorded) -> Answer:
        workspace = request.query.get("workspace_id", [None])[0]
        jobs = [job for job in self.jobs.values() if job.path == "/music/generate"]
        return Answer([self._track(job) for job in jobs if workspace in (None, job.facts["workspace_id"])])

    def _track(self, job: Job) -> dict[str, Any]:
        return {
            "id": job.facts["track"],
            "title": job.facts["title"],
            "style": job.facts["style"],
            "url": self.script.media("audio", job.items[0].id) if job.over else None,
            "status": job.status(),
            "generation_id": job.id,
            "created_at": iso(job.taken_at),
        }

    def show_track(self, request: Recorded, track: str) -> Answer:
        found = next((job for job in self.jobs.values() if job.facts.get("track") == track), None)
        return Answer(self._track(found)) if found else Answer({"error": "Track not found"}, 404)

    def list_voices(self, request: Recorded) -> Answer:
        who = request.query.get("influencer_id", [None])[0]
        return Answer([self._heard(made) for made, it in self.voices.items() if who in (None, it["influencer_id"])])

    def _heard(self, made: str) -> dict[str, Any]:
        facts = self.voices[made]
        who = self.influencers.get(facts["influencer_id"])
        return {
            "id": made,
            "name": facts["name"],
            "description": None,
            "type": facts["type"],
            "audio_url": self.script.media("audio", made),
            "influencer_id": facts["influencer_id"],
            "influencer_name": who["name"] if who else None,
            "created_at": iso(facts["made_at"]),
        }

    def show_voice(self, request: Recorded, voice: str) -> Answer:
        if voice not in self.voices:
            return Answer({"error": "Voice not found"}, 404)
        return Answer({**self._heard(voice), "custom_voice_id": f"cartesia_{voice[-4:]}"})

    def image_models(self, request: Recorded) -> Answer:
        return Answer(self.image_list)

    def video_models(self, request: Recorded) -> Answer:
        return Answer(self.video_list)

    def credits(self, request: Recorded) -> Answer:
        return Answer(self.balance)

    def plans(self, request: Recorded) -> Answer:
        return Answer(PLANS)

    def top_up(self, request: Recorded) -> Answer:
        wrong = problems("/billing/top-up", request.json)
        if wrong:
            return Answer({"error": "Invalid request", "details": wrong}, 400)
        known = {plan["id"] for plan in PLANS} | {it["id"] for plan in PLANS for it in plan["variants"]}
        if request.json["plan_id"] not in known:
            return Answer({"error": "Plan not found"}, 404)
        return Answer({"checkoutUrl": "https://checkout.example/c/abc"})

    def swagger(self, request: Recorded) -> Answer:
        paths: dict[str, Any] = {f"{BASE}{path}": {"post": {}} for path in FIELDS}
        paths[f"{BASE}/text/generate"]["post"] = _described(["venice-uncensored", "gpt-5-mini", "gpt-6"])
        paths[f"{BASE}/videos/lipsync"]["post"] = _described(None)
        return Answer(
            {"openapi": "3.1.0", "info": {"title": "Influencer Studio API", "version": "1.0.0"}, "paths": paths}
        )


def _described(models: list[str] | None) -> dict[str, Any]:
    """An operation of the OpenAPI document: some fields list their values, others are plain texts."""
    model = {"type": "string"} | ({"enum": models} if models else {})
    return {"requestBody": {"content": {"application/json": {"schema": {"properties": {"model": model}}}}}}


IMAGE_MODELS: list[dict[str, Any]] = [
    {"id": "studio-1", "name": "Studio 1", "supports_lora": False, "supports_image_to_image": True, "settings": {}},
    {"id": "z-image", "name": "Z-Image", "supports_lora": True, "lora_types": ["z-image"], "settings": {}},
    {"id": "words-only", "name": "Words only", "supports_lora": False, "supports_image_to_image": False},
]
VIDEO_MODELS: dict[str, Any] = {
    "models": [{"model": "kling-3"}, {"slug": "wan-3", "settings": {"fps": 24}}, {"name": "veo-3.1"}]
}
PLANS: list[dict[str, Any]] = [
    {
        "id": "plan_small",
        "name": "Small",
        "description": "400 credits",
        "storeId": "store_1",
        "variants": [
            {
                "id": "101",
                "active": True,
                "price": 7.5,
                "currency": "USD",
                "interval": "one_time",
                "interval_count": 1,
                "is_signup_bonus": False,
            }
        ],
    }
]
