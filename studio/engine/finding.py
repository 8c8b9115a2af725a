"""Loads what a tool's inputs refer to, for `resolve`: each kind of thing in one query, then what the connection calls all of it."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, Prefetch, QuerySet

from studio.media.address import AddressRefused, check_url
from studio.models import (
    UNDER_WAY,
    Asset,
    Brand,
    CatalogueItem,
    Connection,
    Generation,
    Influencer,
    InfluencerPhoto,
    Readiness,
    Reference,
    ReferenceMedia,
    Voice,
)
from studio.providers import PROVIDERS
from studio.tools import Inputs, Tool
from studio.tools.values import BrandValue, InfluencerValue, MediaValue, ReferenceValue, VoiceValue

from . import links, reach, values
from .connections import facts_of
from .fields import MEDIA, fields, is_link, is_remote, listed, media_references, own_id, own_ids, remote_id

M = TypeVar("M", bound=Model)

_ONE = {
    "brand": "That brand is not in this workspace any more. Pick another one.",
    "influencer": "That influencer is not here any more. Pick another one.",
    "voice": "That voice is not here any more. Pick another one.",
    "reference": "That saved reference is not here any more. Pick another one.",
}
_GONE = {
    "image": "One of the pictures is not here any more. Upload it again.",
    "video": "The clip is not here any more. Upload it again.",
    "audio": "The recording is not here any more. Upload it again.",
    "file": "The .safetensors file is not here any more. Upload it again.",
}
_WRONG = {
    "image": "“{name}” is not a picture. Use a PNG, JPEG or WebP file.",
    "video": "“{name}” is not a video. Use an MP4, MOV or WebM file.",
    "audio": "“{name}” is not a recording. Use an MP3, WAV or M4A file.",
    "file": "“{name}” is not a .safetensors file. Use the file that the training gave you.",
}
_ANY = ("image", "video", "audio", "file")
BRAND_FILES = ("logo", "logo_dark", "heading_font_file", "body_font_file")
"""Of a brand, what a request may be made with."""


class Finder:
    """problems: (field, sentence). After `find`, the values can be taken."""

    def __init__(
        self,
        tool: Tool,
        inputs: Inputs,
        actor: reach.Actor,
        workspace_id: UUID,
        connection: Connection | None,
        generation_id: UUID | None,
    ) -> None:
        self.tool, self.inputs, self.actor, self.workspace_id = tool, inputs, actor, workspace_id
        self.connection, self.generation_id = connection, generation_id
        self.provider = connection.provider if connection else None
        self.facts: dict[str, Any] = facts_of(connection) if connection else {}
        self.problems: list[tuple[str, str]] = []
        self.choices: dict[str, tuple[str, ...]] = {}
        self._references = list(media_references(tool, inputs))
        self._assets: dict[UUID, Asset] = {}
        self._rows: dict[str, Any] = {}
        self._theirs: dict[str, str] = {}
        self._known = values.NOTHING

    def find(self) -> None:
        self._find_assets()
        for widget in _ONE:
            self._find_one(widget)
        self._find_choices()
        order = list(self.tool.Inputs.model_fields)
        self.problems.sort(key=lambda problem: order.index(problem[0]))
        if self.connection is not None and not self.problems:
            self._known = links.known_to(self.connection, self._ids(), self._all_assets(), self.generation_id)

    # -- Files -----------------------------------------------------------------------------------------------------------------

    def _find_assets(self) -> None:
        keys = {pk for _, _, references in self._references for pk in own_ids(references)}
        self._assets = reach.assets(self.actor).in_bulk(list(keys)) if keys else {}
        for place, widget, references in self._references:
            for reference in references:
                sentence = self._problem_with(reference, widget)
                if sentence:
                    self.problems.append((place.partition(".")[0], sentence))

    def _problem_with(self, reference: str, widget: str) -> str:
        kinds = MEDIA[widget]
        named = next(kind for kind in _ANY if kind in kinds)
        pk = own_id(reference)
        row = self._assets.get(pk) if pk else None
        if row is not None:
            return "" if row.kind in kinds else _WRONG[named].format(name=row)
        if is_link(reference):
            return _problem_with_link(reference)
        if is_remote(reference):
            return "" if remote_id(reference, self.provider) else self._elsewhere(reference)
        return _GONE[named]

    def media(self) -> dict[str, tuple[MediaValue, ...]]:
        return {
            place: tuple(self._value(reference, widget) for reference in references)
            for place, widget, references in self._references
        }

    def _value(self, reference: str, widget: str) -> MediaValue:
        pk, kind = own_id(reference), next(kind for kind in _ANY if kind in MEDIA[widget])
        if pk:
            return values.media_value(self._assets[pk], self._known)
        if is_link(reference):
            return values.linked_media(reference, kind)
        return values.remote_media(remote_id(reference, self.provider), kind)

    # -- One of ours, or of theirs ---------------------------------------------------------------------------------------------

    def _find_one(self, widget: str) -> None:
        for name, _ in fields(self.tool, widget):
            reference = getattr(self.inputs, name)
            if not reference:
                continue
            theirs = remote_id(reference, self.provider or ("local" if widget == "voice" else None))
            if theirs:
                self._theirs[widget] = theirs
                if widget == "influencer" and (sentence := self._problem_with_theirs(theirs)):
                    self.problems.append((name, sentence))
                continue
            if is_remote(reference):
                self.problems.append((name, self._elsewhere(reference)))
                continue
            pk = own_id(reference)
            row = self._query(widget).filter(pk=pk).first() if pk else None
            if row is None:
                self.problems.append((name, _ONE[widget]))
            elif isinstance(row, Influencer) and row.readiness != Readiness.READY:
                self.problems.append((name, _not_ready(row)))
            elif isinstance(row, Influencer) and self._is_being_made(row):
                self.problems.append((name, f"“{row.name}” is being made there already. Wait until that is finished."))
            else:
                self._rows[widget] = row

    def _problem_with_theirs(self, theirs: str) -> str:
        """Somebody that only the service has and who is not ready, as far as its list tells."""
        items = CatalogueItem.objects.filter(connection=self.connection, kind="influencer", remote_id=theirs)
        item = items.filter(data__ready=False).first()
        if item is None:
            return ""
        failed = item.data.get("training_status") == "failed"
        return _not_ready(Influencer(name=item.title, readiness=Readiness.FAILED if failed else Readiness.TRAINING))

    def _is_being_made(self, row: Influencer) -> bool:
        """Whether one of ours is on its way to becoming one of the service's: nobody is paid for twice at once."""
        if self.tool.slug != "influencer" or self.generation_id is not None:
            return False
        rows = Generation.objects.filter(connection=self.connection, tool="influencer", state__in=UNDER_WAY)
        return rows.filter(uses__object_kind="influencer", uses__object_id=row.pk).exists()

    def _query(self, widget: str) -> QuerySet[Any]:
        if widget == "brand":
            return reach.brands(self.actor, self.workspace_id).select_related(*BRAND_FILES)
        if widget == "influencer":
            photos = Prefetch("photos", InfluencerPhoto.objects.select_related("asset").order_by("position"))
            return reach.influencers(self.actor, self.workspace_id).select_related("face").prefetch_related(photos)
        if widget == "voice":
            return reach.voices(self.actor, self.workspace_id).select_related("preview")
        media = Prefetch("media", ReferenceMedia.objects.select_related("asset").order_by("position"))
        return reach.references(self.actor, self.workspace_id).prefetch_related(media)

    def brand(self) -> BrandValue | None:
        row: Brand | None = self._rows.get("brand")
        if row:
            return values.brand_value(row, self._known)
        return values.remote_brand(self._theirs["brand"]) if "brand" in self._theirs else None

    def influencer(self) -> InfluencerValue | None:
        row: Influencer | None = self._rows.get("influencer")
        if row:
            return values.influencer_value(row, self._known)
        theirs = self._theirs.get("influencer")
        return InfluencerValue(None, "That influencer", remote={"influencer": theirs}) if theirs else None

    def voice(self) -> VoiceValue | None:
        row: Voice | None = self._rows.get("voice")
        if row:
            return values.voice_value(row, self._known)
        theirs = self._theirs.get("voice")
        return VoiceValue(None, "That voice", remote={"voice": theirs}) if theirs else None

    def reference(self) -> ReferenceValue | None:
        row: Reference | None = self._rows.get("reference")
        if row:
            return values.reference_value(row, self._known)
        theirs = self._theirs.get("reference")
        return ReferenceValue(None, "That reference", remote={"reference": theirs}) if theirs else None

    # -- Only theirs -----------------------------------------------------------------------------------------------------------

    def _find_choices(self) -> None:
        for name, widget in fields(self.tool, "avatar", "presenter", "preset", "entities"):
            references = listed(getattr(self.inputs, name))
            found = [remote_id(reference, self.provider) for reference in references]
            for reference, theirs in zip(references, found, strict=True):
                if theirs:
                    continue
                said = (
                    self._elsewhere(reference)
                    if is_remote(reference)
                    else f"That {widget} is not known. Pick one of those shown."
                )
                self.problems.append((name, said))
            self.choices[name] = tuple(found)

    def _elsewhere(self, reference: str) -> str:
        owner = PROVIDERS[reference.partition(":")[0]][0] if not reference.startswith("local:") else "this server"
        here = PROVIDERS[self.provider][0] if self.provider else "this server"
        return f"That one belongs to {owner}; this is made by {here}. Pick one from there, or another engine."

    # -- The connection --------------------------------------------------------------------------------------------------------

    def _all_assets(self) -> list[Asset]:
        found = list(self._assets.values())
        brand, person, voice = (self._rows.get(name) for name in ("brand", "influencer", "voice"))
        saved = self._rows.get("reference")
        if brand:
            found += [asset for asset in (brand.logo, brand.logo_dark) if asset]
        if person:
            found += [photo.asset for photo in person.photos.all()] + ([person.face] if person.face else [])
        if voice and voice.preview:
            found.append(voice.preview)
        if saved:
            found += [item.asset for item in saved.media.all()]
        return found

    def _ids(self) -> list[UUID]:
        return [self.workspace_id, *(row.pk for row in self._rows.values())]

    def workspace_remote_id(self) -> str:
        return self._known.of(self.workspace_id).get("workspace", "")

    def webhook(self) -> str:
        """Where an unsigned bell may ring for this generation."""
        from .webhooks import webhook_url

        if self.connection is None or self.generation_id is None:
            return ""
        return webhook_url(self.generation_id, self.connection.team)


def _problem_with_link(link: str) -> str:
    """By what is written alone: nothing is dialled here."""
    try:
        check_url(link)
    except AddressRefused as refusal:
        return str(refusal)
    return ""


def _not_ready(row: Influencer) -> str:
    if row.readiness == Readiness.FAILED:
        return f"The training of “{row.name}” failed. Pick another influencer, or make this one again."
    return f"“{row.name}” is still in training. Wait until it is ready, or pick another influencer."
