"""Which pages may use the camera, the microphone and the place of a device: none, but for those that say so themselves."""

from __future__ import annotations

from typing import TypeVar

from django.http import HttpRequest, HttpResponseBase
from django.utils.deprecation import MiddlewareMixin

HEADER = "Permissions-Policy"
NOTHING = "camera=(), geolocation=(), microphone=()"
MICROPHONE = "camera=(), geolocation=(), microphone=(self)"

R = TypeVar("R", bound=HttpResponseBase)


class DevicePolicy(MiddlewareMixin):
    """Middleware: a page that needs no device cannot be made to use one."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response.headers.setdefault(HEADER, NOTHING)
        return response


def with_microphone(response: R) -> R:
    response.headers[HEADER] = MICROPHONE
    return response
