"""Resolved inputs as the engine makes them, of references that need no row: every file has the address that refers to it."""

from __future__ import annotations

from typing import Any
from uuid import uuid5

from studio.providers import find_offer
from studio.tools import get_tool
from studio.tools.base import Inputs
from studio.tools.fields import widget_of
from studio.tools.offer import Offer
from studio.tools.values import At, InfluencerValue, MediaKind, MediaValue, Resolved, VoiceValue
from tests.dialects.influencer_studio import NAMESPACE

FILES: dict[str, MediaKind] = {
    "image": "image",
    "images": "image",
    "photos": "image",
    "video": "video",
    "videos": "video",
    "audio": "audio",
    "audios": "audio",
    "weights": "file",
}


def offer(key: str) -> Offer:
    found = find_offer(f"influencer_studio:{key}")
    assert found is not None, key
    return found


def media(url: str, kind: MediaKind = "image", seconds: float = 5.0) -> MediaValue:
    length = 0.0 if kind == "image" else seconds
    return MediaValue(uuid5(NAMESPACE, url), "", "", 64, 64, "", kind=kind, name=url, seconds=length, link=url)


def resolved(tool_slug: str, inputs: dict[str, Any], at: At | None = None, seconds: float = 5.0) -> Resolved:
    tool = get_tool(tool_slug)
    assert tool is not None, tool_slug
    checked = tool.Inputs.model_validate(inputs)
    files: dict[str, tuple[MediaValue, ...]] = {}
    for name, info in type(checked).model_fields.items():
        kind = FILES.get(widget_of(info.metadata).name)
        value = getattr(checked, name)
        if kind and value:
            refs = (value,) if isinstance(value, str) else value
            files[name] = tuple(media(ref, kind, seconds) for ref in refs)
    for place, element in enumerate(getattr(checked, "elements", ())):
        files[f"elements.{place}.face"] = (media(element.face),)
        files[f"elements.{place}.references"] = tuple(media(ref) for ref in element.references)
    for place, lora in enumerate(getattr(checked, "loras", ())):
        files[f"loras.{place}.path"] = (media(lora.path, "file"),)
    return Resolved(
        tool=tool,
        asked=checked,
        inputs=checked,
        filled_in={},
        media=files,
        influencer=_person(checked),
        voice=_voice(checked),
        at=at or At("influencer_studio"),
    )


def _person(inputs: Inputs) -> InfluencerValue | None:
    known = getattr(inputs, "influencer", "").partition(":")[2]
    return InfluencerValue(None, "Ada", remote={"influencer": known}) if known else None


def _voice(inputs: Inputs) -> VoiceValue | None:
    known = getattr(inputs, "voice", "").partition(":")[2]
    return VoiceValue(None, "Narrator", remote={"voice": known}) if known else None
