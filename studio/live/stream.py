"""The live stream: server-sent events on a raw ASGI route, in front of Django.

A Django view would hold a thread for every open tab; here a stream costs one coroutine. What Django's middleware does for a page is
done by hand: the host is checked, the session cookie is read, the workspace must be one that the person may enter.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.db import DatabaseError, connections
from django.http import HttpRequest, parse_cookie
from django.http.request import split_domain_port, validate_host

from studio.models import Event, Membership, User

from .hub import CLOSE, REFRESH, Hub, Subscriber
from .replay import Audience, as_message, missed

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

PATH = "/live/"
KEEP_ALIVE_SECONDS = 15.0
CHECK_SESSION_SECONDS = 120.0
STREAMS_PER_PERSON = 24
HELLO = b"retry: 2000\n\n"


def _headers(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}


def _comes_from_here(headers: dict[str, str]) -> bool:
    """Only our own pages may listen, at a host name that is ours."""
    domain, _ = split_domain_port(headers.get("host", ""))
    return (
        bool(domain)
        and validate_host(domain, settings.ALLOWED_HOSTS)
        and headers.get("sec-fetch-site", "same-origin") == "same-origin"
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def find_audience(session_key: str, workspace: str) -> Audience | None:
    """Who this session belongs to, if that person may enter the workspace now. Closes its connection: it runs on a pool thread."""
    try:
        request = HttpRequest()
        request.session = SessionStore(session_key)
        user = get_user(request)
        if not isinstance(user, User) or not user.is_active:
            return None
        workspace_id = UUID(workspace)
        for membership in Membership.objects.filter(user=user, team__workspaces=workspace_id):
            if membership.workspaces().filter(pk=workspace_id).exists():
                return Audience(user.pk, membership.team_id, workspace_id)
        return None
    except ValueError:
        return None
    finally:
        connections.close_all()


def _missed(audience: Audience, after: int, overlap: bool) -> list[Event] | None:
    try:
        return missed(audience, after, overlap=overlap)
    finally:
        connections.close_all()


class LiveStream:
    """Answers PATH itself and passes everything else on to Django."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.hub = Hub()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH:
            await self.application(scope, receive, send)
        elif scope["method"] != "GET" or not _comes_from_here(headers := _headers(scope)):
            await _refuse(send, 403, "The live stream is only for pages of this server.")
        else:
            await self._open(scope, headers, receive, send)

    async def _open(self, scope: Scope, headers: dict[str, str], receive: Receive, send: Send) -> None:
        query = parse_qs(scope["query_string"].decode("latin-1"))
        workspace = query.get("workspace", [""])[0]
        session_key = parse_cookie(headers.get("cookie", "")).get(settings.SESSION_COOKIE_NAME, "")
        try:
            audience = await sync_to_async(find_audience, thread_sensitive=False)(session_key, workspace)
        except DatabaseError:
            return await _refuse(send, 503, "The database does not answer.", retry_after=5)
        if audience is None:
            return await _refuse(send, 401, "Sign in to follow this workspace.")
        if self.hub.of_user(audience.user_id) >= STREAMS_PER_PERSON:
            return await _refuse(send, 429, "Too many streams are open for you.", retry_after=30)
        await self.hub.start()
        subscriber = Subscriber(audience)
        self.hub.add(subscriber)  # Before the replay: what happens meanwhile waits in the queue.
        try:
            await send(_start(200, b"text/event-stream"))
            broken_off = headers.get("last-event-id", "")
            after = _number(broken_off or query.get("after", ["0"])[0])
            await send(_body(HELLO + await self._replay(audience, after, overlap=bool(broken_off))))
            await self._pass_on(subscriber, session_key, workspace, receive, send)
        finally:
            self.hub.discard(subscriber)
        return None

    async def _replay(self, audience: Audience, after: int, *, overlap: bool) -> bytes:
        if not after:
            return b""
        events = await sync_to_async(_missed, thread_sensitive=False)(audience, after, overlap)
        return REFRESH if events is None else b"".join(as_message(event) for event in events)

    async def _pass_on(
        self, subscriber: Subscriber, session_key: str, workspace: str, receive: Receive, send: Send
    ) -> None:
        gone = asyncio.ensure_future(_disconnected(receive))
        checked = time.monotonic()
        try:
            while not gone.done():
                message = await _next(subscriber, gone)
                if message == CLOSE:
                    break
                await send(_body(message))
                if time.monotonic() - checked > CHECK_SESSION_SECONDS:
                    checked = time.monotonic()
                    if (
                        await sync_to_async(find_audience, thread_sensitive=False)(session_key, workspace)
                        != subscriber.audience
                    ):
                        break
            if not gone.done():
                await send(_body(b"event: closed\ndata: {}\n\n", more=False))
        finally:
            gone.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await gone


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _next(subscriber: Subscriber, gone: asyncio.Future[None]) -> bytes:
    """The next message; a comment when there was none for a while, so that proxies keep the line open; CLOSE when nobody is there."""
    waiting = asyncio.ensure_future(subscriber.queue.get())
    both: list[asyncio.Future[Any]] = [waiting, gone]
    await asyncio.wait(both, timeout=KEEP_ALIVE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    if not waiting.done():
        waiting.cancel()
        return CLOSE if gone.done() else b": still here\n\n"
    message = waiting.result()
    while message != CLOSE and not subscriber.queue.empty():
        more = subscriber.queue.get_nowait()
        if more == CLOSE:
            subscriber.queue.put_nowait(CLOSE)
            break
        message += more
    return message


def _start(status: int, content_type: bytes, *extra: tuple[bytes, bytes]) -> dict[str, Any]:
    headers = [
        (b"content-type", content_type),
        (b"cache-control", b"no-cache, no-store"),
        (b"x-accel-buffering", b"no"),
        (b"x-content-type-options", b"nosniff"),
        *extra,
    ]
    return {"type": "http.response.start", "status": status, "headers": headers}


def _body(body: bytes, more: bool = True) -> dict[str, Any]:
    return {"type": "http.response.body", "body": body, "more_body": more}


async def _refuse(send: Send, status: int, sentence: str, retry_after: int | None = None) -> None:
    extra = [(b"retry-after", str(retry_after).encode())] if retry_after else []
    await send(_start(status, b"text/plain; charset=utf-8", *extra))
    await send(_body(sentence.encode(), more=False))
