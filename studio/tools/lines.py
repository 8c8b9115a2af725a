"""Lists of small groups inside of a tool's inputs: shots of a film, people in it, LoRAs, words to say differently.

Every member has a title and a description of its own; a template draws one row of fields for each group. Rows left wholly empty are dropped.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from .fields import UNSET, MediaRef, Required, Widget, clean_text, listed, one_line


class Line(BaseModel):
    """One group. Frozen, and unknown names are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, validate_default=True)


def _filled(value: object) -> object:
    """Without the rows that hold nothing: a form sends its spare row along."""
    return [item for item in value if not _is_empty(item)] if isinstance(value, list | tuple) else value


def _is_empty(item: Any) -> bool:
    return isinstance(item, dict) and not any(value not in (None, "", [], ()) for value in item.values())


FILLED = BeforeValidator(_filled)


class Shot(Line):
    """A part of a video with its own words."""

    prompt: Annotated[
        str,
        StringConstraints(max_length=2500),
        BeforeValidator(clean_text),
        Required("Say what happens in this shot, or take the shot out."),
    ] = Field(default="", title="What happens", description="One action, one camera.")
    duration: Annotated[int, Field(ge=1, le=15)] = Field(default=5, title="Seconds", description="How long it lasts.")


class Element(Line):
    """A person or thing that stays the same through a video."""

    face: Annotated[
        str,
        StringConstraints(max_length=2000),
        BeforeValidator(one_line),
        Required("Add a picture from the front, or take this element out."),
    ] = Field(default="", title="From the front", description="The face, or the front of the thing.")
    references: Annotated[tuple[MediaRef, ...], Field(max_length=3), BeforeValidator(listed)] = Field(
        default=(), title="Other angles", description="Up to three more pictures of the same person or thing."
    )


class Lora(Line):
    """A LoRA file with its strength."""

    path: Annotated[
        str,
        StringConstraints(max_length=2000),
        Required("Add the .safetensors file, or take this LoRA out."),
        BeforeValidator(one_line),
    ] = Field(default="", title="File", description="The .safetensors file, yours or behind a link.")
    scale: Annotated[Annotated[float, Field(ge=0, le=2)] | None, UNSET] = Field(
        default=None, title="Strength", description="0 to 2. Left open: 1."
    )
    transformer: Annotated[Literal["high", "low", "both"] | None, UNSET] = Field(
        default=None, title="Noise stage", description="Which half of the model it belongs to. Files come as a pair."
    )


class Replacement(Line):
    """A word and how it is to be said."""

    original: Annotated[
        str,
        StringConstraints(max_length=120),
        BeforeValidator(one_line),
        Required("Write the word as it stands in the text, or take this row out."),
    ] = Field(default="", title="Written", description="The word as it stands in the text.")
    replacement: Annotated[
        str,
        StringConstraints(max_length=120),
        BeforeValidator(one_line),
        Required("Write how the word sounds, or take this row out."),
    ] = Field(default="", title="Said", description="How it sounds, spelled as you would say it.")


Shots = Annotated[tuple[Shot, ...], Field(max_length=10), FILLED, Widget("shots", "shots")]
Elements = Annotated[tuple[Element, ...], Field(max_length=8), FILLED, Widget("elements", "people")]
Loras = Annotated[tuple[Lora, ...], Field(max_length=8), FILLED, Widget("loras", "model")]
Replacements = Annotated[tuple[Replacement, ...], Field(max_length=50), FILLED, Widget("replacements", "voice")]
