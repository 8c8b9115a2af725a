"""Error pages: what happened, and what to do now."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.deprecation import MiddlewareMixin

from config.storage import StorageAway

log = logging.getLogger(__name__)


def _error(request: HttpRequest, status: int, title: str, sentence: str) -> HttpResponse:
    return render(request, "errors/error.html", {"title": title, "sentence": sentence, "status": status}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(
        request, 400, "That request made no sense", "Go back and try again. If it came from a link, the link is broken."
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, 403, "Not for your role", str(exception or "") or "Ask an admin of your team for access.")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(
        request,
        404,
        "Nothing here",
        "It may have been deleted, or it belongs to a team or workspace that you are not in.",
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without the request: whoever asks who is signed in asks the database, which may be what broke."""
    sentence = "What you made is safe, and nothing is sent twice. Try again in a minute."
    context = {"title": "Something broke on our side", "sentence": sentence, "status": 500}
    return HttpResponse(render_to_string("errors/error.html", context), status=500)


class StorageAnswers(MiddlewareMixin):
    """Middleware: a storage that cannot be used is not a fault of the page, and says what it is."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        if not isinstance(exception, StorageAway):
            return None
        log.warning("%s %s: %s (%r)", request.method, request.path, exception, exception.__cause__)
        response: HttpResponse
        if "application/json" in request.headers.get("Accept", ""):
            response = JsonResponse({"error": str(exception)}, status=503)
        else:
            response = _error(request, 503, "Files cannot be reached now", str(exception))
        response["Retry-After"] = "60"
        response["Cache-Control"] = "no-store"
        return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _error(
        request,
        403,
        "This form had expired",
        "Go back, reload the page and send it again. If that keeps happening, allow cookies for this site.",
    )
