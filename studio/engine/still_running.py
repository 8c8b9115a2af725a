"""What polls that change no state write: all of it in one statement, fenced by each row's token."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from studio.live import outbox
from studio.models import Output


@dataclass(frozen=True, slots=True)
class Row:
    """What a poll that changes no state writes. remote: None leaves it."""

    generation_id: UUID
    token: UUID
    progress: float
    step: str
    next_poll_at: datetime
    lost_since: datetime | None
    remote: Any = None


def write_rows(rows: Sequence[Row], changed: Sequence[UUID]) -> None:
    """One statement for all rows whose tokens still hold, and one event for each tile of `changed`, in one transaction."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                _write_unnested(cursor, rows)
            else:
                cursor.executemany(_ONE, [_values(row) for row in rows])
        if changed:
            _announce(changed)


_ONE = """UPDATE studio_generation SET progress = %s, step = %s, next_poll_at = %s, uncertain_since = %s,
    remote = COALESCE(%s, remote), lease_until = NULL, lease_token = NULL WHERE id = %s AND lease_token = %s"""
_MANY = """UPDATE studio_generation AS g SET progress = n.progress, step = n.step, next_poll_at = n.next_poll_at,
    uncertain_since = n.lost_since, remote = COALESCE(n.remote::jsonb, g.remote), lease_until = NULL, lease_token = NULL
    FROM unnest(%s::float8[], %s::text[], %s::timestamptz[], %s::timestamptz[], %s::text[], %s::uuid[], %s::uuid[])
        AS n(progress, step, next_poll_at, lost_since, remote, id, token)
    WHERE g.id = n.id AND g.lease_token = n.token"""


def _values(row: Row) -> tuple[Any, ...]:
    """In the order of `_ONE`, as the columns hold them on SQLite."""
    stamp = connection.ops.adapt_datetimefield_value
    return (
        row.progress,
        row.step,
        stamp(row.next_poll_at),
        stamp(row.lost_since) if row.lost_since else None,
        None if row.remote is None else json.dumps(row.remote),
        row.generation_id.hex,
        row.token.hex,
    )


def _write_unnested(cursor: Any, rows: Sequence[Row]) -> None:
    columns = [
        [row.progress for row in rows],
        [row.step for row in rows],
        [row.next_poll_at for row in rows],
        [row.lost_since for row in rows],
        [None if row.remote is None else json.dumps(row.remote) for row in rows],
        [row.generation_id for row in rows],
        [row.token for row in rows],
    ]
    cursor.execute(_MANY, columns)


def _announce(changed: Sequence[UUID]) -> None:
    places: dict[tuple[UUID, UUID], list[UUID]] = {}
    rows = Output.objects.filter(generation__in=changed).values_list("pk", "team_id", "workspace_id")
    for pk, team_id, workspace_id in rows:
        places.setdefault((team_id, workspace_id), []).append(pk)
    for (team_id, workspace_id), subjects in places.items():
        outbox.append_many("output", subjects, team_id=team_id, workspace_id=workspace_id)
