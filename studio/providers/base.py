"""The contract of a provider: whoever makes things for us. An adapter turns values into one request, and answers into our few words.

    queued -> (prepare) -> encode -> (committed) -> submit -> poll … -> results

The engine owns the cycle, the rows, every retry and the clock; an adapter owns only what differs. It never sees a row of ours. The words
(requests, answers, results, errors) are those of `studio.dialects.base`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from studio.dialects.base import (
    Answer,
    Balance,
    Canceled,
    Entry,
    Failed,
    Finished,
    Gone,
    Job,
    Link,
    LocalFile,
    Missing,
    NewVoice,
    NotConfigured,
    NotTaken,
    Person,
    Progress,
    ProviderError,
    Refused,
    Reply,
    Request,
    Result,
    StillTaking,
    Submitted,
    Text,
    Uncertain,
    Unreadable,
    UnsupportedInput,
)
from studio.tools.offer import Offer
from studio.tools.values import MediaValue, Resolved

from .http import Wire

__all__ = [
    "Answer",
    "Balance",
    "Bucket",
    "Canceled",
    "Entry",
    "Failed",
    "Finished",
    "Gone",
    "HereProvider",
    "Job",
    "Link",
    "LocalFile",
    "Missing",
    "NewVoice",
    "NotConfigured",
    "NotTaken",
    "Offer",
    "Person",
    "Progress",
    "Provider",
    "ProviderError",
    "Refused",
    "RemoteProvider",
    "Reply",
    "Request",
    "Result",
    "StillTaking",
    "Submitted",
    "Text",
    "Ticket",
    "Uncertain",
    "Unreadable",
    "UnsupportedInput",
    "Wire",
    "entry_of",
]


@dataclass(frozen=True, slots=True)
class Ticket:
    """All that an adapter may know of a generation. request: what `encode` made; remote: its own handle, once it gave one.

    count: how many results are expected. settled: positions that need no asking any more. offer: the snapshot that it was made with.
    """

    generation_id: UUID
    request: Request
    idempotency_key: str
    first_sent_at: datetime
    remote: Any = None
    count: int = 1
    settled: frozenset[int] = frozenset()
    offer: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bucket:
    """A token bucket: at most `burst` at once, `per_hour` in the long run. Figures with their source beside each provider."""

    burst: int
    per_hour: int


class Provider(ABC):
    """Whoever makes things: the local renderer, or a service behind the wire."""

    key: ClassVar[str]
    title: ClassVar[str]
    made_by: ClassVar[str]
    """What a result says about itself, e.g. "Rendered locally"."""

    verb: ClassVar[str] = ""
    """What it is doing, in a word on a running tile; empty for the state's own word."""

    drawn_here: ClassVar[bool] = False
    """Its work is done by our own render lane, which wants to be rung."""

    def made(self, tool: str) -> str:
        """`made_by`, said so that it fits what this tool makes."""
        return self.made_by

    def doing(self, tool: str) -> str:
        """`verb`, likewise."""
        return self.verb

    @abstractmethod
    def encode(self, offer: Offer, values: Resolved) -> Request:
        """The request for one generation. Pure: the same values give the same bytes. Raises UnsupportedInput, NoAddress, NotThere."""

    def may_send_again_within(self) -> timedelta:
        """How long after the first time the same bytes may be sent again without being taken twice. By default never."""
        return timedelta(0)

    def estimate(self, offer: Offer, values: Resolved) -> Decimal | None:
        """What it will probably cost in the offer's unit; None is unknown."""
        if offer.price is None:
            return None
        if offer.per == "result":
            return offer.price * len(values.tool.expected(values.inputs))
        if offer.per == "second":
            seconds = getattr(values.inputs, "duration", None)
            return None if seconds is None else offer.price * Decimal(str(seconds))
        return offer.price


class HereProvider(Provider):
    """Works in this installation, over rows of its own: plain calls, no wire."""

    def why_not(self, offer: Offer) -> str:
        """Why an offer cannot be used in this installation and what to do, "" where it can. Quick: every form asks."""
        return ""

    @abstractmethod
    def submit(self, ticket: Ticket) -> Submitted | Finished: ...

    @abstractmethod
    def poll(self, tickets: Sequence[Ticket]) -> dict[UUID, Answer | ProviderError]:
        """Asks how they are, all at once. One that is missing in the answer is asked about again later."""

    @abstractmethod
    def cancel(self, ticket: Ticket) -> None:
        """Asks it to stop. May be called again and again; the outcome is what `poll` says next."""

    @abstractmethod
    def forget(self, ticket: Ticket) -> None:
        """Everything was collected: what is kept for us may go."""


