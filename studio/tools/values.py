"""What references became: plain values, loaded before any provider is asked. No rows in here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from django.core.files.storage import default_storage

from .base import Inputs, Tool

MediaKind = Literal["image", "video", "audio", "model", "text", "file"]


class NoAddress(Exception):
    """A file that the provider cannot reach: it has no public address, and the provider takes nothing else."""


class NotThere(Exception):
    """Something that this connection does not know yet: a brand kit, a person, a voice of another service."""


@dataclass(frozen=True, slots=True)
class MediaValue:
    """One file. file, cutout: names in storage (cutout is empty where there is none; file is empty for what only the provider has).

    faces: boxes as fractions. analysed: the worker has looked at it; before that, a missing cut-out says nothing.
    link: an address where the provider may fetch it, the same bytes of address every time; empty where there is none.
    remote: what this connection calls it, by kind: {"file": "vg_file_1"}.
    """

    id: UUID
    sha256: str
    media_type: str
    width: int
    height: int
    file: str
    kind: MediaKind = "image"
    name: str = ""
    size_bytes: int = 0
    seconds: float = 0.0
    cutout: str = ""
    faces: tuple[tuple[float, float, float, float], ...] = ()
    focal: tuple[float, float] = (0.5, 0.5)
    analysed: bool = True
    link: str = ""
    remote: Mapping[str, str] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        return self.width / self.height if self.width and self.height else 1.0

    def bytes(self) -> bytes:
        return read_stored(self.file)

    def url(self) -> str:
        """Where the provider fetches it. Raises NoAddress."""
        if not self.link:
            raise NoAddress(f"“{self.name or 'This file'}” has no public address that the service could fetch it from.")
        return self.link

    def remote_id(self, kind: str = "file") -> str:
        """What this connection calls it. Raises NotThere: it was not prepared."""
        return _remote(self.remote, kind, self.name or "This file")


@dataclass(frozen=True, slots=True)
class BrandValue:
    """A brand's looks. Colours are `#rrggbb`; fonts are keys of the renderer's catalogue, or of the brand's own files (`own_fonts`, whose
    names are the fonts' titles). say, claims, legal_line: what a person may put into the words of an ad. never_say: words that must not
    appear in what is made. remote: {"brand_kit": "42"}.
    """

    id: UUID
    name: str
    primary: str
    accent: str
    dark: str
    light: str
    heading_font: str
    body_font: str
    logo: MediaValue | None = None
    logo_dark: MediaValue | None = None
    tone: str = ""
    own_fonts: tuple[MediaValue, ...] = ()
    say: tuple[str, ...] = ()
    never_say: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    legal_line: str = ""
    remote: Mapping[str, str] = field(default_factory=dict)

    def remote_id(self, kind: str = "brand_kit") -> str:
        return _remote(self.remote, kind, self.name)


@dataclass(frozen=True, slots=True)
class InfluencerValue:
    """A recurring person. photos: the first is the face. remote: {"influencer": …, "avatar": …, "presenter": …}.

    id is None for one that only the provider has.
    """

    id: UUID | None
    name: str
    ready: bool = True
    photos: tuple[MediaValue, ...] = ()
    remote: Mapping[str, str] = field(default_factory=dict)

    @property
    def face(self) -> MediaValue | None:
        return self.photos[0] if self.photos else None

    def remote_id(self, kind: str = "influencer") -> str:
        return _remote(self.remote, kind, self.name)


@dataclass(frozen=True, slots=True)
class VoiceValue:
    """A voice. remote: {"voice": …}. id is None for one of the provider's library."""

    id: UUID | None
    name: str
    preview: MediaValue | None = None
    remote: Mapping[str, str] = field(default_factory=dict)

    def remote_id(self, kind: str = "voice") -> str:
        return _remote(self.remote, kind, self.name)


@dataclass(frozen=True, slots=True)
class ReferenceValue:
    """A saved inspiration. category: the template category; slug: the template it is filed under. remote: {"reference": UUID}.

    look: what was noticed in it (media/looks.py); empty for one that only the provider has, or that nobody has looked at yet.
    """

    id: UUID | None
    label: str
    slug: str = ""
    category: str = ""
    media: tuple[MediaValue, ...] = ()
    look: Mapping[str, Any] = field(default_factory=dict)
    remote: Mapping[str, str] = field(default_factory=dict)

    def remote_id(self, kind: str = "reference") -> str:
        return _remote(self.remote, kind, self.label)


@dataclass(frozen=True, slots=True)
class At:
    """Where a request goes, as far as an encoder may know: facts of the connection and of this one generation.

    era: VideoGen's names ("2", "1", "0"). workspace_id: what an Influencer Studio account calls our workspace.
    webhook: where a finished job may ring, empty where nothing can reach us. watermark: "auto", "none" or "videogen", the team's choice.
    """

    provider: str
    era: str = ""
    workspace_id: str = ""
    webhook: str = ""
    watermark: str = ""


@dataclass(frozen=True, slots=True)
class Resolved:
    """A tool's inputs with everything they refer to.

    asked: as the person gave them. inputs: the same with every gap filled and no `auto` left. filled_in: only what was filled.
    media: every file by field name, in the order given; files inside of a list of groups (elements) are keyed `elements.0.references`.
    choices: what only the provider has (avatar, presenter, preset, entities …), by field name: its bare ids there.
    at: None for the local renderer.
    """

    tool: Tool
    asked: Inputs
    inputs: Inputs
    filled_in: dict[str, str]
    brand: BrandValue | None = None
    media: dict[str, tuple[MediaValue, ...]] = field(default_factory=dict)
    influencer: InfluencerValue | None = None
    voice: VoiceValue | None = None
    reference: ReferenceValue | None = None
    choices: dict[str, tuple[str, ...]] = field(default_factory=dict)
    at: At | None = None

    def one(self, field_name: str) -> MediaValue | None:
        """The only file of a field, or None where it was left empty."""
        found = self.media.get(field_name, ())
        return found[0] if found else None

    def all_media(self) -> list[MediaValue]:
        """Every file that the request needs, the person's photos and the brand's logos included."""
        logos = (self.brand.logo, self.brand.logo_dark) if self.brand else ()
        people = self.influencer.photos if self.influencer else ()
        saved = self.reference.media if self.reference else ()
        return [*(it for group in self.media.values() for it in group), *people, *saved, *(it for it in logos if it)]


def read_stored(name: str) -> bytes:
    """The bytes of a file in storage."""
    with default_storage.open(name, "rb") as file:
        data: bytes = file.read()
    return data


def _remote(known: Mapping[str, str], kind: str, name: str) -> str:
    if kind not in known:
        raise NotThere(f"“{name}” is not known to this service yet.")
    return known[kind]
