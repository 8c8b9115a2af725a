"""Pictures and sounds of what services list: a cache that stays small."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import pytest
from pytest_django import Settings

from studio.engine.prune import prune
from studio.media import samples
from studio.models import CatalogueItem

from . import files


@pytest.mark.django_db
def test_old_samples_go_and_the_oldest_of_too_many(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(samples, "MOST_BYTES", 250)
    for name, days in (("aa", 31), ("bb", 20), ("cc", 10), ("dd", 0)):
        path = tmp_path / "samples" / name / (name * 32)
        path.parent.mkdir(parents=True)
        path.write_bytes(b"x" * 100)
        os.utime(path, (time.time() - days * 86_400,) * 2)
    (tmp_path / "elsewhere").touch()

    prune()

    assert {path.parent.name for path in (tmp_path / "samples").glob("*/*")} == {"cc", "dd"}
    assert (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize(
    ("data", "media_type"),
    [(files.jpeg(), "image/jpeg"), (files.SVG.format("<script/>").encode(), None), (files.heic_photo(), None)],
)
def test_only_what_a_browser_may_show_is_a_sample(
    settings: Settings, tmp_path: Path, data: bytes, media_type: str | None
) -> None:
    settings.DATA_DIR = tmp_path
    url = "https://cdn.example.com/face"
    name = hashlib.sha256(url.encode()).hexdigest()
    path = tmp_path / "samples" / name[:2] / name
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    found = samples.sample(CatalogueItem(picture=url), "picture")
    assert (found.media_type if found else None) == media_type
