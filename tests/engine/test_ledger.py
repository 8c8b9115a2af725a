from __future__ import annotations

import random
from decimal import Decimal
from itertools import pairwise

import pytest

from studio.engine import ledger, states
from studio.engine.offers import TeamOffer
from studio.models import (
    ENDED,
    LEADS_TO,
    Connection,
    EntryKind,
    Generation,
    Learnt,
    LedgerEntry,
    Membership,
    MonthSpend,
    State,
    Workspace,
)
from tests.engine.conftest import Submit
from tests.engine.paid import connect, offer_at, pay

pytestmark = pytest.mark.database

S, K = State, EntryKind
PRICE = Decimal(5)


@pytest.fixture
def paid(member: Membership, workspace: Workspace) -> TeamOffer:
    return TeamOffer(offer_at("5"), connect(workspace))


def sums() -> tuple[object, object, object]:
    row = MonthSpend.objects.get()
    return row.held, row.spent, row.maybe


def entries(generation: Generation) -> list[tuple[str, str, Decimal | None]]:
    return list(generation.ledger.order_by("id").values_list("kind", "reason", "amount"))


def through(generation: Generation, *path: State, **last: object) -> None:
    """Moves along; `last` goes with the last step."""
    states_ = [State(generation.state), *path]
    for index, (before, after) in enumerate(pairwise(states_)):
        fields = last if index == len(path) - 1 else {}
        assert states.move(generation.pk, (before,), after, **fields)  # type: ignore[arg-type]
    generation.refresh_from_db()


RUN = (S.SUBMITTING, S.RUNNING)
DONE = (*RUN, S.COLLECTING, S.COMPLETED)
HOLD = ("hold", "submit", PRICE)

# path, what the last answer says, the entry after the hold, (held, spent, maybe), the generation's cost
ENDS = [
    (DONE, {"cost": Decimal(4)}, ("settle", "completed", Decimal(4)), (0, 4, 0), 4),
    (DONE, {"cost": Decimal(0)}, ("unknown", "completed", PRICE), (0, 0, 5), None),
    (DONE, {}, ("unknown", "completed", PRICE), (0, 0, 5), None),
    (DONE, {"cost": Decimal(3), "missing": 1}, ("settle", "partial", Decimal(3)), (0, 3, 0), 3),
    ((S.SUBMITTING, S.FAILED), {}, ("release", "refused", PRICE), (0, 0, 0), 0),
    ((S.SUBMITTING, S.FAILED), {"charged": True}, ("unknown", "refused", PRICE), (0, 0, 5), None),
    ((*RUN, S.FAILED), {}, ("unknown", "failed", PRICE), (0, 0, 5), None),
    ((*RUN, S.FAILED), {"charged": False}, ("release", "failed", PRICE), (0, 0, 0), 0),
    ((*RUN, S.FAILED), {"cost": Decimal(2)}, ("settle", "failed", Decimal(2)), (0, 2, 0), 2),
    ((*RUN, S.FAILED), {"charged": True}, ("unknown", "failed", PRICE), (0, 0, 5), None),
    ((S.PREPARING, S.FAILED), {}, ("release", "failed", PRICE), (0, 0, 0), 0),
    ((S.CANCELED,), {}, ("release", "canceled", PRICE), (0, 0, 0), 0),
    ((S.PREPARING, S.CANCELED), {}, ("release", "canceled", PRICE), (0, 0, 0), 0),
    ((*RUN, S.CANCELED), {}, ("unknown", "canceled", PRICE), (0, 0, 5), None),
    ((*RUN, S.CANCELED), {"charged": False}, ("release", "canceled", PRICE), (0, 0, 0), 0),
    ((S.SUBMITTING, S.UNCERTAIN, S.FAILED), {}, ("unknown", "written_off", PRICE), (0, 0, 5), None),
]


@pytest.mark.parametrize(("path", "says", "entry", "after", "cost"), ENDS)
def test_every_end_books_what_became_of_the_hold(
    member: Membership,
    workspace: Workspace,
    paid: TeamOffer,
    path: tuple[State, ...],
    says: dict[str, object],
    entry: tuple[str, str, Decimal],
    after: tuple[int, int, int],
    cost: int | None,
) -> None:
    [generation] = pay(member, workspace, paid)
    assert entries(generation) == [HOLD]
    assert sums() == (5, 0, 0)
    through(generation, *path, **says)
    assert entries(generation) == [HOLD, entry]
    assert sums() == after
    assert generation.cost == cost


def test_an_uncertain_one_keeps_its_hold(member: Membership, workspace: Workspace, paid: TeamOffer) -> None:
    [generation] = pay(member, workspace, paid)
    through(generation, S.SUBMITTING, S.UNCERTAIN)
    assert entries(generation) == [HOLD]
    through(generation, S.RUNNING, S.COLLECTING, S.COMPLETED, cost=PRICE)
    assert sums() == (0, 5, 0)


def test_one_that_was_not_taken_keeps_its_hold(member: Membership, workspace: Workspace, paid: TeamOffer) -> None:
    [generation] = pay(member, workspace, paid)
    through(generation, S.SUBMITTING, S.QUEUED)
    assert entries(generation) == [HOLD]
    assert sums() == (5, 0, 0)


TOLD = [
    # A positive charge in the answer to the submit stands, whatever is not said later.
    ((S.COLLECTING, S.COMPLETED), {}, (0, 6, 0), 6),
    ((S.COLLECTING, S.COMPLETED), {"cost": Decimal(0)}, (0, 6, 0), 6),
    ((S.COLLECTING, S.COMPLETED), {"cost": Decimal(4), "missing": 1}, (0, 4, 0), 4),
    ((S.COLLECTING, S.FAILED), {}, (0, 6, 0), 6),
    ((S.FAILED,), {}, (0, 0, 6), None),
    ((S.FAILED,), {"charged": False}, (0, 0, 0), 0),
    ((S.FAILED,), {"charged": True}, (0, 6, 0), 6),
    ((S.CANCELED,), {}, (0, 0, 6), None),
]


