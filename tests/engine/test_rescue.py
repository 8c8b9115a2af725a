"""Lost answers, against the scripted services: what is found again by itself, what a person decides, and what it costs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection as database
from django.utils import timezone

from studio.engine import courier, ledger, reconcile, rescue
from studio.engine.reconcile import What
from studio.live.outbox import latest_id
from studio.models import (
    Asset,
    Connection,
    EntryKind,
    Event,
    Generation,
    LedgerEntry,
    Membership,
    MonthSpend,
    Output,
    OutputState,
    RemoteCopy,
    Role,
    State,
    Team,
    User,
    Workspace,
)
from studio.providers import shipped_offers
from tests.engine import remote
from tests.engine.remote import sweep_until, work_off
from tests.upstreams.common import serve
from tests.upstreams.influencer_studio import InfluencerStudio
from tests.upstreams.videogen import VideoGen
from tests.upstreams.videotok import Videotok
from tests.wait import until

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("member")]

IMAGES = "/v1/tools/generate-image"


@pytest.fixture
def studio(settings: Any) -> Iterator[Callable[[Any], str]]:
    """Serves scripted services; `studio(fake)` gives the address."""
    open_ones: list[Any] = []

    def start(fake: Any) -> str:
        server = serve(fake)
        url = server.__enter__()
        open_ones.append(server)
        settings.PRIVATE_HOSTS = [*getattr(settings, "PRIVATE_HOSTS", []), urlsplit(url).netloc]
        return url

    yield start
    courier.stop_here(3)
    for server in open_ones:
        server.__exit__(None, None, None)


@pytest.fixture
def videogen() -> VideoGen:
    return VideoGen(era="2", seconds=0)


@pytest.fixture
def connection(member: Membership, videogen: VideoGen, studio: Callable[[Any], str]) -> Connection:
    return remote.connect(member.team, studio(videogen), "videogen", "key-1", era="2")


def made_by(connection: Connection, workspace: Workspace, tool: str = "image", **fields: Any) -> Generation:
    """A queued generation by the first shipped offer of the tool, with its hold in the ledger."""
    shipped = next(offer for offer in shipped_offers(connection.provider) if offer.tool == tool)
    fields = {"offer": shipped.snapshot(), "offer_key": shipped.key, "lane": shipped.lane, **fields}
    generation = remote.make(connection, workspace, tool=tool, **fields)
    ledger.hold([generation])
    return generation


def lose(fake: Any, generation: Generation, path: str = IMAGES, *, taken: bool = True) -> Generation:
    """Its answer is lost, after the service took the job or before it looked at it."""
    fake.script.next(method="POST", path=path, drop="after" if taken else "before")
    sweep_until(lambda: state_of(generation) == State.UNCERTAIN, "uncertain")
    return fresh(generation)


def fresh(generation: Generation) -> Generation:
    return Generation.objects.select_related("connection", "brief", "workspace").get(pk=generation.pk)


def state_of(generation: Generation) -> str:
    return fresh(generation).state


def minutes_pass(generation: Generation, minutes: float) -> None:
    """As if it had become uncertain so long ago: its next look is due."""
    Generation.objects.filter(pk=generation.pk).update(
        uncertain_since=timezone.now() - timedelta(minutes=minutes), next_poll_at=timezone.now()
    )


def books(generation: Generation) -> list[tuple[str, str]]:
    rows = LedgerEntry.objects.filter(generation=generation.pk).order_by("id")
    found = list(rows.values_list("kind", "reason"))
    counted = ledger.recount(LedgerEntry.objects.all())
    assert counted == {
        (row.workspace_id, row.provider, row.unit, row.month): ledger.Sums(row.held, row.spent, row.maybe)
        for row in MonthSpend.objects.all()
    }
    return found


# -- By itself -----------------------------------------------------------------------------------------------------------------


def test_a_lost_answer_is_found_in_the_list_and_paid_once(
    connection: Connection, workspace: Workspace, videogen: VideoGen
) -> None:
    generation = lose(videogen, made_by(connection, workspace))
    assert generation.next_poll_at
    assert generation.uncertain_since
    assert generation.next_poll_at - generation.uncertain_since == timedelta(minutes=1)
    assert books(generation) == [(EntryKind.HOLD, "submit")]
    minutes_pass(generation, 1)
    work_off(generation)
    assert (generation.state, generation.failure_reason) == (State.COMPLETED, "")
    assert len(videogen.script.paid) == 1
    assert generation.remote_key == videogen.script.paid[0].job
    assert fresh(generation).uncertain_since is None
    assert Asset.objects.filter(kind="image").count() == 1


def test_it_is_looked_for_after_one_five_and_thirty_minutes_and_then_no_more(
    connection: Connection, workspace: Workspace, videogen: VideoGen
) -> None:
    generation = lose(videogen, made_by(connection, workspace), taken=False)

    def looked_more_than(times: int) -> bool:
        return len(videogen.script.sent("GET", "/v1/tools/executions")) > times

    seen = []
    for minutes in (1.01, 5.01, 30.01):
        minutes_pass(generation, minutes)
        asked = len(videogen.script.sent("GET", "/v1/tools/executions"))
        sweep_until(partial(looked_more_than, asked), "a look")
        sweep_until(lambda: fresh(generation).lease_token is None, "its end")
        now = fresh(generation)
        assert now.step == "VideoGen lists nothing that fits."
        assert now.uncertain_since
        seen.append(now.next_poll_at and (now.next_poll_at - now.uncertain_since).total_seconds() / 60)
    assert seen == [5, 30, None]
    assert state_of(generation) == State.UNCERTAIN
    assert len(videogen.script.sent("POST", IMAGES)) == 1


def test_a_service_that_cannot_be_asked_is_asked_again_soon(
    connection: Connection, workspace: Workspace, videogen: VideoGen
) -> None:
    generation = lose(videogen, made_by(connection, workspace))
    videogen.script.next(path="/v1/tools/executions", status=503)
    look = reconcile.look(generation.pk)
    assert look.what == What.UNASKED
    now = fresh(generation)
    assert now.next_poll_at
    assert now.next_poll_at - timezone.now() < timedelta(seconds=30)
    assert reconcile.look(generation.pk).what == What.FOUND
    work_off(generation)
    assert len(videogen.script.paid) == 1


def test_two_alike_that_were_lost_are_for_a_person(
    connection: Connection, workspace: Workspace, videogen: VideoGen, member: Membership
) -> None:
    first = lose(videogen, made_by(connection, workspace))
    second = lose(videogen, made_by(connection, workspace))
    for generation in (first, second):
        assert reconcile.look(generation.pk).what == What.CHOOSE
    jobs = {paid.job for paid in videogen.script.paid}
    assert {it["remote_id"] for it in fresh(first).candidates} == jobs
    before = latest_id()
    rescue.adopt(fresh(first), sorted(jobs)[0], member)
    assert state_of(first) == State.RUNNING
    assert Event.objects.filter(pk__gt=before, kind="output", subject=str(first.outputs.get().pk)).exists()
    # What was taken is nobody else's any more, and the other one is no question now.
    assert [it["remote_id"] for it in fresh(second).candidates] == [sorted(jobs)[1]]
    assert reconcile.look(second.pk).what == What.FOUND
    work_off(first, second)
    assert {fresh(first).remote_key, fresh(second).remote_key} == jobs
    assert len(videogen.script.paid) == 2


def test_a_job_of_somebody_else_under_the_same_key_is_for_a_person(
    connection: Connection, workspace: Workspace, videogen: VideoGen, member: Membership
) -> None:
    foreign = videogen.foreign("generate-image")
    generation = lose(videogen, made_by(connection, workspace))
    mine = videogen.script.paid[0].job
    look = rescue.check_again(generation, member)
    assert (look.what, look.sentence) == (What.CHOOSE, "VideoGen lists 2 jobs that could be it.")
    assert {it["remote_id"] for it in fresh(generation).candidates} == {foreign, mine}
    rescue.adopt(fresh(generation), mine, member)
    work_off(generation)
    assert generation.state == State.COMPLETED


def test_what_came_before_tells_an_older_foreign_job_apart(
    connection: Connection, workspace: Workspace, videogen: VideoGen
) -> None:
    videogen.foreign("generate-image")
    known = made_by(connection, workspace)
    work_off(known)
    generation = lose(videogen, made_by(connection, workspace))
    # Its neighbour in the list was answered before this one was sent.
    assert reconcile.look(generation.pk).what == What.FOUND
    assert fresh(generation).remote_key == videogen.script.paid[1].job


def test_a_job_that_another_generation_waits_for_is_not_taken(
    connection: Connection, workspace: Workspace, videogen: VideoGen
) -> None:
    """The lost one was never started; the only unknown job belongs to one whose answer is on its way."""
    lost = lose(videogen, made_by(connection, workspace), taken=False)
    videogen.script.next(method="POST", path=IMAGES, hold="answer", hold_after=True)
    other = made_by(connection, workspace)
    sweep_until(lambda: len(videogen.script.paid) == 1, "the other one's job")
    look = reconcile.look(lost.pk)
    assert look.what == What.NOTHING
    assert fresh(lost).candidates == []
    videogen.script.release("answer")
    work_off(other)
    assert other.state == State.COMPLETED
    assert state_of(lost) == State.UNCERTAIN


def test_another_number_of_results_is_another_job(
    connection: Connection, workspace: Workspace, videogen: VideoGen
) -> None:
    one = lose(videogen, made_by(connection, workspace))
    three = lose(videogen, made_by(connection, workspace, count=3))
    for generation in (one, three):
        assert reconcile.look(generation.pk).what == What.FOUND
    assert [fresh(it).remote_key for it in (one, three)] == [paid.job for paid in videogen.script.paid]


def test_a_lost_job_that_made_a_part_is_for_a_person(
    connection: Connection, workspace: Workspace, videogen: VideoGen, member: Membership
) -> None:
    """Paid, so never out of sight; but two results where three were asked for may be anybody's under this key."""
    videogen.seconds = None
    generation = lose(videogen, made_by(connection, workspace, count=3))
    [paid] = videogen.script.paid
    videogen.finish(paid.job, 2)
    look = rescue.check_again(generation, member)
    assert (look.what, look.sentence) == (What.CHOOSE, "VideoGen lists one job that could be it.")
    assert [(it["remote_id"], it["results"]) for it in fresh(generation).candidates] == [(paid.job, 2)]
    rescue.adopt(fresh(generation), paid.job, member)
    work_off(generation)
    assert (generation.state, fresh(generation).missing) == (State.COMPLETED, 1)
    assert len(videogen.script.sent("POST", IMAGES)) == 1


