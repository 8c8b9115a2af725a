"""A generation's way behind the wire, against a real server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.db.models import F
from django.utils import timezone

from studio.engine import courier
from studio.models import (
    Asset,
    Connection,
    ConnectionState,
    Generation,
    Influencer,
    Membership,
    Output,
    RemoteCopy,
    State,
    Voice,
    Workspace,
)
from tests.engine import remote
from tests.engine.remote import FAILED, READY, make, running, states_of, sweep_until, work_off
from tests.engine.tiny import TinyProvider, TinyServer
from tests.upstreams.common import serve

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("member")]


@pytest.fixture
def tiny() -> TinyServer:
    return TinyServer()


@pytest.fixture
def url(tiny: TinyServer, settings: object) -> Iterator[str]:
    with serve(tiny) as address:
        settings.PRIVATE_HOSTS = [urlsplit(address).netloc]  # type: ignore[attr-defined]
        remote.know_tiny()
        try:
            yield address
        finally:
            courier.stop_here(3)
            remote.forget_tiny()


@pytest.fixture
def connection(member: Membership, url: str) -> Connection:
    return remote.connect(member.team, url)


def due(*generations: Generation) -> None:
    """As if its time had come."""
    pks = [generation.pk for generation in generations]
    Generation.objects.filter(pk__in=pks, next_poll_at__isnull=False).update(
        next_poll_at=timezone.now(), lease_until=None
    )
    Connection.objects.update(paused_until=None)


def test_a_batch_comes_home_and_is_paid_once(connection: Connection, workspace: Workspace, tiny: TinyServer) -> None:
    generation = make(connection, workspace, count=3)
    work_off(generation)
    assert (generation.state, generation.failure_reason) == (State.COMPLETED, "")
    assert states_of(generation) == [READY] * 3
    assert len(tiny.script.paid) == 1
    assert generation.remote_key == "job-1"
    asset = Asset.objects.filter(kind="image").exclude(description__startswith="A frame").first()
    assert asset
    assert set(RemoteCopy.objects.filter(object_id=asset.pk).values_list("kind", flat=True)) == {"url", "file"}
    assert generation.cost == 2


def test_every_kind_of_result_becomes_what_it_is(
    connection: Connection, workspace: Workspace, tiny: TinyServer
) -> None:
    tiny.kinds = ["image", "text", "person", "voice", "audio"]
    generation = make(connection, workspace, count=5)
    for position, kind in enumerate(["image", "text", "influencer", "voice", "audio"]):
        Output.objects.filter(generation=generation, position=position).update(kind=kind)
    work_off(generation)
    assert states_of(generation) == [READY] * 5, list(generation.outputs.values_list("failure_reason", flat=True))
    text, person, voice = list(generation.outputs.order_by("position"))[1:4]
    assert text.asset
    assert text.asset.kind == "text"
    assert Influencer.objects.get().name == "Mia"
    assert person.influencer
    assert person.asset
    assert Voice.objects.get().name == "Warm"
    assert voice.voice
    assert voice.asset
    assert voice.asset.kind == "audio"
    assert set(RemoteCopy.objects.values_list("object_kind", flat=True)) >= {"influencer", "voice", "asset"}


def test_a_partial_batch_says_so(connection: Connection, workspace: Workspace, tiny: TinyServer) -> None:
    tiny.missing = 1
    generation = make(connection, workspace, count=3)
    work_off(generation)
    assert (generation.state, generation.missing) == (State.COMPLETED, 1)
    assert states_of(generation) == [FAILED, READY, READY]
    assert generation.outputs.get(position=0).failure_reason == "The machine was out of paint."


def test_nothing_at_all_is_a_failure(connection: Connection, workspace: Workspace, tiny: TinyServer) -> None:
    tiny.missing = 2
    generation = make(connection, workspace, count=2)
    work_off(generation)
    assert (generation.state, generation.failure_reason) == (State.FAILED, "The machine was out of paint.")


def test_a_synchronous_answer_is_collected(connection: Connection, workspace: Workspace, tiny: TinyServer) -> None:
    tiny.synchronous = True
    generation = make(connection, workspace)
    work_off(generation)
    assert generation.state == State.COMPLETED
    assert generation.started_at is not None


def test_a_lost_answer_is_asked_for_with_the_same_bytes(
    connection: Connection, workspace: Workspace, tiny: TinyServer
) -> None:
    tiny.script.next(path="/jobs", drop="after")
    generation = make(connection, workspace)
    sweep_until(lambda: len(tiny.script.sent("POST", "/jobs")) == 1, "the first try")
    sweep_until(lambda: Generation.objects.filter(step__startswith="Asking again").exists(), "the lost answer")
    due(generation)
    work_off(generation)
    assert generation.state == State.COMPLETED
    assert len(tiny.script.paid) == 1
    first, second = tiny.script.sent("POST", "/jobs")
    assert (first.body, first.headers["idempotency-key"]) == (second.body, second.headers["idempotency-key"])


def test_a_refusal_after_a_lost_answer_is_not_believed(
    connection: Connection, workspace: Workspace, tiny: TinyServer
) -> None:
    tiny.script.next(path="/jobs", drop="after")
    tiny.script.next(path="/jobs", status=402)
    tiny.script.next(path="/jobs", status=429, headers={"retry-after": "1"})
    generation = make(connection, workspace)
    for tries in (1, 2, 3):
        sweep_until(lambda n=tries: len(tiny.script.sent("POST", "/jobs")) == n, f"try {tries}")  # type: ignore[misc]
        sweep_until(
            lambda: Generation.objects.filter(pk=generation.pk, state=State.SUBMITTING, lease_token=None).exists(),
            "its answer",
        )
        due(generation)
    work_off(generation)
    assert generation.state == State.COMPLETED
    assert len(tiny.script.paid) == 1


@pytest.mark.parametrize(
    "rule",
    [
        {"drop": "after"},
        {"mangle": "truncated"},
        {"mangle": "garbage"},
        {"status": 502, "after": True},
        {"mangle": "cut"},
    ],
    ids=lambda rule: "-".join(map(str, rule.values())),
)
def test_without_a_window_a_lost_answer_is_uncertain_and_never_sent_again(
    connection: Connection,
    workspace: Workspace,
    tiny: TinyServer,
    monkeypatch: pytest.MonkeyPatch,
    rule: dict[str, object],
) -> None:
    monkeypatch.setattr(TinyProvider, "window", timedelta(0))
    tiny.script.next(path="/jobs", **rule)
    generation = make(connection, workspace)
    sweep_until(lambda: Generation.objects.filter(state=State.UNCERTAIN).exists(), "uncertain")
    generation.refresh_from_db()
    assert generation.uncertain_since is not None
    for _ in range(3):
        due(generation)
        from studio.engine import sweep

        sweep.sweep()
    assert len(tiny.script.sent("POST", "/jobs")) == 1


def test_what_was_not_taken_goes_out_once_it_may(
    connection: Connection, workspace: Workspace, tiny: TinyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TinyProvider, "window", timedelta(0))
    tiny.script.next(path="/jobs", status=429, headers={"retry-after": "7"})
    generation = make(connection, workspace)
    sweep_until(lambda: Connection.objects.exclude(paused_until=None).exists(), "the pause")
    sweep_until(lambda: Generation.objects.filter(state=State.QUEUED).exists(), "the queue")
    generation.refresh_from_db()
    kept = Connection.objects.get()
    assert kept.paused_until
    assert kept.paused_until > timezone.now() + timedelta(seconds=5)
    assert generation.next_poll_at
    assert generation.next_poll_at > timezone.now() + timedelta(seconds=5)
    assert len(tiny.script.sent("POST", "/jobs")) == 1
    due(generation)
    from studio.engine import courier as couriers

    couriers.stop_here(2)
    work_off(generation)
    assert (generation.state, len(tiny.script.paid)) == (State.COMPLETED, 1)


def test_a_service_that_is_not_there_is_waited_for(member: Membership, workspace: Workspace, url: str) -> None:
    kept = remote.connect(member.team, "http://127.0.0.1:9")
    generation = make(kept, workspace)
    from django.conf import settings

    settings.PRIVATE_HOSTS = [*settings.PRIVATE_HOSTS, "127.0.0.1:9"]
    sweep_until(lambda: Generation.objects.filter(state=State.QUEUED, attempts=1).exists(), "the queue")
    generation.refresh_from_db()
    assert "cannot be reached" in generation.step


def test_a_refusal_fails_and_costs_nothing(connection: Connection, workspace: Workspace, tiny: TinyServer) -> None:
    tiny.script.next(path="/jobs", status=422)
    generation = make(connection, workspace)
    work_off(generation)
    assert (generation.state, generation.failure_code) == (State.FAILED, "input")
    assert not tiny.script.paid


def test_a_wrong_key_fails_once_and_the_next_waits(
    connection: Connection, workspace: Workspace, tiny: TinyServer
) -> None:
    tiny.script.forget_keys()
    first = make(connection, workspace)
    work_off(first)
    assert (first.state, first.failure_code) == (State.FAILED, "key")
    connection.refresh_from_db()
    assert connection.state == ConnectionState.REFUSED
    second = make(connection, workspace)
    sweep_until(lambda: Generation.objects.filter(step__startswith="Waiting until").exists(), "the wait")
    second.refresh_from_db()
    assert second.state == State.QUEUED
    assert len(tiny.script.sent("POST", "/jobs")) == 1


def test_a_wrong_key_at_a_poll_keeps_what_was_paid(
    connection: Connection, workspace: Workspace, tiny: TinyServer
) -> None:
    generation = running(connection, workspace, "job-9")
    tiny.script.forget_keys()
    sweep_until(lambda: Connection.objects.filter(state=ConnectionState.REFUSED).exists(), "the refusal")
    generation.refresh_from_db()
    assert generation.state == State.RUNNING


def test_progress_is_announced_only_when_it_changed(
    connection: Connection, workspace: Workspace, tiny: TinyServer
) -> None:
    from studio.models import Event

    tiny.work_seconds = 60
    generation = make(connection, workspace)
    sweep_until(lambda: len(tiny.script.sent("GET", "/jobs/*")) >= 2, "two polls")
    sweep_until(lambda: Generation.objects.filter(progress=0.5).exists(), "progress")
    seen = Event.objects.filter(kind="output").count()
    polls = len(tiny.script.sent("GET", "/jobs/*"))
    sweep_until(lambda: len(tiny.script.sent("GET", "/jobs/*")) >= polls + 3, "more polls")
    assert Event.objects.filter(kind="output").count() <= seen + 1  # The frame may come late.
    generation.refresh_from_db()
    assert generation.step == "Tiny is at work"


def test_an_unknown_job_is_believed_only_after_a_while(
    connection: Connection, workspace: Workspace, tiny: TinyServer
) -> None:
    generation = running(connection, workspace, "job-unknown")
    sweep_until(lambda: Generation.objects.exclude(uncertain_since=None).exists(), "the first doubt")
    generation.refresh_from_db()
    assert generation.state == State.RUNNING
    Generation.objects.update(
        uncertain_since=F("uncertain_since") - timedelta(minutes=2), started_at=F("started_at") - timedelta(minutes=5)
    )
    due(generation)
    sweep_until(lambda: Generation.objects.filter(state=State.UNCERTAIN).exists(), "uncertain")
    generation.refresh_from_db()
    assert "does not know this job" in generation.failure_reason


def test_an_expired_address_is_asked_for_anew(connection: Connection, workspace: Workspace, tiny: TinyServer) -> None:
    generation = make(connection, workspace)
    tiny.script.next(method="GET", path="/media/*", status=410)  # The frame or the file, whoever comes first.
    tiny.script.next(method="GET", path="/media/*", status=410)
    work_off(generation)
    assert (generation.state, states_of(generation)) == (State.COMPLETED, [READY])
    assert len(tiny.script.paid) == 1


def test_a_file_that_is_gone_for_good_says_so(connection: Connection, workspace: Workspace, tiny: TinyServer) -> None:
    tiny.script.always(method="GET", path="/media/*", status=410)
    generation = make(connection, workspace)
    sweep_until(lambda: len(tiny.script.sent("GET", "/media/*")) >= 3, "fetches in vain")
    Generation.objects.update(started_at=timezone.now() - timedelta(days=2))

    def over() -> bool:
        due(generation)
        return remote.ended(generation)

    sweep_until(over, "the end")
    assert generation.state == State.FAILED
    assert "within a day" in generation.failure_reason or "no longer has this file" in generation.failure_reason


def test_files_are_given_first_and_only_once(
    connection: Connection, workspace: Workspace, tiny: TinyServer, photo: Asset
) -> None:
    tiny.script.next(path="/files", status=503)
    generation = make(connection, workspace, inputs={"images": [str(photo.pk)]}, offer_more={"address": "upload"})
    sweep_until(lambda: Generation.objects.filter(state=State.PREPARING, attempts=1).exists(), "the failed upload")
    due(generation)
    work_off(generation)
    assert generation.state == State.COMPLETED, generation.failure_reason
    [submitted] = tiny.script.sent("POST", "/jobs")
    assert submitted.json["files"] == tiny.files == ["file-1"] or submitted.json["files"] == tiny.files
    second = make(connection, workspace, inputs={"images": [str(photo.pk)]}, offer_more={"address": "upload"})
    work_off(second)
    assert len(tiny.files) == 1


def test_links_become_files_before_anything_is_sent(
    connection: Connection, workspace: Workspace, tiny: TinyServer
) -> None:
    link = tiny.script.media("image", "theirs")
    generation = make(connection, workspace, inputs={"images": [link]}, offer_more={"address": "upload"})
    work_off(generation)
    assert generation.state == State.COMPLETED, generation.failure_reason
    [kept] = generation.inputs["images"]
    assert Asset.objects.filter(pk=kept).exists()
    assert generation.brief.inputs["images"] == [link]


def test_a_bell_asks_at_once(connection: Connection, workspace: Workspace, tiny: TinyServer) -> None:
    from studio.engine import steps

    generation = make(connection, workspace)
    steps.advance(generation.pk)
    sweep_until(lambda: Generation.objects.exclude(remote=None).exists(), "the submit")
    Generation.objects.update(next_poll_at=timezone.now() + timedelta(hours=1))
    steps.advance(generation.pk)
    sweep_until(lambda: len(tiny.script.sent("GET", "/jobs/*")) >= 1, "the poll")


def test_a_stopped_courier_leaves_nothing_behind(
    connection: Connection, workspace: Workspace, tiny: TinyServer
) -> None:
    tiny.script.next(path="/jobs", late_seconds=0.5)
    generation = make(connection, workspace)
    sweep_until(lambda: len(tiny.script.sent("POST", "/jobs")) == 1, "the submit")
    courier.stop_here(5)
    generation.refresh_from_db()
    assert generation.state == State.RUNNING
