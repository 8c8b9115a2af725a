"""The worker's step after a file has come in: previews of a picture, poster and scrubbing frames of a video, the waveform of a recording;
then, for pictures, faces, focal point and cut-out.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from studio.media.decode import ANALYSIS, CLIP, PREVIEW, run_child, workplace
from studio.media.errors import MediaRefused
from studio.media.sniff import SVG
from studio.media.storing import put, stored_as, stored_pieces
from studio.models import Asset, Event, Kind

logger = logging.getLogger(__name__)

NO_CUTOUT = "The product could not be cut out of this picture, so it is used as a photo."


def make_previews(asset_id: UUID | str, *, analyse: bool = True) -> bool:
    """Makes what the asset lacks; True if anything was made. Running twice is harmless, also at the same time.

    analyse: whether faces, focal point and cut-out are wanted (for material, not for finished ads). A picture on which the analysis dies
    keeps its previews and gets a reason in `cutout_refused`.
    """
    asset = Asset.objects.filter(pk=asset_id, kind__in=(Kind.IMAGE, Kind.VIDEO, Kind.AUDIO)).first()
    if asset is None:
        return False
    wants_peaks = asset.kind == Kind.AUDIO and not asset.peaks
    wants_previews = asset.kind != Kind.AUDIO and not (asset.preview_small and asset.preview_large)
    wants_analysis = asset.kind == Kind.IMAGE and analyse and asset.analysed_at is None
    if not (wants_peaks or wants_previews or wants_analysis):
        return False
    with workplace() as folder:
        source = folder / "source"
        with source.open("wb") as file:
            for piece in stored_pieces(str(asset.file.name)):
                file.write(piece)
        if wants_peaks:
            _add_peaks(asset, source, _room(folder, "peaks"))
        if wants_previews:
            _add_previews(asset, source, _room(folder, "previews"))
        if wants_previews and asset.kind == Kind.VIDEO and not asset.sprite:
            _add_sprite(asset, source, _room(folder, "sprite"))
        if wants_analysis:
            _add_analysis(asset, source, _room(folder, "analysis"))
    return True


def _room(folder: Path, name: str) -> Path:
    room = folder / name
    room.mkdir()
    return room


def _add_previews(asset: Asset, source: Path, room: Path) -> None:
    try:
        facts = _drawn(asset, source, room)
    except MediaRefused as refusal:
        # The original is shown instead; there is nothing a person could do about it.
        logger.warning("No previews of %s: %s", asset.pk, refusal)
        return
    asset.preview_small = put(stored_as(asset, "small.webp"), room / "small")
    asset.preview_large = put(stored_as(asset, "large.webp"), room / "large")
    changed = ["preview_small", "preview_large"]
    if not asset.dominant_colour:
        asset.dominant_colour = facts["dominant_colour"]
        changed.append("dominant_colour")
    _save(asset, changed)


def _drawn(asset: Asset, source: Path, room: Path) -> dict[str, Any]:
    """The files `large` and `small` in the room, by whoever can draw this asset; dominant_colour."""
    if asset.kind == Kind.VIDEO:
        return run_child({"do": "poster", "media_type": asset.media_type}, source, room, CLIP)
    return run_child({"do": "drawing" if asset.media_type == SVG else "previews"}, source, room, PREVIEW)


def _add_sprite(asset: Asset, source: Path, room: Path) -> None:
    """Tried once, with the poster: a film that cannot be looked through plays in its tile instead."""
    try:
        facts = run_child({"do": "sprite", "media_type": asset.media_type}, source, room, CLIP)
    except MediaRefused as refusal:
        logger.info("No sprite of %s: %s", asset.pk, refusal)
        return
    asset.sprite = put(stored_as(asset, "sprite.webp"), room / "sprite")
    asset.sprite_frames = facts["frames"]
    _save(asset, ["sprite", "sprite_frames"])


def _add_peaks(asset: Asset, source: Path, room: Path) -> None:
    try:
        facts = run_child({"do": "waveform", "media_type": asset.media_type}, source, room, CLIP)
    except MediaRefused as refusal:
        logger.warning("No waveform of %s: %s", asset.pk, refusal)
        return
    asset.peaks = facts["peaks"]
    changed = ["peaks"]
    counted, said = facts["duration_seconds"], asset.duration_seconds
    if said is None or abs(said - counted) > 0.05 * counted:
        asset.duration_seconds = counted
        changed.append("duration_seconds")
    _save(asset, changed)


def _add_analysis(asset: Asset, source: Path, room: Path) -> None:
    changed = ["analysed_at", "cutout_refused"]
    try:
        facts = run_child({"do": "analyse"}, source, room, ANALYSIS)
    except MediaRefused as refusal:
        logger.warning("No analysis of %s: %s", asset.pk, refusal)
        asset.cutout_refused = NO_CUTOUT
    else:
        asset.faces = facts["faces"]
        asset.focal_x, asset.focal_y = facts["focal"]
        asset.cutout_refused = facts["cutout_refused"][:200]
        changed += ["faces", "focal_x", "focal_y"]
        if (room / "cutout").exists():
            asset.cutout = put(stored_as(asset, "cutout.webp"), room / "cutout")
            changed.append("cutout")
    asset.analysed_at = timezone.now()
    _save(asset, changed)


def _save(asset: Asset, changed: list[str]) -> None:
    """The facts and the event that tells open pages of them, together."""
    with transaction.atomic():
        asset.save(update_fields=changed)
        Event.objects.create(
            kind="asset", subject=str(asset.pk), team_id=asset.team_id, workspace_id=asset.workspace_id
        )
