"""The largest that people may upload is looked at within the memory of any other file."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from studio.media.decode import CLIP, run_child, workplace

from .large import large_film


@pytest.mark.parametrize(
    ("container", "codec", "size"),
    [("mp4", "libx264", (7680, 4320)), ("webm", "libvpx-vp9", (7680, 4320))],
)
def test_8k_is_looked_at_in_little_memory_too(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, container: str, codec: str, size: tuple[int, int]
) -> None:
    """Frames of 50 to 100 MB, which lean on several others: facts and a poster come of those that stand alone."""
    caplog.set_level(logging.DEBUG, "studio.media.decode")
    path = tmp_path / "large"
    path.write_bytes(large_film(container, codec, size))
    for do in ("clip", "poster", "sprite")[: 3 if codec == "libx264" else 2]:
        with workplace() as room:
            facts = run_child({"do": do, "media_type": f"video/{container}"}, path, room, CLIP)
            if do == "clip":
                assert (facts["width"], facts["height"]) == size
            else:
                assert next(room.iterdir()).stat().st_size
    held = [int(record.args[1]) for record in caplog.records if "held at most" in record.msg and record.args]  # type: ignore[index, call-overload]
    assert len(held) >= 2
    assert all(0 < megabytes < 300 for megabytes in held), held
