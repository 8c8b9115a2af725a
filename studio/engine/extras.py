"""More came than was asked for: what was paid is kept, so every extra result gets an output of its own, beside those that were expected."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from uuid import UUID

from studio.live import outbox
from studio.models import Output, OutputKind
from studio.models.ids import uuid7
from studio.providers.base import Finished, Link, Missing, NewVoice, Person, Result, Text

from .results import to_data

log = logging.getLogger(__name__)

MOST = 100
"""No service makes so many at once; an answer that lists more is not believed further than this."""


def add(generation_id: UUID, expected: Sequence[Output], finished: Finished) -> list[Output]:
    """Outputs for the results at positions that nobody expected, stored with their links. Call it inside the transaction that notes them.

    expected: the generation's outputs in their order, never empty. A result that is told twice, or is missing, adds nothing.
    """
    known = {output.position for output in expected}
    found = {it.position: it for it in finished.results if it.position not in known and not isinstance(it, Missing)}
    if len(found) > MOST:
        log.error("%s lists %d results more than expected; %d are kept.", generation_id, len(found), MOST)
    like = expected[-1]
    made = [_output(like, found[position]) for position in sorted(found)[:MOST]]
    # As in a new brief: the first position has the newest id.
    for output, pk in zip(reversed(made), [uuid7() for _ in made], strict=True):
        output.pk = pk
    Output.objects.bulk_create(made)
    if made:
        outbox.append_many(
            "output_new", [output.pk for output in made], team_id=like.team_id, workspace_id=like.workspace_id
        )
    return made


def _output(like: Output, result: Result) -> Output:
    return Output(
        team_id=like.team_id,
        workspace_id=like.workspace_id,
        generation_id=like.generation_id,
        position=result.position,
        kind=_kind(like, result),
        tool=like.tool,
        brand_id=like.brand_id,
        title=like.title,
        search_text=like.search_text,
        ratio=like.ratio,
        ratio_label=like.ratio_label,
        created_by_id=like.created_by_id,
        link=to_data(result),
    )


def _kind(like: Output, result: Result) -> str:
    if isinstance(result, Text):
        return OutputKind.TEXT
    if isinstance(result, Person):
        return OutputKind.INFLUENCER
    if isinstance(result, NewVoice):
        return OutputKind.VOICE
    if isinstance(result, Link) and result.kind in OutputKind.values:
        return result.kind
    return like.kind
