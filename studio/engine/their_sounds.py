"""How the samples of listed voices and tracks look. The worker measures each once, after somebody listened to it; pages only read.

Kept in the facts of its catalogue row as `heard`: {"bytes": of the sample that was measured, "seconds", "peaks"}. No peaks: it has none that
could be drawn, and is not measured again until the service has another sample.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from studio.live import outbox
from studio.media import samples
from studio.media.decode import CLIP, run_child, workplace
from studio.media.errors import MediaRefused
from studio.models import CatalogueItem

from . import bells

HEARD = "heard"
PEAKS = 96
"""As many bars as the widest waveform of a page has."""


def ring_unheard(item: CatalogueItem, sample: samples.Sample) -> None:
    """Somebody listened: the worker shall measure this sample, unless it did."""
    if _heard(item.data).get("bytes") != len(sample.data):
        bells.ring_sound(item.pk)


def peaks_of(item: CatalogueItem) -> list[int]:
    """Loudness from 0 to 100, evenly over its length; empty where nobody listened yet."""
    found = _heard(item.data).get("peaks")
    return found if isinstance(found, list) else []


def seconds_of(item: CatalogueItem) -> float | None:
    found = _heard(item.data).get("seconds")
    return float(found) if isinstance(found, int | float) else None


def listen(item_id: UUID) -> None:
    """Measures the sample of one listed thing. Running twice is harmless."""
    item = CatalogueItem.objects.filter(pk=item_id, gone_at=None).first()
    sample = samples.sample(item, "sound") if item else None
    if item is None or sample is None or _heard(item.data).get("bytes") == len(sample.data):
        return
    heard = {"bytes": len(sample.data), **_measured(sample)}
    with transaction.atomic():
        row = CatalogueItem.objects.select_for_update().filter(pk=item.pk).first()
        if row is None:
            return
        row.data = {**row.data, HEARD: heard}
        row.save(update_fields=("data",))
        outbox.append("sound", row.pk, team_id=row.team_id)


def _measured(sample: samples.Sample) -> dict[str, Any]:
    try:
        with workplace() as folder:
            source, room = folder / "source", folder / "room"
            source.write_bytes(sample.data)
            room.mkdir()
            facts = run_child({"do": "waveform", "media_type": sample.media_type}, source, room, CLIP)
    except MediaRefused:
        return {}
    return {"seconds": facts["duration_seconds"], "peaks": fewer(facts["peaks"])}


def fewer(peaks: list[int]) -> list[int]:
    """As many as are drawn: of each stretch the loudest."""
    return [max(peaks[at * len(peaks) // PEAKS : (at + 1) * len(peaks) // PEAKS]) for at in range(PEAKS)]


def carry_over(items: Iterable[CatalogueItem], known: Mapping[tuple[str, str], Mapping[str, Any]]) -> None:
    """A list that was read anew knows nothing of what was measured. known: the facts of today by (kind, remote id)."""
    for item in items:
        item.data.pop(HEARD, None)  # What a service itself calls so is none of ours.
        heard = known.get((item.kind, item.remote_id), {}).get(HEARD)
        if heard and item.sound:
            item.data[HEARD] = heard


def _heard(data: Mapping[str, Any]) -> Mapping[str, Any]:
    found = data.get(HEARD)
    return found if isinstance(found, dict) else {}
