"""Files that mean harm, and files that only look odd: nothing crashes, nothing fills the memory, nothing of a stranger runs in a browser."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from studio.media.errors import MediaRefused
from studio.media.ingest import Ingested, ingest_file, ingest_result
from studio.media.previews import make_previews
from studio.media.serving import INLINE, SANDBOX
from studio.media.sniff import GLB, LONG_HEAD_BYTES, sniff
from studio.models import Asset, Kind

from .children import Children, watching
from .conftest import House
from .hostile import FAMILIES, HOSTILE, Hostile
from .odd import ODD, Odd

ACCEPT = (Kind.IMAGE, Kind.VIDEO, Kind.AUDIO, Kind.MODEL, Kind.FILE)
MOST_MB = 400
"""What the process that opens a stranger's file may hold at once."""
NEVER_A_PAGE = (*INLINE, "model/gltf-binary", "application/octet-stream")
NOT_MADE = {"audio/webm"}
"""That a WebM holds sound alone is seen only when it is opened."""
SCRIPTS = (b"<script", b"javascript:", b"<?php", b"onload=")


def take(house: House, data: bytes, name: str) -> Ingested:
    return ingest_file(house.membership, house.workspace, SimpleUploadedFile(name, data), accept=ACCEPT)


@pytest.fixture
def children(caplog: pytest.LogCaptureFixture) -> Iterator[Children]:
    """Whatever a test opens is opened in children, and each of them held little: by its own word, and seen from outside, also those that
    a limit ended."""
    caplog.set_level(logging.DEBUG, "studio.media.decode")
    with watching() as seen:
        yield seen
    records = caplog.get_records("call")
    said = [int(record.args[1]) for record in records if "held at most" in record.msg and record.args]  # type: ignore[index, call-overload]
    ended = [record for record in records if "job ended with" in record.msg or "job was killed" in record.msg]
    assert len(said) + len(ended) == seen.begun
    assert len(seen.peaks) >= len(ended)
    assert all(0 < megabytes < MOST_MB for megabytes in (*said, *seen.peaks)), (said, seen.peaks)


def test_there_are_enough_of_them() -> None:
    assert len({file.what for file in HOSTILE}) == len(HOSTILE) >= 145
    assert len({file.what for file in ODD}) == len(ODD) >= 45
    assert len({hashlib.sha256(file.make()).digest() for file in HOSTILE}) == len(HOSTILE)
    refused_by = {family for file in HOSTILE for family in file.families}
    assert refused_by == {"", *FAMILIES}, "Each sentence is somebody's, and no family is unknown."


def answer(client: Client, asset: Asset, variant: str) -> Any:
    response = client.get(reverse("media", args=(asset.pk, variant)))
    body = b"".join(response) if response.streaming else response.content
    assert response["X-Content-Type-Options"] == "nosniff"
    if response.status_code == 404:
        return None
    assert response["Content-Security-Policy"] == SANDBOX
    inline = "attachment" not in response.get("Content-Disposition", "")
    assert not inline or response["Content-Type"] in INLINE
    return response["Content-Type"], inline, body


def raise_for_scripts(client: Client, asset: Asset) -> None:
    """What a browser gets: pixels made anew, or a film or recording that is played and never read as a page, or an attachment."""
    asset.refresh_from_db()
    for variant in ("original", "small", "large", "sprite"):
        got = answer(client, asset, variant)
        if got is None:
            assert variant == "sprite"
            continue
        media_type, inline, body = got
        assert media_type in NEVER_A_PAGE
        if asset.kind == Kind.IMAGE or media_type == "image/webp":
            assert not any(script in body for script in SCRIPTS)
        if asset.kind in (Kind.MODEL, Kind.FILE):
            assert not inline


@pytest.fixture
def browser(house: House) -> Client:
    client = Client()
    client.force_login(house.membership.user)
    return client


