"""That a person agreed to the copying of their voice.

Who said so, and when, stands in two places. Beside the recording that they spoke, where it is one of our files: consent belongs to what was
spoken, so that the first yes stands for every copy of it, and asking again later would only put a newer name over the older proof. And beside
each request that copies a voice: a link, or a file that only a service has, may lead to another voice tomorrow, so that for those the yes of
this very press counts and none of an earlier one. What runs again is the same request and carries the yes that it had.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypedDict
from uuid import UUID

from django.utils import timezone

from studio.models import Asset, Generation, User
from studio.tools.values import MediaValue, Resolved

from .fields import own_id

CONSENT = "consent"
"""Its name in `Asset.provenance`."""

WORDS = "The person who speaks agreed to this copy."
"""What a person says yes to in the form of the tool."""

NOBODY_AGREED = "Tick that the person who speaks agreed. Without their yes nobody’s voice is copied."


class Said(TypedDict):
    """by: the id of who said so. at: when, in ISO form. words: what they said yes to."""

    by: int
    at: str
    words: str


def said(by: User, words: str = WORDS) -> Said:
    return {"by": by.pk, "at": timezone.now().isoformat(), "words": words}


def keep(recording: Asset, by: User, words: str) -> None:
    """The first yes stands: pressing again changes nothing."""
    _keep(recording, said(by, words))


def _keep(recording: Asset, yes: Said) -> None:
    if CONSENT in recording.provenance:
        return
    recording.provenance = {**recording.provenance, CONSENT: yes}
    recording.save(update_fields=("provenance",))


def problems(values: Resolved, yes: Said | None) -> list[tuple[str, str]]:
    """Of a request: a voice that is to be copied, and nobody has said that its speaker agreed. yes: what was said with this press."""
    if yes or not copied(values):
        return []
    return [("audio", NOBODY_AGREED)] if any(_said_of(file) is None for file in copied(values)) else []


def copied(values: Resolved) -> tuple[MediaValue, ...]:
    """What is to be copied: one recording, or nothing."""
    if values.tool.slug != "voice" or getattr(values.inputs, "method", "") != "clone":
        return ()
    return values.media.get("audio", ())


def stand(values: Resolved, yes: Said | None) -> Said | dict[str, Any]:
    """The yes that a request is made under, {} where it needs none; one said of a file of ours is kept beside that, too."""
    for file in copied(values):
        if yes and file.file:
            _keep(Asset.objects.select_for_update().get(pk=file.id), yes)
        known = _said_of(file) or yes
        if known:
            return known
    return {}


def _said_of(file: MediaValue) -> Said | None:
    """Only our own files carry it: nobody knows what a link leads to."""
    row = Asset.objects.filter(pk=file.id).only("provenance").first() if file.file else None
    found: Said | None = row.provenance.get(CONSENT) if row else None
    return found


def of_voice(generation: Generation) -> dict[str, Any]:
    """What a new voice carries on from the request: what it was copied from and who said yes, or how it was described."""
    inputs = generation.inputs
    if inputs.get("method") != "clone":
        return {"description": str(inputs.get("prompt") or "")[:500]}
    pk = own_id(str(inputs.get("audio") or ""))
    recording = Asset.objects.filter(pk=pk, team=generation.team_id).first() if pk else None
    # Requests from before it was kept with them have it beside their recording alone.
    yes = generation.consent or (recording.provenance.get(CONSENT) if recording else None)
    if not yes:
        return {"recording": recording}
    return {
        "recording": recording,
        "consent_by": User.objects.filter(pk=yes["by"]).first(),
        "consent_at": datetime.fromisoformat(yes["at"]),
    }


def influencer_of(generation: Generation) -> UUID | None:
    """Whose voice it is to be, where that is one of ours."""
    return own_id(str(generation.inputs.get("influencer") or ""))
