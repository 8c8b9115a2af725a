"""What VideoGen answers, in our words."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import ValidationError

from studio.dialects.base import (
    Answer,
    Canceled,
    Failed,
    Finished,
    Gone,
    Job,
    Link,
    Missing,
    NotConfigured,
    NotTaken,
    Progress,
    ProviderError,
    Refused,
    Reply,
    Result,
    Submitted,
    Text,
    Uncertain,
    Unreadable,
)

from . import wire
from .eras import DEFAULT, TITLES, other_era

POLL_SECONDS = 4.0
SLOW_SECONDS = 60.0
LONGEST_WAIT_SECONDS = 3600.0
BUSY_SECONDS = 60.0

WAITING: dict[str, tuple[str, float]] = {
    "pending": ("Waiting its turn at VideoGen", POLL_SECONDS),
    "running": ("VideoGen is at work", POLL_SECONDS),
    # Only the newest SDK knows this one: it stops there. Whatever is done about it happens in VideoGen's own app.
    "awaiting_approval": ("VideoGen waits for an approval: open it in the VideoGen app to go on", SLOW_SECONDS),
}
"""Their word -> what a person reads, and when to ask again. A word never seen: it goes on, and is asked about less often."""

M = TypeVar("M", bound=wire.Message)

KINDS = {"IMAGE": "image", "VIDEO": "video", "AUDIO": "audio", "TEXT": "text"}


# -- Starting -----------------------------------------------------------------------------------------------------------------------


def decode_submit(reply: Reply, path: str, era: str = DEFAULT) -> Submitted | Finished:
    """The submit-answer table. Raises what `refusal` says of anything but a readable success."""
    if not 200 <= reply.status < 300:
        raise refusal(reply, path, era)
    if path == "/v1/text/generate":
        text = _read(wire.TextAnswer, reply.data, Uncertain).text
        if not text:
            raise Uncertain("VideoGen took it and answered without the text.")
        return Finished((Text(0, text),))
    started = _read(wire.StartResponse, reply.data, Uncertain).tool_execution_id
    if not started:
        raise Uncertain("VideoGen took it and answered without its number.")
    return Submitted({"execution": started}, POLL_SECONDS)


def refusal(reply: Reply, path: str, era: str = DEFAULT) -> ProviderError:
    """What any answer that is no success means, to a start and to everything else that must not be done twice.

    | status | means |
    | --- | --- |
    | 400, 422 | Refused "input", or "era" where the message speaks another era's names |
    | 401 | NotConfigured |
    | 402, or 429 `insufficient_credits` | Refused "credits" |
    | 403 | Refused "plan" with a `requirement`, else "refused" |
    | 404 | Refused "missing" |
    | 408, 5xx | Uncertain: nothing says that it was not started |
    | other 429 | NotTaken until `Retry-After`, else `X-RateLimit-Reset` |
    | anything else | Refused |
    """
    error = _error(reply)
    said = error.message.strip()
    if reply.status >= 500 or reply.status == 408:
        return Uncertain(f"VideoGen answered with an error of its own ({reply.status}).")
    if reply.status == 401:
        return NotConfigured("VideoGen does not accept this key. Check it on the Connections page.")
    if reply.status == 402 or (
        reply.status == 429 and (error.code == "insufficient_credits" or "credit" in said.lower())
    ):
        return Refused(
            "There are not enough VideoGen credits left for this. Add some at VideoGen, then run it again.", "credits"
        )
    if reply.status == 429:
        return NotTaken("VideoGen asks us to slow down.", wait_seconds(reply))
    if reply.status in (400, 422):
        other = other_era(said, path, era)
        if other:
            return Refused(_switch(said, era, other), "era")
        code = "moderation" if any(word in error.code for word in ("moderation", "policy", "safety")) else "input"
        return Refused(f"VideoGen refused this: {said or 'it did not say why'}", code)
    if reply.status == 403:
        needs = str((error.requirement or {}).get("type", ""))
        return Refused(
            f"VideoGen does not allow this: {said or needs or 'no reason given'}", "plan" if needs else "refused"
        )
    if reply.status == 404:
        return Refused(f"VideoGen does not have something that this needs: {said or path}", "missing")
    if 300 <= reply.status < 400:
        return Refused("VideoGen's address leads elsewhere. Check the address on the Connections page.", "refused")
    return Refused(f"VideoGen refused this ({reply.status}): {said or 'it did not say why'}", "refused")


def wait_seconds(reply: Reply, now: Callable[[], float] = time.time) -> float:
    """`Retry-After`, else `X-RateLimit-Reset` (the official SDKs read it as Unix seconds; a small number can only be a span), else a minute."""
    if reply.retry_after_seconds is not None:
        return max(reply.retry_after_seconds, 1.0)
    try:
        reset = float(reply.headers.get("x-ratelimit-reset", ""))
    except ValueError:
        return BUSY_SECONDS
    span = reset - now() if reset > 10**9 else reset
    return min(max(span, 1.0), LONGEST_WAIT_SECONDS) if span == span else BUSY_SECONDS


def _switch(said: str, era: str, other: str) -> str:
    return (
        f"VideoGen seems to speak the names of its {TITLES[other]} API and not those of {TITLES[era]} (“{said}”). "
        f"Switch the connection's era to {TITLES[other]} and run it again."
    )


# -- Asking how it is -----------------------------------------------------------------------------------------------------------------


def decode_execution(reply: Reply, count: int) -> Answer:
    """The answer of GET execution. A finished file without an address yet is a Link without one: hydrate it. Raises Gone, NotTaken,
    NotConfigured, Unreadable."""
    if not 200 <= reply.status < 300:
        raise poll_error(reply)
    execution = _read(wire.Execution, reply.data, Unreadable)
    status = execution.status.lower()
    if not status:
        raise Unreadable("VideoGen's answer names no status.")
    if status == "succeeded":
        return Finished(_results(execution, count))
    if status == "failed":
        error = execution.error or wire.ApiError()
        return Failed(error.code or "failed", error.message or "VideoGen could not make this, and did not say why.")
    if status in ("cancelled", "canceled"):
        return Canceled()
    step, again = WAITING.get(status, (f"VideoGen says “{status.replace('_', ' ')}”", POLL_SECONDS * 4))
    if execution.attempt_index:
        step = f"{step} (attempt {execution.attempt_index + 1})"
    percent = execution.progress_percentage
    return Progress(None if percent is None else min(max(percent / 100, 0.0), 1.0), step, again)


def poll_error(reply: Reply) -> ProviderError:
    """What an answer that is no success means where nothing is paid: asking again does no harm."""
    if reply.status == 404:
        return Gone("VideoGen does not know this job any more.")
    if reply.status in (401, 403):
        return NotConfigured("VideoGen does not accept this key. Check it on the Connections page.")
    if reply.status == 429:
        return NotTaken("VideoGen asks us to slow down.", wait_seconds(reply))
    if reply.status >= 500:
        return NotTaken(f"VideoGen has trouble of its own ({reply.status}).", reply.retry_after_seconds or 15.0)
    return Unreadable(f"VideoGen answered with status {reply.status}.")


def _results(execution: wire.Execution, count: int) -> tuple[Result, ...]:
    made = execution.results[:count]
    found: list[Result] = [_result(position, one) for position, one in enumerate(made)]
    short = f"VideoGen made {len(made)} of {count}." if made else "VideoGen says that it is done, and names no file."
    return (*found, *(Missing(position, short) for position in range(len(made), count)))


def _result(position: int, result: wire.Result) -> Result:
    kind = KINDS.get(result.type.upper(), "")
    if result.download_url:
        return Link(position, result.download_url, kind, result.file_id, at(result.download_url_expires_at))
    file_id = result.file_id or (result.file.file_id if result.file else "")
    if result.file:
        link = link_of(position, result.file)
        if isinstance(link, Link) and link.url:
            return link
    if not file_id:
        return Missing(position, "VideoGen lists a result and names no file for it.")
    return Link(position, "", kind, file_id)


# -- Files --------------------------------------------------------------------------------------------------------------------------


def decode_file(reply: Reply) -> wire.FileInfo:
    """Any answer that is a file. Raises as a poll does."""
    if not 200 <= reply.status < 300:
        raise poll_error(reply)
    return _read(wire.FileInfo, reply.data, Unreadable)


def ready_state(file: wire.FileInfo) -> str:
    """Of an upload: "ready" when any rendition is (that wins), else "failed" when any failed, else "pending"."""
    states = [source.status for source in file.sources()]
    return "ready" if "ready" in states else "failed" if "failed" in states else "pending"


def link_of(position: int, file: wire.FileInfo) -> Link | Missing:
    """Where a hydrated file is. The download itself; where that failed for good its preview, saying so; no address yet: try later."""
    kind = KINDS.get(file.type.upper(), "")
    if file.download_url:
        return Link(position, file.download_url, kind, file.file_id, at(file.download_url_expires_at))
    download, preview = file.download_source, file.preview_source
    if download and download.url:
        return Link(position, download.url, kind, file.file_id, at(download.expires_at))
    if download and download.status in ("failed", "skipped"):
        if preview and preview.url:
            notes = ("VideoGen has only a preview of this file.",)
            return Link(position, preview.url, kind, file.file_id, at(preview.expires_at), notes)
        if download.status == "failed":
            return Missing(position, "VideoGen made this file and could not store it.")
    return Link(position, "", kind, file.file_id)


# -- Finding a lost job ---------------------------------------------------------------------------------------------------------------


def decode_jobs(reply: Reply) -> tuple[list[Job], str]:
    """One page of the list, newest first, and the next page's cursor. The list tells no times: `created_at` only if it ever should."""
    if not 200 <= reply.status < 300:
        raise poll_error(reply)
    page = _read(wire.ExecutionList, reply.data, Unreadable)
    found = [_job(execution) for execution in page.tool_executions if execution.tool_execution_id]
    return found, page.next_cursor if page.has_more else ""


