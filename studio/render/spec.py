"""What the renderer is told, as plain values.

Everything that reaches the renderer is one of these frozen classes. They hold no rows and no open files: a `Source` reads the bytes when
they are needed, so the web process (live preview) and the render subprocess (final pixels) feed the same code from different places.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

Source = Callable[[], bytes]
"""Reads the bytes of one decoded, upright, sRGB picture file (PNG, JPEG or WebP). Called only when a cache misses."""

MAX_SIDE_PX = 4096
MAX_TEXT_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle. Units are said by whoever carries it: pixels of the canvas, or fractions (0..1) of a picture."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture to draw.

    key: names the content (the sha256 of the stored file); every cache of pixels derived from it is keyed by it.
    photo: the whole picture.
    cutout: the same picture with its ground removed (RGBA, same proportions, not trimmed), or None where there is none: a picture
        that already has transparency gives itself; None means "use the photo as a photo".
    faces: boxes of faces as fractions of the picture; no text is put on them.
    focal: the point that must stay visible when the picture is cropped, as fractions.
    """

    key: str
    photo: Source
    cutout: Source | None = None
    faces: tuple[Box, ...] = ()
    focal: tuple[float, float] = (0.5, 0.5)


@dataclass(frozen=True, slots=True)
class FontFile:
    """A brand's own font. key: what `BrandLook.heading_font` says for it, made of its hash (`fonts.key_of`). source: a TTF or OTF file."""

    key: str
    title: str
    source: Source


@dataclass(frozen=True, slots=True)
class BrandLook:
    """How a brand looks. Colours are `#rrggbb`; the renderer derives what is missing and keeps every text at 4.5:1 or better.

    heading_font, body_font: keys of `fonts.FONTS`, or of the brand's own files, which `font_files` carries.
    logo: for light grounds; logo_dark: for dark grounds. Without either the name is set in the heading font.
    """

    name: str = ""
    primary: str = "#17171a"
    accent: str = "#2350e0"
    dark: str = "#17171a"
    light: str = "#f7f4ef"
    heading_font: str = "bricolage"
    body_font: str = "inter"
    logo: Picture | None = None
    logo_dark: Picture | None = None
    font_files: tuple[FontFile, ...] = ()


@dataclass(frozen=True, slots=True)
class StaticAd:
    """One static ad to draw.

    template: a key of `templates.TEMPLATES`.
    width, height: the canvas in pixels, each at most MAX_SIDE_PX. All geometry follows from them, so the same ad at another size with the
        same ratio has the same layout.
    pixel_scale: how many raster pixels the embedded pictures get for one canvas pixel. 1 for final pixels, 0.5 for the live preview:
        the geometry is the same, only the embedded pictures are lighter.
    variant: 0, 1, 2, …: different tasteful takes of the same template (ground, mirror, crop); `count` results use 0..count-1.
    An empty text means "leave that part out, and lay out as if it had never been there".
    type_scale: how large a headline may become beside its layout's own largest size; 1 leaves it alone.
    In `headline`, a word or words between asterisks (`Your *slow* morning`) are the emphasised ones; without any, the template picks one.
    """

    template: str
    width: int
    height: int
    headline: str = ""
    subline: str = ""
    call_to_action: str = ""
    badge: str = ""
    quote: str = ""
    brand: BrandLook = field(default_factory=BrandLook)
    pictures: tuple[Picture, ...] = ()
    pixel_scale: float = 1.0
    variant: int = 0
    type_scale: float = 1.0


@dataclass(frozen=True, slots=True)
class TextBox:
    """Where ink of a text landed, in canvas pixels, with the lowest contrast that it has against what lies under it."""

    role: str
    box: Box
    contrast: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """A finished SVG document with what tests and the form want to know of it.

    notes: sentences for the person ("The headline was shortened to fit the badge"), empty when nothing had to be bent.
    texts: every text's ink box; product_cover: the largest share (0..1) of any text's ink box that lies under or over the product.
    """

    svg: str
    width: int
    height: int
    notes: tuple[str, ...] = ()
    texts: tuple[TextBox, ...] = ()
    product_cover: float = 0.0
