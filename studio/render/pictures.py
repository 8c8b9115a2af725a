"""Pictures for layouts: decoded once, cut to what is seen, scaled to exact pixels, and embedded.

SVG renderers alias when they shrink a picture, so nothing is left to them: every `Piece` has its final pixels and stands on whole pixels.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from studio.render import tones
from studio.render.cache import ByteCache
from studio.render.filters import bounds
from studio.render.placement import Mask, Shape
from studio.render.spec import Box, Picture, Source
from studio.render.svg import Piece

LARGEST_SIDE = 3000
_MASK_SIDE = 160


@dataclass(frozen=True, slots=True)
class Product:
    """A cut-out, trimmed to what is visible.

    key: of the picture. image: RGBA. aspect: width / height. shape: for `placement`. mask: alpha 0..1, 160 cells on the long side.
    edges: up to five colours along its outline, for `colours.grounds`. colour: its dominant colour. where: the trimmed box as fractions
    of the whole picture. faces: boxes as fractions of the trimmed product.
    """

    key: str
    image: Image.Image
    aspect: float
    shape: Shape
    mask: Mask
    edges: tuple[str, ...]
    colour: str
    where: Box
    faces: tuple[Box, ...] = ()


def _image_bytes(image: Image.Image) -> int:
    return image.width * image.height * len(image.getbands())


_images: ByteCache[Image.Image] = ByteCache(160 << 20, _image_bytes)
_products: ByteCache[Product | None] = ByteCache(
    96 << 20, lambda product: _image_bytes(product.image) if product else 1
)
_pieces: ByteCache[Piece] = ByteCache(64 << 20, lambda piece: len(piece.href))


def forget() -> None:
    """Empties every cache of pixels."""
    for cache in (_images, _products, _pieces):
        cache.clear()


def decode(source: Source) -> Image.Image:
    """The picture of a source, RGB or RGBA, at most LARGEST_SIDE pixels a side. Raises ValueError if it cannot be read."""
    try:
        with Image.open(BytesIO(source())) as image:
            image.draft("RGB", (LARGEST_SIDE, LARGEST_SIDE))
            upright = ImageOps.exif_transpose(image)
            clear = upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info
            decoded = upright.convert("RGBA" if clear else "RGB")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise ValueError(
            "One of the pictures could not be read; upload it again as a PNG, JPEG or WebP file."
        ) from error
    if max(decoded.size) > LARGEST_SIDE:
        decoded.thumbnail((LARGEST_SIDE, LARGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return decoded


def photo(picture: Picture, ground: str = "#ffffff") -> Image.Image:
    """The whole picture as RGB; see-through parts show the ground."""

    def make() -> Image.Image:
        image = decode(picture.photo)
        if image.mode == "RGB":
            return image
        flat = Image.new("RGB", image.size, ground)
        flat.paste(image, (0, 0), image)
        return flat

    return _images.get((picture.key, "photo", ground), make)


def product(picture: Picture) -> Product | None:
    """The picture's cut-out, or None where it has none (then use its photo)."""
    if picture.cutout is None:
        return None
    source = picture.cutout
    return _products.get((picture.key, "product"), lambda: _product(picture, decode(source)))


def logo(picture: Picture) -> Product:
    """A logo, trimmed if it is transparent, whole if not."""
    source = picture.cutout or picture.photo
    found = _products.get((picture.key, "logo"), lambda: _product(picture, decode(source)))
    assert found is not None
    return found


def _product(picture: Picture, image: Image.Image) -> Product:
    full = image.convert("RGBA")
    box = bounds(np.asarray(full.getchannel("A")))
    left, top, right, bottom = int(box.x), int(box.y), int(box.x + box.width), int(box.y + box.height)
    trimmed = full.crop((left, top, right, bottom))
    where = Box(left / full.width, top / full.height, (right - left) / full.width, (bottom - top) / full.height)
    scale = _MASK_SIDE / max(trimmed.size)
    size = (max(1, round(trimmed.width * scale)), max(1, round(trimmed.height * scale)))
    alpha = np.asarray(trimmed.getchannel("A").resize(size, Image.Resampling.BOX), np.float32)
    mask: Mask = (alpha / 255).astype(np.float32)
    aspect = trimmed.width / trimmed.height
    faces = tuple(inside(face, where) for face in picture.faces)
    palette = tones.palette(trimmed, 5)
    edges = tones.edge_colours(trimmed)
    return Product(picture.key, trimmed, aspect, Shape.of(mask, aspect), mask, edges, palette[0], where, faces)


def inside(box: Box, window: Box) -> Box:
    """A box in fractions of a picture as fractions of a window of that picture (it may lie partly or wholly outside 0..1)."""
    return Box(
        (box.x - window.x) / window.width,
        (box.y - window.y) / window.height,
        box.width / window.width,
        box.height / window.height,
    )


