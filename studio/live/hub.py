"""The hub of one web process: reads the outbox once for everybody and hands each event to the streams that may hear it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID

import redis.asyncio
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import DatabaseError, connections

from studio.models import Event

from .bell import CHANNEL
from .replay import Audience, Reader, as_message

log = logging.getLogger(__name__)

QUEUE_LENGTH = 200
LOOK_EVERY_SECONDS = 2.0
"""How often the table is read without a bell: the net under a lost broker."""

REFRESH = b"event: refresh\ndata: {}\n\n"
CLOSE = b""


@dataclass(eq=False, slots=True)
class Subscriber:
    """One open stream. An empty message asks it to end."""

    audience: Audience
    queue: asyncio.Queue[bytes] = field(default_factory=lambda: asyncio.Queue(QUEUE_LENGTH))

    def put(self, message: bytes) -> None:
        """Never waits: a reader that is too slow loses its backlog and is told to read everything again."""
        if self.queue.full():
            while not self.queue.empty():
                self.queue.get_nowait()
            self.queue.put_nowait(REFRESH)
            if message == CLOSE:
                self.queue.put_nowait(CLOSE)
            return
        self.queue.put_nowait(message)


def _read(reader: Reader | None) -> tuple[Reader, list[Event]]:
    try:
        if reader is None:
            return Reader.at_end(), []
        return reader, reader.read()
    finally:
        connections.close_all()  # This runs on a pool thread that nobody else tidies up.


class Hub:
    def __init__(self) -> None:
        self._subscribers: dict[UUID, set[Subscriber]] = defaultdict(set)
        self._bell = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._reader: Reader | None = None
        self._started = asyncio.Lock()

    def __len__(self) -> int:
        return sum(len(group) for group in self._subscribers.values())

    async def start(self) -> None:
        """Starts following the outbox, once, before the first stream replays what it missed: nothing can fall between the two."""
        async with self._started:
            if self._tasks:
                return
            self._reader, _ = await sync_to_async(_read, thread_sensitive=False)(None)
            self._tasks = [asyncio.create_task(self._follow()), asyncio.create_task(self._listen())]

    def add(self, subscriber: Subscriber) -> None:
        self._subscribers[subscriber.audience.team_id].add(subscriber)

    def discard(self, subscriber: Subscriber) -> None:
        group = self._subscribers[subscriber.audience.team_id]
        group.discard(subscriber)
        if not group:
            del self._subscribers[subscriber.audience.team_id]

    def of_user(self, user_id: int) -> int:
        return sum(s.audience.user_id == user_id for group in self._subscribers.values() for s in group)

    def _hand_out(self, events: list[Event]) -> None:
        for event in events:
            group = self._subscribers.get(event.team_id, ())
            if event.kind == "access":
                for subscriber in tuple(group):
                    if str(subscriber.audience.user_id) == event.subject:
                        subscriber.put(CLOSE)
                continue
            message = as_message(event)
            for subscriber in tuple(group):
                if subscriber.audience.hears(event):
                    subscriber.put(message)

    async def _follow(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._bell.wait(), LOOK_EVERY_SECONDS)
            self._bell.clear()
            try:
                self._reader, events = await sync_to_async(_read, thread_sensitive=False)(self._reader)
            except DatabaseError as error:
                log.warning("The outbox cannot be read now: %s", error)
                continue
            self._hand_out(events)

    async def _listen(self) -> None:
        while True:
            try:
                client = redis.asyncio.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2)
                async with client, client.pubsub() as channel:
                    await channel.subscribe(CHANNEL)
                    self._bell.set()
                    async for _ in channel.listen():
                        self._bell.set()
            except (redis.RedisError, OSError):
                await asyncio.sleep(1)
