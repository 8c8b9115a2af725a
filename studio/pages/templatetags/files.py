"""`accept="{{ 'image'|accept }}"`: what a file field lets people choose, said in one place."""

from __future__ import annotations

from django import template

from studio.pages.toolforms.held import accept_of

register = template.Library()


@register.filter
def accept(names: str) -> str:
    """Of kinds or of a field's widget, several with commas: `"image,video"|accept`. Empty for names that take no files."""
    return accept_of(*names.split(","))