def on_canvas(box: Box, window: Box, target: Box) -> Box:
    """Where a box of a picture (fractions) lands when the picture's `window` (fractions) is drawn over `target` (canvas pixels)."""
    part = inside(box, window)
    return Box(
        target.x + part.x * target.width,
        target.y + part.y * target.height,
        part.width * target.width,
        part.height * target.height,
    )


def tones_under(picture: Picture, window: Box, target: Box, box: Box) -> tones.Tones:
    """What a text in `box` (canvas pixels) stands on when the picture's window is drawn over `target` (canvas pixels)."""
    across, down = window.width / target.width, window.height / target.height
    region = Box(
        window.x + (box.x - target.x) * across,
        window.y + (box.y - target.y) * down,
        box.width * across,
        box.height * down,
    )
    return tones.tones(photo(picture), region)


def cover_crop(
    picture: Picture,
    ratio: float,
    *,
    zoom: float = 1.0,
    place: tuple[float, float] = (0.5, 0.5),
    size: tuple[int, int] | None = None,
) -> Box:
    """The window (fractions of the picture) with this width / height that shows the most.

    The focal point lands as near as the picture's edges allow to `place` in the window, and faces that fit are kept inside with air.
    zoom: above 1 shows less. size: the picture's pixels, if known; else they are read.
    """
    wide, high = size or photo(picture).size
    width = min(1.0, ratio * high / wide) / max(1.0, zoom)
    height = min(1.0, wide / (ratio * high)) / max(1.0, zoom)
    left = _slid(picture.focal[0] - place[0] * width, width, [(face.x, face.width) for face in picture.faces])
    top = _slid(picture.focal[1] - place[1] * height, height, [(face.y, face.height) for face in picture.faces])
    return Box(left, top, width, height)


def _slid(start: float, length: float, spans: Sequence[tuple[float, float]]) -> float:
    """A window's start along one axis, inside the picture and around the spans (the first ones first) as far as they fit."""
    low, high = 0.0, 1.0 - length
    for at, size in spans:
        air = 0.25 * size
        need_low, need_high = at + size + air - length, at - air
        if max(low, need_low) <= min(high, need_high):
            low, high = max(low, need_low), min(high, need_high)
        elif not spans[1:]:
            middle = min(max(at + size / 2 - length / 2, low), high)
            low = high = middle
    return min(max(start, low), high)


def snapped(box: Box) -> Box:
    """The box moved to whole pixels."""
    left, top = round(box.x), round(box.y)
    return Box(left, top, max(1, round(box.x + box.width) - left), max(1, round(box.y + box.height) - top))


def photo_piece(
    picture: Picture, box: Box, *, window: Box | None = None, scale: float = 1.0, ground: str = "#ffffff"
) -> Piece:
    """A photo filling a box of the canvas.

    window: the part to show (fractions), by default `cover_crop` at the box's ratio. scale: the ad's `pixel_scale`.
    """
    place = snapped(box)
    part = window or cover_crop(picture, place.width / place.height)

    def make() -> Piece:
        image = photo(picture, ground)
        source = (
            max(0.0, part.x * image.width),
            max(0.0, part.y * image.height),
            min(float(image.width), (part.x + part.width) * image.width),
            min(float(image.height), (part.y + part.height) * image.height),
        )
        size = (max(1, round(place.width * scale)), max(1, round(place.height * scale)))
        scaled = image.resize(size, Image.Resampling.LANCZOS, box=source, reducing_gap=3.0)
        return Piece(data_uri(scaled), place)

    return _pieces.get((picture.key, "photo", ground, place, part, scale), make)


def product_piece(item: Product, box: Box, canvas: tuple[int, int], *, scale: float = 1.0) -> Piece | None:
    """A cut-out in its box; only the part on the canvas (width, height) is embedded. None if all of it lies outside.

    scale: the ad's `pixel_scale`. There is no mirroring: products carry writing.
    """
    place = snapped(box)
    left, top = max(0.0, place.x), max(0.0, place.y)
    right, bottom = min(float(canvas[0]), place.x + place.width), min(float(canvas[1]), place.y + place.height)
    if right <= left or bottom <= top:
        return None
    seen = Box(left, top, right - left, bottom - top)

    def make() -> Piece:
        image = item.image
        part = inside(seen, place)
        source = (
            part.x * image.width,
            part.y * image.height,
            min(float(image.width), (part.x + part.width) * image.width),
            min(float(image.height), (part.y + part.height) * image.height),
        )
        size = (max(1, round(seen.width * scale)), max(1, round(seen.height * scale)))
        return Piece(data_uri(image.resize(size, Image.Resampling.LANCZOS, box=source, reducing_gap=3.0)), seen)

    return _pieces.get((item.key, "product", place, seen, scale), make)


def data_uri(image: Image.Image) -> str:
    """The picture as SVG embeds it: a quick PNG where it has transparency, a fine JPEG where not."""
    out = BytesIO()
    if "A" in image.getbands():
        image.save(out, "PNG", compress_level=1)
        kind = "png"
    else:
        image.convert("RGB").save(out, "JPEG", quality=90, subsampling=0)
        kind = "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(out.getvalue()).decode('ascii')}"
