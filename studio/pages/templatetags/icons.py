"""`{% icon "star" 16 %}`: a Lucide icon, inlined, so that it takes the colour of the text beside it."""

import re
from functools import lru_cache
from pathlib import Path

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

ICONS = Path(__file__).resolve().parents[3] / "static" / "icons"
_NAME = re.compile(r"[a-z0-9-]+")
_SVG = re.compile(r"<svg[^>]*>(?P<shapes>.*)</svg>", re.DOTALL)


@lru_cache(maxsize=512)
def _shapes(name: str) -> str:
    """The elements inside the icon's file; LookupError for a name that we do not ship."""
    path = ICONS / f"{name}.svg"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise LookupError(f"No icon named {name!r} in static/icons. Copy it from lucide-static or use another name.")
    found = _SVG.search(path.read_text(encoding="utf-8"))
    if found is None:
        raise LookupError(f"static/icons/{name}.svg holds no <svg> element.")
    return re.sub(r"\s*\n\s*", "", found["shapes"])


@register.simple_tag
def icon(name: str, size: int = 16, extra: str = "") -> SafeString:
    """An inline SVG of `size` CSS pixels, hidden from assistive technology; `extra` adds classes, such as "fill"."""
    classes = conditional_escape(f"i {extra}".strip())
    return mark_safe(  # noqa: S308  (the shapes are our own files, the rest is escaped or a number)
        f'<svg class="{classes}" width="{int(size)}" height="{int(size)}" viewBox="0 0 24 24" fill="none" '
        f'stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" '
        f'aria-hidden="true" focusable="false">{_shapes(name)}</svg>'
    )


@register.filter
def initials(name: str) -> str:
    """Up to two letters for an avatar: ES for Elin Sørby, M for Maya, a question mark for an empty name."""
    words = [word for word in str(name).split() if word[0].isalnum()]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()
