"""What all messages share. Sent ones are strict, read ones tolerant; a null is the same as a field that is not there."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic.alias_generators import to_camel


class Message(BaseModel):
    """Field names are ours, aliases are the wire's."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _nulls_are_omitted(cls, data: Any) -> Any:
        return {name: value for name, value in data.items() if value is not None} if isinstance(data, dict) else data


class Sent(Message):
    """A request: an unknown field is a mistake, and only what was set goes out."""

    model_config = ConfigDict(extra="forbid")

    def to_wire(self) -> dict[str, Any]:
        """As JSON, in today's names, without what was left unset."""
        return self.model_dump(by_alias=True, exclude_none=True, mode="json")


class Read(Message):
    """An answer: unknown fields are kept, unknown words are fine."""

    model_config = ConfigDict(extra="allow")


class Page(Read):
    """What every list carries beside its items. Era 0 has neither: then there is one page."""

    has_more: bool = False
    next_cursor: str = ""


class ApiError(Read):
    """The body of a refusal, and the `error` of a failed execution."""

    message: str = ""
    code: str = ""
    requirement: dict[str, Any] | None = None
    internal_error_code: str = ""

    @model_validator(mode="before")
    @classmethod
    def _bare_text(cls, data: Any) -> Any:
        return {"message": data} if isinstance(data, str) else data
