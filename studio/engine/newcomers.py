"""People and voices that a service made for us: a row each, exactly once, and what the service calls them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from studio.media.address import AddressRefused
from studio.media.decode import workplace
from studio.media.errors import MediaRefused
from studio.media.fetch import FetchError, Later, fetch_to
from studio.media.limits import max_result_bytes
from studio.models import Asset, Generation, Influencer, InfluencerPhoto, Output, Readiness, Voice
from studio.providers.base import NewVoice, Person

from . import faults, storing

if TYPE_CHECKING:
    from .courier import Courier

FETCH_SECONDS = 120.0


def row_id_for(output_id: UUID) -> UUID:
    """The one person or voice that an output can ever become."""
    return UUID(int=output_id.int ^ 2)


def person(courier: Courier, generation: Generation, output: Output, result: Person) -> bool:
    """A new influencer, whose face is the picture that the service shows, else the first photo. False: the lease was lost."""
    photos = _photos(generation)
    face = _picture(courier, output, result.face_url, "image") or next(iter(photos), None)
    with transaction.atomic():
        row, _ = Influencer.objects.get_or_create(
            pk=row_id_for(output.pk),
            defaults={
                "team_id": output.team_id,
                "workspace_id": output.workspace_id,
                "name": (result.name or output.title)[:100],
                "readiness": Readiness.READY if result.ready else Readiness.TRAINING,
                "face": face,
                "created_by_id": output.created_by_id,
            },
        )
        for position, photo in enumerate(photos or ([face] if face else [])):
            InfluencerPhoto.objects.get_or_create(influencer=row, asset=photo, defaults={"position": position})
        _remember(generation, "influencer", row.pk, result.remote_id)
    faults.point("collecting_before_row")
    return storing.ready(generation, output, face, (), influencer=row)


def voice(courier: Courier, generation: Generation, output: Output, result: NewVoice) -> bool:
    """A new voice with its sample. False: the lease was lost."""
    preview = _picture(courier, output, result.preview_url, "audio")
    with transaction.atomic():
        row, _ = Voice.objects.get_or_create(
            pk=row_id_for(output.pk),
            defaults={
                "team_id": output.team_id,
                "workspace_id": output.workspace_id,
                "name": (result.name or output.title)[:100],
                "kind": result.kind[:10],
                "preview": preview,
                "created_by_id": output.created_by_id,
            },
        )
        _remember(generation, "voice", row.pk, result.remote_id)
    faults.point("collecting_before_row")
    return storing.ready(generation, output, preview, (), voice=row)


def _remember(generation: Generation, kind: str, object_id: UUID, remote_id: str) -> None:
    assert generation.connection is not None
    storing.remember_copy(generation.connection, kind, object_id, kind, remote_id)


def _photos(generation: Generation) -> list[Asset]:
    """The photos that the person was made of, in order, as far as they are ours and still here."""
    wanted = []
    for reference in generation.inputs.get("photos", ()):
        try:
            wanted.append(UUID(reference))
        except ValueError:
            continue
    found = Asset.objects.filter(team=generation.team_id).in_bulk(wanted)
    return [found[pk] for pk in wanted if pk in found]


def _picture(courier: Courier, output: Output, url: str, kind: str) -> Asset | None:
    """What the service shows of it; None where there is nothing, or nothing that can be kept. Raises Postponed."""
    from .keeping import Postponed

    if not url:
        return None
    with workplace() as folder:
        path = folder / "sample"
        work = partial(
            fetch_to,
            courier.client,
            url,
            path,
            max_bytes=max_result_bytes(kind),
            deadline_seconds=FETCH_SECONDS,
            accept=(kind,),
        )
        try:
            courier.call(work, FETCH_SECONDS + 5).result()
            return storing.ingest(output, path)
        except Later as error:
            raise Postponed(error.retry_after_seconds) from error
        except (FetchError, AddressRefused, MediaRefused):
            return None
