"""Brings a brand's own font into the library: opened in the limited child (`font_files`), kept as the plain file that it wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from studio.media.decode import Limits, run_child, workplace
from studio.media.errors import MediaRefused
from studio.media.font_files import MOST_BYTES, TOO_MUCH
from studio.media.storing import hash_of, store
from studio.models import Asset, Kind, Membership, Workspace
from studio.models.ids import uuid7

ACCEPT = ".woff2,.woff,.ttf,.otf,font/woff2,font/woff,font/ttf,font/otf"
"""For the `accept` attribute of a font field."""
MEDIA_TYPES = {"ttf": "font/ttf", "otf": "font/otf"}
LIMITS = Limits(memory_mb=1024, cpu_seconds=20, wall_seconds=30, too_much=TOO_MUCH)


def ingest_font(membership: Membership, workspace: Workspace, upload: UploadedFile[bytes]) -> Asset:
    """The font as an asset (kind file, `font/ttf` or `font/otf`); its family is the asset's description. The same font in this workspace is
    the asset that is there. Raises MediaRefused with a sentence for the person.
    """
    if (upload.size or 0) > MOST_BYTES:
        raise MediaRefused(f"This font has {-(-(upload.size or 0) // 1_000_000)} MB. Use one of at most 8 MB.")
    with workplace() as folder:
        source, room = folder / "source", folder / "room"
        room.mkdir()
        with source.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
        facts = run_child({"do": "font"}, source, room, LIMITS)
        return _kept(membership, workspace, room / "font", facts)


def _kept(membership: Membership, workspace: Workspace, path: Path, facts: dict[str, Any]) -> Asset:
    sha256 = hash_of(path)
    known = Asset.objects.filter(team=membership.team_id, workspace=workspace, sha256=sha256, kind=Kind.FILE).first()
    if known:
        return known
    asset = Asset(
        id=uuid7(),
        team_id=membership.team_id,
        workspace=workspace,
        kind=Kind.FILE,
        media_type=MEDIA_TYPES[facts["kind"]],
        original_name=f"{facts['title']}.{facts['kind']}"[:200],
        description=facts["title"],
        size_bytes=path.stat().st_size,
        sha256=sha256,
        created_by_id=membership.user_id,
    )
    return store(asset, path)
