"""The way out to the services: per process one event loop, one shared client, one clerk who writes.

The lane's main thread claims rows and hands over; it never waits for a slow host. Coroutines never touch a row: what they need (`Way`,
`Ticket`, values) is loaded before, and what they bring is written by the clerk. Made when first asked for, so that a pool process makes
its own after the fork.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections import Counter, deque
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from time import monotonic
from typing import Any, TypeVar
from uuid import UUID

from django.db import connections

from studio.media.dial import checked_client
from studio.providers.base import Answer, Ticket

from .asking import POLL_SECONDS, Asked, Unasked, ask
from .clerk import UNREACHABLE, Clerk, Held

log = logging.getLogger(__name__)
T = TypeVar("T")

POLLS_AT_ONCE = 100
"""Of one connection in one process. A service that stops answering soon gets no more than FEWEST."""
FIRST = 20
"""A young process begins with so many: where processes die again and again, few rows wait for the lease of a dead one."""
FEWEST = 4
AHEAD = 6
"""So many times as many polls may be claimed as are under way, so that the loop never waits for the clerk."""
POLLS_IN_ALL = 3000
SUBMITS_AT_ONCE = 8
KEEPERS = 3
"""Generations whose files are brought home at the same time in one process."""


@dataclass(slots=True)
class Queue:
    """The polls of one connection. allowed: shrinks with every time-out and grows with every answer."""

    waiting: deque[Asked] = field(default_factory=deque)
    running: int = 0
    allowed: int = FIRST
    shut_until: float = 0.0


class Courier:
    def __init__(self) -> None:
        # What may be under way is counted here, by connection; a limit in the client would let one service take the others' places.
        self.client = checked_client(connections=0)
        self.clerk = Clerk(self)
        self._loop = _new_loop()
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)
        self._queues: dict[UUID, Queue] = {}
        self._lock = threading.Lock()
        self._posted: Counter[UUID] = Counter()
        self._keeping = 0
        self.tickets: dict[UUID, Ticket] = {}
        self._keepers = ThreadPoolExecutor(KEEPERS, thread_name_prefix="keeper")
        self._thread.start()
        self.clerk.start()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    # -- Room ------------------------------------------------------------------------------------------------------------------

    def room_for_polls(self, connection_id: UUID | None) -> int:
        """How many more polls of this connection may be claimed. Asked by the clerk alone."""
        if connection_id is None:
            return 0
        queue = self._queues.get(connection_id)
        allowed = queue.allowed if queue else FIRST
        if queue and queue.shut_until > monotonic():
            return 0
        return int(allowed * AHEAD - self.clerk.pending[connection_id])

    def full_for_polls(self) -> list[UUID]:
        """Connections that get no more polls now, so that what is due of them hides nothing else."""
        return [pk for pk in list(self._queues) if self.room_for_polls(pk) <= 0]

    def full_for_submits(self) -> list[UUID]:
        return [pk for pk, posted in list(self._posted.items()) if posted >= SUBMITS_AT_ONCE]

    def room_for_submits(self, connection_id: UUID | None) -> int:
        return SUBMITS_AT_ONCE - self._posted[connection_id] if connection_id else 0

    def room_for_keeping(self) -> int:
        return KEEPERS - self._keeping

    # -- Work ------------------------------------------------------------------------------------------------------------------

    def post(
        self,
        connection_id: UUID,
        held: Held,
        work: Callable[[], Coroutine[Any, Any, T]],
        write: Callable[[T | BaseException], None],
        seconds: float,
    ) -> None:
        """Does `work` in the loop, within `seconds`, and has the clerk write what came of it. The lease is renewed until then."""
        with self._lock:
            self._posted[connection_id] += 1
        self.clerk.hold(held)

        def done(future: Future[T]) -> None:
            self.clerk.put(partial(self._written, connection_id, held, write, _outcome(future)))

        self.call(work, seconds).add_done_callback(done)

    def _written(self, connection_id: UUID, held: Held, write: Callable[[Any], None], outcome: Any) -> None:
        try:
            write(outcome)
        except UNREACHABLE:
            raise  # It is tried again, under the same lease.
        except Exception:
            log.exception("The answer about %s could not be taken in", held.generation_id)
        self.clerk.let_go(held)
        with self._lock:
            self._posted[connection_id] -= 1

    def call(self, work: Callable[[], Coroutine[Any, Any, T]], seconds: float) -> Future[T]:
        """The same for a thread that waits for the result itself. TimeoutError after `seconds`."""
        return asyncio.run_coroutine_threadsafe(_bounded(work, seconds), self._loop)

    def keep(self, held: Held, work: Callable[[], None]) -> bool:
        """Runs a plain function that brings results home in a thread of its own. False: no room now."""
        with self._lock:
            if self._keeping >= KEEPERS:
                return False
            self._keeping += 1
        self.clerk.hold(held)
        self._keepers.submit(self._keep, held, work)
        return True

    def _keep(self, held: Held, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception:
            log.exception("Bringing home %s failed", held.generation_id)
        finally:
            self.clerk.let_go(held)
            with self._lock:
                self._keeping -= 1
            connections.close_all()

    # -- Polls -----------------------------------------------------------------------------------------------------------------

    def ask(self, batch: list[Asked]) -> None:
        """Claimed polls. Called by the clerk, who counts them as pending until their answers are back."""
        self._loop.call_soon_threadsafe(self._take, batch)

    def _take(self, batch: list[Asked]) -> None:
        for asked in batch:
            queue = self._queues.setdefault(asked.way.connection_id, Queue())
            queue.waiting.append(asked)
        for connection_id in {asked.way.connection_id for asked in batch}:
            self._fill(self._queues[connection_id])

    def _fill(self, queue: Queue) -> None:
        while queue.waiting and queue.running < queue.allowed:
            queue.running += 1
            task = self._loop.create_task(self._poll(queue, queue.waiting.popleft()))
            _kept.add(task)
            task.add_done_callback(_kept.discard)

    async def _poll(self, queue: Queue, asked: Asked) -> None:
        answer: Answer | Unasked | BaseException
        if queue.shut_until > monotonic() or asked.until < monotonic() + POLL_SECONDS:
            answer = Unasked(max(0.0, queue.shut_until - monotonic()))
        else:
            try:
                async with asyncio.timeout(POLL_SECONDS):
                    answer = await ask(asked)
                queue.allowed = min(POLLS_AT_ONCE, queue.allowed + 1)
            except TimeoutError as error:
                queue.allowed = max(FEWEST, queue.allowed // 2)
                answer = error
            except Exception as error:
                answer = error
        queue.running -= 1
        self.clerk.answered(asked, answer)
        self._fill(queue)

    def shut(self, connection_id: UUID, seconds: float) -> None:
        """The service asked for a pause: what waits here goes back unasked."""
        queue = self._queues.setdefault(connection_id, Queue())
        queue.shut_until = max(queue.shut_until, monotonic() + seconds)

    # -- The end ---------------------------------------------------------------------------------------------------------------

    @property
    def is_idle(self) -> bool:
        return not self._keeping and not any(self._posted.values()) and self.clerk.is_idle

    def stop(self, seconds: float) -> None:
        """Waits for paid calls and for what is being brought home, at most so long, writes what came, and ends. Leases cover the rest."""
        self.clerk.stop_claiming()
        deadline = monotonic() + seconds
        while not self.is_idle and monotonic() < deadline:
            self.clerk.drained.wait(0.02)
        self.clerk.stop()
        self._keepers.shutdown(wait=False, cancel_futures=True)
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _close(self) -> None:
        mine = asyncio.current_task()
        rest = [task for task in asyncio.all_tasks() if task is not mine]
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
        await self.client.aclose()


_kept: set[asyncio.Task[None]] = set()
_here: dict[int, Courier] = {}
_making = threading.Lock()


def here() -> Courier:
    """This process's courier, made when first asked for."""
    with _making:
        pid = os.getpid()
        if pid not in _here:
            _here.clear()  # A fork has its parent's entry, but none of its threads.
            _here[pid] = Courier()
        return _here[pid]


def stop_here(seconds: float) -> None:
    """Ends this process's courier, if it has one."""
    with _making:
        courier = _here.pop(os.getpid(), None)
    if courier:
        courier.stop(seconds)


def _new_loop() -> asyncio.AbstractEventLoop:
    """uvloop's where it is installed (it comes with uvicorn, except on Windows): a poll costs a tenth less."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


async def _bounded(work: Callable[[], Coroutine[Any, Any, T]], seconds: float) -> T:
    async with asyncio.timeout(seconds):
        return await work()


def _outcome(future: Future[T]) -> T | BaseException:
    error = future.exception() if not future.cancelled() else TimeoutError("stopped")
    return error if error is not None else future.result()
