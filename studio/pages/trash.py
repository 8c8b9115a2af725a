"""The trash: what was deleted, until somebody restores it. Nothing in it is purged by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from studio.engine import review
from studio.models import Output

from .access import MemberRequest, creator, member
from .answers import Events, answer
from .filters import as_uuid
from .rows import PAGE, with_tiles
from .selection import chosen, several

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def _in_trash(request: MemberRequest) -> QuerySet[Output]:
    rows = Output.objects.seen_by(request.membership).filter(workspace=request.workspace)
    return rows.exclude(deleted_at=None)


@require_safe
@member
def trash(request: MemberRequest) -> HttpResponseBase:
    """Newest deletion first. `?before=` is the time and id of the last one shown."""
    before = _key(request.GET.get("before", ""))
    rows = _in_trash(request).filter(deleted_at__lte=before[0] if before else timezone.now())
    if before:
        rows = rows.exclude(deleted_at=before[0], pk__gte=before[1])
    found = list(with_tiles(rows.order_by("-deleted_at", "-pk"))[: PAGE + 1])
    shown = found[:PAGE]
    more = _spelled(shown[-1]) if len(found) > PAGE else ""
    return render(request, "outputs/trash.html", {"outputs": shown, "more": more, "before": before})


@require_POST
@creator
def output_trash(request: MemberRequest, output_id: UUID) -> HttpResponseBase:
    output = Output.objects.seen_by(request.membership).filter(pk=output_id).first()
    if output is None:
        raise Http404("No such output.")
    moved = review.trash(request.membership, [output_id])
    if not moved and output.deleted_at is None:
        return answer(request, output_id, "It is still being made. Cancel it first, then delete it.", bad=True)
    undo = reverse("output_restore", args=[output_id])
    undo = f"{undo}?on=none"
    gone: Events = {"output:gone": {"text": "Moved to the trash", "undo": undo}}
    return answer(request, output_id, "Moved to the trash", undo=undo, events=gone)


@require_POST
@creator
def output_restore(request: MemberRequest, output_id: UUID) -> HttpResponseBase:
    if not Output.objects.seen_by(request.membership).filter(pk=output_id).exists():
        raise Http404("No such output.")
    review.restore(request.membership, [output_id])
    restored: Events = {"outputs:restored": {"ids": [str(output_id)]}}
    return answer(request, output_id, "Restored", events=restored)


@require_POST
@creator
def outputs_trash(request: MemberRequest) -> HttpResponseBase:
    """Moves the selection. All of it gets one time of deletion, by which Undo finds it again."""
    moved = review.trash(request.membership, _own(request))
    if not moved:
        return several(request, "Nothing was moved: what is still being made must be canceled first.", bad=True)
    when = _in_trash(request).filter(pk=moved[0]).values_list("deleted_at", flat=True).first()
    undo = f"{reverse('outputs_restore')}?at={_micros(when)}" if when else ""
    return several(request, f"Moved to the trash: {len(moved)}", undo=undo, ids=moved)


@require_POST
@creator
def outputs_restore(request: MemberRequest) -> HttpResponseBase:
    """Restores the ticked ones, or all that were deleted together at `?at=`."""
    when = _time(request.GET.get("at", ""))
    rows = _in_trash(request)
    rows = rows.filter(deleted_at=when) if when else rows.filter(pk__in=chosen(request))
    restored = review.restore(request.membership, list(rows.values_list("pk", flat=True)))
    return several(request, f"Restored: {len(restored)}", ids=restored, event="outputs:restored")


def _own(request: MemberRequest) -> list[UUID]:
    """The ticked ones in the workspace on the screen: a form from another tab moves nothing elsewhere."""
    rows = Output.objects.seen_by(request.membership).filter(workspace=request.workspace, pk__in=chosen(request))
    return list(rows.values_list("pk", flat=True))


def _spelled(output: Output) -> str:
    assert output.deleted_at is not None
    return f"{_micros(output.deleted_at)}.{output.pk}"


def _key(text: str) -> tuple[datetime, UUID] | None:
    time, _, key = text.partition(".")
    when, pk = _time(time), as_uuid(key)
    return (when, pk) if when and pk else None


def _micros(when: datetime) -> int:
    return (when - _EPOCH) // _MICROSECOND


def _time(text: str) -> datetime | None:
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        return None
    return _EPOCH + int(text) * _MICROSECOND


urlpatterns: list[URLPattern] = [
    path("trash/", trash, name="trash"),
    path("outputs/trash", outputs_trash, name="outputs_trash"),
    path("outputs/restore", outputs_restore, name="outputs_restore"),
    path("outputs/<uuid:output_id>/trash", output_trash, name="output_trash"),
    path("outputs/<uuid:output_id>/restore", output_restore, name="output_restore"),
]
