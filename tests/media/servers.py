"""A real HTTP server in a thread, whose answers are written as raw bytes: well-behaved ones and the other kind."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Call:
    """One request as it came: the path with its query, headers in lower case. `out` is the open connection."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    out: socket.socket
    stop: threading.Event

    def send(self, status: str, headers: dict[str, str] | None = None, body: bytes = b"") -> None:
        """An answer of a known length, after which the connection stays open."""
        self.start(status, {"Content-Length": str(len(body)), **(headers or {})})
        self.out.sendall(body)

    def start(self, status: str, headers: dict[str, str]) -> None:
        lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
        self.out.sendall("\r\n".join(lines).encode("latin-1"))


Script = Callable[[Call], bool | None]
"""Answers one request. True: the connection is then closed."""


@dataclass
class Server:
    port: int
    calls: list[Call] = field(default_factory=list)

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"


@contextmanager
def serving(script: Script) -> Iterator[Server]:
    """Ends every thread and connection of its own."""
    stop = threading.Event()
    open_sockets: list[socket.socket] = []
    threads: list[threading.Thread] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Server(listener.getsockname()[1])

        def accept() -> None:
            while not stop.is_set():
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                open_sockets.append(connection)
                threads.append(thread := threading.Thread(target=_talk, args=(connection, script, server, stop)))
                thread.start()

        threads.append(accepting := threading.Thread(target=accept))
        accepting.start()
        try:
            yield server
        finally:
            stop.set()
            listener.shutdown(socket.SHUT_RDWR)
            for connection in open_sockets:
                hang_up(connection)
            for thread in threads:
                thread.join(5)


def hang_up(connection: socket.socket) -> None:
    with suppress(OSError):  # Closed already.
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


def _talk(connection: socket.socket, script: Script, server: Server, stop: threading.Event) -> None:
    with connection, connection.makefile("rb") as lines:
        try:
            while call := _read(connection, lines, stop):
                server.calls.append(call)
                if script(call):
                    connection.shutdown(socket.SHUT_RDWR)
                    return
        except OSError:
            return  # The client left, or the test is over.


def _read(connection: socket.socket, lines: object, stop: threading.Event) -> Call | None:
    readline, read = lines.readline, lines.read  # type: ignore[attr-defined]
    words = readline().decode("latin-1").split()
    if len(words) != 3:
        return None
    headers = {}
    while (line := readline().decode("latin-1").strip()) != "":
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    body = read(int(headers.get("content-length", "0")))
    return Call(words[0], words[1], headers, body, connection, stop)
