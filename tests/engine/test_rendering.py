"""A generation's life with the local provider: every way in which its render process can end."""

from __future__ import annotations

import shutil
import threading
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from studio.engine import leases, rendering, steps, sweep
from studio.engine.cancel import CancelOutcome, cancel
from studio.engine.storing import asset_id_for
from studio.models import Asset, Event, Generation, Membership, Output, OutputState, RenderJob, RenderState, Role, State
from studio.providers.local import jobs
from tests.engine.conftest import Submit, work_off
from tests.wait import until

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("quick_renderer")]

SUBMIT_QUERIES = 19
COLLECT_QUERIES = 30
"""With their BEGINs and COMMITs, for a generation of one output; no step looks at more than its own rows."""


def test_a_brief_becomes_a_picture(submit: Submit, member: Membership) -> None:
    generation = work_off(submit()[0])
    assert generation.state == State.COMPLETED
    assert generation.cost == 0
    assert generation.cost_unit == "free"
    assert generation.request_hash
    assert generation.first_sent_at
    output = Output.objects.get()
    assert (output.state, output.notes) == (OutputState.READY, ["The headline was shortened."])
    assert output.asset
    assert output.asset.pk == asset_id_for(output.pk)
    assert (output.asset.width, output.asset.height) == (4, 5)
    assert output.asset.created_by == member.user
    assert not jobs.folder(generation.pk).exists()
    assert RenderJob.objects.get().attempts == 1
    assert Event.objects.filter(kind="output", subject=str(output.pk)).count() >= 4


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ("refuse", "The template has no place for that."),
        ("crash", "could not draw"),
        ("killed", "stopped twice"),
        ("garbage", "cannot be read"),
        ("no notes", "cannot be read"),
    ],
)
def test_a_render_that_goes_wrong_ends_failed_with_a_reason(submit: Submit, how: str, sentence: str) -> None:
    generation = work_off(submit(badge=how)[0])
    assert (generation.state, generation.failure_code) == (State.FAILED, "render")
    assert sentence in generation.failure_reason
    output = Output.objects.get()
    assert (output.state, output.failure_reason) == (OutputState.FAILED, generation.failure_reason)
    assert not Asset.objects.exists()


def test_a_render_that_was_killed_once_is_tried_again(submit: Submit) -> None:
    assert work_off(submit(badge="killed once")[0]).state == State.COMPLETED


def test_a_render_that_babbles_is_believed_by_its_files(submit: Submit) -> None:
    assert work_off(submit(badge="babble")[0]).state == State.COMPLETED


def test_some_of_several_may_fail(submit: Submit) -> None:
    generation = work_off(submit(badge="refuse second", count=3)[0])
    assert generation.state == State.COMPLETED
    states = list(Output.objects.order_by("position").values_list("state", "failure_reason"))
    assert states == [("ready", ""), ("failed", "The template has no place for that."), ("ready", "")]


def test_a_picture_that_vanished_fails_the_generation_with_a_reason(submit: Submit, photo: Asset) -> None:
    before, after = submit(product_images=[str(photo.pk)])[0], submit(product_images=[str(photo.pk)])[0]
    steps.advance(before.pk)
    photo.file.storage.delete(str(photo.file.name))
    assert "not in storage" in work_off(before).failure_reason
    Asset.objects.filter(pk=photo.pk).delete()
    failed = work_off(after)
    assert (failed.state, failed.failure_code) == (State.FAILED, "input")
    assert "Upload it again" in failed.failure_reason


def test_a_fresh_picture_is_waited_for_but_not_for_ever(submit: Submit, photo: Asset) -> None:
    Asset.objects.filter(pk=photo.pk).update(analysed_at=None)
    generation = submit(product_images=[str(photo.pk)])[0]
    steps.advance(generation.pk)
    generation.refresh_from_db()
    assert (generation.state, generation.lease_until) == (State.QUEUED, None)
    Generation.objects.filter(pk=generation.pk).update(created_at=timezone.now() - timedelta(minutes=1))
    assert work_off(generation).state == State.COMPLETED


def test_canceling_what_is_queued_ends_it_at_once(submit: Submit, member: Membership) -> None:
    generation = submit()[0]
    assert cancel(generation, member) == CancelOutcome.CANCELED
    generation.refresh_from_db()
    assert (generation.state, Output.objects.get().state) == (State.CANCELED, OutputState.CANCELED)
    assert cancel(generation, member) == CancelOutcome.CANCELED
    steps.advance(generation.pk)
    assert not RenderJob.objects.exists()


def test_a_reviewer_cannot_cancel(submit: Submit, member: Membership) -> None:
    generation = submit()[0]
    member.role = Role.REVIEWER
    with pytest.raises(PermissionDenied):
        cancel(generation, member)
    generation.refresh_from_db()
    assert (generation.state, generation.cancel_requested_at) == (State.QUEUED, None)


