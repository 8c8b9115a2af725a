"""Reading the outbox: what a browser missed, and what is new for the hub."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from studio.models import Event

OVERLAP = timedelta(seconds=30)
"""Replay starts this much earlier than asked: ids are given before the commit, so a lower id may appear later. Events are idempotent."""
REPLAY_LIMIT = 500
GAP_LASTS = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Audience:
    """Who listens: one person, in one workspace of one team."""

    user_id: int
    team_id: UUID
    workspace_id: UUID

    def hears(self, event: Event) -> bool:
        return (
            event.team_id == self.team_id
            and event.workspace_id in (None, self.workspace_id)
            and event.user_id in (None, self.user_id)
        )


def as_message(event: Event) -> bytes:
    """One event as it goes over the wire (text/event-stream)."""
    data = json.dumps({"kind": event.kind, "subject": event.subject, **event.data}, separators=(",", ":"))
    return f"id: {event.pk}\nevent: change\ndata: {data}\n\n".encode()


def missed(audience: Audience, after: int, *, overlap: bool) -> list[Event] | None:
    """The events since `after` that this audience hears, in order; None means "too much or too long ago: read everything again".

    overlap: also the OVERLAP before `after`. For a stream that broke off; a page that was rendered a moment ago needs none.
    """
    known = Event.objects.filter(pk__lte=after).order_by("-id").values_list("created_at", flat=True).first()
    if known is None and after > 0:
        return None  # Pruned: nobody can say what came in between.
    rows = Event.objects.filter(
        Q(workspace=None) | Q(workspace=audience.workspace_id),
        Q(user=None) | Q(user=audience.user_id),
        team=audience.team_id,
    )
    rows = rows.filter(created_at__gte=known - OVERLAP) if overlap and known else rows.filter(pk__gt=after)
    events = list(rows.order_by("id")[: REPLAY_LIMIT + 1])
    return None if len(events) > REPLAY_LIMIT else events


@dataclass(slots=True)
class Reader:
    """Follows the whole outbox in id order, and goes back for ids that were skipped while their transaction was still open."""

    position: int = 0
    gaps: dict[int, float] = field(default_factory=dict)

    @classmethod
    def at_end(cls) -> Reader:
        return cls(Event.objects.order_by("-id").values_list("id", flat=True).first() or 0)

    def read(self, limit: int = 1000) -> list[Event]:
        """New events, oldest first."""
        now = timezone.now().timestamp()
        self.gaps = {pk: until for pk, until in self.gaps.items() if until > now}
        where = Q(pk__gt=self.position)
        if self.gaps:
            where |= Q(pk__in=list(self.gaps))
        events = list(Event.objects.filter(where).order_by("id")[:limit])
        for event in events:
            self.gaps.pop(event.pk, None)
            if event.pk > self.position:
                for skipped in range(max(self.position + 1, event.pk - 200), event.pk):
                    self.gaps[skipped] = now + GAP_LASTS.total_seconds()
                self.position = event.pk
        return events
