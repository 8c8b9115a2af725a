"""Words: hooks, captions, scripts."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from .base import Expected, Inputs, Tool
from .fields import Decimal, Limit, LongText, Prompt, Quality, Required, Whole, place


class TextInputs(Inputs):
    prompt: Annotated[
        Prompt,
        Required("Say what should be written."),
        place("task", rows=5, placeholder="Five hooks for a cold brew ad, at most eight words each"),
    ] = Field(default="", title="Task", description="What to write, for whom, how long.")
    system_prompt: Annotated[LongText, Limit(max_length=5000), place("task", rows=3, more=True)] = Field(
        default="", title="Background", description="Tone, facts and rules that hold for the whole answer."
    )
    temperature: Annotated[Decimal, Limit(ge=0, le=2), place("results", low="Steady", high="Surprising", step=0.1)] = (
        Field(default=None, title="Surprise", description="Left open: the service's own, mostly 0.7.")
    )
    max_tokens: Annotated[Whole, Limit(ge=1, le=16_000), place("results", more=True)] = Field(
        default=None, title="Longest answer", description="In tokens; about three quarters of a word each."
    )
    quality: Quality = None


class TextTool(Tool):
    slug = "text"
    title = "Text"
    summary = "Hooks, captions and scripts, by the language model you choose."
    icon = "text"
    group = "Building blocks"
    makes = "text"
    noun = ("text", "texts")
    groups: ClassVar = (("task", "Task", "What to write."), ("results", "Results", "How free and how long."))
    Inputs = TextInputs

    def expected(self, inputs: TextInputs) -> list[Expected]:
        return [Expected("text", "", 4 / 5)]


TOOLS: list[type[Tool]] = [TextTool]
