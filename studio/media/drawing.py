"""SVG becomes pixels here, in the limited child. Of an uploaded logo only the pixels are kept; a vectorised result is kept as a file to
download, and its pixels are what is shown. The drawing itself never reaches a page.

librsvg runs no script, reads no file and fetches nothing. What it would spend too long on is stopped by the child's limits.
"""

from __future__ import annotations

import os
import re
from typing import Any, BinaryIO
from xml.parsers import expat

os.environ.setdefault("VIPS_CONCURRENCY", "1")

import pyvips
from PIL import Image

from studio.media.errors import MediaRefused
from studio.media.limits import LARGE_SIDE_PX, MAX_RESULT_SVG_BYTES, MAX_SVG_BYTES, SVG_SIDE_PX
from studio.media.pixels import dominant_colour, save_as, save_previews

_DECLARATIONS = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.I)
_ENTITY = re.compile(rb"<!\s*ENTITY", re.I)
_CONVERTED_SIDE_PX = 2048
_LIVE_TEXT = re.compile(rb"<([a-z]+:)?text[\s>]", re.I)
_UNREADABLE = "This SVG cannot be drawn. Export it again as plain SVG, or as a PNG of at least 1,000 pixels."


def rasterise_logo(file: BinaryIO) -> dict[str, Any]:
    """Writes `picture` (PNG, 1024 pixels on the long side, transparent ground) and returns its facts as `pixels.normalise` does."""
    data = file.read(MAX_SVG_BYTES + 1)
    raise_for_svg(data)
    image = _drawn(data, SVG_SIDE_PX)
    if image.getchannel("A").getextrema() == (0, 0):
        raise MediaRefused("Nothing shows when this SVG is drawn. Export it as a PNG of at least 1,000 pixels.")
    image.save("picture", "PNG", compress_level=6)
    notes = (
        ["This drawing has live text. Convert it to outlines if the lettering looks wrong."]
        if _LIVE_TEXT.search(data)
        else []
    )
    return {
        "media_type": "image/png",
        "width": image.width,
        "height": image.height,
        "dominant_colour": dominant_colour(image),
        "notes": notes,
    }


def draw_result(file: BinaryIO) -> dict[str, Any]:
    """Writes the previews `large` and `small` of a drawing that an upstream made; returns width and height (its own, in pixels) besides
    what `pixels.save_previews` does.
    """
    data = _result(file)
    plain = pyvips.Image.svgload_buffer(data)
    return {**save_previews(_drawn(data, LARGE_SIDE_PX)), "width": plain.width, "height": plain.height}


def convert(file: BinaryIO, *, media_type: str) -> dict[str, Any]:
    """Writes `picture`: such a drawing in pixels, 2048 on the long side."""
    return save_as(_drawn(_result(file), _CONVERTED_SIDE_PX), media_type)


def _result(file: BinaryIO) -> bytes:
    data = file.read(MAX_RESULT_SVG_BYTES + 1)
    if len(data) > MAX_RESULT_SVG_BYTES or _ENTITY.search(data) or _root(data) != "svg":
        raise MediaRefused(_UNREADABLE)
    return data


def raise_for_svg(data: bytes) -> None:
    """Refuses by size, declarations and root element, before any renderer sees it. Raises MediaRefused."""
    if len(data) > MAX_SVG_BYTES:
        raise MediaRefused("This SVG has more than 1 MB. Simplify it, or export the logo as PNG.")
    if _DECLARATIONS.search(data):
        raise MediaRefused(
            "This SVG declares a document type or entities, which are not taken. Export it as plain SVG or as PNG."
        )
    if _root(data) != "svg":
        raise MediaRefused(_UNREADABLE)


def _root(data: bytes) -> str:
    """The first element's name without its prefix; "" where the XML is broken before it."""
    names: list[str] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, _attributes: names.append(name)
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        return ""
    return names[0].rpartition(":")[2] if names else ""


def _drawn(data: bytes, side: int) -> Image.Image:
    try:
        # Lazy: this reads the size and no pixel.
        plain = pyvips.Image.svgload_buffer(data)
        longest = max(plain.width, plain.height)
        if min(plain.width, plain.height) < 1 or longest > 100_000 or longest > 60 * min(plain.width, plain.height):
            raise MediaRefused(_UNREADABLE)
        drawn = pyvips.Image.svgload_buffer(data, scale=side / longest)
        if max(drawn.width, drawn.height) > side + 1:
            raise MediaRefused(_UNREADABLE)
        if not drawn.hasalpha():
            drawn = drawn.addalpha()
        pixels = drawn.write_to_memory()
    except pyvips.Error as error:
        raise MediaRefused(_UNREADABLE) from error
    return Image.frombytes("RGBA", (drawn.width, drawn.height), bytes(pixels))
