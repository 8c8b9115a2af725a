"""A selection of outputs: which were ticked, their zip, and the answer to what is done with several at once."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from studio.media.zip import zip_response
from studio.models import OutputState
from studio.providers import PROVIDERS

from .access import MemberRequest, member
from .answers import Events, back, tell
from .filters import as_uuid
from .rows import here


def chosen(request: MemberRequest) -> list[UUID]:
    """The ids that were ticked; what is no id is left out."""
    return list(dict.fromkeys(pk for text in request.POST.getlist("output") if (pk := as_uuid(text))))


def several(
    request: MemberRequest,
    text: str,
    *,
    ids: Iterable[UUID] = (),
    undo: str = "",
    bad: bool = False,
    event: str = "tiles:changed",
) -> HttpResponseBase:
    """Scripts hear `event` with the ids (by default they fetch those tiles again); a plain form goes back with a message."""
    if not request.htmx:
        (messages.error if bad else messages.success)(request, text)
        return back(request, reverse("gallery"))
    changed: Events = {event: {"ids": [str(pk) for pk in ids]}}
    return tell(HttpResponse(status=204), text, undo=undo, bad=bad, events=changed)


@require_POST
@member
def outputs_zip(request: MemberRequest) -> HttpResponseBase:
    """The finished ones of the selection, streamed."""
    rows = here(request).filter(pk__in=chosen(request), state=OutputState.READY, asset__isnull=False)
    found = list(rows.select_related("asset", "brand", "generation").order_by("-pk"))
    if not found:
        messages.error(request, "Nothing in the selection has a file. Tick finished ones and try again.")
        return back(request, reverse("gallery"))
    return zip_response(found, {key: title for key, (title, _) in PROVIDERS.items()})


urlpatterns: list[URLPattern] = [path("outputs/zip", outputs_zip, name="outputs_zip")]
