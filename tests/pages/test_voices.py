"""The list of voices and a voice's page: what is shown to whom, kept once, put away and brought back, with the same few queries."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from studio.models import (
    Asset,
    Brief,
    CatalogueItem,
    Connection,
    Generation,
    Influencer,
    Kind,
    RemoteCopy,
    Team,
    Use,
    User,
    Voice,
    VoiceKind,
    Workspace,
)
from studio.speech.voices import VOICES
from tests.queries import queries_of
from tests.world import make_connection

pytestmark = pytest.mark.database

SignIn = Callable[[Client, User], Client]
HTMX = {"HX-Request": "true"}
_ROW = re.compile(r'id="row-([0-9a-z_-]+)"')


@pytest.fixture
def maker(client: Client, creator: User, sign_in: SignIn) -> Client:
    return sign_in(client, creator)


@pytest.fixture
def service(team: Team) -> Connection:
    return make_connection(team)


def voice(workspace: Workspace, name: str = "Narrator", **fields: Any) -> Voice:
    return Voice.objects.create(team_id=workspace.team_id, workspace=workspace, name=name, **fields)


def listed(service: Connection, name: str, **data: Any) -> CatalogueItem:
    return CatalogueItem.objects.create(
        team_id=service.team_id,
        connection=service,
        kind="voice",
        remote_id=f"there-{name}",
        title=name,
        search_text=name.lower(),
        data=data,
        seen_at=timezone.now(),
    )


def rows(page: str) -> list[str]:
    return _ROW.findall(page)


def test_the_list_shows_those_of_this_screen(
    maker: Client, workspace: Workspace, other_workspace: Workspace, team: Team
) -> None:
    mine = voice(workspace, "Mine", language="de", gender="female", style="warm", kind=VoiceKind.CLONED)
    everybodys = Voice.objects.create(team=team, name="Everybody's")
    voice(other_workspace, "Hidden")
    voice(workspace, "Old", archived_at=timezone.now())
    page = maker.get("/voices/").text
    assert rows(page) == [str(everybodys.pk), str(mine.pk)]
    assert "Cloned, German, Female, warm" in page
    assert "Old" in maker.get("/voices/?archived=1").text


def test_filters_narrow_and_name_what_there_is(maker: Client, workspace: Workspace) -> None:
    warm = voice(workspace, "Ines", language="ko", gender="female", style="warm", is_favourite=True)
    dry = voice(workspace, "Kofi", language="en", gender="male", style="dry", description="late radio")
    for query, expected in (
        ("language=ko", warm),
        ("gender=male", dry),
        ("style=warm", warm),
        ("favourite=1", warm),
        ("q=radio", dry),
        ("q=KOF", dry),
    ):
        assert rows(maker.get(f"/voices/?{query}").text) == [str(expected.pk)], query
    page = maker.get("/voices/?language=ko").text
    assert "Korean" in page
    assert 'href="/voices/?language=en"' in page
    assert "No voice like that" in maker.get("/voices/?q=nobody").text


def test_a_services_voices_are_marked_and_kept_once(
    maker: Client, workspace: Workspace, service: Connection, creator: User
) -> None:
    item = listed(service, "Rowan", language="en-GB", gender="male", accent="British")
    other = listed(service, "Aria", language="en-US")
    page = maker.get("/voices/?where=library").text
    assert rows(page) == [str(other.pk), str(item.pk)]
    assert "VideoGen" in page
    assert rows(maker.get("/voices/?where=library&language=en-GB").text) == [str(item.pk)]
    for _ in range(2):
        answer = maker.post("/voices/keep", {"item": str(item.pk)}, headers=HTMX)
        assert answer.status_code == 200
    kept = Voice.objects.get()
    assert (kept.name, kept.kind, kept.language, kept.gender) == ("Rowan", VoiceKind.LIBRARY, "en-GB", "male")
    assert kept.workspace == workspace
    assert RemoteCopy.objects.get().remote_id == item.remote_id
    assert rows(maker.get("/voices/?where=library").text) == [str(other.pk)]
    maker.post(f"/voices/{kept.pk}/archive")
    assert str(item.pk) in rows(maker.get("/voices/?where=library").text)
    maker.post("/voices/keep", {"item": str(item.pk)})
    kept.refresh_from_db()
    assert kept.archived_at is None


def test_a_voice_of_this_server_is_kept_once(maker: Client) -> None:
    page = maker.get("/voices/?where=local").text
    assert rows(page) == [it.name for it in VOICES]
    for _ in range(2):
        assert maker.post("/voices/keep", {"name": VOICES[1].name}).status_code == 302
    kept = Voice.objects.get()
    assert (kept.kind, kept.local_name) == (VoiceKind.LOCAL, VOICES[1].name)
    assert rows(maker.get("/voices/?where=local").text) == [
        str(kept.pk),
        *(it.name for it in VOICES if it != VOICES[1]),
    ]
    assert rows(maker.get("/voices/").text) == []
    assert maker.post("/voices/keep", {"name": "nobody"}).status_code == 404


def test_pages_follow_each_other_without_a_gap(maker: Client, workspace: Workspace) -> None:
    made = [str(voice(workspace, f"Voice {number}").pk) for number in range(65)]
    found: list[str] = []
    address = "/voices/"
    while address:
        page = maker.get(address, headers=HTMX if found else {}).text
        found += rows(page)
        more = re.search(r'id="more" hx-get="([^"]+)"', page)
        address = more[1].replace("&amp;", "&") if more else ""
    assert found == made[::-1]


@pytest.mark.parametrize("where", ["", "library"])
def test_the_list_takes_the_same_queries_however_long(
    maker: Client, workspace: Workspace, service: Connection, where: str
) -> None:
    person = Influencer.objects.create(team_id=workspace.team_id, workspace=workspace, name="Ada")

    def fill(count: int) -> None:
        now = timezone.now()
        Voice.objects.bulk_create(
            [Voice(team_id=workspace.team_id, workspace=workspace, name=f"V{number}") for number in range(count)]
        )
        CatalogueItem.objects.bulk_create(
            [
                CatalogueItem(
                    team_id=service.team_id,
                    connection=service,
                    kind="voice",
                    remote_id=uuid4().hex,
                    title=f"L{number}",
                    seen_at=now,
                )
                for number in range(count)
            ]
        )
        person.voice = Voice.objects.order_by("-pk").first()
        person.save()

    fill(10)
    maker.get("/voices/")
    few = queries_of(lambda: maker.get(f"/voices/?where={where}"))
    fill(990)
    many = queries_of(lambda: maker.get(f"/voices/?where={where}"))
    assert many == few


@pytest.mark.parametrize("where", ["page", "new"])
def test_a_voice_takes_the_same_queries_however_many_people_there_are(
    maker: Client, workspace: Workspace, where: str
) -> None:
    it = voice(workspace)
    address = f"/voices/{it.pk}/" if where == "page" else "/voices/new/"

    def fill(count: int) -> None:
        Influencer.objects.bulk_create(
            Influencer(
                team_id=workspace.team_id, workspace=workspace, name=f"P{number}", voice=it if number % 2 else None
            )
            for number in range(count)
        )

    fill(10)
    maker.get(address)
    few = queries_of(lambda: maker.get(address))
    fill(990)
    assert queries_of(lambda: maker.get(address)) == few


def test_facts_are_changed_and_a_nameless_voice_is_refused(maker: Client, workspace: Workspace) -> None:
    it = voice(workspace)
    answer = maker.post(
        f"/voices/{it.pk}/facts",
        {"name": "Mara", "language": "sv", "gender": "female", "style": "bright"},
        headers=HTMX,
    )
    assert "Swedish" in answer.text
    it.refresh_from_db()
    assert (it.name, it.language, it.gender, it.style) == ("Mara", "sv", "female", "bright")
    refused = maker.post(f"/voices/{it.pk}/facts", {"name": " "}, headers=HTMX)
    assert refused.status_code == 422
    assert "Give the voice a name." in refused.text


def test_an_influencer_gets_the_voice_and_gives_it_back(maker: Client, workspace: Workspace) -> None:
    it = voice(workspace)
    ada = Influencer.objects.create(team_id=workspace.team_id, workspace=workspace, name="Ada")
    maker.post(f"/voices/{it.pk}/influencer", {"influencer": str(ada.pk)})
    ada.refresh_from_db()
    assert ada.voice == it
    assert "Ada" in maker.get(f"/voices/{it.pk}/").text
    assert "Voice of Ada" in maker.get("/voices/").text
    maker.post(f"/voices/{it.pk}/influencer", {"influencer": str(ada.pk), "off": "1"})
    ada.refresh_from_db()
    assert ada.voice is None


def test_archiving_never_breaks_what_was_made(maker: Client, workspace: Workspace, service: Connection) -> None:
    it = voice(workspace)
    RemoteCopy.objects.create(
        team_id=it.team_id,
        connection=service,
        object_kind="voice",
        object_id=it.pk,
        kind="voice",
        remote_id="there",
        seen_at=timezone.now(),
    )
    said = maker.post(f"/voices/{it.pk}/say", {"nonce": uuid4().hex, "line": "Good morning."}, headers=HTMX)
    assert said.status_code == 200
    assert "hx-swap-oob" in said.text
    assert Use.objects.get().object_id == it.pk
    answer = maker.post(f"/voices/{it.pk}/archive?on=row", headers=HTMX)
    assert "Undo" in answer.headers["HX-Trigger"]
    page = maker.get(f"/voices/{it.pk}/").text
    assert "Made with it" in page
    assert "Hear it say" not in page
    refused = maker.post(f"/voices/{it.pk}/say", {"nonce": uuid4().hex, "line": "Again."}, headers=HTMX)
    assert refused.status_code == 422
    maker.post(f"/voices/{it.pk}/restore")
    assert "Hear it say" in maker.get(f"/voices/{it.pk}/").text


def test_one_nonce_says_it_once(maker: Client, workspace: Workspace, service: Connection) -> None:
    it = voice(workspace)
    RemoteCopy.objects.create(
        team_id=it.team_id,
        connection=service,
        object_kind="voice",
        object_id=it.pk,
        kind="voice",
        remote_id="there",
        seen_at=timezone.now(),
    )
    nonce = uuid4().hex
    for _ in range(3):
        assert maker.post(f"/voices/{it.pk}/say", {"nonce": nonce, "line": "Once."}).status_code == 302
    assert Brief.objects.count() == 1
    for wrong in ({"line": ""}, {"line": "x" * 301}, {"line": "Hello", "nonce": ""}):
        sent = {"nonce": uuid4().hex, **wrong}
        assert maker.post(f"/voices/{it.pk}/say", sent, headers=HTMX).status_code == 422
    assert Brief.objects.count() == 1


def test_a_reviewer_listens_and_changes_nothing(
    client: Client, reviewer: User, workspace: Workspace, sign_in: SignIn
) -> None:
    it = voice(workspace)
    page = sign_in(client, reviewer).get(f"/voices/{it.pk}/").text
    for word in ("Archive", "Hear it say", "Edit", "Give this voice"):
        assert word not in page
    assert "Clone this voice" not in client.get("/voices/").text


def test_a_preview_is_heard_and_its_waveform_drawn(maker: Client, workspace: Workspace) -> None:
    sound = Asset.objects.create(
        team_id=workspace.team_id,
        workspace=workspace,
        kind=Kind.AUDIO,
        media_type="audio/mpeg",
        size_bytes=10,
        sha256="0" * 64,
        duration_seconds=42.2,
        peaks=[10, 90, 40],
    )
    voice(workspace, "Amara", preview=sound)
    page = maker.get("/voices/").text
    assert f'data-play="/media/{sound.pk}/original"' in page
    assert "0:42" in page


def test_a_voice_of_this_server_says_a_line_for_nothing(maker: Client) -> None:
    maker.post("/voices/keep", {"name": VOICES[0].name})
    it = Voice.objects.get()
    page = maker.get(f"/voices/{it.pk}/").text
    assert "/static/voices/af_heart" in page
    said = maker.post(f"/voices/{it.pk}/say", {"nonce": uuid4().hex, "line": "Good morning."})
    assert said.status_code == 302
    generation = Generation.objects.get()
    assert (generation.provider, generation.inputs["voice"]) == ("local", str(it.pk))
    assert "free" in page
