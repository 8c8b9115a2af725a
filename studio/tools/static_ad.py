"""Static ads: a picture with words on it, for the feeds and stories."""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import Field, model_validator

from .base import Expected, Inputs, Tool
from .fields import (
    RATIOS,
    AspectRatios,
    BrandRef,
    Count,
    Headline,
    ImageRefs,
    LongText,
    Prompt,
    Resolution,
    ShortText,
    TemplateChoice,
)


class StaticAdInputs(Inputs):
    template: TemplateChoice = Field("split", title="Template", description="Sets where the words and the product go.")
    prompt: Prompt = Field(
        "",
        title="Brief",
        description="What is it, who is it for, what should they do? Empty lines below are filled in from it.",
    )
    headline: Headline = Field("", title="Headline", description="Put *one word* between asterisks to stress it.")
    subline: LongText = Field("", title="Subline", description="One sentence that backs the headline up.")
    call_to_action: ShortText = Field("", title="Call to action", description="What the button says.")
    badge: ShortText = Field("", title="Offer badge", description="Short, as “20% off”.")
    quote: LongText = Field("", title="Quote", description="A customer's words. End with — and their name.")
    brand: BrandRef = Field("", title="Brand", description="Gives logo, colours and fonts.")
    product_images: ImageRefs = Field(
        (), title="Product pictures", description="The first one is the hero. Its ground is removed for you."
    )
    aspect_ratio: AspectRatios = Field(
        ("4:5",), title="Shape", description="Tick several to get a set. Auto takes the shape of the first picture."
    )
    resolution: Resolution = Field("1K", title="Size", description="1K is what the feeds show; 4K prints.")
    count: Count = Field(1, title="Takes per shape", description="Different takes of the same ad: ground, crop, side.")

    @model_validator(mode="after")
    def has_something_to_say(self) -> Self:
        if not (self.prompt or self.headline or self.quote):
            raise ValueError("Write a brief or a headline: there is nothing to put on the ad yet.")
        return self

    def requests(self) -> list[Self]:
        return [self.model_copy(update={"aspect_ratio": (ratio,)}) for ratio in self.aspect_ratio]


class StaticAdTool(Tool):
    slug = "static-ad"
    title = "Static ad"
    summary = "A picture with words on it, for feeds and stories, in every shape at once."
    icon = "layout-template"
    group = "Ads"
    makes = "image"
    groups: ClassVar = (
        ("template", "Template", "Sets where the words and the product go."),
        ("message", "Message", "What the ad says."),
        ("brand", "Brand", "Logo, colours and fonts."),
        ("pictures", "Product", "Up to six. The first is the hero."),
        ("shape", "Shape", "Pick more than one to get a set."),
        ("results", "Results", "How many, how large."),
    )
    Inputs = StaticAdInputs

    def expected(self, inputs: StaticAdInputs) -> list[Expected]:
        ratio = inputs.aspect_ratio[0]
        width, height = RATIOS[ratio]
        return [Expected("image", ratio, width / height)] * inputs.count

    def title_for(self, inputs: StaticAdInputs) -> str:
        text = inputs.headline.replace("*", "") or inputs.prompt or inputs.quote
        line = " ".join(text.split())
        return line if len(line) <= 120 else f"{line[:119].rsplit(' ', 1)[0]}…"

    def words(self, inputs: StaticAdInputs) -> str:
        parts = (inputs.prompt, inputs.headline, inputs.subline, inputs.call_to_action, inputs.badge, inputs.quote)
        return " ".join(part for part in parts if part).replace("*", "")
