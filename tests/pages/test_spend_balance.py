from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.template.loader import render_to_string

from studio.engine import budgets
from studio.engine.offers import TeamOffer
from studio.models import Connection, Membership, UnitPrice, User, Workspace
from studio.pages.spend_balance import BalanceCard, balance_card
from studio.providers import shipped_offers
from studio.providers.base import Offer
from tests.queries import queries_of

OFFER = Offer(
    "videotok:image:test",
    "videotok",
    "image",
    "Nano",
    Decimal(2),
    "credits",
    20,
    "tests",
    date(2026, 11, 21),
    per="result",
)


@pytest.fixture
def chosen(workspace: Workspace) -> TeamOffer:
    connection = Connection.objects.create(
        team_id=workspace.team_id, provider="videotok", balance=Decimal(100), balance_unit="credits"
    )
    return TeamOffer(OFFER, connection)


def card(person: User, workspace: Workspace, chosen: TeamOffer, estimate: str | None, results: int = 1) -> BalanceCard:
    amount = None if estimate is None else Decimal(estimate)
    return balance_card(Membership.objects.get(user=person), workspace, chosen, amount, results)


def test_it_says_the_price_and_what_is_left(owner: User, workspace: Workspace, chosen: TeamOffer) -> None:
    found = card(owner, workspace, chosen, "8", 4)
    assert (found.estimate, found.left, found.after) == ("8 credits", "100 credits", "92 credits")
    assert (found.is_low, found.is_over, found.said) == (False, False, "")
    UnitPrice.objects.create(team_id=workspace.team_id, provider="videotok", price=Decimal("0.1"), currency="EUR")
    assert card(owner, workspace, chosen, "8", 4).estimate == "€0.80 (8 credits)"
    assert "92 credits" in render_to_string("spend/_balance_card.html", {"balance": found})


def test_a_low_balance_says_how_many_results_it_is_worth(owner: User, workspace: Workspace, chosen: TeamOffer) -> None:
    found = card(owner, workspace, chosen, "60", 4)
    assert (found.left, found.is_low) == ("100 credits, worth 6 results", True)
    assert "Top up there first" in card(owner, workspace, chosen, "120", 4).said


def test_over_the_budget_it_names_who_may_press(
    owner: User, creator: User, workspace: Workspace, chosen: TeamOffer
) -> None:
    budgets.set_budget(workspace, "videotok", Decimal(5), owner)
    found = card(creator, workspace, chosen, "8")
    assert (found.is_over, found.budget) == (True, "5 of 5 credits left")
    assert found.said == "This goes over the budget. It needs the approval of Elin."
    assert card(owner, workspace, chosen, "8").said.endswith("You can generate it all the same.")
    assert card(creator, workspace, chosen, None).said.startswith("Nobody knows what this costs")
    assert not card(creator, workspace, chosen, "5").is_over


def test_an_unknown_price_is_never_a_zero(owner: User, workspace: Workspace, chosen: TeamOffer) -> None:
    found = card(owner, workspace, chosen, None)
    assert (found.estimate, found.after) == ("Unknown", "")
    assert "has not told a price" in found.basis


def test_what_is_rendered_here_is_free_and_asks_nothing(owner: User, workspace: Workspace) -> None:
    membership = Membership.objects.get(user=owner)
    local = TeamOffer(shipped_offers("local")[0], None)
    assert queries_of(lambda: balance_card(membership, workspace, local, Decimal(0))) == 0
    assert balance_card(membership, workspace, local, Decimal(0)).estimate == "Free"


def test_it_takes_few_queries(creator: User, owner: User, workspace: Workspace, chosen: TeamOffer) -> None:
    budgets.set_budget(workspace, "videotok", Decimal(5), owner)
    membership = Membership.objects.get(user=creator)
    assert queries_of(lambda: balance_card(membership, workspace, chosen, Decimal(8))) == 4
