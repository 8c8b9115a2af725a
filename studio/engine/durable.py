"""Commits that a power cut must not take back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def on_disk() -> Iterator[None]:
    """What is committed inside is on the disk afterwards, with everything before it.

    SQLite's write-ahead log survives the death of every process as it is, but a power cut may take back its last commits, unless they
    are synchronised (https://www.sqlite.org/pragma.html#pragma_synchronous). PostgreSQL always does that. Inside a transaction nothing can be
    changed any more, and nothing is.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=FULL")
        try:
            yield
        finally:
            cursor.execute("PRAGMA synchronous=NORMAL")
