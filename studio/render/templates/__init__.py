"""The layouts of static ads: what there is, and `build`, which draws one.

A template is a file beside this one with a `TEMPLATE`; it is added to `_ORDERED`, in the order of the form. `base` has the canvas that
they draw on, `columns` type, `marks` logo, button, badge and stars, `copy` which text stands where, `lineup` several products as one.
"""

from __future__ import annotations

from studio.render import fonts
from studio.render.spec import MAX_SIDE_PX, MAX_TEXT_CHARACTERS, Drawing, StaticAd
from studio.render.templates import arch, editorial, hero, poster, review, split
from studio.render.templates.base import Canvas
from studio.render.templates.template import Template

_ORDERED = (
    split.TEMPLATE,
    hero.TEMPLATE,
    editorial.TEMPLATE,
    review.TEMPLATE,
    poster.TEMPLATE,
    arch.TEMPLATE,
)
TEMPLATES: dict[str, Template] = {template.slug: template for template in _ORDERED}
_TEXTS = {
    "headline": "headline",
    "subline": "subline",
    "call_to_action": "call to action",
    "badge": "badge",
    "quote": "quote",
}
_SMALLEST_SIDE_PX = 64


def build(ad: StaticAd) -> Drawing:
    """Lays an ad out and draws it. Raises ValueError, with a sentence for people, for what cannot be drawn."""
    template = TEMPLATES.get(ad.template)
    if template is None:
        raise ValueError(f"There is no template “{ad.template[:40]}”; choose one of {', '.join(TEMPLATES)}.")
    for side in (ad.width, ad.height):
        if not _SMALLEST_SIDE_PX <= side <= MAX_SIDE_PX:
            raise ValueError(
                f"An ad of {ad.width} × {ad.height} pixels cannot be drawn; "
                f"choose {_SMALLEST_SIDE_PX} to {MAX_SIDE_PX} pixels for each side."
            )
    for field, name in _TEXTS.items():
        length = len(getattr(ad, field))
        if length > MAX_TEXT_CHARACTERS:
            raise ValueError(f"The {name} has {length} characters; shorten it to {MAX_TEXT_CHARACTERS}.")
    for own in ad.brand.font_files:
        fonts.use_file(own)
    canvas = Canvas(ad)
    template.draw(canvas)
    return canvas.finish()
