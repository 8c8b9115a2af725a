"""People and voices that a service made for us: a row each, exactly once, and what the service calls them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from studio.media.address import AddressRefused
from studio.media.decode import workplace
from studio.media.errors import MediaRefused
from studio.media.fetch import FetchError, Gone, Later, fetch_to
from studio.media.limits import max_result_bytes
from studio.models import (
    Asset,
    Connection,
    Generation,
    Influencer,
    Output,
    Readiness,
    RemoteCopy,
    Voice,
)
from studio.providers.base import Gone as JobGone
from studio.providers.base import NewVoice, Person, ProviderError

from . import bells, consents, faults, people_photos, storing
from .fields import own_id
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
    """An influencer: one of ours that the inputs name, else a new one, whose face is the picture that the service shows or the first photo.
    False: the lease was lost."""
    photos = _photos(generation)
    face = _picture(courier, generation, output, result, result.face_url, "image") or next(iter(photos), None)
    training = not result.ready
    with transaction.atomic():
        # As in people_sync: one at a time, so that one of the service's people never becomes two of ours.
        assert generation.connection_id is not None
        Connection.objects.select_for_update().get(pk=generation.connection_id)
        row, created = Influencer.objects.get_or_create(
            pk=_row_for(generation, output, result.remote_id),
            defaults={
                "team_id": output.team_id,
                "workspace_id": output.workspace_id,
                "name": (result.name or output.title)[:100],
                "readiness": Readiness.TRAINING if training else Readiness.READY,
                "ask_at": timezone.now() if training else None,
                "face": face,
                "created_by_id": output.created_by_id,
            },
        )
        if not created:
            _renew(row, face, training)
        people_photos.add_photos(row, photos or ([face] if face and created else []))
        bells.ring_photos(row.pk)
        _remember(generation, "influencer", row.pk, result.remote_id)
    faults.point("collecting_before_row")
    return storing.ready(generation, output, face or row.face, (), influencer=row)


def _row_for(generation: Generation, output: Output, remote_id: str) -> UUID:
    """The row that this person is or becomes; always the same one, however often it is asked.

    One of ours that was named stays out of it where the service knows it as somebody else: both were paid for, and both are kept. Then, and
    where none was named, it is whoever was brought from the service meanwhile, else a new row.
    """
    copies = RemoteCopy.objects.filter(connection=generation.connection, kind="influencer")
    known = list(copies.filter(remote_id=remote_id).values_list("object_id", flat=True))
    own = row_id_for(output.pk)
    named = own_id(str(generation.inputs.get("influencer") or ""))
    if own in known:
        return own
    if named in known:
        return named
    ours = Influencer.objects.filter(pk=named, team=output.team_id) if named else Influencer.objects.none()
    if named and ours.exists() and not copies.filter(object_id=named).exists():
        return named
    here = Influencer.objects.filter(pk__in=known, team=output.team_id).order_by("pk")
    return here.values_list("pk", flat=True).first() or own


def _renew(row: Influencer, face: Asset | None, training: bool) -> None:
    row.readiness = Readiness.TRAINING if training else Readiness.READY
    row.ask_at = timezone.now() if training else None
    row.face = row.face or face
    row.save(update_fields=("readiness", "ask_at", "face"))


def voice(courier: Courier, generation: Generation, output: Output, result: NewVoice) -> bool:
    """A new voice with its sample, what it was copied from, and who agreed to that. It is the influencer's who was named and has none yet.
    False: the lease was lost."""
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
                **consents.of_voice(generation),
            },
        )
        _remember(generation, "voice", row.pk, result.remote_id)
        whose = consents.influencer_of(generation)
        if whose:
            Influencer.objects.filter(pk=whose, team=output.team_id, voice=None).update(voice=row)
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