def test_a_job_that_the_service_had_forgotten_is_asked_for_by_its_own_handle(
    connection: Connection, workspace: Workspace, videogen: VideoGen, member: Membership
) -> None:
    videogen.seconds = None
    generation = made_by(connection, workspace)
    sweep_until(lambda: state_of(generation) == State.RUNNING, "running")
    job = videogen.script.paid[0].job
    away = videogen.jobs.pop(job)
    # It has been saying so for a while.
    now = timezone.now()
    Generation.objects.filter(pk=generation.pk).update(
        started_at=now - timedelta(minutes=5), uncertain_since=now - timedelta(minutes=1), next_poll_at=now
    )
    sweep_until(lambda: state_of(generation) == State.UNCERTAIN, "uncertain")
    lost = fresh(generation)
    assert lost.next_poll_at
    assert lost.uncertain_since
    assert lost.next_poll_at - lost.uncertain_since == timedelta(minutes=1)
    look = rescue.check_again(fresh(generation), member)
    assert (look.what, look.sentence) == (What.NOTHING, "VideoGen still does not know this job.")
    videogen.jobs[job] = away
    assert rescue.check_again(fresh(generation), member).what == What.FOUND
    videogen.finish(job)
    Generation.objects.filter(pk=generation.pk).update(next_poll_at=timezone.now())
    work_off(generation)
    assert (generation.state, len(videogen.script.paid)) == (State.COMPLETED, 1)


