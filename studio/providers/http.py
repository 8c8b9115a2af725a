"""One request to a service, and what its going wrong means. The client is the engine's; every dialled address was checked by it."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from studio.dialects.base import NotTaken, Reply, Uncertain, Unreadable

log = logging.getLogger(__name__)

LARGEST_ANSWER = 8 * 1024 * 1024
CONNECT_SECONDS = 10.0
DEFAULT_SECONDS = 30.0
KEPT_TEXT = 2000


@dataclass(frozen=True, slots=True)
class Wire:
    """A connection as an adapter sees it. base_url: without a slash at its end. facts: era, workspace ids and whatever the connection keeps.

    title: the service's name, for sentences. The key is never logged and never sent anywhere but below base_url.
    """

    client: httpx.AsyncClient
    base_url: str
    key: str = field(repr=False)
    title: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    async def request(
        self,
        method: str,
        path: str,
        *,
        body: bytes = b"",
        data: Any = None,
        headers: Mapping[str, str] | None = None,
        seconds: float = DEFAULT_SECONDS,
    ) -> Reply:
        """Sends it once and reads the whole answer, whatever its status. data: sent as JSON where `body` is not given.

        Raises NotTaken where nothing can have arrived (no connection, unknown host, connect time-out, pool full), Uncertain where it may have,
        Unreadable where the answer is endless or says it is JSON and is none (the caller decides what that means after a submit).
        """
        sent = dict(headers or {}) | {"Authorization": f"Bearer {self.key}", "Accept": "application/json"}
        if data is not None:
            body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
        if body:
            sent.setdefault("Content-Type", "application/json")
        timeout = httpx.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds), pool=min(CONNECT_SECONDS, seconds))
        try:
            async with self.client.stream(
                method, f"{self.base_url}{path}", content=body or None, headers=sent, timeout=timeout
            ) as response:
                raw = await _read(response)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            log.info("%s could not be reached: %r", self.title, error)
            raise NotTaken(f"{self.title} cannot be reached right now.", 15) from error
        except httpx.TimeoutException as error:
            raise Uncertain(f"{self.title} took more than {seconds:.0f} s to answer.") from error
        except (httpx.UnsupportedProtocol, httpx.InvalidURL, httpx.LocalProtocolError) as error:
            raise NotTaken(f"The address of {self.title} cannot be used: {error}", 60) from error
        except httpx.HTTPError as error:
            raise Uncertain(f"The connection to {self.title} broke before it answered.") from error
        return _reply(response, raw, self.title)


async def _read(response: httpx.Response) -> bytes:
    """At most LARGEST_ANSWER bytes: an endless body is cut, and then is no JSON."""
    parts, size = [], 0
    chunks: AsyncIterator[bytes] = response.aiter_bytes()
    async for chunk in chunks:
        parts.append(chunk)
        size += len(chunk)
        if size > LARGEST_ANSWER:
            raise Unreadable("The answer does not end.")
    return b"".join(parts)


def _reply(response: httpx.Response, raw: bytes, title: str) -> Reply:
    text = raw[:KEPT_TEXT].decode("utf-8", "replace")
    headers = {name.lower(): value for name, value in response.headers.items()}
    try:
        data = json.loads(raw) if raw.strip() else None
    except ValueError:
        # A proxy's page beside an error status is usual; a success that cannot be read is for the caller to judge.
        if response.is_success and "json" in headers.get("content-type", ""):
            raise Unreadable(f"{title} answered with something that is not JSON.") from None
        data = None
    return Reply(response.status_code, headers, data, text)
