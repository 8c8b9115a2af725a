"""What is left at a service is read again soon after something was charged there."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.conf import settings
from django.utils import timezone

from studio.engine import bells, connection_tasks
from studio.engine.offers import TeamOffer
from studio.models import Connection, ConnectionState, LedgerEntry, Membership, Workspace
from tests.engine.paid import connect, offer_at, pay

pytestmark = pytest.mark.database


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    heard: list[UUID] = []
    monkeypatch.setattr(bells, "ring_balance", heard.append)
    return heard


def test_a_charge_has_the_balance_read_within_a_minute_or_two(
    member: Membership, workspace: Workspace, rung: list[UUID]
) -> None:
    connection = connect(workspace, balance=Decimal(100))

    def read(**ago: float) -> None:
        at = timezone.now() - timedelta(**ago)
        Connection.objects.filter(pk=connection.pk).update(balance_at=at, tested_at=at)

    read(minutes=5)
    connection_tasks.read_spent_balances()
    assert rung == []  # Nothing was charged.

    pay(member, workspace, TeamOffer(offer_at("5"), connection))
    connection_tasks.read_spent_balances()
    assert rung == [connection.pk]

    read(seconds=-1)
    connection_tasks.read_spent_balances()
    assert len(rung) == 1  # That reading was after the charge.

    read(seconds=30)
    connection_tasks.read_spent_balances()
    assert len(rung) == 1  # A minute has not gone by since the last reading.

    LedgerEntry.objects.update(created_at=timezone.now())
    read(seconds=60)
    connection_tasks.read_spent_balances()
    assert len(rung) == 2


@pytest.mark.parametrize("fields", [{"balance_at": None}, {"state": ConnectionState.DISABLED}])
def test_nobody_asks_where_nothing_is_told_or_work_rests(
    member: Membership, workspace: Workspace, rung: list[UUID], fields: dict[str, object]
) -> None:
    read = timezone.now() - timedelta(minutes=5)
    connection = connect(workspace, balance=Decimal(100), balance_at=read, tested_at=read)
    pay(member, workspace, TeamOffer(offer_at("5"), connection))
    Connection.objects.filter(pk=connection.pk).update(**fields)
    connection_tasks.read_spent_balances()
    assert rung == []


def test_it_is_looked_for_every_minute() -> None:
    task = connection_tasks.read_spent_balances.name
    assert [it["schedule"] for it in settings.CELERY_BEAT_SCHEDULE.values() if it["task"] == task] == [60.0]
