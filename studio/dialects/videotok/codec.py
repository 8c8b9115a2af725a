"""A tool's inputs as a request to Videotok. Pure: the same values give the same bytes.

What goes where is data: `PICTURES`, `CLIPS`, `SOUNDS` name the inputs of every tool that end up in the same wire field, in order.
"""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from studio.dialects.base import Request, UnsupportedInput
from studio.tools.offer import Offer
from studio.tools.values import MediaValue, Resolved

from . import wire

GENERATIONS = "/generations"
SLIDESHOWS = "/slideshows"
REFERENCES = "/reference-inspirations"

FACE = "influencer"
PICTURES = ("first_frame", "last_frame", "image", "images", "product_images", "face_image", "face_references", FACE)
"""`reference_image_urls`: first and last frame are its first two, as the page's example has them. A person's face comes behind all."""

SHOOT = (FACE, "outfit_image", "location_image", "pose_image", "product_image")
SHOOT_WORDS = dict(zip(SHOOT, ("the person", "the outfit", "the place", "the pose", "the product"), strict=True))
"""The pictures of an influencer's photo, and what the brief says of each: Videotok has no field for who is who."""

CLIPS: dict[str, tuple[str, ...]] = {
    "source_video_url": ("source_video", "video", "videos"),
    "motion_video_url": ("motion_video",),
}
MOTION_CLIPS: dict[str, tuple[str, ...]] = {"motion_video_url": ("video",)}
"""In `motion-control` the one clip is the motion."""

SOUNDS = ("audio", "audios")

INSTRUCTIONS: dict[str, str] = {
    "influencer-shoot": "A natural photo of the person.",
    "lipsync": "Make the lips follow the recording.",
    "motion-control": "Move like the person in the motion video.",
    "video": "Bring the material to life.",
    "video-edit": "Restyle the clip to match the reference pictures.",
}
"""What is said for a tool whose brief is empty: `prompt` is a field of every type, and the pages never call it optional."""

PLAIN: dict[str, str] = {
    "resolution": "resolution",
    "duration": "duration",
    "quality": "quality_tier",
    "sound": "generate_audio",
}
"""Inputs that are sent as they are -> their wire name."""


def encode(offer: Offer, values: Resolved) -> Request:
    """The request for one generation. Raises UnsupportedInput, NoAddress, NotThere.

    What the offer takes and its limits were checked before (`studio.tools.offer_checks`); words that the studio proposed for an ad's
    other fields stay here, since Videotok writes its own from the brief.
    """
    kind = str(offer.wire["type"])
    if kind == "slideshow":
        return _post(SLIDESHOWS, wire.Slideshow, _slideshow(values))
    model = wire.REQUESTS[kind]
    fields = _fields(offer, values)
    for name in fields:
        if name not in model.model_fields:
            raise UnsupportedInput(
                f"{offer.title} takes no {_words(name)}. Take it out, or choose another model.", name
            )
    return _post(GENERATIONS, model, fields)


def _fields(offer: Offer, values: Resolved) -> dict[str, Any]:
    """Everything that was set, by wire name."""
    inputs, tool = values.inputs, values.tool.slug
    count = getattr(inputs, "count", 1)
    found: dict[str, Any] = {
        "type": offer.wire["type"],
        **{name: offer.wire[name] for name in ("template_slug", "model_slug", "variant_id") if name in offer.wire},
        "prompt": _prompt(values),
        "aspect_ratio": _ratio(values),
        "reference_image_urls": _pictures(values),
        **_shared(values),
        **{theirs: getattr(inputs, ours, None) for ours, theirs in PLAIN.items()},
        **{
            theirs: _only(values, names)
            for theirs, names in (MOTION_CLIPS if tool == "motion-control" else CLIPS).items()
        },
        "audio_url": _only(values, SOUNDS),
        "request_count": count if count > 1 else None,
    }
    return {name: value for name, value in found.items() if value not in (None, "", [])}


