"""The scripted Videotok: its endpoints, its money and its memory of idempotency keys.

A test turns it by attributes (or, from another process, by `Far(url).turn(name=…, to=…)`):

credits: what the workspace has left. work_seconds: how long a job takes. shape, poll_shape: a key of `shapes.py`.
queue_only: how many of the next batch are started, the others are refunded and listed (`list_refused`). fail_next: how many of the next jobs
fail. busy: how many of the next paid requests meet their own first try still at work. late: how many reads of each new job answer 404.
bare: how many reads of a finished job carry no address. word: said instead of the true status while a job is at work.
outputs: files of each job. plan, scopes: of every key. foreign jobs: `run_foreign(n)`. `forget_idempotency()`: every key is new again.
"""

from __future__ import annotations

import hashlib
import json
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from tests.upstreams.common import Answer, Recorded, Upstream

from . import catalogue, checks, shapes
from .checks import No, problem

READ, WRITE = "generations:read", "generations:write"
CREDITS_PER_SLIDE = 350
BASE = "/api/v1"


@dataclass
class Work:
    """One job. path: where it was asked for."""

    id: str
    kind: str
    type: str
    credits: int
    done_at: float
    files: int
    failure: str = ""
    reads: int = 0
    finished_reads: int = 0
    body: dict[str, Any] = field(default_factory=dict)

    @property
    def status(self) -> str:
        if time.time() < self.done_at:
            return "processing" if self.reads > 1 else "queued"
        return "failed" if self.failure else "completed"


