"""Static ads: a picture with words on it, for the feeds and stories."""

from __future__ import annotations

from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from .base import Expected, Inputs, Tool, refuse, shaped, shortened
from .fields import (
    AspectRatios,
    AvatarRef,
    BrandRef,
    Count,
    Headline,
    ImageRefs,
    Limit,
    LongText,
    PresetRef,
    Prompt,
    ReferenceRef,
    ReferenceUses,
    Resolution,
    ShortText,
    TemplateChoice,
    Widget,
    one_of,
    place,
)

TEMPLATES: dict[str, tuple[str, str]] = {
    "split": ("Split", "Words on one side, product on the other"),
    "hero": ("Hero", "One big word behind the product"),
    "editorial": ("Editorial", "A full photo and a quiet serif"),
    "review": ("Review", "A customer's words beside the product"),
    "poster": ("Poster", "Loud type, long shadow"),
    "arch": ("Arch", "The product in a window of light"),
}
"""Key, then title and note for people. The renderer draws exactly these (a test holds the two together)."""

USES = {"palette": "Palette", "layout": "Layout", "density": "Text density"}
"""What an ad that is drawn here may take from a saved reference."""

NOTHING_TO_SAY = "Write a brief or a headline: there is nothing to put on the ad yet."

SIZES = {
    "1K": "1K, 1080 px on the short side",
    "2K": "2K, 1440 px on the short side",
    "4K": "4K, 2160 px on the short side",
}


class StaticAdInputs(Inputs):
    template: Annotated[TemplateChoice, one_of(TEMPLATES), Widget("template", "template", {"templates": TEMPLATES})] = (
        Field(
            default="split",
            title="Template",
            description="Sets where the words and the product go.",
            json_schema_extra={"enum": list(TEMPLATES)},
        )
    )
    prompt: Annotated[
        Prompt,
        place("message", rows=3, placeholder="Cold brew in a can, for people who skip breakfast. Order now."),
    ] = Field(
        default="",
        title="Brief",
        description="What is it, who is it for, what should they do? Words you leave empty are taken from here.",
    )
    headline: Annotated[Headline, Widget("text", "message", {"half": True})] = Field(
        default="", title="Headline", description="Put *one word* between asterisks to stress it."
    )
    call_to_action: Annotated[ShortText, Widget("text", "message", {"half": True})] = Field(
        default="", title="Call to action", description="What the button says."
    )
    subline: Annotated[LongText, Widget("textarea", "message", {"rows": 2, "more": True})] = Field(
        default="", title="Subline", description="One sentence that backs the headline up."
    )
    badge: Annotated[ShortText, Widget("text", "message", {"more": True, "placeholder": "20% off"})] = Field(
        default="", title="Offer badge", description="Two or three words, such as “20% off”."
    )
    quote: Annotated[LongText, Widget("textarea", "message", {"rows": 2, "more": True})] = Field(
        default="", title="Quote", description="A customer's words. End with — and their name."
    )
    brand: BrandRef = Field(default="", title="Brand", description="Gives logo, colours and fonts.")
    avatar: Annotated[AvatarRef, place("brand", more=True)] = Field(
        default="", title="Avatar", description="Who appears: one of the service's own people."
    )
    preset: Annotated[PresetRef, place("brand", more=True)] = Field(
        default="", title="Preset", description="One of the template's own styles."
    )
    reference: Annotated[ReferenceRef, place("brand", more=True)] = ""
    reference_uses: Annotated[ReferenceUses, place("brand", more=True)] = Field(
        default=("palette", "layout", "density"),
        title="Taken from the reference",
        description="Untick what should stay as the brand and the template have it. Counts only where the ad is drawn here.",
    )
    product_images: Annotated[ImageRefs, Limit(max_length=10)] = Field(
        default=(),
        title="Product pictures",
        description="The first one is the hero. Drawn here, its background is removed for you.",
    )
    aspect_ratio: AspectRatios = Field(
        default=("4:5",),
        title="Shape",
        description="Tick several to get a set. Auto takes the shape closest to the first picture.",
    )
    resolution: Annotated[Resolution, Widget("segment", "results", {"half": True, "labels": SIZES})] = Field(
        default="1K", title="Size", description="1K is what the feeds show, 4K is enough for print."
    )
    count: Annotated[Count, Limit(le=10)] = Field(
        default=1,
        title="Takes per shape",
        description="Different takes of the same ad: another background, crop or side.",
    )

    @model_validator(mode="after")
    def has_something_to_say(self) -> Self:
        if not (self.prompt or self.headline or self.quote):
            raise refuse(NOTHING_TO_SAY, "prompt")
        return self


class StaticAdTool(Tool):
    slug = "static-ad"
    title = "Static ad"
    summary = "A picture with words on it, for feeds and stories, in every shape at once."
    icon = "layout-template"
    group = "Ads"
    makes = "image"
    noun = ("ad", "ads")
    rules = (NOTHING_TO_SAY,)
    pictures = tuple(f"img/templates/{key}.webp" for key in ("arch", "poster", "editorial", "split"))
    groups: ClassVar = (
        ("template", "Template", "Sets where the words and the product go."),
        ("message", "Message", "A brief is enough: the words are proposed from it."),
        ("brand", "Brand", "Gives logo, colours and fonts."),
        ("pictures", "Product", "The first picture is the hero."),
        ("shape", "Shape", "Pick more than one to get a set."),
        ("results", "Results", "How large, and how many takes of each shape."),
    )
    Inputs = StaticAdInputs

    def expected(self, inputs: StaticAdInputs) -> list[Expected]:
        return [shaped("image", inputs.aspect_ratio[0])] * inputs.count

    def title_for(self, inputs: StaticAdInputs) -> str:
        text = inputs.headline.replace("*", "") or inputs.prompt or inputs.quote
        return shortened(text)

    def words(self, inputs: StaticAdInputs) -> str:
        parts = (inputs.prompt, inputs.headline, inputs.subline, inputs.call_to_action, inputs.badge, inputs.quote)
        return " ".join(part for part in parts if part).replace("*", "")
