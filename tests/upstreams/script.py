"""What a scripted upstream was told to do, and what it wrote down."""

from __future__ import annotations

import asyncio
import fnmatch
import hashlib
import json
import random
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.upstreams.media import KINDS, media_bytes


@dataclass(frozen=True)
class Recorded:
    """One request as it came."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes
    at: float

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def bearer(self) -> str:
        scheme, _, key = self.headers.get("authorization", "").partition(" ")
        return key if scheme.lower() == "bearer" else ""


@dataclass(frozen=True)
class Paid:
    """One job that was taken, and so was paid."""

    job: str
    path: str
    key: str
    idempotency_key: str
    body_sha256: str
    credits: float
    at: float


@dataclass(frozen=True)
class Answer:
    """data: JSON, or bytes as they are."""

    data: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def body(self) -> bytes:
        return self.data if isinstance(self.data, bytes) else json.dumps(self.data).encode()


@dataclass
class Rule:
    """What happens to the requests that it matches, instead of or around the true answer.

    method, path: globs. times: how many requests it holds for (None: until cleared). chance: of each.
    delay_seconds: before the request is looked at. late_seconds: after it was handled (a job was taken). hold: waits for
    `script.release(hold)`, then answers; the job is taken first when `hold_after` is true.
    drop: "before" breaks the connection without looking at it, "after" once it was handled (a lost answer).
    status, headers, body: this answer, nothing is taken; `after` takes the job all the same. merge: into a JSON answer.
    mangle: "garbage" (no JSON), "truncated" (half of the JSON), "cut" (the connection breaks half-way), "endless".
    """

    method: str = "*"
    path: str = "*"
    times: int | None = 1
    chance: float = 1.0
    delay_seconds: float = 0.0
    late_seconds: float = 0.0
    hold: str = ""
    hold_after: bool = False
    drop: str = ""
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    after: bool = False
    merge: dict[str, Any] = field(default_factory=dict)
    mangle: str = ""

    def matches(self, request: Recorded) -> bool:
        return fnmatch.fnmatchcase(request.method, self.method) and fnmatch.fnmatchcase(request.path, self.path)


@dataclass
class Shelf:
    """One file under /media/. uses: how often it may be fetched (None: always); gone: the status once it may not."""

    kind: str
    seed: str
    uses: int | None
    gone: int
    expired: bool = False


class Script:
    """What a test steers and reads. Every public method also works over `/_script`."""

    def __init__(self, *keys: str) -> None:
        self.url = ""
        self.keys = set(keys or ("key-1",))
        self.requests: list[Recorded] = []
        self.paid: list[Paid] = []
        self.rules: list[Rule] = []
        self.shelves: dict[str, Shelf] = {}
        self.media_uses: int | None = None
        self.random = random.Random(7)
        self._released: set[str] = set()
        self._lock = threading.Lock()
        self._count = 0

    def next(self, **rule: Any) -> None:
        """Adds a rule behind those that are there; the first that matches a request is used."""
        with self._lock:
            self.rules.append(Rule(**rule))

    def always(self, **rule: Any) -> None:
        self.next(**{"times": None, **rule})

    def clear(self) -> None:
        """All rules go; what is held is released."""
        with self._lock:
            self._released |= {rule.hold for rule in self.rules if rule.hold} | {"*"}
            self.rules.clear()

    def release(self, hold: str) -> None:
        self._released.add(hold)

    def forget_keys(self) -> None:
        """Every key is wrong from now on."""
        self.keys.clear()

    def allow(self, key: str) -> None:
        self.keys.add(key)

    def expire_media(self, gone: int = 410) -> None:
        """Every address handed out so far answers `gone`; new answers carry new addresses."""
        for shelf in self.shelves.values():
            shelf.expired, shelf.gone = True, gone

    def expiring_media(self, uses: int | None) -> None:
        """Addresses handed out from now on work this often."""
        self.media_uses = uses

    def facts(self) -> dict[str, Any]:
        return {
            "requests": len(self.requests),
            "paid": [asdict(paid) for paid in self.paid],
            "keys": sorted(self.keys),
        }

    def posts(self) -> list[dict[str, Any]]:
        """Every request that is no GET, by what it was, for a test in another process."""
        return [
            {"method": it.method, "path": it.path, "body_sha256": hashlib.sha256(it.body).hexdigest(), "at": it.at}
            for it in list(self.requests)
            if it.method != "GET"
        ]

    def sent(self, method: str = "*", path: str = "*") -> list[Recorded]:
        """The requests that match, in order."""
        rule = Rule(method=method, path=path)
        return [request for request in list(self.requests) if rule.matches(request)]

    def new_id(self, prefix: str = "", length: int = 0) -> str:
        """An id never given before, padded with zeros to `length`."""
        with self._lock:
            self._count += 1
            return prefix + str(self._count).rjust(max(length - len(prefix), 1), "0")

    def pay(self, request: Recorded, job: str, credits: float = 0, idempotency_key: str = "") -> None:
        self.paid.append(
            Paid(
                job=job,
                path=request.path,
                key=request.bearer or request.headers.get("x-api-key", ""),
                idempotency_key=idempotency_key,
                body_sha256=hashlib.sha256(request.body).hexdigest(),
                credits=credits,
                at=time.time(),
            )
        )

    def media(self, kind: str, seed: str, gone: int = 410) -> str:
        """A URL of a file, new at each call: it works as often as `expiring_media` says."""
        token = self.new_id("m", 12)
        self.shelves[token] = Shelf(kind, seed, self.media_uses, gone)
        return f"{self.url}/media/{token}.{KINDS[kind][0]}"

    def served(self) -> list[str]:
        """The sha256 of every file that was fetched from here, whole or in parts."""
        names = [request.path.removeprefix("/media/").partition(".")[0] for request in self.sent("GET", "/media/*")]
        shelves = [self.shelves[name] for name in names if name in self.shelves]
        return [hashlib.sha256(media_bytes(shelf.kind, shelf.seed)).hexdigest() for shelf in shelves]

    def rule_for(self, request: Recorded) -> Rule | None:
        with self._lock:
            for rule in self.rules:
                if rule.matches(request) and (rule.chance >= 1 or self.random.random() < rule.chance):
                    if rule.hold:
                        self._released.discard("*")
                    if rule.times is not None:
                        rule.times -= 1
                        if rule.times <= 0:
                            self.rules.remove(rule)
                    return rule
        return None

    async def wait(self, hold: str) -> None:
        while not {hold, "*"} & self._released:
            await asyncio.sleep(0.005)