class Videotok(Upstream):
    routes = (
        ("POST", f"{BASE}/generations", "create"),
        ("GET", f"{BASE}/generations/{{job}}", "show"),
        ("GET", f"{BASE}/models", "models"),
        ("GET", f"{BASE}/assets", "assets"),
        ("GET", f"{BASE}/reference-inspirations", "references"),
        ("POST", f"{BASE}/reference-inspirations", "save"),
        ("POST", f"{BASE}/slideshows", "create_slideshow"),
        ("GET", f"{BASE}/slideshows/{{job}}", "show_slideshow"),
    )
    orders = ("turn", "forget_idempotency", "run_foreign", "jobs_of")

    def __init__(self, *keys: str) -> None:
        super().__init__(*(keys or ("vt_live_1",)))
        self.credits = 1_000_000
        self.work_seconds = 0.0
        self.shape = self.poll_shape = "superset"
        self.queue_only: int | None = None
        self.list_refused = True
        self.fail_next = self.busy = self.late = self.bare = 0
        self.failure = "The model refused this."
        self.word = ""
        self.outputs = 1
        self.plan = True
        self.scopes = {READ, WRITE}
        self.jobs: dict[str, Work] = {}
        self.foreign: list[str] = []
        self.saved: list[dict[str, Any]] = []
        self._answers: dict[tuple[str, str, str], tuple[str, Answer]] = {}

    # -- Steering ----------------------------------------------------------------------------------------------------------

    def turn(self, name: str, to: Any) -> None:
        setattr(self, name, set(to) if name == "scopes" else to)

    def start_again(self, *keys: str) -> None:
        """As new, at the same address."""
        url = self.script.url
        Videotok.__init__(self, *keys)
        self.script.url = url

    def forget_idempotency(self) -> None:
        self._answers.clear()

    def run_foreign(self, count: int = 1) -> list[str]:
        """Jobs that somebody else starts under the same key."""
        made = [self._work("image", "ai_model", 10, {}) for _ in range(count)]
        self.foreign += [work.id for work in made]
        self.credits -= 10 * count
        return [work.id for work in made]

    def jobs_of(self) -> list[str]:
        return [job for job in self.jobs if job not in self.foreign]

    # -- The envelope ------------------------------------------------------------------------------------------------------

    def unauthorised(self) -> Answer:
        return problem(401, "invalid_api_key", "The API key is missing, expired or wrong.")

    def not_found(self) -> Answer:
        return problem(404, "not_found", "Not found.")

    def handle(self, request: Recorded) -> Answer:
        api = request.path.startswith(BASE)
        try:
            if api and not request.bearer:
                raise No(401, "unauthorized", "Send a bearer key.")
            if api and request.bearer in self.script.keys:
                self._allowed(request)
            return super().handle(request)
        except No as error:
            return error.answer

    def _allowed(self, request: Recorded) -> None:
        if not self.plan:
            raise No(402, "payment_required", "The workspace has no paid plan.")
        needed = {WRITE} if request.method == "POST" else {READ, WRITE}
        if not needed & self.scopes:
            raise No(403, "forbidden", f"This key lacks the scope {WRITE}.")

    # -- Paid calls --------------------------------------------------------------------------------------------------------

    def create(self, request: Recorded) -> Answer:
        return self._once(request, self._create)

    def create_slideshow(self, request: Recorded) -> Answer:
        return self._once(request, self._create_slideshow)

    def _once(self, request: Recorded, work: Any) -> Answer:
        """The same key and payload bring the same answer; a failed try gives its key free."""
        body = self._body(request)
        key = request.headers.get("idempotency-key") or body.get("idempotency_key") or ""
        place = (request.bearer, request.path, key)
        said = {name: value for name, value in body.items() if name != "idempotency_key"}
        payload = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
        known = self._answers.get(place) if key else None
        if known and known[0] != payload:
            raise No(409, "idempotency_conflict", "Used with another payload.", reason="payload_mismatch")
        if known is None:
            answer: Answer = work(request, body, key)
            if key:
                self._answers[place] = (payload, answer)
            replay = answer
        else:
            replay = Answer(known[1].data, known[1].status, {"idempotency-replayed": "true"})
        if key and self.busy > 0:
            self.busy -= 1
            raise No(409, "idempotency_conflict", "The first request is still being processed.", reason="in_progress")
        return replay

    def _create(self, request: Recorded, body: dict[str, Any], key: str) -> Answer:
        checks.generation(body, {row["id"] for row in self.saved})
        kind, asked = str(body["type"]), int(body.get("request_count", 1))
        each = catalogue.price(kind, body)
        self._afford(each * asked)
        queued = asked if self.queue_only is None else min(self.queue_only, asked)
        self.queue_only = None
        if not queued:
            raise No(500, "server_error", "Nothing could be queued; your credits were given back.")
        made = [self._work(catalogue.makes(kind, body), kind, each, body) for _ in range(queued)]
        self.credits -= each * queued
        for work in made:
            self.script.pay(request, work.id, each, key)
        return Answer(shapes.SUBMITS[self.shape](self._taken(made, asked, each)), 202)

    def _taken(self, made: list[Work], asked: int, each: int) -> dict[str, Any]:
        items: list[dict[str, Any]] = [
            {"object": "generation", "id": work.id, "status": "queued", "url": None} for work in made
        ]
        ids = [work.id for work in made]
        if self.list_refused:
            error = {"code": "server_error", "message": "No machine was free.", "retryable": True, "context": {}}
            items += [
                {"object": "generation", "id": str(uuid.uuid4()), "status": "failed", "url": None, "error": error}
                for _ in range(asked - len(made))
            ]
        return {
            "object": "generation",
            "id": ids[0],
            "generation_id": ids[0],
            "type": made[0].type,
            "status": "queued",
            "request_count": asked,
            "queued_count": len(made),
            "generation_ids": ids,
            "generations": items,
            "credits_deducted": each * len(made),
            "remaining_credits": self.credits,
        }

    def _create_slideshow(self, request: Recorded, body: dict[str, Any], key: str) -> Answer:
        checks.slideshow(body, {row["id"] for row in self.saved})
        slides = int(body.get("slide_count", 5))
        self._afford(slides * CREDITS_PER_SLIDE)
        work = self._work("image", "slideshow", slides * CREDITS_PER_SLIDE, body)
        work.files = slides
        self.credits -= work.credits
        self.script.pay(request, work.id, work.credits, key)
        data = {
            "object": "slideshow_generation",
            "status": "queued",
            "slideshow_id": work.id,
            "video_id": 4320 + len(self.jobs),
            "title": body.get("title", "Slide 02/06/26"),
            "slide_count": slides,
            "credits_deducted": work.credits,
            "remaining_credits": self.credits,
        }
        return Answer(data, 202)

    def _afford(self, credits: int) -> None:
        if credits > self.credits:
            raise No(
                402,
                "insufficient_credits",
                "Not enough credits.",
                credits_required=credits,
                credits_available=self.credits,
            )

    def _work(self, kind: str, type_: str, credits: int, body: dict[str, Any]) -> Work:
        failure = self.failure if self.fail_next > 0 else ""
        self.fail_next -= 1 if failure else 0
        work = Work(
            str(uuid.uuid4()), kind, type_, credits, time.time() + self.work_seconds, self.outputs, failure, body=body
        )
        self.jobs[work.id] = work
        return work

    # -- Reads -------------------------------------------------------------------------------------------------------------

    def show(self, request: Recorded, job: str) -> Answer:
        work, urls = self._read(job)
        return Answer(shapes.POLLS[self.poll_shape](self._told(work, urls, "generation"), urls))

    def show_slideshow(self, request: Recorded, job: str) -> Answer:
        work, urls = self._read(job)
        told = self._told(work, [], "slideshow") | {"slideshow_id": job}
        return Answer({**told, "slides": [{"position": place, "url": url} for place, url in enumerate(urls)]})

    def _read(self, job: str) -> tuple[Work, list[str]]:
        work = self.jobs.get(job)
        if work is not None:
            work.reads += 1
        if work is None or work.reads <= self.late:
            raise No(404, "not_found", "No such generation.")
        if work.status != "completed":
            return work, []
        work.finished_reads += 1
        if work.finished_reads <= self.bare:
            return work, []
        seeds = [work.id] if work.files == 1 else [f"{work.id}-{place}" for place in range(work.files)]
        return work, [self.script.media(work.kind, seed) for seed in seeds]

    def _told(self, work: Work, urls: list[str], name: str) -> dict[str, Any]:
        status = self.word if self.word and work.status in ("queued", "processing") else work.status
        url = next(iter(urls), None)
        error = {"code": "generation_failed", "message": work.failure, "retryable": False, "context": {}}
        told: dict[str, Any] = {
            "object": name,
            "id": work.id,
            "type": work.type,
            "status": status,
            "url": url,
            "asset_url": url,
            "asset": {"url": url, "kind": work.kind} if url else None,
            "error": error if status == "failed" else None,
            "credits_deducted": work.credits,
        }
        return told | ({"urls": urls} if len(urls) > 1 else {})

    def models(self, request: Recorded) -> Answer:
        section = request.query.get("section", [""])[0]
        rows = {name: rows for name, rows in catalogue.CATALOGUE.items() if section in ("", name)}
        return Answer({"object": "generation_catalog", **rows})

    def assets(self, request: Recorded) -> Answer:
        return Answer({"object": "workspace_assets", **catalogue.ASSETS})

    # -- Reference inspirations ----------------------------------------------------------------------------------------------

    def references(self, request: Recorded) -> Answer:
        asked = {name: values[0] for name, values in request.query.items()}
        if asked.get("suggest_targets") == "true" and asked.get("recommend") == "true":
            raise checks.bad("recommend", "Ask for one of the two.")
        if asked.get("suggest_targets") == "true":
            return Answer(_suggestions(asked))
        if asked.get("recommend") == "true":
            fits = ("template_slug", "template_category", "media_kind")
            found = [row for row in self.saved if all(row[name] == asked.get(name) for name in fits)]
            rows = [{**row, "score": 5, "reason": "Fits the template."} for row in found]
            echo = {name: asked.get(name) for name in fits}
            return Answer({"object": "reference_inspiration_recommendations", **echo, "recommendations": rows})
        targets = catalogue.ASSETS["reference_template_targets"]
        return Answer({"object": "list", "references": self.saved[::-1], "template_targets": targets})

    def save(self, request: Recorded) -> Answer:
        return self._once(request, self._save)

    def _save(self, request: Recorded, body: dict[str, Any], key: str) -> Answer:
        checks.reference(body)
        public = body.get("visibility", "private") == "public"
        row = {
            "object": "reference_inspiration",
            "id": str(uuid.uuid4()),
            "template_slug": body["template_slug"],
            "template_category": body["template_category"],
            "media_kind": body["media_kind"],
            "visibility": "public" if public else "private",
            "review_status": "pending" if public else None,
            "label": body.get("label", ""),
            "image_urls": body.get("image_urls", [self.script.media("image", "saved") for _ in body.get("images", [])]),
            "video_url": body.get("video_url"),
            "created_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        }
        self.saved.append(row)
        return Answer(row, 201)

    def _body(self, request: Recorded) -> dict[str, Any]:
        try:
            body = request.json
        except ValueError as error:
            raise No(400, "bad_request", "The body is not JSON.") from error
        if not isinstance(body, dict):
            raise No(400, "bad_request", "The body is no object.")
        return body


def _suggestions(asked: dict[str, str]) -> dict[str, Any]:
    kind = asked.get("media_kind", "image")
    rows = catalogue.ASSETS["reference_template_targets"]
    fitting = [row for row in rows if kind in row["accepts_media_kinds"]]
    return {
        "object": "reference_template_target_suggestions",
        "media_kind": kind,
        "image_count": 0,
        "has_video": False,
        "suggestions": [{**row, "score": 6, "reason": "Good match."} for row in fitting],
        "next_step": "Let the user pick a target.",
    }
