"""What references became: plain values, loaded before any provider is asked. No rows in here."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from django.core.files.storage import default_storage

from studio.tools import Inputs, Tool


@dataclass(frozen=True, slots=True)
class PictureValue:
    """A picture of ours. file, cutout: names in storage (cutout is empty where there is none). faces: boxes as fractions.

    analysed: the worker has looked at it; before that, a missing cut-out says nothing.
    """

    id: UUID
    sha256: str
    media_type: str
    width: int
    height: int
    file: str
    cutout: str = ""
    faces: tuple[tuple[float, float, float, float], ...] = ()
    focal: tuple[float, float] = (0.5, 0.5)
    analysed: bool = True

    @property
    def ratio(self) -> float:
        return self.width / self.height if self.width and self.height else 1.0

    def bytes(self) -> bytes:
        return read_stored(self.file)


@dataclass(frozen=True, slots=True)
class BrandValue:
    """A brand's looks. Colours are `#rrggbb`, fonts are keys of the renderer's catalogue."""

    id: UUID
    name: str
    primary: str
    accent: str
    dark: str
    light: str
    heading_font: str
    body_font: str
    logo: PictureValue | None = None
    logo_dark: PictureValue | None = None
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Resolved:
    """A tool's inputs with everything they refer to.

    asked: as the person gave them. inputs: the same with every gap filled and no `auto` left. filled_in: only what was filled.
    pictures: by field name, in the order given.
    """

    tool: Tool
    asked: Inputs
    inputs: Inputs
    filled_in: dict[str, str]
    brand: BrandValue | None = None
    pictures: dict[str, tuple[PictureValue, ...]] = field(default_factory=dict)

    def all_pictures(self) -> list[PictureValue]:
        logos = (self.brand.logo, self.brand.logo_dark) if self.brand else ()
        return [picture for group in self.pictures.values() for picture in group] + [logo for logo in logos if logo]


def read_stored(name: str) -> bytes:
    """The bytes of a file in storage."""
    with default_storage.open(name, "rb") as file:
        data: bytes = file.read()
    return data
