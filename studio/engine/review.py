"""What people decide about finished outputs: verdicts, stars, the trash. Each change tells the open pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from studio.live import outbox
from studio.models import Decision, Membership, Output, OutputState, User, Verdict


class CannotDecide(Exception):
    """Said to the person as it stands."""


def _locked(membership: Membership, output_id: UUID) -> Output:
    """The output, held until the transaction ends. Raises Output.DoesNotExist where the membership does not reach."""
    return Output.objects.seen_by(membership).select_for_update(of=("self",)).select_related("asset").get(pk=output_id)


def _tell(output: Output) -> None:
    outbox.append("output", output.pk, team_id=output.team_id, workspace_id=output.workspace_id)


@transaction.atomic
def decide(membership: Membership, by: User, output_id: UUID, verdict: Verdict, note: str = "") -> Decision:
    """Records a decision about the very file that is shown, and makes it the output's verdict.

    Pressing the same key twice is one decision: where the verdict stands already and there is no new note, that decision is returned.
    Raises CannotDecide for an output that is not ready, and where changes are requested without saying which.
    """
    output = _locked(membership, output_id)
    if output.state != OutputState.READY or output.asset is None:
        raise CannotDecide("Only a finished result can be decided on. This one is not ready.")
    if verdict == Verdict.CHANGES and not note:
        raise CannotDecide("Say what should change: whoever makes the next version needs a sentence.")
    if output.verdict == verdict and not note:
        standing = Decision.objects.filter(output=output).first()
        if standing is not None:
            return standing
    decision = Decision.objects.create(
        output=output, verdict=verdict, note=note, by=by, asset_sha256=output.asset.sha256
    )
    output.verdict = verdict
    output.save(update_fields=("verdict",))
    _tell(output)
    return decision


@transaction.atomic
def undo(membership: Membership, by: User, decision_id: UUID) -> Output:
    """Takes a decision back by a new row that restores the verdict before it. Raises CannotDecide where it is not the newest any more."""
    decision = Decision.objects.select_related("output").get(
        pk=decision_id, output__in=Output.objects.seen_by(membership)
    )
    output = _locked(membership, decision.output_id)
    newest = Decision.objects.filter(output=output).first()
    if newest is None or newest.pk != decision.pk or decision.undoes_id:
        raise CannotDecide("Somebody has decided again since. Look at the present state first.")
    verdict = _verdict_before(output, decision)
    Decision.objects.create(output=output, verdict=verdict, by=by, asset_sha256=decision.asset_sha256, undoes=decision)
    output.verdict = verdict
    output.save(update_fields=("verdict",))
    _tell(output)
    return output


def _verdict_before(output: Output, decision: Decision) -> str:
    """The verdict of the newest decision before this one; an undo carries the verdict that it restored."""
    before = Decision.objects.filter(output=output, pk__lt=decision.pk).first()
    return before.verdict if before else Verdict.NONE


@transaction.atomic
def star(membership: Membership, output_id: UUID, starred: bool) -> Output:
    output = _locked(membership, output_id)
    if output.starred != starred:
        output.starred = starred
        output.save(update_fields=("starred",))
        _tell(output)
    return output


@transaction.atomic
def decide_many(membership: Membership, by: User, output_ids: Iterable[UUID], verdict: Verdict) -> list[Decision]:
    """One verdict for a selection; what is not ready stays as it is."""
    ready = Output.objects.seen_by(membership).filter(pk__in=list(output_ids), state=OutputState.READY, deleted_at=None)
    return [decide(membership, by, pk, verdict) for pk in ready.values_list("pk", flat=True)]


@transaction.atomic
def trash(membership: Membership, output_ids: Iterable[UUID]) -> list[UUID]:
    """Moves outputs to the trash and returns those that moved. One that is still being made stays: cancel it first."""
    rows = Output.objects.seen_by(membership).filter(pk__in=list(output_ids), deleted_at=None)
    return _set_deleted(rows.exclude(state=OutputState.WAITING), timezone.now(), "output_gone")


@transaction.atomic
def restore(membership: Membership, output_ids: Iterable[UUID]) -> list[UUID]:
    """Takes outputs out of the trash and returns those that came back."""
    rows = Output.objects.seen_by(membership).filter(pk__in=list(output_ids)).exclude(deleted_at=None)
    return _set_deleted(rows, None, "output_new")


def _set_deleted(rows: QuerySet[Output], deleted_at: datetime | None, event: str) -> list[UUID]:
    places: dict[tuple[UUID, UUID], list[UUID]] = defaultdict(list)
    for pk, team_id, workspace_id in rows.values_list("pk", "team_id", "workspace_id"):
        places[team_id, workspace_id].append(pk)
    moved = [pk for ids in places.values() for pk in ids]
    Output.objects.filter(pk__in=moved).update(deleted_at=deleted_at)
    for (team_id, workspace_id), ids in places.items():
        outbox.append_many(event, ids, team_id=team_id, workspace_id=workspace_id)
    return moved


@transaction.atomic
def mark_opened(membership: Membership, output_ids: Iterable[UUID]) -> list[UUID]:
    """Somebody has looked at these finished outputs: their tiles say "New" no more. Returns those that were new."""
    new = Output.objects.seen_by(membership).filter(pk__in=list(output_ids), opened_at=None, state=OutputState.READY)
    places = list(new.values_list("pk", "team_id", "workspace_id"))
    Output.objects.filter(pk__in=[pk for pk, _, _ in places]).update(opened_at=timezone.now())
    for pk, team_id, workspace_id in places:
        outbox.append("output", pk, team_id=team_id, workspace_id=workspace_id)
    return [pk for pk, _, _ in places]