class RemoteProvider(Provider):
    """A service behind HTTP. Every coroutine gets a `Wire` (base URL, key, facts, the shared client) and raises only ProviderErrors.

    Bounded by its own time-outs, retries nothing, keeps nothing: the same adapter object serves every connection at once.
    """

    base_url: ClassVar[str]
    key_url: ClassVar[str]
    """Where a person gets a key."""
    key_hint: ClassVar[str]
    """What a key looks like, e.g. "vt_live_…"."""
    unit: ClassVar[str] = "credits"
    can_cancel: ClassVar[bool] = False
    can_list: ClassVar[frozenset[str]] = frozenset()
    """Tools whose lost jobs can be looked for in a listing."""
    buckets: ClassVar[Mapping[str, Bucket]] = {}
    """By what is done: "submit", "poll", "upload", "hydrate"; one that is missing is not limited."""
    eras: ClassVar[tuple[tuple[str, str], ...]] = ()
    """(era, words for people), the newest first; empty where the API has one."""

    @abstractmethod
    async def submit(self, wire: Wire, ticket: Ticket) -> Submitted | Finished:
        """Sends the request once. Raises Refused, NotTaken, StillTaking, Uncertain, Unreadable or NotConfigured: its submit-answer table."""

    @abstractmethod
    async def poll(self, wire: Wire, ticket: Ticket) -> Answer:
        """Asks how it is. Raises NotTaken (busy: later), Gone, NotConfigured, Unreadable; anything else is asked again."""

    async def cancel(self, wire: Wire, ticket: Ticket) -> None:
        """Asks it to stop, where `can_cancel`. May be called again and again; the outcome is what `poll` says next."""

    def uploads(self, offer: Offer, values: Resolved) -> Sequence[MediaValue]:
        """Files that must be given to the service before `encode`, in order; those it has already (`remote`) are left out."""
        return ()

    async def upload(self, wire: Wire, media: MediaValue, known_id: str = "") -> str:
        """Gives it one file; free, may be repeated. known_id: what a first try got, to go on from. Returns its id there, ready for use.

        Raises UnsupportedInput where the service takes no files.
        """
        raise UnsupportedInput(f"{self.title} takes no files of its own.")

    async def save_reference(self, wire: Wire, values: Resolved) -> str:
        """Saves the reference of the inputs there once, where the service keeps such; returns its id. Raises UnsupportedInput elsewhere."""
        raise UnsupportedInput(f"{self.title} keeps no references.")

    async def fresh_link(self, wire: Wire, ticket: Ticket, link: Link) -> Link | None:
        """The same result under a fresh address, None where it is gone for good. By default another poll finds it.

        Raises what `poll` raises, and NotTaken where the service does not tell now: ask again later.
        """
        answer = await self.poll(wire, ticket)
        if isinstance(answer, Progress):
            raise NotTaken(f"{wire.title} does not say where the file is now.", answer.poll_in_seconds)
        found = answer.results if isinstance(answer, Finished) else ()
        return next((it for it in found if isinstance(it, Link) and it.position == link.position), None)

    async def fresh_sample(self, wire: Wire, result: Person | NewVoice) -> str:
        """A fresh address of the face or the sample of what the service made for us; "" where it shows none. Raises what `poll` raises."""
        return ""

    @abstractmethod
    async def test(self, wire: Wire) -> str:
        """One free call that proves the key; returns a sentence such as "Connected as Ada's studio". Raises NotConfigured, Refused…"""

    async def balance(self, wire: Wire) -> Balance | None:
        """What is left, where the API tells it."""
        return None

    async def catalogue(self, wire: Wire) -> list[Entry]:
        """Everything that the service lists for this key: offers (overlaying the shipped ones by key), presets, voices, people …"""
        return []

    async def listed_again(self, wire: Wire, kind: str, remote_id: str) -> Entry | None:
        """One entry of the catalogue with addresses of now; None where it is no longer listed."""
        return entry_of(await self.catalogue(wire), kind, remote_id)

    async def people(self, wire: Wire) -> list[Entry]:
        """The influencers that the service lists for this key, with their readiness and fresh addresses of their pictures."""
        return []

    async def jobs(self, wire: Wire, ticket: Ticket, since: datetime) -> list[Job]:
        """What the service lists that might be this lost generation (same tool, made since), newest first. Only where `can_list`."""
        return []

    def job_fits(self, ticket: Ticket, job: Job) -> bool:
        """Whether a listed job can be this generation, by every fact that both have; time and number of results are the engine's."""
        return False

    async def register_webhook(self, wire: Wire, url: str) -> tuple[str, str] | None:
        """Asks the service to ring `url`; returns (its id, the signing secret), None where it has no such thing."""
        return None

    async def remove_webhook(self, wire: Wire, webhook_id: str) -> None:
        """Takes the bell away again. One that is gone already is fine."""

    def read_webhook(self, headers: Mapping[str, str], body: bytes, secret: str) -> list[str]:
        """The remote ids that a genuine call speaks of. Raises ValueError for a forgery, a stale or an unreadable one."""
        raise ValueError("This service sends no webhooks.")


def entry_of(entries: Iterable[Entry], kind: str, remote_id: str) -> Entry | None:
    return next((it for it in entries if (it.kind, it.remote_id) == (kind, remote_id)), None)
