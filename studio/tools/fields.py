"""The field types that tools are declared with. Each carries its meaning; from it come the widget, the check, the schema and the help.

`Widget` says which template draws the field (templates/fields/<widget>.html) and what it needs to know. Text for people stands in
pydantic's own `title` and `description`; a shared type brings its usual words along, and a tool may say them better.

Unset is None, "" or (): it is not sent, so that a provider's default stays the provider's. An empty text from a form is unset too.

| widget | value | made by | options |
| --- | --- | --- | --- |
| text, textarea, prompt | text | Headline, ShortText, LongText, Prompt, Script | rows, placeholder, half, more, code (a code, not words) |
| weights | one reference to a .safetensors file | LoraRef | half, more |
| image, video, audio | one reference | ImageRef, VideoRef, AudioRef | half, more |
| images, videos, audios, files, photos | several references, in order | ImageRefs, VideoRefs, AudioRefs, FileRefs, Photos | more |
| brand, influencer, voice, avatar, presenter, preset, reference | one reference | BrandRef … ReferenceRef | half, more |
| entities | several references | EntityRefs | more |
| uses | several of a few words | ReferenceUses | more |
| ratio | several shapes | AspectRatios, AnyRatios | – |
| ratio_one | one shape | AspectRatioOne or a Literal | – |
| segment | one of the schema's `enum`, unset allowed where the schema takes null | a Literal, Quality … | labels, half, more |
| toggle | True, False or unset | Toggle | on, off (words for the two), half, more |
| count | a whole number, from `enum` or minimum to maximum | Count | half |
| seconds, number, seed | a number or unset | Seconds, Whole, Decimal, Seed | unit, step, half, more |
| slider | a number or unset, on a scale | Level, Decimal | low, high (words for the ends), step |
| shots, elements, loras, replacements | a list of small groups, see lines.py | Shots, Elements, Loras, Replacements | – |
| template | one of the tool's own templates | TemplateChoice | templates |
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, GetCoreSchemaHandler, StringConstraints
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

RATIOS: dict[str, tuple[int, int]] = {
    "1:1": (1, 1),
    "4:5": (4, 5),
    "9:16": (9, 16),
    "16:9": (16, 9),
    "3:4": (3, 4),
    "4:3": (4, 3),
    "2:3": (2, 3),
    "3:2": (3, 2),
    "21:9": (21, 9),
}
"""Width and height of each shape, in its smallest whole numbers."""

AD_RATIOS = ("1:1", "4:5", "9:16", "16:9")
"""The shapes of the feeds: what static ads are drawn in, and what `auto` chooses among for them."""

PLACEMENTS: dict[str, str] = {
    "1:1": "Feed square",
    "4:5": "Feed portrait",
    "9:16": "Story, Reel",
    "16:9": "Landscape, YouTube",
    "3:4": "Portrait",
    "4:3": "Classic landscape",
    "2:3": "Tall portrait",
    "3:2": "Photo landscape",
    "21:9": "Cinema",
}

SHORT_SIDE_PX: dict[str, int] = {"1K": 1080, "2K": 1440, "4K": 2160}

AspectRatioName = Literal["auto", "1:1", "4:5", "9:16", "16:9"]
AnyRatioName = Literal["auto", "1:1", "4:5", "9:16", "16:9", "3:4", "4:3", "2:3", "3:2", "21:9"]


@dataclass(frozen=True, slots=True)
class Widget:
    """How a field is drawn.

    name: templates/fields/<name>.html. group: one of the tool's groups.
    options: what the template needs beyond the schema. `half`: shares its line with the next half; `more`: waits behind "More words" until
    it holds something; `rows`; `labels`: words for a literal's values; `placeholder`: an example shown in the empty field.
    """

    name: str
    group: str
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a tool puts a shared type: another group, and options over the type's own."""

    group: str
    options: dict[str, Any] = field(default_factory=dict)


def place(group: str, **options: Any) -> Place:
    return Place(group, options)


def widget_of(metadata: list[Any]) -> Widget:
    """The last one wins, so that a tool may wrap a shared type in `Annotated[…, Widget(…)]`, or move it with `place(…)`."""
    found: Widget | None = None
    for item in metadata:
        if isinstance(item, Widget):
            found = item
        elif isinstance(item, Place) and found:
            found = replace(found, group=item.group, options={**found.options, **item.options})
    if found is None:
        raise LookupError("This field has no widget.")
    return found


@dataclass(frozen=True, slots=True)
class Limit:
    """Narrows a shared type where a tool takes less: `Annotated[Seconds, Limit(ge=1, le=30)]`. The names are pydantic's own.

    Set on the innermost schema, so that it is measured after cleaning and stands in the JSON schema as well.
    """

    ge: float | None = None
    le: float | None = None
    min_length: int | None = None
    max_length: int | None = None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = handler(source)
        inner: Any = schema
        while "schema" in inner:
            inner = inner["schema"]
        names = ("ge", "le", "min_length", "max_length")
        inner.update({name: getattr(self, name) for name in names if getattr(self, name) is not None})
        return schema


