"""Pictures and sounds of what a service lists (its people, voices, styles), fetched once by us: a browser never asks a third party.

Kept beside the data, not in storage: they are a cache, can be fetched again, and go by age and size.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from studio.models import CatalogueItem, Kind

from .address import AddressRefused
from .dial import checked_client
from .fetch import FetchError, Patience, fetch_to
from .serving import INLINE
from .sniff import HEAD_BYTES, kind_of, sniff

log = logging.getLogger(__name__)

KINDS = {"picture": (Kind.IMAGE, 4_000_000), "sound": (Kind.AUDIO, 12_000_000)}
"""What may be asked for: the kind of file, and the most bytes of it."""
AT_ONCE = threading.BoundedSemaphore(4)
WAIT_SECONDS = 5.0
WITHIN_SECONDS = 8.0
NOT_AGAIN_SECONDS = 1800
"""What could not be fetched is not asked for again for this long."""
LOOK_AGAIN_SECONDS = 60
"""A browser that got nothing may look again after this: perhaps too many were asking at once."""
KEPT_SECONDS = 30 * 86_400
"""Then it is fetched anew: a service may show another face at the same address."""
MOST_BYTES = 500_000_000


@dataclass(frozen=True, slots=True)
class Sample:
    data: bytes
    media_type: str


def sample(item: CatalogueItem, what: str) -> Sample | None:
    """None where the service names none, or it cannot be had at the moment."""
    url = str(getattr(item, what))
    if not url.startswith(("https://", "http://")):  # Which of them may be dialled is for the client to say.
        return None
    return sample_of(url, what, lambda: url)


def sample_of(key: str, what: str, address: Callable[[], str]) -> Sample | None:
    """The same for what has a lasting key, and an address that changes whenever it is asked for: it is asked for only where nothing is
    kept. address: "" where there is none."""
    name = hashlib.sha256(key.encode()).hexdigest()
    path = _folder() / name[:2] / name
    if not path.exists() and not _fetched(address, path, what):
        return None
    return _read(path, what)


def prune() -> int:
    """Deletes what is older than KEPT_SECONDS, then the oldest until the rest fits into MOST_BYTES; returns how many files went."""
    found = sorted(_files(), key=lambda it: it[1].st_mtime, reverse=True)
    old, total, gone = time.time() - KEPT_SECONDS, 0, 0
    for path, facts in found:
        total += facts.st_size
        if facts.st_mtime < old or total > MOST_BYTES:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "samples"


def _files() -> Iterator[tuple[Path, os.stat_result]]:
    for path in _folder().glob("*/*"):
        with suppress(FileNotFoundError):  # One that is being fetched is renamed when it is whole.
            yield path, path.stat()


def _read(path: Path, what: str) -> Sample | None:
    try:
        data = path.read_bytes()
    except FileNotFoundError:  # Pruned a moment ago.
        return None
    found = sniff(data[:HEAD_BYTES])
    fits = found.media_type in INLINE and kind_of(found.media_type) == KINDS[what][0]
    return Sample(data, found.media_type) if fits else None


def _fetched(address: Callable[[], str], path: Path, what: str) -> bool:
    missed = path.with_suffix(".missed")
    if missed.exists() and time.time() - missed.stat().st_mtime < NOT_AGAIN_SECONDS:
        return False
    if not AT_ONCE.acquire(timeout=WAIT_SECONDS):
        return False
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        asyncio.run(_fetch(address(), path, *KINDS[what]))
    except (FetchError, AddressRefused, OSError) as error:
        log.info("A sample could not be fetched: %s", type(error).__name__)
        missed.touch()
        return False
    finally:
        AT_ONCE.release()
    return True


async def _fetch(url: str, path: Path, kind: Kind, most_bytes: int) -> None:
    async with checked_client(connections=1) as client:
        await fetch_to(
            client,
            url,
            path,
            max_bytes=most_bytes,
            deadline_seconds=WITHIN_SECONDS,
            accept=(kind.value,),
            patience=Patience(tries=1),
        )
