from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction
from django.utils import timezone

from studio.live import outbox
from studio.live.replay import Audience, Reader, missed
from studio.models import Event, Team, User, Workspace, uuid7

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def audience() -> Audience:
    team = Team.objects.create(name="Halden")
    workspace = Workspace.objects.create(team=team, name="Launch")
    user = User.objects.create_user("maya@example.com", "Maya")
    return Audience(user.pk, team.pk, workspace.pk)


def happen(audience: Audience, workspace_id: UUID | None = None, user_id: int | None = None) -> Event:
    return outbox.append(
        "output", uuid7(), team_id=audience.team_id, workspace_id=workspace_id or audience.workspace_id, user_id=user_id
    )


def long_ago(*events: Event) -> None:
    Event.objects.filter(pk__in=[event.pk for event in events]).update(created_at=timezone.now() - timedelta(minutes=2))


def test_a_fresh_page_hears_only_what_came_after(audience: Audience) -> None:
    seen, new = happen(audience), happen(audience)
    assert missed(audience, seen.pk, overlap=False) == [new]
    assert missed(audience, new.pk, overlap=False) == []


def test_a_broken_stream_overlaps_by_thirty_seconds(audience: Audience) -> None:
    """A lower id may be committed later than a higher one: what is near in time is said again."""
    old, late, seen, new = (happen(audience) for _ in range(4))
    long_ago(old)
    assert missed(audience, seen.pk, overlap=True) == [late, seen, new]


def test_another_workspace_and_another_persons_events_are_not_heard(audience: Audience) -> None:
    first = happen(audience)
    other = Workspace.objects.create(team_id=audience.team_id, name="Other")
    stranger = User.objects.create_user("eve@example.com", "Eve")
    happen(audience, workspace_id=other.pk)
    happen(audience, user_id=stranger.pk)
    assert missed(audience, first.pk, overlap=False) == []


def test_a_pruned_position_asks_for_a_refresh(audience: Audience) -> None:
    first = happen(audience)
    newest = happen(audience)
    first.delete()
    assert missed(audience, newest.pk - 1, overlap=True) is None


def test_too_much_asks_for_a_refresh(audience: Audience) -> None:
    first = happen(audience)
    outbox.append_many(
        "output", [uuid7() for _ in range(501)], team_id=audience.team_id, workspace_id=audience.workspace_id
    )
    assert missed(audience, first.pk, overlap=False) is None


def test_the_reader_reads_each_event_once(audience: Audience) -> None:
    reader = Reader.at_end()
    first, second = happen(audience), happen(audience)
    assert reader.read() == [first, second]
    assert reader.read() == []


def test_the_reader_goes_back_for_an_id_that_was_committed_late(audience: Audience) -> None:
    reader = Reader.at_end()
    late = happen(audience)
    early = happen(audience)
    Event.objects.filter(pk=late.pk).delete()
    assert reader.read() == [early]
    late.save(force_insert=True)
    assert reader.read() == [late]
    assert reader.read() == []


@pytest.mark.django_db(transaction=True)
def test_an_event_of_a_transaction_that_rolls_back_never_existed(audience: Audience) -> None:
    def fail() -> None:
        with transaction.atomic():
            happen(audience)
            raise RuntimeError("undone")

    with pytest.raises(RuntimeError, match="undone"):
        fail()
    assert not Event.objects.exists()