@pytest.mark.parametrize(("path", "says", "after", "cost"), TOLD)
def test_a_charge_told_at_the_submit_stands(
    member: Membership,
    workspace: Workspace,
    paid: TeamOffer,
    path: tuple[State, ...],
    says: dict[str, object],
    after: tuple[int, int, int],
    cost: int | None,
) -> None:
    [generation] = pay(member, workspace, paid)
    through(generation, S.SUBMITTING, S.RUNNING, cost=Decimal(6))
    assert sums() == (0, 6, 0)
    assert generation.cost == 6
    through(generation, *path, **says)
    assert sums() == after
    assert generation.cost == cost


def test_a_zero_is_believed_only_where_nothing_has_a_price(member: Membership, workspace: Workspace) -> None:
    connection = connect(workspace)
    for price, kind in (("0", K.SETTLE), (None, K.SETTLE), ("5", K.UNKNOWN)):
        [generation] = pay(member, workspace, TeamOffer(offer_at(price), connection))
        through(generation, *DONE, cost=Decimal(0))
        assert entries(generation)[-1][0] == kind, price


def test_an_unknown_price_is_held_as_unknown(member: Membership, workspace: Workspace) -> None:
    [generation] = pay(member, workspace, TeamOffer(offer_at(None), connect(workspace)))
    assert entries(generation) == [("hold", "submit", None)]
    through(generation, *DONE)
    assert entries(generation)[-1] == ("unknown", "completed", None)
    assert sums() == (0, 0, 0)


def test_what_is_rendered_here_is_not_in_the_ledger(submit: Submit) -> None:
    [generation] = submit()
    through(generation, *DONE, cost=Decimal(0))
    assert generation.cost == 0
    assert not LedgerEntry.objects.exists()
    assert not MonthSpend.objects.exists()
    assert not Learnt.objects.exists()


def test_a_lost_race_books_nothing(member: Membership, workspace: Workspace, paid: TeamOffer) -> None:
    [generation] = pay(member, workspace, paid)
    through(generation, *RUN)
    assert not states.move(generation.pk, (S.SUBMITTING,), S.FAILED)
    assert entries(generation) == [HOLD]


def test_a_person_may_say_what_was_really_charged(member: Membership, workspace: Workspace, paid: TeamOffer) -> None:
    [generation] = pay(member, workspace, paid)
    assert not ledger.correct(generation, Decimal(1))
    through(generation, *RUN, S.FAILED)
    assert ledger.correct(generation, Decimal("1.5"))
    assert sums() == (0, Decimal("1.5"), 0)
    assert not ledger.correct(generation, Decimal(2))
    assert ledger.correct(generation, Decimal(0))
    assert sums() == (0, 0, 0)
    generation.refresh_from_db()
    assert generation.cost == 0


def test_what_was_made_teaches_price_and_time(member: Membership, workspace: Workspace) -> None:
    connection = connect(workspace)
    offer = TeamOffer(offer_at(None), connection)
    [generation] = pay(member, workspace, offer, count=2)
    Generation.objects.filter(pk=generation.pk).update(started_at=generation.created_at)
    through(generation, *DONE, cost=Decimal(3))
    learnt = Learnt.objects.get()
    assert (learnt.price, learnt.priced, learnt.timed) == (Decimal("1.5"), 1, 1)
    assert learnt.seconds
    [partial] = pay(member, workspace, offer, count=2)
    through(partial, *DONE, cost=Decimal(1), missing=1)
    learnt.refresh_from_db()
    assert (learnt.price, learnt.priced) == (Decimal("1.5"), 1)


@pytest.mark.parametrize("seed", range(6))
def test_the_months_sums_are_what_the_ledger_says(member: Membership, workspace: Workspace, seed: int) -> None:
    """Random histories of many generations at two services, each step taken in a random order among them."""
    chance = random.Random(seed)
    other = Workspace.objects.create(team_id=workspace.team_id, name="Other")
    connections = {name: connect(workspace, name) for name in ("videotok", "videogen")}
    generations = [_press(chance, member, chance.choice([workspace, other]), connections) for _ in range(12)]
    while under_way := [it for it in generations if it.is_under_way]:
        _step(chance, chance.choice(under_way))
        _compare()
    for generation in chance.sample(generations, 4):
        ledger.correct(generation, chance.choice([Decimal(0), Decimal("2.35")]))
        _compare()


def _press(
    chance: random.Random, member: Membership, workspace: Workspace, connections: dict[str, Connection]
) -> Generation:
    provider, price = chance.choice(list(connections)), chance.choice([None, "0", "0.1", "0.2", "7.3333"])
    return pay(member, workspace, TeamOffer(offer_at(price, provider), connections[provider]))[0]


def _step(chance: random.Random, generation: Generation) -> None:
    before = State(generation.state)
    after = chance.choice(sorted(LEADS_TO[before]))
    cost = chance.choice([None, None, Decimal(0), Decimal("0.1"), Decimal("4.2")])
    charged = chance.choice([None, True, False]) if after in ENDED else None
    assert states.move(generation.pk, (before,), after, cost=cost, charged=charged)
    generation.refresh_from_db()


def _compare() -> None:
    counted = ledger.recount(LedgerEntry.objects.all())
    kept = {
        (row.workspace_id, row.provider, row.unit, row.month): ledger.Sums(row.held, row.spent, row.maybe)
        for row in MonthSpend.objects.all()
    }
    assert kept == counted
