"""The one place that turns references into values, within the reach of whoever asks. What it does not reach is "not found"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from studio.models import Asset, Brand, Kind
from studio.render.copywriting import propose
from studio.tools import Inputs, Tool
from studio.tools.fields import AD_RATIOS, RATIOS, widget_of
from studio.tools.values import BrandValue, MediaValue, Resolved

from . import reach

WORDS = ("headline", "subline", "call_to_action", "badge")
"""Fields that the studio fills from the brief where the person left them empty and the tool has them."""


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


def resolve(tool: Tool, inputs: Inputs, actor: reach.Actor, workspace_id: UUID) -> Resolved:
    """Everything that the inputs refer to, loaded in at most two queries. Raises Unresolved with every problem at once."""
    problems: list[FieldProblem] = []
    brand = _brand(tool, inputs, actor, workspace_id, problems)
    pictures = _pictures(tool, inputs, actor, problems)
    if problems:
        raise Unresolved(tuple(problems))
    filled_in = _proposed(inputs, brand)
    changes: dict[str, Any] = dict(filled_in)
    if hasattr(inputs, "aspect_ratio"):
        changes["aspect_ratio"] = _ratios(inputs.aspect_ratio, pictures.values())
    drawn = inputs.model_copy(update=changes)
    return Resolved(tool, inputs, drawn, filled_in, brand, pictures)


def _fields(tool: Tool, widget: str) -> Iterable[str]:
    return (name for name, field in tool.Inputs.model_fields.items() if widget_of(field.metadata).name == widget)


def _brand(
    tool: Tool, inputs: Inputs, actor: reach.Actor, workspace_id: UUID, problems: list[FieldProblem]
) -> BrandValue | None:
    for name in _fields(tool, "brand"):
        reference = getattr(inputs, name)
        if not reference:
            continue
        pk = _uuid(reference)
        rows = reach.brands(actor, workspace_id).select_related("logo", "logo_dark")
        row = rows.filter(pk=pk).first() if pk else None
        if row is None:
            problems.append(FieldProblem(name, "That brand is not in this workspace any more. Pick another one."))
            continue
        return _brand_value(row)
    return None


def _brand_value(row: Brand) -> BrandValue:
    return BrandValue(
        id=row.pk,
        name=row.name,
        primary=row.primary,
        accent=row.accent,
        dark=row.dark,
        light=row.light,
        heading_font=row.heading_font,
        body_font=row.body_font,
        logo=picture_value(row.logo) if row.logo else None,
        logo_dark=picture_value(row.logo_dark) if row.logo_dark else None,
        tone=row.tone,
    )


def _pictures(
    tool: Tool, inputs: Inputs, actor: reach.Actor, problems: list[FieldProblem]
) -> dict[str, tuple[MediaValue, ...]]:
    wanted: dict[str, tuple[str, ...]] = {name: tuple(getattr(inputs, name)) for name in _fields(tool, "images")}
    keys = {pk for references in wanted.values() for pk in map(_uuid, references) if pk}
    found = reach.assets(actor).in_bulk(list(keys)) if keys else {}
    values: dict[str, tuple[MediaValue, ...]] = {}
    for name, references in wanted.items():
        rows: list[Asset] = []
        for reference in references:
            pk = _uuid(reference)
            row = found.get(pk) if pk else None
            sentence = _problem_with(reference, row)
            if sentence:
                problems.append(FieldProblem(name, sentence))
            elif row:
                rows.append(row)
        values[name] = tuple(picture_value(row) for row in rows)
    return values


def _problem_with(reference: str, row: Asset | None) -> str:
    if reference.lower().startswith(("http://", "https://")):
        return "Links are not fetched yet. Save the picture from that page and upload it."
    if row is None:
        return "One of the pictures is not here any more. Upload it again."
    if row.kind != Kind.IMAGE:
        return f"“{row}” is not a picture. Use a PNG, JPEG or WebP file."
    return ""


def picture_value(row: Asset) -> MediaValue:
    return MediaValue(
        id=row.pk,
        sha256=row.sha256,
        media_type=row.media_type,
        width=row.width or 0,
        height=row.height or 0,
        file=str(row.file.name),
        cutout=row.cutout,
        faces=tuple((box[0], box[1], box[2], box[3]) for box in row.faces),
        focal=(row.focal_x, row.focal_y),
        analysed=row.analysed_at is not None,
    )


def _proposed(inputs: Inputs, brand: BrandValue | None) -> dict[str, str]:
    """Words for what was left empty, by the documented rule of the copywriter. Nothing where there is no brief to take them from."""
    prompt = getattr(inputs, "prompt", "")
    if not prompt:
        return {}
    proposal = propose(prompt, brand.name if brand else "")
    proposed = {name: getattr(proposal, name) for name in WORDS if getattr(inputs, name, None) == ""}
    return {name: text for name, text in proposed.items() if text}


def _ratios(asked: tuple[str, ...], pictures: Iterable[tuple[MediaValue, ...]]) -> tuple[str, ...]:
    """`auto` as the shape nearest to the first picture's (1:1 without one); the same shape twice is one."""
    first = next((group[0] for group in pictures if group), None)
    return tuple(dict.fromkeys(nearest_ratio(first.ratio if first else 1.0) if it == "auto" else it for it in asked))


def nearest_ratio(ratio: float) -> str:
    """`nearest_ratio(0.75) == "4:5"`: by proportion, so that 2:1 is as far from 1:1 as 1:2 is."""

    def distance(name: str) -> float:
        width, height = RATIOS[name]
        return max(ratio * height / width, width / (ratio * height))

    return min(AD_RATIOS, key=distance)


def _uuid(reference: str) -> UUID | None:
    try:
        return UUID(reference)
    except ValueError:
        return None
