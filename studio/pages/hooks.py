"""What services on the internet call: bells that ring, and the question whether this address leads here. No session, no form, no page."""

from __future__ import annotations

import logging
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from studio.engine import public_address, webhooks
from studio.models import Connection, Generation

log = logging.getLogger(__name__)


@csrf_exempt
@never_cache
@require_POST
def hook(request: HttpRequest, token: str) -> HttpResponse:
    """A bell signed by its service. 204 for a genuine one, whether it was about anything of ours or not; a forged one learns nothing."""
    connection = Connection.objects.filter(webhook_token=token).exclude(webhook_secret="").first() if token else None
    if connection is None:
        return HttpResponse(status=404)
    body = _body(request)
    if body is None:
        return HttpResponse(status=413)
    try:
        webhooks.hear(connection, {name.lower(): value for name, value in request.headers.items()}, body)
    except webhooks.Forged:
        log.warning("A bell for the %s connection was not genuine", connection.provider)
        return HttpResponse(status=401)
    return HttpResponse(status=204)


@csrf_exempt
@never_cache
@require_POST
def hook_done(request: HttpRequest, generation: str, proof: str) -> HttpResponse:
    """An unsigned bell: its address is its proof, its body is never read."""
    try:
        generation_id = UUID(hex=generation)
    except ValueError:
        return HttpResponse(status=404)
    if not webhooks.is_proof(generation_id, proof):
        return HttpResponse(status=404)
    webhooks.ring(Generation.objects.filter(pk=generation_id))
    return HttpResponse(status=204)


@never_cache
@require_safe
def hook_here(request: HttpRequest, nonce: str) -> HttpResponse:
    """Proves to ourselves, seen from outside, that an address leads to this installation."""
    return HttpResponse(public_address.answer_for(nonce), content_type="text/plain")


def _body(request: HttpRequest) -> bytes | None:
    """The bytes as they were signed; None where they are too many or broke off."""
    try:
        if int(request.headers.get("Content-Length") or 0) > webhooks.LARGEST_BODY:
            return None
        body = request.body
    except (RequestDataTooBig, UnreadablePostError, ValueError):
        return None
    return body if len(body) <= webhooks.LARGEST_BODY else None


urlpatterns = [
    path("hooks/<slug:token>/", hook, name="hook"),
    path("hooks/done/<slug:generation>/<slug:proof>/", hook_done, name="hook_done"),
    path("hooks/here/<slug:nonce>/", hook_here, name="hook_here"),
]
