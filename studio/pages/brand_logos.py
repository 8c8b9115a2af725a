"""The logos of a brand: one for light grounds, one for dark ones, and the mark alone."""

from __future__ import annotations

from studio.media.uploads import refused_uploads
from studio.models import Brand

from .access import MemberRequest
from .assets import take_files

FIELDS = ("logo", "logo_dark", "logo_mark")


def save_logo(request: MemberRequest, brand: Brand) -> str:
    """Takes a file in (field `logo` or `logo_dark`; SVG too), or one out (`do=remove:logo`). Returns what is wrong, "" when all is well."""
    removed = request.POST.get("do", "").removeprefix("remove:")
    if removed in FIELDS:
        setattr(brand, removed, None)
        brand.save(update_fields=(removed,))
        return ""
    sent = [field for field in FIELDS if field in request.FILES or _refused(request, field)]
    if not sent:
        return "Choose a file first: SVG, PNG, JPEG or WebP."
    for field in sent:
        answer = take_files(request, field)[0]
        if answer.taken is None:
            return f"{answer.file_name}: {answer.sentence}" if answer.file_name else answer.sentence
        setattr(brand, field, answer.taken.asset)
        brand.save(update_fields=(field,))
    return ""


def _refused(request: MemberRequest, field: str) -> bool:
    return any(at == field for at, _ in refused_uploads(request))
