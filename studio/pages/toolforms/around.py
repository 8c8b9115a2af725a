"""Gives a form what the library has for it: the files that it holds, and what can be chosen. A fixed number of queries for each field."""

from __future__ import annotations

from studio.models import Membership, Workspace

from . import held, things
from .derive import Around, Form
from .offered import Picked


def dressed(form: Form, membership: Membership, workspace: Workspace, picked: Picked, picking: str = "") -> Form:
    """The form, ready to be drawn. picking: the field whose recent files are shown."""
    every = form.every_field()
    files = {it.name: (it.widget, _references(it.value)) for it in every if held.kinds_of(it.widget)}
    wanted = [reference for _, references in files.values() for reference in references]
    assets = held.loaded(membership, wanted)
    cards = {name: held.held(references, widget, assets) for name, (widget, references) in files.items()}
    chosen = {
        it.name: things.things(
            membership, workspace, it.widget, picked.chosen, _references(it.value), template=template_of(form, picked)
        )
        for it in form.fields
        if it.widget in things.THEIRS
    }
    return form.with_around(Around(cards, chosen, picking))


def template_of(form: Form, picked: Picked) -> str:
    """The slug of what the form is laid out by: the chosen template where it is drawn here, else that of the service's offer."""
    if picked.offer is None or picked.offer.provider == "local":
        return str(form.raw.get("template", ""))
    return str(picked.offer.wire.get("template_slug", ""))


def _references(value: object) -> list[str]:
    if isinstance(value, list):
        return list(dict.fromkeys(str(it) for it in value if it))
    return [str(value)] if value else []
