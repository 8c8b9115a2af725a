"""Where in an answer of Videotok the facts may stand. Its pages show few answers, so each fact has a list of places, tried in order.

Pure functions over parsed JSON. They never raise: what is not there is None, empty or unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

Json = Mapping[str, Any]

WRAPPERS = ("data", "result", "generation")
ID_LISTS = ("generations", "generation_ids", "ids", "items", "results", "data")
ID_NAMES = ("generation_id", "id")

URL_NAMES = (
    "url",
    "asset_url",
    "output_url",
    "result_url",
    "final_url",
    "video_url",
    "image_url",
    "download_url",
    "media_url",
)
URL_WRAPPERS = ("asset", "output", "result", "media", "generation", "data")
URL_LISTS = ("urls", "assets", "outputs", "results", "images", "videos", "slides")

STATUSES: dict[str, str] = {
    "queued": "queued",
    "pending": "queued",
    "created": "queued",
    "submitted": "queued",
    "waiting": "queued",
    "scheduled": "queued",
    "in_queue": "queued",
    "processing": "processing",
    "running": "processing",
    "in_progress": "processing",
    "generating": "processing",
    "rendering": "processing",
    "started": "processing",
    "completed": "completed",
    "complete": "completed",
    "succeeded": "completed",
    "success": "completed",
    "done": "completed",
    "finished": "completed",
    "failed": "failed",
    "error": "failed",
    "errored": "failed",
    "rejected": "failed",
    "cancelled": "cancelled",
    "canceled": "cancelled",
    "expired": "cancelled",
}
"""Their word -> ours. `ready` is not here: it is said of editor projects, and means that one can be opened."""

KEPT_BYTES = 2048
"""How much of an answer that makes no sense is kept for the person who looks into it."""


def as_object(data: object) -> Json:
    """The answer as an object; a bare list stands under `data`, anything else is empty."""
    if isinstance(data, Mapping):
        return data
    return {"data": data} if isinstance(data, list) else {}


def unwrapped(data: object) -> Json:
    """One level of `data`, `result` or `generation` taken off, when the top level names no id of its own."""
    top = as_object(data)
    if ids_here(top):
        return top
    inner = next((top[name] for name in WRAPPERS if isinstance(top.get(name), Mapping)), None)
    return inner if isinstance(inner, Mapping) else top


def ids_here(top: Json) -> list[str]:
    """The jobs that an answer names, in order: the first list with any, else the one id."""
    for name in ID_LISTS:
        if isinstance(top.get(name), list) and (found := [it for it in map(id_of, top[name]) if it]):
            return list(dict.fromkeys(found))
    only = id_of(top)
    return [only] if only else []


def id_of(item: object, names: tuple[str, ...] = ID_NAMES) -> str:
    """An id as an opaque text, from a bare value or from an object; empty where there is none."""
    if isinstance(item, Mapping):
        return next((found for name in names if (found := id_of(item.get(name)))), "")
    if isinstance(item, bool) or not isinstance(item, str | int):
        return ""
    return str(item).strip()


def status_of(data: object) -> str:
    """One of queued, processing, completed, failed, cancelled; else their own word, lower-case; empty where none is said."""
    top = as_object(data)
    inner = [top[name] for name in ("data", "generation", "slideshow", "result") if isinstance(top.get(name), Mapping)]
    # Without an id of its own the top is a mere envelope: its "success" speaks of the answer and not of the job.
    for place in [top, *inner] if ids_here(top) else [*inner, top]:
        for name in ("status", "state"):
            if isinstance(place.get(name), str) and place[name].strip():
                word = "_".join(place[name].strip().lower().replace("-", " ").split())
                return STATUSES.get(word, word)
    return ""


def urls_of(data: object) -> list[str]:
    """Every address of a finished file, in order. Inputs that the answer repeats and thumbnails are never among them."""
    top = as_object(data)
    if alone := _named_url(top):
        first = [alone]
    else:
        first = next((found for name in URL_WRAPPERS if (found := _inside(top.get(name)))), [])
    listed = [url for name in URL_LISTS for url in _listed(top.get(name))]
    return list(dict.fromkeys([*first, *listed]))


def _inside(place: object) -> list[str]:
    """The addresses in a wrapper: its own, those of a wrapper in it, or those of its lists."""
    if isinstance(place, list):
        return _listed(place)
    if not isinstance(place, Mapping):
        return []
    own = _named_url(place)
    first = [own] if own else next((found for inner in _wrapped(place) if (found := _inside(inner))), [])
    return list(dict.fromkeys([*first, *(url for name in URL_LISTS for url in _listed(place.get(name)))]))


def _wrapped(place: Json) -> list[Json]:
    return [place[name] for name in URL_WRAPPERS if isinstance(place.get(name), Mapping)]


def _listed(items: object) -> list[str]:
    """One address of each element: a text, or an object that has one under a usual name or in a wrapper."""
    if not isinstance(items, list):
        return []
    return [url for item in items if (url := _web(item) or next(iter(_inside(item)), ""))]


def _named_url(place: Json) -> str:
    return next((url for name in URL_NAMES if (url := _web(place.get(name)))), "")


def _web(value: object) -> str:
    text = value.strip() if isinstance(value, str) else ""
    return text if text.lower().startswith(("https://", "http://")) else ""


def failure_of(data: object, *, messages: bool = True) -> str:
    """Why it failed, in their words; empty where they say nothing. messages: also `message`, which may be there without a failure."""
    top = as_object(data)
    for place in (top, top.get("data"), top.get("generation"), top.get("result")):
        if not isinstance(place, Mapping):
            continue
        error = place.get("error")
        said = (
            error.get("message") if isinstance(error, Mapping) else error,
            place.get("error_message"),
            place.get("failure_reason"),
            place.get("message") if messages else None,
        )
        if found := next((text.strip() for text in said if isinstance(text, str) and text.strip()), ""):
            return found
    return ""


def credits_of(data: object, name: str) -> Decimal | None:
    """A number of credits (`credits_deducted`, `remaining_credits`). None is unknown: absent is never zero."""
    top = as_object(data)
    for place in (top, *(top.get(wrapper) for wrapper in WRAPPERS)):
        value = place.get(name) if isinstance(place, Mapping) else None
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            continue
        try:
            found = Decimal(str(value))
        except InvalidOperation:
            continue
        if found.is_finite():
            return found
    return None


def rows(data: object, *names: str) -> list[Json]:
    """A list of objects, wherever it stands: under one of the names, at the top or inside of a wrapper."""
    if isinstance(data, list):
        return [row for row in data if isinstance(row, Mapping)]
    top = as_object(data)
    for place in _places(top):
        for name in names:
            if isinstance(place.get(name), list):
                return [row for row in place[name] if isinstance(row, Mapping)]
    return []


def _places(top: Json) -> Iterator[Json]:
    yield top
    for name in ("data", "models", "catalog", "result", "assets"):
        if isinstance(top.get(name), Mapping):
            yield top[name]


def first_text(row: Json, *names: str) -> str:
    """The first of these names that holds a text or a number."""
    return id_of(row, names)


def texts(value: object) -> tuple[str, ...]:
    """A list of texts or numbers, or of objects with an id, as texts."""
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list):
        return ()
    return tuple(found for item in value if (found := id_of(item, ("id", "slug", "name", "value"))))


def numbers(value: object) -> tuple[float, ...]:
    """Seconds, from numbers or texts of numbers."""
    found = []
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, int | float | str) and not isinstance(item, bool):
            try:
                found.append(float(item))
            except ValueError:
                continue
    return tuple(it for it in found if it == it and abs(it) < 1e6)


def next_page(data: object) -> str:
    """What asks for the next page: an address or a cursor; empty on the last one."""
    top = as_object(data)
    if top.get("has_more") is False:
        return ""
    return first_text(top, "next", "next_cursor")


@dataclass(frozen=True, slots=True)
class Problem:
    """An error answer. code: theirs, or made from the status. said: their sentence. kept: the start of a body that is no envelope."""

    status: int
    code: str
    said: str
    retryable: bool
    context: Json
    kept: str = ""


CODES_BY_STATUS = {
    400: "bad_request",
    401: "unauthorized",
    402: "insufficient_credits",
    403: "forbidden",
    404: "not_found",
    409: "idempotency_conflict",
    422: "bad_request",
    429: "rate_limited",
}


def problem_of(status: int, data: object, text: str = "") -> Problem:
    """An error answer, whether it is the envelope, a string under `error`, or the page of some proxy."""
    error = as_object(data).get("error")
    later = status == 429 or status >= 500
    by_status = CODES_BY_STATUS.get(status, "server_error" if status >= 500 else "refused")
    if isinstance(error, Mapping):
        retryable = error.get("retryable")
        context = error.get("context")
        return Problem(
            status,
            id_of(error.get("code")) or by_status,
            failure_of(data),
            retryable if isinstance(retryable, bool) else later,
            context if isinstance(context, Mapping) else {},
        )
    return Problem(status, by_status, failure_of(data), later, {}, text[:KEPT_BYTES])
