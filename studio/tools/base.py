"""What a tool is: a slug, words for people, and a pydantic model of its inputs. One file a tool, listed in `all_tools`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from .fields import RATIOS, required_of, widget_of

Makes = Literal["image", "video", "audio", "model", "text", "voice", "influencer"]

Group = Literal["Ads", "People", "Building blocks", "Edit", "Sound"]
GROUPS: tuple[Group, ...] = ("Ads", "People", "Building blocks", "Edit", "Sound")
"""The chooser's sections, in order."""


class Inputs(BaseModel):
    """What a tool can be told: references only (ids, URLs), never values. Frozen, and unknown names are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, validate_default=True)

    def requests(self) -> list[Self]:
        """These inputs narrowed to one paid request each, in order: where several shapes are asked for, one request for each."""
        shapes = getattr(self, "aspect_ratio", None)
        if not isinstance(shapes, tuple):
            return [self]
        return [self.model_copy(update={"aspect_ratio": (shape,)}) for shape in shapes] or [self]

    @classmethod
    def required(cls) -> tuple[str, ...]:
        """The fields that must not stay empty."""
        return tuple(name for name, info in cls.model_fields.items() if required_of(info.metadata))

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Says of required fields that they are: pydantic cannot know, because an unsent form needs a default in each."""
        schema = handler.resolve_ref_schema(handler(core))
        names = cls.required()
        for name in names:
            limits = schema["properties"][name]
            limits.pop("default", None)
            if limits.get("type") in ("string", "array"):
                limits["minItems" if limits["type"] == "array" else "minLength"] = 1
        if names:
            schema["required"] = list(names)
        return schema


AnyInputs: TypeAlias = Inputs
"""`Inputs` inside the class below, where that name is each tool's own model."""


def refuse(sentence: str, *fields: str) -> PydanticCustomError:
    """What a rule over several fields raises: the sentence is for people and is shown at the first of the fields."""
    return PydanticCustomError("rule", "{sentence}", {"sentence": sentence, "fields": list(fields)})


@dataclass(frozen=True, slots=True)
class Expected:
    """One result that a request should bring: its kind and shape, so that its tile has a place before it exists."""

    kind: Makes
    ratio_label: str
    ratio: float


WORDY = frozenset({"prompt", "text", "textarea", "shots"})
"""Widgets that hold a person's words."""

NOT_TITLES = frozenset({"negative_prompt", "shots"})


def shaped(kind: Makes, ratio: str | None, otherwise: str = "1:1") -> Expected:
    """One result of that shape. An unset shape is the provider's: its tile takes `otherwise` until the file is there."""
    name = ratio if ratio in RATIOS else ""
    width, height = RATIOS[name or otherwise]
    return Expected(kind, name, width / height)


def shortened(text: str, most: int = 120) -> str:
    """On one line, cut at a word."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1].rsplit(' ', 1)[0]}…"


def _said(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value] if value else []
    return [line.prompt for line in value if line.prompt]


class Tool(ABC):
    """A declaration. Everything else (form, checks, schema, docs) is derived from it.

    group: where the chooser lists it. schema_version: raised when stored inputs must be upgraded on reading (`upgrade`).
    groups: the form's sections in order, as (key, title, help); every field's widget names one of them.
    rules: the conditions over several inputs, in the words that `Inputs` refuses with.
    pictures: static files that show what it makes, up to four, for the chooser.
    noun: what one result is called on the button, as (singular, plural): "Generate 4 ads".
    """

    slug: ClassVar[str]
    title: ClassVar[str]
    summary: ClassVar[str]
    icon: ClassVar[str]
    group: ClassVar[Group]
    makes: ClassVar[Makes]
    schema_version: ClassVar[int] = 1
    groups: ClassVar[tuple[tuple[str, str, str], ...]]
    noun: ClassVar[tuple[str, str]]
    rules: ClassVar[tuple[str, ...]] = ()
    pictures: ClassVar[tuple[str, ...]] = ()
    Inputs: ClassVar[type[AnyInputs]]

    @abstractmethod
    def expected(self, inputs: Any) -> list[Expected]:
        """What one request (already narrowed, no `auto` left) should bring, in order."""

    def title_for(self, inputs: Any) -> str:
        """A name for the results, at most 120 characters: the first words in the inputs, or the tool's own title."""
        texts = (getattr(inputs, name) for name in self._texts() if name not in NOT_TITLES)
        return shortened(next((text for text in texts if text), self.title))

    def words(self, inputs: Any) -> str:
        """All text in the inputs that a person may search for."""
        return " ".join(text for name in self._texts() for text in _said(getattr(inputs, name)))

    def _texts(self) -> list[str]:
        """Names of the fields that hold a person's words."""
        widgets = {name: widget_of(info.metadata) for name, info in self.Inputs.model_fields.items()}
        return [name for name, widget in widgets.items() if widget.name in WORDY and not widget.options.get("code")]

    def upgrade(self, data: dict[str, Any], version: int) -> dict[str, Any]:
        """Stored inputs of an older schema version as today's. Called on every read of stored inputs."""
        return data

    def read(self, data: dict[str, Any], version: int) -> AnyInputs:
        """Stored inputs, upgraded and checked."""
        return self.Inputs.model_validate(self.upgrade(data, version))


@cache
def all_tools() -> dict[str, Tool]:
    from . import ads, edit, films, images, lips, people, sound, speech, static_ad, text, three_d, videos

    found: list[type[Tool]] = [
        static_ad.StaticAdTool,
        *ads.TOOLS,
        *people.TOOLS,
        *speech.TOOLS,
        *images.TOOLS,
        *videos.TOOLS,
        *films.TOOLS,
        *lips.TOOLS,
        *three_d.TOOLS,
        *text.TOOLS,
        *edit.TOOLS,
        *sound.TOOLS,
    ]
    tools = [make() for make in found]
    return {tool.slug: tool for tool in tools}


def get_tool(slug: str) -> Tool | None:
    return all_tools().get(slug)
