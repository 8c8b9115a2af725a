"""What a tool is: a slug, words for people, and a pydantic model of its inputs. One file a tool, listed in `all_tools`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict
from pydantic_core import PydanticCustomError

Makes = Literal["image", "video", "audio", "model", "text"]


class Inputs(BaseModel):
    """What a tool can be told: references only (ids, URLs), never values. Frozen, and unknown names are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    def requests(self) -> list[Self]:
        """These inputs narrowed to one paid request each, in order."""
        return [self]


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
    group: ClassVar[Literal["Ads", "People", "Building blocks"]]
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

    @abstractmethod
    def title_for(self, inputs: Any) -> str:
        """A name for the results, at most 120 characters."""

    @abstractmethod
    def words(self, inputs: Any) -> str:
        """All text in the inputs that a person may search for."""

    def upgrade(self, data: dict[str, Any], version: int) -> dict[str, Any]:
        """Stored inputs of an older schema version as today's. Called on every read of stored inputs."""
        return data

    def read(self, data: dict[str, Any], version: int) -> AnyInputs:
        """Stored inputs, upgraded and checked."""
        return self.Inputs.model_validate(self.upgrade(data, version))


@cache
def all_tools() -> dict[str, Tool]:
    from .static_ad import StaticAdTool

    tools: list[Tool] = [StaticAdTool()]
    return {tool.slug: tool for tool in tools}


def get_tool(slug: str) -> Tool | None:
    return all_tools().get(slug)
