"""One free question to a service, and what its answer says about the key, the address and the way there. No rows are changed here."""

from __future__ import annotations

import asyncio
import logging
import re
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar
from urllib.parse import urljoin, urlsplit

from studio.media.address import AddressRefused, check_url
from studio.media.dial import checked_client
from studio.providers.base import (
    Balance,
    NotConfigured,
    NotTaken,
    ProviderError,
    Refused,
    RemoteProvider,
    Uncertain,
    Wire,
)

log = logging.getLogger(__name__)

T = TypeVar("T")
Verdict = Literal["fine", "key", "plan", "credits", "address", "unreachable", "busy", "strange"]
"""fine: it works. key, plan: the service does not take the key, or not for this account. credits: it takes it, but nothing is left.
address: what answers is not this API, or may not be dialled. unreachable, busy, strange: nobody knows; later perhaps."""

WITHIN_SECONDS = 8.0
LARGEST_REASON = 240


@dataclass(frozen=True, slots=True)
class Outcome:
    """message: what to read, and what to do where it is not fine. balance: None where it was not told. took_ms: until the first answer."""

    verdict: Verdict
    message: str
    balance: Balance | None = None
    took_ms: int = 0

    @property
    def is_fine(self) -> bool:
        return self.verdict == "fine"

    @property
    def is_known_wrong(self) -> bool:
        """Asking again would bring the same."""
        return self.verdict in ("key", "plan", "address")


@dataclass(slots=True)
class Seen:
    """The last answer that came over the wire, whatever the adapter made of it."""

    status: int = 0
    media_type: str = ""
    location: str = ""
    host: str = ""
    answers: int = 0


def with_wire(
    provider: RemoteProvider,
    base_url: str,
    key: str,
    facts: Mapping[str, Any],
    ask: Callable[[Wire], Awaitable[T]],
    within_seconds: float,
) -> tuple[T | Exception, Seen]:
    """Runs `ask` on a client of its own, from plain synchronous code. What goes wrong is returned: ProviderError, AddressRefused, TimeoutError."""
    seen = Seen()
    try:
        check_url(base_url)
    except AddressRefused as refused:
        return refused, seen

    async def note(response: Any) -> None:
        seen.status = response.status_code
        seen.media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        seen.location = urljoin(str(response.url), response.headers.get("location", ""))
        seen.host = response.url.host
        seen.answers += 1

    async def run() -> T | Exception:
        async with checked_client(connections=4) as client:
            client.event_hooks = {"response": [note]}
            wire = Wire(client, base_url.rstrip("/"), key, provider.title, facts)
            try:
                async with asyncio.timeout(within_seconds):
                    return await ask(wire)
            except (ProviderError, AddressRefused, TimeoutError) as error:
                return error

    return asyncio.run(run()), seen


def ask(
    provider: RemoteProvider,
    base_url: str,
    key: str,
    facts: Mapping[str, Any],
    within_seconds: float | None = None,
) -> Outcome:
    """Tests a key, and reads what is left where the service tells. Never takes much longer than WITHIN_SECONDS, whatever answers."""
    within_seconds = within_seconds or WITHIN_SECONDS
    began = time.monotonic()
    took: list[float] = []

    async def question(wire: Wire) -> tuple[str, Balance | None]:
        said = await provider.test(wire)
        took.append(time.monotonic() - began)
        try:
            return said, await provider.balance(wire)
        except ProviderError as error:
            log.info("%s took the key but did not say what is left: %s", provider.title, error)
            return said, None

    answer, seen = with_wire(provider, base_url, key, facts, question, within_seconds)
    if isinstance(answer, Exception):
        verdict, sentence = explain(provider, base_url, answer, seen, within_seconds)
        return Outcome(verdict, _hidden(sentence, key))
    said, balance = answer
    milliseconds = round((took[0] if took else 0.0) * 1000)
    return Outcome("fine", _hidden(said, key), balance, milliseconds)


