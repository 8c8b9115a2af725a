"""Who is slow does not hold up the others: a service that stops answering, and calls of minutes."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.db import connections
from django.utils import timezone

from studio.engine import courier, long, rendering, sweep
from studio.engine.cancel import CancelOutcome, cancel
from studio.models import Connection, Generation, Membership, State, Workspace
from studio.providers import PROVIDERS
from studio.providers.local import jobs
from tests.engine import remote
from tests.engine.conftest import Submit
from tests.engine.remote import make, running, sweep_until
from tests.engine.tiny import TinyProvider, TinyServer
from tests.upstreams.common import serve
from tests.wait import until

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("member")]


class StalledProvider(TinyProvider):
    key = "stalled"
    title = "Stalled"


@pytest.fixture
def servers(settings: object) -> Iterator[tuple[TinyServer, TinyServer]]:
    """A quick one and one that accepts and never answers a poll."""
    quick, stalled = TinyServer(), TinyServer()
    with serve(quick) as one, serve(stalled) as two:
        settings.PRIVATE_HOSTS = [urlsplit(one).netloc, urlsplit(two).netloc]  # type: ignore[attr-defined]
        remote.know_tiny()
        PROVIDERS["stalled"] = ("Stalled", "tests.engine.test_outbound_lanes.StalledProvider")
        try:
            yield quick, stalled
        finally:
            stalled.script.clear()
            courier.stop_here(1)
            remote.forget_tiny("stalled")
            remote.forget_tiny()


def test_a_stalled_service_does_not_slow_the_others(
    servers: tuple[TinyServer, TinyServer], member: Membership, workspace: Workspace
) -> None:
    quick, stalled = servers
    stalled.script.always(path="/jobs/*", hold="for ever")
    quick.work_seconds = 3600
    ours = remote.connect(member.team, quick.script.url)
    theirs = remote.connect(member.team, stalled.script.url, "stalled")
    for number in range(250):
        running(theirs, workspace, f"stalled-{number}")
    for number in range(40):
        quick.jobs[f"job-q{number}"] = TinyServer.job(f"job-q{number}", 1, 3600)
        running(ours, workspace, f"job-q{number}")
    lags: list[float] = []
    mine = Generation.objects.filter(connection=ours)
    end = time.monotonic() + 8
    began = len(quick.script.sent("GET", "/jobs/*"))

    def measured() -> bool:
        sweep.sweep()
        now = timezone.now()
        due = mine.filter(next_poll_at__lte=now, lease_token=None).values_list("next_poll_at", flat=True)
        lags.extend([(now - at).total_seconds() for at in due if at] or [0.0])
        return time.monotonic() > end

    until(measured, "eight seconds", every=0.2)
    polls = len(quick.script.sent("GET", "/jobs/*")) - began
    lags.sort()
    assert lags[int(len(lags) * 0.95)] < 2
    assert polls > 40 * 8 / 0.2 / 6, polls
    assert len(stalled.script.sent("GET", "/jobs/*")) >= courier.FIRST


def test_five_long_calls_and_a_render_do_not_hold_up_the_engine(
    servers: tuple[TinyServer, TinyServer], member: Membership, workspace: Workspace, submit: Submit
) -> None:
    quick, slow = servers
    slow.synchronous = True
    slow.script.always(method="POST", path="/jobs", hold="minutes")
    theirs, ours = (
        remote.connect(member.team, slow.script.url, "stalled"),
        remote.connect(member.team, quick.script.url),
    )
    calls = [make(theirs, workspace, lane="long") for _ in range(5)]

    def call(generation: Generation) -> None:
        long.submit(generation.pk)
        connections.close_all()

    def draw() -> None:
        rendering.render_next()
        connections.close_all()

    threads = [threading.Thread(target=call, args=(generation,)) for generation in calls]
    for thread in threads:
        thread.start()
    [drawn] = submit(resolution="4K")
    sweep_until(lambda: jobs.is_any_due(), "the render to wait")
    render = threading.Thread(target=draw)
    render.start()
    sweep_until(lambda: len(slow.script.sent("POST", "/jobs")) == 5, "five calls to hang")
    began = time.monotonic()
    generation = make(ours, workspace)
    remote.work_off(generation, seconds=8)
    assert generation.state == State.COMPLETED
    assert time.monotonic() - began < 6
    assert set(Generation.objects.filter(lane="long").values_list("state", flat=True)) == {State.SUBMITTING}
    slow.script.release("minutes")
    for thread in (*threads, render):
        thread.join(20)
    remote.work_off(*calls, drawn)
    assert {it.state for it in (*calls, drawn)} == {State.COMPLETED}
    assert len(slow.script.paid) == 5


def test_a_lease_is_renewed_for_as_long_as_a_call_takes(
    servers: tuple[TinyServer, TinyServer],
    member: Membership,
    workspace: Workspace,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from studio.engine import clerk

    monkeypatch.setattr(clerk, "BEAT_SECONDS", 0.2)
    quick, _ = servers
    quick.script.next(method="POST", path="/jobs", hold="a while")
    generation = make(remote.connect(member.team, quick.script.url), workspace)
    sweep_until(lambda: len(quick.script.sent("POST", "/jobs")) == 1, "the call")
    first = Generation.objects.get(pk=generation.pk).lease_until
    assert first
    sweep_until(
        lambda: (Generation.objects.get(pk=generation.pk).lease_until or first) > first + timedelta(seconds=1),
        "another lease",
    )
    quick.script.release("a while")
    remote.work_off(generation)
    assert (generation.state, len(quick.script.paid)) == (State.COMPLETED, 1)


def test_a_running_job_is_canceled_at_its_service(
    servers: tuple[TinyServer, TinyServer], member: Membership, workspace: Workspace
) -> None:
    quick, _ = servers
    quick.work_seconds = 3600
    generation = make(remote.connect(member.team, quick.script.url), workspace)
    sweep_until(lambda: Generation.objects.filter(state=State.RUNNING).exists(), "the start")
    generation.refresh_from_db()
    assert cancel(generation, member) == CancelOutcome.ASKED
    remote.work_off(generation)
    assert generation.state == State.CANCELED


def test_a_service_that_cannot_cancel_says_so(
    servers: tuple[TinyServer, TinyServer],
    member: Membership,
    workspace: Workspace,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(TinyProvider, "can_cancel", False)
    quick, _ = servers
    quick.work_seconds = 3600
    generation = make(remote.connect(member.team, quick.script.url), workspace)
    sweep_until(lambda: Generation.objects.filter(state=State.RUNNING).exists(), "the start")
    generation.refresh_from_db()
    assert cancel(generation, member) == CancelOutcome.CANNOT
    generation.refresh_from_db()
    assert generation.cancel_requested_at is None


def test_a_late_answer_is_what_an_uncertain_one_missed(
    servers: tuple[TinyServer, TinyServer],
    member: Membership,
    workspace: Workspace,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its lease was taken for dead while the answer was still on its way."""
    from studio.engine import sending

    monkeypatch.setattr(TinyProvider, "window", timedelta(0))
    quick, _ = servers
    quick.script.next(method="POST", path="/jobs", hold="late")
    generation = make(remote.connect(member.team, quick.script.url), workspace)
    sweep_until(lambda: len(quick.script.sent("POST", "/jobs")) == 1, "the call")
    assert sending.give_up(generation.pk, None, "lost")
    quick.script.release("late")
    remote.work_off(generation)
    assert (generation.state, len(quick.script.paid)) == (State.COMPLETED, 1)


def test_a_bucket_spreads_what_it_has_no_tokens_for(
    servers: tuple[TinyServer, TinyServer],
    member: Membership,
    workspace: Workspace,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from studio.providers.base import Bucket

    monkeypatch.setattr(TinyProvider, "buckets", {"submit": Bucket(2, 3600)})
    quick, _ = servers
    kept = remote.connect(member.team, quick.script.url, unlimited=False)
    generations = [make(kept, workspace) for _ in range(5)]
    sweep_until(lambda: len(quick.script.sent("POST", "/jobs")) >= 2, "the first two")
    sweep_until(lambda: Generation.objects.filter(step__startswith="Waiting").exists(), "the rest to wait")
    assert len(quick.script.sent("POST", "/jobs")) <= 3
    Connection.objects.update(facts={"unlimited": True})
    Generation.objects.filter(state=State.QUEUED).update(next_poll_at=timezone.now())
    remote.work_off(*generations)
    assert len(quick.script.paid) == 5
