"""A request in Videotok's words as our inputs: the other direction of `codec`, for the API that we answer ourselves. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from studio.dialects.base import UnsupportedInput, json_object
from studio.tools import get_tool
from studio.tools.base import Inputs
from studio.tools.offer import Offer

from . import codec, wire

TOOLS = {"static_ad": "static-ad", "video_ad": "video-ad", "ugc_ad": "ugc-ad"}
NAMED = ("template_slug", "model_slug", "variant_id")
KEPT = {"avatar_id": "avatar", "preset_id": "preset", "custom_reference_inspiration_id": "reference"}


def read_request(
    method: str, path: str, body: bytes, offers: Iterable[Offer] = ()
) -> tuple[str, dict[str, Any], Inputs]:
    """(tool, hints, inputs). hints: what names the offer (type, template_slug, model_slug, variant_id), and `idempotency_key` where given.

    offers: what the caller may use, to tell which tool a model's variant belongs to; without it, the fields decide. Files are their URLs;
    what Videotok keeps is `videotok:<id>`. Raises UnsupportedInput with the wire field's name.
    """
    if (method, path) not in (("POST", codec.GENERATIONS), ("POST", codec.SLIDESHOWS)):
        raise UnsupportedInput(f"{method} {path} makes nothing.")
    data = json_object(body)
    if path == codec.SLIDESHOWS:
        message: wire.Message = _checked(wire.Slideshow, {"generate_text_overlays": False} | data)
        return "slideshow", _hints(message, "slideshow"), _inputs("slideshow", _slideshow(message))
    model = wire.REQUESTS.get(str(data.get("type")))
    if model is None:
        raise UnsupportedInput(f"type is one of {', '.join(wire.REQUESTS)}.", "type")
    message = _checked(model, data)
    tool = _tool(message, offers)
    return tool, _hints(message, str(data["type"])), _inputs(tool, _generation(message, tool))


def _checked(model: type[wire.Message], data: dict[str, Any]) -> wire.Message:
    """The message; what it does not know is left aside, as are nulls."""
    known = {name: value for name, value in data.items() if name in model.model_fields and value is not None}
    try:
        return model.model_validate(known)
    except ValidationError as error:
        first = error.errors()[0]
        raise UnsupportedInput(first["msg"], str(first["loc"][0]) if first["loc"] else "") from error


def _hints(message: wire.Message, kind: str) -> dict[str, Any]:
    sent = message.sent()
    return {"type": kind} | {name: sent[name] for name in (*NAMED, "idempotency_key") if name in sent}


def _tool(message: wire.Message, offers: Iterable[Offer]) -> str:
    sent = message.sent()
    if sent["type"] in TOOLS:
        return TOOLS[sent["type"]]
    named = {name: sent[name] for name in ("model_slug", "variant_id")}
    for offer in offers:
        if offer.tool != "influencer-shoot" and all(offer.wire.get(name) == value for name, value in named.items()):
            return offer.tool
    if "motion_video_url" in sent:
        return "motion-control"
    if "source_video_url" in sent:
        return "lipsync" if "audio_url" in sent else "video-edit"
    return "video" if {"audio_url", "generate_audio", "duration"} & set(sent) else "image"


def _generation(message: wire.Message, tool: str) -> dict[str, Any]:
    sent = message.sent()
    found: dict[str, Any] = {"prompt": sent["prompt"], "count": sent.get("request_count"), **_shared(sent)}
    found |= {ours: sent.get(theirs) for ours, theirs in codec.PLAIN.items()}
    shape = sent.get("aspect_ratio")
    found["aspect_ratio"] = (shape,) if shape and _holds_several(tool, "aspect_ratio") else shape
    found |= _pictures(sent.get("reference_image_urls", []), tool, str(sent.get("variant_id", "")))
    found |= _clips(sent, tool)
    return found


def _holds_several(tool: str, field: str) -> bool:
    found = get_tool(tool)
    return found is not None and "tuple" in str(found.Inputs.model_fields[field].annotation)


def _pictures(urls: list[str], tool: str, variant: str) -> dict[str, Any]:
    if tool in ("image-edit", "motion-control"):
        rest = {"images": urls[1:]} if tool == "image-edit" else {"face_image": next(iter(urls[1:]), "")}
        return {"image": next(iter(urls), "")} | rest
    if tool == "static-ad":
        return {"product_images": urls}
    if tool == "video" and codec.is_first_and_last(variant):
        return {"first_frame": next(iter(urls), ""), "last_frame": "".join(urls[1:2]), "images": urls[2:]}
    return {"images": urls}


def _clips(sent: dict[str, Any], tool: str) -> dict[str, Any]:
    source, motion, audio = (sent.get(name) for name in ("source_video_url", "motion_video_url", "audio_url"))
    if tool in ("video-ad", "ugc-ad"):
        return {"source_video": source, "motion_video": motion, "audio": audio}
    if tool == "video":
        return {"videos": source, "audios": audio}
    return {"video": motion if tool == "motion-control" else source, "audio": audio}


def _slideshow(message: wire.Message) -> dict[str, Any]:
    sent = message.sent()
    same = ("prompt", "title", "slide_count", "aspect_ratio", "language", "product_context")
    return {
        **{name: sent.get(name) for name in same},
        **_shared(sent),
        "product_images": sent.get("product_image_urls"),
        "avatar_image": sent.get("avatar_image_url"),
        "overlays": sent["generate_text_overlays"],
    }


def _shared(sent: dict[str, Any]) -> dict[str, Any]:
    found = {ours: f"videotok:{sent[theirs]}" for theirs, ours in KEPT.items() if theirs in sent}
    return found | ({"brand": f"videotok:{sent['brand_kit_id']}"} if "brand_kit_id" in sent else {})


def _inputs(slug: str, found: dict[str, Any]) -> Inputs:
    """The tool's inputs. A field that the tool does not have is refused by name, never dropped."""
    tool = get_tool(slug)
    assert tool is not None
    filled = {name: value for name, value in found.items() if value not in (None, "", [], ())}
    for name in filled:
        if name not in tool.Inputs.model_fields:
            raise UnsupportedInput(f"{name} cannot be used here.", name)
    try:
        return tool.Inputs.model_validate(filled)
    except ValidationError as error:
        first = error.errors()[0]
        raise UnsupportedInput(first["msg"], str(first["loc"][0]) if first["loc"] else "") from error
