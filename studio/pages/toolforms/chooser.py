"""What the chooser shows: tools by group, templates to start from, and the person's last briefs."""

from __future__ import annotations

from dataclasses import dataclass

from studio.models import Brief, Membership, Output, OutputState, User, Workspace
from studio.providers import offers_for
from studio.tools import Tool, all_tools
from studio.tools.base import GROUPS

from .derive import filled

RECENT = 8
SEARCHED = 60


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
class Found:
    """groups: (name, tools) in order."""

    query: str
    groups: tuple[tuple[str, tuple[Tool, ...]], ...]
    starts: tuple[Start, ...]
    again: tuple[Again, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.groups or self.starts or self.again)


def choices(membership: Membership, workspace: Workspace, user: User, query: str = "") -> Found:
    """All of it, or what holds every word of the query. Two queries, whatever the library's size."""
    words = query.lower().split()

    def fits(*texts: str) -> bool:
        text = " ".join(texts).lower()
        return all(word in text for word in words)

    usable = [tool for tool in all_tools().values() if offers_for(tool.slug)]
    tools = [tool for tool in usable if fits(tool.title, tool.summary, tool.group)]
    groups = tuple(
        (name, tuple(tool for tool in tools if tool.group == name))
        for name in GROUPS
        if any(tool.group == name for tool in tools)
    )
    starts = tuple(
        Start(tool, key, title, note)
        for tool in usable
        for key, (title, note) in _templates(tool).items()
        if fits(title, note, tool.title, "template")
    )
    again = [
        item
        for item in _again(membership, workspace, user, SEARCHED if words else RECENT)
        if fits(item.title, item.tool.title)
    ]
    return Found(query.strip(), groups, starts, tuple(again[:RECENT]))


def _templates(tool: Tool) -> dict[str, tuple[str, str]]:
    form = filled(tool)
    bound = next((item for item in form.fields if item.widget == "template"), None)
    return dict(bound.options["templates"]) if bound else {}


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
