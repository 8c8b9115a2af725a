"""What every dialect speaks with the engine: one request, the few words that an answer can mean, and the ways it can go wrong.

ProviderError
├── NotConfigured        no key, or one that cannot be read or is refused: a person must act
├── UnsupportedInput     said by `encode`, before anything is sent
├── Refused              final: asking again with the same words brings the same answer. Nothing was started, nothing is charged
├── NotTaken             certainly not started: ask again after `retry_after_seconds`
│   └── StillTaking      the very same request is being taken right now: send the same bytes again, inside the window only
├── Uncertain            perhaps started and perhaps billed: never sent again by itself
├── Unreadable           an answer that makes no sense: after a submit as uncertain, at a poll ask again
└── Gone                 at a poll: the service does not know this job (any more)
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal


class ProviderError(Exception):
    """The message is one sentence for the person whose generation it is. An error can be made again from its `args`."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class NotConfigured(ProviderError):
    pass


class UnsupportedInput(ProviderError):
    """field: the input that it is about, where there is one."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message, field)
        self.field = field


class Refused(ProviderError):
    """code: for machines, stable: "input", "credits", "key", "plan", "missing", "era", "moderation" or "refused"."""

    def __init__(self, message: str, code: str = "refused") -> None:
        super().__init__(message, code)
        self.code = code


class NotTaken(ProviderError):
    def __init__(self, message: str = "The service is busy.", retry_after_seconds: float = 5.0) -> None:
        super().__init__(message, retry_after_seconds)
        self.retry_after_seconds = retry_after_seconds


class StillTaking(NotTaken):
    pass


class Uncertain(ProviderError):
    pass


class Unreadable(ProviderError):
    pass


class Gone(ProviderError):
    pass


def json_object(body: bytes) -> dict[str, Any]:
    """The JSON object that somebody sent us. Raises UnsupportedInput."""
    try:
        data = json.loads(body)
    except ValueError as error:
        raise UnsupportedInput("The body is not JSON.") from error
    if not isinstance(data, dict):
        raise UnsupportedInput("The body is not a JSON object.")
    return data


@dataclass(frozen=True, slots=True)
class Request:
    """What will be sent, to the byte. path: below the base URL, with its query. body: the exact bytes, empty for none.

    Headers are the adapter's business (key, idempotency): they are no part of what is stored.
    """

    method: str
    path: str
    body: bytes = b""

    @classmethod
    def post(cls, path: str, data: Any) -> Request:
        """JSON in one canonical form: the order as given, no spaces, UTF-8."""
        return cls("POST", path, json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode())

    def to_bytes(self) -> bytes:
        return f"{self.method} {self.path}\n".encode() + self.body

    @classmethod
    def from_bytes(cls, data: bytes) -> Request:
        head, _, body = data.partition(b"\n")
        method, _, path = head.decode().partition(" ")
        return cls(method, path, body)

    def json(self) -> Any:
        return json.loads(self.body) if self.body else None


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that arrived whole. headers: lower-case names. data: the JSON, or None where the body is none; text: its first 2,000 characters."""

    status: int
    headers: Mapping[str, str]
    data: Any
    text: str = ""

    @property
    def retry_after_seconds(self) -> float | None:
        """`Retry-After` as seconds from now (a number or a date), between 0 and 3600; None without one."""
        from .headers import retry_after

        return retry_after(self.headers.get("retry-after", ""))


# -- Results -------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A finished file on this machine for the output at `position`. notes: sentences for the person."""

    position: int
    path: Path
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A finished file behind an address that may expire. kind: what it should be, "" where the service does not say.

    remote_id: what the service calls the file. expires_at: None is unknown.
    """

    position: int
    url: str
    kind: str = ""
    remote_id: str = ""
    expires_at: datetime | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    position: int
    text: str


@dataclass(frozen=True, slots=True)
class Person:
    """A new influencer at the service. ready: may be used at once; else it is polled for."""

    position: int
    remote_id: str
    name: str
    ready: bool
    face_url: str = ""


@dataclass(frozen=True, slots=True)
class NewVoice:
    """A new voice at the service. kind: "cloned" or "designed"."""

    position: int
    remote_id: str
    name: str
    kind: str
    preview_url: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """The output at `position` will never come; `reason` is a sentence for the person."""

    position: int
    reason: str


Result = LocalFile | Link | Text | Person | NewVoice | Missing

# -- Answers -------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Submitted:
    """Taken. remote: an opaque JSON value that finds it again, all that `poll` and `cancel` need.

    charged: what the answer says was taken, None where it does not say. balance: what it says is left.
    frames: addresses of first pictures that show while it runs. taken: how many results were really started, None for all of them.
    """

    remote: Any
    poll_in_seconds: float
    charged: Decimal | None = None
    balance: Decimal | None = None
    frames: tuple[str, ...] = ()
    taken: int | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """Still at work. share: 0 to 1, None where the service does not say. remote: a new handle, where it changed."""

    share: float | None
    step: str
    poll_in_seconds: float
    remote: Any = None


@dataclass(frozen=True, slots=True)
class Finished:
    """Every result is there or will never come. cost: what was charged in the offer's unit; None is unknown."""

    results: tuple[Result, ...]
    cost: Decimal | None = None
    balance: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """Nothing will come. code: for machines, stable; reason: a sentence for the person.

    charged: True or False where the service says so, None where it does not ("may have been charged").
    """

    code: str
    reason: str
    charged: bool | None = None


@dataclass(frozen=True, slots=True)
class Canceled:
    """It ended because we asked for it."""

    charged: bool | None = None


Answer = Progress | Finished | Failed | Canceled

# -- Everything else that a service tells ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Balance:
    amount: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Job:
    """One job that the service lists, for finding a lost one. fits: facts to compare (tool, a name).

    results: how many it made, which may be fewer than were asked for; None while it works, and where the list does not tell.
    """

    remote: Any
    remote_id: str
    created_at: datetime | None
    fits: Mapping[str, Any] = field(default_factory=dict)
    results: int | None = None


EntryKind = Literal[
    "offer",
    "preset",
    "brand_kit",
    "avatar",
    "presenter",
    "entity",
    "voice",
    "influencer",
    "reference",
    "target",
    "track",
    "file",
    "media",
]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing of a service's catalogue. data: for an offer what `Offer.from_data` reads; else free facts. picture, sound: preview addresses."""

    kind: EntryKind
    remote_id: str
    title: str
    data: Mapping[str, Any] = field(default_factory=dict)
    picture: str = ""
    sound: str = ""
