"""Images from words, and images changed by words."""

from __future__ import annotations

from studio.dialects.base import UnsupportedInput
from studio.tools.values import Resolved

from . import wire
from .codec_parts import Endpoint, File, Files, FirstFile, Plain, Shapes, Who

LORA_TYPE_ALONE = "A LoRA's base model says nothing without a LoRA. Add the file, or empty the base model."


def lora_type_needs_lora(values: Resolved) -> None:
    if getattr(values.inputs, "lora_type", None) and not values.one("lora"):
        raise UnsupportedInput(LORA_TYPE_ALONE, "lora_type")


ENDPOINTS = (
    Endpoint(
        "/images/generate",
        "image",
        wire.GenerateImage,
        (
            Plain("prompt", "prompt"),
            Plain("negative_prompt", "negative_prompt"),
            Who("influencer_id", "influencer"),
            File("lora_url", "lora"),
            Plain("lora_type", "lora_type"),
            Plain("batch", "count"),
            Shapes("settings.aspect_ratio", "aspect_ratio"),
            Plain("settings.num_inference_steps", "steps"),
            FirstFile("init_image", "images"),
        ),
        aliases={"settings.batch": "batch"},
        checks=(lora_type_needs_lora,),
    ),
    Endpoint(
        "/images/edit",
        "image-edit",
        wire.EditImage,
        (File("image_url", "image"), Plain("prompt", "prompt"), Files("additional_images", "images")),
    ),
)
