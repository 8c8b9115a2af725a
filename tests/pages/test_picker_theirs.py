"""Files at the services, in the picker: asked for while one waits, brought into the library once, and every trouble told in the drawer."""

# ruff: noqa: F811  (a fixture of another file is an import that every test shadows)
from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from studio.engine import theirs
from studio.models import Asset, CatalogueItem, Connection, ConnectionState, RemoteCopy, Team, User, Workspace
from tests.pages.test_picker import tabs, titles, values
from tests.pages.test_theirs import Services, services  # noqa: F401  (a fixture)
from tests.queries import queries_of

SignIn = Callable[[Client, User], Client]
HTMX = {"HX-Request": "true"}
PICTURES = {"tool": "image", "place": "images"}
FILES = {"tool": "", "kinds": "image,video,audio", "name": "files", "most": "9"}


@pytest.fixture
def maker(client: Client, creator: User, sign_in: SignIn) -> Client:
    return sign_in(client, creator)


def shelf(client: Client, **asked: str) -> str:
    answer = client.get("/picker/items/", {**PICTURES, "tab": "theirs", **asked})
    assert answer.status_code == 200
    return answer.text


def bring(client: Client, remote_id: str, **asked: str) -> Any:
    return client.post("/picker/bring/", {**PICTURES, "at": "videogen", "id": remote_id, **asked}, headers=HTMX)


def track(connection: Connection, remote_id: str, sound: str, kind: str = "track", **fields: object) -> CatalogueItem:
    return CatalogueItem.objects.create(
        team_id=connection.team_id, connection=connection, kind=kind, remote_id=remote_id, sound=sound,
        seen_at=timezone.now(), **{"title": remote_id, "search_text": remote_id, **fields},
    )  # fmt: skip


# -- The tab ----------------------------------------------------------------------------------------------------------------------
def test_a_drawer_names_the_service_and_asks_nobody_before_its_tab_is_opened(
    maker: Client,
    services: Services,
) -> None:
    page = maker.get("/picker/", {**PICTURES, "tab": "theirs"}).text
    assert tabs(page) == ["library", "uploads", "here", "theirs", "link"]
    assert ">At VideoGen</button>" in page
    assert 'data-tab="library"' in page.partition(">")[0]
    assert services.videogen.script.requests == []


def test_several_services_are_chosen_among_the_forms_own_first(maker: Client, services: Services) -> None:
    track(services.rows["influencer_studio"], "calm", services.influencer_studio.script.media("audio", "calm"))
    page = maker.get("/picker/", FILES).text
    assert ">At your providers</button>" in page
    assert re.findall(r'name="picker-at" value="(\w+)"', page) == ["influencer_studio", "videogen"]
    page = maker.get("/picker/", {"tool": "lipsync", "place": "audio", "offer": "videogen:lipsync:lipsync"}).text
    assert re.findall(r'name="picker-at" value="(\w+)"', page)[:1]
    assert "At VideoGen" in maker.get("/picker/", PICTURES).text  # Sounds are nothing for a field of pictures.


def test_files_of_other_kinds_are_left_out_and_pages_follow_each_other(
    maker: Client,
    services: Services,
) -> None:
    for number in range(60):
        services.videogen.add_file(f"Kettle {number:02}")
        services.videogen.add_file(f"Film {number:02}", "video")
    found: list[str] = []
    html = shelf(maker)
    while True:
        found += titles(html)
        more = re.search(r'data-more="([^"]+)"', html)
        if more is None:
            break
        html = shelf(maker, before=more[1])
        assert "data-picks" not in html
    assert sorted(found) == [f"Kettle {number:02}" for number in range(60)]
    assert len(services.videogen.script.requests) == 3


def test_a_long_way_to_the_next_file_of_a_kind_is_gone_page_by_page(maker: Client, services: Services) -> None:
    services.videogen.add_file("Kettle")
    for number in range(200):
        services.videogen.add_file(f"Film {number}", "video")
    first = shelf(maker)
    assert titles(first) == []
    more = re.search(r'data-more="([^"]+)"', first)
    assert more
    assert len(services.videogen.script.requests) == 3
    assert titles(shelf(maker, before=more[1])) == ["Kettle"]


def test_words_are_searched_for_there(maker: Client, services: Services) -> None:
    services.videogen.add_file("Kettle at dawn")
    services.videogen.add_file("Kettle film", "video")
    services.videogen.add_file("Beach")
    assert titles(shelf(maker, q="kettle")) == ["Kettle at dawn"]
    assert titles(shelf(maker, q="kettle", **FILES, kind="video")) == ["Kettle film"]
    assert "VideoGen finds no pictures by those words." in shelf(maker, q="zebra")


