"""A form out of a tool's declaration and the chosen offer: every field of its `Inputs` that the offer takes, drawn by the template that its
`Widget` names, within the limits of both."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from studio.tools import Inputs, Tool
from studio.tools.fields import required_of, widget_of
from studio.tools.offer import Offer
from studio.tools.schema import limits_of

from .bound import BoundField, Group, Row, grouped
from .held import Held
from .lines import LineKind, is_empty, kind_of, shown_row
from .narrow import default_of, narrowed, needs
from .things import Things

MAX_KEPT_CHARACTERS = 20_000
"""Of one over-long text this much is kept in the form: enough to shorten it, not enough to choke the page."""

CONSEQUENCE = (
    "“As my plan says” leaves VideoGen's mark on, unless your plan is one without. “None” is refused on a plan that does not allow it;"
    " nothing is charged then. Your choice is remembered."
)


@dataclass(frozen=True, slots=True)
class Around:
    """What the library gives to a form: the files and choices of its fields by name, the field whose picker is open, and by field a warning
    of words that the chosen brand never says."""

    held: Mapping[str, tuple[Held, ...]] = field(default_factory=dict)
    things: Mapping[str, Things] = field(default_factory=dict)
    picking: str = ""
    said: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Form:
    """A tool's form with what was typed. inputs: the checked inputs, None while something is wrong.

    raw: by input a str, a list of str, or a list of rows. kept: what was typed into fields that this offer does not take.
    problems: sentences about the form as a whole. offer: None takes every field. refused: of `errors`, those about files.
    """

    tool: Tool
    raw: dict[str, Any]
    inputs: Inputs | None
    errors: dict[str, list[str]] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    offer: Offer | None = None
    kept: dict[str, Any] = field(default_factory=dict)
    around: Around = Around()
    refused: dict[str, list[str]] = field(default_factory=dict)

    @cached_property
    def fields(self) -> list[BoundField]:
        return [self._bound(name) for name in taken(self.tool, self.offer)]

    def _bound(self, name: str) -> BoundField:
        info = self.tool.Inputs.model_fields[name]
        widget = widget_of(info.metadata)
        limits = narrowed(limits_of(self.tool.Inputs)[name], self.offer, name)
        kind = kind_of(self.tool, name)
        return BoundField(
            name,
            info.title or limits.get("title") or name,
            self._help(name, info.description or limits.get("description") or "", limits),
            widget.name,
            widget.group,
            widget.options,
            limits,
            limits["type"] == "array",
            self.raw[name],
            tuple(self.errors.get(name, ())),
            required_of(info.metadata) is not None or needs(self.offer, name),
            self._rows(name, kind) if kind else (),
            self.around.held.get(name, ()),
            self.around.things.get(name),
            self.around.picking == name,
            self.around.said.get(name, ""),
        )

    def _help(self, name: str, words: str, limits: Mapping[str, Any]) -> str:
        """The declaration's sentence, with what the offer does by itself in place of what services mostly do."""
        if name == "watermark":
            return CONSEQUENCE
        default = default_of(self.offer, name)
        if default is None or not limits.get("nullable"):
            return words
        said = words.partition("Left open:")[0].strip()
        unit = widget_of(self.tool.Inputs.model_fields[name].metadata).options.get("unit", "")
        return f"{said} Left open: {default}{' ' + unit if unit else ''}.".strip()

    def _rows(self, name: str, kind: LineKind) -> tuple[Row, ...]:
        return tuple(
            Row(index, tuple(self._member(name, index, member, kind, row) for member in kind.widgets))
            for index, row in enumerate(self.raw[name])
        )

    def _member(self, field_name: str, index: int, member: str, kind: LineKind, row: Mapping[str, Any]) -> BoundField:
        name, limits = f"{field_name}-{index}-{member}", limits_of(kind.model)[member]
        info, widget = kind.model.model_fields[member], kind.widgets[member]
        return BoundField(
            name,
            info.title or member,
            info.description or "",
            widget.name,
            "",
            widget.options,
            limits,
            limits["type"] == "array",
            row.get(member, ""),
            tuple(self.errors.get(name, ())),
            required_of(info.metadata) is not None,
            held=self.around.held.get(name, ()),
            is_picking=self.around.picking == name,
        )

    @property
    def groups(self) -> list[Group]:
        found = [grouped(key, title, help_, self.fields) for key, title, help_ in self.tool.groups]
        return [group for group in found if group.rows or group.more]

    @property
    def words_group(self) -> str:
        """The section that offers the brand's own words: the first in which a person writes. Empty where the form has no brand."""
        wordy = (group.key for group in self.groups if any(it.is_wordy for row in group.rows for it in row))
        return next(wordy, "") if self.named("brand") else ""

    def every_field(self) -> list[BoundField]:
        """The fields and those of their rows."""
        return [item for bound in self.fields for item in (bound, *(it for row in bound.rows for it in row.members))]

    def find(self, name: str) -> BoundField | None:
        return next((bound for bound in self.every_field() if bound.name == name), None)

    def named(self, widget: str) -> str:
        """The first field that is drawn by this widget; empty where the form has none."""
        return next((bound.name for bound in self.fields if bound.widget == widget), "")

    def reference(self, widget: str) -> str:
        """The value of the first field of a widget that takes one."""
        name = self.named(widget)
        return str(self.raw[name]) if name else ""

    def replace(self, name: str, value: Any) -> Form:
        """The same form with another value in one field, not checked again."""
        return replace(self, raw={**self.raw, name: value})

    def with_around(self, around: Around) -> Form:
        return replace(self, around=around)

    @property
    def not_used(self) -> list[str]:
        """Titles of what was typed and is not used by this offer."""
        return [self.tool.Inputs.model_fields[name].title or name for name in self.kept]

    @property
    def kept_json(self) -> str:
        return json.dumps(self.kept) if self.kept else ""

    @property
    def faults(self) -> list[tuple[str, str]]:
        """(address of the field on the page, sentence) of everything that is wrong, in the form's order."""
        shown = self.every_field()
        known = {bound.name for bound in shown}
        unseen = [error for name, found in self.errors.items() if name not in known for error in found]
        return [("", problem) for problem in (*self.problems, *unseen)] + [
            (f"#{bound.id}", error) for bound in shown for error in bound.errors
        ]

    @property
    def is_valid(self) -> bool:
        return self.inputs is not None and not self.errors and not self.problems

    def with_errors(self, errors: Mapping[str, str | Iterable[str]]) -> Form:
        """The same form with more faults, as (field name, sentence or sentences); unknown names count for the whole form."""
        mine = {name: list(found) for name, found in self.errors.items()}
        problems = list(self.problems)
        for name, found in errors.items():
            sentences = [found] if isinstance(found, str) else list(found)
            if name.partition("-")[0] in self.raw:
                mine.setdefault(name, []).extend(sentences)
            else:
                problems.extend(sentences)
        return replace(self, errors=mine, problems=tuple(problems))


