"""The picker: which tabs a field gets, what lies on them, in pages by key, and that nothing of others is among it."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from studio.models import (
    Asset,
    CatalogueItem,
    Influencer,
    Kind,
    Output,
    Reference,
    ReferenceMedia,
    Team,
    User,
    Voice,
    Workspace,
)
from studio.pages.templatetags.files import accept
from tests.factories import make_asset, make_output
from tests.pages.test_create_tools import connected
from tests.queries import queries_of

SignIn = Callable[[Client, User], Client]
PICTURES = {"tool": "image", "place": "images"}


@pytest.fixture
def maker(client: Client, creator: User, sign_in: SignIn) -> Client:
    return sign_in(client, creator)


def tabs(html: str) -> list[str]:
    return re.findall(r'data-tab="(\w+)">', html.partition('role="tablist"')[2])


def titles(html: str) -> list[str]:
    return re.findall(r'data-title="([^"]*)"', html)


def values(html: str) -> list[str]:
    return re.findall(r'name="picked" value="([^"]*)"', html)


def upload(workspace: Workspace, by: User, name: str, **fields: object) -> Asset:
    return Asset.objects.create(
        team=workspace.team, workspace=workspace, file=name, original_name=name, created_by=by, size_bytes=1,
        sha256=uuid4().hex * 2, **{"kind": Kind.IMAGE, "media_type": "image/png", **fields},
    )  # fmt: skip


def items(client: Client, tab: str, **asked: str) -> str:
    answer = client.get("/picker/items/", {**PICTURES, "tab": tab, **asked})
    assert answer.status_code == 200
    return answer.text


# -- Tabs and the field -------------------------------------------------------------------------------------------------
def test_a_field_of_files_gets_the_tabs_that_can_hold_some(maker: Client, team: Team) -> None:
    page = maker.get("/picker/", PICTURES).text
    assert tabs(page) == ["library", "uploads", "here", "link"]
    assert tabs(maker.get("/picker/", {"tool": "image", "place": "influencer"}).text) == []
    connected(team, "videogen")
    assert tabs(maker.get("/picker/", PICTURES).text) == ["library", "uploads", "here", "theirs", "link"]


@pytest.mark.parametrize(
    ("tool", "place", "title", "most"),
    [
        ("video", "first_frame", "First frame", "1"),
        ("video", "images", "", ""),
        ("reference-video", "elements-0-references", "", ""),
        ("image", "influencer", "", "1"),
        ("static-ad", "brand", "", "1"),
    ],
)
def test_the_drawer_names_the_role_and_the_limit_of_its_field(
    maker: Client, tool: str, place: str, title: str, most: str
) -> None:
    page = maker.get("/picker/", {"tool": tool, "place": place}).text
    assert f"{title}</h2>" in page
    found = re.search(r'data-most="(\d+)"', page)
    assert found
    assert not most or found[1] == most
    assert ('type="checkbox"' in page or "pick-item" not in page) or found[1] == "1"


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"tool": "image", "place": "prompt"},
        {"tool": "image", "place": "nope"},
        {"tool": "nope", "place": "images"},
        {"kinds": "image", "name": "x\"><script>"},
        {"kinds": "folder", "name": "photos"},
        {"kinds": "image", "name": "photos", "most": "many"},
    ],
)  # fmt: skip
def test_nonsense_is_not_found(maker: Client, asked: dict[str, str]) -> None:
    assert maker.get("/picker/", asked).status_code == 404
    assert maker.post("/assets/link/", {**asked, "url": "https://media.example/a.png"}).status_code == 404


def test_a_page_without_a_tool_says_what_it_takes(maker: Client, workspace: Workspace, creator: User) -> None:
    upload(workspace, creator, "face.png")
    page = maker.get("/picker/", {"kinds": "image", "name": "photos", "most": "20", "title": "Photos"}).text
    assert "Photos</h2>" in page
    assert 'data-most="20"' in page
    assert 'name="photos"' in page


def test_unknown_tabs_and_keys_of_pages_break_nothing(maker: Client) -> None:
    assert maker.get("/picker/items/", {**PICTURES, "tab": "nope"}).status_code == 404
    assert maker.get("/picker/items/", {**PICTURES, "tab": "library", "before": "nonsense"}).status_code == 200
    asked = {"tool": "image", "place": "influencer", "tab": "library", "before": "nonsense"}
    assert maker.get("/picker/items/", asked).status_code == 200


# -- Files --------------------------------------------------------------------------------------------------------------
def test_the_library_holds_uploads_and_results_the_newest_first(
    maker: Client, workspace: Workspace, team: Team, owner: User, creator: User
) -> None:
    upload(workspace, creator, "first.png")
    upload(workspace, creator, "voice.mp3", kind=Kind.AUDIO, media_type="audio/mpeg")
    make_output(workspace, owner, asset=make_asset(workspace), title="Kestrel dawn")
    upload(workspace, creator, "last.png")
    assert titles(items(maker, "library")) == ["last.png", "Kestrel dawn", "first.png"]
    assert titles(items(maker, "uploads")) == ["last.png", "first.png"]
    assert titles(items(maker, "here")) == ["Kestrel dawn"]
    assert titles(items(maker, "library", q="kestrel")) == ["Kestrel dawn"]
    assert titles(items(maker, "library", q="LAST")) == ["last.png"]
    assert "No pictures by those words." in items(maker, "library", q="zebra")


def test_what_is_in_the_trash_and_a_signed_consent_are_left_out(
    maker: Client, workspace: Workspace, team: Team, owner: User, creator: User
) -> None:
    make_output(workspace, owner, asset=make_asset(workspace), title="Thrown", deleted_at=timezone.now())
    proof = upload(workspace, creator, "consent.png")
    Influencer.objects.create(team=team, name="Ida", consent_file=proof)
    for tab in ("library", "uploads", "here"):
        assert titles(items(maker, tab)) == []


def test_nothing_of_other_workspaces_and_teams(
    maker: Client, other_workspace: Workspace, owner: User, outsider: User
) -> None:
    theirs = outsider.memberships.get().team
    elsewhere = Workspace.objects.filter(team=theirs).first()
    assert elsewhere
    upload(other_workspace, owner, "kestrel.png")
    upload(elsewhere, outsider, "stranger.png")
    make_output(other_workspace, owner, asset=make_asset(other_workspace), title="Kestrel dawn")
    for tab in ("library", "uploads", "here"):
        assert titles(items(maker, tab)) == []


def test_kinds_narrow_a_field_of_files(maker: Client, workspace: Workspace, creator: User) -> None:
    upload(workspace, creator, "a.png")
    upload(workspace, creator, "b.mp3", kind=Kind.AUDIO, media_type="audio/mpeg", duration_seconds=75.0)
    asked = {"kinds": "image,audio", "name": "files", "most": "3"}
    page = maker.get("/picker/", asked).text
    assert 'name="picker-kind" value="audio"' in page
    assert titles(maker.get("/picker/items/", {**asked, "tab": "library", "kind": "audio"}).text) == ["b.mp3"]
    assert "1:15" in page


def test_pages_follow_each_other_without_gap_or_repeat(maker: Client, workspace: Workspace, creator: User) -> None:
    for number in range(80):
        upload(workspace, creator, f"{number}.png")
    found: list[str] = []
    html = items(maker, "library")
    while True:
        found += titles(html)
        more = re.search(r'data-more="([^"]+)"', html)
        if more is None:
            break
        html = items(maker, "library", before=more[1])
        assert "data-picks" not in html
    assert found == [f"{number}.png" for number in reversed(range(80))]


@pytest.mark.parametrize("role", ["owner", "creator"])
@pytest.mark.parametrize("tab", ["library", "uploads", "here"])
def test_a_tab_costs_the_same_with_10_and_1000_files(
    client: Client,
    sign_in: SignIn,
    request: pytest.FixtureRequest,
    workspace: Workspace,
    owner: User,
    tab: str,
    role: str,
) -> None:
    sign_in(client, request.getfixturevalue(role))
    output = make_output(workspace, owner, asset=make_asset(workspace))

    def add(start: int, stop: int) -> None:
        made = Asset.objects.bulk_create(
            Asset(team=workspace.team, workspace=workspace, kind=Kind.IMAGE, file="a", original_name=f"{number}",
                  media_type="image/png", size_bytes=1, sha256=uuid4().hex * 2, created_by=owner)
            for number in range(start, stop)
        )  # fmt: skip
        Output.objects.bulk_create(
            Output(team=workspace.team, workspace=workspace, generation=output.generation, position=10 + start + place,
                   kind=output.kind, state=output.state, title="Made", asset=asset)
            for place, asset in enumerate(made[::2])
        )  # fmt: skip

    add(0, 10)
    few = queries_of(lambda: items(client, tab))
    add(10, 1000)
    assert queries_of(lambda: items(client, tab)) == few
    assert few <= 14


# -- People, voices, references ------------------------------------------------------------------------------------------
def test_people_voices_and_references_come_by_name_with_their_faces(
    maker: Client, team: Team, workspace: Workspace, other_workspace: Workspace, creator: User
) -> None:
    face = upload(workspace, creator, "face.png")
    Influencer.objects.create(team=team, name="Ola", face=face)
    Influencer.objects.create(team=team, name="Ida")
    Influencer.objects.create(team=team, name="Gone", archived_at=timezone.now())
    Influencer.objects.create(team=team, name="Kestrel", workspace=other_workspace)
    found = maker.get("/picker/items/", {"tool": "image", "place": "influencer", "tab": "library"}).text
    assert titles(found) == ["Ida", "Ola"]
    assert f"/media/{face.pk}/small" in found
    Voice.objects.create(team=team, name="Narrator")
    found = maker.get("/picker/items/", {"tool": "speech", "place": "voice", "tab": "library"}).text
    assert titles(found) == ["Narrator"]


def test_things_come_in_pages_and_cost_the_same(maker: Client, team: Team, workspace: Workspace) -> None:
    asked = {"tool": "image", "place": "influencer", "tab": "library"}

    def add(start: int, stop: int) -> None:
        Influencer.objects.bulk_create(Influencer(team=team, name=f"P {number:04}") for number in range(start, stop))

    add(0, 10)
    few = queries_of(lambda: maker.get("/picker/items/", asked))
    add(10, 1000)
    assert queries_of(lambda: maker.get("/picker/items/", asked)) == few
    first = maker.get("/picker/items/", asked).text
    more = re.search(r'data-more="([^"]+)"', first)
    assert more
    second = maker.get("/picker/items/", {**asked, "before": more[1]}).text
    assert titles(first)[-1] == "P 0035"
    assert titles(second)[0] == "P 0036"


def test_a_service_lists_its_own_on_a_tab(maker: Client, team: Team) -> None:
    connection = connected(team, "videogen")
    CatalogueItem.objects.create(
        team=team, connection=connection, kind="voice", remote_id="m9", title="Hugo", search_text="hugo",
        sound="https://media.example/hugo.mp3", seen_at=timezone.now(),
    )  # fmt: skip
    asked = {"tool": "speech", "place": "voice", "offer": "videogen:speech:tts"}
    page = maker.get("/picker/", asked).text
    assert tabs(page) == ["library", "theirs"]
    found = maker.get("/picker/items/", {**asked, "tab": "theirs", "q": "hug"}).text
    assert values(found) == ["videogen:m9"]
    assert "data-hear" in found
    assert titles(maker.get("/picker/items/", {**asked, "tab": "theirs", "q": "zoe"}).text) == []


def test_public_references_of_other_workspaces_are_offered_with_their_picture(
    maker: Client, team: Team, workspace: Workspace, other_workspace: Workspace, owner: User
) -> None:
    picture = upload(other_workspace, owner, "look.png")
    shown = Reference.objects.create(team=team, workspace=other_workspace, label="Stone", visibility="public")
    ReferenceMedia.objects.create(reference=shown, asset=picture)
    Reference.objects.create(team=team, workspace=other_workspace, label="Kestrel only")
    asked = {"tool": "video-ad", "place": "reference", "tab": "library"}
    found = maker.get("/picker/items/", asked)
    assert titles(found.text) == ["Stone"]
    assert f"/media/{picture.pk}/small" in found.text


# -- File dialogs -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["/create/image/", "/influencers/new/", "/references/", "/create/lipsync/"])
def test_file_dialogs_offer_every_picture_that_is_taken(maker: Client, path: str) -> None:
    """Some dialogs know HEIC and AVIF by their names alone. A camera makes neither."""
    found = re.findall(r'<input[^>]*type="file"[^>]*>', maker.get(path).text)
    takers = [field for field in found if "image/*" in field and "capture" not in field]
    assert all("image/*,.heic,.heif,.avif" in field for field in takers)
    assert takers or path == "/create/lipsync/"


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ("images", "image/*,.heic,.heif,.avif"),
        ("video", "video/*"),
        ("audio", "audio/*,video/mp4,.m4a"),
        ("video,image", "image/*,.heic,.heif,.avif,video/*"),
        ("files", "image/*,.heic,.heif,.avif,video/*,audio/*,video/mp4,.m4a"),
        ("prompt", ""),
    ],
)
def test_what_a_file_field_lets_people_choose(names: str, said: str) -> None:
    assert accept(names) == said
