from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from studio.engine.again import run_again
from studio.engine.briefs import NotOffered
from studio.engine.offers import TeamOffer, best, find_team_offer, team_offers
from studio.engine.resolve import Unresolved
from studio.models import Asset, CatalogueItem, Connection, ConnectionState, Learnt, Membership, Team, Workspace
from tests.engine.paid import connect, offer_at, pay

pytestmark = pytest.mark.django_db


def listed(connection: Connection, key: str, **data: object) -> CatalogueItem:
    row = offer_at("3", connection.provider).snapshot() | {"key": key, "tool": key.split(":")[1]} | data
    return CatalogueItem.objects.create(
        team_id=connection.team_id,
        connection=connection,
        kind="offer",
        remote_id=key,
        title=str(row["title"]),
        data=row,
        seen_at=timezone.now(),
    )


def by_key(team: Team, tool: str = "static-ad") -> dict[str, TeamOffer]:
    return {it.offer.key: it for it in team_offers(team.pk, tool)}


SHIPPED = "videotok:static-ad:product-shoot"


def test_without_a_connection_every_service_says_how_to_get_one(member: Membership) -> None:
    found = by_key(member.team)
    assert found["local/static-ad"].usable
    assert not found[SHIPPED].usable
    assert found[SHIPPED].why_not.startswith("Videotok is not connected")
    chosen = best(found.values())
    assert chosen
    assert chosen.offer.provider == "local"


def test_the_catalogue_overlays_and_adds(member: Membership, workspace: Workspace) -> None:
    connection = connect(workspace)
    assert by_key(member.team)[SHIPPED].offer.price is None
    listed(connection, SHIPPED, price="2")
    listed(connection, "videotok:static-ad:new", title="A new one")
    listed(connection, "videotok:static-ad:broken", seen_on="nonsense")
    listed(connection, "videotok:video:other")
    found = by_key(member.team)
    assert found[SHIPPED].offer.price == 2
    assert found["videotok:static-ad:new"].connection == connection
    assert not {"videotok:static-ad:broken", "videotok:video:other"} & set(found)


def test_what_is_not_listed_any_more_cannot_be_used(member: Membership, workspace: Workspace) -> None:
    row = listed(connect(workspace), SHIPPED)
    row.gone_at = timezone.now()
    row.save()
    assert by_key(member.team)[SHIPPED].why_not == "Videotok does not list this one any more. Choose another."


def test_what_was_learnt_fills_in_and_says_so(member: Membership, workspace: Workspace) -> None:
    connection = connect(workspace)
    listed(connection, "videotok:static-ad:priced", price="2")
    for key in (SHIPPED, "videotok:static-ad:priced"):
        Learnt.objects.create(connection=connection, offer_key=key, price=Decimal(7), priced=3, seconds=12.34, timed=3)
    found = by_key(member.team)
    assert found[SHIPPED].offer.price == 7
    assert found[SHIPPED].offer.per == "result"
    assert (found[SHIPPED].offer.typical_seconds, found[SHIPPED].learnt) == (12.3, True)
    assert found["videotok:static-ad:priced"].offer.price == 2


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"state": ConnectionState.REFUSED, "state_reason": "Videotok says: no such key."}, "no such key"),
        ({"state": ConnectionState.DISABLED}, "is paused"),
        ({"balance": Decimal(0)}, "No credits are left at Videotok"),
        ({"key": ""}, "Videotok has no key"),
    ],
)
def test_a_connection_that_may_not_spend_says_why(
    member: Membership, workspace: Workspace, fields: dict[str, Any], sentence: str
) -> None:
    connect(workspace, **fields)
    found = by_key(member.team)[SHIPPED]
    assert not found.usable
    assert sentence in found.why_not
    with pytest.raises(NotOffered, match="Videotok"):
        pay(member, workspace, found)


def test_a_removed_connection_is_none(member: Membership, workspace: Workspace) -> None:
    connect(workspace, state=ConnectionState.REMOVED)
    assert by_key(member.team)[SHIPPED].why_not.startswith("Videotok is not connected")


def test_other_teams_connections_are_not_seen(member: Membership, workspace: Workspace) -> None:
    elsewhere = Workspace.objects.create(team=Team.objects.create(name="South"), name="Launch")
    listed(connect(elsewhere), "videotok:static-ad:theirs")
    assert "videotok:static-ad:theirs" not in by_key(member.team)
    assert find_team_offer(member.team_id, "videotok:static-ad:theirs") is None


def test_an_era_has_its_own_offers(member: Membership, workspace: Workspace) -> None:
    def keys() -> set[str]:
        return {key for key in by_key(member.team, "image-edit") if key.startswith("videogen")}

    assert keys() == {"videogen:image-edit:generate"}
    connection = connect(workspace, "videogen")
    assert keys() == {"videogen:image-edit:generate"}
    connection.facts = {"era": "1"}
    connection.save()
    assert keys() == {"videogen:image-edit:generate-1x"}


def test_without_an_address_an_offer_that_needs_files_is_disabled_and_others_refuse_files_at_the_field(
    member: Membership, workspace: Workspace, photo: Asset
) -> None:
    connect(workspace)
    found = by_key(member.team)[SHIPPED]
    assert found.usable
    assert "public address" in found.warning
    with pytest.raises(Unresolved) as caught:
        pay(member, workspace, found, product_images=[str(photo.pk)])
    assert [problem.field for problem in caught.value.problems] == ["product_images"]
    Team.objects.filter(pk=member.team_id).update(public_url="https://studio.example.com")
    reachable = by_key(member.team)[SHIPPED]
    assert not reachable.warning
    assert pay(member, workspace, reachable, product_images=[str(photo.pk)])


def test_the_offers_own_rules_refuse_before_anything_is_stored(member: Membership, workspace: Workspace) -> None:
    connect(workspace)
    found = by_key(member.team)[SHIPPED]
    with pytest.raises(Unresolved) as caught:
        pay(member, workspace, found, prompt="", headline="Slow mornings")
    assert [problem.field for problem in caught.value.problems] == ["prompt", "headline"]


def test_a_generation_keeps_its_offer_and_run_again_takes_the_same(member: Membership, workspace: Workspace) -> None:
    connection = connect(workspace)
    listed(connection, "videotok:image:test", price="2", lane="long")
    [made] = pay(member, workspace, by_key(member.team, "image")["videotok:image:test"])
    assert (made.connection, made.lane, made.cost_unit) == (connection, "long", "credits")
    assert made.estimate == 2
    CatalogueItem.objects.update(data=offer_at("9").snapshot())
    again = run_again(made, member, "again-12").brief.generations.get()
    assert again.offer_key == made.offer_key
    assert again.estimate == 9
    CatalogueItem.objects.all().delete()
    with pytest.raises(NotOffered, match="not offered any more"):
        run_again(made, member, "again-13")


def test_the_number_of_queries_does_not_grow_with_the_catalogue(member: Membership, workspace: Workspace) -> None:
    connection = connect(workspace)
    connect(workspace, "videogen")

    def queries() -> int:
        with CaptureQueriesContext(database) as context:
            team_offers(member.team_id, "static-ad")
        return len(context)

    assert queries() == 3
    for number in range(20):
        listed(connection, f"videotok:static-ad:{number}")
    assert queries() == 3
