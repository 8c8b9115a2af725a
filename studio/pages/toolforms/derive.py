"""A form out of a tool's declaration: every field of its `Inputs`, drawn by the template that its `Widget` names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Annotated, Any

from django.http import QueryDict
from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from studio.providers import offers_for
from studio.tools import Inputs, Tool
from studio.tools.fields import PLACEMENTS, RATIOS, widget_of
from studio.tools.schema import limits_of

from .words import quoted, sentence

OURS = frozenset({"csrfmiddlewaretoken", "nonce", "shown", "do", "brief", "product_files"})
"""Names that the page itself sends beside the tool's inputs."""

MAX_KEPT_CHARACTERS = 20_000
"""Of one over-long text this much is kept in the form: enough to shorten it, not enough to choke the page."""


@dataclass(frozen=True, slots=True)
class BoundField:
    """One input as its template needs it.

    value: a str, or a list of str where `many`. limits: the JSON schema of the field (maxLength, maxItems, minimum, maximum, enum).
    """

    name: str
    title: str
    help: str
    widget: str
    group: str
    options: Mapping[str, Any]
    limits: Mapping[str, Any]
    many: bool
    value: Any
    errors: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return f"f-{self.name.replace('_', '-')}"

    @property
    def template(self) -> str:
        return f"fields/{self.widget}.html"

    @property
    def max_length(self) -> int | None:
        return self.limits.get("maxLength")

    @property
    def choices(self) -> list[str]:
        """The values of a literal, one or many."""
        items = self.limits.get("items", {}) if self.many else self.limits
        return list(items.get("enum", []))

    @property
    def numbers(self) -> range:
        """The whole numbers that a counted field takes."""
        return range(self.limits["minimum"], self.limits["maximum"] + 1)

    @property
    def shapes(self) -> list[tuple[str, str, float | None]]:
        """Of a field of ratios: each choice with its placement and its width over height (None for auto)."""
        return [
            (
                name,
                PLACEMENTS.get(name, "By the picture"),
                RATIOS[name][0] / RATIOS[name][1] if name in RATIOS else None,
            )
            for name in self.choices
        ]

    @property
    def labelled(self) -> list[tuple[str, str]]:
        """Of a literal: each choice with what it means."""
        labels = self.options.get("labels", {})
        return [(choice, labels.get(choice, choice)) for choice in self.choices]

    @property
    def half(self) -> bool:
        return bool(self.options.get("half"))

    @property
    def more(self) -> bool:
        return bool(self.options.get("more"))


@dataclass(frozen=True, slots=True)
class Group:
    """A section of the form. rows: fields that share a line; more: fields behind a disclosure."""

    key: str
    title: str
    help: str
    rows: tuple[tuple[BoundField, ...], ...]
    more: tuple[BoundField, ...]

    @property
    def more_titles(self) -> str:
        titles = [item.title.lower() for item in self.more]
        return f"{', '.join(titles[:-1])} and {titles[-1]}" if len(titles) > 1 else "".join(titles)

    @property
    def is_open(self) -> bool:
        return any(item.value or item.errors for item in self.more)


