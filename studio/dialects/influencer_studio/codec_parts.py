"""How one input of a tool stands on the wire, both ways. An endpoint is a list of such parts: see the tables in codec_*.py. Pure."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from studio.dialects.base import UnsupportedInput
from studio.tools.values import Resolved

from .wire import Message

OURS = "influencer_studio"
UNSET: tuple[Any, ...] = (None, "", ())


@dataclass(frozen=True, slots=True)
class Part(ABC):
    """wire: the field's place, with a dot for what stands inside of `settings`. ours: the input's name."""

    wire: str
    ours: str

    @abstractmethod
    def put(self, values: Resolved) -> Any:
        """What is sent; None for nothing."""

    @abstractmethod
    def read(self, sent: Any) -> dict[str, Any]:
        """The inputs that it came from."""

    def inputs(self) -> tuple[str, ...]:
        """The inputs that it carries."""
        return (self.ours,)


class Plain(Part):
    """As it is."""

    def put(self, values: Resolved) -> Any:
        value = getattr(values.inputs, self.ours)
        return None if value in UNSET and value is not False else value

    def read(self, sent: Any) -> dict[str, Any]:
        return {self.ours: sent}


class Number(Plain):
    """A whole number that is a text on the wire."""

    def put(self, values: Resolved) -> Any:
        value = getattr(values.inputs, self.ours)
        return None if value is None else str(value)

    def read(self, sent: Any) -> dict[str, Any]:
        return {self.ours: int(sent)}


class File(Part):
    """The address of the only file, or of the first of several."""

    def put(self, values: Resolved) -> Any:
        found = values.one(self.ours)
        return found.url() if found else None

    def read(self, sent: Any) -> dict[str, Any]:
        return {self.ours: sent}


class Files(Part):
    """The addresses of several files."""

    def put(self, values: Resolved) -> Any:
        return [it.url() for it in values.media.get(self.ours, ())] or None

    def read(self, sent: Any) -> dict[str, Any]:
        return {self.ours: tuple(sent)}


class FirstFile(File):
    """One address for an input that holds several: more than one cannot be sent."""

    def put(self, values: Resolved) -> Any:
        if len(values.media.get(self.ours, ())) > 1:
            raise UnsupportedInput("Influencer Studio takes one picture here. Keep the one that leads.", self.ours)
        return File.put(self, values)

    def read(self, sent: Any) -> dict[str, Any]:
        return {self.ours: (sent,)}


class Shapes(Part):
    """The one shape of this request, of an input that holds several."""

    def put(self, values: Resolved) -> Any:
        return next((it for it in getattr(values.inputs, self.ours) if it != "auto"), None)

    def read(self, sent: Any) -> dict[str, Any]:
        return {self.ours: (sent,)}


class Shape(Plain):
    """One shape."""

    def put(self, values: Resolved) -> Any:
        value = getattr(values.inputs, self.ours)
        return None if value == "auto" else value


class Who(Part):
    """The influencer's id there."""

    def put(self, values: Resolved) -> Any:
        return values.influencer.remote_id() if values.influencer else None

    def read(self, sent: Any) -> dict[str, Any]:
        return {self.ours: f"{OURS}:{sent}"}


class Becomes(Part):
    """One of ours that the result belongs to: nothing of it is sent."""

    def put(self, values: Resolved) -> Any:
        return None

    def read(self, sent: Any) -> dict[str, Any]:
        return {}


class WhoseVoice(Part):
    """The voice's id there."""

    def put(self, values: Resolved) -> Any:
        return values.voice.remote_id() if values.voice else None

    def read(self, sent: Any) -> dict[str, Any]:
        return {self.ours: f"{OURS}:{sent}"}


Check = Callable[[Resolved], None]
"""Raises UnsupportedInput for what this endpoint would accept and mishandle."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A generating endpoint as data.

    path: below the base URL. aliases: places in the vendor's own or older examples -> the documented place, understood when read.
    checks: rules over several inputs. sync: the answer holds the result.
    """

    path: str
    tool: str
    message: type[Message]
    parts: tuple[Part, ...]
    aliases: Mapping[str, str] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    sync: bool = False

    def knows(self, name: str) -> bool:
        return name in self.message.model_fields

    def covers(self) -> set[str]:
        """The inputs of the tool that it can carry."""
        return {name for part in self.parts for name in part.inputs()}
