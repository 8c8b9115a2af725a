"""The outbox: what changed, appended in the transaction that changed it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from studio.models import Event


def append(
    kind: str,
    subject: UUID | str,
    *,
    team_id: UUID,
    workspace_id: UUID | None = None,
    user_id: int | None = None,
    **data: Any,
) -> Event:
    """Writes one event. Call it inside the transaction of the change; browsers hear of it after the commit."""
    return Event.objects.create(
        kind=kind, subject=str(subject), team_id=team_id, workspace_id=workspace_id, user_id=user_id, data=data
    )
