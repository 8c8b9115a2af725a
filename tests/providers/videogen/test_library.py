"""What a key opens: account, voices, who can present, entities, files."""

from __future__ import annotations

from functools import partial

import pytest

from studio.dialects.base import Gone, NotConfigured, NotTaken, Refused, Unreadable
from studio.dialects.videogen import wire as messages
from studio.dialects.videogen.eras import NotInEra
from studio.providers.videogen import library
from tests.dialects.videogen.cases import ERAS
from tests.providers.videogen.conftest import Open, World


@pytest.mark.parametrize("era", ERAS)
def test_proves_the_key_with_one_free_call(opened: Open, era: str) -> None:
    world = opened(era)
    said = world.ask(world.provider.test)
    [sent] = world.script.requests
    path = "/v1/resources/tts-voices" if era == "0" else "/v1/me"
    assert (sent.method, sent.path, sent.query, sent.bearer) == ("GET", path, {}, "key-1")
    assert said == ("Connected to VideoGen." if era == "0" else "Connected as sam@example.com with the key “Backlot”.")
    assert world.script.paid == []


@pytest.mark.parametrize("era", ERAS)
def test_a_wrong_key_is_told(opened: Open, era: str) -> None:
    world = opened(era)
    with pytest.raises(NotConfigured, match="does not accept this key"):
        world.ask(world.provider.test, key="wrong")


def test_no_account_call_speaks_of_an_older_era(opened: Open) -> None:
    world = opened("0")
    world.era = "2"
    with pytest.raises(Refused, match=r"names of 0\.x") as refused:
        world.ask(world.provider.test)
    assert refused.value.code == "era"


@pytest.mark.parametrize("era", ERAS)
def test_something_else_at_the_address_is_told(opened: Open, era: str) -> None:
    world = opened(era)
    world.script.next(status=200, body={"hello": "world"})
    with pytest.raises(Refused, match="it is not VideoGen"):
        world.ask(world.provider.test)
    world.script.next(status=200, body=b"<html>", headers={"content-type": "text/html"})
    with pytest.raises(Unreadable):
        world.ask(world.provider.test)


def test_there_is_no_balance(world: World) -> None:
    assert world.ask(world.provider.balance) is None
    assert world.script.requests == []


@pytest.mark.parametrize("era", ERAS)
def test_the_catalogue_of_each_era(opened: Open, era: str) -> None:
    world = opened(era)
    found = world.ask(world.provider.catalogue)
    by_kind = {
        kind: [entry for entry in found if entry.kind == kind] for kind in ("voice", "presenter", "entity", "file")
    }
    assert [voice.title for voice in by_kind["voice"]] == ["Rowan", "Lucía"], (
        "workflow-only and retired ones are left out"
    )
    assert by_kind["voice"][0].data["language"] == "en-GB"
    presenters = [entry.remote_id for entry in by_kind["presenter"]]
    assert presenters == (["vg_enti_a1"] if era == "2" else ["vg_pres_k1", "vg_pres_k2"])
    assert by_kind["presenter"][0].title == ("Nora" if era == "2" else "Presenter 1, female")
    assert len(by_kind["entity"]) == (0 if era == "0" else 3)
    assert len(by_kind["file"]) == 5
    queries = {request.path: request.query for request in world.script.requests}
    paged = {} if era == "0" else {"limit": ["200"]}
    paths = {
        "2": ("/v1/entities",),
        "1": ("/v1/resources/avatar-presenters", "/v1/entities"),
        "0": ("/v1/resources/avatar-presenters",),
    }
    assert queries == dict.fromkeys(("/v1/resources/tts-voices", "/v1/files", *paths[era]), paged)


def test_asks_for_voices_with_everything_that_can_be_said(world: World) -> None:
    asked = messages.VoicesQuery(include_deprecated_voices=True, query="retired")
    found = world.ask(lambda wire: library.voices(wire, asked))
    assert [voice.voice_id for voice in found] == ["vg_voic_d0"]
    [sent] = world.script.requests
    assert sent.query == {"limit": ["200"], "includeDeprecatedVoices": ["true"], "query": ["retired"]}


def test_era_0_asks_for_retired_voices_without_pages(opened: Open) -> None:
    world = opened("0")
    found = world.ask(lambda wire: library.voices(wire, messages.VoicesQuery(include_deprecated_voices=True)))
    assert len(found) == 4
    assert world.script.requests[0].query == {"includeDeprecatedVoices": ["true"]}
    with pytest.raises(NotInEra):
        world.ask(lambda wire: library.voices(wire, messages.VoicesQuery(query="x")))


