"""Where a thing of the library was used: what its page says, to whom, and what it costs."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from studio.models import (
    Brand,
    EntryKind,
    Generation,
    LedgerEntry,
    Output,
    State,
    Team,
    Use,
    User,
    Verdict,
    Workspace,
)
from studio.pages.access import MemberRequest
from studio.pages.used import SHOWN, Used, used_in
from tests.factories import make_asset, make_brand, make_generation, make_output, make_outputs
from tests.queries import queries_of

pytestmark = pytest.mark.database

SignIn = Callable[[Client, User], Client]
_TILE = re.compile(r'class="pic" href="/outputs/([0-9a-f-]{36})/')


@pytest.fixture
def brand(team: Team) -> Brand:
    return make_brand(team)


def use(generation: Generation, brand: Brand) -> None:
    Use.objects.create(
        team_id=generation.team_id,
        workspace_id=generation.workspace_id,
        generation=generation,
        object_kind="brand",
        object_id=brand.pk,
    )


def made(workspace: Workspace, brand: Brand, **fields: Any) -> Output:
    output = make_output(workspace, **fields)
    use(output.generation, brand)
    return output


def charge(
    output: Output, kind: EntryKind, amount: str | None, *, provider: str = "videogen", unit: str = "credits"
) -> None:
    LedgerEntry.objects.create(
        team_id=output.team_id,
        workspace_id=output.workspace_id,
        generation=output.generation,
        provider=provider,
        kind=kind,
        reason=str(kind),
        amount=None if amount is None else Decimal(amount),
        unit=unit,
        month="2026-07",
    )


def seen_of(user: User, workspace: Workspace, brand: Brand) -> Used:
    request = cast(MemberRequest, RequestFactory().get("/"))
    request.membership, request.workspace = user.memberships.get(), workspace
    return used_in(request, "brand", brand.pk)


def test_it_counts_what_was_made_and_decided(workspace: Workspace, owner: User, brand: Brand) -> None:
    asset = make_asset(workspace)
    for verdict in (Verdict.APPROVED, Verdict.APPROVED, Verdict.CHANGES, Verdict.REJECTED, Verdict.NONE):
        made(workspace, brand, asset=asset, verdict=verdict)
    made(workspace, brand, state=State.RUNNING)
    made(workspace, brand, asset=asset, deleted_at=timezone.now())
    make_output(workspace, asset=asset)
    used = seen_of(owner, workspace, brand)
    assert used.count == 6
    assert used.decisions == {"approved": 2, "changes": 1, "rejected": 1, "waiting": 1}
    assert used.more_url == ""
    assert [output.pk for output in used.outputs] == sorted((output.pk for output in used.outputs), reverse=True)


def test_a_thing_never_used_has_nothing(workspace: Workspace, owner: User, brand: Brand) -> None:
    used = seen_of(owner, workspace, brand)
    assert (used.outputs, used.count, used.more_url, used.spend) == ([], 0, "", [])
    assert used.decisions == {"approved": 0, "changes": 0, "rejected": 0, "waiting": 0}


def test_spend_is_told_by_service_and_unit_from_the_last_word(workspace: Workspace, owner: User, brand: Brand) -> None:
    asset = make_asset(workspace)
    settled, dearer, unknown, held, other, released = (made(workspace, brand, asset=asset) for _ in range(6))
    for output in (settled, dearer, unknown, held):
        charge(output, EntryKind.HOLD, "10")
    charge(settled, EntryKind.SETTLE, "12.5")
    charge(dearer, EntryKind.SETTLE, "7.5")
    charge(unknown, EntryKind.UNKNOWN, "4")
    charge(other, EntryKind.SETTLE, "3", provider="influencer_studio")
    charge(released, EntryKind.HOLD, "99")
    charge(released, EntryKind.RELEASE, "99")
    assert seen_of(owner, workspace, brand).spend == [
        "3 credits at Influencer Studio",
        "20 credits at VideoGen",
        "4 credits at VideoGen may have been charged",
        "10 credits at VideoGen set aside",
    ]


def test_a_charge_that_nobody_told_is_never_a_nought(workspace: Workspace, owner: User, brand: Brand) -> None:
    first, second = (made(workspace, brand) for _ in range(2))
    charge(first, EntryKind.UNKNOWN, None)
    assert seen_of(owner, workspace, brand).spend == ["Not told at VideoGen"]
    charge(second, EntryKind.SETTLE, "8")
    assert seen_of(owner, workspace, brand).spend == ["At least 8 credits at VideoGen"]


def test_a_batch_is_paid_for_once(workspace: Workspace, owner: User, brand: Brand) -> None:
    generation = make_generation(workspace)
    use(generation, brand)
    first = make_output(workspace, generation=generation)
    make_output(workspace, generation=generation, position=1)
    charge(first, EntryKind.SETTLE, "12")
    used = seen_of(owner, workspace, brand)
    assert (used.count, used.spend) == (2, ["12 credits at VideoGen"])


def test_other_workspaces_and_teams_stay_out(
    workspace: Workspace,
    other_workspace: Workspace,
    creator: User,
    owner: User,
    outsider: User,
    brand: Brand,
    client: Client,
    sign_in: SignIn,
) -> None:
    mine = made(workspace, brand)
    theirs = made(other_workspace, brand, verdict=Verdict.APPROVED)
    charge(mine, EntryKind.SETTLE, "1")
    charge(theirs, EntryKind.SETTLE, "50")
    used = seen_of(creator, workspace, brand)
    assert [output.pk for output in used.outputs] == [mine.pk]
    assert (used.count, used.spend, used.decisions["approved"]) == (1, ["1 credits at VideoGen"], 0)
    assert seen_of(owner, workspace, brand).spend == ["51 credits at VideoGen"]
    page = sign_in(client, creator).get(reverse("used", args=["brand", brand.pk])).text
    assert _TILE.findall(page) == [str(mine.pk)]
    assert sign_in(Client(), outsider).get(reverse("used", args=["brand", brand.pk])).status_code == 404


def many(workspace: Workspace, brand: Brand, count: int) -> list[Output]:
    outputs = make_outputs(workspace, count)
    use(outputs[0].generation, brand)
    return outputs


def test_all_of_it_is_paged_by_a_key(
    workspace: Workspace, creator: User, brand: Brand, client: Client, sign_in: SignIn
) -> None:
    outputs = many(workspace, brand, 130)
    used = seen_of(creator, workspace, brand)
    assert (len(used.outputs), used.count) == (SHOWN, 130)
    assert used.more_url == reverse("used", args=["brand", brand.pk])
    sign_in(client, creator)
    found: list[str] = []
    address = used.more_url
    while address:
        page = client.get(address, headers={"HX-Request": "true"} if found else {}).text
        found += _TILE.findall(page)
        assert ("<html" in page) == (len(found) <= 60)
        more = re.search(r'hx-get="([^"]+before=[^"]+)"', page)
        address = more[1] if more else ""
    assert found == [str(output.pk) for output in reversed(outputs)]


def test_paging_reads_odd_keys_leniently(
    workspace: Workspace, creator: User, brand: Brand, client: Client, sign_in: SignIn
) -> None:
    made(workspace, brand)
    sign_in(client, creator)
    address = reverse("used", args=["brand", brand.pk])
    assert client.get(f"{address}?before=x").status_code == 200
    assert "That is everything" in client.get(f"{address}?before={UUID(int=1)}").text
    assert client.get(reverse("used", args=["team", brand.team_id])).status_code == 404


def test_its_queries_are_few_and_flat(
    workspace: Workspace, creator: User, brand: Brand, client: Client, sign_in: SignIn
) -> None:
    sign_in(client, creator)
    many(workspace, brand, 10)
    address = reverse("used", args=["brand", brand.pk])
    few = queries_of(lambda: client.get(address)), queries_of(lambda: seen_of(creator, workspace, brand))
    many(workspace, brand, 990)
    many_ = queries_of(lambda: client.get(address)), queries_of(lambda: seen_of(creator, workspace, brand))
    assert few == many_
    assert few[1] <= 4 + 1  # Four, and the membership that the test itself reads.
