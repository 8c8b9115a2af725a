"""Voices, and words spoken with them."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from .base import Expected, Inputs, Tool, refuse
from .fields import (
    AudioRef,
    Count,
    Decimal,
    InfluencerRef,
    Limit,
    Prompt,
    Required,
    Script,
    ShortText,
    Toggle,
    VoiceRef,
    Widget,
    place,
)
from .lines import Replacements
from .sound import WAVE


class SpeechInputs(Inputs):
    text: Annotated[Script, Required("Write what should be spoken."), place("words", rows=6)] = Field(
        default="", title="Text", description="Read as it stands. Commas and full stops make pauses."
    )
    voice: VoiceRef = Field(
        default="", title="Voice", description="Who reads it. Left open: the service's usual voice."
    )
    language: Annotated[ShortText, Limit(max_length=20), place("voice", code=True, half=True, placeholder="en")] = (
        Field(
            default="", title="Language", description="A two-letter code such as en or de. Left open: found by itself."
        )
    )
    speed: Annotated[Decimal, Limit(ge=0.5, le=2), place("voice", low="Slow", high="Fast", step=0.05)] = Field(
        default=None, title="Speed", description="Left open: the voice's own."
    )
    replacements: Annotated[Replacements, place("words")] = Field(
        default=(), title="Say it like this", description="Names and words that are spoken unlike they are written."
    )
    spell_out: Annotated[Toggle, place("words", on="Spell out", off="As written")] = Field(
        default=None, title="Numbers and symbols", description="Write digits, symbols and short forms out in words."
    )
    count: Count = Field(default=1, title="How many", description="Takes of the same text.")


class SpeechTool(Tool):
    slug = "speech"
    title = "Speech"
    summary = "Your text, read aloud by a voice you choose."
    icon = "volume-2"
    group = "Sound"
    makes = "audio"
    noun = ("recording", "recordings")
    groups: ClassVar = (
        ("words", "Words", "What is read."),
        ("voice", "Voice", "Who reads it, and how."),
        ("results", "Results", "How many takes."),
    )
    Inputs = SpeechInputs

    def expected(self, inputs: SpeechInputs) -> list[Expected]:
        return [WAVE] * inputs.count


CLONE_NEEDS_AUDIO = "Add a recording of the voice to copy, or describe a new one."
DESIGN_NEEDS_WORDS = "Describe the voice, or switch to copying one from a recording."


class VoiceInputs(Inputs):
    method: Annotated[
        Literal["clone", "design"],
        Widget("segment", "voice", {"labels": {"clone": "From a recording", "design": "From a description"}}),
    ] = Field(default="clone", title="How", description="Copy a voice that you may use, or invent one.")
    audio: Annotated[AudioRef, place("voice")] = Field(
        default="", title="Recording", description="Five seconds or more of one person, without music."
    )
    prompt: Annotated[Prompt, place("voice", rows=2, placeholder="Warm, low voice at a calm pace")] = Field(
        default="", title="Description", description="Age, pitch, pace and mood."
    )
    name: Annotated[ShortText, Limit(max_length=100), place("about", placeholder="Narrator")] = Field(
        default="", title="Name", description="What you call the voice."
    )
    influencer: Annotated[InfluencerRef, place("about")] = Field(
        default="", title="Influencer", description="Whose voice it is. Their videos then speak with it."
    )

    @model_validator(mode="after")
    def has_a_source(self) -> Self:
        if self.method == "clone" and not self.audio:
            raise refuse(CLONE_NEEDS_AUDIO, "audio")
        if self.method == "design" and not self.prompt:
            raise refuse(DESIGN_NEEDS_WORDS, "prompt")
        return self


class VoiceTool(Tool):
    slug = "voice"
    title = "New voice"
    summary = "A voice to speak with, copied from a recording or made from a description."
    icon = "mic"
    group = "People"
    makes = "voice"
    noun = ("voice", "voices")
    rules = (CLONE_NEEDS_AUDIO, DESIGN_NEEDS_WORDS)
    groups: ClassVar = (
        ("voice", "Voice", "Copied or invented. Copy only voices of people who agreed to it."),
        ("about", "About it", "Its name, and whose it is."),
    )
    Inputs = VoiceInputs

    def expected(self, inputs: VoiceInputs) -> list[Expected]:
        return [Expected("voice", "", 16 / 9)]

    def title_for(self, inputs: VoiceInputs) -> str:
        return inputs.name or super().title_for(inputs)


TOOLS: list[type[Tool]] = [VoiceTool, SpeechTool]
