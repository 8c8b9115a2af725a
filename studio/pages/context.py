from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject


def frame(request: HttpRequest) -> dict[str, Any]:
    """What the frame around every page needs. Lazy: a fragment that does not draw the frame pays nothing."""
    membership = getattr(request, "membership", None)
    if membership is None:
        return {}
    return {"workspaces": SimpleLazyObject(lambda: list(membership.workspaces()))}