@pytest.mark.parametrize(
    ("tool", "path", "inputs", "kind"),
    [
        ("music", "/music/generate", {"title": "Waltz", "style": "waltz", "instrumental": True}, "audio"),
        ("voice", "/voices/generate", {"method": "design", "prompt": "A warm narrator", "name": "Warm"}, "voice"),
    ],
)
def test_what_influencer_studio_lists_is_found(
    member: Membership,
    workspace: Workspace,
    studio: Callable[[Any], str],
    tool: str,
    path: str,
    inputs: dict[str, Any],
    kind: str,
) -> None:
    fake = InfluencerStudio()
    connection = remote.connect(member.team, f"{studio(fake)}/api/v1", "influencer_studio", "key-1")
    generation = made_by(connection, workspace, tool, inputs=inputs, kind=kind, lane="engine")
    lose(fake, generation, f"/api/v1{path}")
    assert reconcile.look(generation.pk).what == What.FOUND
    work_off(generation)
    assert (generation.state, generation.failure_reason, len(fake.script.paid)) == (State.COMPLETED, "", 1)
    # A second one that was never taken does not get the first one's.
    RemoteCopy.objects.filter(kind="voice").update(seen_at=timezone.now())
    second = made_by(connection, workspace, tool, inputs=inputs, kind=kind, lane="engine")
    lose(fake, second, f"/api/v1{path}", taken=False)
    assert reconcile.look(second.pk).what == What.NOTHING


