"""The scripted services of the crash test: each keeps books of what was paid for which intent, and throws dice about what goes wrong.

`python -m bench.crash_services videotok --port 0 --key k` serves one of them; the first line printed is its URL. From the test's side:
`with service("videotok", "k") as far: far.rage(seed=1); far.books()`.
"""

from __future__ import annotations

import hashlib
import random
import re
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any

from tests.upstreams.common import Answer, Far, Message, Receive, Recorded, Rule, Send, Upstream, main
from tests.upstreams.influencer_studio.jobs import MEDIA
from tests.upstreams.influencer_studio.upstream import QUEUED, SYNC, InfluencerStudio
from tests.upstreams.media import media_bytes
from tests.upstreams.videogen.jobs import ENDED, Job
from tests.upstreams.videogen.rules import RESULT_KINDS
from tests.upstreams.videogen.server import VideoGen
from tests.upstreams.videotok.server import Videotok

MARK = re.compile(rb"mark-\d{6}")
"""Travels in the words of every brief, so that two payments for one intent are seen where no key is sent."""
JOB_SECONDS = 3.0
SYNC_SECONDS = 1.2

SUBMIT: dict[str, Rule] = {
    "slow": Rule(delay_seconds=1.5),
    "late": Rule(late_seconds=2.5),
    "lost": Rule(drop="after"),
    "dropped": Rule(drop="before"),
    "limited": Rule(status=429, headers={"retry-after": "1"}),
    "broken": Rule(status=500),
    "broken after": Rule(status=502, after=True),
    "garbage": Rule(mangle="garbage"),
    "truncated": Rule(mangle="truncated"),
    "cut": Rule(mangle="cut"),
}
LOSING = frozenset({"lost", "dropped", "broken", "broken after", "garbage", "truncated", "cut"})
"""After these nobody can know from the answer whether the job was taken."""
POLL: dict[str, Rule] = {
    "slow": Rule(late_seconds=1.5),
    "dropped": Rule(drop="before"),
    "limited": Rule(status=429, headers={"retry-after": "1"}),
    "broken": Rule(status=503),
    "garbage": Rule(mangle="garbage"),
    "truncated": Rule(mangle="truncated"),
    "cut": Rule(mangle="cut"),
}
FETCH: dict[str, Rule] = {
    "expired": Rule(status=410),
    "dropped": Rule(drop="before"),
    "broken": Rule(status=503),
    "slow": Rule(late_seconds=1.0),
    "cut": Rule(mangle="cut"),
}
GIVE: dict[str, Rule] = {"dropped": Rule(drop="before"), "broken": Rule(status=503), "slow": Rule(late_seconds=1.0)}
JOBS = ("partial", "failed")
TABLES = {"submit": SUBMIT, "poll": POLL, "fetch": FETCH, "give": GIVE}
KINDS = (*(f"{place} {kind}" for place, table in TABLES.items() for kind in table), *JOBS, "expired", "forgotten")
CHANCES = {"submit": 0.14, "poll": 0.05, "fetch": 0.06, "give": 0.2}
JOB_CHANCE = 0.05


@dataclass
class Payment:
    """One answer for which something was taken. text: what a synchronous answer said, once and never again."""

    at: float
    path: str
    mark: str
    key: str
    jobs: list[str]
    text: str = ""


@dataclass
class Fault:
    kind: str
    at: float
    mark: str
    job: str


@dataclass
class Call:
    """A submit as it came; done_at: when its answer was out or the line was gone."""

    at: float
    mark: str
    done_at: float = 0.0


@dataclass
class Outcome:
    """What became of a paid job: finished, failed, canceled, forgotten or running; files: the sha256 of what it brought (of a person its id)."""

    state: str
    files: list[str]


