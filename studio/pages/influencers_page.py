"""An influencer's page as it is drawn, whole or in parts."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from studio.media.uploads import most_megabytes
from studio.models import Influencer, Readiness

from .access import MemberRequest
from .influencers_library import (
    MOST_PHOTOS,
    Person,
    being_made,
    checklist,
    is_usable,
    known_at,
    people,
    photos_here,
)
from .influencers_new import service_form, service_offer
from .used import used_in


def page_answer(
    request: MemberRequest, row: Influencer, change: dict[str, Any] | None = None, status: int = 200
) -> HttpResponseBase:
    context = page_context(request, row) | {"used": used_in(request, "influencer", row.pk)} | (change or {})
    response = render(request, "influencers/influencer.html", context, status=status)
    patch_vary_headers(response, ("HX-Request",))
    return response


def page_context(request: MemberRequest, row: Influencer) -> dict[str, Any]:
    person: Person = people(request, [row])[0]
    photos = photos_here(row)
    known = known_at([row.pk])[row.pk]
    at_service = {it.provider for it in known if it.kind == "influencer"}
    may_edit = request.membership.may_create and row.archived_at is None
    service = service_offer(request) if may_edit and row.readiness == Readiness.READY and photos else None
    service = service if service and service["provider"] not in at_service else None
    making = being_made(row) if may_edit else None
    waits = person.waits or row.readiness == Readiness.TRAINING or making is not None
    return {
        "influencer": row,
        "person": person,
        "photos": photos,
        "checks": checklist(row, photos),
        "known": known,
        "making": making,
        "service": service if making is None else None,
        "service_url": service_form(row),
        "may_edit": may_edit,
        "usable": is_usable(request, row) and row.readiness == Readiness.READY,
        "elsewhere": f"{row.name} belongs to the workspace {row.workspace}. Switch there to make pictures with them.",
        "here": row.workspace_id in (None, request.workspace.pk),
        "waits": waits and row.archived_at is None,
        "films_too": "influencer_studio" in at_service,
        "most_photos": MOST_PHOTOS,
        "max_upload_mb": most_megabytes(),
    }