def test_canceling_what_waits_for_the_lane_needs_no_lane(submit: Submit, member: Membership) -> None:
    generation = submit()[0]
    steps.advance(generation.pk)
    assert cancel(generation, member) == CancelOutcome.ASKED
    steps.advance(generation.pk)
    generation.refresh_from_db()
    assert generation.state == State.CANCELED


def test_canceling_what_is_being_drawn_stops_it_within_two_seconds(submit: Submit, member: Membership) -> None:
    generation = submit(badge="hang")[0]
    steps.advance(generation.pk)

    def lane() -> None:
        rendering.render_next()
        connection.close()

    thread = threading.Thread(target=lane)
    thread.start()
    scratch = jobs.folder(generation.pk)
    until(lambda: list(scratch.glob("*/0-0/errors.txt")), "the render to start")
    began = time.monotonic()
    assert cancel(generation, member) == CancelOutcome.ASKED
    thread.join(10)
    assert time.monotonic() - began < 2
    assert RenderJob.objects.get().state == RenderState.CANCELED
    steps.advance(generation.pk)
    generation.refresh_from_db()
    assert generation.state == State.CANCELED
    assert not list(scratch.glob("*/*"))


def test_a_cancel_that_comes_too_late_lets_it_complete(submit: Submit, member: Membership) -> None:
    generation = submit()[0]
    steps.advance(generation.pk)
    rendering.render_next()
    assert cancel(generation, member) == CancelOutcome.ASKED
    assert work_off(generation).state == State.COMPLETED
    assert generation.cancel_requested_at
    assert cancel(generation, member) == CancelOutcome.ENDED


def test_a_lane_that_lost_its_job_cannot_end_it(submit: Submit) -> None:
    generation = submit()[0]
    steps.advance(generation.pk)
    first = jobs.claim()
    assert first
    RenderJob.objects.update(due_at=first.created_at)
    second = jobs.claim()
    assert second
    assert not jobs.renew(first, 0.5, "Drawing")
    assert not jobs.finish(first, RenderState.FAILED, error="late")
    rendering.render(second)
    assert work_off(generation).state == State.COMPLETED
    assert RenderJob.objects.get().attempts == 2


def test_a_job_that_kills_its_lane_is_given_up_after_three_times(submit: Submit) -> None:
    generation = submit()[0]
    steps.advance(generation.pk)
    for _ in range(jobs.MAX_ATTEMPTS):
        RenderJob.objects.update(due_at=generation.created_at)
        assert jobs.claim()
    RenderJob.objects.update(due_at=generation.created_at)
    assert "three times" in work_off(generation).failure_reason


def test_results_that_were_lost_before_collecting_are_drawn_again(submit: Submit) -> None:
    generation = submit()[0]
    steps.advance(generation.pk)
    rendering.render_next()
    shutil.rmtree(jobs.folder(generation.pk))
    assert work_off(generation).state == State.COMPLETED
    assert RenderJob.objects.get().attempts == 2


def test_submitting_twice_makes_one_job(submit: Submit) -> None:
    generation = submit()[0]
    steps.advance(generation.pk)
    Generation.objects.update(state=State.SUBMITTING)
    steps.advance(generation.pk)
    assert RenderJob.objects.count() == 1
    assert work_off(generation).state == State.COMPLETED


def test_the_sweep_finds_what_no_bell_told_of(submit: Submit) -> None:
    generations = submit(aspect_ratio=["1:1", "4:5"])

    def swept() -> bool:
        sweep.sweep()
        rendering.render_next()
        return not Generation.objects.filter(next_poll_at__isnull=False).exists()

    until(swept, "the sweep to finish both")
    assert set(Generation.objects.values_list("state", flat=True)) == {State.COMPLETED}
    assert len(generations) == 2


def test_an_idle_sweep_asks_two_questions(
    member: Membership, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    sweep.sweep()
    with django_assert_num_queries(2):
        assert sweep.sweep() == 0


def test_progress_reaches_the_generation(submit: Submit) -> None:
    generation = submit(count=2)[0]
    steps.advance(generation.pk)
    job = jobs.claim()
    assert job
    assert jobs.renew(job, 0.4, "Drawing")
    steps.advance(generation.pk)
    generation.refresh_from_db()
    assert (generation.progress, generation.step, generation.state) == (0.4, "Drawing", State.RUNNING)
    assert leases.claim_due() == []


def test_the_render_folder_is_under_the_data_folder(submit: Submit) -> None:
    assert jobs.folder(submit()[0].pk).is_relative_to(settings.DATA_DIR)


def test_a_whole_life_takes_few_queries(submit: Submit, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    generation = submit()[0]
    with django_assert_max_num_queries(SUBMIT_QUERIES):
        steps.advance(generation.pk)
    rendering.render_next()
    with django_assert_max_num_queries(COLLECT_QUERIES):
        steps.advance(generation.pk)
    generation.refresh_from_db()
    assert generation.state == State.COMPLETED
