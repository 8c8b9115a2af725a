"""How soon an event reaches open browsers: 1,000 streams open, from the commit of the event to its arrival.

    .venv/bin/python -m bench.live [--streams 1000] [--events 200]

Starts its own broker and web server (as `make run` does) on a database of its own. People are spread over 100 workspaces, ten streams
each, and every event is for one workspace. The baseline in the same run is one stream alone on the same server.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from typing import Any

WORKSPACES = 100


def percentile(values: list[float], part: float) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[round(part * 100) - 1]


def prepare(folder: str, streams: int) -> list[tuple[Any, Any, list[str]]]:
    """A team with workspaces and people; returns (team id, workspace id, session keys) of each workspace."""
    os.environ.update(BACKLOT_DATA=folder, DJANGO_SETTINGS_MODULE="config.settings", LOG_LEVEL="ERROR")
    import django

    django.setup()
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command
    from django.db import transaction

    from studio.models import Membership, Role, Team, User, Workspace

    call_command("migrate", verbosity=0)
    groups = []
    with transaction.atomic():
        team = Team.objects.create(name="Bench")
        for number in range(min(WORKSPACES, streams)):
            workspace = Workspace.objects.create(team=team, name=f"Workspace {number}")
            keys = []
            for seat in range(max(1, streams // WORKSPACES)):
                user = User.objects.create(email=f"p{number}.{seat}@example.com", name="P", password="!")
                Membership.objects.create(user=user, team=team, role=Role.CREATOR)
                session = SessionStore()
                session[SESSION_KEY] = str(user.pk)
                session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
                session[HASH_SESSION_KEY] = user.get_session_auth_hash()
                session.create()
                keys.append(str(session.session_key))
            groups.append((team.pk, workspace.pk, keys))
    return groups


async def open_stream(
    port: int, workspace: Any, key: str, arrivals: dict[str, list[float]], ready: asyncio.Semaphore
) -> asyncio.Task[None]:
    """A bare socket: a thousand HTTP clients in one process would measure themselves."""
    async with ready:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            f"GET /live/?workspace={workspace} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            f"Cookie: backlot_session={key}\r\n\r\n".encode()
        )
        await writer.drain()
        head = await reader.readuntil(b"retry: 2000")
        assert head.startswith(b"HTTP/1.1 200"), head

    async def follow() -> None:
        try:
            while line := await reader.readline():
                if line.startswith(b"data: "):
                    arrivals.setdefault(json.loads(line[6:])["subject"], []).append(time.perf_counter())
        finally:
            writer.close()  # Held until here: a writer that nobody holds closes its connection.

    return asyncio.create_task(follow())


async def measure(port: int, groups: list[tuple[Any, Any, list[str]]], events: int) -> tuple[list[float], float]:
    """Milliseconds from commit to arrival of every event at every stream that hears it, and the seconds that opening took."""
    from asgiref.sync import sync_to_async
    from django.db import transaction

    from studio.live import outbox

    arrivals: dict[str, list[float]] = {}
    gate = asyncio.Semaphore(100)
    began = time.perf_counter()
    followers = await asyncio.gather(
        *(open_stream(port, workspace, key, arrivals, gate) for _, workspace, keys in groups for key in keys)
    )
    opening = time.perf_counter() - began
    sent: dict[str, float] = {}
    listeners: dict[str, int] = {}

    def publish(number: int) -> None:
        team, workspace, keys = groups[number % len(groups)]
        listeners[str(number)] = len(keys)
        with transaction.atomic():
            outbox.append("bench", str(number), team_id=team, workspace_id=workspace)
            transaction.on_commit(lambda: sent.setdefault(str(number), time.perf_counter()))

    for number in range(events):
        await sync_to_async(publish)(number)
        deadline = time.perf_counter() + 10
        while len(arrivals.get(str(number), ())) < listeners[str(number)]:
            if time.perf_counter() > deadline:
                raise SystemExit(
                    f"Event {number} reached {len(arrivals.get(str(number), ()))} of {listeners[str(number)]} streams."
                )
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.02)
    for follower in followers:
        follower.cancel()
    return [(at - sent[number]) * 1000 for number, times in arrivals.items() for at in times], opening


async def run(arguments: argparse.Namespace, folder: str) -> dict[str, Any]:
    from bench.server import broker, web

    groups = prepare_result  # Made before any loop ran: Django refuses its ORM inside one.
    with broker(folder), web(folder) as port:
        alone, _ = await measure(port, [(groups[0][0], groups[0][1], groups[0][2][:1])], arguments.events)
        many, opening = await measure(port, groups, arguments.events)
    return {
        "bench": "live",
        "streams": sum(len(keys) for _, _, keys in groups),
        "events": arguments.events,
        "open_seconds": round(opening, 2),
        "p50_ms": round(statistics.median(many), 2),
        "p95_ms": round(percentile(many, 0.95), 2),
        "alone_p95_ms": round(percentile(alone, 0.95), 2),
        "p95_ratio": round(percentile(many, 0.95) / percentile(alone, 0.95), 2),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--streams", type=int, default=1000)
    parser.add_argument("--events", type=int, default=200)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="backlot-bench-") as data:
        prepare_result = prepare(data, given.streams)
        result = asyncio.run(run(given, data))
    print(f"{result['streams']} streams: p95 {result['p95_ms']} ms, alone {result['alone_p95_ms']} ms")
    print(json.dumps(result))
    sys.exit(0 if result["p95_ms"] < 20 else 1)
