"""At your providers, where a service is slow, down, or says what cannot be: plain sentences, every thing once, never an error page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client
from pytest_django import Settings

from studio.engine import catalogue, secrets, theirs
from studio.models import Asset, CatalogueItem, Connection, RemoteCopy, Team, User
from tests.queries import queries_of
from tests.upstreams.common import serve
from tests.upstreams.influencer_studio.upstream import InfluencerStudio
from tests.upstreams.videogen.server import VideoGen
from tests.upstreams.videotok.server import Videotok

SignIn = Callable[[Client, User], Client]
HTMX = {"HX-Request": "true"}
KEY = "a_key_0123456789"
HOME = "/at-your-providers/"
FILES = f"{HOME}videogen/file/"
ODD: dict[str, Any] = {"fileId": "f1", "type": "IMAGE", "displayName": "Kettle.png"}


@pytest.fixture
def page(client: Client, admin: User, sign_in: SignIn) -> Client:
    return sign_in(client, admin)


@pytest.fixture
def videogen(settings: Settings, team: Team) -> Iterator[VideoGen]:
    fake = VideoGen(KEY)
    with serve(fake):
        settings.PRIVATE_HOSTS = [fake.script.url.removeprefix("http://")]
        connect(team, "videogen", fake.script.url)
        yield fake


def connect(team: Team, provider: str, url: str) -> Connection:
    return Connection.objects.create(team=team, provider=provider, key=secrets.conceal(KEY), base_url=url)


def names(text: str) -> list[str]:
    return re.findall(r'<b title="([^"]+)"', text)


def alert(text: str) -> str:
    found = re.search(r'role="alert">.*?<div>(.*?)</div>', text, re.S)
    return found[1].strip() if found else ""


def said(answer: Any) -> str:
    return str(json.loads(answer["HX-Trigger"])["toast"]["text"])


# -- Slow, down ------------------------------------------------------------------------------------------------------------------


def test_a_service_that_says_nothing_is_given_up(
    page: Client, videogen: VideoGen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(theirs, "WITHIN_SECONDS", 0.3)
    file_id = videogen.add_file("Kettle.png")
    videogen.script.always(path="/v1/files*", hold="for ever")
    listed = page.get(FILES)
    assert listed.status_code == 200
    assert "did not answer within" in alert(listed.text)
    answer = page.post(f"{FILES}import/", {"id": file_id}, headers=HTMX)
    assert "did not answer within" in said(answer)
    assert not Asset.objects.exists()


@pytest.mark.parametrize(
    "rule",
    [
        {"status": 500},
        {"status": 503},
        {"status": 404},
        {"status": 401, "body": {"error": {"message": "No."}}},
        {"status": 403, "body": {"error": {"message": "No."}}},
        {"status": 429},
        {"drop": "before"},
        {"mangle": "garbage"},
        {"mangle": "truncated"},
        {"mangle": "cut"},
    ],
    ids=str,
)
@pytest.mark.parametrize("act", ["list", "search", "more", "import", "show", "archive"])
def test_every_act_tells_trouble_in_a_sentence(
    page: Client, videogen: VideoGen, rule: dict[str, Any], act: str
) -> None:
    file_id = videogen.add_file("Kettle.png")
    videogen.script.always(path="/v1/files*", **rule)
    if act in ("list", "search", "more"):
        answer = page.get(f"{FILES}{ {'list': '', 'search': '?q=kettle', 'more': '?cursor=next'}[act] }")
        sentence = alert(answer.text)
    else:
        sent = {"id": file_id, **({} if act == "import" else {"do": act})}
        answer = page.post(FILES + ("import/" if act == "import" else "change/"), sent, headers=HTMX)
        sentence = said(answer)
    assert answer.status_code in (200, 204)
    assert sentence.endswith(".")
    assert "VideoGen" in sentence or "127.0.0.1" in sentence
    assert not re.search(r"Traceback|Error\b|\bNone\b|\{|HTTP", sentence), sentence
    assert not Asset.objects.exists()
    assert not RemoteCopy.objects.exists()


# -- Lies ------------------------------------------------------------------------------------------------------------------------


def test_an_id_that_is_listed_twice_is_shown_once(page: Client, videogen: VideoGen) -> None:
    body = {"files": [ODD, {**ODD, "displayName": "Again.png"}, {"type": "IMAGE"}], "hasMore": False}
    videogen.script.always(path="/v1/files", body=body, status=200)
    assert names(page.get(FILES).text) == ["Again.png"]


def test_a_list_that_leads_to_itself_ends(page: Client, videogen: VideoGen) -> None:
    body = {"files": [ODD], "hasMore": True, "nextCursor": "round"}
    videogen.script.always(path="/v1/files", body=body, status=200)
    assert "cursor=round" in page.get(FILES).text
    assert "cursor=" not in page.get(f"{FILES}?cursor=round", headers=HTMX).text


def test_a_page_past_the_end_says_so(page: Client, videogen: VideoGen) -> None:
    videogen.script.always(path="/v1/files", body={"files": [], "hasMore": True, "nextCursor": "on"}, status=200)
    text = page.get(f"{FILES}?cursor=far").text
    assert "That is everything" in text
    assert "cursor=on" not in text


@pytest.mark.parametrize(
    "wrong",
    [
        {"displayName": 7, "durationSeconds": "long", "thumbnailSource": "none"},
        {"displayName": None, "type": None, "isPublicPreviewEnabled": "perhaps"},
        {"type": ["IMAGE"], "staticPublicPreviewSource": []},
        {"durationSeconds": -5, "description": {"a": 1}},
        {"displayName": "\u0000<script>alert(1)</script>" + "x" * 5000},
        {"staticPublicPreviewSource": {"url": "javascript:alert(1)"}, "isPublicPreviewEnabled": True},
    ],
    ids=str,
)
def test_wrong_types_are_shown_as_far_as_they_go(page: Client, videogen: VideoGen, wrong: dict[str, Any]) -> None:
    body = {"files": [{**ODD, **wrong}, {**ODD, "fileId": "f2", "displayName": "Fine.png"}], "hasMore": False}
    videogen.script.always(path="/v1/files", body=body, status=200)
    answer = page.get(FILES)
    assert answer.status_code == 200
    assert "Fine.png" in names(answer.text) or alert(answer.text).endswith(".")
    assert "<script>alert" not in answer.text
    assert "javascript:" not in answer.text


@pytest.mark.parametrize("body", [[], "no", {"files": "no"}, {"files": {"a": 1}}, {"files": [1, None, "x"]}, {}])
def test_what_is_no_list_is_told_or_empty(page: Client, videogen: VideoGen, body: Any) -> None:
    videogen.script.always(path="/v1/files", body=body, status=200)
    answer = page.get(FILES)
    assert answer.status_code == 200
    assert "Nothing there" in answer.text or alert(answer.text).endswith(".")


def test_a_file_without_an_address_is_told(page: Client, videogen: VideoGen) -> None:
    videogen.script.always(path="/v1/files/*/hydrate", body=ODD, status=200)
    answer = page.post(f"{FILES}import/", {"id": "f1"}, headers=HTMX)
    assert said(answer) == "VideoGen is still preparing this file. Try again in a minute."


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("https://169.254.169.254/latest", "is not on the public internet"),
        ("http://files.example.com/a.png", "Only https:// is opened"),
        ("file:///etc/passwd", "Use https://"),
    ],
)
def test_an_address_that_leads_inside_is_not_opened(page: Client, videogen: VideoGen, url: str, sentence: str) -> None:
    videogen.script.always(path="/v1/files/*/hydrate", body={**ODD, "downloadUrl": url}, status=200)
    answer = page.post(f"{FILES}import/", {"id": "f1"}, headers=HTMX)
    assert sentence in said(answer)
    assert not Asset.objects.exists()


def test_a_song_that_is_called_a_picture_is_refused(page: Client, videogen: VideoGen) -> None:
    url = videogen.script.media("audio", "song")
    videogen.script.always(path="/v1/files/*/hydrate", body={**ODD, "downloadUrl": url}, status=200)
    assert "expected" in said(page.post(f"{FILES}import/", {"id": "f1"}, headers=HTMX))
    assert not Asset.objects.exists()


# -- Pictures of files -------------------------------------------------------------------------------------------------------------


def thumb(text: str) -> str:
    found = re.search(r'src="([^"]+thumb/[^"]+)"', text)
    assert found
    return unquote(found[1]) if "&amp;" in found[1] else found[1]


def test_a_picture_without_an_address_is_asked_for_once(
    page: Client, videogen: VideoGen, settings: Settings, tmp_path: Any
) -> None:
    settings.DATA_DIR = tmp_path
    file_id = videogen.add_file("Kettle.png")
    where = thumb(page.get(FILES).text)
    url = videogen.script.media("image", "small")
    told = {**ODD, "thumbnailSource": {"status": "ready", "url": url}}
    videogen.script.always(path=f"/v1/files/{file_id}/hydrate", body=told, status=200)
    first = page.get(where)
    assert (first.status_code, first.headers["Content-Type"]) == (200, "image/png")
    asked = len(videogen.script.requests)
    assert page.get(where).status_code == 200
    assert len(videogen.script.requests) == asked


def test_a_picture_that_cannot_be_had_is_left_to_the_icon(
    page: Client, videogen: VideoGen, settings: Settings, tmp_path: Any
) -> None:
    settings.DATA_DIR = tmp_path
    videogen.add_file("Kettle.png")
    where = thumb(page.get(FILES).text)
    videogen.script.always(path="/v1/files/*", status=500)
    assert page.get(where).status_code == 204
    asked = len(videogen.script.requests)
    assert page.get(where).status_code == 204
    assert len(videogen.script.requests) == asked


def test_files_take_the_same_queries_however_many(page: Client, videogen: VideoGen) -> None:
    for number in range(10):
        videogen.add_file(f"File {number}")
    page.get(FILES)
    few = queries_of(lambda: page.get(FILES))
    for number in range(10, 1000):
        videogen.add_file(f"File {number}")
    assert queries_of(lambda: page.get(FILES)) == few


# -- The shelves that are kept -------------------------------------------------------------------------------------------------------


def test_twisted_catalogues_never_break_a_shelf(page: Client, settings: Settings, team: Team) -> None:
    """Whatever a service puts into its lists, its shelves can be looked at, and every thing on them pressed."""
    studio, videotok = InfluencerStudio(KEY), Videotok(KEY)
    with serve(studio), serve(videotok):
        settings.PRIVATE_HOSTS = [it.script.url.removeprefix("http://") for it in (studio, videotok)]
        rows = [
            connect(team, "influencer_studio", f"{studio.script.url}/api/v1"),
            connect(team, "videotok", f"{videotok.script.url}/api/v1"),
        ]
        voice = studio.own_voice("Narrator")
        studio.own_influencer("Ada")
        studio.foreign("/music/generate", title="Theirs", style="calm")
        videotok.saved.append({"id": 9, "image_urls": "none", "template_slug": 7, "media_kind": None, "label": None})
        assert all(catalogue.refresh(row) for row in rows)
        CatalogueItem.objects.filter(kind__in=("voice", "track", "avatar", "reference")).update(
            data={"language": 7, "gender": ["x"], "image_urls": 5, "kind": None, "style": {}, "heard": "no"},
            picture="not an address",
            sound="not an address",
        )
        for row in rows:
            for kind in row.items.values_list("kind", flat=True).distinct():
                if kind not in theirs.SHELVES:
                    continue
                where = f"{HOME}{row.provider}/{kind}/"
                assert page.get(where).status_code == 200, where
                for item in row.items.filter(kind=kind):
                    answer = page.post(f"{where}import/", {"id": item.remote_id}, headers=HTMX)
                    assert answer.status_code in (200, 204), item
                    assert said(answer).endswith("."), item
        assert page.get(HOME).status_code == 200
        assert page.get("/voices/?where=library").status_code == 200
        assert (
            page.post("/voices/keep", {"item": str(CatalogueItem.objects.get(remote_id=voice).pk)}).status_code == 302
        )
