"""Files for the services that fetch them: no sign-in, an address that only we can make, and only as long as its generation needs it."""

from __future__ import annotations

from uuid import UUID

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import path
from django.views.decorators.http import require_safe

from studio.engine import links
from studio.media.serving import Served, serve


@require_safe
def relay(request: HttpRequest, generation: str, asset: str, proof: str, name: str) -> HttpResponseBase:
    """The original, with ranges. Whatever is not (or no longer) given out is not found."""
    try:
        found = links.relayed(UUID(hex=generation), UUID(hex=asset), proof)
    except ValueError:
        raise Http404 from None
    if found is None:
        raise Http404
    try:
        file = default_storage.open(str(found.file.name), "rb")
    except FileNotFoundError:
        raise Http404 from None
    return serve(
        request,
        Served(
            file=file,
            size_bytes=found.size_bytes,
            media_type=found.media_type,
            etag=found.sha256,
            modified=found.created_at,
            filename=name,
            cache="private, no-store",
        ),
    )


urlpatterns = [path(f"{links.RELAY}/<slug:generation>/<slug:asset>/<slug:proof>/<str:name>", relay, name="relay")]
