"""The Spend page over real rows of the ledger."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from studio.engine import ledger
from studio.engine.amounts import plain
from studio.engine.months import Month
from studio.engine.spend import figures
from studio.models import (
    Brand,
    Budget,
    Connection,
    EntryKind,
    Generation,
    LedgerEntry,
    MonthSpend,
    Output,
    State,
    UnitPrice,
    User,
    Verdict,
    Workspace,
)
from studio.pages.spend_chart import chart_of, step_for
from studio.pages.spend_csv import harmless
from tests.factories import make_generation, make_output
from tests.queries import queries_of

SignIn = Callable[[Client, User], Client]
K = EntryKind


@pytest.fixture
def connection(workspace: Workspace) -> Connection:
    return connected(workspace, "videotok")


def connected(workspace: Workspace, provider: str) -> Connection:
    found = Connection.objects.filter(team=workspace.team_id, provider=provider).first()
    return found or Connection.objects.create(team_id=workspace.team_id, provider=provider)


def spent(
    workspace: Workspace,
    by: User,
    amount: str | None,
    kind: EntryKind = K.SETTLE,
    reason: str = "completed",
    *,
    provider: str = "videotok",
    state: State = State.COMPLETED,
    at: datetime | None = None,
    first: tuple[EntryKind, str] | None = None,
    **fields: Any,
) -> Output:
    """A generation at a service as the ledger has it: its hold, then (unless it is a hold) its end. first: an entry in between."""
    value, at = None if amount is None else Decimal(amount), at or timezone.now()
    made = make_generation(workspace, by, state, estimate=value, cost_unit="credits")
    changes = {"provider": provider, "connection": connected(workspace, provider), "tool": "image", "created_at": at}
    Generation.objects.filter(pk=made.pk).update(**changes)
    made.refresh_from_db()
    output = make_output(workspace, by, state=state, generation=made, made_at=at, **fields)
    entries = [(K.HOLD, "submit"), *([first] if first else []), *([] if kind == K.HOLD else [(kind, reason)])]
    month = ledger.month_of(at)
    rows = [ledger._entry(made, kind, reason, value, month) for kind, reason in entries]
    LedgerEntry.objects.bulk_create(rows)
    MonthSpend.objects.all().delete()
    for (place, service, unit, when), sums in ledger.recount(LedgerEntry.objects.all()).items():
        facts = {"held": sums.held, "spent": sums.spent, "maybe": sums.maybe}
        MonthSpend.objects.create(
            team_id=workspace.team_id, workspace_id=place, provider=service, unit=unit, month=when, **facts
        )
    return output


@pytest.fixture
def page(client: Client, owner: User, sign_in: SignIn) -> Callable[[str], str]:
    """The page with this query, as an owner sees it, on one line."""

    def page(query: str = "") -> str:
        return " ".join(sign_in(client, owner).get(f"{reverse('spend')}{query}").text.split())

    return page


Page = Callable[..., str]


def test_an_empty_month_says_so(page: Page, workspace: Workspace) -> None:
    assert "Nothing spent in" in page()
    assert "No service is connected yet" in page()


def test_each_service_counts_in_its_own_unit(page: Page, workspace: Workspace, owner: User) -> None:
    spent(workspace, owner, "12.5")
    spent(workspace, owner, "3", provider="videogen")
    text = page()
    assert "12.5 credits" in text
    assert "3 credits" in text
    assert "15.5" not in text
    assert "€" not in text
    assert text.count('class="for-wide"') == 2


def test_with_a_price_for_every_service_it_counts_in_money(page: Page, workspace: Workspace, owner: User) -> None:
    spent(workspace, owner, "12.5")
    spent(workspace, owner, "3", provider="videogen")
    for provider, price in (("videotok", "0.1"), ("videogen", "2")):
        UnitPrice.objects.create(team_id=workspace.team_id, provider=provider, price=Decimal(price), currency="EUR")
    text = page()
    assert "€7.25" in text
    assert text.count('class="for-wide"') == 1
    UnitPrice.objects.filter(provider="videogen").update(currency="USD")
    assert "€7.25" not in page()


def test_the_figures_are_the_ledgers(workspace: Workspace, owner: User, creator: User) -> None:
    brand = Brand.objects.create(team_id=workspace.team_id, name="Kestrel")
    spent(workspace, owner, "10", brand=brand, verdict=Verdict.APPROVED)
    spent(workspace, creator, "5", brand=brand)
    spent(workspace, creator, "4", K.UNKNOWN, "failed", state=State.FAILED)
    spent(workspace, creator, None, K.UNKNOWN)
    spent(workspace, creator, "2", K.HOLD, state=State.RUNNING)
    spent(workspace, creator, "9", at=timezone.now().replace(year=2020))
    found, source = figures(workspace, Month.now()), ("videotok", "credits")
    assert (found.spent, found.held, found.maybe) == (
        {source: Decimal(15)},
        {source: Decimal(2)},
        {source: Decimal(4)},
    )
    assert found.unknown == {source: 1}
    assert found.daily == {timezone.localdate(): {source: Decimal(15)}}
    assert (found.made["videotok"].ready, found.made["videotok"].approved) == (3, 1)
    assert [(row.name, row.spent.get(source), row.made.rate) for row in found.brands] == [
        ("Kestrel", 15, "50%"),
        ("", None, "0%"),
    ]
    assert [(row.name, plain(row.spent[source])) for row in found.people] == [("Elin", "10"), ("Jonas", "5")]
    assert [(row.key, row.generations) for row in found.tools] == [("image", 5)]


def test_what_needs_a_look_is_listed_with_what_to_do(page: Page, workspace: Workspace, owner: User) -> None:
    spent(workspace, owner, "4", K.UNKNOWN, "failed", state=State.FAILED, title="Perhaps paid")
    spent(
        workspace, owner, "3", K.RELEASE, "failed", state=State.FAILED, title="Given back", first=(K.SETTLE, "submit")
    )
    spent(workspace, owner, "2", K.RELEASE, "refused", state=State.FAILED, title="Not wanted")
    lost = spent(workspace, owner, "1", K.HOLD, state=State.UNCERTAIN, title="Lost")
    Generation.objects.filter(pk=lost.generation_id).update(uncertain_since=timezone.now())
    text = page()
    places = [text.index(title) for title in ("Lost", "Perhaps paid", "Not wanted")]
    assert places == sorted(places)
    for words in ("Check this one", "May be charged", "Refunded", "−3 credits", "Refused", "0 credits"):
        assert words in text


def test_a_canceled_one_and_an_untold_price_need_no_look(page: Page, workspace: Workspace, owner: User) -> None:
    spent(workspace, owner, "4", K.RELEASE, "canceled", state=State.CANCELED)
    spent(workspace, owner, None, K.UNKNOWN, "completed")
    text = page()
    assert "Everything is settled" in text
    assert "Videotok did not tell what 1 generation cost" in text


def test_a_manager_notes_what_was_really_charged(
    client: Client, workspace: Workspace, owner: User, sign_in: SignIn
) -> None:
    output = spent(workspace, owner, "4", K.UNKNOWN, "failed", state=State.FAILED)
    address = reverse("spend_correct", args=[output.generation_id])
    sign_in(client, owner).post(address, {"amount": "1,5"})
    assert MonthSpend.objects.get().spent == Decimal("1.5")
    assert MonthSpend.objects.get().maybe == 0
    answer = client.post(address, {"amount": "much"}, follow=True)
    assert "“much” is not an amount" in answer.text


def test_what_nobody_told_is_no_zero(page: Page, workspace: Workspace, owner: User) -> None:
    """A service that tells no prices: no figure, no table and no chart says 0 of it."""
    for _ in range(2):
        spent(workspace, owner, None, K.UNKNOWN, provider="videogen", verdict=Verdict.APPROVED)
    text = page()
    for figure in ("Spent", "On course for", "Per approved asset"):
        assert f'<dt>{figure}</dt><dd class="figure">Not told</dd>' in text
    assert "for 2 generations, " in text
    assert '<td class="num">Not told</td>' in text  # The chart as a table.
    assert '<rect class="untold"' in text
    assert text.count('<span class="line">Not told</span>') == 3  # By brand, tool and person.
    assert "<p><b>Not told</b>" in text  # The service's card.
    assert "<b>0</b>" not in text
    assert '<dd class="figure">0 ' not in text
    assert "Nothing was charged" not in text
    assert ">0 credits</text>" not in text


def test_a_partly_told_sum_says_at_least(page: Page, workspace: Workspace, owner: User) -> None:
    spent(workspace, owner, "5", provider="videogen")
    spent(workspace, owner, None, K.UNKNOWN, provider="videogen")
    Budget.objects.create(team=workspace.team, workspace=workspace, provider="videogen", amount=Decimal(9000))
    text = page()
    assert '<dt>Spent</dt><dd class="figure">At least 5 credits</dd>' in text
    assert '<td class="num">At least 5 credits</td>' in text
    assert '<span class="line">At least 5 credits</span>' in text
    assert "<b>At least 5</b> of 9,000 credits" in text
    assert "under budget" not in text
    assert "VideoGen did not tell what 1 generation cost" in text


def test_a_chart_fits_a_phone(workspace: Workspace, owner: User) -> None:
    """The whole month in the width of a phone, the last day too."""
    spent(workspace, owner, "400", at=timezone.now().replace(year=2026, month=10, day=31, hour=12))
    found = figures(workspace, Month.of("2026-10"))
    wide, narrow = chart_of(found, found.scales[0]).drawings
    assert narrow.paper.width <= 390 - 2 * 16 - 2 * 16
    piece = narrow.bars[30].pieces[0]
    assert piece.width > 4
    assert piece.x + piece.width <= narrow.plot_right
    assert [line.words for line in narrow.lines] == ["0", "200", "400"]
    assert [line.words for line in wide.lines] == ["0 credits", "200 credits", "400 credits"]


def test_months_are_apart_and_nonsense_is_this_month(page: Page, workspace: Workspace, owner: User) -> None:
    spent(workspace, owner, "7", at=timezone.now().replace(year=2020, month=5, day=3))
    assert "7 credits" not in page()
    assert "7 credits" in page("?month=2020-05")
    now = Month.now()
    for nonsense in ("2020-13", "9999-01", "x", "0001-01"):
        assert Month.of(nonsense) == now
    assert Month.of("2020-12").next.key == "2021-01"
    assert Month.of("2020-01").previous.key == "2019-12"


def test_budget_and_price_are_set_and_taken_away(
    client: Client, workspace: Workspace, connection: Connection, owner: User, sign_in: SignIn
) -> None:
    sign_in(client, owner)
    client.post(reverse("spend_budget", args=["videotok"]), {"amount": "250"})
    client.post(reverse("spend_price", args=["videotok"]), {"price": "0.125", "currency": "EUR"})
    client.post(reverse("spend_price", args=["videotok"]), {"price": "0,25", "currency": "USD"})
    assert Budget.objects.get().amount == 250
    assert (UnitPrice.objects.get().price, UnitPrice.objects.get().currency) == (Decimal("0.25"), "USD")
    client.post(reverse("spend_budget", args=["videotok"]), {"amount": ""})
    client.post(reverse("spend_price", args=["videotok"]), {"price": "", "currency": "USD"})
    assert not Budget.objects.exists()
    assert not UnitPrice.objects.exists()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("lots", "“lots” is not a budget. Write a number such as 120 or 0.5."),
        ("-3", "“-3” cannot be a budget."),
        ("NaN", "“NaN” cannot be a budget."),
        ("1,200", "“1,200” can be read in two ways. Write 1200 or 1.2."),
    ],
)
def test_a_wrong_amount_is_said_at_its_field_and_kept(
    client: Client, workspace: Workspace, connection: Connection, owner: User, sign_in: SignIn, text: str, sentence: str
) -> None:
    answer = sign_in(client, owner).post(reverse("spend_budget", args=["videotok"]), {"amount": text})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{text}"' in answer.text
    assert not Budget.objects.exists()


def test_the_csv_has_every_generation_and_no_formula(
    client: Client, workspace: Workspace, creator: User, owner: User, sign_in: SignIn
) -> None:
    spent(workspace, creator, "12.5", title='=HYPERLINK("http://evil")')
    spent(workspace, creator, "4", K.UNKNOWN, "failed", state=State.FAILED)
    spent(workspace, creator, None, K.UNKNOWN)
    UnitPrice.objects.create(team_id=workspace.team_id, provider="videotok", price=Decimal("0.1"), currency="EUR")
    answer = sign_in(client, owner).get(reverse("spend_csv"))
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [(row["Charged"], row["Cost"], row["Currency"], row["Outcome"]) for row in rows] == [
        ("12.5000", "1.25", "EUR", "Charged"),
        ("", "", "", "May have been charged"),
        ("Not told", "", "", "May have been charged"),
    ]
    assert rows[0]["Title"] == '\'=HYPERLINK("http://evil")'
    assert rows[0]["Person"] == "Jonas"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM", "\t=1", "\r=1", "  =1", "\u00a0=1", "＝1"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert harmless(text).startswith("'")
    assert harmless("Calm = skin") == "Calm = skin"


@pytest.mark.parametrize(("most", "step"), [("0", "1"), ("12.9", "5"), ("100", "50"), ("0.003", "0.001"), ("7", "2.5")])
def test_the_scale_has_round_steps(most: str, step: str) -> None:
    assert step_for(Decimal(most)) == Decimal(step)


def test_plans_are_asked_for_only_with_a_key(
    client: Client, workspace: Workspace, connection: Connection, owner: User, sign_in: SignIn
) -> None:
    answer = sign_in(client, owner).post(reverse("spend_plans"), follow=True)
    assert "Influencer Studio is not connected" in answer.text


def test_the_number_of_queries_does_not_grow(
    client: Client, workspace: Workspace, owner: User, sign_in: SignIn
) -> None:
    sign_in(client, owner)

    def look() -> object:
        return client.get(reverse("spend"))

    spent(workspace, owner, "1")
    spent(workspace, owner, "4", K.UNKNOWN, "failed", state=State.FAILED)
    look()
    before = queries_of(look)
    for number in range(8):
        brand = Brand.objects.create(team_id=workspace.team_id, name=f"Brand {number}")
        spent(workspace, owner, "1", brand=brand)
        spent(workspace, owner, "4", K.UNKNOWN, "failed", state=State.FAILED)
    assert queries_of(look) == before
    assert before <= 28
