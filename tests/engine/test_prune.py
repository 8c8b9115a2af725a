from __future__ import annotations

import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from studio.engine.prune import prune
from studio.live import outbox
from studio.models import Event, Membership, RateLimit
from studio.providers.local import jobs
from tests.engine.conftest import Submit

pytestmark = pytest.mark.database


def test_what_is_old_goes_and_what_is_young_stays(member: Membership, submit: Submit) -> None:
    generation = submit()[0]
    Event.objects.all().delete()
    now = timezone.now()
    for age in (timedelta(hours=25), timedelta(hours=23)):
        event = outbox.append("output", uuid.uuid4(), team_id=member.team_id)
        Event.objects.filter(pk=event.pk).update(created_at=now - age)
    for key, ends in (("old", now - timedelta(minutes=1)), ("new", now + timedelta(minutes=1))):
        RateLimit.objects.create(key=key, window_ends_at=ends)
        Session.objects.create(session_key=key, session_data="", expire_date=ends)
    under_way, left_over = jobs.folder(generation.pk), jobs.folder(uuid.uuid4())
    foreign = Path(settings.RENDER_DIR) / "notes"
    for folder in (under_way, left_over, foreign):
        folder.mkdir(parents=True)

    prune()

    assert Event.objects.count() == 1
    assert list(RateLimit.objects.values_list("key", flat=True)) == ["new"]
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]
    assert [folder.exists() for folder in (under_way, left_over, foreign)] == [True, False, True]
