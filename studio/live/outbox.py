"""The outbox: what changed, appended in the transaction that changed it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from studio.models import Event

from .bell import ring_on_commit


def append(
    kind: str,
    subject: UUID | str | int,
    *,
    team_id: UUID,
    workspace_id: UUID | None = None,
    user_id: int | None = None,
    **data: Any,
) -> Event:
    """Writes one event. Call it inside the transaction of the change; browsers hear of it after the commit.

    kind, subject: what changed (see `Event`). workspace_id None reaches the whole team; user_id limits it to one person.
    """
    event = Event.objects.create(
        kind=kind, subject=str(subject), team_id=team_id, workspace_id=workspace_id, user_id=user_id, data=data
    )
    ring_on_commit()
    return event


def append_many(kind: str, subjects: list[UUID], *, team_id: UUID, workspace_id: UUID | None = None) -> None:
    """One event per subject, in one statement."""
    Event.objects.bulk_create(
        Event(kind=kind, subject=str(subject), team_id=team_id, workspace_id=workspace_id) for subject in subjects
    )
    ring_on_commit()


def latest_id() -> int:
    """The newest event's id: what a page that is rendered now has already seen."""
    return Event.objects.order_by("-id").values_list("id", flat=True).first() or 0
