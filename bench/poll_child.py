"""The processes of `bench.poll`: the service that is asked, the bare loop, ours. Each is started with its role as first word."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from datetime import datetime, timedelta
from typing import Any, ClassVar

from studio.dialects.base import Answer, Progress, Request, Submitted
from studio.providers.base import Offer, RemoteProvider, Ticket, Wire
from studio.tools.values import Resolved

ANSWER_SECONDS = 0.08
AT_ONCE = 100


class BenchProvider(RemoteProvider):
    """Asks what the service's jobs are at; where the job's id says so, again at once, else in five seconds."""

    key: ClassVar[str] = "bench"
    title: ClassVar[str] = "Bench"
    made_by: ClassVar[str] = "Bench"
    base_url: ClassVar[str] = ""
    key_url: ClassVar[str] = ""
    key_hint: ClassVar[str] = ""

    def encode(self, offer: Offer, values: Resolved) -> Request:
        return Request.post("/jobs", {})

    async def submit(self, wire: Wire, ticket: Ticket) -> Submitted:
        return Submitted({"id": "none"}, 5.0)

    async def poll(self, wire: Wire, ticket: Ticket) -> Answer:
        reply = await wire.request("GET", f"/jobs/{ticket.remote['id']}", seconds=10)
        return Progress(reply.data["share"], reply.data["step"], wire.facts["pace"])

    async def test(self, wire: Wire) -> str:
        return "Connected."


def know_bench() -> None:
    from studio.providers import PROVIDERS

    PROVIDERS["bench"] = ("Bench", "bench.poll_child.BenchProvider")


# -- The service ---------------------------------------------------------------------------------------------------------------


class Service:
    """Answers every poll after 80 ms. /facts: how many came, and the longest time from one poll of a job to its next, since /reset."""

    def __init__(self) -> None:
        self.count, self.longest, self.began = 0, 0.0, time.monotonic()
        self.seen: dict[str, float] = {}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        path, now = scope["path"], time.monotonic()
        if path == "/reset":
            self.count, self.longest, self.began = 0, 0.0, now
            data: dict[str, Any] = {}
        elif path == "/forget":
            self.seen.clear()
            data = {}
        elif path == "/facts":
            data = {"count": self.count, "seconds": now - self.began, "longest": self.longest, "jobs": len(self.seen)}
        else:
            self.count += 1
            if path in self.seen:
                self.longest = max(self.longest, now - self.seen[path])
            self.seen[path] = now
            await asyncio.sleep(ANSWER_SECONDS)
            data = {"id": path[6:], "status": "running", "share": 0.5, "step": "At work"}
        body = json.dumps(data).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def serve(port: int) -> None:
    import uvicorn

    uvicorn.run(Service(), port=port, log_level="error", access_log=False, lifespan="off", backlog=4096)


# -- The bare loop ---------------------------------------------------------------------------------------------------------------


def bare(url: str, seconds: float) -> None:
    """The same client and the same reading of answers, with as many requests at once, and nothing else: no rows, no leases, no writing."""
    import django

    django.setup()
    from studio.media.dial import checked_client

    async def work(wire: Wire, until: float, number: int) -> None:
        while time.monotonic() < until:
            reply = await wire.request("GET", f"/jobs/bare-{number}", seconds=10)
            assert reply.data["share"] == 0.5

    async def run() -> None:
        async with checked_client(connections=0) as client:
            wire = Wire(client, url, "key", "Bench")
            until = time.monotonic() + seconds
            await asyncio.gather(*(work(wire, until, number) for number in range(AT_ONCE)))

    asyncio.run(run())


# -- Ours ------------------------------------------------------------------------------------------------------------------------


def ours(seconds: float) -> None:
    """What a process of the engine lane does: a sweep each second, and its courier."""
    import django

    django.setup()
    know_bench()
    from studio.engine import courier, pace, sweep

    class Even:
        """No jitter, so that a lag can be told from it."""

        def random(self) -> float:
            return 0.0

    pace._random = Even()  # type: ignore[assignment]
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        began = time.monotonic()
        sweep.sweep()
        time.sleep(max(0.0, 1.0 - (time.monotonic() - began)))
    courier.stop_here(2)


def rows(count: int, url: str, pace_seconds: float, spread_seconds: float) -> None:
    """Running generations of one connection, due over the next `spread_seconds`. Those of an earlier round go."""
    import django

    django.setup()
    know_bench()
    from studio.engine import secrets
    from studio.models import Brief, Connection, Generation, Output, State, Team, Workspace, uuid7

    Team.objects.all().delete() if not Generation.objects.exists() else _clear()
    team = Team.objects.create(name="Bench")
    workspace = Workspace.objects.create(team=team, name="Bench")
    facts = {"unlimited": True, "pace": pace_seconds}
    kept = Connection.objects.create(team=team, provider="bench", key=secrets.conceal("key"), base_url=url, facts=facts)
    brief = Brief.objects.create(team=team, workspace=workspace, tool="image", inputs={}, nonce=uuid7().hex)
    now = datetime.now().astimezone()
    made = [
        Generation(
            team=team,
            workspace=workspace,
            brief=brief,
            tool="image",
            provider="bench",
            connection=kept,
            offer_key="bench:image:test",
            inputs={"prompt": "A jar of peaches"},
            state=State.RUNNING,
            request=b"POST /jobs\n{}",
            idempotency_key=str(number),
            first_sent_at=now,
            started_at=now + timedelta(hours=1),  # Young for the whole run: its pace does not change.
            remote={"id": f"job-{number}"},
            remote_key=f"job-{number}",
            progress=0.5,
            step="At work",
            next_poll_at=now + timedelta(seconds=spread_seconds * number / count),
        )
        for number in range(count)
    ]
    Generation.objects.bulk_create(made, batch_size=500)
    Output.objects.bulk_create(
        [
            Output(team=team, workspace=workspace, generation=generation, kind="image", tool="image", title="Jar")
            for generation in made
        ],
        batch_size=500,
    )


def _clear() -> None:
    from studio.models import Brief, Connection, Event, Generation, Output, Team

    for model in (Event, Output, Generation, Brief, Connection, Team):
        model._default_manager.all().delete()


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    role, *words = sys.argv[1:]
    if role == "serve":
        serve(int(words[0]))
    elif role == "bare":
        bare(words[0], float(words[1]))
    elif role == "rows":
        rows(int(words[0]), words[1], float(words[2]), float(words[3]))
    else:
        ours(float(words[0]))


if __name__ == "__main__":
    main()