def test_nothing_there_says_what_to_do(maker: Client, services: Services) -> None:
    assert "No pictures at VideoGen yet. What you make or upload there appears here." in shelf(maker)


# -- Picking ----------------------------------------------------------------------------------------------------------------------
def test_a_picked_file_comes_once_and_stands_under_its_own_id_then(
    maker: Client,
    services: Services,
    workspace: Workspace,
) -> None:
    file_id = services.videogen.add_file("Kettle.png")
    before = shelf(maker)
    assert values(before) == [f"videogen:{file_id}"]
    assert f'data-bring="{file_id}"' in before
    answer = bring(maker, file_id)
    assert answer.status_code == 200
    asset = Asset.objects.get()
    assert (asset.workspace, asset.original_name) == (workspace, "Kettle.png")
    assert values(answer.text) == [str(asset.pk)]
    assert f'name="images" value="{asset.pk}"' in answer.text
    copy = RemoteCopy.objects.get()
    assert (copy.remote_id, copy.object_id, copy.kind) == (file_id, asset.pk, "file")

    asked = len(services.videogen.script.requests)
    assert values(bring(maker, file_id).text) == [str(asset.pk)]
    assert len(services.videogen.script.requests) == asked
    assert Asset.objects.count() == 1
    after = shelf(maker)
    assert values(after) == [str(asset.pk)]
    assert "data-bring=" not in after
    assert "in your library" in after
    assert services.videogen.script.paid == []


def test_what_another_workspace_imported_is_not_used_here(
    maker: Client,
    services: Services,
    other_workspace: Workspace,
    owner: User,
    sign_in: SignIn,
) -> None:
    file_id = services.videogen.add_file("Kettle.png")
    boss = sign_in(Client(), owner)
    boss.post("/workspaces/switch/", {"workspace": str(other_workspace.pk)})
    Asset.objects.all().delete()
    theirs_own = Asset.objects.create(
        team=other_workspace.team, workspace=other_workspace, kind="image", file="a", media_type="image/png",
        size_bytes=1, sha256="a" * 64, original_name="Kettle.png",
    )  # fmt: skip
    RemoteCopy.objects.create(
        team=other_workspace.team, connection=services.rows["videogen"], object_kind="asset", object_id=theirs_own.pk,
        kind="file", remote_id=file_id, seen_at=timezone.now(),
    )  # fmt: skip
    assert values(shelf(maker)) == [f"videogen:{file_id}"]
    brought = values(bring(maker, file_id).text)
    assert brought != [str(theirs_own.pk)]
    assert values(shelf(maker)) == brought


def test_a_track_is_brought_from_the_catalogue(maker: Client, services: Services) -> None:
    row = services.rows["influencer_studio"]
    track(row, "calm", services.influencer_studio.script.media("audio", "calm"))
    track(row, "unfinished", "")
    asked = {**FILES, "at": "influencer_studio"}
    found = shelf(maker, **asked)
    assert titles(found) == ["calm", "unfinished"]
    assert re.search(r'value="influencer_studio:unfinished"[^>]* disabled', found)
    assert "data-hear" in found
    answer = bring(maker, "calm", **asked)
    assert values(answer.text) == [str(Asset.objects.get(kind="audio").pk)]
    assert RemoteCopy.objects.get().kind == "track"
    assert values(shelf(maker, **asked))[0] == values(answer.text)[0]


def test_media_of_a_service_are_narrowed_by_what_is_known_of_them(maker: Client, services: Services) -> None:
    row, script = services.rows["videotok"], services.videotok.script
    track(row, "m1", "", "media", title="Look", picture=script.media("image", "look"), data={"type": "image"})
    track(row, "m2", "", "media", title="Film", data={"video_url": script.media("video", "film")})
    asked = {"at": "videotok"}
    assert titles(shelf(maker, **asked)) == ["Look"]
    assert titles(shelf(maker, **{**asked, **FILES})) == ["Film", "Look"]
    assert values(bring(maker, "m1", **asked).text) == [str(Asset.objects.get().pk)]
    refused = bring(maker, "m2", **asked)
    assert refused.status_code == 422
    assert "takes pictures" in refused.json()["error"]


