"""That a person agreed to the copying of their voice. It is kept beside the recording that they spoke, and follows from there into every
voice that is copied from it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from studio.models import Asset, Generation, User
from studio.tools.values import Resolved

from .fields import own_id

CONSENT = "consent"
"""Its name in `Asset.provenance`: {"by": the id of who said so, "at": when, "words": what they said yes to}."""

NOBODY_AGREED = "Nobody has said yet that this person agreed. Clone it on the page Voices: you are asked there."


def keep(recording: Asset, by: User, words: str) -> None:
    """The first yes stands: pressing again changes nothing."""
    if CONSENT in recording.provenance:
        return
    said = {"by": by.pk, "at": timezone.now().isoformat(), "words": words}
    recording.provenance = {**recording.provenance, CONSENT: said}
    recording.save(update_fields=("provenance",))


def problems(values: Resolved) -> list[tuple[str, str]]:
    """Of a request: a recording of ours that is to be copied, and nobody has said that its speaker agreed."""
    if values.tool.slug != "voice" or getattr(values.inputs, "method", "") != "clone":
        return []
    ids = [file.id for file in values.media.get("audio", ()) if file.file]
    silent = (
        Asset.objects.filter(pk__in=ids).exclude(**{f"provenance__{CONSENT}__isnull": False})
        if ids
        else Asset.objects.none()
    )
    return [("audio", NOBODY_AGREED)] if silent.exists() else []


def of_voice(generation: Generation) -> dict[str, Any]:
    """What a new voice carries on from the request: what it was copied from and who said yes, or how it was described."""
    inputs = generation.inputs
    if inputs.get("method") != "clone":
        return {"description": str(inputs.get("prompt") or "")[:500]}
    pk = own_id(str(inputs.get("audio") or ""))
    recording = Asset.objects.filter(pk=pk, team=generation.team_id).first() if pk else None
    if recording is None:
        return {}
    said = recording.provenance.get(CONSENT) or {}
    who = User.objects.filter(pk=said["by"]).first() if said else None
    return {
        "recording": recording,
        "consent_by": who,
        "consent_at": datetime.fromisoformat(said["at"]) if said else None,
    }


def influencer_of(generation: Generation) -> UUID | None:
    """Whose voice it is to be, where that is one of ours."""
    return own_id(str(generation.inputs.get("influencer") or ""))