@pytest.mark.parametrize("file", [pytest.param(file, id=f"{file.name}: {file.what}") for file in HOSTILE])
def test_a_hostile_file_is_refused_or_harmless(
    house: House, browser: Client, storage: Path, children: Children, file: Hostile
) -> None:
    taken, sentence = None, ""
    try:
        taken = take(house, file.make(), file.name)
    except MediaRefused as refusal:
        sentence = str(refusal)
    if taken is None:
        assert any(family and re.match(FAMILIES[family], sentence) for family in file.families), sentence
        assert not Asset.objects.exists()
        assert not storage.exists()
        known = any(re.match(FAMILIES[family], sentence) for family in ("kind", "empty"))
        assert (children.begun == 0) == known, "What is of a wrong kind is refused unopened; all else by a child."
    else:
        asset = taken.asset
        assert "" in file.families, "It was taken."
        make_previews(asset.pk, analyse=False)
        raise_for_scripts(browser, asset)
        assert asset.duration_seconds is None or 0 <= asset.duration_seconds < 12 * 3600
        assert children.begun >= 1


def test_a_result_of_any_kind_leaves_under_headers_that_run_nothing(
    house: House, browser: Client, children: Children, tmp_path: Path
) -> None:
    """What an upstream made is kept as it came, whatever it is: one of each kind of file that we can name, pages and programs too."""
    made = [*(file.make() for file in HOSTILE), *(file.make() for file in ODD)]
    by_type = {sniff(data[:LONG_HEAD_BYTES]).media_type: data for data in made}
    assert {
        *INLINE,
        "image/svg+xml",
        "text/html",
        "application/xml",
        "application/pdf",
        "text/plain",
        GLB,
    } - NOT_MADE <= {*by_type}
    for media_type, data in by_type.items():
        path = tmp_path / "result"
        path.write_bytes(data)
        asset = ingest_result(team=house.team, workspace=house.workspace, path=path, original_name="a.html")
        got = answer(browser, asset, "original")
        assert got is not None
        served, inline, body = got
        assert body == data
        assert inline == (asset.media_type in INLINE), media_type
        assert served in NEVER_A_PAGE, media_type
        assert inline or served not in INLINE, media_type
    assert children.begun


@pytest.mark.parametrize("file", [pytest.param(file, id=file.what) for file in ODD])
def test_an_odd_file_is_taken_and_shown(house: House, browser: Client, children: Children, file: Odd) -> None:
    data = file.make()
    taken = take(house, data, file.name)
    asset = taken.asset
    assert (asset.kind, asset.media_type) == (file.kind, file.media_type)
    assert taken.notes == ((file.note,) if file.note else ())
    assert file.size in (None, (asset.width, asset.height))
    assert 0 < len(asset.original_name) <= 200
    make_previews(asset.pk, analyse=False)
    asset.refresh_from_db()
    if file.size:
        raise_for_preview(asset, file)
    if file.seconds is not None:
        assert asset.duration_seconds == pytest.approx(file.seconds, abs=0.15)
    if file.kind == Kind.AUDIO:
        assert len(asset.peaks) == 400
    raise_for_scripts(browser, asset)
    again = take(house, data, "again")
    assert (again.known, again.asset) == (True, asset)
    assert Asset.objects.count() == 1
    assert children.begun >= 2


def raise_for_preview(asset: Asset, file: Odd) -> None:
    with default_storage.open(asset.preview_small) as stored:
        image = Image.open(stored)
        image.load()
    width, height = file.size or (1, 1)
    assert image.width / image.height == pytest.approx(width / height, rel=0.02) or min(image.size) < 10
    if file.plain:
        return
    left, right = (image.convert("RGB").getpixel((int(share * image.width), image.height // 2)) for share in (0.2, 0.8))
    assert left[0] > left[2] + 60, left  # type: ignore[index]
    assert right[2] > right[0] + 60, right  # type: ignore[index]
