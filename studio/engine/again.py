"""Run again: the same words to the same tool, always as a new generation."""

from __future__ import annotations

from studio.models import Generation, Origin
from studio.tools import get_tool

from . import reach
from .briefs import NotOffered, SubmittedBrief, submit_brief


def run_again(generation: Generation, actor: reach.Actor, nonce: str) -> SubmittedBrief:
    """A new brief with this one generation's inputs, made today: what was filled in then is filled in anew.

    Raises what `submit_brief` raises; a brand or picture that is gone by now is a problem at its field.
    """
    tool = get_tool(generation.tool)
    if tool is None:
        raise NotOffered("This studio does not have that tool any more.")
    inputs = tool.read(generation.inputs, generation.brief.schema_version)
    return submit_brief(actor, generation.workspace, tool, inputs, nonce, origin=Origin.RETRY)
