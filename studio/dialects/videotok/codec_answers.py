"""Answers of Videotok to what was asked: taken, at work, finished, failed. Pure.

One generation may hold several of its jobs. The remote value is {"ids": […], "settled": […], "short": […], "misses": {id: n}}: the jobs in
order; those that need no asking while others are at work; what was said of those that were never started; and how often in a row a job
was not there, or was finished without a file. `slideshow` in it says which endpoint knows them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from studio.dialects.base import (
    Answer,
    Failed,
    Finished,
    Gone,
    Link,
    Missing,
    Progress,
    Reply,
    Result,
    Submitted,
    Unreadable,
)

from . import reading
from .codec_errors import SUBMIT, error_of
from .wire import Job, Queued, QueuedSlideshow

FIRST_POLL_SECONDS = {"image": 2.0, "video": 5.0}
LONGEST_POLL_SECONDS = 15.0
MISSES_ALLOWED = 3
"""How often a job may be unknown, or finished without an address, before that is believed."""

NOT_STARTED = "This one was not started; not charged as far as Videotok says."
FEWER = "Videotok made fewer than were asked for. What it charged for this one, it does not say."
NO_FILE = (
    "Videotok says that this is finished but names no file. Look into your account there; it may have been charged."
)
UNKNOWN_JOB = "Videotok does not know this job any more. Look into your account there; it may have been charged."


def decode_submit(
    reply: Reply, *, count: int, makes: str, slideshow: bool = False, age_seconds: float = 0
) -> Submitted:
    """Raises by the table of `codec_errors`; Unreadable for a success that names no job: it must never be sent under another key."""
    if not 200 <= reply.status < 300:
        raise error_of(reply, SUBMIT, age_seconds)
    if slideshow:
        return _slideshow_taken(reply, makes)
    taken = Queued.read(reply.data)
    ids = taken.generation_ids or [item.id for item in taken.generations]
    if not ids:
        raise Unreadable(f"Videotok took this but named no job. It says: {reply.text[:300]}")
    refused = [item for item in taken.generations if item.id not in ids]
    lacking = _lacking(taken, len(ids), bool(refused), count)
    said = [_not_started(reading.failure_of(row)) for row in _refused_rows(reply.data)]
    short = [*said, *[NOT_STARTED] * lacking][:lacking]
    remote = {"ids": ids} | ({"short": short} if short else {})
    return Submitted(
        remote,
        FIRST_POLL_SECONDS[makes],
        charged=taken.credits_deducted,
        balance=taken.remaining_credits,
        taken=len(ids) if lacking else None,
    )


def _lacking(taken: Queued, jobs: int, some_refused: bool, count: int) -> int:
    """How many were not started. One job may bring several files, so that a single id alone says nothing."""
    if taken.queued_count is not None:
        started = taken.queued_count
    elif jobs > 1 or some_refused:
        started = jobs
    else:
        return 0
    return max(count - max(started, jobs), 0)


def _slideshow_taken(reply: Reply, makes: str) -> Submitted:
    taken = QueuedSlideshow.read(reply.data)
    if not taken.slideshow_id:
        raise Unreadable(f"Videotok took this slideshow but named no job. It says: {reply.text[:300]}")
    remote = {"ids": [taken.slideshow_id], "slideshow": True}
    return Submitted(remote, FIRST_POLL_SECONDS[makes], charged=taken.credits_deducted, balance=taken.remaining_credits)


def _refused_rows(data: object) -> list[reading.Json]:
    inner = reading.unwrapped(data)
    lists = (reading.rows(inner, name) for name in ("generations", "items", "results", "data"))
    rows: list[reading.Json] = next((found for found in lists if found), [])
    return [row for row in rows if reading.status_of(row) in ("failed", "cancelled")]


def _not_started(said: str) -> str:
    return f"{NOT_STARTED} It says: {said[:200]}" if said else NOT_STARTED


# -- Polls ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Seen:
    """What one job said: its message, None where Videotok does not know it."""

    id: str
    job: Job | None


def ids_to_ask(remote: Mapping[str, Any]) -> list[str]:
    """The jobs that are not settled, in order."""
    settled = set(remote.get("settled", ()))
    return [it for it in remote["ids"] if it not in settled]


def decode_job(reply: Reply, job_id: str, slideshow: bool) -> Seen:
    """One GET. An answer that says nothing at all is Unreadable."""
    if reply.status == 404:
        return Seen(job_id, None)
    if not isinstance(reply.data, dict | list):
        raise Unreadable("Videotok's answer about this cannot be read.")
    job = Job.read(reply.data)
    slides = _slides(reply.data) if slideshow else []
    return Seen(job_id, job.model_copy(update={"urls": slides}) if slides else job)


def _slides(data: object) -> list[str]:
    """The pictures of a slideshow alone: beside them may stand a cover or a film of the whole."""
    top = reading.as_object(data)
    places = [top, *(top[name] for name in ("data", "slideshow", "result") if isinstance(top.get(name), Mapping))]
    return next((found for place in places if (found := reading.urls_of({"slides": place.get("slides")}))), [])


def is_settled(seen: Seen) -> bool:
    """Finished with a file, or failed."""
    job = seen.job
    return job is not None and (job.status in ("failed", "cancelled") or (job.status == "completed" and bool(job.urls)))


def after(remote: Mapping[str, Any], answers: list[Seen]) -> dict[str, Any]:
    """The remote value after these answers. A job that was missed too often is settled as it is."""
    misses = dict(remote.get("misses", {}))
    settled = set(remote.get("settled", ()))
    for seen in answers:
        missed = seen.job is None or (seen.job.status == "completed" and not seen.job.urls)
        misses.pop(seen.id, None) if not missed else misses.update({seen.id: misses.get(seen.id, 0) + 1})
        if is_settled(seen) or misses.get(seen.id, 0) > MISSES_ALLOWED:
            settled.add(seen.id)
    kept = {name: value for name, value in remote.items() if name not in ("settled", "misses")}
    in_order = [it for it in remote["ids"] if it in settled]
    return kept | ({"settled": in_order} if in_order else {}) | ({"misses": misses} if misses else {})


def progress(remote: dict[str, Any], answers: list[Seen], *, makes: str, age_seconds: float) -> Progress:
    """Some job is still at work. A word that was never seen is shown as it is, and is no end."""
    words = {seen.job.status for seen in answers if seen.job and not is_settled(seen)}
    done, all_of_them = len(remote.get("settled", ())), len(remote["ids"])
    step = next((STEPS.get(word, word.replace("_", " ").capitalize()) for word in sorted(words) if word), "At work")
    seconds = max(FIRST_POLL_SECONDS[makes], min(age_seconds / 4, LONGEST_POLL_SECONDS))
    share = done / all_of_them if all_of_them > 1 else None
    return Progress(share, step[:80], seconds, remote)


STEPS = {"queued": "Waiting at Videotok", "processing": "Videotok is at work", "completed": "Waiting for the file"}


def settled(remote: Mapping[str, Any], answers: list[Seen], count: int) -> Answer:
    """Every job is settled and was asked just now. Raises Gone where all that is left is a job without a trace or a file.

    Each job's first file takes the job's place; further files take the places behind, and none is thrown away.
    """
    results: list[Result] = []
    more: list[tuple[str, str]] = []
    said: list[str] = []
    lost: list[str] = []
    for place, seen in enumerate(answers):
        job = seen.job
        if job and job.status == "completed" and job.urls:
            results.append(Link(place, job.urls[0], remote_id=seen.id))
            more += [(seen.id, url) for url in job.urls[1:]]
            continue
        if job and job.status in ("failed", "cancelled"):
            reason = job.failure or ENDED[job.status]
            said.append(reason)
        else:
            reason = NO_FILE if job else UNKNOWN_JOB
            lost.append(reason)
        results.append(Missing(place, f"{reason} (job {seen.id})" if reason in lost else reason))
    results += [
        Link(place, url, remote_id=job_id) for place, (job_id, url) in enumerate(more, start=len(remote["ids"]))
    ]
    if not any(isinstance(it, Link) for it in results):
        if lost:
            raise Gone(lost[0])
        return Failed("failed", said[0])
    short = iter(remote.get("short", ()))
    results += [Missing(place, next(short, FEWER)) for place in range(len(results), count)]
    return Finished(tuple(results), _cost(answers))


ENDED = {"failed": "Videotok could not make this and does not say why.", "cancelled": "Videotok ended this early."}


def _cost(answers: list[Seen]) -> Decimal | None:
    """What the finished jobs say was charged, where each of them says so; 0 for work that was done is not believed."""
    charged = [seen.job.credits_deducted for seen in answers if seen.job and seen.job.status == "completed"]
    known = [it for it in charged if it]
    return sum(known, Decimal(0)) if known and len(known) == len(charged) else None
