from __future__ import annotations

import time
import uuid

import pytest
from django.db import transaction

from studio.engine import bells
from studio.models import Brief, Generation
from tests.engine.conftest import Submit


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test of before has found the broker dead already (there is none in this run: that is the point)."""
    monkeypatch.setattr(bells, "_silent_until", 0.0)


def test_a_dead_broker_costs_little_and_nothing_is_lost(submit: Submit) -> None:
    began = time.monotonic()
    submit(aspect_ratio=["1:1", "4:5", "9:16", "16:9"])
    assert time.monotonic() - began < 2
    assert (Brief.objects.count(), Generation.objects.filter(next_poll_at__isnull=False).count()) == (1, 4)
    assert bells._silent_until > time.monotonic()


@pytest.mark.django_db(transaction=True)
def test_nobody_is_rung_for_what_was_rolled_back() -> None:
    with transaction.atomic():
        bells.ring(uuid.uuid4())
        transaction.set_rollback(True)
    assert bells._silent_until == 0
