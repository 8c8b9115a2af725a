"""Every kind of file a person may send: a correct picture, or one clear sentence."""

from __future__ import annotations

import logging
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from studio.media.errors import MediaRefused
from studio.media.ingest import Ingested, clean_name, ingest_file, ingest_result
from studio.media.orphans import sweep_orphans
from studio.media.storing import hash_of, put
from studio.models import Asset
from studio.models.ids import uuid7

from . import files
from .conftest import House, make_house
from .odd import wide_profile


def take(house: House, data: bytes, name: str = "photo.jpg") -> Ingested:
    return ingest_file(house.membership, house.workspace, SimpleUploadedFile(name, data))


def refusal(house: House, data: bytes, name: str = "photo.jpg") -> str:
    with pytest.raises(MediaRefused) as refused:
        take(house, data, name)
    assert not Asset.objects.exists()
    return str(refused.value)


def stored(asset: Asset) -> Image.Image:
    with asset.file.open("rb") as file:
        return Image.open(BytesIO(file.read()))


def colour(image: Image.Image, x: float, y: float) -> tuple[int, ...]:
    pixel = image.convert("RGBA").getpixel((int(x * (image.width - 1)), int(y * (image.height - 1))))
    assert isinstance(pixel, tuple)
    return tuple(int(part) for part in pixel)


def test_a_plain_jpeg_becomes_an_asset_with_its_facts(house: House) -> None:
    taken = take(house, files.jpeg(), "C:\\shots\\flask.jpg")
    asset = Asset.objects.get()
    assert taken.asset == asset
    assert (taken.notes, taken.known) == ((), False)
    assert (asset.kind, asset.media_type, asset.width, asset.height) == ("image", "image/jpeg", 320, 240)
    assert asset.original_name == "flask.jpg"
    assert asset.file.name == f"{house.team.pk}/{asset.pk}/original.jpg"
    assert asset.created_by == house.membership.user
    path = Path(default_storage.path(asset.file.name))
    assert (asset.size_bytes, asset.sha256) == (path.stat().st_size, hash_of(path))
    assert asset.dominant_colour.startswith("#")
    assert len(asset.dominant_colour) == 7


def test_the_same_file_again_is_the_asset_that_is_there(house: House) -> None:
    first = take(house, files.jpeg())
    again = take(house, files.jpeg(), "copy.jpg")
    assert again.known
    assert again.asset == first.asset
    assert Asset.objects.count() == 1


def test_the_same_file_in_another_team_is_another_asset(house: House) -> None:
    other = make_house("Cedar")
    assert take(house, files.jpeg()).asset != take(other, files.jpeg()).asset


def test_a_turned_photo_stands_upright_and_says_nothing_of_where_it_was_taken(house: House) -> None:
    asset = take(house, files.turned_jpeg()).asset
    assert (asset.width, asset.height) == (240, 320)
    image = stored(asset)
    assert image.size == (240, 320)
    # Turned clockwise, the left half is on top.
    assert colour(image, 0.5, 0.1)[0] > 150 > colour(image, 0.5, 0.9)[0]
    assert not image.getexif()
    with asset.file.open("rb") as file:
        data = file.read()
    assert b"Secret" not in data
    assert b"Exif" not in data


def test_a_cmyk_jpeg_becomes_rgb(house: House) -> None:
    asset = take(house, files.encoded(files.photo().convert("CMYK"), "JPEG", quality=90)).asset
    image = stored(asset)
    assert image.mode == "RGB"
    assert colour(image, 0.2, 0.5)[0] > 150
    assert colour(image, 0.8, 0.5)[2] > 150


def test_a_moving_gif_gives_its_first_frame_and_a_note(house: House) -> None:
    taken = take(house, files.moving("GIF"), "banner.gif")
    assert taken.notes == ("This picture moves; its first frame is used.",)
    assert taken.asset.media_type == "image/png"
    assert colour(stored(taken.asset), 0.5, 0.5) == (255, 0, 0, 255)


def test_a_moving_webp_gives_its_first_frame_and_a_note(house: House) -> None:
    taken = take(house, files.moving("WEBP"), "banner.webp")
    assert taken.notes == ("This picture moves; its first frame is used.",)
    assert colour(stored(taken.asset), 0.5, 0.5)[0] > 240


