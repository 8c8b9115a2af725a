"""A StaticAd as JSON, with paths instead of sources, checked strictly on the way back."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from studio.render import colours
from studio.render.spec import MAX_SIDE_PX, MAX_TEXT_CHARACTERS, Box, BrandLook, FontFile, Picture, Source, StaticAd

MAX_PICTURES = 20
_TEXTS = ("headline", "subline", "call_to_action", "badge", "quote")
_COLOURS = ("primary", "accent", "dark", "light")


class JobError(ValueError):
    """A job that cannot be drawn; the message is one sentence for people."""


def to_json(ad: StaticAd, folder: Path) -> dict[str, Any]:
    """The ad as JSON; the pictures' bytes are written into the folder, each content once, and named by absolute path."""
    brand = {name: getattr(ad.brand, name) for name in ("name", *_COLOURS, "heading_font", "body_font")}
    for name in ("logo", "logo_dark"):
        picture = getattr(ad.brand, name)
        brand[name] = None if picture is None else _picture_out(picture, folder)
    brand["font_files"] = [
        {"key": own.key, "title": own.title, "file": _stored(own.source, folder)} for own in ad.brand.font_files
    ]
    plain = {name: getattr(ad, name) for name in ("template", "width", "height", "pixel_scale", "variant", *_TEXTS)}
    return plain | {"brand": brand, "pictures": [_picture_out(picture, folder) for picture in ad.pictures]}


def from_json(data: dict[str, Any]) -> StaticAd:
    """The ad of a job. Raises JobError for a missing or unknown key, a wrong type, or a value out of bounds."""
    _known(data, {"template", "width", "height", "pixel_scale", "variant", "brand", "pictures", *_TEXTS}, "job")
    brand = data.get("brand", {})
    if not isinstance(brand, dict):
        raise JobError("The job's brand must be an object.")
    pictures = data.get("pictures", [])
    if not isinstance(pictures, list) or len(pictures) > MAX_PICTURES:
        raise JobError(f"The job's pictures must be a list of at most {MAX_PICTURES}.")
    return StaticAd(
        template=_text(data, "template", 60, required=True),
        width=int(_number(data, "width", 1, MAX_SIDE_PX, whole=True)),
        height=int(_number(data, "height", 1, MAX_SIDE_PX, whole=True)),
        pixel_scale=_number(data, "pixel_scale", 0.05, 4, default=1.0),
        variant=int(_number(data, "variant", 0, 1000, default=0, whole=True)),
        brand=_brand(brand),
        pictures=tuple(_picture_in(picture) for picture in pictures),
        headline=_text(data, "headline"),
        subline=_text(data, "subline"),
        call_to_action=_text(data, "call_to_action"),
        badge=_text(data, "badge"),
        quote=_text(data, "quote"),
    )


def _brand(data: dict[str, Any]) -> BrandLook:
    _known(data, {"name", *_COLOURS, "heading_font", "body_font", "logo", "logo_dark", "font_files"}, "brand")
    default = BrandLook()
    paint = {}
    for name in _COLOURS:
        try:
            paint[name] = colours.check(_text(data, name, 7) or getattr(default, name))
        except ValueError as error:
            raise JobError(f"The brand's {name} colour is wrong: {error}") from error
    return BrandLook(
        name=_text(data, "name"),
        heading_font=_text(data, "heading_font", 60) or default.heading_font,
        body_font=_text(data, "body_font", 60) or default.body_font,
        logo=None if data.get("logo") is None else _picture_in(data["logo"]),
        logo_dark=None if data.get("logo_dark") is None else _picture_in(data["logo_dark"]),
        font_files=_fonts_in(data.get("font_files", [])),
        **paint,
    )


def _fonts_in(data: Any) -> tuple[FontFile, ...]:
    if not isinstance(data, list) or len(data) > 2 or not all(isinstance(own, dict) for own in data):
        raise JobError("The brand's own fonts must be a list of at most 2.")
    for own in data:
        _known(own, {"key", "title", "file"}, "font")
    return tuple(
        FontFile(_text(own, "key", 60, required=True), _text(own, "title"), _file(own.get("file"))) for own in data
    )


def _picture_out(picture: Picture, folder: Path) -> dict[str, Any]:
    return {
        "key": picture.key,
        "photo": _stored(picture.photo, folder),
        "cutout": None if picture.cutout is None else _stored(picture.cutout, folder),
        "faces": [[face.x, face.y, face.width, face.height] for face in picture.faces],
        "focal": list(picture.focal),
    }


def _stored(source: Source, folder: Path) -> str:
    data = source()
    path = folder.resolve() / f"{hashlib.sha256(data).hexdigest()}.bin"
    if not path.exists():
        path.write_bytes(data)
    return str(path)


def _picture_in(data: Any) -> Picture:
    if not isinstance(data, dict):
        raise JobError("Each picture of the job must be an object.")
    _known(data, {"key", "photo", "cutout", "faces", "focal"}, "picture")
    faces = data.get("faces", [])
    if not isinstance(faces, list) or len(faces) > 200:
        raise JobError("A picture's faces must be a list of boxes.")
    focal = _numbers(data.get("focal", [0.5, 0.5]), 2)
    return Picture(
        key=_text(data, "key", 200, required=True),
        photo=_file(data.get("photo")),
        cutout=None if data.get("cutout") is None else _file(data["cutout"]),
        faces=tuple(Box(*_numbers(face, 4)) for face in faces),
        focal=(focal[0], focal[1]),
    )


def _file(path: Any) -> Source:
    if not isinstance(path, str) or not Path(path).is_absolute() or not Path(path).is_file():
        raise JobError("One of the job's pictures is missing; start the job again.")
    return Path(path).read_bytes


def _known(data: dict[str, Any], names: set[str], what: str) -> None:
    unknown = sorted(set(data) - names)
    if unknown:
        raise JobError(f"The {what} has an unknown part “{unknown[0][:40]}”.")


def _text(data: dict[str, Any], name: str, most: int = MAX_TEXT_CHARACTERS, *, required: bool = False) -> str:
    value = data.get(name, "")
    if not isinstance(value, str) or len(value) > most or (required and not value):
        raise JobError(f"The job's {name.replace('_', ' ')} must be a text of at most {most} characters.")
    return value


def _number(
    data: dict[str, Any], name: str, low: float, high: float, *, default: float | None = None, whole: bool = False
) -> float:
    value = data.get(name, default)
    fits = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)
    if not fits or not low <= value <= high:  # type: ignore[operator]
        kind = "a whole number" if whole else "a number"
        raise JobError(f"The job's {name.replace('_', ' ')} must be {kind} from {low:g} to {high:g}.")
    return float(value)  # type: ignore[arg-type]


def _numbers(values: Any, count: int) -> list[float]:
    """So many fractions 0..1."""
    right = isinstance(values, list) and len(values) == count
    if not right or any(isinstance(v, bool) or not isinstance(v, int | float) or not 0 <= v <= 1 for v in values):
        raise JobError(f"A picture's faces and focal point are given as {count} numbers from 0 to 1.")
    return [float(value) for value in values]
