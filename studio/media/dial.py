"""The one way out: an httpx client that dials only checked addresses.

Three fences, each enough by itself for its part. The transport checks every URL as it is written (`address.check_url`), so that no caller
can forget it and no redirect goes round it. The resolver checks every address that a name has, and only those are dialled. The socket
factory looks at each address once more in the moment a socket is made for it, names and literals alike.

aiohttp carries the bytes: at a hundred connections it polls for a third of what httpx's own transport costs. The transport is ours
because one thing must be exact: which errors mean that nothing was sent. Errors of the kinds httpx.ConnectError, ConnectTimeout,
PoolTimeout, UnsupportedProtocol (DialRefused is one) and LocalProtocolError mean that; every other error may come after sending.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from ipaddress import IPv6Address
from typing import Any
from urllib.parse import urljoin

import aiohttp
import httpx
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.client_exceptions import InvalidURL, NonHttpUrlClientError
from multidict import CIMultiDict
from yarl import URL

from studio.media.address import AddressRefused, check_address, check_url, is_private_host

# At INFO httpx logs whole URLs, and a signed URL is as good as a key.
logging.getLogger("httpx").setLevel(logging.WARNING)

Lookup = Callable[[str, int], Awaitable[Sequence[str]]]
"""(host, port) to its IP addresses. Raises OSError (socket.gaierror) where there are none."""

TIMEOUT = httpx.Timeout(connect=10, read=60, write=60, pool=10)
"""For callers that do not say otherwise. Connecting with its DNS look-up gets pool + connect; sending a body has no bound of its own
in aiohttp, so that whoever sends large ones puts an asyncio.timeout around."""

_KEEP_IDLE_SECONDS = 4.0
_KEEP_NAMES_SECONDS = 30
_PIECE_BYTES = 64 * 1024
_PACKED_PIECE_BYTES = 4 * 1024  # httpx unpacks a piece at once, to a thousand times its size.
_LOOKUPS_AT_ONCE = 8
_REDIRECTS = (301, 302, 303, 307, 308)


def checked_client(*, connections: int = 100, per_host: int = 0, lookup: Lookup | None = None) -> httpx.AsyncClient:
    """A client for one event loop, in any thread; close it there with `aclose` or `async with`.

    connections: the most at once, over all hosts. per_host: the most to one host and port, so that one that stalls leaves room for the
    others (0: no bound of its own). lookup: how names are resolved; by default as this machine does.
    It follows no redirect, keeps no cookie, reads no proxy or password from the environment, and asks for bodies as they are. Raises
    DialRefused where an address must not be dialled, httpx.TransportError for the rest. Idle connections are dropped after 4 s, before
    most servers drop theirs, because a request that meets a closing connection has an unknown end.
    """
    return httpx.AsyncClient(
        transport=CheckedTransport(connections=connections, per_host=per_host, lookup=lookup),
        timeout=TIMEOUT,
        follow_redirects=False,
        trust_env=False,
        headers={"User-Agent": "Backlot", "Accept-Encoding": "identity"},
        cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
    )


class DialRefused(AddressRefused, httpx.UnsupportedProtocol):
    """AddressRefused, as one of httpx's errors for whoever knows only those. Nothing was sent."""


class BadLocation(httpx.RemoteProtocolError):
    """A redirect to what is no address at all. It comes after sending, unlike the errors that httpx would raise of it itself."""


class CheckedTransport(httpx.AsyncBaseTransport):
    """httpx's messages over aiohttp's connections. The session is made in the loop of the first request."""

    def __init__(self, *, connections: int = 100, per_host: int = 0, lookup: Lookup | None = None) -> None:
        self._connections, self._per_host = connections, per_host
        self._lookup = lookup
        self._tls = httpx.create_ssl_context(trust_env=False)
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return await self._send(request)
        except AddressRefused as refused:
            raise DialRefused(str(refused)) from refused

    async def _send(self, request: httpx.Request) -> httpx.Response:
        url = str(request.url)
        target = check_url(url)
        # Already encoded: a signed URL must leave exactly as it came. What aiohttp will dial is compared with what was checked.
        with _as_httpx_errors():
            encoded = URL(url, encoded=True)
            host = encoded.raw_host or ""
            host = str(IPv6Address(host)) if ":" in host else host.lower()
        if (host, encoded.port) != (target.host, target.port):
            raise AddressRefused("This address can be read in two ways. Write it plainly.")
        headers, body = _headers_and_body(request)
        with _as_httpx_errors():
            answer = await self._open().request(
                request.method,
                encoded,
                headers=headers,
                data=body,
                allow_redirects=False,
                timeout=_timeout(request.extensions.get("timeout", {})),
                skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
            )
        if answer.status in _REDIRECTS and not _is_location(request.url, answer.headers.get("Location", "")):
            answer.close()
            raise BadLocation("The answer leads to something that is not an address.", request=request)
        coding = answer.headers.get("Content-Encoding", "identity").strip().lower()
        if coding not in ("", "identity", "gzip", "deflate"):
            answer.close()
            raise httpx.RemoteProtocolError("The answer is packed in a way that was not asked for.", request=request)
        return httpx.Response(
            answer.status,
            headers=answer.raw_headers,
            stream=_Body(answer, _PACKED_PIECE_BYTES if coding in ("gzip", "deflate") else _PIECE_BYTES),
            extensions={"http_version": b"HTTP/1.1", "reason_phrase": (answer.reason or "").encode("ascii", "replace")},
        )

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            resolver = CheckingResolver(self._lookup)
            connector = aiohttp.TCPConnector(
                limit=self._connections,
                limit_per_host=self._per_host,
                ssl=self._tls,
                resolver=resolver,
                socket_factory=resolver.socket_for,
                ttl_dns_cache=_KEEP_NAMES_SECONDS,
                keepalive_timeout=_KEEP_IDLE_SECONDS,
            )
            self._session = aiohttp.ClientSession(
                connector=connector, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False, trust_env=False
            )
        return self._session

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None