def tool_word(name: str) -> str:
    """A tool's name as both ends can be compared: `GENERATE_IMAGE`, `generate-image` and `/v1/tools/generate-image` are one."""
    return "".join(letter for letter in name.rpartition("/")[2].lower() if letter.isalnum())


def _job(execution: wire.Execution) -> Job:
    made = len(execution.results) if execution.status.lower() == "succeeded" else None
    fits = {"tool": tool_word(execution.tool_type), "status": execution.status.lower()}
    created = (execution.model_extra or {}).get("createdAt")
    return Job({"execution": execution.tool_execution_id}, execution.tool_execution_id, at(created), fits, made)


# -- Reading ------------------------------------------------------------------------------------------------------------------------


def at(seconds: Any) -> datetime | None:
    """Unix seconds as a time; milliseconds are taken for what they are, nonsense for nothing."""
    if not isinstance(seconds, int | float) or isinstance(seconds, bool) or not 0 < seconds < 10**14:
        return None
    return datetime.fromtimestamp(seconds / 1000 if seconds > 10**11 else seconds, UTC)


def _error(reply: Reply) -> wire.ApiError:
    try:
        return wire.ApiError.model_validate(reply.data)
    except ValidationError:
        return wire.ApiError()


def _read(message: type[M], data: Any, otherwise: type[ProviderError]) -> M:
    try:
        return message.model_validate(data)
    except ValidationError as error:
        raise otherwise("VideoGen's answer cannot be read.") from error
