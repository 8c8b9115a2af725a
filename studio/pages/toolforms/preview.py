"""The live preview: the very document that the renderer makes, drawn in the web process with lighter pictures.

Drawing is bounded: two at a time, and a form's newest request wins. Whoever is overtaken while waiting draws nothing.
"""

from __future__ import annotations

import base64
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from studio.engine.resolve import Unresolved, resolve
from studio.models import Connection, Membership, Workspace
from studio.providers.local.drawing import build_ad
from studio.tools import Inputs, Tool
from studio.tools.values import Resolved

PIXEL_SCALE = 0.5
AT_ONCE = 2
WAIT_SECONDS = 10.0
REMEMBERED_FORMS = 512


class Overtaken(Exception):
    """A newer request of the same form came while this one waited."""


class _Gate:
    """Lets a few through at a time, and of each form only the newest."""

    def __init__(self, at_once: int) -> None:
        self._places = threading.BoundedSemaphore(at_once)
        self._lock = threading.Lock()
        self._newest: OrderedDict[str, object] = OrderedDict()

    @contextmanager
    def enter(self, form: str) -> Iterator[None]:
        """Raises Overtaken where another request of the form came later, or no place was free in time."""
        mine = object()
        with self._lock:
            self._newest[form] = mine
            self._newest.move_to_end(form)
            while len(self._newest) > REMEMBERED_FORMS:
                self._newest.popitem(last=False)
        if not self._places.acquire(timeout=WAIT_SECONDS):
            raise Overtaken
        try:
            if self._newest.get(form, mine) is not mine:
                raise Overtaken
            yield
        finally:
            self._places.release()


gate = _Gate(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Preview:
    """image: the drawing as a `data:` address, empty where there is nothing to draw yet; problem: why it could not be drawn."""

    ratio: str
    width: int
    height: int
    image: str
    notes: tuple[str, ...] = ()
    problem: str = ""


def reachable(
    tool: Tool, inputs: Inputs, membership: Membership, workspace: Workspace, connection: Connection | None = None
) -> Resolved:
    """The inputs resolved for drawing. A reference that leads nowhere is left out: the submit will complain of it, at its field."""
    while True:
        try:
            return resolve(tool, inputs, membership, workspace.pk, connection=connection)
        except Unresolved as error:
            empty = {problem.field: type(inputs).model_fields[problem.field].default for problem in error.problems}
            if all(getattr(inputs, name) == value for name, value in empty.items()):
                raise
            inputs = inputs.model_copy(update=empty)


def proposed(values: Resolved) -> list[tuple[str, str, str]]:
    """Words that the studio would write for what was left empty: (field name, its title, the words)."""
    fields = values.tool.Inputs.model_fields
    return [(name, fields[name].title or name, text) for name, text in values.filled_in.items()]


def is_analysing(values: Resolved) -> bool:
    """Whether the worker has yet to look at a picture: its cut-out will change the drawing."""
    return any(not picture.analysed for group in values.media.values() for picture in group)


def draw(values: Resolved, ratio: str, form: str) -> Preview:
    """The ad in one of its shapes. form: names the open form, for `Overtaken`."""
    from studio.render.templates import build  # Loads numpy and fonts: pages without a preview do not wait for it.

    if hasattr(values.inputs, "resolution"):
        # Geometry follows from the proportion, so the smallest size shows the same ad.
        values = replace(values, inputs=values.inputs.model_copy(update={"resolution": "1K"}))
    ad = build_ad(values, ratio=ratio, pixel_scale=PIXEL_SCALE)
    with gate.enter(form):
        try:
            drawing = build(ad)
        except ValueError as error:
            return Preview(ratio, ad.width, ad.height, "", problem=str(error))
    return Preview(ratio, drawing.width, drawing.height, as_address(drawing.svg), drawing.notes)


def as_address(svg: str) -> str:
    """The drawing for an `<img>`: there its ids and styles cannot meet those of the page, and nothing in it can run."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
