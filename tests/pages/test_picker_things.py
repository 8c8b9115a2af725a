"""People, voices, styles and saved references in the picker: who is not ready, and what every tab costs."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from studio.models import (
    Asset,
    Brand,
    CatalogueItem,
    Generation,
    Influencer,
    Kind,
    Reference,
    ReferenceMedia,
    Team,
    User,
    Voice,
    Workspace,
)
from tests.pages.test_create_tools import connected
from tests.pages.test_picker import titles, values
from tests.queries import queries_of

SignIn = Callable[[Client, User], Client]
SHOOT = {"tool": "influencer-shoot", "place": "influencer"}
OURS = {
    "influencer": ("image", "influencer"),
    "voice": ("talking-head", "voice"),
    "reference": ("video-ad", "reference"),
    "brand": ("static-ad", "brand"),
}
"""What -> a tool and its field."""
THEIRS = {
    "influencer": ("influencer_studio", "influencer-shoot", "influencer"),
    "voice": ("videogen", "speech", "voice"),
    "avatar": ("videotok", "video-ad", "avatar"),
    "preset": ("videotok", "video-ad", "preset"),
    "reference": ("videotok", "video-ad", "reference"),
    "presenter": ("videogen", "avatar-clip", "presenter"),
    "entity": ("videogen", "motion-graphic", "entities"),
}
"""Kind in a catalogue -> a service, a tool and its field."""


@pytest.fixture
def maker(client: Client, creator: User, sign_in: SignIn) -> Client:
    return sign_in(client, creator)


def pictures(workspace: Workspace, count: int) -> list[Asset]:
    return Asset.objects.bulk_create(
        Asset(team=workspace.team, workspace=workspace, kind=Kind.IMAGE, file="a", original_name="a", size_bytes=1,
              media_type="image/png", sha256=uuid4().hex * 2)
        for _ in range(count)
    )  # fmt: skip


def add_ours(workspace: Workspace, what: str, start: int, stop: int) -> None:
    """Each with a picture or a sound of its own."""
    team, names = workspace.team, [f"N {number:04}" for number in range(start, stop)]
    own = dict(zip(names, pictures(workspace, len(names)), strict=True))
    if what == "influencer":
        Influencer.objects.bulk_create(Influencer(team=team, name=name, face=own[name]) for name in names)
    elif what == "voice":
        Voice.objects.bulk_create(Voice(team=team, name=name, preview=own[name]) for name in names)
    elif what == "brand":
        Brand.objects.bulk_create(Brand(team=team, name=name, logo=own[name]) for name in names)
    else:
        rows = Reference.objects.bulk_create(Reference(team=team, workspace=workspace, label=name) for name in names)
        ReferenceMedia.objects.bulk_create(ReferenceMedia(reference=row, asset=own[row.label]) for row in rows)


@pytest.mark.parametrize("role", ["owner", "creator"])
@pytest.mark.parametrize("what", OURS)
def test_the_library_costs_the_same_with_10_and_1000_of_them(
    client: Client, sign_in: SignIn, request: pytest.FixtureRequest, workspace: Workspace, what: str, role: str
) -> None:
    sign_in(client, request.getfixturevalue(role))
    tool, place = OURS[what]
    asked = {"tool": tool, "place": place, "tab": "library"}

    def look(address: str = "/picker/items/") -> str:
        return client.get(address, asked).text

    add_ours(workspace, what, 0, 10)
    few = queries_of(look), queries_of(lambda: look("/picker/"))
    add_ours(workspace, what, 10, 1000)
    assert (queries_of(look), queries_of(lambda: look("/picker/"))) == few
    assert len(titles(look())) == 36
    assert max(few) <= 20


@pytest.mark.parametrize("kind", THEIRS)
def test_what_a_service_lists_costs_the_same_with_10_and_1000_of_it(maker: Client, team: Team, kind: str) -> None:
    provider, tool, place = THEIRS[kind]
    connection = connected(team, provider)
    offers = re.findall(rf'name="offer" value="({provider}:[^"]+)"', maker.get(f"/create/{tool}/").text)
    asked = {"tool": tool, "place": place, "offer": offers[0], "tab": "presets" if kind == "preset" else "theirs"}

    def add(start: int, stop: int) -> None:
        CatalogueItem.objects.bulk_create(
            CatalogueItem(team=team, connection=connection, kind=kind, remote_id=f"r{number}", title=f"N {number:04}",
                          search_text=f"n {number:04}", picture="https://media.example/a.png",
                          sound="https://media.example/a.mp3", seen_at=timezone.now())
            for number in range(start, stop)
        )  # fmt: skip

    def look(address: str = "/picker/items/", **more: str) -> str:
        return maker.get(address, {**asked, **more}).text

    add(0, 10)
    assert values(look()) == [f"{provider}:r{number}" for number in range(10)]
    few = queries_of(look), queries_of(lambda: look("/picker/"))
    add(10, 1000)
    assert (queries_of(look), queries_of(lambda: look("/picker/"))) == few
    assert max(few) <= 20
    more = re.search(r'data-more="([^"]+)"', look())
    assert more
    assert titles(look(before=more[1]))[0] == "N 0036"


# -- Who is not ready ------------------------------------------------------------------------------------------------------
@pytest.fixture
def people_there(maker: Client, team: Team) -> dict[str, str]:
    """The query of a drawer for people at a service that has Ada ready, Ben in training and Cleo whose training failed."""
    connection = connected(team, "influencer_studio")
    facts = {"Ada": {"ready": True}, "Ben": {"ready": False}, "Cleo": {"ready": False, "training_status": "failed"}}
    for name, data in facts.items():
        CatalogueItem.objects.create(
            team=team, connection=connection, kind="influencer", remote_id=name.lower(), title=name,
            search_text=name.lower(), data=data, seen_at=timezone.now(),
        )  # fmt: skip
    page = maker.get("/create/influencer-shoot/").text
    offer = re.findall(r'name="offer" value="(influencer_studio:[^"]+)"', page)[0]
    return {**SHOOT, "offer": offer}


def test_people_in_training_at_a_service_are_greyed_with_the_reason(
    maker: Client, people_there: dict[str, str]
) -> None:
    found = maker.get("/picker/items/", {**people_there, "tab": "theirs"}).text
    assert titles(found) == ["Ada", "Ben", "Cleo"]
    assert not re.search(r'value="influencer_studio:ada"[^>]* disabled', found)
    for name, reason in (("ben", "Still in training at"), ("cleo", "Training failed at")):
        assert re.search(rf'value="influencer_studio:{name}"[^>]* disabled', found)
        assert f"{reason} Influencer Studio" in found


@pytest.mark.parametrize(("name", "said"), [("ben", "still in training"), ("cleo", "training of “Cleo” failed")])
def test_the_server_refuses_them_whatever_the_drawer_showed(
    maker: Client, people_there: dict[str, str], name: str, said: str
) -> None:
    sent = {
        "offer": people_there["offer"],
        "influencer": f"influencer_studio:{name}",
        "prompt": "Reads a book",
        "nonce": uuid4().hex,
    }
    answer = maker.post("/create/influencer-shoot/", sent, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert said in answer.text
    assert not Generation.objects.exists()
