"""The contract of a provider: whoever makes things for us. An adapter turns values into one request, and answers into our few words.

    queued -> encode -> (committed) -> submit -> poll … -> results

The engine owns the cycle, the rows and every retry; an adapter owns only what differs. It never sees a row of ours.

ProviderError
├── NotConfigured        no key, or one that cannot be read: a person must act
├── UnsupportedInput     said by `encode`, before anything is sent
├── Refused              final: asking again with the same words brings the same answer
├── NotTaken             certainly not started: ask again after `retry_after_seconds`
├── Uncertain            perhaps started and perhaps billed: never sent again by itself
└── Unreadable           an answer that makes no sense: after a submit as uncertain, at a poll ask again
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from .values import Resolved


class ProviderError(Exception):
    """The message is one sentence for the person whose generation it is."""


class NotConfigured(ProviderError):
    pass


class UnsupportedInput(ProviderError):
    pass


class Refused(ProviderError):
    pass


class NotTaken(ProviderError):
    def __init__(self, message: str = "The service is busy.", retry_after_seconds: float = 5.0) -> None:
        super().__init__(message, retry_after_seconds)
        self.retry_after_seconds = retry_after_seconds

    def __str__(self) -> str:
        return str(self.args[0])


class Uncertain(ProviderError):
    pass


class Unreadable(ProviderError):
    pass


@dataclass(frozen=True, slots=True)
class Offer:
    """A provider's way to run a tool. price: per request in `unit`, None where unknown (never 0). limits shape the form."""

    key: str
    provider: str
    tool: str
    title: str
    price: Decimal | None
    unit: str
    typical_seconds: float
    source: str
    seen_on: date
    limits: Mapping[str, Any] = field(default_factory=dict)

    def snapshot(self) -> dict[str, Any]:
        """What a generation keeps of the offer that it was made with."""
        return {
            "key": self.key,
            "provider": self.provider,
            "tool": self.tool,
            "title": self.title,
            "price": None if self.price is None else str(self.price),
            "unit": self.unit,
            "typical_seconds": self.typical_seconds,
            "source": self.source,
            "seen_on": self.seen_on.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Ticket:
    """All that an adapter may know of a generation. request: the bytes that `encode` made; remote: its own handle, once it gave one."""

    generation_id: UUID
    request: bytes
    idempotency_key: str
    first_sent_at: datetime
    remote: Any = None


@dataclass(frozen=True, slots=True)
class Media:
    """One finished file for the output at `position`. notes: sentences for the person."""

    position: int
    path: Path
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """The output at `position` will never come; `reason` is a sentence for the person."""

    position: int
    reason: str


@dataclass(frozen=True, slots=True)
class Submitted:
    """Taken. remote: an opaque JSON value that finds it again."""

    remote: Any
    poll_in_seconds: float


@dataclass(frozen=True, slots=True)
class Progress:
    """Still at work. share: 0 to 1."""

    share: float
    step: str
    poll_in_seconds: float


@dataclass(frozen=True, slots=True)
class Finished:
    """At least one result is there. cost: what was charged in the offer's unit; None is unknown."""

    results: tuple[Media | Missing, ...]
    cost: Decimal | None


@dataclass(frozen=True, slots=True)
class Failed:
    """Nothing will come. code: for machines, stable; reason: a sentence for the person."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Canceled:
    """It ended because we asked for it."""


Answer = Progress | Finished | Failed | Canceled


class Provider(ABC):
    """One upstream. Methods that touch it raise only ProviderErrors."""

    key: ClassVar[str]
    title: ClassVar[str]
    made_by: ClassVar[str]
    """What a result says about itself, e.g. "Rendered locally"."""

    drawn_here: ClassVar[bool] = False
    """Its work is done by our own render lane, which wants to be rung."""

    @abstractmethod
    def encode(self, offer: Offer, values: Resolved) -> bytes:
        """The request for one generation. Pure: the same values give the same bytes. Raises UnsupportedInput."""

    @abstractmethod
    def submit(self, ticket: Ticket) -> Submitted | Finished:
        """Sends the request. Raises Refused, NotTaken, Uncertain, Unreadable or NotConfigured."""

    @abstractmethod
    def poll(self, tickets: Sequence[Ticket]) -> dict[UUID, Answer | ProviderError]:
        """Asks how they are, all at once. One that is missing in the answer is asked about again later."""

    @abstractmethod
    def cancel(self, ticket: Ticket) -> None:
        """Asks it to stop. May be called again and again; the outcome is what `poll` says next."""

    def forget(self, ticket: Ticket) -> None:  # noqa: B027  (most providers have nothing to tidy up)
        """Everything was collected: what is kept for us may go."""

    def may_send_again_within(self) -> timedelta:
        """How long after the first time the same bytes may be sent again without being taken twice. By default never."""
        return timedelta(0)

    def estimate(self, offer: Offer, values: Resolved) -> Decimal | None:
        """What it will probably cost in the offer's unit; None is unknown."""
        return offer.price
