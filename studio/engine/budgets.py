"""What a workspace may spend at a provider in a month, in the provider's unit. Over it, an owner or admin has to press the button."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from studio.models import Budget, Membership, Role, User, Workspace
from studio.providers import PROVIDERS

from . import reach
from .amounts import plain
from .ledger import BudgetReached
from .offers import TeamOffer


class OverBudget(Exception):
    """Nothing was made. The message is a sentence for the person, with what to do.

    who: names of the people who can press the button all the same; may_confirm: the person who asked is one of them.
    """

    def __init__(self, sentence: str, who: Sequence[str] = (), may_confirm: bool = False) -> None:
        super().__init__(sentence, who, may_confirm)
        self.sentence, self.who, self.may_confirm = sentence, tuple(who), may_confirm

    def __str__(self) -> str:
        return self.sentence


def may_go_over(actor: reach.Actor) -> bool:
    """The studio itself never does."""
    return isinstance(actor, Membership) and actor.may_manage


def over_budget(actor: reach.Actor, chosen: TeamOffer, reached: BudgetReached) -> OverBudget:
    """What a refused hold says to whoever pressed the button."""
    title, unit = PROVIDERS[chosen.offer.provider][0], reached.unit
    left = max(reached.budget - reached.used, Decimal(0))
    has = f"This workspace has {plain(left)} of {plain(reached.budget)} {unit} left at {title} this month"
    if reached.asked is None:
        said = f"{has}, and nobody knows yet what “{chosen.offer.title}” costs."
    else:
        said = f"{has}, and this costs about {plain(reached.asked)}."
    if may_go_over(actor):
        return OverBudget(f"{said} You can generate it all the same.", (), may_confirm=True)
    who = people_who_may(actor.team_id)
    names = " or ".join(who[:3]) or "an owner of your team"
    return OverBudget(f"{said} Ask {names} to press the button, or to raise the budget.", who)


def people_who_may(team_id: UUID) -> list[str]:
    """The names of owners and admins, the longest in the team first."""
    rows = Membership.objects.filter(Q(role=Role.OWNER) | Q(role=Role.ADMIN), team=team_id)
    return [str(member.user) for member in rows.select_related("user").order_by("id")[:5]]


def set_budget(workspace: Workspace, provider: str, amount: Decimal | None, by: User) -> None:
    """From now on; None takes the limit away. What is held already stays held."""
    if amount is None:
        Budget.objects.filter(workspace=workspace, provider=provider).delete()
        return
    Budget.objects.update_or_create(
        workspace=workspace,
        provider=provider,
        defaults={"team_id": workspace.team_id, "amount": amount, "set_by": by},
    )