def test_sixteen_bits_are_scaled_not_clipped(house: House) -> None:
    image = stored(take(house, files.sixteen_bit_png(), "scan.png").asset)
    assert colour(image, 0, 0.5)[:3] == (0, 0, 0)
    assert 120 <= colour(image, 0.5, 0.5)[0] <= 135
    assert colour(image, 1, 0.5)[:3] == (255, 255, 255)


def test_a_palette_keeps_what_is_see_through(house: House) -> None:
    asset = take(house, files.palette_png(), "logo.png").asset
    image = stored(asset)
    assert (asset.media_type, image.mode) == ("image/png", "RGBA")
    assert colour(image, 0.02, 0.02)[3] == 0
    assert colour(image, 0.5, 0.5) == (0, 160, 0, 255)
    assert asset.dominant_colour == "#00a000"


def test_avif_is_taken(house: House) -> None:
    asset = take(house, files.encoded(files.photo(), "AVIF"), "photo.avif").asset
    assert (asset.media_type, asset.width) == ("image/jpeg", 320)


def test_wide_colours_become_those_of_srgb(house: House) -> None:
    """The reddest red of sRGB, as Display P3 has it: https://www.w3.org/TR/css-color-4/#predefined-display-p3."""
    red = Image.new("RGB", (64, 64), (234, 51, 35))
    image = stored(take(house, files.encoded(red, "PNG", icc_profile=wide_profile()), "red.png").asset)
    assert all(abs(is_ - wanted) <= 3 for is_, wanted in zip(colour(image, 0.5, 0.5), (255, 0, 0), strict=False))


def test_an_unreadable_colour_profile_is_left_out_and_told(house: House) -> None:
    taken = take(house, files.huge_profile_jpeg())
    assert taken.notes == ("Its colour profile could not be read, so colours may look slightly different.",)
    assert colour(stored(taken.asset), 0.2, 0.5)[0] > 150
    assert taken.asset.size_bytes < 200_000


def test_a_file_that_is_two_things_is_kept_as_a_picture_alone(house: House) -> None:
    asset = take(house, files.jpeg() + b"PK\x03\x04<script>alert(1)</script>").asset
    with asset.file.open("rb") as file:
        data = file.read()
    assert b"script" not in data
    assert b"PK\x03\x04" not in data


def test_sixty_megapixels_are_taken_whole(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "studio.media.decode")
    photo = Image.fromarray(np.full((6336, 9504, 3), 90, np.uint8))
    exif = Image.Exif()
    exif[0x0112] = 6
    asset = take(house, files.encoded(photo.convert("CMYK"), "JPEG", quality=70, exif=exif)).asset
    assert (asset.width, asset.height) == (6336, 9504)
    assert [record.args[1] < 400 for record in caplog.records if "held at most" in record.msg and record.args] == [True]  # type: ignore[index, operator]


def test_seventy_two_megapixels_are_refused_by_the_header(house: House) -> None:
    assert refusal(house, files.png_header(12_000, 6_000, files.chunk(b"IDAT", b"")), "big.png") == (
        "This picture has 72 megapixels (12,000 × 6,000). The most is 65, and 30,000 pixels on the longer side: "
        "export it smaller."
    )


def test_a_decompression_bomb_is_refused_by_the_header(house: House) -> None:
    bomb = files.bomb_png()
    assert len(bomb) < 200_000
    assert refusal(house, bomb, "bomb.png").startswith("This picture has 900 megapixels (30,000 × 30,000).")


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "photo.jpg", "This file is empty (0 bytes). Export or download it again."),
        (
            b"Hello there, this is a note.",
            "text.png",
            "This file is named .png but is plain text. Use a JPEG, PNG, HEIC, WebP, AVIF, GIF or SVG picture.",
        ),
        (
            b"<!doctype html><script>alert(1)</script>",
            "page.jpg",
            "This file is named .jpg but is a web page (HTML). Use a JPEG, PNG, HEIC, WebP, AVIF, GIF or SVG picture.",
        ),
        (
            b"%PDF-1.7 something",
            "deck.pdf",
            "This is a PDF document. Use a JPEG, PNG, HEIC, WebP, AVIF, GIF or SVG picture.",
        ),
        (
            files.heic(),
            "IMG_0001.HEIC",
            "This file begins like a HEIC picture but cannot be read. Open it in a picture editor and export it again.",
        ),
        (
            files.SVG.format("").encode(),
            "drawing.png",
            "Nothing shows when this SVG is drawn. Export it as a PNG of at least 1,000 pixels.",
        ),
        (
            files.jpeg()[:-3000],
            "photo.jpg",
            "The file ends too early: it was not copied whole. Export or download it again.",
        ),
        (
            files.encoded(files.photo(), "PNG")[:-3000],
            "photo.png",
            "The file ends too early: it was not copied whole. Export or download it again.",
        ),
        (
            files.encoded(files.photo(), "WEBP")[:-300],
            "photo.webp",
            "The file ends too early: it was not copied whole. Export or download it again.",
        ),
        (
            b"GIF89a<script>alert(1)</script>;",
            "photo.gif",
            "This file begins like a GIF picture but cannot be read. Open it in a picture editor and export it again.",
        ),
        (
            files.encoded(Image.new("RGB", (1, 1)), "PNG"),
            "pixel.png",
            "This picture is only 1 × 1 pixels. Use one of at least 16 pixels on each side.",
        ),
    ],
)
def test_what_is_no_good_picture_gets_its_sentence(house: House, data: bytes, name: str, sentence: str) -> None:
    assert refusal(house, data, name) == sentence