def explain(
    provider: RemoteProvider, base_url: str, error: Exception, seen: Seen, within_seconds: float = WITHIN_SECONDS
) -> tuple[Verdict, str]:
    """What went wrong, in a sentence, and what to do about it."""
    own = base_url.rstrip("/") == provider.base_url.rstrip("/")
    fix = "Try again later." if own else "Check the address under Advanced."
    if refused := in_chain(error, AddressRefused):
        return "address", f"{refused} {fix if not own else ''}".strip()
    title, host = provider.title, urlsplit(base_url).hostname or base_url
    if 300 <= seen.status < 400:
        there = urlsplit(seen.location).hostname or "another place"
        where = "to another address there" if there == seen.host else f"to {there}"
        return "address", f"{host} sends every request on {where}, and a key is never sent after it. {fix}"
    if seen.media_type == "text/html" and seen.status < 500 and seen.status not in (401, 402, 403, 429):
        return "address", f"What answers at {host} is a web page, not the API of {title}. {fix}"
    if isinstance(error, NotConfigured):
        return "key", _and(error, f"{title} does not take this key.", f"Copy it again from {key_page(provider)}.")
    if isinstance(error, Refused):
        return _refusal(provider, error, host, fix, seen)
    if isinstance(error, TimeoutError) or in_chain(error, TimeoutError):
        return "unreachable", f"{host} did not answer within {within_seconds:.0f} s. Try again later."
    if in_chain(error, socket.gaierror):
        return "unreachable", f"No server is known by the name {host}. {_network(own)}"
    if in_chain(error, ssl.SSLError):
        return (
            "unreachable",
            f"{host} has no certificate that can be trusted, so nothing was sent to it. {_network(own)}",
        )
    if isinstance(error, NotTaken) and not seen.answers:
        return "unreachable", f"{host} could not be reached. {_network(own)}"
    if isinstance(error, NotTaken):
        return "busy", f"{title} answers that it is busy. Try again in a minute."
    if isinstance(error, Uncertain):
        status = f" It answered with an error ({seen.status})." if seen.status >= 500 else ""
        return "strange", f"{title} has trouble of its own right now.{status} Try again later."
    return "strange", f"{host} answered with something that makes no sense here. {fix}"


def key_page(provider: RemoteProvider) -> str:
    """Where keys are made, as people read it."""
    return provider.key_url.removeprefix("https://").rstrip("/")


def _refusal(provider: RemoteProvider, error: Refused, host: str, fix: str, seen: Seen) -> tuple[Verdict, str]:
    title = provider.title
    if error.code == "credits":
        return "credits", f"{title} takes this key, but says that no credits are left. Top up there, then test again."
    if error.code == "plan":
        return "plan", _and(error, f"{title} does not open its API to this account.", f"Look at your plan at {title}.")
    if error.code == "key":
        return "key", _and(error, f"{title} refused the key.", f"Copy it again from {key_page(provider)}.")
    if error.code == "era":
        return "strange", _and(error, f"{title} does not know this request.", "")
    if error.code == "missing" or seen.status == 404 or 200 <= seen.status < 300:
        return "address", f"What answers at {host} does not speak {title}'s API. {fix}"
    return "strange", _and(error, f"{title} refused the test.", "Try again later.")


def _network(own: bool) -> str:
    return "Is this server on the internet? Try again later." if own else "Check the address under Advanced."


def _and(error: Exception, fallback: str, advice: str) -> str:
    """The service's own reason where it gave one, and what to do."""
    told = " ".join(str(error).split())[:LARGEST_REASON]
    # Elsewhere a sentence may send people to the page that they are on now.
    kept = [part for part in re.split(r"(?<=\.)\s+", told) if "Connections" not in part]
    reason = " ".join(kept).rstrip(" .") or fallback.rstrip(".")
    return f"{reason}. {advice}".strip()


def plain(text: Any) -> str:
    """Text of a service as every database keeps it: no NUL, no half characters."""
    return str(text or "").replace("\0", "").encode("utf-8", "replace").decode()


def _hidden(sentence: str, key: str) -> str:
    """A service that repeats the key in its answer must not bring it onto a page or into the database."""
    return plain(sentence.replace(key, "…") if key else sentence)


def in_chain(error: BaseException, kind: type[BaseException]) -> BaseException | None:
    """The error of this kind that caused it, however many libraries wrapped it."""
    return next((found for found in _chain(error) if isinstance(found, kind)), None)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        inner = getattr(error, "os_error", None)
        if isinstance(inner, BaseException):
            yield inner
        error = error.__cause__ or error.__context__
