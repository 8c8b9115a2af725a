"""The only writer of a generation's and an output's state. Every change is a compare-and-set with its events in the same transaction."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from studio.live import outbox
from studio.models import ENDED, LEADS_TO, Generation, Output, OutputState, State

from . import learnt, ledger


class ForbiddenMove(Exception):
    """A programming error: the table of states does not allow it."""


def move(
    generation_id: UUID,
    from_states: Collection[State],
    to_state: State,
    *,
    token: UUID | None = None,
    cost: Decimal | None = None,
    charged: bool | None = None,
    **fields: Any,
) -> bool:
    """Moves a generation on, if it still is in one of `from_states` and (given a token) the caller still holds its lease.

    cost: what the service says that this generation was charged in all, None where it does not say; on the way (`Submitted.charged`) and at
    the end alike. charged: at an end without results, True or False where the service says so, None where it does not; then nothing
    was charged for what was never sent or was refused (a failure straight from `submitting`), and all else "may have been charged".
    fields: written in the same statement. At an end the lease and the next poll are cleared and what still waits is settled alike. The
    ledger and what was learnt about the offer are written in the same transaction.
    Returns False where somebody else was quicker; nothing was written then. Raises ForbiddenMove.
    """
    for state in from_states:
        if to_state not in LEADS_TO[state]:
            raise ForbiddenMove(f"{state} does not lead to {to_state}.")
    if to_state in ENDED:
        fields |= {"ended_at": timezone.now(), "next_poll_at": None, "lease_until": None, "lease_token": None}
    with transaction.atomic():
        rows = Generation.objects.filter(pk=generation_id, state__in=[state.value for state in from_states])
        if token:
            rows = rows.filter(lease_token=token)
        if not rows.update(state=to_state, **fields):
            return False
        if to_state in ENDED:
            _settle_waiting(generation_id, to_state, fields.get("failure_reason", ""))
            ledger.end(generation_id, from_states, to_state, charged=charged, cost=cost)
        elif cost is not None:
            ledger.charged_at_submit(generation_id, cost)
        if to_state == State.COMPLETED:
            learnt.learn(generation_id)
        announce(generation_id)
        return True


def fail(
    generation: Generation, code: str, reason: str, *, charged: bool | None = None, cost: Decimal | None = None
) -> bool:
    """Ends a claimed generation with a reason for the person and a stable code for machines. charged, cost: see `move`.

    Queued leads to failed only through preparing: both moves are one transaction.
    """
    state, token = State(generation.state), generation.lease_token
    with transaction.atomic():
        if state == State.QUEUED:
            state = State.PREPARING
            if not move(generation.pk, (State.QUEUED,), state, token=token):
                return False
        fields = {"failure_code": code[:40], "failure_reason": reason[:500]}
        return move(generation.pk, (state,), State.FAILED, token=token, charged=charged, cost=cost, **fields)


def _settle_waiting(generation_id: UUID, state: State, reason: str) -> None:
    waiting = Output.objects.filter(generation=generation_id, state=OutputState.WAITING)
    if state == State.CANCELED:
        waiting.update(state=OutputState.CANCELED)
    else:
        waiting.update(state=OutputState.FAILED, failure_reason=reason or "This one did not come.")


def update(generation_id: UUID, token: UUID, *, tell: bool = False, **fields: Any) -> bool:
    """Writes fields other than the state, if the token still holds. tell: the tiles change with it."""
    with transaction.atomic():
        written = Generation.objects.filter(pk=generation_id, lease_token=token).update(**fields)
        if written and tell:
            announce(generation_id)
        return bool(written)


def settle_output(generation_id: UUID, token: UUID, output_id: UUID, state: OutputState, **fields: Any) -> bool:
    """Settles one waiting output of a generation that is being collected, if the token still holds. Each output settles once."""
    with transaction.atomic():
        held = Generation.objects.filter(pk=generation_id, state=State.COLLECTING, lease_token=token)
        # A write, not a read: it locks the row on PostgreSQL, so that no other holder can settle beside us.
        if not held.update(lease_token=token):
            return False
        output = Output.objects.filter(pk=output_id, generation=generation_id, state=OutputState.WAITING)
        if not output.update(state=state, **fields):
            return False
        announce(generation_id, [output_id])
        return True


def announce(generation_id: UUID, only: list[UUID] | None = None) -> None:
    """One `output` event for each tile of the generation (or only for some). Call it inside the transaction of the change."""
    rows = Output.objects.filter(generation=generation_id).order_by("position")
    found = list(rows.values_list("pk", "team_id", "workspace_id"))
    if found:
        _, team_id, workspace_id = found[0]
        subjects = [pk for pk, _, _ in found if only is None or pk in only]
        outbox.append_many("output", subjects, team_id=team_id, workspace_id=workspace_id)
