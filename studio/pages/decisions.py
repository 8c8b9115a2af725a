"""Approve, request changes, reject, undo, star: for one output or for a selection. Every role may; nothing here spends anything."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from studio.engine import review
from studio.engine.review import CannotDecide
from studio.models import Decision, Output, Verdict

from .access import MemberRequest, member
from .answers import Events, answer
from .filters import as_uuid
from .rows import here
from .selection import chosen, several

_DONE = {Verdict.APPROVED: "Approved", Verdict.CHANGES: "Changes requested", Verdict.REJECTED: "Rejected"}


@require_POST
@member
def output_decide(request: MemberRequest, output_id: UUID) -> HttpResponseBase:
    """`verdict` and `note`. Undo is offered in the toast; the page hears `output:decided` and moves on after an approval."""
    verdict = _verdict(request)
    note = " ".join(request.POST.get("note", "").replace("\x00", "").split())[:1000]
    if verdict is None:
        return answer(request, output_id, "Choose approve, changes or reject.", bad=True)
    try:
        decision = review.decide(request.membership, request.user, output_id, verdict, note)
        review.mark_opened(request.membership, [output_id])
    except Output.DoesNotExist as error:
        raise Http404("No such output.") from error
    except CannotDecide as error:
        return answer(request, output_id, str(error), bad=True)
    undo = f"{reverse('output_undo', args=[output_id])}?decision={decision.pk}"
    decided: Events = {"output:decided": {"verdict": str(verdict), "undo": undo}}
    return answer(request, output_id, _DONE[verdict], undo=undo, events=decided)


@require_POST
@member
def output_undo(request: MemberRequest, output_id: UUID) -> HttpResponseBase:
    """Takes back the decision named by `decision`, or the newest one."""
    rows = Decision.objects.filter(output=output_id, output__in=Output.objects.seen_by(request.membership).values("pk"))
    asked = as_uuid(request.POST.get("decision") or request.GET.get("decision"))
    decision = (rows.filter(pk=asked) if asked else rows).first()
    if decision is None:
        if not Output.objects.seen_by(request.membership).filter(pk=output_id).exists():
            raise Http404("No such output.")
        return answer(request, output_id, "There is no decision to take back.", bad=True)
    try:
        output = review.undo(request.membership, request.user, decision.pk)
    except CannotDecide as error:
        text = "There is nothing left to take back." if decision.undoes_id else str(error)
        return answer(request, output_id, text, bad=True)
    text = f"Taken back: {Verdict(output.verdict).label.lower()} again."
    events: Events = {"tiles:changed": {"ids": [str(output_id)]}, "output:undone": {}}
    return answer(request, output_id, text, events=events)


@require_POST
@member
def output_star(request: MemberRequest, output_id: UUID) -> HttpResponseBase:
    """`starred`: 1 or 0."""
    try:
        review.star(request.membership, output_id, request.POST.get("starred") == "1")
        review.mark_opened(request.membership, [output_id])
    except Output.DoesNotExist as error:
        raise Http404("No such output.") from error
    return answer(request, output_id)


@require_POST
@member
def outputs_decide(request: MemberRequest) -> HttpResponseBase:
    """One verdict for the selection. Undo names the first and the last decision, so that its address stays short."""
    verdict = _verdict(request)
    if verdict is None or verdict == Verdict.CHANGES:
        return several(request, "Choose approve or reject.", bad=True)
    ids = list(here(request).filter(pk__in=chosen(request)).values_list("pk", flat=True))
    made = review.decide_many(request.membership, request.user, ids, verdict)
    if not made:
        return several(request, "Nothing in the selection is ready to be decided on.", bad=True)
    review.mark_opened(request.membership, ids)
    keys = sorted(decision.pk for decision in made)
    undo = f"{reverse('outputs_undo')}?first={keys[0]}&last={keys[-1]}"
    return several(request, f"{_DONE[verdict]}: {len(made)}", undo=undo, ids=[decision.output_id for decision in made])


@require_POST
@member
def outputs_undo(request: MemberRequest) -> HttpResponseBase:
    """Takes back one person's own decisions from `first` to `last`; what others have decided since stays."""
    first, last = as_uuid(request.GET.get("first")), as_uuid(request.GET.get("last"))
    if first is None or last is None:
        return several(request, "That was too long ago to take back here.", bad=True)
    own = Decision.objects.filter(pk__gte=first, pk__lte=last, by=request.user, undoes=None)
    ids: list[UUID] = []
    with transaction.atomic():
        for decision in own.filter(output__in=here(request).values("pk")):
            try:
                ids.append(review.undo(request.membership, request.user, decision.pk).pk)
            except CannotDecide:
                continue
    return several(request, f"Taken back: {len(ids)}", ids=ids)


@require_POST
@member
def outputs_star(request: MemberRequest) -> HttpResponseBase:
    starred = request.POST.get("starred") == "1"
    ids = list(here(request).filter(pk__in=chosen(request)).values_list("pk", flat=True))
    with transaction.atomic():
        for pk in ids:
            review.star(request.membership, pk, starred)
    return several(request, f"Starred: {len(ids)}" if starred else f"Star taken off: {len(ids)}", ids=ids)


def _verdict(request: MemberRequest) -> Verdict | None:
    """None for anything that nobody can decide."""
    asked = request.POST.get("verdict", "")
    return Verdict(asked) if asked in (Verdict.APPROVED, Verdict.CHANGES, Verdict.REJECTED) else None


urlpatterns: list[URLPattern] = [
    path("outputs/decide", outputs_decide, name="outputs_decide"),
    path("outputs/undo", outputs_undo, name="outputs_undo"),
    path("outputs/star", outputs_star, name="outputs_star"),
    path("outputs/<uuid:output_id>/decide", output_decide, name="output_decide"),
    path("outputs/<uuid:output_id>/undo", output_undo, name="output_undo"),
    path("outputs/<uuid:output_id>/star", output_star, name="output_star"),
]
