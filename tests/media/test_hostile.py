"""Files that mean harm, and files that only look odd: nothing crashes, nothing fills the memory, nothing of a stranger runs in a browser."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from studio.media.errors import MediaRefused
from studio.media.ingest import Ingested, ingest_file
from studio.media.previews import make_previews
from studio.media.serving import INLINE, SANDBOX
from studio.models import Asset, Kind

from .conftest import House
from .hostile import FAMILIES, HOSTILE, Hostile
from .odd import ODD, Odd

ACCEPT = (Kind.IMAGE, Kind.VIDEO, Kind.AUDIO, Kind.MODEL, Kind.FILE)
MOST_MB = 400
"""What the process that opens a stranger's file may hold at once."""
SCRIPTS = (b"<script", b"javascript:", b"<?php", b"onload=")


def take(house: House, data: bytes, name: str) -> Ingested:
    return ingest_file(house.membership, house.workspace, SimpleUploadedFile(name, data), accept=ACCEPT)


def raise_for_memory(caplog: pytest.LogCaptureFixture) -> None:
    """Every child said what it held, but those that a limit ended."""
    held = [int(record.args[1]) for record in caplog.records if "held at most" in record.msg and record.args]  # type: ignore[index, call-overload]
    assert all(0 < megabytes < MOST_MB for megabytes in held), held


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
        assert media_type not in ("text/html", "image/svg+xml", "application/xml", "text/plain")
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
    house: House, browser: Client, storage: Path, caplog: pytest.LogCaptureFixture, file: Hostile
) -> None:
    caplog.set_level(logging.DEBUG, "studio.media.decode")
    taken, sentence = None, ""
    try:
        taken = take(house, file.make(), file.name)
    except MediaRefused as refusal:
        sentence = str(refusal)
    if taken is None:
        assert any(family and re.match(FAMILIES[family], sentence) for family in file.families), sentence
        assert not Asset.objects.exists()
        assert not storage.exists()
    else:
        asset = taken.asset
        assert "" in file.families, "It was taken."
        make_previews(asset.pk, analyse=False)
        raise_for_scripts(browser, asset)
        assert asset.duration_seconds is None or 0 <= asset.duration_seconds < 12 * 3600
    raise_for_memory(caplog)


@pytest.mark.parametrize("file", [pytest.param(file, id=file.what) for file in ODD])
def test_an_odd_file_is_taken_and_shown(
    house: House, browser: Client, caplog: pytest.LogCaptureFixture, file: Odd
) -> None:
    caplog.set_level(logging.DEBUG, "studio.media.decode")
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
    raise_for_memory(caplog)


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
