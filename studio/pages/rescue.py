"""Needs a look: what nobody knows the end of, and batches that came in part. Nothing here happens before a person presses."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST, require_safe

from studio.engine import rescue as engine
from studio.engine import review
from studio.engine.briefs import NotOffered, OverBudget, SubmittedBrief
from studio.engine.reconcile import What
from studio.engine.resolve import Unresolved
from studio.models import Generation

from .access import MemberRequest, creator
from .answers import answer, tell
from .filters import as_uuid
from .rescue_cases import case_ids, case_of, page_of
from .rows import seen_output

_NONCE = re.compile(r"[A-Za-z0-9_-]{8,64}")
GONE = "Something that it was made with is gone. Use Remix to choose it anew."


@require_safe
@creator
def rescue(request: MemberRequest) -> HttpResponse:
    """`?before=` continues the list; scripts ask with `?newer=` whether there is more on top."""
    if request.htmx and "newer" in request.GET:
        rows = case_ids(request.membership, request.workspace)
        newest = rows.order_by("-id").first()
        shown = as_uuid(request.GET["newer"])
        return render(request, "rescue/_news.html", {"more": bool(newest and newest["id"] != shown), "newest": shown})
    cases, more = page_of(request.membership, request.workspace, as_uuid(request.GET.get("before", "")))
    newest_id = cases[0].generation.pk if cases else ""
    return render(request, "rescue/rescue.html", {"cases": cases, "more": more, "newest": newest_id})


@require_safe
@creator
def rescue_case(request: MemberRequest, generation_id: UUID) -> HttpResponse:
    """One case as it is now; empty where it is settled, so that its swap takes it away."""
    return _case(request, _seen(request, generation_id))


@require_POST
@creator
def rescue_check(request: MemberRequest, generation_id: UUID) -> HttpResponseBase:
    """Asks the service, and says what it answered where the button is."""
    look = engine.check_again(_seen(request, generation_id), request.membership)
    return _done(request, generation_id, look.sentence, bad=look.what == What.UNASKED)


@require_POST
@creator
def rescue_adopt(request: MemberRequest, generation_id: UUID) -> HttpResponseBase:
    generation = _seen(request, generation_id)
    try:
        engine.adopt(generation, request.POST.get("job", ""), request.membership)
    except engine.NotPossible as problem:
        return _done(request, generation_id, str(problem), bad=True)
    return _done(request, generation_id, "Adopted. It goes on from here, and nothing is paid again.")


@require_POST
@creator
def rescue_write_off(request: MemberRequest, generation_id: UUID) -> HttpResponseBase:
    done = engine.write_off(_seen(request, generation_id), request.membership)
    return _done(request, generation_id, "Written off. It may have been charged." if done else "It is settled already.")


@require_POST
@creator
def rescue_again(request: MemberRequest, generation_id: UUID) -> HttpResponseBase:
    """The same once more, as a new brief. The uncertain one stays in the list: it may still be found."""
    generation, nonce = _seen(request, generation_id), request.POST.get("nonce", "")
    key = nonce if _NONCE.fullmatch(nonce) else uuid4().hex

    def press() -> SubmittedBrief:
        return engine.run_again(generation, request.membership, key, admin_ok=_confirmed(request))

    said = "Running again. It waits at the top of the gallery; this one stays here until it is found or written off."
    return _made(request, generation_id, press, said)


@require_POST
@creator
def rescue_missing(request: MemberRequest, generation_id: UUID) -> HttpResponseBase:
    """Makes what did not come, as a brief of its own; the empty tiles go to the trash."""
    generation = _seen(request, generation_id)

    def press() -> SubmittedBrief:
        return _make_missing(request, generation)

    return _made(request, generation_id, press, "The missing ones are being made. They wait at the top of the gallery.")


@require_POST
@creator
def rescue_leave(request: MemberRequest, generation_id: UUID) -> HttpResponseBase:
    """What came is enough: the empty tiles go to the trash."""
    generation = _seen(request, generation_id)
    review.trash(request.membership, engine.empty_tiles(generation))
    return _done(request, generation_id, "Left as it is. The empty tiles are in the trash.")


@require_POST
@creator
def output_check(request: MemberRequest, output_id: UUID) -> HttpResponseBase:
    """The same question, asked from a tile."""
    output = seen_output(request, output_id)
    look = engine.check_again(output.generation, request.membership)
    return answer(request, output_id, look.sentence, bad=look.what == What.UNASKED)


@require_POST
@creator
def output_missing(request: MemberRequest, output_id: UUID) -> HttpResponseBase:
    """The same as `rescue_missing`, pressed on an output's page."""
    output = seen_output(request, output_id)
    try:
        made = _make_missing(request, output.generation)
    except (NotOffered, engine.NotPossible, OverBudget) as problem:
        return answer(request, output_id, str(problem), bad=True)
    except Unresolved:
        return answer(request, output_id, GONE, bad=True)
    return answer(
        request, output_id, "They wait at the top of the gallery." if made.created else "They are being made."
    )


