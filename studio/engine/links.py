"""Where a service may fetch a file of ours: its own live address of it, else the relay under our public address, else nowhere.

A relay address is the same each time it is made for the same generation and file: requests must not change between two sends.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from studio.models import ENDED, Asset, Connection, Generation, RemoteCopy, Team

from .public_address import public_address
from .values import NOBODY, Known

RELAY = "relay"
"""The first part of the path; the view is pages/relay.py."""
AFTER_THE_END = timedelta(hours=1)
STILL_LIVE = timedelta(minutes=30)
"""A service's own address must live so much longer to be given back to it: jobs may wait before they fetch."""
_SALT = "backlot.relay"
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_SUFFIXES = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/gif": "gif",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/webm": "webm",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "audio/mp4": "m4a",
    "audio/ogg": "ogg",
    "audio/flac": "flac",
    "model/gltf-binary": "glb",
    "application/x-safetensors": "safetensors",
}


def reachable(team: Team) -> tuple[bool, str]:
    """Whether services can fetch files of ours, and if not, why and what to do."""
    if public_address(team) or _presigns():
        return True, ""
    return False, (
        "Nothing on the internet reaches this installation yet, so services cannot fetch files from it: set a public address in Settings, "
        "Connections, or keep files in S3."
    )


def known_to(connection: Connection, ids: Sequence[UUID], assets: Sequence[Asset], generation_id: UUID | None) -> Known:
    """What the connection calls these objects and files, and where it may fetch the files. One query, and the team's."""
    wanted = {*ids, *(asset.pk for asset in assets)}
    remote: dict[UUID, dict[str, str]] = {}
    live: dict[UUID, str] = {}
    now = timezone.now()
    for copy in RemoteCopy.objects.filter(connection=connection, object_id__in=wanted):
        if copy.kind == "url":
            if _lives(copy.data.get("expires_at"), now):
                live[copy.object_id] = copy.remote_id
        else:
            remote.setdefault(copy.object_id, {})[copy.kind] = copy.remote_id
    base = public_address(connection.team)
    made = {asset.pk: live.get(asset.pk) or address(asset, base, generation_id) for asset in assets}
    return Known(remote=remote, links={pk: link for pk, link in made.items() if link})


def _lives(expires_at: Any, now: datetime) -> bool:
    """Whether an address still leads somewhere long enough. One without a known end is not trusted."""
    try:
        return bool(expires_at) and datetime.fromisoformat(expires_at) - now > STILL_LIVE
    except (TypeError, ValueError):
        return False


def address(asset: Asset, base: str, generation_id: UUID | None) -> str:
    """The relay's address of a file for one generation, else the storage's own; "" where there is neither."""
    if base:
        return f"{base}{path(generation_id or NOBODY, asset)}"
    return str(default_storage.url(str(asset.file.name))) if _presigns() else ""


def path(generation_id: UUID, asset: Asset) -> str:
    proof = _proof(generation_id, asset.pk, settings.SECRET_KEY)
    return f"/{RELAY}/{generation_id.hex}/{asset.pk.hex}/{proof}/{_name(asset)}"


def is_proof(generation_id: UUID, asset_id: UUID, proof: str) -> bool:
    """Whether we made this address, with today's SECRET_KEY or an earlier one."""
    made = [_proof(generation_id, asset_id, it) for it in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return any(constant_time_compare(proof, one) for one in made)


def relayed(generation_id: UUID, asset_id: UUID, proof: str) -> Asset | None:
    """The file behind an address, until an hour after its generation has ended; None for everything else."""
    if not is_proof(generation_id, asset_id, proof):
        return None
    generation = Generation.objects.only("id", "team_id", "state", "ended_at").filter(pk=generation_id).first()
    if generation is None or (generation.state in ENDED and _is_over(generation.ended_at)):
        return None
    return Asset.objects.filter(pk=asset_id, team=generation.team_id).first()


def _is_over(ended_at: datetime | None) -> bool:
    return ended_at is None or timezone.now() - ended_at > AFTER_THE_END


def _proof(generation_id: UUID, asset_id: UUID, secret: str) -> str:
    value = f"{generation_id.hex}:{asset_id.hex}"
    return salted_hmac(_SALT, value, secret=secret, algorithm="sha256").hexdigest()[:40]


def _name(asset: Asset) -> str:
    """A plain name with the right ending: some services look at nothing else."""
    stem = _UNSAFE.sub("-", asset.original_name.rpartition(".")[0] or asset.original_name).strip("-.")[:60] or "file"
    return f"{stem}.{_SUFFIXES.get(asset.media_type, 'bin')}"


def _presigns() -> bool:
    """Whether storage gives out addresses of its own that anybody may fetch for a while, as a bucket on the internet does.

    Each is new whenever it is made, and holds for seven days. The bytes of a request do not change for that: it is encoded once and stored,
    and whoever sends it again sends what is stored, long before that time is over.
    """
    return bool(getattr(default_storage, "gives_links", False))
