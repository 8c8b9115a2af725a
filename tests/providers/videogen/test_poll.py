"""Asking, cancelling, fresh addresses, and finding what was lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from studio.dialects.base import (
    Canceled,
    Failed,
    Finished,
    Gone,
    Job,
    Link,
    Missing,
    NotConfigured,
    NotTaken,
    Progress,
    ProviderError,
    Unreadable,
)
from tests.dialects.videogen.cases import ERAS
from tests.providers.videogen.conftest import Open, World


@pytest.mark.parametrize("era", ERAS)
def test_follows_a_job_to_its_files(opened: Open, era: str) -> None:
    world = opened(era)
    job, ticket = world.started(count=3)
    first = world.ask(lambda wire: world.provider.poll(wire, ticket))
    assert isinstance(first, Progress)
    assert first.step == "Waiting its turn at VideoGen"
    world.fake.progress(job, 40)
    running = world.ask(lambda wire: world.provider.poll(wire, ticket))
    assert isinstance(running, Progress)
    assert running.share == (None if era == "0" else 0.4)
    world.fake.finish(job)
    done = world.ask(lambda wire: world.provider.poll(wire, ticket))
    assert isinstance(done, Finished)
    links = [result for result in done.results if isinstance(result, Link)]
    assert [link.position for link in links] == [0, 1, 2]
    assert len({link.remote_id for link in links}) == 3
    assert all(link.kind == "image" and "/media/" in link.url for link in links)
    assert all(link.expires_at and link.expires_at > datetime.now(UTC) + timedelta(days=6) for link in links)
    asked = world.script.sent("GET")
    assert {request.path for request in asked} == {f"/v1/tools/executions/{job}"}
    assert all(request.bearer == "key-1" for request in asked)
    hydrated = world.script.sent("POST", "/v1/files/*/hydrate")
    assert len(hydrated) == (0 if era == "2" else 3), "earlier eras give no addresses until they are asked"
    assert all(request.body == b"" and "content-type" not in request.headers for request in hydrated)


@pytest.mark.parametrize(
    ("tool", "kind"),
    [
        ("text-to-speech", "audio"),
        ("generate-sound-effect", "audio"),
        ("generate-music", "audio"),
        ("generate-video-clip", "video"),
        ("generate-motion-graphic", "video"),
        ("generate-avatar", "video"),
        ("image-3d-effect", "video"),
        ("vectorize-image", "image"),
        ("remove-image-background", "image"),
        ("remove-video-background", "video"),
        ("upscale-image", "image"),
        ("upscale-video", "video"),
    ],
)
def test_says_what_kind_each_result_is(world: World, tool: str, kind: str) -> None:
    job, ticket = world.started(tool)
    world.fake.finish(job)
    done = world.ask(lambda wire: world.provider.poll(wire, ticket))
    assert isinstance(done, Finished)
    assert [result.kind for result in done.results if isinstance(result, Link)] == [kind]


@pytest.mark.parametrize("era", ERAS)
def test_some_of_several_are_there_and_the_rest_never_come(opened: Open, era: str) -> None:
    world = opened(era)
    job, ticket = world.started(count=4)
    world.fake.finish(job, results=3)
    done = world.ask(lambda wire: world.provider.poll(wire, ticket))
    assert isinstance(done, Finished)
    assert [type(result) for result in done.results] == [Link, Link, Link, Missing]
    assert done.results[3] == Missing(3, "VideoGen made 3 of 4.")


def test_done_without_any_file_is_said(world: World) -> None:
    job, ticket = world.started()
    world.fake.finish(job, results=0)
    done = world.ask(lambda wire: world.provider.poll(wire, ticket))
    assert done == Finished((Missing(0, "VideoGen says that it is done, and names no file."),))


def test_failed_brings_their_words(world: World) -> None:
    job, ticket = world.started()
    world.fake.fail(job, "The prompt was refused.", "content_policy")
    answer = world.ask(lambda wire: world.provider.poll(wire, ticket))
    assert answer == Failed("content_policy", "The prompt was refused.")


def test_failed_without_words_says_so(world: World) -> None:
    job, ticket = world.started()
    world.fake.say(job, "failed")
    answer = world.ask(lambda wire: world.provider.poll(wire, ticket))
    assert answer == Failed("failed", "VideoGen could not make this, and did not say why.")


def test_a_new_attempt_is_told(world: World) -> None:
    job, ticket = world.started()
    world.fake.progress(job, 10, attempt=2)
    answer = world.ask(lambda wire: world.provider.poll(wire, ticket))
    assert isinstance(answer, Progress)
    assert answer.step == "VideoGen is at work (attempt 3)"


def test_an_approval_is_explained_and_polled_slowly(world: World) -> None:
    job, ticket = world.started()
    world.fake.say(job, "awaiting_approval")
    answer = world.ask(lambda wire: world.provider.poll(wire, ticket))
    assert isinstance(answer, Progress)
    assert "waits for an approval" in answer.step
    assert answer.poll_in_seconds >= 60


@pytest.mark.parametrize("status", ["polishing", "QUEUED_FOR_REVIEW", "vielleicht"])
def test_a_new_status_never_fails_a_paid_job(world: World, status: str) -> None:
    job, ticket = world.started()
    world.fake.say(job, status)
    answer = world.ask(lambda wire: world.provider.poll(wire, ticket))
    assert isinstance(answer, Progress)
    assert status.lower().replace("_", " ") in answer.step


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (404, {"message": "no"}, Gone),
        (401, {"message": "no"}, NotConfigured),
        (403, {"message": "no"}, NotConfigured),
        (429, {"message": "no", "code": "rate_limited"}, NotTaken),
        (500, {"message": "no"}, NotTaken),
        (400, {"message": "no"}, Unreadable),
        (200, {"status": ""}, Unreadable),
        (200, [], Unreadable),
        (200, {"status": "succeeded", "results": "none"}, Unreadable),
    ],
)
def test_what_goes_wrong_while_asking(world: World, status: int, body: Any, error: type[ProviderError]) -> None:
    _, ticket = world.started()
    world.script.next(path="/v1/tools/executions/*", status=status, body=body)
    with pytest.raises(error):
        world.ask(lambda wire: world.provider.poll(wire, ticket))


def test_a_job_that_was_forgotten_is_gone(world: World) -> None:
    job, ticket = world.started()
    world.fake.forget(job)
    with pytest.raises(Gone):
        world.ask(lambda wire: world.provider.poll(wire, ticket))


def test_an_id_with_a_slash_stays_one_part_of_the_path(world: World) -> None:
    ticket = world.ticket(remote={"execution": "a/../b c?"})
    with pytest.raises(Gone):
        world.ask(lambda wire: world.provider.poll(wire, ticket))
    [asked] = world.script.requests
    assert asked.query == {}


def test_a_file_that_is_not_stored_yet_keeps_it_running(opened: Open) -> None:
    world = opened("0")
    job, ticket = world.started(count=2)
    world.fake.finish(job)
    for file_id in world.fake.jobs[job].results:
        world.fake.files[file_id].hydrates_left = 1
    waiting = world.ask(lambda wire: world.provider.poll(wire, ticket))
    assert isinstance(waiting, Progress)
    assert waiting.step == "VideoGen is storing the file"
    world.ask(lambda wire: world.provider.poll(wire, ticket))
    assert isinstance(world.ask(lambda wire: world.provider.poll(wire, ticket)), Finished)


def test_what_is_settled_is_not_asked_for_again(opened: Open) -> None:
    world = opened("0")
    job, ticket = world.started(count=3)
    world.fake.finish(job)
    done = world.ask(lambda wire: world.provider.poll(wire, replace(ticket, settled=frozenset({0, 2}))))
    assert isinstance(done, Finished)
    assert [result.position for result in done.results] == [1]
    assert len(world.script.sent("POST", "/v1/files/*/hydrate")) == 1


def test_an_expired_address_is_asked_for_again(world: World) -> None:
    job, ticket = world.started()
    world.fake.finish(job)
    done = world.ask(lambda wire: world.provider.poll(wire, ticket))
    assert isinstance(done, Finished)
    [old] = done.results
    assert isinstance(old, Link)
    world.script.expire_media(gone=403)
    fresh = world.ask(lambda wire: world.provider.fresh_link(wire, ticket, old))
    assert fresh is not None
    assert (fresh.position, fresh.remote_id) == (old.position, old.remote_id)
    assert fresh.url != old.url
    assert world.script.requests[-1].path == f"/v1/files/{old.remote_id}/hydrate"
    nameless = replace(old, remote_id="")
    again = world.ask(lambda wire: world.provider.fresh_link(wire, ticket, nameless))
    assert again is not None
    del world.fake.files[old.remote_id]
    assert world.ask(lambda wire: world.provider.fresh_link(wire, ticket, old)) is None


def test_a_broken_file_is_gone_for_good(world: World) -> None:
    job, ticket = world.started()
    world.fake.finish(job)
    world.fake.files["vg_file_other"].broken = True
    broken = Link(0, "https://media.example/x", "image", "vg_file_other")
    assert world.ask(lambda wire: world.provider.fresh_link(wire, ticket, broken)) is None


@pytest.mark.parametrize("era", ERAS)
def test_cancels(opened: Open, era: str) -> None:
    world = opened(era)
    job, ticket = world.started()
    for _ in range(2):
        world.ask(lambda wire: world.provider.cancel(wire, ticket))
    sent = world.script.requests[0]
    assert (sent.method, sent.path, sent.body) == ("POST", f"/v1/tools/executions/{job}/cancel", b"")
    assert sent.headers["content-length"] == "0"
    assert "content-type" not in sent.headers
    assert world.ask(lambda wire: world.provider.poll(wire, ticket)) == Canceled()


@pytest.mark.parametrize(("status", "fine"), [(404, True), (409, True), (400, True), (500, False), (401, False)])
def test_a_cancel_that_comes_too_late_is_fine(world: World, status: int, fine: bool) -> None:
    _, ticket = world.started()
    world.script.next(path="*/cancel", status=status, body={"message": "m"})
    if fine:
        world.ask(lambda wire: world.provider.cancel(wire, ticket))
        return
    with pytest.raises((NotTaken, NotConfigured)):
        world.ask(lambda wire: world.provider.cancel(wire, ticket))


# -- Lost and found -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("era", ["2", "1"])
def test_lists_what_might_be_the_lost_one(opened: Open, era: str) -> None:
    world = opened(era)
    other_tool = world.fake.foreign("text-to-speech")
    world.fake.foreign("generate-image", 2, who="team")
    ours, ticket = world.started("generate-image", 2)
    foreign = world.fake.foreign("generate-image", 3)
    world.fake.finish(foreign, 1)
    found = world.ask(lambda wire: world.provider.jobs(wire, ticket, datetime.now(UTC) - timedelta(hours=1)))
    assert [job.remote_id for job in found] == [foreign, ours, other_tool], "not the team member's"
    fitting = [job for job in found if world.provider.job_fits(ticket, job)]
    told = [(job.remote, job.results) for job in fitting]
    assert told == [({"execution": foreign}, 1), ({"execution": ours}, None)], "what is at work tells no number"
    [sent] = world.script.sent("GET")
    assert (sent.path, sent.query) == ("/v1/tools/executions", {"limit": ["50"], "selfOnly": ["true"]})


def test_goes_through_the_pages_of_a_long_list(world: World) -> None:
    ours, ticket = world.started("generate-music")
    for _ in range(120):
        world.fake.foreign("text-to-speech")
    found = world.ask(lambda wire: world.provider.jobs(wire, ticket, datetime.now(UTC)))
    assert [job.remote_id for job in found if world.provider.job_fits(ticket, job)] == [ours]
    assert [request.query.get("cursor") for request in world.script.sent("GET")] == [None, ["c50"], ["c100"]]


def test_does_not_go_through_a_list_without_end(world: World) -> None:
    _, ticket = world.started("generate-music")
    world.script.always(path="/v1/tools/executions", merge={"hasMore": True, "nextCursor": "c0"})
    world.ask(lambda wire: world.provider.jobs(wire, ticket, datetime.now(UTC)))
    assert len(world.script.requests) == 8


def test_era_0_has_no_list(opened: Open) -> None:
    world = opened("0")
    _, ticket = world.started()
    assert world.ask(lambda wire: world.provider.jobs(wire, ticket, datetime.now(UTC))) == []
    assert world.script.requests == []


@pytest.mark.parametrize(
    ("fits", "expected"),
    [
        ({"tool": "generateimage"}, True),
        ({"tool": "generateimage", "status": "failed"}, True),
        ({"tool": "texttospeech"}, False),
        ({}, False),
    ],
)
def test_a_job_fits_by_tool(world: World, fits: dict[str, Any], expected: bool) -> None:
    ticket = world.ticket()
    assert world.provider.job_fits(ticket, Job({}, "x", None, fits)) is expected