@dataclass(frozen=True)
class Form:
    """A tool's form with what was typed. inputs: the checked inputs, None while something is wrong.

    problems: sentences about the form as a whole.
    """

    tool: Tool
    raw: dict[str, Any]
    inputs: Inputs | None
    errors: dict[str, list[str]] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    @cached_property
    def fields(self) -> list[BoundField]:
        schema = limits_of(self.tool.Inputs)
        found = []
        offers = offers_for(self.tool.slug)
        for name, info in self.tool.Inputs.model_fields.items():
            if offers and not any(offer.takes_input(name) for offer in offers):
                continue
            widget, limits = widget_of(info.metadata), schema[name]
            found.append(
                BoundField(
                    name,
                    info.title or name,
                    info.description or "",
                    widget.name,
                    widget.group,
                    widget.options,
                    limits,
                    limits["type"] == "array",
                    self.raw[name],
                    tuple(self.errors.get(name, ())),
                )
            )
        return found

    @property
    def groups(self) -> list[Group]:
        return [_group(key, title, help_, self.fields) for key, title, help_ in self.tool.groups]

    def named(self, widget: str) -> str:
        """The first field that is drawn by this widget; empty where the tool has none."""
        return next((bound.name for bound in self.fields if bound.widget == widget), "")

    def reference(self, widget: str) -> str:
        """The value of the first field of a widget that takes one."""
        name = self.named(widget)
        return str(self.raw[name]) if name else ""

    def references(self, widget: str) -> list[str]:
        """The values of the first field of a widget that takes several."""
        name = self.named(widget)
        return list(self.raw[name]) if name else []

    def replace(self, name: str, value: Any) -> Form:
        """The same form with another value in one field, not checked again."""
        return replace(self, raw={**self.raw, name: value})

    @property
    def faults(self) -> list[tuple[str, str]]:
        """(address of the field on the page, sentence) of everything that is wrong, in the form's order."""
        return [("", problem) for problem in self.problems] + [
            (f"#{bound.id}", error) for bound in self.fields for error in bound.errors
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
            if name in self.raw:
                mine.setdefault(name, []).extend(sentences)
            else:
                problems.extend(sentences)
        return Form(self.tool, self.raw, self.inputs, mine, tuple(problems))


def _group(key: str, title: str, help_: str, fields: list[BoundField]) -> Group:
    rows: list[tuple[BoundField, ...]] = []
    shown = [bound for bound in fields if bound.group == key and not bound.more]
    for bound in shown:
        if bound.half and rows and len(rows[-1]) == 1 and rows[-1][0].half:
            rows[-1] = (*rows[-1], bound)
        else:
            rows.append((bound,))
    return Group(key, title, help_, tuple(rows), tuple(bound for bound in fields if bound.group == key and bound.more))


@cache
def _adapters(model: type[Inputs]) -> dict[str, tuple[TypeAdapter[Any], Any]]:
    """Each field checked on its own, with its default."""
    return {name: (_adapter(info), info.default) for name, info in model.model_fields.items()}


def _adapter(info: FieldInfo) -> TypeAdapter[Any]:
    annotated: Any = Annotated[(info.annotation, *info.metadata)]
    return TypeAdapter(annotated)


def _names(tool: Tool) -> dict[str, bool]:
    """Every input's name, and whether it takes many values."""
    return {name: limits["type"] == "array" for name, limits in limits_of(tool.Inputs).items()}


def _defaults(tool: Tool) -> dict[str, Any]:
    return {
        name: list(info.default) if isinstance(info.default, tuple) else "" if info.default is None else info.default
        for name, info in tool.Inputs.model_fields.items()
    }


def filled(tool: Tool, values: Mapping[str, Any] | None = None) -> Form:
    """An unsent form with the declaration's defaults under the given values. Nothing is checked, so nothing is complained about."""
    given = {name: value for name, value in (values or {}).items() if name in tool.Inputs.model_fields}
    return Form(tool, _shown(tool, _defaults(tool) | given), None)


def parsed(tool: Tool, data: QueryDict) -> Form:
    """What was sent, checked by the declaration. Whatever is wrong, `raw` still holds what was typed."""
    raw: dict[str, Any] = {}
    problems = [
        f"This form sent {quoted(name)}, which {tool.title.lower()} does not have. Reload the page and send it again."
        for name in data
        if name not in tool.Inputs.model_fields and name not in OURS
    ][:3]
    errors: dict[str, list[str]] = {}
    given: dict[str, Any] = {}
    for name, many in _names(tool).items():
        sent = data.getlist(name)
        if many:
            given[name] = [value for value in sent if value]
        elif len(sent) > 1:
            given[name] = sent
        elif sent:
            given[name] = sent[0]
        raw[name] = given.get(name, "") if len(sent) <= 1 or many else sent[-1]
    inputs: Inputs | None = None
    try:
        inputs = tool.Inputs.model_validate(given)
    except ValidationError as error:
        for name, text in _sentences(tool, error):
            found = errors.setdefault(name, [])
            if text not in found:
                found.append(text)
    return Form(tool, _shown(tool, _defaults(tool) | raw), inputs, errors, tuple(problems))


def _sentences(tool: Tool, error: ValidationError) -> Iterable[tuple[str, str]]:
    fields = tool.Inputs.model_fields
    for found in error.errors(include_url=False):
        named = found.get("ctx", {}).get("fields") or [str(part) for part in found["loc"][:1]]
        name = named[0] if named and named[0] in fields else next(iter(fields))
        yield name, sentence(dict(found), fields[name].title or name)


def _shown(tool: Tool, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Values as the templates take them: text, or a list of text."""
    return {
        name: [str(item)[:MAX_KEPT_CHARACTERS] for item in raw[name]] if many else str(raw[name])[:MAX_KEPT_CHARACTERS]
        for name, many in _names(tool).items()
    }


def lenient(form: Form) -> Inputs:
    """Inputs to draw an unfinished form with: what is wrong stands at its default or is cut to fit, and rules over several fields are off."""
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
    if bound.many:
        allowed = bound.choices
        kept = [value for value in bound.value if not allowed or value in allowed]
        return kept[: bound.limits.get("maxItems", len(kept))]
    return bound.value.strip()[: bound.max_length] if bound.max_length else bound.value