class CheckingResolver(AbstractResolver):
    """Gives out only addresses that were checked. One address that is not public refuses the whole name."""

    def __init__(self, lookup: Lookup | None = None) -> None:
        self._threads: ThreadPoolExecutor | None = None
        self._lookup = lookup or self._system_lookup
        self._granted: set[tuple[str, int]] = set()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = list(dict.fromkeys(await self._lookup(host, port)))
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "the name has no address")
        for address in found:
            check_address(address, host, port)
        if is_private_host(host, port):
            self._granted.update((address, port) for address in found)
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for address in found
        ]

    def socket_for(self, info: tuple[Any, ...]) -> socket.socket:
        """A socket for one `getaddrinfo` tuple, after a last look at where it leads."""
        family, kind, protocol, _, (address, port, *_) = info
        if (address, port) not in self._granted:
            check_address(address, port=port)
        return socket.socket(family, kind, protocol)

    async def close(self) -> None:
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
            self._threads = None

    async def _system_lookup(self, host: str, port: int) -> list[str]:
        """In threads of its own: a name server that hangs must not hold up whoever else uses the loop's threads."""
        if self._threads is None:
            self._threads = ThreadPoolExecutor(_LOOKUPS_AT_ONCE, thread_name_prefix="lookup")
        infos = await asyncio.get_running_loop().run_in_executor(
            self._threads, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
        )
        return [str(info[4][0]) for info in infos]


class _Body(httpx.AsyncByteStream):
    """The bytes as they were sent. Closed before its end, its connection is closed too: nothing is read in vain."""

    def __init__(self, answer: aiohttp.ClientResponse, piece_bytes: int) -> None:
        self._answer, self._piece_bytes = answer, piece_bytes

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _as_httpx_errors():
            async for piece in self._answer.content.iter_chunked(self._piece_bytes):
                yield piece

    async def aclose(self) -> None:
        if self._answer.content.at_eof():
            self._answer.release()
        else:
            self._answer.close()


def _headers_and_body(request: httpx.Request) -> tuple[CIMultiDict[str], bytes | AsyncIterator[bytes] | None]:
    headers = CIMultiDict(request.headers.multi_items())
    try:
        return headers, request.content or None
    except httpx.RequestNotRead:
        headers.pop("Transfer-Encoding", None)  # aiohttp says so itself where no length is known.
        assert isinstance(request.stream, httpx.AsyncByteStream)
        return headers, request.stream.__aiter__()


def _is_location(url: httpx.URL, location: str) -> bool:
    """Whether it can be read as an address, by httpx, which reads every redirect's followed or not, and by whoever follows it. Refuses no
    address for where it leads."""
    try:
        found = httpx.URL(location)
        if found.scheme and not found.host:
            found.copy_with(host=url.host)
        url.join(found)
        urljoin(str(url), location)
    except (httpx.InvalidURL, ValueError):
        return False
    return True


def _timeout(asked: dict[str, float | None]) -> aiohttp.ClientTimeout:
    """aiohttp's `connect` covers everything up to the first byte sent: waiting for a free connection, DNS, TCP and TLS."""
    pool, connect = asked.get("pool"), asked.get("connect")
    both = None if pool is None or connect is None else pool + connect
    return aiohttp.ClientTimeout(total=None, connect=both, sock_connect=connect, sock_read=asked.get("read"))


@contextmanager
def _as_httpx_errors() -> Iterator[None]:
    """Most exact first. Whatever is not known to have come before sending becomes a ReadError."""
    try:
        yield
    except aiohttp.ClientConnectorError as error:  # DNS, refused, unreachable, TLS and certificates.
        raise httpx.ConnectError(str(error)) from error
    except aiohttp.ConnectionTimeoutError as error:
        raise httpx.ConnectTimeout("No connection was made in time.") from error
    except (aiohttp.SocketTimeoutError, TimeoutError) as error:
        raise httpx.ReadTimeout("No answer came in time.") from error
    except (InvalidURL, NonHttpUrlClientError) as error:
        raise httpx.UnsupportedProtocol("This address cannot be dialled.") from error
    except aiohttp.ClientResponseError as error:
        raise httpx.RemoteProtocolError(error.message) from error
    except (aiohttp.ClientError, OSError) as error:
        raise httpx.ReadError(str(error) or type(error).__name__) from error
    except ValueError as error:  # A line break in a header.
        raise httpx.LocalProtocolError(str(error)) from error
