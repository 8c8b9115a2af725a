"""Where streaming is cut off, a page asks this address now and then: the same events, as JSON, conditional on the newest one."""

from __future__ import annotations

from django.http import HttpResponseBase, HttpResponseNotModified, JsonResponse
from django.urls import path
from django.views.decorators.http import require_GET

from studio.live.outbox import latest_id
from studio.live.replay import Audience, missed

from .access import MemberRequest, member


@require_GET
@member
def changes(request: MemberRequest) -> HttpResponseBase:
    """Events after `?after=`; 304 while there are none (`ETag` is the newest id)."""
    newest = latest_id()
    tag = f'"{newest}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified()
    after = request.GET.get("after", "")
    audience = Audience(request.user.pk, request.membership.team_id, request.workspace.pk)
    events = (
        missed(audience, int(after), overlap=False) if after.isascii() and after.isdigit() and len(after) < 19 else None
    )
    body = {
        "newest": newest,
        "refresh": events is None,
        "events": [{"kind": event.kind, "subject": event.subject, **event.data} for event in events or ()],
    }
    return JsonResponse(body, headers={"ETag": tag, "Cache-Control": "no-cache"})


urlpatterns = [path("live/changes", changes, name="live_changes")]
