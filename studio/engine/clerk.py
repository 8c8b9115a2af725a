"""The one thread of a process that writes what the services said, and that claims what is to be asked next."""

from __future__ import annotations

import logging
import threading
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING
from uuid import UUID

from django import db
from django.utils import timezone

from studio.models import Generation
from studio.providers.base import Answer

from . import asking
from .asking import Asked, Unasked
from .leases import LEASE

if TYPE_CHECKING:
    from .courier import Courier

log = logging.getLogger(__name__)

TICK_SECONDS = 0.1
"""Answers of polls wait at most so long for others to be written with."""
CLAIM_SECONDS = 0.2
IDLE_SECONDS = 5.0
BEAT_SECONDS = 15.0
"""How often the leases of what takes long are renewed: a dead process is noticed after a lease, however long its work would have taken."""
MANY = 100
RETRY_SECONDS = 1.0
UNREACHABLE = (db.OperationalError, db.InterfaceError)
"""A database that is locked or away. What could not be written then is tried again for as long as this process lives: it may be the only
word of something that was paid."""


@dataclass(frozen=True, slots=True)
class Held:
    """A lease that is renewed while somebody works."""

    generation_id: UUID
    token: UUID


class Clerk(threading.Thread):
    def __init__(self, courier: Courier) -> None:
        super().__init__(name="clerk", daemon=True)
        self.courier = courier
        self.pending: Counter[UUID] = Counter()
        self.drained = threading.Event()
        self._wake = threading.Event()
        self._writes: deque[Callable[[], None]] = deque()
        self._answers: deque[asking.Answered] = deque()
        self._retries: list[tuple[float, Callable[[], None]]] = []
        self._held: set[Held] = set()
        self._lock = threading.Lock()
        self._asked_to_claim = False
        self._claims = True
        self._stopping = False
        self._busy = False
        self._claimed_at = self._beaten_at = monotonic()

    # -- Called by others ------------------------------------------------------------------------------------------------------

    def put(self, write: Callable[[], None]) -> None:
        """At once: the answer to something that was paid."""
        self._writes.append(write)
        self._wake.set()

    def answered(self, asked: Asked, answer: Answer | Unasked | BaseException) -> None:
        self._answers.append((asked, answer))
        if len(self._answers) >= MANY:
            self._wake.set()

    def look(self) -> None:
        """Something may be due."""
        self._asked_to_claim = True
        self._wake.set()

    def ask_now(self, rows: Sequence[Generation]) -> None:
        """Polls of rows that were claimed by name."""
        self.put(partial(self._ask, list(rows)))

    def _ask(self, rows: Sequence[Generation]) -> None:
        self._hand_over(asking.prepare_rows(self.courier, rows))

    def hold(self, held: Held) -> None:
        with self._lock:
            self._held.add(held)
        self._wake.set()

    def let_go(self, held: Held) -> None:
        with self._lock:
            self._held.discard(held)

    def stop_claiming(self) -> None:
        self._claims = False

    def stop(self) -> None:
        self._stopping = True
        self._wake.set()
        if self.is_alive():
            self.join(10)

    @property
    def is_idle(self) -> bool:
        """Nothing waits to be written."""
        return not (self._writes or self._answers or self._retries or self._busy)

    # -- The thread ------------------------------------------------------------------------------------------------------------

    def run(self) -> None:
        try:
            while not self._stopping:
                at_work = bool(self._held or self._retries or self._answers or any(self.pending.values()))
                self._wake.wait(TICK_SECONDS if at_work else IDLE_SECONDS)
                self._wake.clear()
                self._busy = True
                try:
                    self._round()
                except Exception:
                    log.exception("The clerk stumbled")
                    db.connection.close()
                finally:
                    self._busy = False
                    self.drained.set()
                    self.drained.clear()
            self._write()
        finally:
            db.connections.close_all()

    def _round(self) -> None:
        self._write()
        if self._held and monotonic() - self._beaten_at > BEAT_SECONDS:
            self._beaten_at = monotonic()
            self._beat()
        due = self._asked_to_claim or any(self.pending.values())
        if self._claims and due and monotonic() - self._claimed_at >= CLAIM_SECONDS:
            self._asked_to_claim = False
            self._claim()

    def _claim(self) -> None:
        from .courier import POLLS_IN_ALL

        most = POLLS_IN_ALL - sum(self.pending.values())
        batch, more = asking.claim(self.courier, most)
        # Where more is due than was taken, it is taken as soon as there is room.
        self._claimed_at = monotonic() - (CLAIM_SECONDS - TICK_SECONDS / 2 if more else 0)
        self._hand_over(batch)

    def _hand_over(self, batch: list[Asked]) -> None:
        for asked in batch:
            self.pending[asked.way.connection_id] += 1
        if batch:
            self.courier.ask(batch)

    def _write(self) -> None:
        now = monotonic()
        due = [retry for retry in self._retries if retry[0] <= now]
        self._retries = [retry for retry in self._retries if retry[0] > now]
        for _, write in due:
            self._try(write)
        while self._writes:
            self._try(self._writes.popleft())
        batch = []
        while self._answers:
            batch.append(self._answers.popleft())
        for asked, _ in batch:
            self.pending[asked.way.connection_id] -= 1
        if batch:
            asking.write(self.courier, batch)

    def _try(self, write: Callable[[], None]) -> None:
        try:
            write()
        except UNREACHABLE:
            log.exception("An answer could not be written yet")
            db.connection.close()
            self._retries.append((monotonic() + RETRY_SECONDS, write))
        except Exception:
            log.exception("An answer could not be taken in")

    def _beat(self) -> None:
        with self._lock:
            tokens = [held.token for held in self._held]
            ids = [held.generation_id for held in self._held]
        until = timezone.now() + LEASE
        Generation.objects.filter(pk__in=ids, lease_token__in=tokens).update(lease_until=until, next_poll_at=until)
