"""The child process and its limits."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from studio.media.decode import PICTURE, TOO_MUCH, Limits, run_child, workplace
from studio.media.errors import MediaRefused

from . import files

NORMALISE = {"do": "normalise", "media_type": "image/jpeg"}


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "large.jpg"
    path.write_bytes(files.encoded(files.photo(5000, 4000), "JPEG", quality=95))
    return path


def run(path: Path, limits: Limits) -> None:
    with workplace() as folder:
        run_child(NORMALISE, path, folder, limits)


def test_a_picture_within_the_limits_passes(large: Path) -> None:
    run(large, PICTURE)


@pytest.mark.parametrize(
    "limits",
    [
        pytest.param(Limits(memory_mb=90, cpu_seconds=20, wall_seconds=40), id="memory"),
        pytest.param(Limits(memory_mb=1536, cpu_seconds=20, wall_seconds=0.02), id="time"),
    ],
)
def test_one_that_needs_more_is_refused_with_a_sentence(large: Path, limits: Limits) -> None:
    began = time.monotonic()
    with pytest.raises(MediaRefused, match="too much memory or time"):
        run(large, limits)
    assert time.monotonic() - began < 5


def test_processor_time_is_limited(tmp_path: Path) -> None:
    path = tmp_path / "slow.svg"
    blurs = '<feGaussianBlur stdDeviation="9"/>' * 900
    path.write_text(
        files.SVG.format(f'<filter id="f">{blurs}</filter><rect width="100" height="50" filter="url(#f)"/>')
    )
    with workplace() as folder, pytest.raises(MediaRefused) as refused:
        run_child({"do": "logo"}, path, folder, Limits(memory_mb=1024, cpu_seconds=1, wall_seconds=30))
    assert str(refused.value) == TOO_MUCH


def test_no_secret_reaches_the_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from studio.media.decode import _environment

    monkeypatch.setenv("SECRET_KEY", "x" * 50)
    assert set(_environment()) == {
        "PYTHONPATH",
        "PYTHONDONTWRITEBYTECODE",
        "PATH",
        "LANG",
        "VIPS_CONCURRENCY",
        "OMP_NUM_THREADS",
    }
