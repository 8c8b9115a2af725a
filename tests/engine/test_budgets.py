from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from django.db import connections

from studio.engine import budgets
from studio.engine.briefs import OverBudget
from studio.engine.offers import TeamOffer
from studio.engine.reach import SystemActor
from studio.models import Brief, Budget, LedgerEntry, Membership, MonthSpend, Output, Role, User, Workspace
from tests.engine.paid import connect, offer_at, pay

pytestmark = pytest.mark.database


@pytest.fixture
def paid(member: Membership, workspace: Workspace) -> TeamOffer:
    return TeamOffer(offer_at("0.1"), connect(workspace))


@pytest.fixture
def maya(member: Membership) -> Membership:
    user = User.objects.create_user("maya@example.com", "Maya")
    return Membership.objects.create(user=user, team=member.team, role=Role.ADMIN)


def limit(workspace: Workspace, by: Membership, amount: str) -> None:
    budgets.set_budget(workspace, "videotok", Decimal(amount), by.user)


def test_fifty_at_once_never_exceed_a_budget(member: Membership, workspace: Workspace, paid: TeamOffer) -> None:
    limit(workspace, member, "1.7")
    start, made, refused, faults = threading.Barrier(50), list[int](), list[str](), list[Exception]()

    def one() -> None:
        try:
            start.wait(30)
            made.append(len(pay(member, workspace, paid)))
        except OverBudget as error:
            refused.append(str(error))
        except Exception as error:
            faults.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not faults
    assert (len(made), len(refused)) == (17, 33)
    assert MonthSpend.objects.get().held == Decimal("1.7")
    assert (Brief.objects.count(), LedgerEntry.objects.count(), Output.objects.count()) == (17, 17, 17)


def test_a_brief_of_several_generations_fits_as_a_whole_or_not_at_all(
    member: Membership, workspace: Workspace, paid: TeamOffer
) -> None:
    limit(workspace, member, "0.3")
    pay(member, workspace, paid, aspect_ratio=["1:1", "9:16"])
    with pytest.raises(OverBudget):
        pay(member, workspace, paid, aspect_ratio=["1:1", "9:16"])
    assert LedgerEntry.objects.count() == 2
    pay(member, workspace, paid)
    assert MonthSpend.objects.get().held == Decimal("0.3")


def test_the_sentence_says_what_is_left_and_whom_to_ask(
    member: Membership, maya: Membership, workspace: Workspace
) -> None:
    limit(workspace, maya, "12.5")
    dear = TeamOffer(offer_at("20"), connect(workspace))
    with pytest.raises(OverBudget) as caught:
        pay(member, workspace, dear, admin_ok=True)
    assert str(caught.value) == (
        "This workspace has 12.5 of 12.5 credits left at Videotok this month, and this costs about 20."
        " Ask Maya to press the button, or to raise the budget."
    )
    assert (caught.value.who, caught.value.may_confirm) == (("Maya",), False)


def test_an_admin_is_asked_once_and_may_go_over(
    member: Membership, maya: Membership, workspace: Workspace, paid: TeamOffer
) -> None:
    limit(workspace, maya, "0")
    with pytest.raises(OverBudget) as caught:
        pay(maya, workspace, paid)
    assert caught.value.may_confirm
    assert pay(maya, workspace, paid, admin_ok=True)
    with pytest.raises(OverBudget):
        pay(SystemActor(workspace.team_id), workspace, paid, admin_ok=True)


def test_an_unknown_price_under_a_budget_asks_an_admin(
    member: Membership, maya: Membership, workspace: Workspace
) -> None:
    unknown = TeamOffer(offer_at(None), connect(workspace))
    assert pay(member, workspace, unknown)
    limit(workspace, maya, "100")
    with pytest.raises(OverBudget, match="nobody knows yet what “Test model” costs"):
        pay(member, workspace, unknown)
    assert pay(maya, workspace, unknown, admin_ok=True)


def test_a_budget_is_of_one_workspace_and_one_service_and_can_be_taken_away(
    member: Membership, workspace: Workspace, paid: TeamOffer
) -> None:
    limit(workspace, member, "0")
    other = Workspace.objects.create(team_id=workspace.team_id, name="Other")
    assert pay(member, other, paid)
    assert pay(member, workspace, TeamOffer(offer_at("5", "videogen"), connect(workspace, "videogen")))
    budgets.set_budget(workspace, "videotok", None, member.user)
    assert not Budget.objects.exists()
    assert pay(member, workspace, paid)
