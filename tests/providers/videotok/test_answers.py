"""What the adapter makes of the answers: taken, at work, finished, failed; in every shape that the pages leave open."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from studio.dialects.base import (
    Answer,
    Failed,
    Finished,
    Gone,
    Link,
    Missing,
    NotConfigured,
    NotTaken,
    Progress,
    Submitted,
    Unreadable,
)
from studio.dialects.videotok.codec_answers import FEWER, NOT_STARTED
from studio.providers.base import Ticket
from tests.dialects.videotok.kit import offer, resolved
from tests.upstreams.videotok import Videotok
from tests.upstreams.videotok.shapes import POLLS, SUBMITS

from .conftest import Ask, ticket

AD = "static-ad:product-shoot"


def start(ask: Ask, count: int = 1, key: str = AD, **inputs: Any) -> Ticket:
    """A generation that was submitted; its ticket holds the handle."""
    chosen = offer(key)
    said = {"prompt": "A can", **inputs} | ({"count": count} if count > 1 else {})
    values = resolved(key.partition(":")[0], **said)
    count = len(values.tool.expected(values.inputs))

    async def work(it: Any, wire: Any) -> Ticket:
        sent = ticket(it.encode(chosen, values), chosen, count=count)
        answer = await it.submit(wire, sent)
        assert isinstance(answer, Submitted)
        return ticket(sent.request, chosen, count=count, remote=answer.remote)

    found: Ticket = ask(work)
    return found


def look(ask: Ask, at: Ticket) -> Answer:
    """One poll."""
    answer: Answer = ask(lambda it, wire: it.poll(wire, at))
    return answer


def then(at: Ticket, answer: Answer) -> Ticket:
    """The ticket of the next poll."""
    assert isinstance(answer, Progress)
    assert answer.remote is not None
    return Ticket(
        at.generation_id,
        at.request,
        at.idempotency_key,
        at.first_sent_at,
        answer.remote,
        count=at.count,
        offer=at.offer,
    )


MANY = {"generations", "generations of names", "generation_ids", "ids", "items", "results", "data list", "bare list"}


@pytest.mark.parametrize("shape", [name for name in SUBMITS if name != "no id"])
def test_finds_the_jobs_in_every_shape(fake: Videotok, ask: Ask, shape: str) -> None:
    fake.shape = shape
    ids = start(ask, 2).remote["ids"]
    made = [paid.job for paid in fake.script.paid]
    if shape in MANY or shape in ("superset", "in data"):
        assert ids == made
    elif shape == "number":
        assert ids == [str(int(made[0].replace("-", "")[-6:], 16))]
    else:
        assert ids == made[:1]


def test_an_answer_without_a_job_is_unreadable_and_never_a_second_payment(fake: Videotok, ask: Ask) -> None:
    fake.shape = "no id"
    with pytest.raises(Unreadable, match="named no job"):
        start(ask)
    assert len(fake.script.paid) == 1


@pytest.mark.parametrize("mangle", ["garbage", "truncated", "endless"])
def test_a_success_that_cannot_be_read_is_unreadable(fake: Videotok, ask: Ask, mangle: str) -> None:
    fake.script.next(method="POST", mangle=mangle)
    with pytest.raises(Unreadable):
        start(ask)
    assert len(fake.script.paid) == 1


@pytest.mark.parametrize("shape", POLLS)
def test_finds_the_file_in_every_shape_and_never_an_input(fake: Videotok, ask: Ask, shape: str) -> None:
    fake.poll_shape = shape
    at = start(ask)
    answer = look(ask, at)
    assert isinstance(answer, Finished)
    (link,) = answer.results
    assert isinstance(link, Link)
    assert (link.position, link.remote_id) == (0, at.remote["ids"][0])
    assert link.url.startswith(f"{fake.script.url}/media/")


def test_a_finished_batch_has_a_file_for_each_place(fake: Videotok, ask: Ask) -> None:
    at = start(ask, 3)
    answer = look(ask, at)
    assert isinstance(answer, Finished)
    assert [it.position for it in answer.results] == [0, 1, 2]
    assert [it.remote_id for it in answer.results if isinstance(it, Link)] == at.remote["ids"]
    assert answer.cost == Decimal(300)


def test_only_jobs_that_are_not_settled_are_asked_and_the_last_answer_brings_fresh_addresses(
    fake: Videotok, ask: Ask
) -> None:
    fake.work_seconds = 600
    at = start(ask, 3)
    first, second, third = at.remote["ids"]
    for job in (first, third):
        fake.jobs[job].done_at = 0
    answer = look(ask, at)
    assert isinstance(answer, Progress)
    assert answer.share == pytest.approx(2 / 3)
    at = then(at, answer)
    assert at.remote["settled"] == [first, third]

    before = len(fake.script.requests)
    at = then(at, look(ask, at))
    assert [it.path.rpartition("/")[2] for it in fake.script.requests[before:]] == [second]

    fake.script.expire_media()
    fake.jobs[second].done_at = 0
    answer = look(ask, at)
    assert isinstance(answer, Finished)
    paths = [it.url.rpartition("/")[2].partition(".")[0] for it in answer.results if isinstance(it, Link)]
    assert len(paths) == 3
    assert not any(fake.script.shelves[token].expired for token in paths)


def test_a_partial_batch_says_which_were_not_started(fake: Videotok, ask: Ask) -> None:
    fake.queue_only = 2
    chosen, values = offer(AD), resolved("static-ad", prompt="A can", count=4)
    sent = None

    async def work(it: Any, wire: Any) -> Any:
        nonlocal sent
        sent = ticket(it.encode(chosen, values), chosen, count=4)
        return await it.submit(wire, sent)

    taken = ask(work)
    assert (taken.taken, taken.charged, len(taken.remote["ids"])) == (2, 200, 2)
    assert sent is not None
    answer = look(ask, ticket(sent.request, chosen, count=4, remote=taken.remote))
    assert isinstance(answer, Finished)
    assert [type(it) for it in answer.results] == [Link, Link, Missing, Missing]
    assert isinstance(answer.results[3], Missing)
    assert answer.results[3].reason == f"{NOT_STARTED} It says: No machine was free."


def test_a_partial_batch_that_lists_only_what_it_took(fake: Videotok, ask: Ask) -> None:
    fake.queue_only, fake.list_refused, fake.shape = 2, False, "ids"
    answer = look(ask, start(ask, 3))
    assert isinstance(answer, Finished)
    assert answer.results[2] == Missing(2, NOT_STARTED)


def test_one_job_may_hold_all_files(fake: Videotok, ask: Ask) -> None:
    fake.outputs, fake.shape, fake.poll_shape = 3, "id", "urls"
    answer = look(ask, start(ask, 4))
    assert isinstance(answer, Finished)
    assert [type(it) for it in answer.results] == [Link, Link, Link, Missing]
    assert answer.results[3] == Missing(3, FEWER)


def test_more_files_than_asked_for_are_not_thrown_away(fake: Videotok, ask: Ask) -> None:
    fake.outputs = 2
    answer = look(ask, start(ask))
    assert isinstance(answer, Finished)
    assert [it.position for it in answer.results] == [0, 1]


def test_some_of_a_batch_may_fail(fake: Videotok, ask: Ask) -> None:
    fake.fail_next = 1
    answer = look(ask, start(ask, 2))
    assert isinstance(answer, Finished)
    assert answer.results[0] == Missing(0, "The model refused this.")
    assert isinstance(answer.results[1], Link)
    assert answer.cost == Decimal(100)


def test_all_may_fail(fake: Videotok, ask: Ask) -> None:
    fake.fail_next = 2
    assert look(ask, start(ask, 2)) == Failed("failed", "The model refused this.")


@pytest.mark.parametrize("word", ["canceled", "cancelled", "EXPIRED"])
def test_what_they_end_early_is_a_failure(fake: Videotok, ask: Ask, word: str) -> None:
    fake.work_seconds, fake.word = 600, word
    assert look(ask, start(ask)) == Failed("failed", "Videotok ended this early.")


@pytest.mark.parametrize(
    ("word", "step"),
    [
        ("queued", "Waiting at Videotok"),
        ("In Queue", "Waiting at Videotok"),
        ("rendering", "Videotok is at work"),
        ("polishing_pixels", "Polishing pixels"),
        ("", "Waiting at Videotok"),
    ],
)
def test_a_status_never_seen_is_no_end(fake: Videotok, ask: Ask, word: str, step: str) -> None:
    fake.work_seconds, fake.word = 600, word
    answer = look(ask, start(ask))
    assert isinstance(answer, Progress)
    assert (answer.step, answer.share, answer.poll_in_seconds) == (step, None, 2.0)


def test_a_status_never_seen_with_a_file_is_finished(fake: Videotok, ask: Ask) -> None:
    at = start(ask)
    fake.script.next(method="GET", merge={"status": "blessed"})
    assert isinstance(look(ask, at), Finished)


def test_a_job_may_be_unknown_at_first(fake: Videotok, ask: Ask) -> None:
    fake.late = 3
    at = start(ask)
    for _ in range(3):
        at = then(at, look(ask, at))
    assert isinstance(look(ask, at), Finished)


def test_a_job_that_stays_unknown_is_gone(fake: Videotok, ask: Ask) -> None:
    fake.late = 99
    at = start(ask)
    for _ in range(3):
        at = then(at, look(ask, at))
    with pytest.raises(Gone, match="does not know this job"):
        look(ask, at)


def test_finished_without_an_address_is_asked_again(fake: Videotok, ask: Ask) -> None:
    fake.bare = 3
    at = start(ask)
    for _ in range(3):
        answer = look(ask, at)
        assert isinstance(answer, Progress)
        assert answer.step == "Waiting for the file"
        at = then(at, answer)
    assert isinstance(look(ask, at), Finished)


def test_finished_for_ever_without_an_address_is_for_a_person(fake: Videotok, ask: Ask) -> None:
    fake.bare = 99
    at = start(ask)
    for _ in range(3):
        at = then(at, look(ask, at))
    with pytest.raises(Gone, match="names no file"):
        look(ask, at)


def test_one_job_without_a_trace_costs_the_others_nothing(fake: Videotok, ask: Ask) -> None:
    at = start(ask, 2)
    lost = at.remote["ids"][1]
    del fake.jobs[lost]
    for _ in range(3):
        at = then(at, look(ask, at))
    answer = look(ask, at)
    assert isinstance(answer, Finished)
    assert isinstance(answer.results[0], Link)
    assert isinstance(answer.results[1], Missing)
    assert lost in answer.results[1].reason


def test_a_poll_without_news_waits_longer_as_time_goes_by(fake: Videotok, ask: Ask) -> None:
    fake.work_seconds = 600
    at = start(ask)
    old = ticket(at.request, offer(AD), age_seconds=40, remote=at.remote)
    older = ticket(at.request, offer(AD), age_seconds=4000, remote=at.remote)
    waits = [answer.poll_in_seconds for it in (at, old, older) if isinstance(answer := look(ask, it), Progress)]
    assert waits == [2.0, pytest.approx(10, abs=0.5), 15.0]


@pytest.mark.parametrize(("status", "headers", "seconds"), [(429, {"Retry-After": "7"}, 7), (503, {}, 5), (500, {}, 5)])
def test_a_busy_poll_is_asked_later(
    fake: Videotok, ask: Ask, status: int, headers: dict[str, str], seconds: float
) -> None:
    at = start(ask)
    fake.script.next(method="GET", status=status, headers=headers)
    with pytest.raises(NotTaken) as error:
        look(ask, at)
    assert error.value.retry_after_seconds == seconds


def test_one_busy_answer_holds_up_no_other_job(fake: Videotok, ask: Ask) -> None:
    at = start(ask, 2)
    fake.script.next(method="GET", path=f"*/{at.remote['ids'][0]}", status=429, headers={"Retry-After": "9"})
    answer = look(ask, at)
    assert isinstance(answer, Progress)
    assert answer.poll_in_seconds == 9
    at = then(at, answer)
    assert at.remote["settled"] == [at.remote["ids"][1]]
    assert isinstance(look(ask, at), Finished)


def test_a_poll_with_a_dead_key_needs_a_person(fake: Videotok, ask: Ask) -> None:
    at = start(ask)
    fake.script.forget_keys()
    with pytest.raises(NotConfigured):
        look(ask, at)


def test_slides_come_in_order(fake: Videotok, ask: Ask) -> None:
    at = start(ask, key="slideshow:slideshow", slide_count=4)
    assert at.remote == {"ids": [fake.script.paid[0].job], "slideshow": True}
    fake.script.next(method="GET", merge={"url": "https://media.example/film.mp4"})
    answer = look(ask, at)
    assert isinstance(answer, Finished)
    assert [it.position for it in answer.results] == [0, 1, 2, 3]
    assert all(isinstance(it, Link) and it.url.startswith(fake.script.url) for it in answer.results)
    assert fake.script.requests[-1].path == f"/api/v1/slideshows/{at.remote['ids'][0]}"


def test_the_same_bytes_under_the_same_key_bring_the_same_jobs_and_one_payment(fake: Videotok, ask: Ask) -> None:
    fake.script.next(method="POST", drop="after")
    with pytest.raises(Exception, match="broke"):
        start(ask)
    assert len(fake.script.paid) == 1
    at = start(ask)
    assert at.remote["ids"] == [fake.script.paid[0].job]
    assert len(fake.script.paid) == 1