def test_follows_the_cursor_and_stops_where_it_repeats(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studio.providers.videogen.calls.PAGE", 1)
    found = world.ask(library.voices)
    assert len(found) == 3
    assert [request.query.get("cursor", [""])[0] for request in world.script.requests] == ["", "c1", "c2"]
    world.script.always(path="/v1/resources/tts-voices", merge={"hasMore": True, "nextCursor": "c1"})
    assert len(world.ask(library.voices)) == 2


@pytest.mark.parametrize("era", ERAS)
def test_languages(opened: Open, era: str) -> None:
    world = opened(era)
    found = world.ask(lambda wire: library.languages(wire))
    assert len(found) == (0 if era == "0" else 2)
    if era == "2":
        assert [one.language_code for one in world.ask(lambda wire: library.languages(wire, "span"))] == ["es"]
        assert world.script.requests[-1].query == {"query": ["span"]}


def test_presenters_by_voice(opened: Open) -> None:
    world = opened("1")
    world.ask(lambda wire: library.presenters(wire, messages.PresentersQuery(voice_id="vg_voic_m9")))
    assert world.script.requests[0].query == {"limit": ["200"], "voiceId": ["vg_voic_m9"]}


def test_entities_by_type(world: World) -> None:
    found = world.ask(lambda wire: library.entities(wire, messages.EntitiesQuery(entity_type="PRODUCT")))
    assert [entity.name for entity in found] == ["Can"]
    assert world.script.requests[0].query == {"limit": ["200"], "entityType": ["PRODUCT"]}


# -- Files --------------------------------------------------------------------------------------------------------------------


def test_lists_files_with_everything_that_can_be_said(world: World) -> None:
    asked = messages.FilesQuery(
        limit=2, cursor="c1", self_only=True, include_export_files=True, include_project_files=False
    )
    found, cursor = world.ask(lambda wire: world.provider.list_files(wire, asked))
    assert (len(found), cursor) == (2, "c3")
    assert world.script.requests[0].query == {
        "limit": ["2"],
        "cursor": ["c1"],
        "selfOnly": ["true"],
        "includeExportFiles": ["true"],
        "includeProjectFiles": ["false"],
    }


@pytest.mark.parametrize("era", ["1", "0"])
def test_what_an_era_cannot_be_asked_is_not_asked(opened: Open, era: str) -> None:
    world = opened(era)
    with pytest.raises(NotInEra):
        world.ask(lambda wire: world.provider.list_files(wire, messages.FilesQuery(self_only=True)))
    found, cursor = world.ask(lambda wire: world.provider.list_files(wire))
    assert (len(found), cursor) == (5, "")
    assert world.script.requests[0].query == {}


@pytest.mark.parametrize("era", ERAS)
def test_searches_files(opened: Open, era: str) -> None:
    world = opened(era)
    asked = messages.SearchFiles(query="video", num_results=5, self_only=True)
    found = world.ask(lambda wire: world.provider.search_files(wire, asked))
    assert [(one.file.file_id, one.similarity) for one in found] == [("vg_file_video", 0.9)]
    [sent] = world.script.requests
    assert (sent.method, sent.path) == ("POST", "/v1/files/search")
    assert sent.json == {"query": "video", "numResults": 5, "selfOnly": True}


@pytest.mark.parametrize("era", ERAS)
def test_keeps_order_among_files(opened: Open, era: str) -> None:
    world = opened(era)
    plain = world.ask(lambda wire: world.provider.file(wire, "vg_file_image"))
    assert (plain.file_id, plain.scope, plain.type) == ("vg_file_image", "GLOBAL", "IMAGE")
    assert plain.download_source is not None
    assert plain.download_source.url == ""
    fresh = world.ask(lambda wire: world.provider.hydrate(wire, "vg_file_image"))
    assert fresh.download_source is not None
    assert fresh.download_source.url
    shown = world.ask(lambda wire: world.provider.set_public_preview(wire, "vg_file_image", True))
    assert shown.is_public_preview_enabled
    assert shown.static_public_preview_source is not None
    hidden = world.ask(lambda wire: world.provider.set_public_preview(wire, "vg_file_image", False))
    assert not hidden.is_public_preview_enabled
    world.ask(lambda wire: world.provider.archive_file(wire, "vg_file_image"))
    left, _ = world.ask(lambda wire: world.provider.list_files(wire))
    assert "vg_file_image" not in {file.file_id for file in left}
    sent = [(request.method, request.path.removeprefix("/v1/files")) for request in world.script.requests]
    assert sent == [
        ("GET", "/vg_file_image"),
        ("POST", "/vg_file_image/hydrate"),
        ("POST", "/vg_file_image/enable-public-preview"),
        ("POST", "/vg_file_image/disable-public-preview"),
        ("POST", "/vg_file_image/archive"),
        ("GET", ""),
    ]
    for request in world.script.sent("POST"):
        assert request.body == b""
        assert "content-type" not in request.headers


def test_a_file_that_is_not_there_and_a_busy_service(world: World) -> None:
    with pytest.raises(Gone):
        world.ask(lambda wire: world.provider.file(wire, "vg_file_never"))
    world.script.next(status=429, body={}, headers={"retry-after": "3"})
    with pytest.raises(NotTaken) as busy:
        world.ask(lambda wire: world.provider.list_files(wire))
    assert busy.value.retry_after_seconds == 3


@pytest.mark.parametrize("era", ERAS)
def test_files_come_by_pages_where_the_era_has_them(opened: Open, era: str) -> None:
    world = opened(era)
    for number in range(30):
        world.fake.add_file(f"File {number}")
    found, following = world.ask(world.provider.file_page)
    names = {file.display_name for file in found if file.display_name.startswith("File ")}
    if era == "0":
        assert (world.script.requests[-1].query, following, len(names)) == ({}, "", 30)
    else:
        assert world.script.requests[-1].query["limit"] == ["24"]
        rest, end = world.ask(partial(world.provider.file_page, cursor=following))
        assert (len(found), end) == (24, "")
        assert len(names | {file.display_name for file in rest if file.display_name.startswith("File ")}) == 30
