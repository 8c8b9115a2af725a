"""What the board of references shows: filters, search, pages by key, and a steady number of queries, however much there is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from studio.engine import secrets
from studio.models import (
    CatalogueItem,
    Connection,
    Reference,
    ReferenceMedia,
    Team,
    Use,
    User,
    Visibility,
    Workspace,
)
from tests.factories import make_asset, make_outputs, make_reference
from tests.queries import queries_of

SignIn = Callable[[Client, User], Client]
HTMX = {"HX-Request": "true"}
BOARD = "/references/"


def ids_on(text: str) -> list[str]:
    return [part.split('"', 1)[0] for part in text.split('id="reference-')[1:]]


def test_filters_search_and_sort(client: Client, creator: User, workspace: Workspace, sign_in: SignIn) -> None:
    sign_in(client, creator)
    amber = make_reference(workspace, label="Amber rim", template_slug="arch", template_category="static-ads")
    blue = make_reference(workspace, label="blue hour", media_kind="video", visibility=Visibility.ASKED)
    for query, wanted in (
        ("", [blue, amber]),
        ("sort=oldest", [amber, blue]),
        ("sort=name", [amber, blue]),
        ("q=HOUR+blue", [blue]),
        ("kind=video", [blue]),
        ("target=static-ads/arch", [amber]),
        ("target=none", [blue]),
        ("seen=asked", [blue]),
        ("archived=1", []),
        ("kind=nonsense&sort=nonsense&seen=x", [blue, amber]),
        ("q=%00", [blue, amber]),
    ):
        assert ids_on(client.get(f"{BOARD}?{query}").text) == [str(it.pk) for it in wanted], query
    assert "Nothing matches" in client.get(f"{BOARD}?q=zebra").text


@pytest.mark.parametrize("sort", ["", "oldest", "name"])
def test_the_next_page_goes_on_by_key(
    client: Client, creator: User, workspace: Workspace, sign_in: SignIn, sort: str
) -> None:
    sign_in(client, creator)
    fill(workspace, 100)
    seen: list[str] = []
    address = f"{BOARD}?sort={sort}"
    while address:
        text = client.get(address, headers=HTMX).text
        seen += ids_on(text)
        address = _more(text)
    assert len(seen) == len(set(seen)) == 100


def _more(text: str) -> str:
    part = text.partition('id="more" hx-get="')[2].partition('"')[0]
    return part.replace("&amp;", "&")


def fill(workspace: Workspace, count: int) -> None:
    asset = make_asset(workspace)
    rows = [
        Reference(
            team_id=workspace.team_id,
            workspace=workspace,
            label=f"Ref {number % 7}",
            search_text=f"ref {number % 7}",
            look={"version": 0},
        )
        for number in range(count)
    ]
    Reference.objects.bulk_create(rows)
    ReferenceMedia.objects.bulk_create(ReferenceMedia(reference=row, asset=asset) for row in rows)


def more(workspace: Workspace, one: Reference, connection: Connection, count: int) -> None:
    """So many more of everything: references (a seventh of them asked for), outputs made with `one`, presets, and templates to file under."""
    fill(workspace, count)
    Reference.objects.filter(label="Ref 3").update(visibility=Visibility.ASKED)
    generation = make_outputs(workspace, count)[0].generation
    Use.objects.create(
        team_id=workspace.team_id,
        workspace_id=workspace.pk,
        generation=generation,
        object_kind="reference",
        object_id=one.pk,
    )
    known = CatalogueItem.objects.count()
    CatalogueItem.objects.bulk_create(
        CatalogueItem(
            team_id=workspace.team_id,
            connection=connection,
            kind=kind,
            remote_id=f"{kind}-{number}",
            title=f"Style {number}",
            search_text=f"style {number}",
            data={"template_slug": f"target-{number}", "template_category": "static-ads"},
            seen_at=timezone.now(),
        )
        for kind, so_many in (("preset", count), ("target", min(count, 40)))
        for number in range(known, known + so_many)
    )


def test_a_thousand_references_cost_the_queries_of_ten(
    client: Client, owner: User, team: Team, workspace: Workspace, sign_in: SignIn
) -> None:
    sign_in(client, owner)
    one = make_reference(workspace, label="Used often", look={"version": 0}, template_slug="arch")
    connection = Connection.objects.create(
        team=team, provider="videotok", key=secrets.conceal("k"), last4="1234", catalogue_at=timezone.now()
    )
    addresses = {
        BOARD: "Ref 1",
        f"{BOARD}?sort=name": "Ref 0",
        f"{BOARD}?q=ref": "Ref 1",
        f"{BOARD}waiting/": "Ref 3",
        reverse("reference", args=[one.pk]): "Made with it",
        f"{BOARD}presets/": "Style 1",
        f"{BOARD}presets/?q=style": "Style 1",
    }
    more(workspace, one, connection, 10)
    for address, shown in addresses.items():
        assert shown in client.get(address).text, address
    few = {address: queries_of(lambda at=address: client.get(at)) for address in addresses}  # type: ignore[misc]
    more(workspace, one, connection, 990)
    many = {address: queries_of(lambda at=address: client.get(at)) for address in addresses}  # type: ignore[misc]
    assert many == few
    assert max(many.values()) <= 30


def test_an_empty_board_has_its_wall_and_its_bar_for_the_first_one(
    client: Client, creator: User, reviewer: User, sign_in: SignIn
) -> None:
    for address in (BOARD, f"{BOARD}?q=zebra", f"{BOARD}?archived=1"):
        page = sign_in(client, creator).get(address).text
        assert 'id="board-wall" data-masonry hidden' in page, address
        assert '<form class="bulk" id="bulk"' in page, address
    assert 'id="bulk"' not in sign_in(Client(), reviewer).get(BOARD).text
