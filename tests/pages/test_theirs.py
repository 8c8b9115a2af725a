"""At your providers, against the three scripted services: what is listed, imported once, linked, archived, and how trouble is told."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from studio.engine import catalogue, people_sync, secrets
from studio.models import (
    Asset,
    Brand,
    CatalogueItem,
    Connection,
    ConnectionState,
    Influencer,
    Readiness,
    Reference,
    RemoteCopy,
    Team,
    User,
    Voice,
    VoiceKind,
    Workspace,
)
from tests.factories import make_brand, make_output
from tests.queries import queries_of
from tests.upstreams.common import serve
from tests.upstreams.influencer_studio.upstream import InfluencerStudio
from tests.upstreams.videogen.files import File
from tests.upstreams.videogen.server import VideoGen
from tests.upstreams.videotok.server import Videotok

SignIn = Callable[[Client, User], Client]
HTMX = {"HX-Request": "true"}
KEYS = {
    "videogen": "sk_videogen_live_0123456789",
    "influencer_studio": "is_key_0123456789",
    "videotok": "vt_live_0123456789",
}
BASE = {"videogen": "", "influencer_studio": "/api/v1", "videotok": "/api/v1"}
HOME = "/at-your-providers/"


@dataclass
class Services:
    videogen: VideoGen
    influencer_studio: InfluencerStudio
    videotok: Videotok
    rows: dict[str, Connection]

    def read(self) -> None:
        """The catalogues, as the worker reads them."""
        for row in self.rows.values():
            assert catalogue.refresh(row), row.catalogue_message


@pytest.fixture
def services(settings: Settings, team: Team) -> Iterator[Services]:
    fakes = VideoGen(KEYS["videogen"]), InfluencerStudio(KEYS["influencer_studio"]), Videotok(KEYS["videotok"])
    with serve(fakes[0]), serve(fakes[1]), serve(fakes[2]):
        settings.PRIVATE_HOSTS = [fake.script.url.removeprefix("http://") for fake in fakes]
        rows = {
            name: Connection.objects.create(
                team=team, provider=name, key=secrets.conceal(KEYS[name]), base_url=fake.script.url + BASE[name]
            )
            for name, fake in zip(KEYS, fakes, strict=True)
        }
        yield Services(*fakes, rows)


@pytest.fixture
def page(client: Client, creator: User, sign_in: SignIn) -> Client:
    return sign_in(client, creator)


def bring(page: Client, provider: str, kind: str, remote_id: str, **headers: str) -> str:
    answer = page.post(f"{HOME}{provider}/{kind}/import/", {"id": remote_id}, headers={**HTMX, **headers})
    return answer.text + answer.headers.get("HX-Trigger", "")


def toast(answer: object) -> dict[str, str]:
    return dict(json.loads(answer["HX-Trigger"])["toast"])  # type: ignore[index]


# -- What is listed --------------------------------------------------------------------------------------------------------------


def test_every_account_shows_its_shelves(page: Client, services: Services) -> None:
    services.influencer_studio.own_influencer("Ada Rivers")
    services.influencer_studio.own_voice("Narrator")
    services.read()
    shown = page.get(HOME).text
    for title in (
        "VideoGen",
        "Influencer Studio",
        "Videotok",
        "Influencers",
        "Voices",
        "Brand kits",
        "Avatars",
        "Files",
    ):
        assert title in shown
    for name, kind in (("videogen", "file"), ("influencer_studio", "influencer"), ("videotok", "brand_kit")):
        assert reverse("theirs_shelf", args=[name, kind]) in shown
    assert "Ada Rivers" in page.get(f"{HOME}influencer_studio/influencer/").text
    assert "House brand" in page.get(f"{HOME}videotok/brand_kit/").text
    assert 'data-go="p"' in shown


def test_an_account_waits_for_its_lists_and_then_no_more(page: Client, services: Services) -> None:
    waiting = page.get(HOME).text
    for row in services.rows.values():
        assert f'hx-select="#at-{row.provider}"' in waiting
    assert waiting.count("lists is being read") == 3
    services.read()
    read = page.get(HOME).text
    assert "hx-select" not in read
    assert "is being read" not in read


def test_a_list_that_could_not_be_read_is_not_waited_for(page: Client, services: Services) -> None:
    row = services.rows["videotok"]
    row.catalogue_message = "Videotok does not answer."
    row.save()
    shown = page.get(HOME).text
    assert "Videotok does not answer." in shown
    assert 'hx-select="#at-videotok"' not in shown
    assert "Videotok lists nothing" not in shown


def test_the_first_page_asks_nobody(page: Client, services: Services) -> None:
    page.get(HOME)
    assert services.videogen.script.requests == []


def test_nothing_connected_says_what_to_do(client: Client, creator: User, admin: User, sign_in: SignIn) -> None:
    assert "An owner or admin of your team can connect" in sign_in(client, creator).get(HOME).text
    assert reverse("connections") in sign_in(Client(), admin).get(HOME).text


@pytest.mark.parametrize(
    "address", ["videogen/file/", "videotok/voice/", "local/voice/", "videogen/offer/", "videotok/file/"]
)
def test_what_is_no_shelf_is_not_found(page: Client, address: str) -> None:
    assert page.get(HOME + address).status_code == 404


def test_a_shelf_is_narrowed_and_paged_by_a_key(page: Client, services: Services) -> None:
    row = services.rows["videogen"]
    many(row, 110)
    found: list[str] = []
    address = f"{HOME}videogen/voice/"
    while address:
        text = page.get(address, headers=HTMX if found else {}).text
        found += re.findall(r'name="id" value="(v\d+)"', text)
        more = re.search(r'hx-get="([^"]+after=[^"]+)"', text)
        address = more[1] if more else ""
    assert found == [f"v{number}" for number in range(110)]
    assert re.findall(r'value="(v\d+)"', page.get(f"{HOME}videogen/voice/?q=number+107").text) == ["v107"]
    assert "Nothing like it" in page.get(f"{HOME}videogen/voice/?q=zebra").text


def many(row: Connection, count: int, start: int = 0) -> None:
    CatalogueItem.objects.bulk_create(
        CatalogueItem(
            team_id=row.team_id,
            connection=row,
            kind="voice",
            remote_id=f"v{number}",
            title=f"Voice number {number}",
            search_text=f"voice number {number}",
            seen_at=timezone.now(),
        )
        for number in range(start, start + count)
    )


def test_queries_are_flat(page: Client, services: Services, workspace: Workspace) -> None:
    row = services.rows["videogen"]
    many(row, 10)
    bring(page, "videogen", "voice", "v1")
    few = [queries_of(lambda at=at: page.get(at)) for at in (HOME, f"{HOME}videogen/voice/")]  # type: ignore[misc]
    many(row, 990, start=10)
    for number in range(2, 12):
        bring(page, "videogen", "voice", f"v{number}")
    assert [queries_of(lambda at=at: page.get(at)) for at in (HOME, f"{HOME}videogen/voice/")] == few  # type: ignore[misc]


# -- Importing -------------------------------------------------------------------------------------------------------------------


def test_a_file_comes_once_and_is_found_the_second_time(page: Client, services: Services, workspace: Workspace) -> None:
    file_id = services.videogen.add_file("Kettle.png")
    shelf = page.get(f"{HOME}videogen/file/").text
    assert "Kettle.png" in shelf
    assert "Image" in shelf
    assert "is in your library." in bring(page, "videogen", "file", file_id)
    asset = Asset.objects.get()
    assert (asset.workspace, asset.kind, asset.original_name) == (workspace, "image", "Kettle.png")
    assert RemoteCopy.objects.get().remote_id == file_id
    before = len(services.videogen.script.requests)
    again = bring(page, "videogen", "file", file_id)
    assert "was in your library already" in again
    assert reverse("media", args=[asset.pk, "original"]) in again
    assert len(services.videogen.script.requests) == before
    assert Asset.objects.count() == 1
    assert "In your library" in page.get(f"{HOME}videogen/file/").text
    assert services.videogen.script.paid == []


def test_what_was_made_here_leads_to_its_output(page: Client, services: Services, workspace: Workspace) -> None:
    output = make_output(workspace)
    assert output.asset_id
    file_id = services.videogen.add_file("Made here.png")
    RemoteCopy.objects.create(
        team=workspace.team,
        connection=services.rows["videogen"],
        object_kind="asset",
        object_id=output.asset_id,
        kind="file",
        remote_id=file_id,
        seen_at=timezone.now(),
    )
    assert reverse("output", args=[output.pk]) in page.get(f"{HOME}videogen/file/").text


def test_what_others_imported_elsewhere_stays_theirs(
    page: Client, services: Services, owner: User, other_workspace: Workspace, sign_in: SignIn
) -> None:
    """A creator of one workspace sees nothing of what came into another, and imports it again."""
    file_id = services.videogen.add_file("Kettle.png")
    boss = sign_in(Client(), owner)
    boss.post(reverse("switch_workspace"), {"workspace": str(other_workspace.pk)})
    bring(boss, "videogen", "file", file_id)
    assert Asset.objects.get().workspace == other_workspace
    assert "In your library" not in page.get(f"{HOME}videogen/file/").text
    assert "is in your library." in bring(page, "videogen", "file", file_id)
    assert Asset.objects.count() == 2


@pytest.mark.parametrize(("kind", "name", "words"), [("video", "Clip.mp4", "Video"), ("audio", "Song.mp3", "Audio")])
def test_films_and_sounds_come_too(page: Client, services: Services, kind: str, name: str, words: str) -> None:
    file_id = services.videogen.add_file(name, kind)
    assert words in page.get(f"{HOME}videogen/file/").text
    assert "is in your library." in bring(page, "videogen", "file", file_id)
    assert Asset.objects.get().kind == kind


def test_what_the_library_does_not_keep_is_said(page: Client, services: Services) -> None:
    services.videogen.shelve(File("vg_file_deck", "Deck", "PDF", "image", data=b"there"))
    shelf = page.get(f"{HOME}videogen/file/").text
    assert "Only pictures, films and sounds can be imported." in shelf
    assert 'aria-label="Import Deck"' not in shelf
    assert "something else" in bring(page, "videogen", "file", "vg_file_deck")


def test_a_file_that_is_gone_is_said(page: Client, services: Services) -> None:
    answer = bring(page, "videogen", "file", "vg_file_nothing")
    assert "VideoGen no longer has it" in answer
    assert not Asset.objects.exists()


def test_a_person_comes_with_readiness_and_pictures_follow(
    page: Client, services: Services, workspace: Workspace
) -> None:
    ready = services.influencer_studio.own_influencer("Ada Rivers")
    training = services.influencer_studio.own_influencer("Ben Sol", ready=False)
    services.read()
    assert "is in your library." in bring(page, "influencer_studio", "influencer", ready)
    bring(page, "influencer_studio", "influencer", training)
    ada, ben = Influencer.objects.order_by("name")
    assert (ada.name, ada.readiness, ada.workspace) == ("Ada Rivers", Readiness.READY, workspace)
    assert ben.readiness == Readiness.TRAINING
    people_sync.bring_pictures(ada.pk)
    assert ada.photos.count() == 1
    copy = RemoteCopy.objects.get(object_id=ada.pk)
    assert (copy.object_kind, copy.kind, copy.remote_id) == ("influencer", "influencer", ready)
    assert "already" in bring(page, "influencer_studio", "influencer", ready)
    assert Influencer.objects.count() == 2


def test_a_person_of_a_hidden_workspace_is_not_shown(
    page: Client, services: Services, owner: User, other_workspace: Workspace, sign_in: SignIn
) -> None:
    made = services.influencer_studio.own_influencer("Ada Rivers")
    services.read()
    boss = sign_in(Client(), owner)
    boss.post(reverse("switch_workspace"), {"workspace": str(other_workspace.pk)})
    bring(boss, "influencer_studio", "influencer", made)
    row = Influencer.objects.get()
    assert row.workspace == other_workspace
    said = bring(page, "influencer_studio", "influencer", made)
    assert "is in another workspace of your team" in said
    assert str(row.pk) not in said + page.get(f"{HOME}influencer_studio/influencer/").text


def test_an_address_that_has_ended_is_asked_for_anew(page: Client, services: Services) -> None:
    voice = services.influencer_studio.own_voice("Narrator")
    services.read()
    services.influencer_studio.script.expire_media()
    bring(page, "influencer_studio", "voice", voice)
    found = Voice.objects.get()
    assert found.preview is not None
    assert found.kind == VoiceKind.CLONED


def test_a_track_is_a_sound_of_the_library(page: Client, services: Services) -> None:
    services.influencer_studio.foreign("/music/generate", title="Theirs", style="calm")
    services.read()
    item = CatalogueItem.objects.get(kind="track")
    assert "is in your library." in bring(page, "influencer_studio", "track", item.remote_id)
    asset = Asset.objects.get()
    assert asset.kind == "audio"
    assert RemoteCopy.objects.get().kind == "track"


def test_a_voice_of_a_library_comes_without_a_sample(page: Client, services: Services) -> None:
    services.read()
    item = CatalogueItem.objects.filter(kind="voice", connection=services.rows["videogen"]).first()
    assert item
    bring(page, "videogen", "voice", item.remote_id)
    voice = Voice.objects.get()
    assert (voice.name, voice.kind, voice.preview) == (item.title, VoiceKind.LIBRARY, None)


def listed(services: Services, kind: str, remote_id: str, **fields: object) -> None:
    row = services.rows["videotok"]
    CatalogueItem.objects.create(
        team_id=row.team_id, connection=row, kind=kind, remote_id=remote_id, seen_at=timezone.now(), **fields
    )


def test_a_reference_keeps_its_pictures_and_its_template(page: Client, services: Services) -> None:
    pictures = [services.videotok.script.media("image", seed) for seed in ("one", "two")]
    facts = {"image_urls": pictures, "template_slug": "product-shoot", "template_category": "static-ads"}
    listed(services, "reference", "ref_1", title="Morning light", data=facts, picture=pictures[0])
    bring(page, "videotok", "reference", "ref_1")
    found = Reference.objects.get()
    assert (found.label, found.template_slug, found.source) == ("Morning light", "product-shoot", "Videotok")
    assert found.media.count() == 2
    assert RemoteCopy.objects.get(object_id=found.pk).remote_id == "ref_1"


def test_an_avatar_becomes_an_influencer_known_as_an_avatar(page: Client, services: Services) -> None:
    listed(services, "avatar", "avatar_7", title="Mia", picture=services.videotok.script.media("image", "mia"))
    bring(page, "videotok", "avatar", "avatar_7")
    copy = RemoteCopy.objects.get(object_kind="influencer")
    assert (copy.kind, copy.object_id) == ("avatar", Influencer.objects.get().pk)


def test_what_leads_inside_is_not_fetched(page: Client, services: Services) -> None:
    listed(services, "avatar", "avatar_8", title="Mia", picture="https://169.254.169.254/latest/meta-data")
    assert "is not on the public internet" in bring(page, "videotok", "avatar", "avatar_8")
    assert not Influencer.objects.exists()


def test_what_is_no_picture_is_refused(page: Client, services: Services) -> None:
    listed(services, "avatar", "avatar_9", title="Mia", picture=services.videotok.script.media("audio", "mia"))
    assert "expected" in bring(page, "videotok", "avatar", "avatar_9")
    assert not Influencer.objects.exists()


def test_without_script_everything_goes_back_to_its_shelf(page: Client, services: Services) -> None:
    file_id = services.videogen.add_file("Kettle.png")
    answer = page.post(f"{HOME}videogen/file/import/", {"id": file_id}, follow=True)
    assert answer.redirect_chain == [(f"{HOME}videogen/file/", 302)]
    assert "is in your library." in answer.content.decode()
    refused = page.post(f"{HOME}videogen/file/import/", {"id": "nothing"}, follow=True)
    assert "VideoGen no longer has it" in refused.content.decode()


# -- Trouble -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"status": 401, "body": {"error": {"message": "No."}}}, "VideoGen"),
        ({"status": 429, "headers": {"retry-after": "30"}}, "busy"),
        ({"status": 500}, "busy"),
        ({"drop": "before"}, "VideoGen"),
    ],
)
def test_trouble_is_told_in_its_place(page: Client, services: Services, rule: dict[str, object], said: str) -> None:
    services.videogen.script.always(path="/v1/files", **rule)
    answer = page.get(f"{HOME}videogen/file/")
    assert answer.status_code == 200
    alert = re.search(r'role="alert">.*?<div>(.*?)</div>', answer.text, re.S)
    assert alert
    assert said in alert[1]
    assert page.get(HOME).status_code == 200
    assert page.get(f"{HOME}videotok/brand_kit/").status_code == 200


def test_a_paused_account_is_not_asked(page: Client, services: Services) -> None:
    Connection.objects.filter(provider="videogen").update(state=ConnectionState.DISABLED)
    assert "VideoGen is paused" in page.get(f"{HOME}videogen/file/").text
    assert "VideoGen is paused" in page.get(HOME).text
    assert services.videogen.script.requests == []


# -- VideoGen's files ----------------------------------------------------------------------------------------------------------------


def test_files_are_paged_and_searched(page: Client, services: Services) -> None:
    for number in range(30):
        services.videogen.add_file(f"File {number:02}")
    first = page.get(f"{HOME}videogen/file/").text
    cursor = re.search(r'href="([^"]+cursor=[^"]+)"', first)
    assert cursor
    second = page.get(cursor[1].replace("&amp;", "&"), headers=HTMX).text
    names = re.findall(r"<b title=\"(File \d+)\"", first + second)
    assert sorted(names) == [f"File {number:02}" for number in range(30)]
    found = page.get(f"{HOME}videogen/file/?q=File+17", headers=HTMX).text
    assert re.findall(r"<b title=\"(File \d+)\"", found) == ["File 17"]


def change(client: Client, file_id: str, do: str) -> object:
    return client.post(f"{HOME}videogen/file/change/", {"id": file_id, "do": do}, headers=HTMX)


def test_an_admin_shows_a_file_to_anybody_and_to_nobody(
    client: Client, admin: User, sign_in: SignIn, services: Services
) -> None:
    file_id = services.videogen.add_file("Kettle.png")
    sign_in(client, admin)
    assert "Anybody with the link can then see it" in client.get(f"{HOME}videogen/file/").text
    shown = change(client, file_id, "show")
    assert services.videogen.files[file_id].preview
    assert "/media/public-" in shown.text  # type: ignore[attr-defined]
    assert toast(shown)["text"] == "Anybody with its link can see it now."
    hidden = change(client, file_id, "hide")
    assert not services.videogen.files[file_id].preview
    assert "Turn the link on" in hidden.text  # type: ignore[attr-defined]


def test_an_admin_archives_a_file(client: Client, admin: User, sign_in: SignIn, services: Services) -> None:
    file_id = services.videogen.add_file("Kettle.png")
    sign_in(client, admin)
    assert "nothing brings it back from here" in client.get(f"{HOME}videogen/file/").text
    answer = change(client, file_id, "archive")
    assert "Archived at VideoGen" in answer.text  # type: ignore[attr-defined]
    assert services.videogen.files[file_id].archived
    assert "Kettle.png" not in client.get(f"{HOME}videogen/file/").text


def test_a_creator_is_not_offered_either(page: Client, services: Services) -> None:
    services.videogen.add_file("Kettle.png")
    assert "Turn the link on" not in page.get(f"{HOME}videogen/file/").text


# -- Brand kits ------------------------------------------------------------------------------------------------------------------------


def test_a_brand_is_linked_to_a_kit_and_unlinked(page: Client, services: Services, team: Team) -> None:
    services.read()
    brand = make_brand(team)
    order = {"id": "42", "brand": str(brand.pk)}
    answer = page.post(f"{HOME}videotok/brand_kit/link/", order, headers=HTMX)
    assert "goes along whenever something is made for Halden" in answer["HX-Trigger"]
    copy = RemoteCopy.objects.get()
    assert (copy.object_kind, copy.kind, copy.object_id, copy.remote_id) == ("brand", "brand_kit", brand.pk, "42")
    assert f"Unlink {brand.name}" in page.get(f"{HOME}videotok/brand_kit/").text
    page.post(f"{HOME}videotok/brand_kit/link/", {**order, "do": "unlink"})
    assert not RemoteCopy.objects.exists()


def test_a_brand_of_another_workspace_is_not_linked(
    page: Client, services: Services, team: Team, other_workspace: Workspace
) -> None:
    services.read()
    hidden = Brand.objects.create(team=team, workspace=other_workspace, name="Kestrel")
    answer = page.post(f"{HOME}videotok/brand_kit/link/", {"id": "42", "brand": str(hidden.pk)}, headers=HTMX)
    assert "not in use here" in toast(answer)["text"]
    assert "Kestrel" not in page.get(f"{HOME}videotok/brand_kit/").text
    assert not RemoteCopy.objects.exists()
