"""The kit of the scripted upstreams: a real ASGI server, what it wrote down, and what a test told it to do wrong.

    class Fake(Upstream): ...                     # routes and answers of one API
    fake = Fake()
    with serve(fake) as url:                      # uvicorn in a thread, on a free port
        fake.script.next(path="/v1/jobs", drop="after")
        ...
        assert len(fake.script.paid) == 1

From another process the same over HTTP: `Far(url).next(path="/v1/jobs", drop="after")`, `Far(url).facts()`.
"""

from __future__ import annotations

import argparse
import asyncio
import fnmatch
import hashlib
import json
import re
import socket
import threading
import time
import urllib.request
from collections.abc import Awaitable, Callable, Iterator, MutableMapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from tests.upstreams.media import KINDS, media_bytes
from tests.upstreams.script import Answer, Paid, Recorded, Rule, Script

__all__ = [
    "Answer",
    "Far",
    "Message",
    "Paid",
    "Receive",
    "Recorded",
    "Rule",
    "Script",
    "Send",
    "Upstream",
    "main",
    "serve",
]

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

Handler = Callable[..., Answer]


class Upstream:
    """An ASGI app. A subclass lists `routes` as (method, path with {names}, method name); handlers take (request, **names)."""

    routes: Sequence[tuple[str, str, str]] = ()
    open_paths: Sequence[str] = ("/media/*",)
    """Paths that need no key."""

    def __init__(self, *keys: str) -> None:
        self.script = Script(*keys)
        self._routes = [
            (method, re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path) + r"\Z"), name)
            for method, path, name in (*self.routes, ("GET", "/media/{name}", "media"))
        ]

    def key_of(self, request: Recorded) -> str:
        return request.bearer

    def unauthorised(self) -> Answer:
        return Answer({"error": "Unauthorized"}, 401)

    def not_found(self) -> Answer:
        return Answer({"error": "Not found"}, 404)

    def handle(self, request: Recorded) -> Answer:
        """The true answer."""
        is_open = any(fnmatch.fnmatchcase(request.path, path) for path in self.open_paths)
        if not is_open and self.key_of(request) not in self.script.keys:
            return self.unauthorised()
        for method, path, name in self._routes:
            found = path.match(request.path)
            if found and method == request.method:
                handler: Handler = getattr(self, name)
                return handler(request, **found.groupdict())
        return self.not_found()

    def media(self, request: Recorded, name: str) -> Answer:
        shelf = self.script.shelves.get(name.partition(".")[0])
        if shelf is None:
            return Answer({"error": "No such file"}, 404)
        if shelf.expired or shelf.uses == 0:
            return Answer({"error": "This address has expired"}, shelf.gone)
        if shelf.uses is not None:
            shelf.uses -= 1
        data = media_bytes(shelf.kind, shelf.seed)
        headers = {
            "content-type": KINDS[shelf.kind][1],
            "accept-ranges": "bytes",
            "etag": f'"{hashlib.sha256(data).hexdigest()[:16]}"',
        }
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", request.headers.get("range", ""))
        if not asked:
            return Answer(data, 200, headers)
        start, end = int(asked[1]), min(int(asked[2] or len(data) - 1), len(data) - 1)
        if start > end:
            return Answer(b"", 416, {**headers, "content-range": f"bytes */{len(data)}"})
        return Answer(data[start : end + 1], 206, {**headers, "content-range": f"bytes {start}-{end}/{len(data)}"})

    def steer(self, order: dict[str, Any]) -> Any:
        """One order from another process: {"do": a method of the script, or of this upstream, "with": its arguments}."""
        name = str(order.get("do", "facts"))
        owner = self if name in self.orders else self.script
        if name.startswith("_"):
            raise ValueError(name)
        return getattr(owner, name)(**order.get("with", {}))

    orders: Sequence[str] = ()
    """Methods of a subclass that may be called over `/_script`."""

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        assert scope["type"] == "http"
        body = await _whole_body(receive)
        if scope["path"] == "/_script":
            result = self.steer(json.loads(body or b"{}"))
            await _send(send, Answer(result))
            return
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
        query = parse_qs(scope["query_string"].decode(), keep_blank_values=True)
        request = Recorded(scope["method"], scope["path"], query, headers, body, time.time())
        self.script.requests.append(request)
        rule = self.script.rule_for(request) or Rule()
        await self._play(rule, request, scope, receive, send)

    async def _play(self, rule: Rule, request: Recorded, scope: Message, receive: Receive, send: Send) -> None:
        gone = asyncio.ensure_future(_disconnected(receive))
        try:
            if rule.drop == "before":
                return await _drop(scope, gone)
            if rule.delay_seconds:
                await _until(asyncio.sleep(rule.delay_seconds), gone)
            if rule.hold and not rule.hold_after:
                await _until(self.script.wait(rule.hold), gone)
            answer = self._answer(rule, request)
            if rule.hold and rule.hold_after:
                await _until(self.script.wait(rule.hold), gone)
            if rule.late_seconds:
                await _until(asyncio.sleep(rule.late_seconds), gone)
            if rule.drop == "after":
                return await _drop(scope, gone)
            if rule.mangle == "endless":
                await _endless(answer, send, gone)
            elif rule.mangle == "cut":
                await _send(send, answer, len(answer.body) // 2)
                await asyncio.sleep(0.05)  # What was written goes out before the line breaks.
                await _drop(scope, gone)
            else:
                await _send(send, answer)
        finally:
            gone.cancel()

    def _answer(self, rule: Rule, request: Recorded) -> Answer:
        if rule.status:
            if rule.after:
                self.handle(request)
            return Answer({"error": "scripted"} if rule.body is None else rule.body, rule.status, rule.headers)
        answer = self.handle(request)
        if rule.body is not None:
            answer = Answer(rule.body, answer.status, answer.headers)
        if rule.merge:
            answer = Answer({**answer.data, **rule.merge}, answer.status, answer.headers)
        if rule.mangle == "garbage":
            answer = Answer(b"<html>\xff\xfe<h1>Bad gateway</h1>", answer.status, {"content-type": "text/html"})
        if rule.mangle == "truncated":
            answer = Answer(answer.body[: len(answer.body) // 2], answer.status, {"content-type": "application/json"})
        return answer


async def _whole_body(receive: Receive) -> bytes:
    parts: bytes = b""
    while True:
        message = await receive()
        parts += message.get("body", b"")
        if not message.get("more_body"):
            return parts


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _until(work: Any, gone: asyncio.Future[None]) -> None:
    """Waits for `work`; a caller who hangs up ends the waiting early."""
    task = asyncio.ensure_future(work)
    await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
    task.cancel()


async def _drop(scope: Message, gone: asyncio.Future[None]) -> None:
    scope["extensions"]["drop"]()
    await gone


async def _send(send: Send, answer: Answer, only: int | None = None) -> None:
    headers = {"content-type": "application/json", **answer.headers, "content-length": str(len(answer.body))}
    listed = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": listed})
    await send({"type": "http.response.body", "body": answer.body[:only], "more_body": only is not None})


async def _endless(answer: Answer, send: Send, gone: asyncio.Future[None]) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    while not gone.done():
        await send({"type": "http.response.body", "body": b" " * 65536, "more_body": True})
        await asyncio.sleep(0.001)


class Droppable(HttpToolsProtocol):
    """uvicorn's protocol, whose app may break the connection without a word."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {"drop": self.transport.abort}  # type: ignore[dict-item]


def _server(app: Upstream) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            app,
            http=Droppable,
            ws="none",
            lifespan="off",
            loop="asyncio",
            log_level="error",
            access_log=False,
            timeout_graceful_shutdown=1,
            backlog=4096,
        )
    )


def _listen(port: int) -> socket.socket:
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    listening.listen(4096)
    return listening


@contextmanager
def serve(app: Upstream, port: int = 0) -> Iterator[str]:
    """The app on a real port of this machine, in a thread; yields its URL (no slash at the end)."""
    listening = _listen(port)
    app.script.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    server = _server(app)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 15
    while not server.started:
        assert thread.is_alive(), "The scripted upstream ended at once."
        assert time.monotonic() < deadline, "The scripted upstream did not start in time."
        time.sleep(0.005)
    try:
        yield app.script.url
    finally:
        app.script.clear()
        server.should_exit = True
        thread.join(10)
        listening.close()


def main(app: Upstream) -> None:
    """`python -m tests.upstreams.<api> --port 0 --key …`: serves until it is stopped; the first line printed is its URL."""
    words = argparse.ArgumentParser()
    words.add_argument("--port", type=int, default=0)
    words.add_argument("--key", action="append", default=[])
    said = words.parse_args()
    app.script.keys |= set(said.key)
    listening = _listen(said.port)
    app.script.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    print(app.script.url, flush=True)
    with suppress(KeyboardInterrupt):
        _server(app).run(sockets=[listening])


class Far:
    """A scripted upstream that runs in another process: `far.next(path=…, drop="after")`, `far.facts()`."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.url = f"{parts.scheme}://{parts.netloc}"

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def order(**arguments: Any) -> Any:
            body = json.dumps({"do": name, "with": arguments}).encode()
            with urllib.request.urlopen(f"{self.url}/_script", body, timeout=10) as answer:
                return json.load(answer)

        return order
