"""What the form's templates need beside the form: the library's choices, what is being made, and its price."""

from __future__ import annotations

from typing import Any

from studio.media.uploads import most_megabytes
from studio.pages.access import MemberRequest
from studio.providers import get_provider

from . import held, library, preview
from .around import dressed
from .derive import Form, lenient
from .lines import widget_at
from .offered import Picked
from .summary import summary


def page_context(request: MemberRequest, form: Form, picked: Picked, picking: str = "") -> dict[str, Any]:
    """The form dressed with the library, for every template that draws its fields."""
    dress = dressed(form, request.membership, request.workspace, picked, picking)
    brand = form.named("brand")
    widget = widget_at(form.tool, picking) if picking else ""
    return {
        "recent": held.recent(request.membership, request.workspace, widget, "") if held.kinds_of(widget) else [],
        "tool": form.tool,
        "form": dress,
        "picked": picked,
        "name": form.named("images"),
        "max_upload_mb": most_megabytes(),
        "brands": library.brands(request.membership, request.workspace) if brand else [],
        "photos": library.photos(request.membership, request.workspace, form.reference("brand")) if brand else [],
    }


def is_drawn_here(picked: Picked) -> bool:
    """Whether the result can be shown before it is made."""
    return bool(picked.offer and get_provider(picked.offer.provider).drawn_here)


def described(request: MemberRequest, form: Form, picked: Picked) -> dict[str, Any]:
    """What the summary says, and the shapes that a preview can be asked for."""
    connection = picked.chosen.connection if picked.chosen else None
    values = preview.reachable(form.tool, lenient(form), request.membership, request.workspace, connection)
    draws = is_drawn_here(picked)
    shapes = list(getattr(values.inputs, "aspect_ratio", None) or ()) if draws else []
    shown = request.POST.get("shown", "")
    return {
        "values": values,
        "draws": draws,
        "words": preview.proposed(values) if draws else [],
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