def test_where_there_is_no_list_it_says_so_and_stops(
    member: Membership, workspace: Workspace, studio: Callable[[Any], str]
) -> None:
    fake = InfluencerStudio()
    connection = remote.connect(member.team, f"{studio(fake)}/api/v1", "influencer_studio", "key-1")
    generation = lose(fake, made_by(connection, workspace), "/api/v1/images/generate")
    look = reconcile.look(generation.pk)
    assert (look.what, look.sentence) == (What.NO_LIST, "Influencer Studio has no list of these to look in.")
    assert fresh(generation).next_poll_at is None


def test_videotok_is_asked_again_with_the_same_bytes_and_pays_once(
    member: Membership, workspace: Workspace, studio: Callable[[Any], str]
) -> None:
    fake = Videotok("vt_live_1")
    connection = remote.connect(member.team, f"{studio(fake)}/api/v1", "videotok", "vt_live_1")
    fake.script.next(method="POST", drop="after")
    generation = made_by(connection, workspace, "static-ad", inputs={"prompt": "Cold brew in a can."})

    def sent_twice() -> bool:
        Generation.objects.filter(pk=generation.pk, state="submitting", lease_token=None).update(
            next_poll_at=timezone.now()
        )
        return len(fake.script.sent("POST")) >= 2

    sweep_until(sent_twice, "the second try")
    sweep_until(lambda: state_of(generation) != State.SUBMITTING, "its answer")
    first, second = fake.script.sent("POST")[:2]
    assert first.body == second.body
    assert len(fake.script.paid) == 1
    assert state_of(generation) in (State.RUNNING, State.COLLECTING, State.COMPLETED)


# -- Exactly once --------------------------------------------------------------------------------------------------------------


