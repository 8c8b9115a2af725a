"""Rows as the plain values that providers get."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any, cast
from urllib.parse import unquote, urlsplit
from uuid import NAMESPACE_URL, UUID, uuid5

from studio.models import Asset, Brand, Influencer, Reference, Voice
from studio.render.fonts import key_of
from studio.tools.values import BrandValue, InfluencerValue, MediaKind, MediaValue, ReferenceValue, VoiceValue

NOBODY = UUID(int=0)
Remote = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """What the connection calls our objects, and where it may fetch our files. Both by id."""

    remote: Mapping[UUID, Remote] = field(default_factory=dict)
    links: Mapping[UUID, str] = field(default_factory=dict)

    def of(self, pk: UUID) -> Remote:
        return self.remote.get(pk, {})


NOTHING = Known()


def media_value(row: Asset, known: Known = NOTHING) -> MediaValue:
    return MediaValue(
        id=row.pk,
        sha256=row.sha256,
        media_type=row.media_type,
        width=row.width or 0,
        height=row.height or 0,
        file=str(row.file.name),
        kind=cast(MediaKind, row.kind),
        name=row.original_name,
        size_bytes=row.size_bytes,
        seconds=row.duration_seconds or 0.0,
        cutout=row.cutout,
        faces=tuple((box[0], box[1], box[2], box[3]) for box in row.faces),
        focal=(row.focal_x, row.focal_y),
        analysed=row.analysed_at is not None,
        link=known.links.get(row.pk, ""),
        remote=known.of(row.pk),
    )


def linked_media(link: str, kind: str) -> MediaValue:
    """A file that is still where its link leads: only its address is known."""
    name = PurePosixPath(unquote(urlsplit(link).path)).name
    return replace(_elsewhere(kind, name), id=uuid5(NAMESPACE_URL, link), link=link)


def remote_media(remote_id: str, kind: str) -> MediaValue:
    """A file that only the provider has."""
    return replace(_elsewhere(kind, remote_id), remote={"file": remote_id})


def _elsewhere(kind: str, name: str) -> MediaValue:
    """Nothing of it is here but what it is called."""
    empty: dict[str, Any] = {"sha256": "", "media_type": "", "width": 0, "height": 0, "file": ""}
    return MediaValue(id=NOBODY, kind=cast(MediaKind, kind), name=name, **empty)


def brand_value(row: Brand, known: Known = NOTHING) -> BrandValue:
    own = [file for file in (row.heading_font_file, row.body_font_file) if file]
    used = {key_of(file.sha256): file for file in own if key_of(file.sha256) in (row.heading_font, row.body_font)}
    return BrandValue(
        id=row.pk,
        name=row.name,
        primary=row.primary,
        accent=row.accent,
        dark=row.dark,
        light=row.light,
        heading_font=row.heading_font,
        body_font=row.body_font,
        logo=media_value(row.logo, known) if row.logo else None,
        logo_dark=media_value(row.logo_dark, known) if row.logo_dark else None,
        tone=row.tone,
        own_fonts=tuple(replace(media_value(file), name=file.description) for file in used.values()),
        say=tuple(map(str, row.say)),
        never_say=tuple(map(str, row.never_say)),
        claims=tuple(map(str, row.claims)),
        legal_line=row.legal_line,
        remote=known.of(row.pk),
    )


def remote_brand(remote_id: str) -> BrandValue:
    """A brand kit that only the provider has: its looks are its own."""
    row = Brand(id=NOBODY, name="")
    return brand_value(row, Known(remote={NOBODY: {"brand_kit": remote_id}}))


def influencer_value(row: Influencer, known: Known = NOTHING) -> InfluencerValue:
    """photos must be loaded: see Finder. The face comes first."""
    photos = [photo.asset for photo in row.photos.all()]
    if row.face and row.face in photos:
        photos.remove(row.face)
    ordered = ([row.face] if row.face else []) + photos
    return InfluencerValue(
        id=row.pk,
        name=row.name,
        ready=row.readiness == "ready",
        photos=tuple(media_value(asset, known) for asset in ordered),
        remote=known.of(row.pk),
    )


def voice_value(row: Voice, known: Known = NOTHING) -> VoiceValue:
    preview = media_value(row.preview, known) if row.preview else None
    remote = known.of(row.pk) or ({"voice": row.local_name} if known is NOTHING and row.local_name else {})
    return VoiceValue(id=row.pk, name=row.name, preview=preview, remote=remote)


def reference_value(row: Reference, known: Known = NOTHING) -> ReferenceValue:
    return ReferenceValue(
        id=row.pk,
        label=row.label,
        slug=row.template_slug,
        category=row.template_category,
        media=tuple(media_value(item.asset, known) for item in row.media.all()),
        look=row.look,
        remote=known.of(row.pk),
    )
