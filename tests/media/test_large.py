"""The largest that people may upload is looked at within the memory of any other file."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from studio.media.decode import CLIP, PREVIEW, run_child, workplace
from studio.media.ingest import ingest_file

from .conftest import House
from .files import encoded, heic_photo, photo
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


def test_the_pixels_of_a_heic_photo_are_read_while_they_are_there(house: House) -> None:
    """They lie in memory of the library's own; of a photo this large it goes back to the system as soon as it is freed."""
    upload = SimpleUploadedFile("IMG_0003.HEIC", heic_photo(photo(1024, 768)))
    asset = ingest_file(house.membership, house.workspace, upload).asset
    with default_storage.open(str(asset.file.name)) as stored, Image.open(stored) as image:
        assert image.size == (1024, 768)
        left, right = image.getpixel((100, 760)), image.getpixel((1000, 760))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    assert left[0] > 150 > 80 > left[2]
    assert right[2] > 150 > 80 > right[0]


def test_previews_of_a_large_see_through_picture_take_little_memory(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """40 megapixels are 160 MB once; they are never there twice."""
    caplog.set_level(logging.DEBUG, "studio.media.decode")
    whole = Image.new("RGBA", (8000, 5000), (200, 30, 30, 255))
    whole.paste((30, 30, 200, 0), (4000, 0, 8000, 5000))
    path = tmp_path / "large.png"
    path.write_bytes(encoded(whole, "PNG", compress_level=1))
    with workplace() as room:
        run_child({"do": "previews"}, path, room, PREVIEW)
        with Image.open(room / "large") as image:
            assert image.size == (1600, 1000)
            left, right = image.getpixel((100, 990)), image.getpixel((1500, 990))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    assert (left[3], right[3]) == (255, 0)
    assert left[0] > 180 > 60 > left[2]
    held = [int(record.args[1]) for record in caplog.records if "held at most" in record.msg and record.args]  # type: ignore[index, call-overload]
    assert len(held) == 1
    assert 160 < held[0] < 300
