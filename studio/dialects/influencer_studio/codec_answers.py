"""Answers of Influencer Studio to what was asked: taken, at work, finished, failed. Pure.

The remote value is {"generation_id": …} of a queued job, {"influencer_id": …} or {"voice_id": …} of what has no job of its own, or
{"failed": reason} of a synchronous call that ended without a result. "misses" counts how often in a row something was not there yet;
"added": the result was added to a job that existed before.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from studio.dialects.base import (
    Answer,
    Failed,
    Finished,
    Gone,
    Link,
    Missing,
    NewVoice,
    Person,
    Progress,
    Reply,
    Result,
    Submitted,
    Text,
    Unreadable,
)

from .codec_errors import READ, SUBMIT, error_of
from .wire_answers import (
    Influencer,
    InfluencerMade,
    Item,
    JobStatus,
    Queued,
    TextMade,
    Voice,
    VoiceMade,
    Wan22Made,
    rows_of,
)

POLL_SECONDS = 3.0
"""Its pages ask for a poll every 2 to 5 seconds."""
LONGEST_FIRST_POLL_SECONDS = 20.0
TRAINING_POLL_SECONDS = 10.0
MISSES_ALLOWED = 3
"""How often a job may be finished without an address, or a person missing in the list, before that is believed."""
CLOCK_SECONDS = 120.0
"""How far its clock may be behind ours."""

KINDS = {"image": "image", "video": "video", "audio": "audio", "model3d": "model"}
OVER = ("completed", "failed")
STEPS = {"queued": "Waiting at Influencer Studio", "processing": "Influencer Studio is at work"}

NO_REASON = "Influencer Studio says that this failed and gives no reason. It may have been charged."
ONE_FAILED = "Influencer Studio could not make this one and gives no reason. It may have been charged."
FEWER = "Influencer Studio made fewer than were asked for. What it charged for this one, it does not say."
NO_FILE = "Influencer Studio says that this is finished but names no file. Look into your account there; it may have been charged."
NO_WORDS = "Influencer Studio answered without any text. It may have been charged."
SYNC_FAILED = "Influencer Studio says that making this failed. It may have been charged."
TRAINING_FAILED = "Influencer Studio could not make an influencer of these photos. It may have been charged."

VOICE_KINDS = {"clone": "cloned", "design": "designed"}


def charged(credits: Decimal | None) -> Decimal | None:
    """A positive charge stands. 0 is said of jobs that were paid, too: it is unknown."""
    return credits if credits is not None and credits > 0 else None


def decode_submit(path: str, reply: Reply, sent: dict[str, Any] | None = None) -> Submitted | Finished:
    """path: of the endpoint. sent: the body of the request. Raises by the table of `codec_errors`; Unreadable for a success that names
    neither a job nor a result."""
    if path == "/videos/wan22" and reply.status == 500 and isinstance(reply.data, dict):
        return Submitted({"failed": SYNC_FAILED}, 0.0)
    if not 200 <= reply.status < 300:
        raise error_of(reply, SUBMIT)
    if path == "/videos/wan22":
        return _film(reply)
    if path == "/text/generate":
        return _words(reply)
    if path == "/voices/generate":
        return _voice_made(reply, sent or {})
    if path == "/influencers/create":
        return _influencer_made(reply)
    return _queued(reply, sent or {})


def _unreadable(reply: Reply) -> Unreadable:
    return Unreadable(f"Influencer Studio took this but named no job. It says: {reply.text[:300]}")


def _queued(reply: Reply, sent: dict[str, Any]) -> Submitted:
    taken = Queued.read(reply.data)
    if not taken.generation_id:
        raise _unreadable(reply)
    remote = {"generation_id": taken.generation_id} | ({"added": True} if sent.get("generation_id") else {})
    first = min(max(taken.estimated_time / 2, POLL_SECONDS), LONGEST_FIRST_POLL_SECONDS)
    return Submitted(
        remote,
        0.0 if taken.status in OVER else first,
        charged=charged(taken.credits_used),
        frames=tuple(url for url in (taken.first_frame_url, taken.last_frame_url) if url),
    )


def _film(reply: Reply) -> Submitted | Finished:
    made = Wan22Made.read(reply.data)
    if made.video_url:
        return Finished((Link(0, made.video_url, "video", made.generation_id),))
    if made.generation_id:
        return Submitted({"generation_id": made.generation_id}, POLL_SECONDS)
    raise _unreadable(reply)


def _words(reply: Reply) -> Finished:
    made = TextMade.read(reply.data)
    if made.text is None:
        raise _unreadable(reply)
    return Finished((Text(0, made.text) if made.text.strip() else Missing(0, NO_WORDS),))


def _voice_made(reply: Reply, sent: dict[str, Any]) -> Finished:
    made = VoiceMade.read(reply.data)
    if not made.id:
        raise _unreadable(reply)
    kind = made.type or VOICE_KINDS.get(str(sent.get("method")), "")
    name = made.name or str(sent.get("name", ""))
    return Finished((NewVoice(0, made.id, name, kind, made.audio_url),), cost=charged(made.credits_used))


def _influencer_made(reply: Reply) -> Submitted | Finished:
    made = InfluencerMade.read(reply.data)
    if not made.id:
        raise _unreadable(reply)
    cost = charged(made.credits_used)
    if made.status == "failed":
        return Submitted({"failed": TRAINING_FAILED}, 0.0, charged=cost)
    if made.ready_for_generation:
        return Finished((Person(0, made.id, made.name, True),), cost=cost)
    return Submitted({"influencer_id": made.id}, TRAINING_POLL_SECONDS, charged=cost)


# -- Polls ---------------------------------------------------------------------------------------------------------------------


def decode_status(reply: Reply, remote: dict[str, Any], *, count: int, since: datetime) -> Answer:
    """The answer of the status endpoint. since: when the request was first sent. Raises by the table of `codec_errors`."""
    if not 200 <= reply.status < 300:
        raise error_of(reply, READ)
    job = JobStatus.read(reply.data)
    if not (job.status or job.items or job.result_urls):
        raise Unreadable("Influencer Studio answered with something that is no status.")
    if remote.get("added"):
        return _added(job, remote, count, since)
    settled = job.completed_items + job.failed_items
    if job.status not in OVER and not 0 < job.total_items <= settled:
        share = settled / job.total_items if job.total_items > 1 else None
        return Progress(share, STEPS.get(job.status, STEPS["processing"]), POLL_SECONDS, _without_misses(remote))
    results = _results(job, count)
    if any(isinstance(it, Link) for it in results):
        return Finished(results, cost=charged(job.credits_used))
    if job.status == "failed" or job.failed_items:
        return Failed("upstream", NO_REASON)
    return _missed(remote, "Influencer Studio is handing over the files") or Failed("no_file", NO_FILE)


def _added(job: JobStatus, remote: dict[str, Any], count: int, since: datetime) -> Answer:
    """A job that was there before holds older items: only those made since then are ours."""
    after = since - timedelta(seconds=CLOCK_SECONDS)
    ours = [it for it in job.items if it.created_at is not None and it.created_at >= after]
    if not ours or any(not it.url and it.status != "failed" for it in ours):
        return Progress(None, STEPS["processing"], POLL_SECONDS)
    results = _by_item(ours, count)
    if any(isinstance(it, Link) for it in results):
        return Finished(results)
    return Failed("upstream", NO_REASON)


def _results(job: JobStatus, count: int) -> tuple[Result, ...]:
    """`result_urls`, put where their items stand; without them, the items' own addresses. More than were asked for are kept, too."""
    known = {it.url for it in job.items if it.url}
    if job.items and (not job.result_urls or set(job.result_urls) <= known):
        return _by_item(job.items, count)
    kind = next((KINDS.get(it.type, "") for it in job.items), "")
    links = [Link(at, url, kind) for at, url in enumerate(job.result_urls)]
    reason = ONE_FAILED if job.failed_items else FEWER
    return (*links, *(Missing(at, reason) for at in range(len(links), count)))


