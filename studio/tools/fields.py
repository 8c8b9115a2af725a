"""The field types that tools are declared with. Each carries its meaning; from it come the widget, the check, the schema and the help.

`Widget` says which template draws the field (templates/fields/<widget>.html) and what it needs to know. Text for people stands in
pydantic's own `title` and `description`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

RATIOS: dict[str, tuple[int, int]] = {"1:1": (1, 1), "4:5": (4, 5), "9:16": (9, 16), "16:9": (16, 9)}
"""Width and height of each shape, in its smallest whole numbers."""

PLACEMENTS: dict[str, str] = {
    "1:1": "Feed square",
    "4:5": "Feed portrait",
    "9:16": "Story, Reel",
    "16:9": "Landscape, YouTube",
}

SHORT_SIDE_PX: dict[str, int] = {"1K": 1080, "2K": 1440, "4K": 2160}

AspectRatioName = Literal["auto", "1:1", "4:5", "9:16", "16:9"]


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


def widget_of(metadata: list[Any]) -> Widget:
    """The last one wins, so that a tool may wrap a shared type in `Annotated[…, Widget(…)]` and say it differently."""
    return [item for item in metadata if isinstance(item, Widget)][-1]


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


def _listed(value: object) -> object:
    """One value is a list of one (the APIs send `"4:5"`, the form sends several), and the same value twice is one."""
    if isinstance(value, str):
        return (value,)
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
    str, StringConstraints(max_length=1500), BeforeValidator(clean_text), Widget("prompt", "message", {"rows": 4})
]
Headline = Annotated[str, StringConstraints(max_length=120), BeforeValidator(one_line), Widget("text", "message")]
ShortText = Annotated[str, StringConstraints(max_length=40), BeforeValidator(one_line), Widget("text", "message")]
LongText = Annotated[
    str, StringConstraints(max_length=300), BeforeValidator(clean_text), Widget("textarea", "message", {"rows": 2})
]
TemplateChoice = Annotated[
    str, StringConstraints(max_length=40), BeforeValidator(one_line), Widget("template", "template")
]
"""A tool says which ones there are by wrapping it with `one_of`."""
BrandRef = Annotated[str, StringConstraints(max_length=64), BeforeValidator(one_line), Widget("brand", "brand")]
MediaRef = Annotated[str, StringConstraints(min_length=1, max_length=2000), BeforeValidator(one_line)]
ImageRefs = Annotated[
    tuple[MediaRef, ...],
    Field(max_length=6),
    BeforeValidator(_listed),
    Widget("images", "pictures"),
]
AspectRatios = Annotated[
    tuple[AspectRatioName, ...],
    Field(min_length=1, max_length=5),
    BeforeValidator(_listed),
    Widget("ratio", "shape"),
]
Resolution = Annotated[Literal["1K", "2K", "4K"], Widget("segment", "results")]
Count = Annotated[int, Field(ge=1, le=4), Widget("count", "results", {"half": True})]
