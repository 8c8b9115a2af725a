"""Which listed job is which lost generation, without a service."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from studio.dialects.base import Job, Request
from studio.engine.matching import Choice, Listed, Ours, Seeker, choose, unknown
from studio.providers import get_remote
from studio.providers.base import Ticket

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def seeker(sent: float, until: float | None = None, *, count: int = 1, on_its_way: bool = False) -> Seeker:
    """A picture at VideoGen, sent at `sent` seconds after noon."""
    ticket = Ticket(uuid4(), Request.post("/v1/tools/generate-image", {}), "", at(sent), count=count)
    return Seeker(
        ticket.generation_id, get_remote("videogen"), ticket, at(sent if until is None else until), on_its_way
    )


def job(name: str, made: float | None = None, *, tool: str = "generateimage", count: int | None = None) -> Job:
    created = None if made is None else at(made)
    return Job({"execution": name}, name, created, {"tool": tool}, count)


def names(choice: Choice) -> list[str]:
    return [it.job.remote_id for it in choice.possible]


def test_one_of_ours_and_one_job_are_a_pair() -> None:
    choice = choose(seeker(0), [], [Listed(job("a"))])
    assert choice.certain
    assert choice.certain.job.remote_id == "a"


def test_two_jobs_are_for_a_person() -> None:
    choice = choose(seeker(0), [], [Listed(job("a")), Listed(job("b"))])
    assert (choice.certain, names(choice)) == (None, ["a", "b"])


def test_two_of_ours_are_for_a_person() -> None:
    choice = choose(seeker(0), [seeker(1)], [Listed(job("a"))])
    assert (choice.certain, names(choice), choice.wait) == (None, ["a"], False)


def test_another_tool_or_number_of_results_does_not_fit() -> None:
    listed = [Listed(job("a", tool="generatemusic")), Listed(job("b", count=4)), Listed(job("c", count=2))]
    choice = choose(seeker(0, count=2), [], listed)
    assert choice.certain
    assert choice.certain.job.remote_id == "c"


def test_a_job_with_fewer_results_than_asked_for_is_only_shown() -> None:
    choice = choose(seeker(0, count=3), [], [Listed(job("part", count=2)), Listed(job("more", count=4))])
    assert (choice.certain, names(choice)) == (None, ["part"])


def test_a_part_does_not_stand_in_the_way_of_the_whole() -> None:
    choice = choose(seeker(0, count=3), [seeker(1, count=4)], [Listed(job("part", count=2)), Listed(job("a", count=3))])
    assert choice.certain
    assert choice.certain.job.remote_id == "a"


def test_a_part_that_may_be_of_an_answer_still_coming_is_left_alone() -> None:
    choice = choose(seeker(0, count=3), [seeker(1, count=4, on_its_way=True)], [Listed(job("part", count=2))])
    assert choice == Choice(wait=True)


def test_a_job_whose_answer_may_still_come_is_left_alone() -> None:
    choice = choose(seeker(0), [seeker(2, on_its_way=True)], [Listed(job("a"))])
    assert choice == Choice(wait=True)


def test_times_tell_them_apart() -> None:
    lost = seeker(0, 5)
    listed = [
        Listed(job("old"), before=at(-60)),
        Listed(job("new"), after=at(1200)),
        Listed(job("mine"), at(-30), at(9)),
    ]
    choice = choose(lost, [seeker(600)], listed)
    assert choice.certain
    assert choice.certain.job.remote_id == "mine"


def test_what_was_taken_rather_late_is_only_shown() -> None:
    choice = choose(seeker(0, 5), [], [Listed(job("late"), after=at(120))])
    assert (choice.certain, names(choice)) == (None, ["late"])


def test_known_neighbours_tell_when_a_job_was_started() -> None:
    jobs = [job("newest"), job("ours-2"), job("between"), job("ours-1"), job("oldest")]
    ours = {"ours-1": Ours(at(0), at(2)), "ours-2": Ours(at(60), at(63))}
    assert [(it.job.remote_id, it.after, it.before) for it in unknown(jobs, ours)] == [
        ("newest", at(60), None),
        ("between", at(0), at(63)),
        ("oldest", None, at(2)),
    ]


def test_a_list_in_no_order_tells_no_times() -> None:
    jobs = [job("ours-1"), job("between"), job("ours-2")]
    ours = {"ours-1": Ours(at(0), at(2)), "ours-2": Ours(at(60), at(63))}
    assert unknown(jobs, ours) == [Listed(jobs[1])]


def test_a_time_that_the_list_tells_allows_for_another_clock() -> None:
    (found,) = unknown([job("a", made=10)], {})
    assert (found.after, found.before) == (at(10 - 120), at(10 + 120))
