"""Which picture can fill an ad on its own, and how it is cropped for that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from studio.render import colours, pictures, tones
from studio.render.cache import ByteCache
from studio.render.spec import Box, Picture

_scenes: ByteCache[bool] = ByteCache(4096, lambda _: 1)
_BORDERS = (Box(0, 0, 1, 0.04), Box(0, 0.96, 1, 0.04), Box(0, 0, 0.04, 1), Box(0.96, 0, 0.04, 1))


def world(found: Sequence[Picture]) -> Picture | None:
    """The first picture that is a scene: no transparency, and no product on plain white that has a cut-out."""
    return next((picture for picture in found[:8] if _is_scene(picture)), None)


def _is_scene(picture: Picture) -> bool:
    def look() -> bool:
        image = pictures.decode(picture.photo)
        if image.mode != "RGB":
            return False
        if picture.cutout is None:
            return True
        small = image.copy()
        small.thumbnail((200, 200))
        borders = [tones.tones(small, border) for border in _BORDERS]
        return not all(border.spread < 0.06 and colours.luminance(border.mean) > 0.8 for border in borders)

    return _scenes.get((picture.key, picture.cutout is None), look)


def is_tall(picture: Picture) -> bool:
    """Whether what the picture shows wants a tall frame: its product, or the whole of it where that is not known."""
    item = pictures.product(picture)
    if item is not None:
        return item.aspect < 0.8
    wide, high = pictures.photo(picture).size
    return wide < 0.95 * high


def is_dim(picture: Picture) -> bool:
    """Whether it is a dark picture."""
    return colours.luminance(tones.tones(pictures.photo(picture)).mean) < 0.13


def crop(picture: Picture, frame: Box, place: tuple[float, float], zoom: float) -> Box:
    """The window of the picture for a frame. Its subject (the cut-out's place where there is one, else the focal point) lands at `place`."""
    item = pictures.product(picture)
    if item is not None and not picture.faces:
        where = item.where
        picture = replace(picture, focal=(where.x + where.width / 2, where.y + where.height / 2))
    return pictures.cover_crop(picture, frame.width / frame.height, zoom=zoom, place=place)
