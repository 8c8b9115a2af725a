"""The form's small steps: adding, ordering and taking out files, rows of groups. They work without script; scripts do them in place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .derive import Form
from .lines import kind_of, moved, widget_at
from .sent import single_or_many

ACTIONS = ("add", "remove", "first")


def stepped(form: Form, step: str) -> Form:
    """The form after `add:<field>:<reference>`, `remove:…`, `first:…`, or `rows:<field>:<add|remove|up|down>:<row>`.

    A field is an input's name or a row's member (`elements-0-face`); without one, the form's first pictures are meant. Any other word only
    shows the form again. Nothing was submitted, so only files that were refused are complained about.
    """
    action, _, rest = step.partition(":")
    changed = form
    if action == "rows":
        changed = _rows(form, rest)
    elif action in ACTIONS and rest:
        place, reference = _place(form, rest)
        if place and reference:
            changed = _with(form, place, action, reference)
    return replace(changed, inputs=None, errors=form.refused, problems=())


def _place(form: Form, rest: str) -> tuple[str, str]:
    place, colon, reference = rest.partition(":")
    if colon and form.find(place):
        return place, reference
    return form.named("images"), rest


def _rows(form: Form, rest: str) -> Form:
    name, _, what = rest.partition(":")
    action, _, index = what.partition(":")
    kind = kind_of(form.tool, name)
    if kind is None or name not in form.raw:
        return form
    return form.replace(
        name, moved(form.raw[name], kind, action, int(index) if index.isdecimal() and len(index) < 5 else -1)
    )


def _with(form: Form, place: str, action: str, reference: str) -> Form:
    if not widget_at(form.tool, place):
        return form
    now = value_at(form, place)
    if not single_or_many(form.tool, place):
        left = "" if action == "remove" and now == reference else now
        return with_value(form, place, reference if action == "add" else left)
    rest = [item for item in now if item != reference]
    if action == "add":
        return with_value(form, place, now if reference in now else [*now, reference])
    if action == "remove":
        return with_value(form, place, rest)
    return with_value(form, place, [reference, *rest] if len(rest) < len(now) else now)


def value_at(form: Form, place: str) -> Any:
    """What a field, or a member of a row, holds."""
    name, dash, rest = place.partition("-")
    if not dash:
        return form.raw[name]
    index, _, member = rest.partition("-")
    return form.raw[name][int(index)][member]


def with_value(form: Form, place: str, value: Any) -> Form:
    name, dash, rest = place.partition("-")
    if not dash:
        return form.replace(name, value)
    index, _, member = rest.partition("-")
    rows = [dict(row) for row in form.raw[name]]
    rows[int(index)][member] = value
    return form.replace(name, rows)
