"""The photos of a person: what the local checks find in each, kept beside it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils import timezone

from config.storage import StorageAway
from studio.media import portraits
from studio.media.decode import workplace
from studio.media.errors import MediaRefused
from studio.media.storing import stored_pieces
from studio.models import Asset, Influencer, InfluencerPhoto

UNCHECKED_AFTER = timedelta(seconds=20)
AT_ONCE = 40
UNREADABLE = {"version": portraits.VERSION, "unreadable": True}


def add_photos(row: Influencer, assets: Iterable[Asset]) -> None:
    """At the end, in order, each once; the first is the face where there is none. In a transaction; the caller rings their checks."""
    last = row.photos.aggregate(last=Max("position"))["last"]
    position = 0 if last is None else last + 1
    for asset in assets:
        _, created = InfluencerPhoto.objects.get_or_create(influencer=row, asset=asset, defaults={"position": position})
        position += created
        Influencer.objects.filter(pk=row.pk, face=None).update(face=asset)


def check_photos(influencer_id: UUID) -> None:
    """Looks at each photo of a person that nobody has looked at. One that cannot be opened is not tried again."""
    for photo in InfluencerPhoto.objects.filter(influencer=influencer_id, checks={}).select_related("asset")[:AT_ONCE]:
        facts = facts_of_photo(photo.asset)
        if facts is not None:
            InfluencerPhoto.objects.filter(pk=photo.pk).update(checks=facts, pose=facts.get("pose", ""))


def check_forgotten() -> None:
    """The same for photos whose bell was lost."""
    old = UUID(int=int((timezone.now() - UNCHECKED_AFTER).timestamp() * 1000) << 80)
    waiting = InfluencerPhoto.objects.filter(checks={}, pk__lt=old).order_by("pk")
    for influencer_id in dict.fromkeys(waiting.values_list("influencer", flat=True)[:AT_ONCE]):
        check_photos(influencer_id)


def facts_of_photo(asset: Asset) -> dict[str, Any] | None:
    """What `portraits` finds in a stored picture. None: it cannot be read now, ask again."""
    with workplace() as folder:
        path = folder / "photo"
        try:
            with path.open("wb") as file:
                for piece in stored_pieces(str(asset.file.name)):
                    file.write(piece)
            return portraits.check(path)
        except (MediaRefused, FileNotFoundError):
            return dict(UNREADABLE)
        except StorageAway:
            return None
