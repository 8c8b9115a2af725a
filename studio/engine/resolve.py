"""The one place that turns references into values, within the reach of whoever asks. What it does not reach is "not found".

A bounded number of queries, whatever the inputs: one for each kind of thing (files, brand, influencer and photos, voice, reference and its
media), one for what the connection calls them all. Nothing is downloaded here: a link becomes a value that has only its address.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from studio.models import Connection
from studio.render.copywriting import propose
from studio.tools import Inputs, Tool
from studio.tools.fields import AD_RATIOS, RATIOS
from studio.tools.values import At, BrandValue, MediaValue, Resolved

from . import reach
from .fields import fields
from .finding import Finder
from .values import media_value as picture_value

__all__ = ["FieldProblem", "Unresolved", "nearest_ratio", "picture_value", "resolve"]

WORDS = ("headline", "subline", "call_to_action", "badge")
"""Fields that the studio fills from the brief where the person left them empty and the tool has them."""
CHOICES = ("avatar", "presenter", "preset", "entities")
"""Widgets of what only a provider has."""


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field: a sentence that says what to do."""

    field: str
    sentence: str


class Unresolved(Exception):
    """Some references could not be turned into values."""

    def __init__(self, problems: tuple[FieldProblem, ...]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        return " ".join(problem.sentence for problem in self.problems)


def resolve(
    tool: Tool,
    inputs: Inputs,
    actor: reach.Actor,
    workspace_id: UUID,
    *,
    connection: Connection | None = None,
    generation_id: UUID | None = None,
) -> Resolved:
    """Everything that the inputs refer to. Raises Unresolved with every problem at once.

    connection: with which it is to be made; None for the local renderer. generation_id: for whose links; before there is one, links are
    there all the same, but lead nowhere yet.
    """
    finder = Finder(tool, inputs, actor, workspace_id, connection, generation_id)
    finder.find()
    if finder.problems:
        raise Unresolved(tuple(FieldProblem(name, sentence) for name, sentence in finder.problems))
    media = finder.media()
    brand = finder.brand()
    # Services write their own words; only what is drawn here needs ours.
    filled_in = _proposed(inputs, brand) if connection is None else {}
    changes: dict[str, Any] = dict(filled_in)
    if hasattr(inputs, "aspect_ratio"):
        changes["aspect_ratio"] = _shape(tool, inputs.aspect_ratio, media.values())
    return Resolved(
        tool=tool,
        asked=inputs,
        inputs=inputs.model_copy(update=changes),
        filled_in=filled_in,
        brand=brand,
        media=media,
        influencer=finder.influencer(),
        voice=finder.voice(),
        reference=finder.reference(),
        choices=_choices(tool, finder.choices),
        at=_at(connection, finder, generation_id),
    )


def _choices(tool: Tool, found: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {name: found.get(name, ()) for name, _ in fields(tool, *CHOICES)}


def _at(connection: Connection | None, finder: Finder, generation_id: UUID | None) -> At | None:
    if connection is None:
        return None
    return At(
        provider=connection.provider,
        era=finder.facts.get("era", ""),
        workspace_id=finder.workspace_remote_id(),
        webhook=finder.webhook(),
        watermark=finder.facts.get("watermark", ""),
    )


def _proposed(inputs: Inputs, brand: BrandValue | None) -> dict[str, str]:
    """Words for what was left empty, by the documented rule of the copywriter. Nothing where there is no brief to take them from."""
    prompt = getattr(inputs, "prompt", "")
    if not prompt:
        return {}
    proposal = propose(prompt, brand.name if brand else "")
    proposed = {name: getattr(proposal, name) for name in WORDS if getattr(inputs, name, None) == ""}
    return {name: text for name, text in proposed.items() if text}


def _shape(tool: Tool, asked: Any, pictures: Iterable[tuple[MediaValue, ...]]) -> Any:
    """`auto` as the shape nearest to the first picture's (1:1 without one); the same shape twice is one."""
    first = next((group[0] for group in pictures if group and group[0].width), None)
    among = AD_RATIOS if tool.slug == "static-ad" else tuple(RATIOS)
    nearest = nearest_ratio(first.ratio if first else 1.0, among)
    if not isinstance(asked, tuple):
        return nearest if asked == "auto" else asked
    return tuple(dict.fromkeys(nearest if it == "auto" else it for it in asked))


def nearest_ratio(ratio: float, among: Iterable[str] = AD_RATIOS) -> str:
    """`nearest_ratio(0.75) == "4:5"`: by proportion, so that 2:1 is as far from 1:1 as 1:2 is."""

    def distance(name: str) -> float:
        width, height = RATIOS[name]
        return max(ratio * height / width, width / (ratio * height))

    return min(among, key=distance)
