"""What the picker's drawer is asked for: the field that wants something, and the tabs that make sense for it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404

from studio.engine.offers import TeamOffer
from studio.models import Membership
from studio.tools import Tool, get_tool
from studio.tools.schema import limits_of

from .access import MemberRequest
from .toolforms import held
from .toolforms.derive import filled
from .toolforms.lines import kind_of, widget_at
from .toolforms.offered import picked
from .toolforms.sent import single_or_many
from .toolforms.things import NOUNS, OWN, THEIRS, speaks_here

MOST = 50
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,59}")
LIBRARY, UPLOADS, HERE, THEIR, PRESETS, LINK = "library", "uploads", "here", "theirs", "presets", "link"
_TITLES = {LIBRARY: "Library", UPLOADS: "Uploads", HERE: "This workspace", PRESETS: "Presets", LINK: "Paste link"}


@dataclass(frozen=True, slots=True)
class Tab:
    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A field that something is picked for. name: of its inputs; title: its role, as "First frame"; widget: "" on a page without a tool.

    kinds: of files; empty where people, voices or styles are meant. most: how many it takes. chosen: the offer of the form.
    asked: the query that leads here again.
    """

    name: str
    title: str
    widget: str
    kinds: tuple[str, ...]
    most: int
    chosen: TeamOffer | None
    asked: str

    @property
    def is_media(self) -> bool:
        return bool(self.kinds)

    @property
    def many(self) -> bool:
        return self.most > 1

    @property
    def noun(self) -> str:
        """What several of it are called."""
        if not self.is_media:
            return "brands" if self.widget == "brand" else NOUNS[self.widget]
        return held.NOUNS[self.kinds[0]][1] if len(self.kinds) == 1 else "files"

    @property
    def kind_choices(self) -> list[tuple[str, str]]:
        """The kinds of file to narrow by, where there is more than one."""
        return [(kind, held.NOUNS[kind][1].capitalize()) for kind in self.kinds] if len(self.kinds) > 1 else []


def wanted(request: MemberRequest) -> Wanted:
    """What `?tool=&place=&offer=` ask for, or without a tool `?kinds=image,video&name=&most=&title=`. Raises Http404 for nonsense."""
    data: Mapping[str, str] = request.POST if request.method == "POST" else request.GET
    tool = get_tool(data.get("tool", ""))
    if tool:
        return _of_tool(request.membership, tool, data.get("place", ""), data.get("offer", "")[:200])
    kinds = tuple(kind for kind in held.ACCEPT if kind in data.get("kinds", "").split(","))
    name, most = data.get("name", ""), data.get("most", "1")
    if data.get("tool") or not kinds or not _NAME.fullmatch(name) or not most.isdecimal() or len(most) > 3:
        raise Http404
    title = data.get("title", "")[:60] or "Files"
    asked = urlencode({"kinds": ",".join(kinds), "name": name, "most": most, "title": title})
    return Wanted(name, title, "", kinds, max(1, min(int(most), MOST)), None, asked)


def _of_tool(membership: Membership, tool: Tool, place: str, offer: str) -> Wanted:
    widget = widget_at(tool, place)
    kinds = held.kinds_of(widget)
    if not kinds and widget not in THEIRS and widget != "brand":
        raise Http404
    choice = picked(membership, tool, offer)
    asked = urlencode({"tool": tool.slug, "place": place, "offer": choice.key})
    bound = filled(tool, offer=choice.offer).find(place)
    if bound:
        return Wanted(place, bound.title, widget, kinds, bound.most, choice.chosen, asked)
    title, limits = _declared(tool, place)
    many = single_or_many(tool, place) or widget == "entities"
    return Wanted(place, title, widget, kinds, int(limits.get("maxItems", MOST)) if many else 1, choice.chosen, asked)


def _declared(tool: Tool, place: str) -> tuple[str, Mapping[str, Any]]:
    """Title and limits of a field that this offer does not draw, or of a row's member."""
    name, _, rest = place.partition("-")
    member = rest.partition("-")[2]
    kind = kind_of(tool, name)
    model, key = (kind.model, member) if kind and member else (tool.Inputs, name)
    return model.model_fields[key].title or key, limits_of(model)[key]


def tabs(wanted: Wanted, services: Sequence[str] = ()) -> list[Tab]:
    """Those that can hold something for the field, the most likely one first. services: titles of those that may have files for it."""
    if wanted.is_media:
        own = [Tab(key, _TITLES[key]) for key in (LIBRARY, UPLOADS, HERE)]
        theirs = [Tab(THEIR, f"At {services[0]}" if len(services) == 1 else "At your providers")] if services else []
        return [*own, *theirs, Tab(LINK, _TITLES[LINK])]
    if wanted.widget == "preset":
        return [Tab(PRESETS, _TITLES[PRESETS])]
    own = [Tab(LIBRARY, _TITLES[LIBRARY])] if wanted.widget in (*OWN, "brand") else []
    if speaks_here(wanted.chosen, wanted.widget):
        return [Tab(THEIR, "On this server"), *own]
    connected = wanted.chosen is not None and wanted.chosen.connection is not None
    return [*own, _theirs(wanted)] if wanted.widget in THEIRS and (connected or not own) else own


def _theirs(wanted: Wanted) -> Tab:
    return Tab(THEIR, f"At {wanted.chosen.provider_title}" if wanted.chosen else "At your providers")
