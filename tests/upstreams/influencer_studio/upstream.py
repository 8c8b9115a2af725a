"""The whole API v1 of Influencer Studio as a script: 31 endpoints, jobs that end by the clock or by command, money that runs out.

Written from the reference alone: nothing of `studio.dialects` is imported here.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from typing import Any

from tests.upstreams.common import Answer, Recorded
from tests.upstreams.media import media_bytes

from .fields import FIELDS, problems
from .jobs import MEDIA, Item, Job
from .reading import BASE, Reading

QUEUED: dict[str, tuple[str, float, float, bool]] = {
    "/influencers/generate": ("image", 24, 30, True),
    "/influencers/video": ("video", 328, 180, True),
    "/music/generate": ("audio", 50, 30, True),
    "/images/generate-face": ("image", 0, 60, True),
    "/images/generate": ("image", 24, 30, True),
    "/images/edit": ("image", 18, 15, True),
    "/videos/generate": ("video", 300, 120, True),
    "/videos/lipsync": ("video", 25, 60, True),
    "/videos/motion-control": ("video", 90, 180, False),
    "/videos/reference-to-video": ("video", 120, 180, False),
    "/videos/upscale/seedvr": ("video", 40, 180, False),
    "/videos/upscale/topaz": ("video", 40, 32, False),
    "/videos/upscale/freepik": ("video", 40, 180, False),
    "/models-3d/generate": ("model3d", 100, 180, True),
    "/videos/talking-head": ("video", 80, 180, False),
}
"""Path -> type of its items, credits an item, estimated seconds, whether the answer says what it took."""
SYNC = ("/influencers/create", "/voices/generate", "/videos/wan22", "/text/generate")


class InfluencerStudio(Reading):
    """seconds: how long a job takes (None: until `finish`). training_seconds: an influencer likewise; 0 is ready at once."""

    routes = (
        ("GET", f"{BASE}/influencers", "list_influencers"),
        ("GET", f"{BASE}/music", "list_music"),
        ("GET", f"{BASE}/music/{{track}}", "show_track"),
        ("GET", f"{BASE}/voices", "list_voices"),
        ("GET", f"{BASE}/voices/{{voice}}", "show_voice"),
        ("GET", f"{BASE}/models/images", "image_models"),
        ("GET", f"{BASE}/models/videos", "video_models"),
        ("GET", f"{BASE}/generations/{{job}}/status", "show_status"),
        ("GET", f"{BASE}/billing/plans", "plans"),
        ("GET", f"{BASE}/billing/credits", "credits"),
        ("GET", f"{BASE}/swagger", "swagger"),
        ("POST", f"{BASE}/billing/top-up", "top_up"),
        *(("POST", BASE + path, "take") for path in (*QUEUED, *SYNC)),
    )
    open_paths = ("/media/*", f"{BASE}/swagger")
    orders = ("set", "finish", "fail", "say", "foreign", "train", "expected", "own_influencer", "own_voice")

    def __init__(self, *keys: str, seconds: float | None = 0.0, training_seconds: float | None = 0.0) -> None:
        super().__init__(*keys)
        self.seconds = seconds
        self.training_seconds = training_seconds
        self.workspaces: set[str] = {"ws_1"}
        self.fail_next = 0
        """How many items of the next job fail."""
        self.songs = 1
        """How many tracks one music job brings."""

    # -- Orders ----------------------------------------------------------------------------------------------------------------

    def set(self, **facts: Any) -> None:
        """seconds, training_seconds, balance, fail_next …"""
        for name, value in facts.items():
            assert hasattr(self, name), name
            setattr(self, name, value)

    def finish(self, job: str, failed: int = 0) -> None:
        """The job ends now; its last `failed` items come to nothing."""
        found = self.jobs[job]
        for item in found.items[len(found.items) - failed :]:
            item.failed = True
        found.ends_at = time.time()
        if found.webhook:
            found.ring(self.script)

    def fail(self, job: str) -> None:
        self.finish(job, len(self.jobs[job].items))

    def say(self, job: str, word: str, item_word: str = "") -> None:
        """The job's status, and that of its items, in words that nobody knows."""
        self.jobs[job].word = word
        for item in self.jobs[job].items:
            item.word = item_word

    def train(self, influencer: str, ready: bool = True) -> None:
        self.influencers[influencer] |= {"ready_at": time.time() if ready else None, "failed": not ready}

    def foreign(self, path: str, **body: Any) -> str:
        """Somebody else's job under the same key: taken, listed, and no payment of ours."""
        request = Recorded("POST", BASE + path, {}, {}, json.dumps(body).encode(), time.time())
        answer = self._taken(path, request, body, ours=False).data
        return str(answer.get("generation_id") or answer.get("influencer_id") or answer.get("voice_id"))

    def expected(self, job: str) -> list[str]:
        """The sha256 of every file that a job brings, in order."""
        found = self.jobs[job]
        return [hashlib.sha256(media_bytes(MEDIA[it.type], it.id)).hexdigest() for it in found.items if not it.failed]

    def own_influencer(self, name: str = "Ada Rivers", ready: bool = True) -> str:
        made = self._id()
        self.influencers[made] = {
            "name": name,
            "made_at": time.time() - 3600,
            "ready_at": 0.0 if ready else None,
            "failed": False,
        }
        return made

    def own_voice(self, name: str = "Narrator", influencer: str | None = None) -> str:
        made = self._id()
        self.voices[made] = {"name": name, "type": "cloned", "influencer_id": influencer, "made_at": time.time() - 3600}
        return made

    # -- Taking ----------------------------------------------------------------------------------------------------------------

    def take(self, request: Recorded) -> Answer:
        path = request.path.removeprefix(BASE)
        try:
            body = request.json
        except ValueError:
            return Answer({"error": "Invalid JSON"}, 400)
        wrong = problems(path, body)
        if wrong:
            return Answer({"error": "Invalid request", "details": wrong}, 400)
        refused = self._refused(path, body)
        return refused or self._taken(path, request, body)

    def _refused(self, path: str, body: dict[str, Any]) -> Answer | None:
        if body.get("workspace_id") and body["workspace_id"] not in self.workspaces:
            return Answer({"error": "Workspace does not belong to team"}, 403)
        who = body.get("influencer_id")
        if who and path != "/videos/wan22":
            if who not in self.influencers:
                return Answer({"error": "Influencer not found"}, 404)
            if path != "/voices/generate" and not self._ready(who):
                return Answer({"error": "Influencer not ready for generation"}, 400)
        if body.get("voice_id") and body["voice_id"] not in self.voices:
            return Answer({"error": "Voice not found"}, 404)
        if path == "/videos/lipsync" and body.get("generation_id") and body["generation_id"] not in self.jobs:
            return Answer({"error": "Generation not found"}, 404)
        return Answer({"error": "Insufficient credits"}, 402) if self._price(path, body) > self.balance else None

    def _price(self, path: str, body: dict[str, Any]) -> float:
        if path in QUEUED:
            return QUEUED[path][1] * _count(path, body)
        return {"/influencers/create": 250.0, "/videos/wan22": 60.0, "/text/generate": 1.0}.get(path, 0.0)

    def _taken(self, path: str, request: Recorded, body: dict[str, Any], ours: bool = True) -> Answer:
        price = self._price(path, body)
        self.balance -= price
        if path == "/influencers/create":
            made, answer = self._create(body, price)
        elif path == "/voices/generate":
            made, answer = self._voice(body)
        else:
            made, answer = self._job(path, body, price)
        if ours:
            self.script.pay(request, made, price)
        return Answer(answer)

    def _job(self, path: str, body: dict[str, Any], price: float) -> tuple[str, dict[str, Any]]:
        kind, _, estimate, says = QUEUED.get(path, ("video", 0.0, 0.0, False))
        now, added = time.time(), self.jobs.get(str(body.get("generation_id", "")))
        songs = self.songs if path == "/music/generate" else 1
        items = [Item(self._id(), kind, now) for _ in range(_count(path, body) * songs)]
        for item in items[len(items) - self.fail_next :] if self.fail_next else ():
            item.failed = True
        self.fail_next = 0
        sync = path in SYNC
        job = added or Job(self._id(), path, [], now, None, price, body.get("webhook", ""))
        job.items += items
        job.ends_at = now if sync else None if self.seconds is None else now + self.seconds
        job.facts = {name: body.get(name) for name in ("title", "style", "workspace_id")} | {"track": self._id()}
        self.jobs[job.id] = job
        if job.webhook and job.ends_at is not None:
            threading.Timer(max(job.ends_at - now, 0.05), job.ring, (self.script,)).start()
        if sync:
            return job.id, self._at_once(path, body, job)
        answer: dict[str, Any] = {"generation_id": job.id, "status": "queued", "estimated_time": estimate}
        return job.id, answer | ({"credits_used": price} if says else {}) | self._extra(path, body, items)

    def _at_once(self, path: str, body: dict[str, Any], job: Job) -> dict[str, Any]:
        if path == "/text/generate":
            usage = {"prompt_tokens": 9, "completion_tokens": 8, "total_tokens": 17}
            words = f"Three names: {body['prompt'][:40]}"
            return {"generation_id": job.id, "text": words, "model": "gpt-5.4", "usage": usage}
        mode = {"t2v": "text-to-video", "i2v": "image-to-video"}[body["mode"]]
        return {"generation_id": job.id, "video_url": self.script.media("video", job.items[0].id), "mode": mode}

    def _extra(self, path: str, body: dict[str, Any], items: list[Item]) -> dict[str, Any]:
        """What some answers add; lists that the vendor's samples fill with addresses while the job is queued hold nothing."""
        if path in ("/influencers/generate", "/images/generate"):
            return {"images": []}
        if path == "/images/generate-face":
            return {"batch": len(items)}
        if path == "/images/edit":
            return {"image_id": items[0].id}
        if path == "/videos/generate":
            return {"videos": []}
        if path == "/models-3d/generate":
            return {"model_url": None}
        if path == "/influencers/video":
            return {
                "status": "processing",
                "first_frame_url": self.script.media("image", f"{items[0].id}-first"),
                "last_frame_url": self.script.media("image", f"{items[0].id}-last"),
                "video_url": None,
                "has_voice_conversion": any(
                    it["influencer_id"] == body["influencer_id"] for it in self.voices.values()
                ),
            }
        return {}

    def _create(self, body: dict[str, Any], price: float) -> tuple[str, dict[str, Any]]:
        made, now = self._id(), time.time()
        ready_at = None if self.training_seconds is None else now + self.training_seconds
        name = body.get("name") or f"Influencer {len(self.influencers) + 1}"
        self.influencers[made] = {"name": name, "made_at": now, "ready_at": ready_at, "failed": False}
        ready = self._ready(made)
        return made, {
            "influencer_id": made,
            "name": name,
            "status": "completed" if ready else "training",
            "ready_for_generation": ready,
            "credits_used": price,
        }

    def _voice(self, body: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        made, kind = self._id(), {"clone": "cloned", "design": "designed"}[body["method"]]
        who, name = body.get("influencer_id"), body.get("name")
        self.voices[made] = {"name": name, "type": kind, "influencer_id": who, "made_at": time.time()}
        return made, {
            "voice_id": made,
            "name": name,
            "type": kind,
            "audio_url": self.script.media("audio", made),
            "influencer_id": who,
            "status": "completed",
            "credits_used": 0,
        }

    def _id(self) -> str:
        return self.script.new_id("c", 25)


def _count(path: str, body: dict[str, Any]) -> int:
    usual = 4 if path == "/images/generate-face" else 1
    return int(body.get("batch", usual)) if "batch" in FIELDS[path] else 1
