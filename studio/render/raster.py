"""From our SVG to pixels, and from pixels to files.

librsvg, as pyvips brings it, draws the same pixels as a browser does because every text is an outline already.
"""

from __future__ import annotations

import os
import re
from io import BytesIO
from typing import Literal, cast

# libvips reads this once, when it is loaded; one render may not take both cores.
os.environ.setdefault("VIPS_CONCURRENCY", "2")

import pyvips
from PIL import Image

from studio.render.spec import MAX_SIDE_PX

Format = Literal["jpeg", "png", "webp"]

# Every document is new: a cache of past ones would only hold memory.
pyvips.cache_set_max(0)

_SIZE = re.compile(r'<svg [^>]*?width="([0-9.]+)" height="([0-9.]+)"')


def rasterise(svg: str, width: int, height: int) -> Image.Image:
    """The drawing as an RGB image of exactly this size (white where nothing was drawn). Only for documents of ours (see `svg`).

    Raises ValueError for a size over MAX_SIDE_PX or a document that cannot be drawn.
    """
    if not (0 < width <= MAX_SIDE_PX and 0 < height <= MAX_SIDE_PX):
        raise ValueError(
            f"A picture of {width} × {height} pixels cannot be drawn; each side may have 1 to {MAX_SIDE_PX}."
        )
    size = _SIZE.match(svg)
    if size is None:
        raise ValueError("The drawing does not say its size.")
    scale = max(width / float(size[1]), height / float(size[2]))
    try:
        # unlimited: embedded pictures make attributes longer than the XML reader's limit for strangers' documents
        drawn = pyvips.Image.svgload_buffer(svg.encode(), scale=scale, unlimited=True)
        flat = drawn.flatten(background=[255, 255, 255]) if drawn.hasalpha() else drawn
        pixels = flat.write_to_memory()
    except pyvips.Error as error:
        raise ValueError(f"The drawing could not be turned into pixels: {str(error).strip()[:200]}") from error
    image = Image.frombuffer("RGB", (flat.width, flat.height), cast(bytes, pixels), "raw", "RGB", 0, 1)
    return image if image.size == (width, height) else image.resize((width, height), Image.Resampling.LANCZOS)


def encode(image: Image.Image, format: Format, quality: int = 90) -> bytes:
    """The file's bytes. quality: 1..100 for JPEG and WebP; PNG is always lossless."""
    out = BytesIO()
    if format == "jpeg":
        image.convert("RGB").save(out, "JPEG", quality=quality, subsampling=0 if quality >= 90 else 2, optimize=False)
    elif format == "webp":
        image.save(out, "WEBP", quality=quality, method=2)
    elif format == "png":
        image.save(out, "PNG", compress_level=4)
    else:
        raise ValueError(f"“{format}” is not a format that is written here; take jpeg, png or webp.")
    return out.getvalue()