def taken(tool: Tool, offer: Offer | None) -> list[str]:
    """The tool's inputs that the offer takes, in the tool's order."""
    return [name for name in tool.Inputs.model_fields if offer is None or offer.takes_input(name)]


def filled(tool: Tool, values: Mapping[str, Any] | None = None, offer: Offer | None = None) -> Form:
    """An unsent form with the declaration's defaults under the given values. Nothing is checked, so nothing is complained about.

    A needed choice starts at the offer's own default.
    """
    names = tool.Inputs.model_fields
    given = {name: value for name, value in (values or {}).items() if name in names}
    preset = {name: found for name in names if needs(offer, name) and (found := default_of(offer, name)) is not None}
    raw = shown(tool, defaults(tool) | preset | given)
    return Form(tool, raw, None, offer=offer, kept=set_aside(tool, raw, offer))


def with_needed(form: Form) -> Form:
    """The form with the offer's own default in each field that it needs and that holds nothing yet."""
    for name in taken(form.tool, form.offer):
        default = default_of(form.offer, name) if needs(form.offer, name) else None
        if default is not None and form.raw[name] in ("", []):
            form = form.replace(name, shown(form.tool, {name: default})[name])
    return form


def set_aside(tool: Tool, raw: Mapping[str, Any], offer: Offer | None) -> dict[str, Any]:
    """Of the values those that the offer has no use for, and that are not what stands there anyway."""
    mine, empty = set(taken(tool, offer)), shown(tool, defaults(tool))
    return {name: value for name, value in raw.items() if name not in mine and value != empty[name]}


def defaults(tool: Tool) -> dict[str, Any]:
    return {name: info.default for name, info in tool.Inputs.model_fields.items()}


@cache
def many_of(tool: Tool) -> dict[str, bool]:
    """Every input's name, and whether it takes many values."""
    return {name: limits["type"] == "array" for name, limits in limits_of(tool.Inputs).items()}


def shown(tool: Tool, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Values as the templates take them: text, a list of text, or a list of rows."""
    found: dict[str, Any] = {}
    for name, many in many_of(tool).items():
        kind, value = kind_of(tool, name), raw.get(name)
        if kind:
            rows = value if isinstance(value, list | tuple) else ()
            found[name] = [shown_row(kind, row) for row in rows if isinstance(row, dict)]
        elif many:
            items = value if isinstance(value, list | tuple) else ()
            found[name] = [str(item)[:MAX_KEPT_CHARACTERS] for item in items]
        else:
            found[name] = _text(value)[:MAX_KEPT_CHARACTERS]
    return found


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


@cache
def _adapters(model: type[Inputs]) -> dict[str, tuple[TypeAdapter[Any], Any]]:
    """Each field checked on its own, with its default."""
    return {name: (_adapter(info), info.default) for name, info in model.model_fields.items()}


def _adapter(info: FieldInfo) -> TypeAdapter[Any]:
    annotated: Any = Annotated[(info.annotation, *info.metadata)]
    return TypeAdapter(annotated)


def lenient(form: Form) -> Inputs:
    """Inputs to draw and price an unfinished form with: what is wrong stands at its default or is cut to fit, and rules over several fields
    are off."""
    if form.inputs is not None:
        return form.inputs
    checked: dict[str, Any] = {}
    for bound in form.fields:
        adapter, default = _adapters(form.tool.Inputs)[bound.name]
        try:
            checked[bound.name] = adapter.validate_python(_cut(bound))
        except ValidationError:
            checked[bound.name] = default
    return form.tool.Inputs.model_construct(**checked)


def _cut(bound: BoundField) -> Any:
    if bound.rows:
        return [row for row in bound.value if not is_empty(row)]
    if bound.many:
        allowed = bound.choices
        kept = [value for value in bound.value if not allowed or value in allowed]
        return kept[: bound.limits.get("maxItems", len(kept))]
    return bound.value.strip()[: bound.max_length] if bound.max_length else bound.value
