"""Executions: what became of a tool's start."""

from __future__ import annotations

from pydantic import Field

from .wire_base import ApiError, Page, Read, Sent
from .wire_files import FileInfo


class Result(Read):
    """One finished file. Era 2 gives the addresses here, earlier eras only inside a hydrated `file`."""

    file_id: str = ""
    type: str = ""
    file: FileInfo | None = None
    download_url: str = ""
    download_url_expires_at: float | None = None
    thumbnail_url: str = ""
    thumbnail_url_expires_at: float | None = None


class Execution(Read):
    """progress_percentage: 0 to 100 within the current attempt; era 0 has none. attempt_index counts from 0."""

    tool_execution_id: str = ""
    status: str = ""
    tool_type: str = ""
    progress_percentage: float | None = None
    attempt_index: int = 0
    results: list[Result] = Field(default_factory=list)
    error: ApiError | None = None


class ExecutionList(Page):
    """Newest first; only those that were started through the API."""

    tool_executions: list[Execution] = Field(default_factory=list)


class ExecutionsQuery(Sent):
    """self_only: only this key's owner; left out it is the whole team's."""

    limit: int | None = Field(default=None, ge=1, le=200)
    cursor: str | None = None
    self_only: bool | None = None