def test_a_job_is_adopted_once_however_many_race_for_it(
    connection: Connection, workspace: Workspace, videogen: VideoGen, member: Membership
) -> None:
    """Two people (or a person and the sweep) take the same job for two generations at the same moment."""
    lost = [lose(videogen, made_by(connection, workspace)) for _ in range(2)]
    for generation in lost:
        reconcile.look(generation.pk)
    job = videogen.script.paid[0].job
    rows, start = [fresh(generation) for generation in lost], threading.Barrier(2)
    outcomes: list[str] = []

    def take(generation: Generation) -> None:
        start.wait(5)
        try:
            rescue.adopt(generation, job, member)
            outcomes.append("taken")
        except rescue.NotPossible as refusal:
            outcomes.append(str(refusal))
        finally:
            database.close()

    threads = [threading.Thread(target=take, args=(row,)) for row in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert outcomes.count("taken") == 1
    assert sorted(state_of(generation) for generation in lost) == [State.RUNNING, State.UNCERTAIN]
    assert Generation.objects.filter(remote_key=job).count() == 1
    assert "That job belongs to another result of yours already. Choose another one, or check again." in outcomes


def test_a_look_never_writes_over_what_was_settled_meanwhile(
    connection: Connection, workspace: Workspace, videogen: VideoGen, member: Membership
) -> None:
    generation = lose(videogen, made_by(connection, workspace))
    videogen.script.next(path="/v1/tools/executions", hold="list", hold_after=True)
    looks: list[reconcile.Look] = []

    def ask() -> None:
        looks.append(reconcile.look(generation.pk))
        database.close()

    thread = threading.Thread(target=ask)
    thread.start()
    until(lambda: videogen.script.sent("GET", "/v1/tools/executions"), "the question")
    assert rescue.check_again(fresh(generation), member).what == What.BUSY
    assert rescue.write_off(fresh(generation), member)
    videogen.script.release("list")
    thread.join(20)
    assert [look.what for look in looks] == [What.NOTHING] or [look.what for look in looks] == [What.SETTLED]
    assert state_of(generation) == State.FAILED
    assert fresh(generation).remote_key is None


# -- A person decides ----------------------------------------------------------------------------------------------------------


def test_writing_off_ends_it_and_the_ledger_says_may_have_been_charged(
    connection: Connection, workspace: Workspace, videogen: VideoGen, member: Membership
) -> None:
    generation = lose(videogen, made_by(connection, workspace))
    assert rescue.write_off(generation, member)
    assert not rescue.write_off(fresh(generation), member)
    now = fresh(generation)
    assert (now.state, now.failure_code, now.next_poll_at) == (State.FAILED, "written_off", None)
    assert now.failure_reason == "Ada wrote this off. VideoGen may have made it, and may have charged for it."
    assert now.outputs.get().state == OutputState.FAILED
    assert books(generation) == [(EntryKind.HOLD, "submit"), (EntryKind.UNKNOWN, "written_off")]
    assert MonthSpend.objects.get().maybe == Decimal(2)
    assert now.cost is None
    with pytest.raises(rescue.NotPossible):
        rescue.adopt(now, videogen.script.paid[0].job, member)


def test_what_was_written_off_is_not_given_to_the_next_lost_one(
    connection: Connection, workspace: Workspace, videogen: VideoGen, member: Membership
) -> None:
    first = lose(videogen, made_by(connection, workspace))
    rescue.write_off(first, member)
    second = lose(videogen, made_by(connection, workspace), taken=False)
    look = reconcile.look(second.pk)
    assert look.what in (What.CHOOSE, What.NOTHING)
    assert state_of(second) == State.UNCERTAIN


def test_only_people_who_may_generate_decide(
    connection: Connection, workspace: Workspace, videogen: VideoGen, member: Membership
) -> None:
    generation = lose(videogen, made_by(connection, workspace))
    reviewer = Membership.objects.create(
        user=User.objects.create_user("rae@example.com", "Rae"), team=member.team, role=Role.REVIEWER
    )
    stranger = Membership.objects.create(
        user=User.objects.create_user("otto@example.com", "Otto"),
        team=Team.objects.create(name="Elsewhere"),
        role=Role.OWNER,
    )
    for actor in (reviewer, stranger):
        for act in (
            lambda actor: rescue.check_again(generation, actor),
            lambda actor: rescue.adopt(generation, "x", actor),
            lambda actor: rescue.write_off(generation, actor),
            lambda actor: rescue.run_again(generation, actor, "nonce-nonce"),
            lambda actor: rescue.make_missing(generation, actor),
        ):
            with pytest.raises(PermissionDenied):
                act(actor)
    assert state_of(generation) == State.UNCERTAIN


def test_running_again_is_a_brief_of_its_own_and_leaves_the_first_alone(
    connection: Connection, workspace: Workspace, videogen: VideoGen, member: Membership
) -> None:
    generation = lose(videogen, made_by(connection, workspace))
    made = rescue.run_again(generation, member, "nonce-0001")
    again = rescue.run_again(generation, member, "nonce-0001")
    assert (made.created, again.created, made.brief) == (True, False, again.brief)
    work_off(made.brief.generations.get())
    assert len(videogen.script.paid) == 2
    assert state_of(generation) == State.UNCERTAIN


# -- Partial -------------------------------------------------------------------------------------------------------------------


def test_the_rest_of_a_batch_is_a_brief_with_its_own_price_made_once(
    connection: Connection, workspace: Workspace, videogen: VideoGen, member: Membership
) -> None:
    videogen.seconds = None
    generation = made_by(connection, workspace, count=4)
    sweep_until(lambda: state_of(generation) == State.RUNNING, "running")
    videogen.finish(videogen.script.paid[0].job, results=2)
    Generation.objects.filter(pk=generation.pk).update(next_poll_at=timezone.now())
    work_off(generation)
    generation = fresh(generation)
    assert (generation.state, generation.missing) == (State.COMPLETED, 2)
    assert len(videogen.script.paid) == 1  # Never topped up by itself.
    rest = rescue.rest_of(generation, rescue.offers_of([generation])[generation.pk])
    assert rest
    assert (rest.count, rest.inputs.model_dump()["count"], rest.why_not) == (2, 2, "")
    made = rescue.make_missing(generation, member)
    assert not rescue.make_missing(generation, member).created
    new = made.brief.generations.get()
    assert (new.estimate, new.inputs["count"], Output.objects.filter(generation=new).count()) == (rest.price, 2, 2)
    videogen.seconds = 0
    work_off(new)
    assert len(videogen.script.paid) == 2


def test_a_whole_batch_has_no_rest(connection: Connection, workspace: Workspace, member: Membership) -> None:
    generation = made_by(connection, workspace, count=2)
    work_off(generation)
    assert rescue.rest_of(fresh(generation), None) is None
    with pytest.raises(rescue.NotPossible):
        rescue.make_missing(fresh(generation), member)
