"""From values to what the renderer is told, and to the JSON of a job and back. Sources read storage only when the renderer asks."""

from __future__ import annotations

from functools import partial
from typing import Any

from studio.providers.base import UnsupportedInput
from studio.render.fonts import key_of
from studio.render.spec import MAX_SIDE_PX, Box, BrandLook, FontFile, Picture, StaticAd
from studio.tools.fields import pixels
from studio.tools.static_ad import StaticAdInputs
from studio.tools.values import BrandValue, MediaValue, Resolved, read_stored

from . import steering

_TEXTS = ("headline", "subline", "call_to_action", "badge", "quote")
_LOOK = ("name", "primary", "accent", "dark", "light", "heading_font", "body_font")


def build_ad(values: Resolved, *, ratio: str | None = None, variant: int = 0, pixel_scale: float = 1.0) -> StaticAd:
    """The ad to draw for resolved inputs. ratio: by default the first one asked for; the live preview asks for one after the other."""
    inputs = values.inputs
    if not isinstance(inputs, StaticAdInputs):
        raise UnsupportedInput(f"{values.tool.title} cannot be rendered on this server.")
    width, height = canvas(ratio or inputs.aspect_ratio[0], inputs.resolution)
    ad = StaticAd(
        template=inputs.template,
        width=width,
        height=height,
        brand=_look(values.brand),
        pictures=tuple(_picture(picture) for picture in values.media.get("product_images", ())),
        pixel_scale=pixel_scale,
        variant=variant,
        **{name: getattr(inputs, name) for name in _TEXTS},
    )
    return steering.steered(ad, values, inputs.reference_uses)


def canvas(ratio: str, resolution: str) -> tuple[int, int]:
    """Pixels of a shape, within what the renderer draws: 4K is 2160 on the short side, or less where the long side would pass its limit."""
    width, height = pixels(ratio, resolution)
    shrink = min(1.0, MAX_SIDE_PX / max(width, height))
    return (round(width * shrink), round(height * shrink))


def _look(brand: BrandValue | None) -> BrandLook:
    if brand is None:
        return BrandLook()
    return BrandLook(
        logo=_picture(brand.logo) if brand.logo else None,
        logo_dark=_picture(brand.logo_dark) if brand.logo_dark else None,
        font_files=tuple(
            FontFile(key_of(own.sha256), own.name, partial(read_stored, own.file)) for own in brand.own_fonts
        ),
        **{name: getattr(brand, name) for name in _LOOK},
    )


def _picture(value: MediaValue) -> Picture:
    return Picture(
        key=value.sha256,
        photo=partial(read_stored, value.file),
        cutout=partial(read_stored, value.cutout) if value.cutout else None,
        faces=tuple(Box(*face) for face in value.faces),
        focal=value.focal,
    )


def encode_ad(ad: StaticAd) -> dict[str, Any]:
    """The ad as JSON, with names in storage for pictures. Only for ads that `build_ad` made."""
    plain = {name: getattr(ad, name) for name in ("template", "width", "height", "variant", "type_scale", *_TEXTS)}
    brand = {name: getattr(ad.brand, name) for name in _LOOK}
    logos = {name: _encode_picture(getattr(ad.brand, name)) for name in ("logo", "logo_dark")}
    own = [{"key": it.key, "title": it.title, "file": _name(it.source)} for it in ad.brand.font_files]
    return {
        **plain,
        "brand": {**brand, **logos, "font_files": own},
        "pictures": [_encode_picture(picture) for picture in ad.pictures],
    }


def _encode_picture(picture: Picture | None) -> dict[str, Any] | None:
    if picture is None:
        return None
    return {
        "key": picture.key,
        "photo": _name(picture.photo),
        "cutout": _name(picture.cutout) if picture.cutout else "",
        "faces": [[face.x, face.y, face.width, face.height] for face in picture.faces],
        "focal": list(picture.focal),
    }


def _name(source: Any) -> str:
    return str(source.args[0])


def decode_ad(data: dict[str, Any]) -> StaticAd:
    """The ad of a job's JSON, its sources reading storage."""
    brand = dict(data["brand"])
    logo, logo_dark = _decode_picture(brand.pop("logo")), _decode_picture(brand.pop("logo_dark"))
    # A job of an older version says nothing of them.
    own = tuple(
        FontFile(it["key"], it["title"], partial(read_stored, it["file"])) for it in brand.pop("font_files", ())
    )
    pictures = tuple(picture for picture in map(_decode_picture, data["pictures"]) if picture)
    return StaticAd(
        **{**data, "brand": BrandLook(**brand, logo=logo, logo_dark=logo_dark, font_files=own), "pictures": pictures}
    )


def _decode_picture(data: dict[str, Any] | None) -> Picture | None:
    if data is None:
        return None
    return Picture(
        key=data["key"],
        photo=partial(read_stored, data["photo"]),
        cutout=partial(read_stored, data["cutout"]) if data["cutout"] else None,
        faces=tuple(Box(*face) for face in data["faces"]),
        focal=(data["focal"][0], data["focal"][1]),
    )
