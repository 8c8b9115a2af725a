"""Saving an inspiration at Videotok, and asking for those that it has. Pure, but for reading the bytes of a picture that has no address."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from pydantic import ValidationError

from studio.dialects.base import Reply, Request, Unreadable, UnsupportedInput
from studio.tools.values import MediaValue, ReferenceValue

from . import reading, wire
from .codec import REFERENCES
from .codec_entries import REFERENCE_IDS, REFERENCE_LISTS

MOST_INLINE_BYTES = 10 * 1024 * 1024
"""What one picture inside of a request may weigh. Its page gives no figure; this is the usual one for an API that takes base64."""


def kind_of(reference: ReferenceValue) -> wire.MediaKind:
    """video, slideshow (several pictures for a carousel) or image."""
    if any(media.kind == "video" for media in reference.media):
        return "video"
    carousel = reference.category == "slideshow-carousel"
    return "slideshow" if carousel and len(reference.media) > 1 else "image"


def encode_reference(reference: ReferenceValue, visibility: wire.Visibility = "private") -> Request:
    """Pictures go by their addresses where each has one, else inside of the request; a clip needs an address. Raises UnsupportedInput, NoAddress."""
    kind = kind_of(reference)
    fields: dict[str, Any] = {
        "template_slug": reference.slug,
        "template_category": reference.category,
        "media_kind": kind,
        "visibility": visibility,
        "label": reference.label,
    }
    if kind == "video":
        fields["video_url"] = next(media for media in reference.media if media.kind == "video").url()
    elif all(media.link for media in reference.media):
        fields["image_urls"] = [media.url() for media in reference.media]
    else:
        fields["images"] = [_inline(media, place) for place, media in enumerate(reference.media, start=1)]
    try:
        return Request.post(REFERENCES, wire.NewReference.model_validate(fields).sent())
    except ValidationError as error:
        raise UnsupportedInput(_complaint(reference), "reference") from error


def _inline(media: MediaValue, place: int) -> dict[str, str]:
    if media.size_bytes > MOST_INLINE_BYTES:
        size = media.size_bytes / 1024 / 1024
        raise UnsupportedInput(
            f"“{media.name}” has {size:.0f} MB; a picture of a saved reference may have 10.", "reference"
        )
    ending = media.media_type.partition("/")[2].partition("+")[0] or "png"
    data = base64.b64encode(media.bytes()).decode()
    return {"filename": media.name or f"reference-{place}.{ending}", "content_type": media.media_type, "data": data}


def _complaint(reference: ReferenceValue) -> str:
    if not reference.media:
        return f"“{reference.label}” has no picture or clip. Add one, then save it at Videotok."
    if len(reference.media) > wire.MAX_PICTURES:
        return f"“{reference.label}” has more than {wire.MAX_PICTURES} pictures. Take some out."
    return f"“{reference.label}” is filed under no template of Videotok. Choose one first."


def reference_id(reply: Reply) -> str:
    """The id of a new reference. Raises Unreadable."""
    top = reading.as_object(reply.data)
    inner = [top[it] for it in ("reference", "reference_inspiration", "inspiration", "data") if it in top]
    places = [top, *(it for it in inner if isinstance(it, Mapping))]
    found = next((it for place in places if (it := reading.id_of(place, REFERENCE_IDS))), "")
    if not found:
        raise Unreadable("Videotok saved the reference but does not say under which id.")
    return found


def saved_before(data: object, request: Request, since: datetime) -> str:
    """The id under which a listing has what this request saves; empty where it has not. Older ones of the same name are another's."""
    sent = request.json()
    same = ("label", "template_slug", "media_kind")
    for row in reading.rows(data, *REFERENCE_LISTS):
        made = _moment(row.get("created_at"))
        as_public = row.get("visibility") or sent["visibility"]
        alike = all(row.get(name) == sent[name] for name in same) and as_public == sent["visibility"]
        if alike and (made is None or made >= since):
            return reading.id_of(row, REFERENCE_IDS)
    return ""


def _moment(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found and found.tzinfo else None


def list_path() -> str:
    return REFERENCES


def suggest_path(media_kind: wire.MediaKind, description: str = "") -> str:
    """Where an inspiration of this kind might be filed."""
    query = wire.SuggestQuery(media_kind=media_kind, description=description or None)
    return f"{REFERENCES}?{urlencode(query.sent())}"


def recommend_path(template_slug: str, category: wire.Category, media_kind: wire.MediaKind) -> str:
    """Saved references that suit a template."""
    query = wire.RecommendQuery(template_slug=template_slug, template_category=category, media_kind=media_kind)
    return f"{REFERENCES}?{urlencode(query.sent())}"