def _make_missing(request: MemberRequest, generation: Generation) -> SubmittedBrief:
    made = engine.make_missing(generation, request.membership, admin_ok=_confirmed(request))
    review.trash(request.membership, engine.empty_tiles(generation))
    return made


def _confirmed(request: MemberRequest) -> bool:
    """An owner or admin has read that it goes over the budget; from others it means nothing."""
    return request.POST.get("over") == "yes"


def _seen(request: MemberRequest, generation_id: UUID) -> Generation:
    rows = Generation.objects.seen_by(request.membership).select_related("brief", "workspace", "connection")
    found = rows.filter(pk=generation_id).first()
    if found is None:
        raise Http404("No such generation.")
    return found


# -- Answers -------------------------------------------------------------------------------------------------------------------


def _made(
    request: MemberRequest, generation_id: UUID, press: Callable[[], SubmittedBrief], said: str
) -> HttpResponseBase:
    try:
        made = press()
    except OverBudget as over:
        return _done(request, generation_id, str(over), bad=True, may_confirm=over.may_confirm)
    except (NotOffered, engine.NotPossible) as problem:
        return _done(request, generation_id, str(problem), bad=True)
    except Unresolved:
        return _done(request, generation_id, GONE, bad=True)
    return _done(request, generation_id, said if made.created else "That is being made already.")


def _done(
    request: MemberRequest, generation_id: UUID, said: str, *, bad: bool = False, may_confirm: bool = False
) -> HttpResponseBase:
    if not request.htmx:
        (messages.error if bad else messages.success)(request, said)
        return redirect(f"{reverse('rescue')}#case-{generation_id}")
    case = case_of(generation_id, said=said, over=said if may_confirm else "", may_confirm=may_confirm)
    if case:
        return render(request, "rescue/_case.html", {"case": case, "bad": bad})
    # It leaves the list; what happened is told by the toast.
    return tell(HttpResponse(), said, bad=bad)


def _case(request: MemberRequest, generation: Generation) -> HttpResponse:
    case = case_of(generation.pk)
    return render(request, "rescue/_case.html", {"case": case}) if case else HttpResponse()


urlpatterns: list[URLPattern] = [
    path("rescue/", rescue, name="rescue"),
    path("rescue/<uuid:generation_id>/", rescue_case, name="rescue_case"),
    path("rescue/<uuid:generation_id>/check", rescue_check, name="rescue_check"),
    path("rescue/<uuid:generation_id>/adopt", rescue_adopt, name="rescue_adopt"),
    path("rescue/<uuid:generation_id>/again", rescue_again, name="rescue_again"),
    path("rescue/<uuid:generation_id>/write-off", rescue_write_off, name="rescue_write_off"),
    path("rescue/<uuid:generation_id>/missing", rescue_missing, name="rescue_missing"),
    path("rescue/<uuid:generation_id>/leave", rescue_leave, name="rescue_leave"),
    path("outputs/<uuid:output_id>/check", output_check, name="output_check"),
    path("outputs/<uuid:output_id>/missing", output_missing, name="output_missing"),
]
