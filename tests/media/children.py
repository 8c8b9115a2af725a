"""Watches, from outside, the children that open strangers' files: the most that each held, also where a limit ends it before it can say."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

_EVERY_SECONDS = 0.01
_ME = os.getpid()


@dataclass
class Children:
    """begun: how many. peaks: of those that were seen at work, in MB; the system keeps the highest mark of each."""

    begun: int = 0
    most: dict[int, int] = field(default_factory=dict)

    @property
    def peaks(self) -> list[int]:
        return list(self.most.values())


_on: list[Children] = []


def _listen(event: str, arguments: tuple[object, ...]) -> None:
    if event == "subprocess.Popen" and _on and "studio.media.child" in str(arguments[1]):
        _on[-1].begun += 1


sys.addaudithook(_listen)


@contextmanager
def watching() -> Iterator[Children]:
    seen, done = Children(), threading.Event()

    def look() -> None:
        while not done.wait(_EVERY_SECONDS):
            for pid in _pids():
                if peak := _peak_mb(pid):
                    seen.most[pid] = max(peak, seen.most.get(pid, 0))

    watcher = threading.Thread(target=look)
    watcher.start()
    _on.append(seen)
    try:
        yield seen
    finally:
        _on.remove(seen)
        done.set()
        watcher.join()


def _pids() -> list[int]:
    found: list[int] = []
    for listed in Path(f"/proc/{_ME}/task").glob("*/children"):
        found += [int(pid) for pid in _read(listed).split()]
    return found


def _peak_mb(pid: int) -> int:
    """0 where it is no child of ours that has begun: before its own program runs, it is a copy of this one."""
    if "studio.media.child" not in _read(Path(f"/proc/{pid}/cmdline")):
        return 0
    line = next((it for it in _read(Path(f"/proc/{pid}/status")).splitlines() if it.startswith("VmHWM:")), "VmHWM: 0")
    return int(line.split()[1]) // 1024


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # It ended meanwhile.
        return ""