def _slideshow(values: Resolved) -> dict[str, Any]:
    inputs: Any = values.inputs
    picture = values.one("avatar_image")
    found = {
        "prompt": inputs.prompt,
        "title": inputs.title,
        "slide_count": inputs.slide_count,
        "aspect_ratio": _ratio(values),
        "product_image_urls": [it.url() for it in values.media.get("product_images", ())],
        "avatar_image_url": picture.url() if picture else None,
        "language": inputs.language,
        "product_context": inputs.product_context,
        **_shared(values),
        # Its pages disagree on the default, so what an unset switch means is said by us: no words on the slides.
        "generate_text_overlays": bool(inputs.overlays),
    }
    return {name: value for name, value in found.items() if value not in (None, "", [])}


def _shared(values: Resolved) -> dict[str, Any]:
    """What Videotok keeps for the workspace, by its own ids."""
    found: dict[str, Any] = {}
    # A brand that Videotok does not know stays here: its form says so, and the results are filed under it all the same.
    if values.brand and "brand_kit" in values.brand.remote:
        kit = values.brand.remote_id("brand_kit")
        found["brand_kit_id"] = int(kit) if kit.isdigit() else kit
    if avatar := _chosen(values, "avatar"):
        found["avatar_id"] = avatar
    elif values.influencer and "avatar" in values.influencer.remote:
        found["avatar_id"] = values.influencer.remote_id("avatar")
    if preset := _chosen(values, "preset"):
        found["preset_id"] = preset
    if values.reference:
        found["custom_reference_inspiration_id"] = values.reference.remote_id("reference")
    return found


def _chosen(values: Resolved, name: str) -> str:
    return next(iter(values.choices.get(name, ())), "")


def _prompt(values: Resolved) -> str:
    tool = values.tool.slug
    said = getattr(values.inputs, "prompt", "") or INSTRUCTIONS.get(tool, "")
    if tool != "influencer-shoot":
        return str(said)
    names = [SHOOT_WORDS[name] for name, _ in _named_pictures(values)]
    return f"{said}\nReference pictures, in order: {', '.join(names)}." if names else str(said)


def _pictures(values: Resolved) -> list[str]:
    return [media.url() for _, media in _named_pictures(values)]


def _named_pictures(values: Resolved) -> list[tuple[str, MediaValue]]:
    names = SHOOT if values.tool.slug == "influencer-shoot" else PICTURES
    return [
        (name, media) for name in names for media in (_face(values) if name == FACE else values.media.get(name, ()))
    ]


def _face(values: Resolved) -> tuple[MediaValue, ...]:
    """The influencer's face as a person reference, unless Videotok knows them as one of its avatars."""
    person = values.influencer
    known = _chosen(values, "avatar") or (person and "avatar" in person.remote)
    return (person.face,) if person and person.face and not known else ()


def _only(values: Resolved, names: tuple[str, ...]) -> str | None:
    """The address of the one file in these inputs. Raises UnsupportedInput for a second: each wire field holds one."""
    files: list[tuple[str, MediaValue]] = [(name, it) for name in names for it in values.media.get(name, ())]
    if len(files) > 1:
        raise UnsupportedInput("Videotok takes one file here. Take the others out.", files[1][0])
    return files[0][1].url() if files else None


def _ratio(values: Resolved) -> str | None:
    """The shape as it was asked for: `auto` is Videotok's to decide."""
    for inputs in (values.asked, values.inputs):
        shape = getattr(inputs, "aspect_ratio", None)
        name = shape if isinstance(shape, str) else next(iter(shape or ()), None)
        if inputs is values.inputs or name == "auto":
            return str(name) if name else None
    return None


def _post(path: str, model: type[wire.Message], fields: dict[str, Any]) -> Request:
    try:
        return Request.post(path, model.model_validate(fields).sent())
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        raise UnsupportedInput(_complaint(name, str(first["msg"])), name) from error


def _complaint(name: str, said: str) -> str:
    if name == "prompt":
        return "Videotok needs a brief. Say in a sentence what should be made."
    if not name:
        return "Videotok takes a preset or a saved reference, not both. Take one of them out."
    return f"Videotok cannot use this {_words(name)}: {said[:120]}."


def _words(name: str) -> str:
    return name.replace("_urls", "s").replace("_url", "").replace("_id", "").replace("_", " ")


def is_first_and_last(variant: str) -> bool:
    """Whether a variant's id says that its two pictures are the first and the last frame."""
    return "first" in variant and "last" in variant