@dataclass(frozen=True, slots=True)
class Required:
    """A field without which the tool cannot start. The sentence is for people; it is shown at the field while it is empty."""

    sentence: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def _check(self, value: Any) -> Any:
        if value in (None, "", ()):
            raise PydanticCustomError("required", "{sentence}", {"sentence": self.sentence})
        return value


def required_of(metadata: list[Any]) -> Required | None:
    return next((item for item in metadata if isinstance(item, Required)), None)


# Controls, lone surrogates, byte order marks, and the embeddings and overrides of direction (U+202A to U+202E), which can make a name
# read as another. Marks and isolates stay: right-to-left languages need them.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\ud800-\udfff\ufeff]")


def clean_text(value: object) -> object:
    """Line ends become \\n and control characters go: they come from copying, and no database or file format wants them."""
    if not isinstance(value, str):
        return value
    return _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).strip()


def one_line(value: object) -> object:
    cleaned = clean_text(value)
    return " ".join(cleaned.split()) if isinstance(cleaned, str) else cleaned


def unset(value: object) -> object:
    """A form sends an empty text where nothing was chosen."""
    return None if isinstance(value, str) and not value.strip() else value


UNSET = BeforeValidator(unset)


def listed(value: object) -> object:
    """One value is a list of one (the APIs send `"4:5"`, the form sends several), and the same value twice is one."""
    if isinstance(value, str):
        return (value,) if value else ()
    if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
        return tuple(dict.fromkeys(value))
    return value


def one_of(choices: dict[str, tuple[str, str]]) -> AfterValidator:
    """A check that a text is one of the keys; the values are (title, note) for people."""

    def check(value: str) -> str:
        if value not in choices:
            raise PydanticCustomError(
                "choice",
                "{sentence}",
                {"sentence": f"There is no template called “{value[:40]}”. Pick one of those shown."},
            )
        return value

    return AfterValidator(check)


def pixels(ratio: str, resolution: str) -> tuple[int, int]:
    """Width and height in pixels of a shape: `pixels("4:5", "1K") == (1080, 1350)`."""
    width, height = RATIOS[ratio]
    short = SHORT_SIDE_PX[resolution]
    return (round(short * width / min(width, height)), round(short * height / min(width, height)))


# A constraint stands before the cleaner: pydantic applies them inside out, so the cleaned value is what is measured, and the JSON schema
# says `maxItems` of a list.
Prompt = Annotated[
    str, StringConstraints(max_length=5000), BeforeValidator(clean_text), Widget("prompt", "message", {"rows": 4})
]
Headline = Annotated[str, StringConstraints(max_length=120), BeforeValidator(one_line), Widget("text", "message")]
ShortText = Annotated[str, StringConstraints(max_length=40), BeforeValidator(one_line), Widget("text", "message")]
LongText = Annotated[
    str, StringConstraints(max_length=300), BeforeValidator(clean_text), Widget("textarea", "message", {"rows": 2})
]
Script = Annotated[
    str, StringConstraints(max_length=10_000), BeforeValidator(clean_text), Widget("textarea", "message", {"rows": 6})
]
"""Words to be spoken or sung."""
TemplateChoice = Annotated[
    str, StringConstraints(max_length=40), BeforeValidator(one_line), Widget("template", "template")
]
"""A tool says which ones there are by wrapping it with `one_of`."""

_LINE = BeforeValidator(one_line)
BrandRef = Annotated[
    str,
    StringConstraints(max_length=64),
    _LINE,
    Widget("brand", "brand"),
    Field(title="Brand", description="Its looks go along where the service keeps brand kits."),
]
InfluencerRef = Annotated[str, StringConstraints(max_length=200), _LINE, Widget("influencer", "people")]
VoiceRef = Annotated[str, StringConstraints(max_length=200), _LINE, Widget("voice", "voice")]
AvatarRef = Annotated[
    str,
    StringConstraints(max_length=200),
    _LINE,
    Widget("avatar", "people"),
    Field(title="Avatar", description="One of the service's own people."),
]
PresenterRef = Annotated[str, StringConstraints(max_length=200), _LINE, Widget("presenter", "people")]
PresetRef = Annotated[
    str,
    StringConstraints(max_length=200),
    _LINE,
    Widget("preset", "style"),
    Field(title="Preset", description="One of the service's own styles."),
]
ReferenceRef = Annotated[
    str,
    StringConstraints(max_length=200),
    _LINE,
    Widget("reference", "style"),
    Field(title="Saved reference", description="An inspiration that your team saved."),
]

ReferenceUse = Literal["palette", "layout", "density"]
ReferenceUses = Annotated[
    tuple[ReferenceUse, ...], Field(max_length=3), BeforeValidator(listed), Widget("uses", "style")
]
"""What is taken from a saved reference; none: it is only sent along, or not used at all."""

