"""The balance card of a form: what pressing the button will probably cost, what is left afterwards, and what stands in the way.

Shown by `templates/spend/_balance_card.html` as `balance`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from studio.engine.amounts import money, plain
from studio.engine.budgets import people_who_may
from studio.engine.months import Month
from studio.engine.offers import TeamOffer
from studio.engine.spend import left_this_month
from studio.models import Membership, UnitPrice, Workspace

FEW_RESULTS = 10


@dataclass(frozen=True, slots=True)
class BalanceCard:
    """Words for people; empty where there is nothing to say.

    estimate, basis: the price and where it is from. left, after: at the service. budget: what this workspace has left this month.
    is_over: the button asks an owner or admin. said: the one sentence that matters most.
    """

    title: str
    estimate: str
    basis: str = ""
    left: str = ""
    after: str = ""
    month: str = ""
    budget: str = ""
    said: str = ""
    is_low: bool = False
    is_over: bool = False


def balance_card(
    membership: Membership, workspace: Workspace, chosen: TeamOffer, estimate: Decimal | None, results: int = 1
) -> BalanceCard:
    """estimate: for the whole press, in the offer's unit, None where the price is unknown. results: how many come of it.

    At most four queries, whatever there is.
    """
    offer, connection = chosen.offer, chosen.connection
    if connection is None:
        free = "Free" if offer.price == 0 else "Unknown"
        return BalanceCard(chosen.provider_title, free, said=chosen.why_not)
    price = UnitPrice.objects.filter(team=workspace.team_id, provider=offer.provider).first()
    each = estimate / results if estimate and results else None
    balance, unit = connection.balance, connection.balance_unit or offer.unit
    short = balance is not None and estimate is not None and estimate > balance
    worth = int(balance / each) if balance is not None and each else None
    is_low = short or (worth is not None and worth < FEW_RESULTS)
    budget = left_this_month(workspace, offer.provider, offer.unit)
    over = budget is not None and (estimate is None or estimate > budget[0])
    return BalanceCard(
        title=chosen.provider_title,
        estimate=_estimate(estimate, offer.unit, price),
        basis=_basis(chosen, estimate),
        left=_left(balance, unit, worth if is_low else None),
        after=_left(balance - estimate, unit) if balance is not None and estimate is not None and not short else "",
        month=Month.now().name,
        budget=f"{plain(max(budget[0], Decimal(0)))} of {plain(budget[1])} {offer.unit} left" if budget else "",
        said=_said(membership, chosen, short, over, estimate),
        is_low=is_low,
        is_over=over,
    )


def _estimate(estimate: Decimal | None, unit: str, price: UnitPrice | None) -> str:
    if estimate is None:
        return "Unknown"
    words = f"{plain(estimate)} {unit}"
    return f"{money(estimate * price.price, price.currency)} ({words})" if price else words


def _basis(chosen: TeamOffer, estimate: Decimal | None) -> str:
    if estimate is None:
        return f"{chosen.provider_title} has not told a price for this one yet. The first charge teaches it."
    return "From what it cost your team before." if chosen.learnt and chosen.offer.per == "result" else ""


def _left(balance: Decimal | None, unit: str, worth: int | None = None) -> str:
    if balance is None:
        return ""
    words = f"{plain(balance)} {unit}"
    return words if worth is None else f"{words}, worth {worth} {'result' if worth == 1 else 'results'}"


def _said(membership: Membership, chosen: TeamOffer, short: bool, over: bool, estimate: Decimal | None) -> str:
    if chosen.why_not:
        return chosen.why_not
    if short:
        return f"{chosen.provider_title} has less left than this costs, and would refuse it. Top up there first."
    if not over:
        return chosen.warning
    why = "Nobody knows what this costs, and there is a budget." if estimate is None else "This goes over the budget."
    if membership.may_manage:
        return f"{why} You can generate it all the same."
    names = " or ".join(people_who_may(membership.team_id)[:3])
    return f"{why} It needs the approval of {names or 'an owner'}."
