"""Pictures and sounds of what services list: a cache that stays small."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from pytest_django import Settings

from studio.engine.prune import prune
from studio.media import samples


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
