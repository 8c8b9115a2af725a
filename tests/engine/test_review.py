"""Decisions, stars and the trash, on both databases."""

from __future__ import annotations

import pytest

from studio.engine import review
from studio.engine.review import CannotDecide
from studio.models import Decision, Event, Membership, Output, Role, State, Team, User, Verdict, Workspace
from tests.factories import make_output

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def workspace() -> Workspace:
    return Workspace.objects.create(team=Team.objects.create(name="Northbeam"), name="Halden")


@pytest.fixture
def membership(workspace: Workspace) -> Membership:
    user = User.objects.create_user("mara@example.com", "Mara", "plenty of paper cranes")
    return Membership.objects.create(user=user, team=workspace.team, role=Role.CREATOR)


@pytest.fixture
def stranger() -> Membership:
    user = User.objects.create_user("otto@example.com", "Otto", "plenty of paper cranes")
    return Membership.objects.create(user=user, team=Team.objects.create(name="Elsewhere"), role=Role.OWNER)


def verdict_of(output: Output) -> str:
    output.refresh_from_db()
    return output.verdict


def test_a_decision_is_about_the_very_file(workspace: Workspace, membership: Membership) -> None:
    output = make_output(workspace)
    decision = review.decide(membership, membership.user, output.pk, Verdict.APPROVED)
    assert output.asset is not None
    assert decision.asset_sha256 == output.asset.sha256
    assert verdict_of(output) == Verdict.APPROVED
    assert Event.objects.filter(kind="output", subject=str(output.pk)).count() == 1


def test_the_same_verdict_twice_is_one_decision(workspace: Workspace, membership: Membership) -> None:
    output = make_output(workspace)
    first = review.decide(membership, membership.user, output.pk, Verdict.APPROVED)
    assert review.decide(membership, membership.user, output.pk, Verdict.APPROVED) == first
    assert Decision.objects.count() == 1


def test_changes_need_a_sentence(workspace: Workspace, membership: Membership) -> None:
    output = make_output(workspace)
    with pytest.raises(CannotDecide, match="Say what should change"):
        review.decide(membership, membership.user, output.pk, Verdict.CHANGES)
    review.decide(membership, membership.user, output.pk, Verdict.CHANGES, "Bigger logo")
    assert verdict_of(output) == Verdict.CHANGES


@pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING, State.FAILED, State.CANCELED])
def test_only_what_is_ready_is_decided_on(workspace: Workspace, membership: Membership, state: State) -> None:
    with pytest.raises(CannotDecide, match="not ready"):
        review.decide(membership, membership.user, make_output(workspace, state=state).pk, Verdict.APPROVED)


def test_undo_restores_the_verdict_before_it(workspace: Workspace, membership: Membership) -> None:
    output = make_output(workspace)
    review.decide(membership, membership.user, output.pk, Verdict.APPROVED)
    second = review.decide(membership, membership.user, output.pk, Verdict.REJECTED, "Too dark")
    review.undo(membership, membership.user, second.pk)
    assert verdict_of(output) == Verdict.APPROVED
    third = review.decide(membership, membership.user, output.pk, Verdict.CHANGES, "Warmer")
    review.undo(membership, membership.user, third.pk)
    assert verdict_of(output) == Verdict.APPROVED
    assert Decision.objects.filter(output=output).count() == 5


def test_a_first_decision_undone_leaves_none(workspace: Workspace, membership: Membership) -> None:
    output = make_output(workspace)
    decision = review.decide(membership, membership.user, output.pk, Verdict.APPROVED)
    review.undo(membership, membership.user, decision.pk)
    assert verdict_of(output) == Verdict.NONE


def test_what_is_not_the_newest_stays(workspace: Workspace, membership: Membership) -> None:
    output = make_output(workspace)
    first = review.decide(membership, membership.user, output.pk, Verdict.APPROVED)
    review.decide(membership, membership.user, output.pk, Verdict.REJECTED)
    with pytest.raises(CannotDecide, match="decided again"):
        review.undo(membership, membership.user, first.pk)


def test_an_undo_cannot_be_undone_twice(workspace: Workspace, membership: Membership) -> None:
    output = make_output(workspace)
    decision = review.decide(membership, membership.user, output.pk, Verdict.APPROVED)
    review.undo(membership, membership.user, decision.pk)
    with pytest.raises(CannotDecide):
        review.undo(membership, membership.user, decision.pk)


def test_another_team_reaches_nothing(workspace: Workspace, membership: Membership, stranger: Membership) -> None:
    output = make_output(workspace)
    decision = review.decide(membership, membership.user, output.pk, Verdict.APPROVED)
    with pytest.raises(Output.DoesNotExist):
        review.decide(stranger, stranger.user, output.pk, Verdict.REJECTED)
    with pytest.raises(Decision.DoesNotExist):
        review.undo(stranger, stranger.user, decision.pk)
    with pytest.raises(Output.DoesNotExist):
        review.star(stranger, output.pk, True)
    assert review.trash(stranger, [output.pk]) == []
    assert review.mark_opened(stranger, [output.pk]) == []
    assert verdict_of(output) == Verdict.APPROVED


def test_many_are_decided_at_once_and_the_unready_stay(workspace: Workspace, membership: Membership) -> None:
    ready = [make_output(workspace) for _ in range(3)]
    running = make_output(workspace, state=State.RUNNING)
    made = review.decide_many(
        membership, membership.user, [output.pk for output in [*ready, running]], Verdict.APPROVED
    )
    assert {decision.output_id for decision in made} == {output.pk for output in ready}
    assert verdict_of(running) == Verdict.NONE


def test_the_trash_takes_all_but_what_is_being_made_and_gives_back(
    workspace: Workspace, membership: Membership
) -> None:
    ready, failed, running = (make_output(workspace, state=s) for s in (State.COMPLETED, State.FAILED, State.RUNNING))
    ids = [ready.pk, failed.pk, running.pk]
    assert set(review.trash(membership, ids)) == {ready.pk, failed.pk}
    assert len(set(Output.objects.exclude(deleted_at=None).values_list("deleted_at", flat=True))) == 1
    assert review.trash(membership, ids) == []
    assert set(review.restore(membership, ids)) == {ready.pk, failed.pk}
    assert Event.objects.filter(kind="output_gone").count() == 2
    assert Event.objects.filter(kind="output_new").count() == 2


def test_opening_tells_once(workspace: Workspace, membership: Membership) -> None:
    output = make_output(workspace)
    assert review.mark_opened(membership, [output.pk]) == [output.pk]
    assert review.mark_opened(membership, [output.pk]) == []


def test_a_star_is_told_only_when_it_changes(workspace: Workspace, membership: Membership) -> None:
    output = make_output(workspace)
    for _ in range(2):
        assert review.star(membership, output.pk, True).starred
    assert Event.objects.filter(subject=str(output.pk)).count() == 1