def _by_item(items: list[Item], count: int) -> tuple[Result, ...]:
    results: list[Result] = []
    for at, item in enumerate(items):
        if item.url:
            results.append(Link(at, item.url, KINDS.get(item.type, ""), item.id))
        else:
            results.append(Missing(at, ONE_FAILED if item.status == "failed" else FEWER))
    return (*results, *(Missing(at, FEWER) for at in range(len(items), count)))


def _without_misses(remote: dict[str, Any]) -> dict[str, Any] | None:
    """The handle without its count, where it has one."""
    return {key: value for key, value in remote.items() if key != "misses"} if remote.get("misses") else None


def _missed(remote: dict[str, Any], step: str) -> Progress | None:
    """Once more, until it was missed too often."""
    misses = int(remote.get("misses", 0)) + 1
    if misses > MISSES_ALLOWED:
        return None
    return Progress(None, step, TRAINING_POLL_SECONDS, {**remote, "misses": misses})


def decode_influencers(reply: Reply, remote: dict[str, Any]) -> Answer:
    """How an influencer in training is: there is no way to read one alone. Raises Gone once the list misses it too often."""
    if not 200 <= reply.status < 300:
        raise error_of(reply, READ)
    people = (Influencer.read(row) for row in rows_of(reply.data, "influencers") if isinstance(row, dict))
    found = next((it for it in people if it.id == remote["influencer_id"]), None)
    if found is None:
        progress = _missed(remote, "Influencer Studio is making the influencer")
        if progress is None:
            raise Gone("Influencer Studio does not list this influencer any more.")
        return progress
    if found.ready_for_generation:
        return Finished((Person(0, found.id, found.name, True, found.face_image),))
    if found.training_status == "failed":
        return Failed("upstream", TRAINING_FAILED)
    return Progress(None, "Influencer Studio is training", TRAINING_POLL_SECONDS, _without_misses(remote))


def decode_voice(reply: Reply) -> Finished:
    """A voice that was found again."""
    if not 200 <= reply.status < 300:
        raise error_of(reply, READ)
    found = Voice.read(reply.data)
    if not found.id:
        raise Unreadable("Influencer Studio answered with something that is no voice.")
    return Finished((NewVoice(0, found.id, found.name, found.type, found.audio_url),))
