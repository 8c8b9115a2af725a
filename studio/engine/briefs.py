"""One press of the button: a brief, its generations and the tiles of their outputs, in one short transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from studio.live import outbox
from studio.models import Brief, Generation, Origin, Output, Workspace, uuid7
from studio.providers import get_provider, offers_for
from studio.providers.base import Offer
from studio.tools.values import Resolved
from studio.tools import Inputs, Tool

from . import bells, faults, reach
from .resolve import resolve


@dataclass(frozen=True, slots=True)
class SubmittedBrief:
    """created: False where this nonce had a brief already; then it is that one, unchanged."""

    brief: Brief
    created: bool


class NotOffered(Exception):
    """Nobody makes this here yet; the message is a sentence for the person."""


def submit_brief(
    actor: reach.Actor,
    workspace: Workspace,
    tool: Tool,
    inputs: Inputs,
    nonce: str,
    *,
    origin: Origin = Origin.BRIEF,
    source_output: Output | None = None,
) -> SubmittedBrief:
    """Stores what was asked for and rings for it. The same nonce in the same team is the same brief, however often and at once it comes.

    Raises Unresolved (problems by field), NotOffered, or PermissionDenied for a reviewer or a workspace out of reach. A dead broker
    does not matter: the sweep finds the rows.
    """
    if not reach.may_create(actor) or not reach.may_enter(actor, workspace):
        raise PermissionDenied("You cannot generate in this workspace.")
    known = _known(actor, nonce)
    if known:
        return SubmittedBrief(known, created=False)
    offers = offers_for(tool.slug)
    if not offers:
        raise NotOffered(f"No connected service makes “{tool.title}” yet.")
    values = resolve(tool, inputs, actor, workspace.pk)
    try:
        with transaction.atomic():
            brief = _store(actor, workspace, values, nonce, offers[0], origin, source_output)
            faults.point("before_commit_brief")
    except IntegrityError:
        # Somebody was quicker with the same nonce; any other violation is a fault of ours.
        known = _known(actor, nonce)
        if known is None:
            raise
        return SubmittedBrief(known, created=False)
    faults.point("after_commit_brief")
    return SubmittedBrief(brief, created=True)


def _known(actor: reach.Actor, nonce: str) -> Brief | None:
    return Brief.objects.filter(team=actor.team_id, nonce=nonce).first()


def _store(
    actor: reach.Actor,
    workspace: Workspace,
    values: Resolved,
    nonce: str,
    offer: Offer,
    origin: Origin,
    source_output: Output | None,
) -> Brief:
    owned: dict[str, Any] = {"team_id": actor.team_id, "workspace": workspace}
    brief = Brief.objects.create(
        **owned,
        tool=values.tool.slug,
        schema_version=values.tool.schema_version,
        inputs=values.asked.model_dump(mode="json"),
        nonce=nonce,
        created_by_id=reach.user_id(actor),
    )
    generations: list[Generation] = []
    outputs: list[Output] = []
    for position, request in enumerate(values.inputs.requests()):
        generation = _generation(brief, position, values, request, offer, origin, source_output)
        generations.append(generation)
        outputs += _outputs(generation, values, request, reach.user_id(actor))
    Generation.objects.bulk_create(generations)
    # The first position gets the newest id, so that a set stands in the order of the form, newest first.
    for output, pk in zip(reversed(outputs), [uuid7() for _ in outputs], strict=True):
        output.pk = pk
    Output.objects.bulk_create(outputs)
    outbox.append_many(
        "output_new", [output.pk for output in outputs], team_id=actor.team_id, workspace_id=workspace.pk
    )
    for generation in generations:
        bells.ring(generation.pk)
    return brief


def _generation(
    brief: Brief,
    position: int,
    values: Resolved,
    request: Inputs,
    offer: Offer,
    origin: Origin,
    source_output: Output | None,
) -> Generation:
    asked = request.model_copy(update=dict.fromkeys(values.filled_in, ""))
    return Generation(
        team_id=brief.team_id,
        workspace_id=brief.workspace_id,
        brief=brief,
        position=position,
        tool=brief.tool,
        provider=offer.provider,
        offer_key=offer.key,
        offer=offer.snapshot(),
        inputs=asked.model_dump(mode="json"),
        filled_in=values.filled_in,
        origin=origin,
        source_output=source_output,
        estimate=get_provider(offer.provider).estimate(offer, values),
        cost_unit=offer.unit,
        typical_seconds=offer.typical_seconds,
        next_poll_at=timezone.now(),
    )


def _outputs(generation: Generation, values: Resolved, request: Inputs, user_id: int | None) -> list[Output]:
    title = values.tool.title_for(request)
    brand = values.brand
    words = " ".join((title, values.tool.words(request), brand.name if brand else "")).lower()
    return [
        Output(
            team_id=generation.team_id,
            workspace_id=generation.workspace_id,
            generation=generation,
            position=position,
            kind=expected.kind,
            tool=generation.tool,
            brand_id=brand.id if brand else None,
            title=title,
            search_text=words,
            ratio=expected.ratio,
            ratio_label=expected.ratio_label,
            created_by_id=user_id,
        )
        for position, expected in enumerate(values.tool.expected(request))
    ]