class Books(Upstream, ABC):
    """Beside the API: payments, faults, submits and outcomes."""

    orders: Sequence[str] = ()
    book_orders = ("rage", "calm", "books", "forget_one", "expire_all", "counts")

    def __init__(self, *keys: str) -> None:
        super().__init__(*keys)
        self.payments: list[Payment] = []
        self.faults: list[Fault] = []
        self.calls: list[Call] = []
        self.forgotten: list[str] = []
        self.odds: dict[str, float] = {}
        self.dice = random.Random(0)

    # -- What a service tells of itself ------------------------------------------------------------------------------------------

    @abstractmethod
    def place_of(self, request: Recorded) -> str:
        """submit, poll, fetch, give, or "" for what is left alone."""

    def job_of(self, request: Recorded) -> str:
        """The job that a poll asks about."""
        return next((part for part in request.path.split("/") if part in self.known_jobs()), "")

    @abstractmethod
    def known_jobs(self) -> Mapping[str, Any]:
        """Every job that was taken, by its id."""

    @abstractmethod
    def outcome(self, job: str) -> Outcome:
        """How a job ended, and with which files."""

    @abstractmethod
    def spoil(self, request: Recorded) -> str:
        """Makes the job that this submit is about to start end badly; returns how, "" where it cannot."""

    @abstractmethod
    def unspoil(self) -> None:
        """No job was started."""

    def forget_one(self) -> bool:
        """A job at work is not known any more."""
        return False

    # -- Orders ------------------------------------------------------------------------------------------------------------------

    def rage(self, seed: int, scale: float = 1.0) -> None:
        self.dice = random.Random(seed)
        self.odds = {place: chance * scale for place, chance in CHANCES.items()} | {"job": JOB_CHANCE * scale}

    def calm(self) -> None:
        self.odds = {}

    def expire_all(self) -> None:
        self.script.expire_media()
        self.faults.append(Fault("expired", time.time(), "", ""))

    def counts(self) -> dict[str, int]:
        return dict(Counter(fault.kind for fault in self.faults))

    def books(self) -> dict[str, Any]:
        jobs = [job for payment in self.payments for job in payment.jobs]
        return {
            "payments": [asdict(it) for it in self.payments],
            "faults": [asdict(it) for it in self.faults],
            "calls": [asdict(it) for it in self.calls],
            "outcomes": {job: asdict(self.outcome(job)) for job in jobs},
        }

    # -- Requests ----------------------------------------------------------------------------------------------------------------

    def handle(self, request: Recorded) -> Answer:
        before, bad = len(self.script.paid), ""
        if self.place_of(request) == "submit" and self.dice.random() < self.odds.get("job", 0):
            bad = self.spoil(request)
        answer = super().handle(request)
        taken = self.script.paid[before:]
        if bad and taken:
            self.faults.append(Fault(bad, time.time(), mark_of(request), ""))
        elif bad:
            self.unspoil()
        if taken:
            text = str(answer.data.get("text", "")) if isinstance(answer.data, dict) else ""
            jobs = [paid.job for paid in taken]
            key = taken[0].idempotency_key
            self.payments.append(Payment(time.time(), request.path, mark_of(request), key, jobs, text))
        return answer

    async def _play(self, rule: Rule, request: Recorded, scope: Message, receive: Receive, send: Send) -> None:
        place = self.place_of(request)
        kind, rolled = self._roll(place)
        chosen = rolled or rule
        mark = mark_of(request)
        if kind:
            self.faults.append(Fault(f"{place} {kind}", time.time(), mark, self.job_of(request)))
        call = Call(time.time(), mark)
        if place == "submit":
            self.calls.append(call)
        if not chosen.late_seconds and request.path.endswith(SLOW_PATHS):
            chosen = replace(chosen, late_seconds=SYNC_SECONDS)
        try:
            await super()._play(chosen, request, scope, receive, send)
        finally:
            call.done_at = time.time()

    def _roll(self, place: str) -> tuple[str, Rule | None]:
        """The kinds that came least are thrown first, so that each has its turn."""
        if self.dice.random() >= self.odds.get(place, 0):
            return "", None
        table, seen = TABLES[place], self.counts()
        kinds = list(table)
        weights = [1 / (1 + seen.get(f"{place} {kind}", 0)) for kind in kinds]
        kind = self.dice.choices(kinds, weights)[0]
        rule = table[kind]
        return kind, replace(rule, body=self.busy_body()) if rule.status else rule

    def busy_body(self) -> Any:
        return {"error": "Try again later."}


SLOW_PATHS = (*SYNC, "/v1/text/generate")


def mark_of(request: Recorded) -> str:
    found = MARK.search(request.body)
    return found[0].decode() if found else ""


def sha(kind: str, seed: str) -> str:
    return hashlib.sha256(media_bytes(kind, seed)).hexdigest()


def text_sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class BookedVideotok(Books, Videotok):
    orders: Sequence[str] = (*Videotok.orders, *Books.book_orders)  # type: ignore[assignment]

    def __init__(self, *keys: str) -> None:
        super().__init__(*keys)
        self.work_seconds = JOB_SECONDS

    def place_of(self, request: Recorded) -> str:
        if request.path.startswith("/media/"):
            return "fetch"
        if request.path.endswith(("/generations", "/slideshows")) and request.method == "POST":
            return "submit"
        return "poll" if self.job_of(request) else ""

    def known_jobs(self) -> Mapping[str, Any]:
        return self.jobs

    def spoil(self, request: Recorded) -> str:
        asked = int((request.json or {}).get("request_count", 1))
        if asked > 1:
            self.queue_only = asked - 1
            return "partial"
        self.fail_next = 1
        return "failed"

    def unspoil(self) -> None:
        self.queue_only, self.fail_next = None, 0

    def outcome(self, job: str) -> Outcome:
        work = self.jobs[job]
        if work.status != "completed":
            return Outcome("failed" if work.failure and work.status == "failed" else "running", [])
        seeds = [job] if work.files == 1 else [f"{job}-{place}" for place in range(work.files)]
        return Outcome("finished", [sha(work.kind, seed) for seed in seeds])

    def busy_body(self) -> Any:
        return {"error": {"code": "server_error", "message": "Try again later.", "retryable": True, "context": {}}}


