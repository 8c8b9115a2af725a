"""A tool's inputs as a request to Influencer Studio, and back. Pure: the same values give the same bytes.

Which input stands where is data: the tables of codec_people, codec_images, codec_videos, codec_sound and codec_models.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ValidationError

from studio.dialects.base import Request, UnsupportedInput, json_object
from studio.tools import get_tool
from studio.tools.base import Inputs
from studio.tools.offer import Offer
from studio.tools.offer_checks import is_set
from studio.tools.values import Resolved

from . import codec_images, codec_models, codec_people, codec_sound, codec_videos
from .codec_parts import UNSET, Endpoint
from .wire import PATH, Message

ENDPOINTS: dict[str, Endpoint] = {
    endpoint.path: endpoint
    for table in (codec_people, codec_images, codec_videos, codec_sound, codec_models)
    for endpoint in table.ENDPOINTS
}
"""Every generating endpoint, by its path."""

HINTS = ("model", "workspace_id", "webhook")
"""Fields of a request that are no inputs of a tool: the offer's, or the connection's."""


def encode(offer: Offer, values: Resolved) -> Request:
    """The request for one generation. offer.wire: {"path", "model"?}. Raises UnsupportedInput, NoAddress, NotThere."""
    endpoint = ENDPOINTS[str(offer.wire["path"])]
    _nothing_dropped(offer, endpoint, values)
    for check in endpoint.checks:
        check(values)
    body: dict[str, Any] = {}
    for part in endpoint.parts:
        _put(body, part.wire, part.put(values))
    _put(body, "model", offer.wire.get("model"))
    if values.at and endpoint.knows("workspace_id"):
        _put(body, "workspace_id", values.at.workspace_id)
    if values.at and endpoint.knows("webhook"):
        _put(body, "webhook", values.at.webhook)
    return Request.post(endpoint.path, _checked(endpoint, body).sent())


def _put(body: dict[str, Any], place: str, value: Any) -> None:
    if value in UNSET and value is not False:
        return
    group, _, name = place.rpartition(".")
    (body.setdefault(group, {}) if group else body)[name] = value


def _nothing_dropped(offer: Offer, endpoint: Endpoint, values: Resolved) -> None:
    """What was filled in and cannot be sent is refused at its field."""
    known = {name for name in endpoint.covers() if offer.takes_input(name)}
    for name, info in type(values.inputs).model_fields.items():
        if name not in known and is_set(values.inputs, name):
            raise UnsupportedInput(
                f"{offer.title} has no use for “{info.title or name}”. Empty it, or choose another.", name
            )


def _checked(endpoint: Endpoint, body: dict[str, Any]) -> Message:
    """Raises UnsupportedInput at the input that a wrong wire field came from."""
    try:
        return endpoint.message.model_validate(body)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(it) for it in first["loc"] if isinstance(it, str))
        part = next((it for it in endpoint.parts if place == it.wire or place.startswith(f"{it.wire}.")), None)
        raise UnsupportedInput(f"{first['msg']} ({place}).", part.ours if part else place) from error


# -- Back ----------------------------------------------------------------------------------------------------------------------


def read_request(
    method: str, path: str, body: bytes, offers: Iterable[Offer] = ()
) -> tuple[str, dict[str, Any], Inputs]:
    """(tool, hints, inputs). path: below the base URL or below the host. hints: "path" and what of `HINTS` was sent, to choose the offer.

    Files are their URLs; influencers and voices are `influencer_studio:<id>`. Tolerant as the service is: unknown keys are left aside, a
    shape or a count is found inside of `settings` and outside. Raises UnsupportedInput with the wire field's name.
    """
    endpoint = ENDPOINTS.get(path.removeprefix(PATH))
    if endpoint is None or method != "POST":
        raise UnsupportedInput(f"{method} {path} makes nothing.")
    data = _known(endpoint.message, _settled(endpoint, json_object(body)))
    try:
        sent = endpoint.message.model_validate(data).sent()
    except ValidationError as error:
        first = error.errors()[0]
        raise UnsupportedInput(first["msg"], ".".join(str(it) for it in first["loc"])) from error
    found: dict[str, Any] = {}
    for part in endpoint.parts:
        value = _at(sent, part.wire)
        if value is not None:
            found |= part.read(value)
    hints = {"path": endpoint.path} | {name: sent[name] for name in HINTS if name in sent}
    return endpoint.tool, hints, _inputs(endpoint.tool, found)


def _settled(endpoint: Endpoint, data: dict[str, Any]) -> dict[str, Any]:
    """With everything in its documented place: the names of the vendor's examples, and shapes inside or outside of `settings`."""
    places = {part.wire for part in endpoint.parts}
    moved = dict(endpoint.aliases)
    for name in ("aspect_ratio", "duration"):
        inside = f"settings.{name}"
        moved |= {name: inside} if inside in places else {inside: name} if name in places else {}
    settled = {key: dict(value) if isinstance(value, dict) else value for key, value in data.items()}
    for other, place in moved.items():
        if _at(settled, place) is None and _at(data, other) is not None:
            _put(settled, place, _at(data, other))
    return settled


def _at(data: dict[str, Any], place: str) -> Any:
    found: Any = data
    for name in place.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _known(model: type[BaseModel], data: dict[str, Any]) -> dict[str, Any]:
    """Without nulls and without names that no message has, at every depth."""
    known: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        value = data.get(name)
        inner = _message_in(info.annotation)
        if inner and isinstance(value, dict):
            value = _known(inner, value)
        elif inner and isinstance(value, list):
            value = [_known(inner, it) if isinstance(it, dict) else it for it in value]
        if value is not None:
            known[name] = value
    return known


def _message_in(annotation: Any) -> type[Message] | None:
    """The message inside of `X | None` or `list[X]`."""
    if isinstance(annotation, type) and issubclass(annotation, Message):
        return annotation
    return next((it for it in map(_message_in, getattr(annotation, "__args__", ())) if it), None)


def _inputs(tool: str, found: dict[str, Any]) -> Inputs:
    declared = get_tool(tool)
    assert declared is not None, tool
    try:
        return declared.Inputs.model_validate(found)
    except ValidationError as error:
        first = error.errors()[0]
        raise UnsupportedInput(first["msg"], ".".join(str(it) for it in first["loc"])) from error
