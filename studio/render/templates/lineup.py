"""Several cut-outs side by side as one product, so that placement and shadows treat them as one thing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from io import BytesIO

from PIL import Image

from studio.render import pictures
from studio.render.spec import Picture

_HIGH = 1200
_BACK = 0.86
"""How tall those behind are, beside the first."""


def lineup(items: Sequence[pictures.Product]) -> pictures.Product | None:
    """The first in front in the middle, the others behind it at its sides, all on one ground line. None without items."""
    if len(items) < 2:
        return items[0] if items else None
    name = hashlib.sha256("|".join(item.key for item in items).encode()).hexdigest()
    return pictures.product(Picture(f"lineup-{name}", lambda: _draw(items), lambda: _draw(items)))


def _draw(items: Sequence[pictures.Product]) -> bytes:
    scaled = [_sized(item, _HIGH if index == 0 else round(_HIGH * _BACK)) for index, item in enumerate(items[:3])]
    front, back = scaled[0], scaled[1:]
    # Those behind are a tenth of their width behind the front one; with only one it stands to the right.
    left = back[1].width - round(0.1 * back[1].width) if len(back) > 1 else 0
    right = back[0].width - round(0.1 * back[0].width)
    board = Image.new("RGBA", (left + front.width + right, _HIGH))
    lift = round(0.022 * _HIGH)
    spots = [(left + front.width + right - back[0].width, back[0])]
    if len(back) > 1:
        spots.append((0, back[1]))
    for x, image in spots:
        board.alpha_composite(image, (x, _HIGH - image.height - lift))
    board.alpha_composite(front, (left, _HIGH - front.height))
    out = BytesIO()
    board.save(out, "PNG", compress_level=1)
    return out.getvalue()


def _sized(item: pictures.Product, high: int) -> Image.Image:
    wide = max(1, round(high * item.aspect))
    if item.aspect > 1.3:  # a wide thing beside tall ones would dwarf them
        wide, high = round(1.3 * high), max(1, round(1.3 * high / item.aspect))
    return item.image.resize((wide, high), Image.Resampling.LANCZOS, reducing_gap=2.0)
