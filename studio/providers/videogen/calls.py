"""What every free call of VideoGen shares: its era, its query, its pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from pydantic import ValidationError

from studio.dialects.base import Reply, Unreadable
from studio.dialects.videogen import wire as messages
from studio.dialects.videogen.codec_answers import poll_error
from studio.dialects.videogen.eras import DEFAULT, TITLES, name_at, to_era
from studio.providers.http import Wire

PAGE = 200
MOST_PAGES = 25

A = TypeVar("A", bound=messages.Message)
P = TypeVar("P", bound=messages.Page)


def era_of(wire: Wire) -> str:
    """The connection's names; one that we do not know is read as today's."""
    era = str(wire.facts.get("era") or DEFAULT)
    return era if era in TITLES else DEFAULT


def part(remote_id: str) -> str:
    """An id as one part of a path, whatever it holds."""
    return quote(remote_id, safe="")


def with_query(path: str, query: messages.Sent, era: str) -> str:
    """The path with its query in the era's names. Raises NotInEra."""
    told = to_era(path, query.to_wire(), era)
    words = {name: str(value).lower() if isinstance(value, bool) else value for name, value in told.items()}
    return f"{path}?{urlencode(words)}" if words else path


def read(reply: Reply, answer: type[A]) -> A:
    """A successful answer as its message. Raises what a poll raises."""
    if not 200 <= reply.status < 300:
        raise poll_error(reply)
    try:
        return answer.model_validate(reply.data)
    except ValidationError as error:
        raise Unreadable("VideoGen's answer cannot be read.") from error


async def ask(wire: Wire, method: str, path: str, answer: type[A], *, data: Any = None) -> A:
    return read(await wire.request(method, path, data=data), answer)


async def pages(
    wire: Wire, path: str, query: messages.Sent, answer: type[P], most: int = MOST_PAGES
) -> AsyncIterator[P]:
    """All pages of a list, `most` at the most. Where the era knows no paging there is one."""
    era, cursor = era_of(wire), ""
    for _ in range(most):
        paging = {"limit": PAGE, "cursor": cursor or None} if name_at(path, "limit", era) else {}
        page = await ask(wire, "GET", with_query(path, query.model_copy(update=paging), era), answer)
        yield page
        if not page.has_more or not page.next_cursor or page.next_cursor == cursor:
            return
        cursor = page.next_cursor