def test_nothing_is_stored_of_a_refused_file(house: House, storage: Path) -> None:
    refusal(house, b"plain words", "text.png")
    assert not storage.exists()


def test_a_result_is_kept_byte_for_byte(house: House, tmp_path: Path) -> None:
    path = tmp_path / "ad.png"
    path.write_bytes(files.encoded(files.photo(), "PNG"))
    asset = ingest_result(
        team=house.team, workspace=house.workspace, path=path, original_name="ad.png", description="A red flask"
    )
    with asset.file.open("rb") as file:
        assert file.read() == path.read_bytes()
    assert (asset.width, asset.height, asset.sha256) == (320, 240, hash_of(path))
    assert asset.description == "A red flask"


def test_a_result_that_comes_twice_is_one_asset_and_one_file(house: House, tmp_path: Path, storage: Path) -> None:
    path, asset_id = tmp_path / "ad.jpg", uuid7()
    path.write_bytes(files.jpeg())
    # As if the first attempt had died while it wrote the file.
    put(f"{house.team.pk}/{asset_id}/original.jpg", cut_short(path))
    for _ in range(2):
        asset = ingest_result(team=house.team, workspace=house.workspace, path=path, asset_id=asset_id)
    assert asset.pk == asset_id
    assert Asset.objects.count() == 1
    assert [file.read_bytes() for file in storage.rglob("*") if file.is_file()] == [path.read_bytes()]


def cut_short(path: Path) -> Path:
    half = path.with_name("half")
    half.write_bytes(path.read_bytes()[:500])
    return half


def test_the_sweeper_takes_only_old_files_without_a_row(house: House, tmp_path: Path) -> None:
    asset = take(house, files.jpeg()).asset
    file = tmp_path / "file"
    file.write_bytes(b"left over")
    lost = put(f"{house.team.pk}/{uuid7()}/original.jpg", file)
    beside = put(f"{house.team.pk}/{asset.pk}/small_old.webp", file)
    foreign = put("notes/readme.txt", file)
    assert sweep_orphans() == 0
    assert sweep_orphans(older_than=timedelta(seconds=-5)) == 2
    assert [default_storage.exists(name) for name in (lost, beside, foreign, str(asset.file.name))] == [
        False,
        False,
        True,
        True,
    ]
    assert not Path(default_storage.path(lost)).parent.exists()
    assert sweep_orphans(older_than=timedelta(seconds=-5)) == 0


def test_the_sweeper_takes_old_temporary_files(house: House, tmp_path: Path) -> None:
    room = tmp_path / "tmp" / "media-killed"
    room.mkdir(parents=True)
    (room / "source").write_bytes(b"half")
    (tmp_path / "tmp" / "x.upload.jpg").write_bytes(b"half")
    sweep_orphans()
    assert len(list((tmp_path / "tmp").iterdir())) == 2
    sweep_orphans(older_than=timedelta(seconds=-5))
    assert list((tmp_path / "tmp").iterdir()) == []


def test_names_are_cleaned() -> None:
    assert clean_name("../../etc/pass\x00wd\u202e.png") == "passwd.png"
    assert clean_name("é" * 300 + ".jpeg") == "é" * 195 + ".jpeg"
    assert clean_name("") == ""


def test_asset_ids_in_storage_are_canonical(house: House) -> None:
    asset = take(house, files.jpeg()).asset
    assert str(UUID(str(asset.file.name).split("/")[1])) == str(asset.pk)
