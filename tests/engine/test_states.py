from __future__ import annotations

import uuid

import pytest

from studio.engine import leases, states
from studio.models import ENDED, LEADS_TO, Event, Generation, Output, OutputState, State
from tests.engine.conftest import Submit

pytestmark = pytest.mark.database

EVERY_PAIR = [(before, after) for before in State for after in State]


def in_state(generation: Generation, state: State) -> Generation:
    Generation.objects.filter(pk=generation.pk).update(state=state)
    return generation


@pytest.mark.parametrize(("before", "after"), EVERY_PAIR)
def test_only_the_moves_of_the_table_are_allowed(submit: Submit, before: State, after: State) -> None:
    generation = in_state(submit()[0], before)
    Event.objects.all().delete()
    if after in LEADS_TO[before]:
        assert states.move(generation.pk, (before,), after)
        assert Event.objects.filter(kind="output").count() == 1
    else:
        with pytest.raises(states.ForbiddenMove):
            states.move(generation.pk, (before,), after)
        assert not Event.objects.exists()
    generation.refresh_from_db()
    assert generation.state == (after if after in LEADS_TO[before] else before)


@pytest.mark.parametrize("end", sorted(ENDED))
def test_an_end_settles_what_waits_and_is_never_due_again(submit: Submit, end: State) -> None:
    generation = submit(count=2)[0]
    before = next(state for state in State if end in LEADS_TO[state])
    in_state(generation, before)
    assert states.move(generation.pk, (before,), end, failure_reason="Because.")
    generation.refresh_from_db()
    assert generation.next_poll_at is None
    assert generation.ended_at is not None
    settled = set(Output.objects.filter(generation=generation).values_list("state", flat=True))
    assert settled == {OutputState.CANCELED if end == State.CANCELED else OutputState.FAILED}


def test_a_move_from_another_state_writes_nothing(submit: Submit) -> None:
    generation = in_state(submit()[0], State.RUNNING)
    Event.objects.all().delete()
    assert not states.move(generation.pk, (State.QUEUED,), State.SUBMITTING, step="never")
    generation.refresh_from_db()
    assert (generation.state, generation.step) == (State.RUNNING, "")
    assert not Event.objects.exists()


def test_a_holder_whose_lease_was_taken_over_cannot_write(submit: Submit) -> None:
    generation = submit()[0]
    first = leases.claim(generation.pk)
    assert first
    Generation.objects.filter(pk=generation.pk).update(lease_until=generation.created_at)
    second = leases.claim(generation.pk)
    assert second
    assert first.lease_token != second.lease_token
    assert first.lease_token
    assert not states.move(first.pk, (State.QUEUED,), State.SUBMITTING, token=first.lease_token)
    assert not states.update(first.pk, first.lease_token, progress=0.9)
    assert not leases.renew(first)
    assert states.move(second.pk, (State.QUEUED,), State.SUBMITTING, token=second.lease_token)


def test_a_lease_keeps_others_out_until_it_ends(submit: Submit) -> None:
    generation = submit()[0]
    assert leases.claim(generation.pk)
    assert leases.claim(generation.pk) is None
    assert leases.claim_due() == []


def test_a_dead_holders_row_is_due_when_its_lease_ends(submit: Submit) -> None:
    generation = submit()[0]
    claimed = leases.claim(generation.pk)
    assert claimed
    generation.refresh_from_db()
    assert generation.next_poll_at == generation.lease_until
    Generation.objects.filter(pk=generation.pk).update(
        lease_until=generation.created_at, next_poll_at=generation.created_at
    )
    assert [row.pk for row in leases.claim_due()] == [generation.pk]


def test_an_output_settles_once(submit: Submit) -> None:
    generation = in_state(submit()[0], State.COLLECTING)
    held = leases.claim(generation.pk)
    assert held
    assert held.lease_token
    output = Output.objects.get(generation=generation)
    assert not states.settle_output(generation.pk, uuid.uuid4(), output.pk, OutputState.FAILED)
    assert states.settle_output(generation.pk, held.lease_token, output.pk, OutputState.FAILED, failure_reason="Gone.")
    assert not states.settle_output(generation.pk, held.lease_token, output.pk, OutputState.CANCELED)
