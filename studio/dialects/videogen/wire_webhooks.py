"""Webhooks: their endpoints, and what they deliver. The delivered body is the event itself."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from .wire_base import ApiError, Page, Read, Sent
from .wire_executions import Result
from .wire_files import FileInfo

TOOL_EVENTS = ("tool_execution.succeeded", "tool_execution.failed", "tool_execution.cancelled")


class CreateWebhook(Sent):
    """url: https only."""

    url: str
    events: Annotated[list[str], Field(min_length=1)]
    description: str | None = None


class WebhookEndpoint(Read):
    """signing_secret comes once, in the answer to create."""

    endpoint_id: str = ""
    url: str = ""
    events: list[str] = Field(default_factory=list)
    description: str = ""
    created_at: float | None = None
    signing_secret: str = ""
    signing_secret_last4: str = ""


class WebhookList(Page):
    endpoints: list[WebhookEndpoint] = Field(default_factory=list)


class WebhooksQuery(Sent):
    limit: int | None = Field(default=None, ge=1, le=200)
    cursor: str | None = None


class Event(Read):
    """Any event. `tool_execution_id` is empty for those about files, `file_id` for those about tools."""

    event: str = ""
    occurred_at: float | None = None
    tool_execution_id: str = ""
    tool_type: str = ""
    results: list[Result] = Field(default_factory=list)
    file_id: str = ""
    file: FileInfo | None = None
    error: ApiError | None = None
