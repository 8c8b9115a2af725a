"""What a person does with an uncertain generation, and with a batch that came in part. Nothing here is ever done by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from pydantic import ValidationError

from studio.models import Generation, Membership, Origin, Output, OutputState, State
from studio.providers import PROVIDERS, get_provider
from studio.tools import Inputs, get_tool
from studio.tools.values import Resolved

from . import again, reach, reconcile, states
from .briefs import NotOffered, SubmittedBrief, submit_brief
from .offers import TeamOffer, team_offers
from .reconcile import Look, What
from .sending import remote_key

GONE = "What this was made with is not offered any more. Use Remix to choose another."
OLDER = "What was asked for is from an older version and does not fit any more. Use Remix to make it anew."
WRITTEN_OFF = "{name} wrote this off. {title} may have made it, and may have charged for it."


class NotPossible(Exception):
    """The act makes no sense (any more); the message is a sentence for the person."""


# -- Uncertain -----------------------------------------------------------------------------------------------------------------


def check_again(generation: Generation, actor: reach.Actor) -> Look:
    """Asks the service now and waits for what it says; some seconds at most. Free. Raises PermissionDenied."""
    _raise_for(generation, actor)
    if generation.state != State.UNCERTAIN:
        return Look(What.SETTLED, "This one is settled already.")
    return reconcile.look(generation.pk)


def adopt(generation: Generation, remote_id: str, actor: reach.Actor) -> None:
    """A person says which listed job it is. It goes on with that one, and nothing is paid again.

    remote_id: of one of `generation.candidates`. Raises NotPossible, PermissionDenied.
    """
    _raise_for(generation, actor)
    found = next((it for it in generation.candidates if it.get("remote_id") == remote_id), None)
    if found is None:
        raise NotPossible("That job is not among those that could be it any more. Check again for a fresh list.")
    if not reconcile.go_on(generation.pk, found["remote"]):
        raise NotPossible(_why_not_adopted(generation, found["remote"]))


def _why_not_adopted(generation: Generation, remote: Any) -> str:
    if Generation.objects.filter(connection=generation.connection_id, remote_key=remote_key(remote)).exists():
        return "That job belongs to another result of yours already. Choose another one, or check again."
    return "This one is settled already: somebody was quicker."


def run_again(generation: Generation, actor: reach.Actor, nonce: str, *, admin_ok: bool = False) -> SubmittedBrief:
    """The same once more, as a brief of its own; it may be paid twice, and the uncertain one stays as it is.

    Raises what `again.run_again` raises, and NotPossible.
    """
    _raise_for(generation, actor)
    try:
        return again.run_again(generation, actor, nonce, admin_ok=admin_ok)
    except ValidationError as error:
        raise NotPossible(OLDER) from error


def write_off(generation: Generation, actor: reach.Actor) -> bool:
    """Gives it up: it ends as failed, and the ledger says "may have been charged". Not taken back; False where it is settled already.

    Raises PermissionDenied.
    """
    _raise_for(generation, actor)
    name = str(actor.user) if isinstance(actor, Membership) else "The studio"
    return states.move(
        generation.pk,
        (State.UNCERTAIN,),
        State.FAILED,
        failure_code="written_off",
        failure_reason=WRITTEN_OFF.format(name=name, title=PROVIDERS[generation.provider][0])[:500],
        candidates=[],
        step="",
    )


def _raise_for(generation: Generation, actor: reach.Actor) -> None:
    if not reach.may_create(actor) or not reach.generations(actor).filter(pk=generation.pk).exists():
        raise PermissionDenied("Only people who may generate can decide about this.")


# -- Partial -------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rest:
    """What is missing of a batch, as a brief of its own. price: in `unit`, None is unknown. why_not: a sentence where it cannot be made now."""

    count: int
    inputs: Inputs
    offer: TeamOffer | None
    price: Decimal | None
    unit: str
    why_not: str = ""


def rest_of(generation: Generation, offer: TeamOffer | None) -> Rest | None:
    """None where nothing is missing, or where the number of results is nothing that can be asked for.

    offer: what made it, as the team has it today (`offers_of`). Pure, but for what the generation has loaded (its brief).
    """
    inputs = missing_inputs(generation)
    if inputs is None:
        return None
    why = GONE if offer is None else "" if offer.usable else offer.why_not
    if offer is None or why:
        return Rest(generation.missing, inputs, offer, None, generation.cost_unit, why)
    tool = get_tool(generation.tool)
    assert tool is not None
    # Prices depend on what is said, never on the files: nothing need be looked up for one.
    values = Resolved(tool=tool, asked=inputs, inputs=inputs, filled_in={})
    price = get_provider(offer.offer.provider).estimate(offer.offer, values)
    return Rest(generation.missing, inputs, offer, price, offer.offer.unit)


def offers_of(generations: Iterable[Generation]) -> dict[UUID, TeamOffer | None]:
    """What each of these (of one team) was made with, as the team has it today; by generation, in a few queries a tool."""
    found: dict[str, dict[str, TeamOffer]] = {}
    offers: dict[UUID, TeamOffer | None] = {}
    for it in generations:
        if it.tool not in found:
            found[it.tool] = {known.offer.key: known for known in team_offers(it.team_id, it.tool)}
        offers[it.pk] = found[it.tool].get(it.offer_key)
    return offers


def missing_inputs(generation: Generation) -> Inputs | None:
    """The inputs of a batch that came in part, narrowed to what did not come."""
    tool = get_tool(generation.tool)
    if tool is None or generation.state != State.COMPLETED or generation.missing < 1:
        return None
    if "count" not in tool.Inputs.model_fields:
        return None
    try:
        inputs = tool.read(generation.inputs, generation.brief.schema_version)
    except ValueError:
        return None
    return inputs.model_copy(update={"count": generation.missing})


def missing_nonce(generation_id: UUID) -> str:
    """One for each batch: what is missing of it is paid for once, however often and from wherever it is asked for."""
    return f"missing-{generation_id.hex}"


def make_missing(generation: Generation, actor: reach.Actor, *, admin_ok: bool = False) -> SubmittedBrief:
    """Makes what did not come, as a brief of its own; pressed again it is that same brief.

    Raises NotOffered, NotPossible and what `submit_brief` raises.
    """
    _raise_for(generation, actor)
    rest = rest_of(generation, offers_of([generation])[generation.pk])
    if rest is None:
        raise NotPossible("Nothing is missing here that could be made again by itself. Use Remix.")
    if rest.offer is None or rest.why_not:
        raise NotOffered(rest.why_not)
    tool = get_tool(generation.tool)
    assert tool is not None
    return submit_brief(
        actor,
        generation.workspace,
        tool,
        rest.inputs,
        missing_nonce(generation.pk),
        offer=rest.offer,
        origin=Origin.RETRY,
        admin_ok=admin_ok,
    )


def empty_tiles(generation: Generation) -> list[UUID]:
    """The outputs of a batch that did not come, as far as they still lie about."""
    rows = Output.objects.filter(generation=generation.pk, state=OutputState.FAILED, deleted_at=None)
    return list(rows.values_list("pk", flat=True))
