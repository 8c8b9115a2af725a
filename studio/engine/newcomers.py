"""People and voices that a service made for us: a row each, exactly once, and what the service calls them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from studio.media.address import AddressRefused
from studio.media.decode import workplace
from studio.media.errors import MediaRefused
from studio.media.fetch import FetchError, Gone, Later, fetch_to
from studio.media.limits import max_result_bytes
from studio.models import Asset, Generation, Influencer, InfluencerPhoto, Output, Readiness, Voice
from studio.providers.base import Gone as JobGone
from studio.providers.base import NewVoice, Person, ProviderError

from . import faults, storing
from .postponing import Postponed, is_old
from .wires import way_for

if TYPE_CHECKING:
    from .courier import Courier

FETCH_SECONDS = 120.0
LINK_SECONDS = 20.0


def row_id_for(output_id: UUID) -> UUID:
    """The one person or voice that an output can ever become."""
    return UUID(int=output_id.int ^ 2)


def person(courier: Courier, generation: Generation, output: Output, result: Person) -> bool:
    """A new influencer, whose face is the picture that the service shows, else the first photo. False: the lease was lost."""
    photos = _photos(generation)
    face = _picture(courier, generation, output, result, result.face_url, "image") or next(iter(photos), None)
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
    preview = _picture(courier, generation, output, result, result.preview_url, "audio")
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


def _picture(
    courier: Courier, generation: Generation, output: Output, result: Person | NewVoice, url: str, kind: str
) -> Asset | None:
    """What the service shows of it; None where there is nothing, or nothing that can be kept. Raises Postponed.

    An address that has expired is asked for anew: the service still has what it made.
    """
    if not url:
        return None
    try:
        return _fetched(courier, output, url, kind)
    except Gone:
        fresh = _fresh(courier, generation, result)
    if not fresh:
        return None
    try:
        return _fetched(courier, output, fresh, kind)
    except Gone as error:
        if is_old(generation):
            return None
        raise Postponed from error


def _fetched(courier: Courier, output: Output, url: str, kind: str) -> Asset | None:
    """Raises Gone, Postponed."""
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
        except Gone:
            raise
        except Later as error:
            raise Postponed(error.retry_after_seconds) from error
        except TimeoutError as error:
            raise Postponed from error
        except (FetchError, AddressRefused, MediaRefused):
            return None


def _fresh(courier: Courier, generation: Generation, result: Person | NewVoice) -> str:
    """A fresh address, "" where the service shows nothing any more. Raises Postponed where it cannot say now."""
    assert generation.connection is not None
    try:
        way = way_for(generation.connection, courier.client)
        return courier.call(partial(way.provider.fresh_sample, way.wire, result), LINK_SECONDS).result()
    except JobGone:
        return ""
    except ProviderError as error:
        raise Postponed(getattr(error, "retry_after_seconds", None)) from error
    except TimeoutError as error:
        raise Postponed from error
