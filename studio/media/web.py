"""A file from an address that a person pasted: fetched while they wait, bounded in bytes, time and number at once, judged by its bytes."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Collection
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from django.conf import settings

from studio.models import Kind

from .address import AddressRefused
from .dial import checked_client
from .errors import MediaRefused
from .fetch import Fetched, FetchError, Patience, WrongType, fetch_to

AT_ONCE = threading.BoundedSemaphore(4)
"""Each holds a thread of the web process, and whoever pastes links must not take them all."""
WAIT_SECONDS = 10.0
WITHIN_SECONDS = 40.0
"""Proxies give up after a minute; making the file safe takes some of it too."""
LONGEST_URL = 2000


def fetch_from_web(url: str, folder: Path, accept: Collection[Kind]) -> Path:
    """Downloads what the address leads to into the folder, under the name that the address gives it.

    accept: the kinds that are taken. Raises MediaRefused with a sentence for the person.
    """
    address = url.strip()
    if not address:
        raise MediaRefused("Paste the address of a file: it begins with https://.")
    if len(address) > LONGEST_URL:
        raise MediaRefused(f"This address has {len(address):,} characters. The most is {LONGEST_URL:,}.")
    if not AT_ONCE.acquire(timeout=WAIT_SECONDS):
        raise MediaRefused("Several files are being fetched at the moment. Try again in a minute.")
    try:
        path = folder / "fetched"
        asyncio.run(_fetch(address, path, [kind.value for kind in accept]))
    except WrongType as error:
        raise MediaRefused(f"{error} Copy the address of the file itself, not of a page that shows it.") from error
    except (FetchError, AddressRefused) as error:
        raise MediaRefused(str(error)) from error
    finally:
        AT_ONCE.release()
    return path.rename(folder / name_of(address))


def name_of(url: str) -> str:
    """`name_of("https://a.example/b/look%201.png?v=2") == "look 1.png"`; the host where the path has no name."""
    parts = urlsplit(url)
    name = PurePosixPath(unquote(parts.path)).name or parts.hostname or "file"
    return plain_name(name) or "file"


def plain_name(text: str) -> str:
    """What of a title can name a file on every disk, at most 120 bytes: `plain_name("Mia: portrait") == "Mia portrait"`. May be empty."""
    safe = "".join(it for it in text if it.isprintable() and it not in '/\\:*?"<>|')
    return safe.encode()[:120].decode(errors="ignore").strip(". ")


async def _fetch(url: str, path: Path, accept: Collection[str]) -> Fetched:
    async with checked_client(connections=1) as client:
        return await fetch_to(
            client,
            url,
            path,
            max_bytes=settings.MAX_UPLOAD_BYTES,
            deadline_seconds=WITHIN_SECONDS,
            accept=accept,
            patience=Patience(tries=2),
        )
