"""What a file shows and holds, by its kind: sides, length, sound, words. Strangers' bytes are opened in the limited child."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image, UnidentifiedImageError

from studio.media.decode import CLIP, MODEL, PREVIEW, run_child
from studio.media.errors import MediaRefused
from studio.media.limits import EXCERPT_CHARACTERS, MAX_TEXT_BYTES
from studio.media.sniff import SAFETENSORS, SVG, kind_of
from studio.models import Kind


@dataclass(frozen=True, slots=True)
class Facts:
    """The fields of an asset that follow from its bytes, by the same names."""

    kind: Kind
    media_type: str
    width: int | None = None
    height: int | None = None
    duration_seconds: float | None = None
    fps: float | None = None
    has_sound: bool | None = None
    excerpt: str = ""
    solid: dict[str, Any] = field(default_factory=dict)
    provenance: dict[str, Any] = field(default_factory=dict)


def facts_of(path: Path, media_type: str, room: Path, *, placeless: bool = False) -> Facts:
    """media_type: sniffed. room: an empty folder for the child; placeless: see `clips.probe`, which leaves `clip` there. Raises MediaRefused where the file cannot be opened."""
    kind = kind_of(media_type)
    if kind == Kind.IMAGE:
        width, height = _sides(path, media_type, room)
        return Facts(kind, media_type, width, height)
    if kind in (Kind.VIDEO, Kind.AUDIO):
        return _clip(path, media_type, room, placeless)
    if kind == Kind.MODEL:
        return Facts(kind, media_type, solid=run_child({"do": "model"}, path, room, MODEL)["solid"])
    if kind == Kind.TEXT:
        return Facts(kind, media_type, excerpt=excerpt_of(path))
    if media_type == SAFETENSORS:
        run_child({"do": "weights"}, path, room, MODEL)
    return Facts(kind, media_type)


def _sides(path: Path, media_type: str, room: Path) -> tuple[int, int]:
    """Of a picture, as it is shown. The headers of PNG and JPEG are read by Python alone, so that needs no child."""
    if media_type == SVG:
        found = run_child({"do": "drawing"}, path, room, PREVIEW)
    elif media_type not in ("image/png", "image/jpeg"):
        found = run_child({"do": "header", "media_type": media_type}, path, room, PREVIEW)
    else:
        try:
            with Image.open(path, formats=["PNG", "JPEG"]) as image:
                turned = image.getexif().get(0x0112, 1) in (5, 6, 7, 8)
                return (image.height, image.width) if turned else image.size
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
            raise MediaRefused("The picture cannot be read.") from error
    return found["width"], found["height"]


def _clip(path: Path, media_type: str, room: Path, placeless: bool) -> Facts:
    """A container may hold something else than its type says: an MP4 or WebM with sound alone is a sound file."""
    found = run_child({"do": "clip", "media_type": media_type, "placeless": placeless}, path, room, CLIP)
    kind = Kind(found.pop("kind"))
    return Facts(kind, f"{kind.value}/{media_type.partition('/')[2]}", **found)


def excerpt_of(path: Path) -> str:
    """How a text begins, without what does not show. Raises MediaRefused for what is no UTF-8."""
    if path.stat().st_size > MAX_TEXT_BYTES:
        raise MediaRefused(f"This text has more than {MAX_TEXT_BYTES // 1_000_000} MB. Split it.")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise MediaRefused("This text is not in UTF-8. Save it again with that encoding.") from None
    shown = "".join(character for character in text if character.isprintable() or character == "\n")
    return shown.strip()[:EXCERPT_CHARACTERS]
