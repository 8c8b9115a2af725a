from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.http import Http404, HttpResponse, HttpResponseBase
from django.test import RequestFactory
from PIL import Image

from studio.media.downloads import download_response, safe_stem
from studio.media.ingest import ingest_result
from studio.models import Asset

from . import files
from .conftest import House


@pytest.fixture
def asset(house: House, tmp_path: Path) -> Asset:
    path = tmp_path / "ad.png"
    path.write_bytes(files.palette_png())
    return ingest_result(team=house.team, workspace=house.workspace, path=path)


def body(response: HttpResponseBase) -> bytes:
    assert isinstance(response, HttpResponse)
    return response.content


def test_the_original_leaves_as_an_attachment_named_for_its_title(asset: Asset, rf: RequestFactory) -> None:
    answer = download_response(rf.get("/"), asset, "Frühling: 20 % off/again")
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''Fr%C3%BChling-20-off-again.png"
    assert body(answer) == files.palette_png()
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(("fmt", "format"), [("jpg", "JPEG"), ("webp", "WEBP"), ("png", "PNG")])
def test_it_comes_in_other_formats(asset: Asset, rf: RequestFactory, fmt: str, format: str) -> None:
    answer = download_response(rf.get("/"), asset, "Ad", fmt)
    data = body(answer)
    image = Image.open(io.BytesIO(data))
    assert (image.format, image.size) == (format, (64, 64))
    assert answer["Content-Disposition"] == f'attachment; filename="Ad.{fmt}"'
    assert answer["Content-Length"] == str(len(data))
    if fmt == "jpg":
        corner = image.getpixel((1, 1))
        assert isinstance(corner, tuple)
        assert min(corner) > 245  # What was see-through is white.


def test_an_unknown_format_is_not_found(asset: Asset, rf: RequestFactory) -> None:
    with pytest.raises(Http404):
        download_response(rf.get("/"), asset, "Ad", "exe")


def test_stems_are_safe_everywhere() -> None:
    assert safe_stem("../..\\con: <a|b>?*") == "con-a-b"
    assert safe_stem("春のセール 2026") == "春のセール-2026"
    assert safe_stem("🎉 !!") == "untitled"
    assert len(safe_stem("word " * 50)) <= 60
