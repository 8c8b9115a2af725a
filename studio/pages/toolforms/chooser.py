"""What the chooser shows: tools by group with what they start at, templates to start from, and the person's last briefs."""

from __future__ import annotations

from dataclasses import dataclass

from studio.models import Brief, Membership, Output, OutputState, User, Workspace
from studio.tools import Tool, all_tools
from studio.tools.base import GROUPS
from studio.tools.fields import widget_of

from .prices import Starting, starting

RECENT = 8
SEARCHED = 60
PICTURES = {
    "video-ad": ("img/wall/can-sun.webp",),
    "ugc-ad": ("img/wall/serum-sand.webp",),
    "slideshow": ("img/wall/flask.webp", "img/wall/flask-green.webp", "img/wall/candle.webp"),
}
"""Of our own make, for the cards of the first group."""


@dataclass(frozen=True, slots=True)
class Start:
    """A template of a tool."""

    tool: Tool
    key: str
    title: str
    note: str


@dataclass(frozen=True, slots=True)
class Again:
    """A brief to start from again, by one of its outputs. ready: how many results it has."""

    tool: Tool
    output: Output
    title: str
    ready: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A tool, and what it costs at the least."""

    tool: Tool
    starting: Starting

    @property
    def pictures(self) -> tuple[str, ...]:
        return PICTURES.get(self.tool.slug, ())


@dataclass(frozen=True, slots=True)
class Found:
    """lead: the tool that needs no key, as the large card; None where the search left it out. groups: (name, the other tools) in order."""

    query: str
    lead: Choice | None
    groups: tuple[tuple[str, tuple[Choice, ...]], ...]
    starts: tuple[Start, ...]
    again: tuple[Again, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.lead or self.groups or self.starts or self.again)


def choices(membership: Membership, workspace: Workspace, user: User, query: str = "") -> Found:
    """All of it, or what holds every word of the query. Five queries, whatever the library's size."""
    words = query.lower().split()

    def fits(*texts: str) -> bool:
        text = " ".join(texts).lower()
        return all(word in text for word in words)

    costs = starting(membership.team_id)
    tools = [Choice(tool, costs[tool.slug]) for tool in all_tools().values() if tool.slug in costs]
    found = [it for it in tools if fits(it.tool.title, it.tool.summary, it.tool.group, *it.starting.services)]
    lead = next((it for it in found if it.tool.pictures), None)
    rest = [it for it in found if it is not lead]
    groups = tuple((name, mine) for name in GROUPS if (mine := tuple(it for it in rest if it.tool.group == name)))
    starts = tuple(
        Start(it.tool, key, title, note)
        for it in tools
        for key, (title, note) in _templates(it.tool).items()
        if fits(title, note, it.tool.title, "template")
    )
    again = [
        item
        for item in _again(membership, workspace, user, SEARCHED if words else RECENT)
        if fits(item.title, item.tool.title)
    ]
    return Found(query.strip(), lead, groups, starts, tuple(again[:RECENT]))


def _templates(tool: Tool) -> dict[str, tuple[str, str]]:
    widgets = (widget_of(info.metadata) for info in tool.Inputs.model_fields.values())
    found = next((widget for widget in widgets if widget.name == "template"), None)
    return dict(found.options["templates"]) if found else {}


def _again(membership: Membership, workspace: Workspace, user: User, limit: int) -> list[Again]:
    briefs = list(
        Brief.objects.seen_by(membership).filter(workspace=workspace, created_by=user).order_by("-id")[:limit]
    )
    rows = (
        Output.objects.seen_by(membership)
        .filter(generation__brief__in=[brief.pk for brief in briefs], deleted_at=None)
        .select_related("asset", "generation")
        .order_by("generation__position", "position")
    )
    by_brief: dict[object, list[Output]] = {}
    for output in rows:
        by_brief.setdefault(output.generation.brief_id, []).append(output)
    tools = all_tools()
    found = []
    for brief in briefs:
        outputs = by_brief.get(brief.pk, [])
        if outputs and brief.tool in tools:
            ready = [output for output in outputs if output.state == OutputState.READY]
            shown = (ready or outputs)[0]
            found.append(Again(tools[brief.tool], shown, shown.title, len(ready)))
    return found
