"""Bringing results home that were made on this machine: each file into our storage, each output settled once, and only then an end.

What was made behind the wire comes home in keeping.py.
"""

from __future__ import annotations

import logging

from django.utils import timezone

from studio.media.errors import MediaRefused
from studio.media.ingest import ingest_result
from studio.models import Asset, Generation, Output, OutputState, State
from studio.providers import get_here
from studio.providers.base import Finished, LocalFile, Missing, Result

from . import bells, faults, leases, states
from .storing import asset_id_for
from .tickets import ticket_of

log = logging.getLogger(__name__)


def run(generation: Generation, finished: Finished) -> None:
    """Settles what waits of a claimed generation in `collecting`, then ends it. May run again after a crash at any place."""
    generation.state = State.COLLECTING
    outputs = Output.objects.filter(generation=generation.pk).select_related("team", "workspace", "created_by")
    results = {result.position: result for result in finished.results}
    for output in outputs.order_by("position"):
        if output.state == OutputState.WAITING and not _settle(generation, output, results.get(output.position)):
            return
    _end(generation, finished)


def _settle(generation: Generation, output: Output, result: Result | None) -> bool:
    """False: the lease was lost, and somebody else goes on."""
    token = generation.lease_token
    assert token is not None
    if not isinstance(result, LocalFile):
        return _missing(generation, output, result.reason if isinstance(result, Missing) else "This one did not come.")
    # A fresh lease before each copy: together they may take longer than one lasts.
    if not leases.renew(generation):
        return False
    faults.point("collecting_before_file")
    try:
        asset = ingest_result(
            team=output.team,
            workspace=output.workspace,
            path=result.path,
            original_name=f"{output.title}{result.path.suffix}",
            description=output.title,
            asset_id=asset_id_for(output.pk),
            created_by=output.created_by,
        )
    except MediaRefused as refusal:
        return _missing(generation, output, str(refusal))
    faults.point("collecting_before_row")
    settled = states.settle_output(generation.pk, token, output.pk, OutputState.READY, **_ready(asset, output, result))
    if settled:
        bells.ring_previews(asset.pk)
    faults.point("collecting_after_row")
    return settled


def _ready(asset: Asset, output: Output, result: LocalFile) -> dict[str, object]:
    return {
        "asset": asset,
        "notes": list(result.notes),
        "ratio": asset.ratio if asset.width else output.ratio,
        "ready_at": timezone.now(),
    }


def _missing(generation: Generation, output: Output, reason: str) -> bool:
    assert generation.lease_token is not None
    return states.settle_output(
        generation.pk, generation.lease_token, output.pk, OutputState.FAILED, failure_reason=reason[:500]
    )


def _end(generation: Generation, finished: Finished) -> None:
    settled = dict(Output.objects.filter(generation=generation.pk).values_list("pk", "state"))
    if OutputState.READY not in settled.values():
        ended = states.fail(generation, "nothing", "None of the results could be kept. Run it again.")
    else:
        ended = states.move(
            generation.pk,
            (State.COLLECTING,),
            State.COMPLETED,
            token=generation.lease_token,
            cost=finished.cost,
            progress=1,
            step="",
        )
    if ended:
        get_here(generation.provider).forget(ticket_of(generation))