class BookedInfluencerStudio(Books, InfluencerStudio):
    orders: Sequence[str] = (*InfluencerStudio.orders, *Books.book_orders)  # type: ignore[assignment]

    def __init__(self, *keys: str) -> None:
        super().__init__(*keys)
        self.seconds = JOB_SECONDS

    def place_of(self, request: Recorded) -> str:
        if request.path.startswith("/media/"):
            return "fetch"
        if request.method == "POST":
            return "submit" if request.path.removeprefix("/api/v1") in (*QUEUED, *SYNC) else ""
        return "poll" if request.path.endswith("/status") else ""

    def known_jobs(self) -> Mapping[str, Any]:
        return self.jobs

    def spoil(self, request: Recorded) -> str:
        asked = int((request.json or {}).get("batch", 1))
        if request.path.endswith(SYNC):
            return ""
        self.fail_next = asked - 1 or 1
        return "partial" if asked > 1 else "failed"

    def unspoil(self) -> None:
        self.fail_next = 0

    def forget_one(self) -> bool:
        at_work = [job for job in self.jobs.values() if not job.over]
        if not at_work:
            return False
        del self.jobs[at_work[0].id]
        self.forgotten.append(at_work[0].id)
        self.faults.append(Fault("forgotten", time.time(), "", at_work[0].id))
        return True

    def outcome(self, job: str) -> Outcome:
        if job in self.forgotten:
            return Outcome("forgotten", [])
        if job in self.influencers:
            return Outcome("finished", [job])
        if job in self.voices:
            return Outcome("finished", [sha("audio", job)])
        found = self.jobs[job]
        if found.path == "/text/generate":
            text = next(payment.text for payment in self.payments if job in payment.jobs)
            return Outcome("finished", [text_sha(text)])
        if not found.over:
            return Outcome("running", [])
        good = [item for item in found.items if not item.failed]
        return Outcome("finished" if good else "failed", [sha(MEDIA[item.type], item.id) for item in good])


class BookedVideoGen(Books, VideoGen):
    orders: Sequence[str] = (*VideoGen.orders, *Books.book_orders)  # type: ignore[assignment]

    def __init__(self, *keys: str) -> None:
        super().__init__(*keys)
        self.seconds = JOB_SECONDS
        self._spoilt = ""

    def place_of(self, request: Recorded) -> str:
        if request.path.startswith("/media/"):
            return "fetch"
        tool = request.path.removeprefix("/v1/tools/")
        if request.method == "POST" and (tool in RESULT_KINDS or request.path == "/v1/text/generate"):
            return "submit"
        if request.path.startswith(("/v1/files", "/put/")):
            return "give"
        return "poll" if request.method == "GET" and self.job_of(request) else ""

    def known_jobs(self) -> Mapping[str, Any]:
        return self.jobs

    def add_job(self, tool: str, count: int = 1, body: dict[str, Any] | None = None, *, foreign: str = "") -> Job:
        job = super().add_job(tool, count, body, foreign=foreign)
        job.error = {"message": "spoilt"} if self._spoilt else None
        self._spoilt = ""
        return job

    def settle(self, job: Job) -> Job:
        """A job that was spoilt brings one result less than asked, or none."""
        ending = not job.status and self.seconds is not None and time.time() - job.started >= self.seconds
        if ending and job.error:
            job.error = None
            if job.count > 1:
                self.finish(job.id, job.count - 1)
            else:
                self.fail(job.id)
        return super().settle(job)

    def spoil(self, request: Recorded) -> str:
        if request.path == "/v1/text/generate":
            return ""
        self._spoilt = "partial" if int((request.json or {}).get("numResults") or 1) > 1 else "failed"
        return self._spoilt

    def unspoil(self) -> None:
        self._spoilt = ""

    def forget_one(self) -> bool:
        at_work = [job for job in self.jobs.values() if self.settle(job).status not in ENDED]
        if not at_work:
            return False
        self.forget(at_work[0].id)
        self.forgotten.append(at_work[0].id)
        self.faults.append(Fault("forgotten", time.time(), "", at_work[0].id))
        return True

    def outcome(self, job: str) -> Outcome:
        if job in self.forgotten:
            return Outcome("forgotten", [])
        if job not in self.jobs:
            text = next(payment.text for payment in self.payments if job in payment.jobs)
            return Outcome("finished", [text_sha(text)])
        found = self.settle(self.jobs[job])
        if found.status != "succeeded":
            return Outcome({"failed": "failed", "cancelled": "canceled"}.get(found.status, "running"), [])
        return Outcome("finished", [sha(self.files[it].kind, it) for it in found.results])

    def busy_body(self) -> Any:
        return {"message": "Try again later.", "code": "rate_limited", "requirement": None, "internalErrorCode": None}


SERVICES: dict[str, Callable[[], Books]] = {
    "influencer_studio": BookedInfluencerStudio,
    "videotok": BookedVideotok,
    "videogen": BookedVideoGen,
}


@contextmanager
def service(name: str, key: str) -> Iterator[Far]:
    """One of them as a process of its own."""
    command = [sys.executable, "-m", "bench.crash_services", name, "--port", "0", "--key", key]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        if not url:
            raise SystemExit(f"The scripted {name} did not start.")
        yield Far(url)
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    chosen = SERVICES[sys.argv.pop(1)]
    main(chosen())
