"""Giving VideoGen our files: created, put to the signed address, hydrated until ready. Free, and it goes on where it stopped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from pytest_django.fixtures import Settings

from studio.dialects.base import NotTaken, Refused
from studio.providers.videogen.files import StillReading, upload
from studio.tools.values import MediaKind, MediaValue
from tests.dialects.videogen.cases import ERAS
from tests.providers.videogen.conftest import Open, World

BYTES = bytes(range(256)) * 3000  # Several pieces of the stream.
QUICK = (0, 0, 0)


@pytest.fixture
def media(tmp_path: Path, settings: Settings) -> Iterator[MediaValue]:
    settings.MEDIA_ROOT = tmp_path
    name = default_storage.save("photo.png", ContentFile(BYTES))
    yield MediaValue(uuid4(), "0" * 64, "image/png", 8, 8, name, "image", "My photo.png", len(BYTES))
    default_storage.delete(name)


@pytest.mark.parametrize("era", ERAS)
def test_creates_puts_and_hydrates(opened: Open, media: MediaValue, era: str) -> None:
    world = opened(era)
    file_id = world.ask(lambda wire: world.provider.upload(wire, media))
    created, put, hydrated = world.script.requests
    assert (created.method, created.path) == ("POST", "/v1/files/upload")
    assert created.json == {"displayName": "My photo.png", "type": "IMAGE", "isTemporary": False}
    assert created.bearer == "key-1"
    assert (put.method, put.path, put.query) == ("PUT", f"/put/{file_id}", {"sig": ["1"]})
    assert put.body == BYTES
    assert put.headers["content-length"] == str(len(BYTES))
    assert {"authorization", "content-type", "transfer-encoding"}.isdisjoint(put.headers)
    assert (hydrated.method, hydrated.path, hydrated.body) == ("POST", f"/v1/files/{file_id}/hydrate", b"")
    assert world.fake.files[file_id].data == BYTES


@pytest.mark.parametrize(("kind", "type_"), [("video", "VIDEO"), ("audio", "AUDIO"), ("file", None)])
def test_declares_the_kind_where_it_is_known(
    world: World, media: MediaValue, kind: MediaKind, type_: str | None
) -> None:
    world.ask(lambda wire: world.provider.upload(wire, replace(media, kind=kind)))
    assert world.script.requests[0].json.get("type") == type_


def test_waits_until_it_is_ready(world: World, media: MediaValue) -> None:
    world.fake.hydrates = 2
    file_id = world.ask(lambda wire: upload(wire, media, pauses=QUICK))
    assert len(world.script.sent("POST", f"/v1/files/{file_id}/hydrate")) == 3


def test_goes_on_with_what_it_has(world: World, media: MediaValue) -> None:
    world.fake.hydrates = 4
    with pytest.raises(StillReading) as reading:
        world.ask(lambda wire: upload(wire, media, pauses=QUICK))
    known = reading.value.known_id
    assert world.ask(lambda wire: upload(wire, media, known, pauses=QUICK)) == known
    assert len(world.script.sent("PUT")) == 1, "the bytes went once"
    assert len(world.script.sent("POST", "/v1/files/upload")) == 1


def test_a_known_one_is_only_hydrated(world: World, media: MediaValue) -> None:
    assert world.ask(lambda wire: world.provider.upload(wire, media, "vg_file_image")) == "vg_file_image"
    assert [request.path for request in world.script.requests] == ["/v1/files/vg_file_image/hydrate"]


@pytest.mark.parametrize("trouble", ["lost", "broken"])
def test_one_that_is_lost_or_broken_there_is_sent_again(world: World, media: MediaValue, trouble: str) -> None:
    if trouble == "broken":
        world.fake.break_upload("vg_file_other")
    known = "vg_file_other" if trouble == "broken" else "vg_file_never"
    again = world.ask(lambda wire: world.provider.upload(wire, media, known))
    assert again != known
    assert world.fake.files[again].data == BYTES


def test_one_that_cannot_be_read_is_refused_with_its_name(world: World, media: MediaValue) -> None:
    world.script.next(
        path="/v1/files/*/hydrate", status=200, body={"fileId": "f", "downloadSource": {"status": "failed"}}
    )
    with pytest.raises(Refused, match=r"cannot read “My photo\.png”") as refused:
        world.ask(lambda wire: world.provider.upload(wire, media))
    assert refused.value.code == "input"


def test_ready_wins_over_failed(world: World, media: MediaValue) -> None:
    body = {"fileId": "f", "downloadSource": {"status": "failed"}, "previewSource": {"status": "ready"}}
    world.script.next(path="/v1/files/*/hydrate", status=200, body=body)
    assert world.ask(lambda wire: world.provider.upload(wire, media))


@pytest.mark.parametrize(
    "rule", [{"drop": "before"}, {"drop": "after"}, {"status": 403}, {"status": 500}, {"status": 307}]
)
def test_an_upload_that_breaks_may_be_tried_again(world: World, media: MediaValue, rule: dict[str, object]) -> None:
    world.script.next(method="PUT", path="/put/*", **rule)
    with pytest.raises(NotTaken):
        world.ask(lambda wire: world.provider.upload(wire, media))
    assert world.ask(lambda wire: world.provider.upload(wire, media))
    assert world.script.paid == []


def test_too_large_is_refused(world: World, media: MediaValue) -> None:
    world.script.next(method="PUT", path="/put/*", status=413)
    with pytest.raises(Refused, match="too large"):
        world.ask(lambda wire: world.provider.upload(wire, media))


@pytest.mark.parametrize("url", ["http://10.0.0.1/put", "file:///etc/passwd", "http://127.0.0.1:1/x", "nonsense"])
def test_the_upload_address_is_checked_like_any_other(world: World, media: MediaValue, url: str) -> None:
    world.script.next(path="/v1/files/upload", merge={"uploadUrl": url})
    with pytest.raises(NotTaken):
        world.ask(lambda wire: world.provider.upload(wire, media))


def test_no_address_is_not_taken(world: World, media: MediaValue) -> None:
    world.script.next(path="/v1/files/upload", merge={"uploadUrl": None})
    with pytest.raises(NotTaken):
        world.ask(lambda wire: world.provider.upload(wire, media))


def test_a_file_that_left_storage_is_said(world: World, media: MediaValue) -> None:
    default_storage.delete(media.file)
    with pytest.raises(Refused, match="no longer in storage"):
        world.ask(lambda wire: world.provider.upload(wire, media))
    assert world.script.sent("PUT") == []