@pytest.mark.parametrize(
    "asked", [{"at": "nowhere"}, {"id": ""}, {"at": "videotok", "id": "m1"}, {"tool": "nope"}, {"place": "prompt"}]
)
def test_nonsense_is_not_found(maker: Client, services: Services, asked: dict[str, str]) -> None:
    assert maker.post("/picker/bring/", {**PICTURES, "at": "videogen", "id": "f", **asked}).status_code == 404


def test_nobody_connected_has_no_such_tab(maker: Client) -> None:
    assert "theirs" not in tabs(maker.get("/picker/", PICTURES).text)
    assert maker.get("/picker/items/", {**PICTURES, "tab": "theirs"}).status_code == 404
    assert bring(maker, "f1").status_code == 404


# -- Trouble ----------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"status": 401, "body": {"error": {"message": "No."}}}, "VideoGen"),
        ({"status": 429, "headers": {"retry-after": "30"}}, "busy"),
        ({"status": 500}, "busy"),
        ({"drop": "before"}, "VideoGen"),
    ],
)
def test_a_service_in_trouble_is_told_in_the_drawer(
    maker: Client,
    services: Services,
    rule: dict[str, object],
    said: str,
) -> None:
    services.videogen.script.always(path="/v1/files", **rule)
    first, further = shelf(maker), shelf(maker, before="c48")
    for html in (first, further):
        alert = re.search(r'role="alert">.*?<div>(.*?)</div>', html, re.S)
        assert alert
        assert said in alert[1]
    assert "data-again" in first
    assert 'data-more="c48" data-by-hand' in further
    assert maker.get("/picker/", PICTURES).status_code == 200
    assert titles(maker.get("/picker/items/", {**PICTURES, "tab": "library"}).text) == []


def test_a_slow_service_is_waited_for_no_longer_than_its_time(
    maker: Client,
    services: Services,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(theirs.ask, "__defaults__", (0.3,))
    services.videogen.script.always(path="/v1/files", delay_seconds=30.0)
    assert "did not answer within" in shelf(maker)


def test_a_paused_service_is_not_asked(maker: Client, services: Services) -> None:
    Connection.objects.filter(provider="videogen").update(state=ConnectionState.DISABLED)
    assert "VideoGen is paused" in shelf(maker)
    refused = bring(maker, "f1")
    assert refused.status_code == 422
    assert "VideoGen is paused" in refused.json()["error"]
    assert services.videogen.script.requests == []


def test_a_file_that_is_gone_is_said(maker: Client, services: Services) -> None:
    refused = bring(maker, "vg_file_nothing")
    assert refused.status_code == 422
    assert "no longer has it" in refused.json()["error"]
    assert not Asset.objects.exists()


# -- Cost ------------------------------------------------------------------------------------------------------------------------
def test_the_tab_costs_the_same_with_10_and_1000_files(
    maker: Client,
    services: Services,
    workspace: Workspace,
) -> None:
    def add(start: int, stop: int) -> None:
        for number in range(start, stop):
            services.videogen.add_file(f"File {number}")

    add(0, 10)
    bring(maker, next(iter(services.videogen.files)))
    drawer, few = queries_of(lambda: maker.get("/picker/", PICTURES)), queries_of(lambda: shelf(maker))
    add(10, 1000)
    bring(maker, list(services.videogen.files)[-1])
    assert queries_of(lambda: shelf(maker)) == few
    assert queries_of(lambda: maker.get("/picker/", PICTURES)) == drawer
    assert few <= 20


def test_the_tab_of_a_catalogue_costs_the_same_with_10_and_1000_files(
    maker: Client, services: Services, team: Team
) -> None:
    row = services.rows["influencer_studio"]
    sound = services.influencer_studio.script.media("audio", "calm")
    asked = {**FILES, "at": "influencer_studio"}

    def add(start: int, stop: int) -> None:
        CatalogueItem.objects.bulk_create(
            CatalogueItem(team=team, connection=row, kind=("track", "media")[number % 2], remote_id=f"t{number}",
                          title=f"{number:04}", search_text=f"{number:04}", sound=sound, seen_at=timezone.now(),
                          data={"audio_url": sound})
            for number in range(start, stop)
        )  # fmt: skip

    add(0, 10)
    for remote_id in ("t0", "t1"):
        assert bring(maker, remote_id, **asked).status_code == 200
    few = queries_of(lambda: shelf(maker, **asked))
    add(10, 1000)
    assert queries_of(lambda: shelf(maker, **asked)) == few
    assert few <= 20
