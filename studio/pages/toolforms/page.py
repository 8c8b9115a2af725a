"""What the form's templates need beside the form: the library's choices, what is being made, and its price."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from studio.engine.fields import own_id
from studio.engine.never_say import said_in
from studio.media.uploads import most_megabytes
from studio.models import Brand
from studio.pages.access import MemberRequest
from studio.providers import get_provider
from studio.providers.local import steering
from studio.tools import get_tool

from . import held, library, preview
from .around import dressed
from .derive import Form, lenient
from .goes_along import goes_along
from .lines import widget_at
from .offered import Picked
from .summary import summary


def page_context(request: MemberRequest, form: Form, picked: Picked, picking: str = "") -> dict[str, Any]:
    """The form dressed with the library, for every template that draws its fields."""
    dress = dressed(form, request.membership, request.workspace, picked, picking)
    brands = library.brands(request.membership, request.workspace) if form.named("brand") else []
    brand = form.named("brand")
    widget = widget_at(form.tool, picking) if picking else ""
    return {
        "recent": held.recent(request.membership, request.workspace, widget, "") if held.kinds_of(widget) else [],
        "tool": form.tool,
        "form": _with_warnings(dress, brands),
        "picked": picked,
        "name": form.named("images"),
        "max_upload_mb": most_megabytes(),
        "brands": brands,
        "photos": library.photos(request.membership, request.workspace, form.reference("brand")) if brand else [],
    }


def _with_warnings(form: Form, brands: list[Brand]) -> Form:
    chosen = own_id(form.reference("brand"))
    brand = next((row for row in brands if row.pk == chosen), None)
    said = said_in(form.tool, lenient(form), brand)
    return form.with_around(replace(form.around, said=said)) if said else form


def is_drawn_here(picked: Picked) -> bool:
    """Whether the result can be shown before it is made."""
    offer = picked.offer
    tool = get_tool(offer.tool) if offer else None
    return bool(offer and tool and tool.makes == "image" and get_provider(offer.provider).drawn_here)


def described(request: MemberRequest, form: Form, picked: Picked) -> dict[str, Any]:
    """What the summary says, and the shapes that a preview can be asked for."""
    connection = picked.chosen.connection if picked.chosen else None
    values = preview.reachable(form.tool, lenient(form), request.membership, request.workspace, connection)
    draws = is_drawn_here(picked)
    shapes = list(getattr(values.inputs, "aspect_ratio", None) or ()) if draws else []
    shown = request.POST.get("shown", "")
    return {
        "values": values,
        "along": goes_along(picked, values),
        "said": said_in(form.tool, values.inputs, values.brand),
        "draws": draws,
        "words": preview.proposed(values) if draws else [],
        "taken": steering.taken(values) if draws else [],
        "analysing": draws and preview.is_analysing(values),
        "summary": summary(request.membership, request.workspace, form.tool, values, picked),
        "shapes": shapes,
        "shown": shown if shown in shapes else next(iter(shapes), ""),
    }


def drawn(request: MemberRequest, form: Form, picked: Picked) -> dict[str, Any]:
    """The same with the drawing, where there can be one. Raises preview.Overtaken."""
    context = described(request, form, picked)
    if not context["draws"]:
        return context
    name = f"{request.user.pk}/{request.POST.get('nonce', '')[:64]}"
    return context | {"preview": preview.draw(context["values"], context["shown"], name)}
