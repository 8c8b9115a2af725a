from __future__ import annotations

from io import BytesIO
from pathlib import Path

from django.core.files.storage import default_storage
from PIL import Image

from studio.media.ingest import ingest_file, ingest_result
from studio.media.previews import NO_CUTOUT, make_previews
from studio.models import Asset, Event

from . import files
from .conftest import House

SERUM = Path(__file__).resolve().parents[2] / "studio" / "render" / "data" / "demo" / "serum_hero.jpg"


def opened(name: str) -> Image.Image:
    with default_storage.open(name, "rb") as file:
        return Image.open(BytesIO(file.read()))


def test_a_product_photo_gets_previews_and_a_cut_out(house: House) -> None:
    asset = ingest_file(house.membership, house.workspace, SERUM).asset
    assert make_previews(asset.pk)
    asset.refresh_from_db()
    small, large, cutout = (opened(name) for name in (asset.preview_small, asset.preview_large, asset.cutout))
    assert (small.format, max(small.size)) == ("WEBP", 512)
    assert (large.format, max(large.size)) == ("WEBP", min(1600, max(asset.width or 0, asset.height or 0)))
    assert cutout.mode == "RGBA"
    assert asset.analysed_at
    assert asset.cutout_refused == ""
    assert 0.2 < asset.focal_x < 0.8
    assert [(event.kind, event.subject) for event in Event.objects.all()] == [("asset", str(asset.pk))] * 2


def test_a_second_time_does_nothing(house: House) -> None:
    asset = ingest_file(house.membership, house.workspace, SERUM).asset
    make_previews(str(asset.pk))
    events = Event.objects.count()
    assert not make_previews(str(asset.pk))
    assert Event.objects.count() == events


def test_a_result_gets_previews_and_no_analysis(house: House, tmp_path: Path) -> None:
    path = tmp_path / "ad.jpg"
    path.write_bytes(files.encoded(files.photo(1080, 1350), "JPEG"))
    asset = ingest_result(team=house.team, workspace=house.workspace, path=path)
    assert make_previews(asset.pk, analyse=False)
    asset.refresh_from_db()
    assert opened(asset.preview_small).size == (410, 512)
    assert asset.dominant_colour
    assert asset.analysed_at is None


def test_a_small_picture_is_not_blown_up(house: House, tmp_path: Path) -> None:
    path = tmp_path / "ad.png"
    path.write_bytes(files.encoded(files.photo(64, 48), "PNG"))
    asset = ingest_result(team=house.team, workspace=house.workspace, path=path)
    make_previews(asset.pk, analyse=False)
    asset.refresh_from_db()
    assert opened(asset.preview_large).size == (64, 48)


def test_a_picture_that_cannot_be_opened_keeps_a_reason(house: House, tmp_path: Path) -> None:
    path = tmp_path / "ad.jpg"
    path.write_bytes(files.jpeg()[:-4000])
    asset = ingest_result(team=house.team, workspace=house.workspace, path=path)
    make_previews(asset.pk)
    asset.refresh_from_db()
    assert asset.preview_small == ""
    assert asset.cutout_refused == NO_CUTOUT
    assert asset.analysed_at


def test_an_asset_that_is_gone_is_no_error(house: House) -> None:
    assert not make_previews(house.team.pk)
    assert not Asset.objects.exists()
