"""The gallery: what it shows, in which order, by which filters, and what it costs."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.test import Client
from django.utils import timezone

from studio.models import State, User, Workspace, uuid7
from tests.factories import make_brand, make_output, make_outputs
from tests.queries import queries_of

SignIn = Callable[[Client, User], Client]
HTMX = {"HX-Request": "true"}
_TILE = re.compile(r'id="tile-([0-9a-f-]{36})"')
_MORE = re.compile(r'href="/\?([^"]*before=[^"]*)"')


def tiles(html: str) -> list[str]:
    return _TILE.findall(html)


def more(html: str) -> str:
    found = _MORE.search(html)
    return found[1].replace("&amp;", "&") if found else ""


@pytest.fixture
def page(client: Client, creator: User, sign_in: SignIn) -> Callable[..., str]:
    sign_in(client, creator)

    def page(query: str = "", htmx: bool = False) -> str:
        response = client.get(f"/?{query}", headers=HTMX if htmx else {})
        assert response.status_code == 200
        return response.content.decode()

    return page


def test_newest_come_first_under_their_day(workspace: Workspace, page: Callable[..., str]) -> None:
    now = timezone.localtime().replace(hour=12)
    old = make_output(workspace, made_at=now - timedelta(days=1))
    new = make_output(workspace, made_at=now)
    html = page()
    assert tiles(html) == [str(new.pk), str(old.pk)]
    assert html.index("Today") < html.index(str(new.pk)) < html.index("Yesterday") < html.index(f"tile-{old.pk}")


def test_what_is_being_made_comes_first_in_its_day(workspace: Workspace, page: Callable[..., str]) -> None:
    running = make_output(workspace, state=State.RUNNING)
    ready = make_output(workspace)
    assert tiles(page()) == [str(running.pk), str(ready.pk)]


@pytest.mark.parametrize("htmx", [False, True])
def test_paging_is_complete_and_without_doubles_while_new_ones_arrive(
    workspace: Workspace, page: Callable[..., str], htmx: bool
) -> None:
    made = make_outputs(workspace, 150)
    seen: list[str] = []
    html = page()
    seen += tiles(html)
    while query := more(html):
        make_output(workspace)
        html = page(query, htmx)
        seen += tiles(html)
    assert seen == [str(output.pk) for output in reversed(made)]


def test_a_day_that_goes_on_has_one_heading(workspace: Workspace, page: Callable[..., str]) -> None:
    make_outputs(workspace, 130, end=timezone.localtime().replace(hour=12, minute=0), minutes_apart=1)
    first = page()
    assert first.count('class="dayhead"') == 1
    second = page(more(first), True)
    assert len(tiles(second)) == 60
    assert "dayhead" not in second
    third = page(more(second), True)
    assert len(tiles(third)) == 10
    assert more(third) == ""


def test_each_filter_narrows_and_they_add_up(workspace: Workspace, page: Callable[..., str]) -> None:
    brand = make_brand(workspace.team)
    both = make_output(workspace, brand=brand, starred=True, verdict="approved", title="Cold brew")
    branded = make_output(workspace, brand=brand)
    starred = make_output(workspace, starred=True)
    failed = make_output(workspace, state=State.FAILED)
    running = make_output(workspace, state=State.RUNNING)
    found = {
        query: set(tiles(page(query)))
        for query in (
            f"brand={brand.pk}",
            "starred=1",
            "decision=approved",
            "decision=none",
            "state=failed",
            "state=waiting",
            "state=ready",
            "q=COLD+brew",
            "kind=image",
            "kind=video",
            f"brand={brand.pk}&starred=1&decision=approved&q=cold",
        )
    }
    key = {
        name: str(output.pk)
        for name, output in (
            ("both", both),
            ("branded", branded),
            ("starred", starred),
            ("failed", failed),
            ("running", running),
        )
    }
    assert found[f"brand={brand.pk}"] == {key["both"], key["branded"]}
    assert found["starred=1"] == {key["both"], key["starred"]}
    assert found["decision=approved"] == {key["both"]}
    assert found["decision=none"] == {key["branded"], key["starred"]}
    assert found["state=failed"] == {key["failed"]}
    assert found["state=waiting"] == {key["running"]}
    assert found["state=ready"] == {key["both"], key["branded"], key["starred"]}
    assert found["q=COLD+brew"] == {key["both"]}
    assert found["kind=image"] == set(key.values())
    assert found["kind=video"] == set()
    assert found[f"brand={brand.pk}&starred=1&decision=approved&q=cold"] == {key["both"]}


def test_words_are_found_in_any_order_and_signs_are_plain(workspace: Workspace, page: Callable[..., str]) -> None:
    output = make_output(workspace, title="20% off cold_brew")
    make_output(workspace, title="200 off coldXbrew")
    assert tiles(page("q=off+20%25")) == [str(output.pk)]
    assert tiles(page("q=cold_brew")) == [str(output.pk)]


@pytest.mark.parametrize(
    "query",
    [
        "brand=nonsense", "before=nonsense", "before=%00", "kind=%F0%9F%A6%84", "state=on%20fire", "decision=maybe", "starred=2",
        "view=hologram", "q=%00", "q=" + "x" * 5000, "q=" + "a+" * 400, "q=%22%3E%3Cscript%3E", "since=x", "new=x,,y", "day=tomorrow&before=1",
    ],
)  # fmt: skip
@pytest.mark.parametrize("htmx", [False, True])
def test_nonsense_in_the_address_gets_a_sane_page(
    workspace: Workspace, page: Callable[..., str], query: str, htmx: bool
) -> None:
    make_output(workspace)
    assert "<script>" not in page(query, htmx)


def test_other_workspaces_other_teams_and_the_trash_are_not_on_the_wall(
    client: Client, workspace: Workspace, other_workspace: Workspace, owner: User, outsider: User, sign_in: SignIn
) -> None:
    make_output(other_workspace)
    make_output(workspace, deleted_at=timezone.now())
    mine = make_output(workspace)
    assert tiles(sign_in(client, owner).get("/").content.decode()) == [str(mine.pk)]
    assert tiles(sign_in(client, outsider).get("/").content.decode()) == []


def test_the_empty_wall_sells_one_action_and_to_a_reviewer_none(
    client: Client, workspace: Workspace, creator: User, reviewer: User, sign_in: SignIn
) -> None:
    html = sign_in(client, creator).get("/").content.decode()
    assert "Nothing on the wall yet" in html
    assert "Make a static ad" in html
    html = sign_in(client, reviewer).get("/").content.decode()
    assert "Nothing on the wall yet" in html
    assert "Make a static ad" not in html


def test_no_match_offers_to_clear(workspace: Workspace, page: Callable[..., str]) -> None:
    make_output(workspace)
    html = page("q=unheard-of")
    assert "Nothing matches" in html
    assert "Clear filters" in html


def test_new_ones_are_asked_for_by_id_and_keep_to_the_filters(workspace: Workspace, page: Callable[..., str]) -> None:
    starred, plain = make_output(workspace, starred=True), make_output(workspace)
    both = f"{starred.pk},{plain.pk},{uuid7()}"
    assert set(tiles(page(f"new={both}", True))) == {str(starred.pk), str(plain.pk)}
    assert tiles(page(f"new={both}&starred=1", True)) == [str(starred.pk)]
    assert tiles(page(f"since={starred.pk}", True)) == [str(plain.pk)]


def test_the_list_is_a_table(workspace: Workspace, page: Callable[..., str]) -> None:
    output = make_output(workspace, brand=make_brand(workspace.team, "Oru"))
    html = page("view=list")
    assert f'<tr id="tile-{output.pk}"' in html
    assert "<td>Oru</td>" in html


def test_it_takes_as_many_queries_for_a_thousand_as_for_ten(workspace: Workspace, page: Callable[..., str]) -> None:
    brands = [make_brand(workspace.team, name) for name in ("Halden", "Oru")]
    make_outputs(workspace, 10, fields_of=lambda index: {"brand": brands[index % 2]})
    views = ("", "view=list", "starred=1", "q=calm", f"brand={brands[0].pk}", "decision=none")
    needed = {}
    for query in views:
        needed[query] = queries_of(partial(page, query))
        assert needed[query] <= 12
    make_outputs(
        workspace, 990, fields_of=lambda index: {"brand": brands[index % 2]}, end=timezone.now() - timedelta(days=1)
    )
    assert {query: queries_of(partial(page, query)) for query in views} == needed


def test_a_signed_out_visitor_is_asked_to_sign_in(client: Client, workspace: Workspace) -> None:
    assert client.get("/").status_code == 302
