"""Run again: the same words to the same tool, always as a new generation."""

from __future__ import annotations

from typing import cast

from studio.models import Generation, Origin
from studio.tools import get_tool

from . import consents, reach
from .briefs import NotOffered, SubmittedBrief, submit_brief
from .offers import find_team_offer


def run_again(generation: Generation, actor: reach.Actor, nonce: str, *, admin_ok: bool = False) -> SubmittedBrief:
    """A new brief with this one generation's inputs, made today: what was filled in then is filled in anew.

    By the offer that made it, as that is today (its price may have changed); a service that cannot be used any more is a NotOffered, because
    another one may cost something else. Words on the brand's Never say list were seen then and are not asked about again; the consent to copy a voice stands. Raises what `submit_brief` raises; a brand or picture that is gone by now is a problem at its field.
    """
    tool = get_tool(generation.tool)
    if tool is None:
        raise NotOffered("This studio does not have that tool any more.")
    inputs = tool.read(generation.inputs, generation.brief.schema_version)
    offer = find_team_offer(generation.team_id, generation.offer_key)
    if offer is None:
        raise NotOffered("What this was made with is not offered any more. Use Remix to choose another.")
    return submit_brief(
        actor,
        generation.workspace,
        tool,
        inputs,
        nonce,
        offer=offer,
        origin=Origin.RETRY,
        admin_ok=admin_ok,
        said_anyway=True,
        consent=cast(consents.Said, generation.consent) if generation.consent else None,
    )
