"""A small service of our own to try the engine against: a real HTTP server that a test steers, and the adapter that speaks with it.

POST /jobs            {"count": 2, "words": …} with Idempotency-Key: 201 {"id", "poll_in", "charged"}; honours the key where `honours` is true
GET  /jobs/<id>       {"state": "running"|"done"|"failed"|"canceled", "share", "results": [{"kind", "url"}…], "cost"}
POST /jobs/<id>/cancel
POST /files           {"name"} -> {"id"}
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from studio.dialects.base import (
    Answer,
    Canceled,
    Failed,
    Finished,
    Gone,
    Link,
    Missing,
    NewVoice,
    NotConfigured,
    NotTaken,
    Person,
    Progress,
    Refused,
    Reply,
    Request,
    Result,
    StillTaking,
    Submitted,
    Text,
    Uncertain,
    Unreadable,
)
from studio.providers.base import Bucket, RemoteProvider, Ticket, Wire
from studio.tools.offer import Offer
from studio.tools.values import MediaValue, Resolved
from tests.upstreams.common import Answer as Said
from tests.upstreams.common import Recorded, Upstream, main


@dataclass
class Job:
    id: str
    count: int
    done_at: float
    state: str = "running"
    failed: int = 0


class TinyServer(Upstream):
    routes = (
        ("POST", "/jobs", "create"),
        ("GET", "/jobs/{job}", "show"),
        ("POST", "/jobs/{job}/cancel", "cancel"),
        ("POST", "/files", "upload"),
    )
    orders = ("turn", "jobs_here")

    def __init__(self, *keys: str) -> None:
        super().__init__(*(keys or ("tiny-1",)))
        self.jobs: dict[str, Job] = {}
        self.files: list[str] = []
        self.work_seconds = 0.0
        self.honours = True
        self.kinds = ["image"]
        self.missing = 0
        self.synchronous = False
        self.expires_in = 3600.0
        self._known: dict[str, str] = {}

    @staticmethod
    def job(name: str, count: int, seconds: float = 60) -> Job:
        return Job(name, count, time.time() + seconds)

    def turn(self, name: str, to: Any) -> None:
        setattr(self, name, to)

    def jobs_here(self) -> list[str]:
        return list(self.jobs)

    def create(self, request: Recorded) -> Said:
        key = request.headers.get("idempotency-key", "")
        job_id = self._known.get(key) if self.honours else None
        if job_id is None:
            job_id = self.script.new_id("job-")
            count = int(request.json.get("count", 1))
            self.jobs[job_id] = Job(job_id, count, time.time() + self.work_seconds, failed=self.missing)
            self._known[key] = job_id
            self.script.pay(request, job_id, 2, key)
        job = self.jobs[job_id]
        if self.synchronous:
            return Said({"id": job_id, **self._shown(job)}, 201)
        frames = [self.script.media("image", f"{job_id}-frame")]
        return Said({"id": job_id, "poll_in": 0.2, "charged": "2", "frames": frames}, 201)

    def show(self, request: Recorded, job: str) -> Said:
        found = self.jobs.get(job)
        return Said(self._shown(found)) if found else self.not_found()

    def _shown(self, job: Job) -> dict[str, Any]:
        if job.state == "running" and time.time() >= job.done_at:
            job.state = "done"
        share = 1.0 if job.state == "done" else 0.5
        results = [self._result(job, position) for position in range(job.count)] if job.state == "done" else []
        return {"state": job.state, "share": share, "poll_in": 0.2, "results": results, "cost": "2"}

    def _result(self, job: Job, position: int) -> dict[str, Any]:
        kind = self.kinds[position % len(self.kinds)]
        if position < job.failed:
            return {"position": position, "kind": "missing", "reason": "The machine was out of paint."}
        data: dict[str, Any] = {"position": position, "kind": kind, "id": f"{job.id}-{position}"}
        if kind in ("image", "video", "audio", "model"):
            data |= {"url": self.script.media(kind, f"{job.id}-{position}"), "expires_in": self.expires_in}
        elif kind == "person":
            data |= {"url": self.script.media("image", f"{job.id}-face"), "name": "Mia"}
        elif kind == "voice":
            data |= {"url": self.script.media("audio", f"{job.id}-voice"), "name": "Warm"}
        else:
            data |= {"text": f"Words of {job.id}."}
        return data

    def cancel(self, request: Recorded, job: str) -> Said:
        if job not in self.jobs:
            return self.not_found()
        self.jobs[job].state = "canceled"
        return Said({})

    def upload(self, request: Recorded) -> Said:
        self.files.append(self.script.new_id("file-"))
        return Said({"id": self.files[-1]}, 201)


class TinyProvider(RemoteProvider):
    key: ClassVar[str] = "tiny"
    title: ClassVar[str] = "Tiny"
    made_by: ClassVar[str] = "Made by Tiny"
    base_url: ClassVar[str] = "https://tiny.example"
    key_url: ClassVar[str] = "https://tiny.example/keys"
    key_hint: ClassVar[str] = "tiny-…"
    can_cancel: ClassVar[bool] = True
    window: ClassVar[timedelta] = timedelta(minutes=10)
    buckets: ClassVar[dict[str, Bucket]] = {}
    submit_seconds: ClassVar[float] = 20.0

    def encode(self, offer: Offer, values: Resolved) -> Request:
        files = [it.remote_id() for it in values.media.get("images", ())] if offer.address == "upload" else []
        links = [it.url() for it in values.media.get("images", ())] if offer.address == "url" else []
        words = getattr(values.inputs, "prompt", "") or getattr(values.inputs, "headline", "")
        count = len(values.tool.expected(values.inputs))
        return Request.post("/jobs", {"count": count, "words": words, "files": files, "links": links})

    def may_send_again_within(self) -> timedelta:
        return self.window

    def uploads(self, offer: Offer, values: Resolved) -> Sequence[MediaValue]:
        if offer.address != "upload":
            return ()
        return [it for it in values.media.get("images", ()) if "file" not in it.remote]

    async def upload(self, wire: Wire, media: MediaValue, known_id: str = "") -> str:
        reply = await wire.request("POST", "/files", data={"name": media.name})
        if reply.status != 201:
            raise _error(reply)
        return str(reply.data["id"])

    async def submit(self, wire: Wire, ticket: Ticket) -> Submitted | Finished:
        sent = ticket.request
        headers = {"Idempotency-Key": ticket.idempotency_key}
        reply = await wire.request(sent.method, sent.path, body=sent.body, headers=headers, seconds=self.submit_seconds)
        if reply.status == 409:
            raise StillTaking("It is being taken.", 0.2)
        if reply.status != 201:
            raise _error(reply)
        if not isinstance(reply.data, dict) or "id" not in reply.data:
            raise Unreadable("Tiny took this but named no job.")
        if "results" in reply.data:
            return _finished(reply.data)
        return Submitted(
            {"id": reply.data["id"]},
            reply.data["poll_in"],
            charged=Decimal(reply.data["charged"]),
            frames=tuple(reply.data["frames"]),
        )

    async def poll(self, wire: Wire, ticket: Ticket) -> Answer:
        reply = await wire.request("GET", f"/jobs/{ticket.remote['id']}")
        if reply.status == 404:
            raise Gone("Tiny does not know this job.")
        if reply.status != 200:
            raise _error(reply)
        if not isinstance(reply.data, dict):
            raise Unreadable("Tiny answers in riddles.")
        state = reply.data["state"]
        if state == "done":
            return _finished(reply.data)
        if state == "failed":
            return Failed("model", "Tiny could not do it.", charged=False)
        if state == "canceled":
            return Canceled(charged=False)
        return Progress(reply.data["share"], "Tiny is at work", reply.data["poll_in"])

    async def cancel(self, wire: Wire, ticket: Ticket) -> None:
        await wire.request("POST", f"/jobs/{ticket.remote['id']}/cancel")

    async def test(self, wire: Wire) -> str:
        return "Connected to Tiny."


def _finished(data: dict[str, Any]) -> Finished:
    return Finished(tuple(_result(it) for it in data["results"]), Decimal(data["cost"]))


def _result(data: dict[str, Any]) -> Result:
    position, kind = data["position"], data["kind"]
    if kind == "missing":
        return Missing(position, data["reason"])
    if kind == "text":
        return Text(position, data["text"])
    if kind == "person":
        return Person(position, data["id"], data["name"], True, data["url"])
    if kind == "voice":
        return NewVoice(position, data["id"], data["name"], "designed", data["url"])
    expires = datetime.now(UTC) + timedelta(seconds=data["expires_in"])
    return Link(position, data["url"], kind, data["id"], expires)


def _error(reply: Reply) -> Exception:
    if reply.status in (401, 403):
        return NotConfigured("Tiny does not take this key.")
    if reply.status == 429:
        return NotTaken("Tiny is busy.", reply.retry_after_seconds or 1.0)
    if reply.status == 402:
        return Refused("No credits are left at Tiny.", "credits")
    if reply.status < 500:
        return Refused(f"Tiny refuses this: {json.dumps(reply.data)}", "input")
    return Uncertain(f"Tiny stumbled ({reply.status}).")


if __name__ == "__main__":
    main(TinyServer("tiny-1"))
