"""One press of the button: a brief, its generations and the tiles of their outputs, in one short transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from studio.live import outbox
from studio.models import Brief, Generation, Origin, Output, Use, Workspace, uuid7
from studio.providers import get_provider
from studio.providers.base import UnsupportedInput
from studio.tools import Inputs, Tool
from studio.tools.offer_checks import check, check_media
from studio.tools.values import NoAddress, NotThere, Resolved

from . import bells, budgets, consents, faults, ledger, links, never_say, offers, reach
from .budgets import OverBudget
from .offers import TeamOffer
from .resolve import FieldProblem, Unresolved, resolve
from .values import NOBODY

__all__ = ["NotOffered", "OverBudget", "SubmittedBrief", "submit_brief"]


@dataclass(frozen=True, slots=True)
class SubmittedBrief:
    """created: False where this nonce had a brief already; then it is that one, unchanged."""

    brief: Brief
    created: bool


class NotOffered(Exception):
    """Nobody makes this here, or not at the moment; the message is a sentence for the person, with what to do."""


def submit_brief(
    actor: reach.Actor,
    workspace: Workspace,
    tool: Tool,
    inputs: Inputs,
    nonce: str,
    *,
    offer: TeamOffer | None = None,
    origin: Origin = Origin.BRIEF,
    source_output: Output | None = None,
    admin_ok: bool = False,
    said_anyway: bool = False,
    consent: consents.Said | None = None,
) -> SubmittedBrief:
    """Stores what was asked for, sets its price aside and rings for it. The same nonce in the same team is the same brief, however often
    and at once it comes.

    offer: one of `offers.team_offers`; None is the first usable one. admin_ok: an owner or admin has seen that this goes over the budget,
    and wants it; from anybody else it means nothing. said_anyway: the person has seen which words are on the brand's Never say list.
    consent: who says, with this press, that the speaker of a recording agreed to its copy; None where nobody said so.
    Raises NeverSaid where there are some and nobody said so; Unresolved (problems by field), NotOffered, OverBudget, or PermissionDenied for a reviewer or a workspace out of reach. A dead
    broker does not matter: the sweep finds the rows.
    """
    if not reach.may_create(actor) or not reach.may_enter(actor, workspace):
        raise PermissionDenied("You cannot generate in this workspace.")
    known = _known(actor, nonce)
    if known:
        return SubmittedBrief(known, created=False)
    chosen = offer or _best(actor, tool)
    if not chosen.usable:
        raise NotOffered(chosen.why_not)
    _raise_for(check(chosen.offer, inputs))
    values = resolve(tool, inputs, actor, workspace.pk, connection=chosen.connection)
    _raise_for([*_without_address(chosen, values), *check_media(chosen.offer, values)])
    _raise_for([*consents.problems(values, consent), *_voice_of_another(chosen, values), *_unsupported(chosen, values)])
    if not said_anyway and (said := never_say.problems(values)):
        raise never_say.NeverSaid(said)
    try:
        with transaction.atomic():
            yes = consents.stand(values, consent)
            brief = _store(actor, workspace, values, nonce, chosen, origin, source_output, admin_ok, yes)
            faults.point("before_commit_brief")
    except IntegrityError:
        # Somebody was quicker with the same nonce; any other violation is a fault of ours.
        known = _known(actor, nonce)
        if known is None:
            raise
        return SubmittedBrief(known, created=False)
    except ledger.BudgetReached as reached:
        raise budgets.over_budget(actor, chosen, reached) from reached
    faults.point("after_commit_brief")
    return SubmittedBrief(brief, created=True)


def _best(actor: reach.Actor, tool: Tool) -> TeamOffer:
    found = offers.team_offers(actor.team_id, tool.slug)
    chosen = offers.best(found) or next(iter(found), None)
    if chosen is None:
        raise NotOffered(f"No connected service makes “{tool.title}” yet.")
    return chosen


def _raise_for(problems: Iterable[tuple[str, str]]) -> None:
    found = tuple(FieldProblem(*problem) for problem in problems)
    if found:
        raise Unresolved(found)


def _without_address(chosen: TeamOffer, values: Resolved) -> list[tuple[str, str]]:
    """Files that a service should fetch from an address, and which have none: ours without a public address, or those of a service alone."""
    if chosen.connection is None or chosen.offer.address != "url":
        return []
    missing = [(name, file) for name, files in values.media.items() for file in files if not file.link]
    missing += [("", file) for file in values.all_media() if not file.link]
    if not missing:
        return []
    name, file = missing[0]
    theirs = f"“{file.name or 'This file'}” lies only at a service, without an address. Import it under At your providers, then pick it."
    return [(name, (links.reachable(chosen.connection.team)[1] if file.file else "") or theirs)]


def _voice_of_another(chosen: TeamOffer, values: Resolved) -> list[tuple[str, str]]:
    """A voice stays where it was made: unlike files and faces it cannot be given to another service on the way."""
    voice = values.voice
    if chosen.connection is None or voice is None or "voice" in voice.remote or not chosen.offer.takes_input("voice"):
        return []
    return [("voice", f"{chosen.provider_title} does not have the voice “{voice.name}”. Choose one that it has.")]


def _unsupported(chosen: TeamOffer, values: Resolved) -> list[tuple[str, str]]:
    """What only the adapter knows to refuse, found by encoding the first request as if it were sent."""
    request = values.inputs.requests()[0]
    try:
        get_provider(chosen.offer.provider).encode(chosen.offer, replace(values, asked=request, inputs=request))
    except UnsupportedInput as error:
        return [(error.field, str(error))]
    except (NoAddress, NotThere):
        # What the service does not have yet is given to it before the request is made.
        pass
    return []


def _known(actor: reach.Actor, nonce: str) -> Brief | None:
    return Brief.objects.filter(team=actor.team_id, nonce=nonce).first()


def _store(
    actor: reach.Actor,
    workspace: Workspace,
    values: Resolved,
    nonce: str,
    chosen: TeamOffer,
    origin: Origin,
    source_output: Output | None,
    admin_ok: bool,
    yes: Mapping[str, Any],
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
        generation = _generation(brief, position, values, request, chosen, origin, source_output)
        generation.consent = dict(yes)
        generations.append(generation)
        outputs += _outputs(generation, values, request, reach.user_id(actor))
    Generation.objects.bulk_create(generations)
    Use.objects.bulk_create([use for generation in generations for use in _uses(generation, values)])
    # The first position gets the newest id, so that a set stands in the order of the form, newest first.
    for output, pk in zip(reversed(outputs), [uuid7() for _ in outputs], strict=True):
        output.pk = pk
    Output.objects.bulk_create(outputs)
    outbox.append_many(
        "output_new", [output.pk for output in outputs], team_id=actor.team_id, workspace_id=workspace.pk
    )
    for generation in generations:
        bells.ring(generation.pk)
    # Last: whoever holds the month's row keeps every other brief of this workspace and provider waiting.
    ledger.hold(generations, over_budget=admin_ok and budgets.may_go_over(actor))
    return brief


def _generation(
    brief: Brief,
    position: int,
    values: Resolved,
    request: Inputs,
    chosen: TeamOffer,
    origin: Origin,
    source_output: Output | None,
) -> Generation:
    offer = chosen.offer
    asked = request.model_copy(update=dict.fromkeys(values.filled_in, ""))
    return Generation(
        team_id=brief.team_id,
        workspace_id=brief.workspace_id,
        brief=brief,
        position=position,
        tool=brief.tool,
        provider=offer.provider,
        connection=chosen.connection,
        lane=offer.lane,
        offer_key=offer.key,
        offer=offer.snapshot(),
        inputs=asked.model_dump(mode="json"),
        filled_in=values.filled_in,
        origin=origin,
        source_output=source_output,
        estimate=get_provider(offer.provider).estimate(offer, replace(values, inputs=request)),
        cost_unit=offer.unit,
        typical_seconds=offer.typical_seconds,
        next_poll_at=timezone.now(),
    )


def _uses(generation: Generation, values: Resolved) -> list[Use]:
    """Our own things that it is made with; what only a service has is none of them."""
    things = {
        "brand": values.brand,
        "influencer": values.influencer,
        "reference": values.reference,
        "voice": values.voice,
    }
    owned: dict[str, Any] = {"team_id": generation.team_id, "workspace_id": generation.workspace_id}
    return [
        Use(**owned, generation=generation, object_kind=kind, object_id=thing.id)
        for kind, thing in things.items()
        if thing is not None and thing.id not in (None, NOBODY)
    ]


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
