"""What the answers to a download mean, and how long bad ones are borne. Used by `fetch` alone.

What went wrong is said as what to do next:

    FetchError
      Gone       the address leads to nothing any more (an expired link): ask for a new one
      Later      the host cannot give it now: try again, after retry_after_seconds if it said so
      TooBig     more bytes than are taken
      WrongType  something else than was expected
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from time import monotonic, time

import httpx

_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
_LONGEST_WAIT_SECONDS = 3600.0


class FetchError(Exception):
    """`str(error)` is one sentence for people."""


class Gone(FetchError):
    pass


class Later(FetchError):
    def __init__(self, sentence: str, retry_after_seconds: float | None = None) -> None:
        super().__init__(sentence, retry_after_seconds)
        self.retry_after_seconds = retry_after_seconds

    def __str__(self) -> str:
        return str(self.args[0])


class TooBig(FetchError):
    pass


class WrongType(FetchError):
    pass


class Broken(Exception):
    """A connection that ended before the file did, with whose fault it is in a sentence. The next try goes on from there."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a slow or broken answer is borne. tries: connections for one file, the first included, each after a longer pause.
    least_bytes: what must come in every `window_seconds`.
    """

    tries: int = 4
    pause_seconds: float = 0.5
    window_seconds: float = 20.0
    least_bytes: int = 64 * 1024
    silence_seconds: float = 15.0


PATIENCE = Patience()


class Rate:
    """Looks back once a window: whoever sends a byte a minute keeps a place for ever otherwise."""

    def __init__(self, patience: Patience, host: str) -> None:
        self.patience, self.host = patience, host
        self.since, self.came = monotonic(), 0

    def count(self, size: int) -> None:
        self.came += size
        if monotonic() - self.since < self.patience.window_seconds:
            return
        if self.came < self.patience.least_bytes:
            raise Later(f"{self.host} sends the file too slowly.")
        self.since, self.came = monotonic(), 0


def continued(answer: httpx.Response) -> tuple[int, int | None]:
    """First byte and whole length of a part; (-1, None) where the answer does not say."""
    found = _CONTENT_RANGE.fullmatch(answer.headers.get("content-range", "").strip())
    return (int(found[1]), int(found[3])) if found else (-1, None)


def is_packed(answer: httpx.Response) -> bool:
    """Whether the body is packed (gzip or deflate: the transport lets no other through)."""
    return answer.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity")


def validator_of(answer: httpx.Response) -> str:
    """What proves that the rest belongs to the beginning: a strong ETag, else the date. Without one a download starts anew."""
    etag = answer.headers.get("etag", "").strip()
    if etag.startswith('"'):
        return str(etag)
    return str(answer.headers.get("last-modified", "").strip())


def raise_for_status(answer: httpx.Response, host: str) -> None:
    status = answer.status_code
    if status in (200, 206):
        return
    if status == 416:
        raise Broken(f"{host} no longer has the rest of the file.")
    if status in (408, 425, 429) or status >= 500:
        wait = retry_after(answer)
        sentence = f"{host} cannot send the file now (HTTP {status})."
        if status == 429 or wait is not None:
            raise Later(sentence, wait)
        raise Broken(sentence)
    raise Gone(f"The address at {host} no longer leads to the file (HTTP {status}).")


def retry_after(answer: httpx.Response) -> float | None:
    """Retry-After in seconds, from a number or a date; at most an hour."""
    written = answer.headers.get("retry-after", "").strip()
    if written.isdigit():
        return min(float(written), _LONGEST_WAIT_SECONDS)
    try:
        moment = parsedate_to_datetime(written)
    except (ValueError, TypeError):
        return None
    return min(max(0.0, moment.timestamp() - time()), _LONGEST_WAIT_SECONDS)
