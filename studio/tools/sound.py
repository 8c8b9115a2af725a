"""Music and sounds."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from .base import Expected, Inputs, Tool, refuse
from .fields import (
    UNSET,
    Count,
    Decimal,
    Headline,
    Limit,
    LongText,
    Prompt,
    Required,
    Script,
    Toggle,
    Widget,
    place,
)

WAVE = Expected("audio", "", 16 / 9)
"""Sound has no shape; its tile is as wide as a waveform wants."""

NOTHING_TO_PLAY = "Give the track a title, or describe the music."
NO_VOCALS = "An instrumental track has no words. Empty the lyrics, or switch vocals on."


class MusicInputs(Inputs):
    title: Annotated[Headline, Limit(max_length=100), place("music", placeholder="Harbour Lights")] = Field(
        default="", title="Title", description="What the track is called."
    )
    prompt: Annotated[Prompt, place("music", rows=3, placeholder="Calm piano over a slow beat, early morning")] = Field(
        default="", title="Music", description="Mood, instruments and tempo, in a sentence."
    )
    style: Annotated[LongText, Limit(max_length=1000), place("music", rows=1, placeholder="ambient, piano")] = Field(
        default="", title="Style", description="Genre words."
    )
    lyrics: Annotated[Script, Limit(max_length=5000), place("words")] = Field(
        default="", title="Lyrics", description="What is sung. Left empty, nothing is."
    )
    instrumental: Annotated[Toggle, place("words", on="No vocals", off="With vocals")] = Field(
        default=None, title="Vocals", description="Left open: sung where there are lyrics."
    )
    vocal_gender: Annotated[
        Literal["m", "f"] | None, UNSET, Widget("segment", "words", {"labels": {"m": "Male", "f": "Female"}})
    ] = Field(default=None, title="Voice", description="Left open: whatever fits.")
    count: Count = Field(default=1, title="How many", description="Takes of the same track.")

    @model_validator(mode="after")
    def has_something_to_play(self) -> Self:
        if not (self.title or self.prompt):
            raise refuse(NOTHING_TO_PLAY, "title", "prompt")
        if self.instrumental and self.lyrics:
            raise refuse(NO_VOCALS, "instrumental", "lyrics")
        return self


class MusicTool(Tool):
    slug = "music"
    title = "Music"
    summary = "A track to lie under a video, or a song with your words."
    icon = "music"
    group = "Sound"
    makes = "audio"
    noun = ("track", "tracks")
    rules = (NOTHING_TO_PLAY, NO_VOCALS)
    groups: ClassVar = (
        ("music", "Music", "How it should sound."),
        ("words", "Vocals", "Whether and what is sung."),
        ("results", "Results", "How many tracks."),
    )
    Inputs = MusicInputs

    def expected(self, inputs: MusicInputs) -> list[Expected]:
        return [WAVE] * inputs.count


class SoundEffectInputs(Inputs):
    prompt: Annotated[
        Prompt,
        Required("Describe the sound."),
        place("sound", rows=2, placeholder="A can opens with a hiss, then ice falls into a glass"),
    ] = Field(default="", title="Sound", description="What is heard, in order.")
    duration: Annotated[
        Decimal, Limit(ge=1, le=30), Widget("seconds", "results", {"unit": "s", "step": 0.5, "half": True})
    ] = Field(default=None, title="Length", description="1 to 30 seconds. Left open: about 10.")
    influence: Annotated[Decimal, Limit(ge=0, le=1), place("sound", low="Free", high="Literal", step=0.05)] = Field(
        default=None, title="How literally", description="How closely your words are followed. Left open: in between."
    )
    count: Count = Field(default=1, title="How many", description="Takes of the same sound.")


class SoundEffectTool(Tool):
    slug = "sound-effect"
    title = "Sound effect"
    summary = "A whoosh, a click, a street at night: any sound you can describe."
    icon = "audio-lines"
    group = "Sound"
    makes = "audio"
    noun = ("sound", "sounds")
    groups: ClassVar = (("sound", "Sound", "What is heard."), ("results", "Results", "How long and how many."))
    Inputs = SoundEffectInputs

    def expected(self, inputs: SoundEffectInputs) -> list[Expected]:
        return [WAVE] * inputs.count


TOOLS: list[type[Tool]] = [MusicTool, SoundEffectTool]
