"""Stopping what is being made, and making the same again."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

from django.http import Http404, HttpResponseBase
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from studio.engine.again import run_again
from studio.engine.briefs import NotOffered, OverBudget
from studio.engine.cancel import CancelOutcome, cancel
from studio.engine.resolve import Unresolved
from studio.models import Generation

from .access import MemberRequest, creator
from .answers import answer
from .rows import seen_output

_NONCE = re.compile(r"[A-Za-z0-9_-]{8,64}")
_SAID = {
    CancelOutcome.CANCELED: "Canceled. Nothing was charged.",
    CancelOutcome.ASKED: "Asked to stop. If it is quicker than that, it arrives all the same.",
    CancelOutcome.CANNOT: "This service cannot stop what it has begun. It arrives all the same, and is charged.",
    CancelOutcome.ENDED: "It had already ended.",
}


@require_POST
@creator
def output_cancel(request: MemberRequest, output_id: UUID) -> HttpResponseBase:
    """Stops the whole generation that this output belongs to."""
    output = seen_output(request, output_id)
    try:
        outcome = cancel(output.generation, request.membership)
    except Generation.DoesNotExist as error:
        raise Http404("No such output.") from error
    return answer(request, output_id, _SAID[outcome])


@require_POST
@creator
def output_again(request: MemberRequest, output_id: UUID) -> HttpResponseBase:
    """The same words to the same tool, as a new generation. `nonce`: pressing twice makes one."""
    output = seen_output(request, output_id)
    nonce = request.POST.get("nonce", "")
    try:
        made = run_again(output.generation, request.membership, nonce if _NONCE.fullmatch(nonce) else uuid4().hex)
    except (NotOffered, OverBudget) as error:
        return answer(request, output_id, str(error), bad=True)
    except Unresolved:
        text = "Something that it was made with is gone. Use Remix to choose it anew."
        return answer(request, output_id, text, bad=True)
    text = "Running again. It waits at the top of the gallery." if made.created else "That is already running."
    return answer(request, output_id, text)


urlpatterns: list[URLPattern] = [
    path("outputs/<uuid:output_id>/cancel", output_cancel, name="output_cancel"),
    path("outputs/<uuid:output_id>/again", output_again, name="output_again"),
]