MediaRef = Annotated[str, StringConstraints(min_length=1, max_length=2000), _LINE]
"""Our id of a file, a link, or `<provider>:<id there>`."""
ImageRef = Annotated[str, StringConstraints(max_length=2000), _LINE, Widget("image", "pictures")]
VideoRef = Annotated[str, StringConstraints(max_length=2000), _LINE, Widget("video", "clip")]
AudioRef = Annotated[str, StringConstraints(max_length=2000), _LINE, Widget("audio", "sound")]
LoraRef = Annotated[str, StringConstraints(max_length=2000), _LINE, Widget("weights", "model")]
"""A .safetensors file."""

_LIST = BeforeValidator(listed)
ImageRefs = Annotated[tuple[MediaRef, ...], Field(max_length=6), _LIST, Widget("images", "pictures")]
VideoRefs = Annotated[tuple[MediaRef, ...], Field(max_length=4), _LIST, Widget("videos", "clip")]
AudioRefs = Annotated[tuple[MediaRef, ...], Field(max_length=4), _LIST, Widget("audios", "sound")]
FileRefs = Annotated[tuple[MediaRef, ...], Field(max_length=8), _LIST, Widget("files", "pictures")]
"""Pictures, clips and recordings, mixed."""
Photos = Annotated[tuple[MediaRef, ...], Field(max_length=20), _LIST, Widget("photos", "pictures")]
"""Photos of one person; the first shows the face."""
EntityRefs = Annotated[
    tuple[MediaRef, ...],
    Field(max_length=20, title="Actors, products, styles", description="Things that the service keeps for your team."),
    _LIST,
    Widget("entities", "style"),
]
AspectRatios = Annotated[
    tuple[AspectRatioName, ...], Field(min_length=1, max_length=5), _LIST, Widget("ratio", "shape")
]
AnyRatios = Annotated[
    tuple[AnyRatioName, ...],
    Field(
        max_length=10,
        title="Shape",
        description="Each shape is made on its own. None ticked: the service's usual shape.",
    ),
    _LIST,
    Widget("ratio", "shape"),
]
"""Several shapes, each its own request. None chosen: the provider's usual shape."""
AspectRatioOne = Annotated[AnyRatioName | None, UNSET, Widget("ratio_one", "shape")]

Resolution = Annotated[Literal["1K", "2K", "4K"], Widget("segment", "results")]
ImageSize = Annotated[Literal["1K", "2K", "4K"] | None, UNSET, Widget("segment", "results")]
VideoSize = Annotated[Literal["480p", "720p", "1080p", "1440p", "2160p"] | None, UNSET, Widget("segment", "results")]
Quality = Annotated[
    Literal["low", "standard", "high", "max"] | None,
    UNSET,
    Widget("segment", "results", {"labels": {"low": "Low", "standard": "Standard", "high": "High", "max": "Highest"}}),
    Field(title="Quality", description="Better takes longer and costs more. Left open: the service decides."),
]
LoraType = Annotated[
    Literal["flux-2-klein", "z-image", "flux-lora", "flux-1-dev", "qwen-image-2512", "qwen-image-edit-2511"] | None,
    UNSET,
    Widget("segment", "model", {"more": True}),
    Field(title="LoRA base", description="The model that your LoRA was trained on. Left open: flux-1-dev."),
]
Watermark = Annotated[
    Literal["auto", "none", "videogen"] | None,
    UNSET,
    Widget("segment", "results", {"labels": {"auto": "As my plan says", "none": "None", "videogen": "VideoGen mark"}}),
    Field(
        title="Watermark",
        description="“None” needs a VideoGen plan that allows it and is refused without. Left open: what your team chose last.",
    ),
]
PromptRewrites = Annotated[
    Annotated[int, Field(ge=0, le=4)] | None,
    UNSET,
    Widget("number", "results", {"more": True, "step": 1}),
    Field(
        title="Rewrites after a refusal",
        description="How often the service may soften your words and try again when its moderation refuses them.",
    ),
]

Count = Annotated[int, Field(ge=1, le=100), Widget("count", "results", {"half": True})]
Seconds = Annotated[
    Annotated[int, Field(ge=1, le=300)] | None, UNSET, Widget("seconds", "results", {"unit": "s", "half": True})
]
Whole = Annotated[int | None, UNSET, Widget("number", "results", {"step": 1, "half": True})]
Decimal = Annotated[float | None, UNSET, Widget("slider", "results")]
Level = Annotated[Annotated[int, Field(ge=0, le=100)] | None, UNSET, Widget("slider", "look", {"step": 1})]
Toggle = Annotated[bool | None, UNSET, Widget("toggle", "results")]
"""Unset leaves the choice to the provider."""
Seed = Annotated[
    Annotated[int, Field(ge=0, le=2_147_483_647)] | None,
    UNSET,
    Widget("seed", "results", {"more": True}),
    Field(
        title="Seed",
        description="The same seed and words give a similar result again. Left open: a new one every time.",
    ),
]
