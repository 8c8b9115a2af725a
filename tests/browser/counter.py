"""Counts the live streams: a forwarder between the browser and Backlot that knows what it passes on.

Playwright does not show what a shared worker asks for; what arrives at the server's door does.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass
class Counter:
    """`opened`: live streams since the start; `open`: how many are open now."""

    to: int
    port: int = 0
    opened: int = 0
    open: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, here = await asyncio.open_connection("127.0.0.1", self.to)
        streams = 0

        async def ask() -> None:
            nonlocal streams
            while data := await reader.read(65536):
                # A browser sends no request on a connection before the answer to the last one is there: heads are never cut together.
                if data.startswith(b"GET /live/?"):
                    streams += 1
                    self.opened += 1
                    self.open += 1
                here.write(data)
                await here.drain()

        async def answer() -> None:
            while data := await there.read(65536):
                writer.write(data)
                await writer.drain()

        halves = [asyncio.ensure_future(ask()), asyncio.ensure_future(answer())]
        try:
            await asyncio.wait(halves, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for half in halves:
                half.cancel()
            await asyncio.gather(*halves, return_exceptions=True)
            self.open -= streams
            for end in (here, writer):
                end.close()
                with contextlib.suppress(OSError):
                    await end.wait_closed()


@contextlib.contextmanager
def counting(port: int) -> Iterator[Counter]:
    """Forwards a free port to `port` as long as the context lasts."""
    counter = Counter(port)
    loop = asyncio.new_event_loop()
    up = threading.Event()
    stop = asyncio.Event()

    async def serve() -> None:
        server = await asyncio.start_server(counter.forward, "127.0.0.1", 0)
        counter.port = server.sockets[0].getsockname()[1]
        up.set()
        await stop.wait()
        server.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    assert up.wait(10)
    try:
        yield counter
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()
