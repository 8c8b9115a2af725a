"""One result into our storage and its output settled: each at most once, whoever comes again after a crash."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.utils import timezone

from studio.media.decode import workplace
from studio.media.ingest import ingest_result
from studio.models import Asset, Connection, Generation, Output, OutputState, RemoteCopy
from studio.providers.base import Link, Text

from . import bells, faults, leases, states

AWAY_FOR = timedelta(seconds=20)
"""So long a storage that cannot be used is left alone by whoever needs it. Nobody gives up because of it."""
AWAY = "Waiting for the storage of files"


def asset_id_for(output_id: UUID) -> UUID:
    """The one asset that an output can ever get: whoever collects it again after a crash finds the file of the first time.

    The output's own id with its last bit turned: as good as random, and in the order of time as every other asset's.
    """
    return UUID(int=output_id.int ^ 1)


def file(generation: Generation, output: Output, link: Link, path: Path) -> bool:
    """Stores a fetched file and settles its output. False: the lease was lost. Raises MediaRefused."""
    if not leases.renew(generation):
        return False
    asset = ingest(output, path, PurePosixPath(urlsplit(link.url).path).suffix)
    if generation.connection is not None:
        remember(generation.connection, asset, link)
    faults.point("collecting_before_row")
    return ready(generation, output, asset, link.notes)


def ingest(output: Output, path: Path, suffix: str = "") -> Asset:
    """The output's own asset. Raises MediaRefused."""
    faults.point("collecting_before_file")
    return ingest_result(
        team=output.team,
        workspace=output.workspace,
        path=path,
        original_name=f"{output.title}{suffix[:8]}",
        description=output.title,
        asset_id=asset_id_for(output.pk),
        created_by=output.created_by,
    )


def remember(connection: Connection, asset: Asset, link: Link) -> None:
    """What the service calls this file, and where it has it, so that it need not be given back to it as bytes."""
    expires = link.expires_at.isoformat() if link.expires_at else None
    copies = {"url": (link.url, {"expires_at": expires}), "file": (link.remote_id, {})}
    for kind, (remote_id, data) in copies.items():
        if remote_id:
            remember_copy(connection, "asset", asset.pk, kind, remote_id, data)


def remember_copy(
    connection: Connection, object_kind: str, object_id: UUID, kind: str, remote_id: str, data: Any = None
) -> None:
    """Upserts what a connection calls one of our objects."""
    RemoteCopy.objects.update_or_create(
        connection=connection,
        object_id=object_id,
        kind=kind,
        defaults={
            "team_id": connection.team_id,
            "object_kind": object_kind,
            "remote_id": remote_id,
            "data": data or {},
            "seen_at": timezone.now(),
        },
    )


def text(generation: Generation, output: Output, result: Text) -> bool:
    """A text becomes a file like every other result."""
    with workplace() as folder:
        path = folder / "text.txt"
        path.write_text(result.text, "utf-8")
        asset = ingest(output, path, ".txt")
    faults.point("collecting_before_row")
    return ready(generation, output, asset, ())


def ready(generation: Generation, output: Output, asset: Asset | None, notes: tuple[str, ...], **more: Any) -> bool:
    assert generation.lease_token is not None
    fields: dict[str, Any] = {"notes": list(notes), "ready_at": timezone.now(), **more}
    if asset:
        fields |= {"asset": asset, "ratio": asset.ratio if asset.width else output.ratio}
    settled = states.settle_output(generation.pk, generation.lease_token, output.pk, OutputState.READY, **fields)
    if settled and asset:
        bells.ring_previews(asset.pk)
    faults.point("collecting_after_row")
    return settled


def missing(generation: Generation, output: Output, reason: str) -> bool:
    assert generation.lease_token is not None
    return states.settle_output(
        generation.pk, generation.lease_token, output.pk, OutputState.FAILED, failure_reason=reason[:500]
    )
