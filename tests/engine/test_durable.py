"""What a power cut may not take back, and what somebody who comes late may not undo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from studio.engine import pictures, rendering, steps
from studio.engine.durable import on_disk
from studio.engine.tickets import ticket_of
from studio.models import Asset, Generation, RenderJob, RenderState, State
from studio.providers import get_here
from studio.providers.local import jobs
from studio.providers.local.crafts import craft_of
from tests.conftest import ON_POSTGRES
from tests.engine.conftest import Submit, work_off

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("quick_renderer", "member")]

FULL, NORMAL = 2, 1


def synchronous() -> int:
    """On PostgreSQL every commit is synchronised, unless somebody has turned that off."""
    with connection.cursor() as cursor:
        if ON_POSTGRES:
            cursor.execute("SHOW synchronous_commit")
            return FULL if cursor.fetchone() == ("on",) else NORMAL
        cursor.execute("PRAGMA synchronous")
        return int(cursor.fetchone()[0])


def test_a_request_is_on_the_disk_before_it_is_sent(submit: Submit) -> None:
    seen: list[int] = []

    def look(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("UPDATE") and "request_hash" in sql:
            with connection.connection.cursor() if ON_POSTGRES else connection.cursor() as cursor:
                cursor.execute("SHOW synchronous_commit" if ON_POSTGRES else "PRAGMA synchronous")
                seen.append(FULL if cursor.fetchone()[0] in ("on", FULL) else NORMAL)
        return execute(sql, params, many, context)

    generation = submit()[0]
    with connection.execute_wrapper(look):
        steps.advance(generation.pk)
    assert seen == [FULL]
    assert synchronous() == (FULL if ON_POSTGRES else NORMAL)


def test_inside_a_transaction_nothing_changes() -> None:
    with transaction.atomic(), on_disk():
        assert synchronous() == (FULL if ON_POSTGRES else NORMAL)


def test_a_late_poll_does_not_draw_an_ended_generation_again(submit: Submit) -> None:
    generation = work_off(submit()[0])
    get_here("local").poll([ticket_of(generation)])
    assert RenderJob.objects.get().state == RenderState.DONE
    assert not jobs.is_any_due()


def test_files_that_are_gone_before_they_were_collected_are_drawn_again(submit: Submit) -> None:
    generation = submit()[0]
    steps.advance(generation.pk)
    rendering.render_next()
    generation.refresh_from_db()
    get_here("local").forget(ticket_of(generation))
    assert work_off(generation).state == State.COMPLETED
    assert RenderJob.objects.get().attempts == 2


def test_who_lost_a_job_does_not_write_over_the_file_of_its_new_holder(submit: Submit) -> None:
    generation = submit()[0]
    steps.advance(generation.pk)
    late = jobs.claim()
    assert late
    RenderJob.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    rendering.render_next()
    kept = jobs.folder(generation.pk) / "0.png"
    drawn = kept.read_bytes()
    scratch = jobs.folder(generation.pk) / "late"
    scratch.mkdir()
    (scratch / "out.png").write_bytes(b"something else")
    with pytest.raises(rendering.Stopped):
        rendering._kept(late, craft_of(late.job), 0, scratch, {})
    assert kept.read_bytes() == drawn


def test_a_picture_left_without_a_look_by_a_long_stop_gets_it(photo: Asset, monkeypatch: pytest.MonkeyPatch) -> None:
    Asset.objects.filter(pk=photo.pk).update(analysed_at=None, preview_small="", preview_large="")
    later = timezone.now() + timedelta(days=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    now = timedelta(0)
    assert list(pictures.without_previews(now)) == []
    assert list(pictures.without_previews(now, None)) == [photo.pk]
    pictures.make_previews(photo.pk)
    photo.refresh_from_db()
    assert photo.analysed_at
    assert photo.preview_small


def test_the_leases_of_the_dead_are_freed(submit: Submit) -> None:
    first, second = submit()[0], submit()[0]
    steps.advance(first.pk)
    assert jobs.claim()
    Generation.objects.filter(pk=second.pk).update(lease_until=timezone.now() + timedelta(hours=1))
    call_command("free_leases")
    assert jobs.is_any_due()
    assert work_off(first).state == work_off(second).state == State.COMPLETED


def test_a_claim_takes_one_job_whatever_the_planner_does(submit: Submit) -> None:
    """PostgreSQL may run a locking sub-query once a row (a nested loop does), and then "the first due" is another one each time."""
    for generation in [submit()[0] for _ in range(3)]:
        steps.advance(generation.pk)
    if ON_POSTGRES:
        with connection.cursor() as cursor:
            for plan in ("hashjoin", "hashagg", "mergejoin", "material", "sort"):
                cursor.execute(f"SET enable_{plan} = off")
    assert jobs.claim()
    states = RenderJob.objects.order_by("state").values_list("state", flat=True)
    assert list(states) == [RenderState.RUNNING, RenderState.WAITING, RenderState.WAITING]
