"""Pictures are decoded once, cropped with sense, and stand on whole pixels."""

from __future__ import annotations

import base64
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from studio.render import light, pictures, tones
from studio.render.cache import ByteCache
from studio.render.manifest import DATA
from studio.render.spec import Box, Picture
from studio.render.svg import Piece

DEMO = DATA / "demo"


def flask() -> Picture:
    path = DEMO / "cut_flask.png"
    return Picture("flask", path.read_bytes, path.read_bytes)


def hero(focal: tuple[float, float] = (0.5, 0.5), faces: tuple[Box, ...] = ()) -> Picture:
    return Picture("hero", (DEMO / "serum_hero.jpg").read_bytes, faces=faces, focal=focal)


def opened(piece: Piece) -> Image.Image:
    return Image.open(BytesIO(base64.b64decode(piece.href.split(",")[1])))


@pytest.fixture(autouse=True)
def empty_caches() -> None:
    pictures.forget()


def test_a_source_is_read_once() -> None:
    reads = []

    def source() -> bytes:
        reads.append(1)
        return (DEMO / "jar_peach.jpg").read_bytes()

    picture = Picture("once", source)
    assert pictures.photo(picture).size == (1440, 1440)
    pictures.photo_piece(picture, Box(0, 0, 100, 100))
    pictures.photo_piece(picture, Box(0, 0, 300, 100))
    assert len(reads) == 1


@pytest.mark.parametrize("data", [b"", b"hello", b"\x89PNG\r\n\x1a\n" + b"\0" * 40])
def test_what_is_no_picture_is_one_sentence(data: bytes) -> None:
    with pytest.raises(ValueError, match="could not be read; upload it again"):
        pictures.decode(lambda: data)


def test_a_truncated_jpeg_is_one_sentence() -> None:
    data = (DEMO / "jar_peach.jpg").read_bytes()[:9000]
    with pytest.raises(ValueError, match="could not be read"):
        pictures.decode(lambda: data)


def test_large_pictures_are_bounded() -> None:
    out = BytesIO()
    Image.new("RGB", (5000, 400), "#336699").save(out, "PNG")
    assert pictures.decode(out.getvalue).size == (3000, 240)


def test_a_product_is_trimmed_and_knows_its_edges() -> None:
    item = pictures.product(flask())
    assert item is not None
    alpha = np.asarray(item.image.getchannel("A"))
    assert alpha[0].any()
    assert alpha[-1].any()
    assert alpha[:, 0].any()
    assert alpha[:, -1].any()
    assert item.aspect == pytest.approx(item.image.width / item.image.height)
    assert max(item.mask.shape) == 160
    assert 2 <= len(item.edges) <= 5
    assert pictures.product(hero()) is None


def test_a_product_piece_has_exact_pixels_and_only_what_is_seen() -> None:
    item = pictures.product(flask())
    assert item is not None
    piece = pictures.product_piece(item, Box(-100.4, 900.2, 300, 833.3), (1080, 1350))
    assert piece is not None
    assert (piece.box.x, piece.box.y) == (0, 900)
    assert opened(piece).size == (piece.box.width, piece.box.height) == (200, 450)
    assert opened(piece).mode == "RGBA"
    half = pictures.product_piece(item, Box(0, 0, 300, 834), (1080, 1350), scale=0.5)
    assert half is not None
    assert opened(half).size == (150, 417)
    assert half.box == Box(0, 0, 300, 834)
    assert pictures.product_piece(item, Box(2000, 0, 300, 834), (1080, 1350)) is None


def test_tones_under_a_text_are_those_of_what_is_shown_there() -> None:
    image = Image.new("RGB", (400, 400), "#ffffff")
    image.paste("#102030", (200, 200, 300, 300))
    out = BytesIO()
    image.save(out, "PNG")
    picture = Picture("patch", out.getvalue)
    window, target = Box(0.5, 0.5, 0.5, 0.5), Box(100, 0, 800, 800)
    assert pictures.tones_under(picture, window, target, Box(150, 50, 300, 300)).mean == "#102030"
    assert pictures.tones_under(picture, window, target, Box(550, 450, 300, 300)).mean == "#ffffff"


@pytest.mark.parametrize("ratio", [0.5625, 0.8, 1.0, 16 / 9, 4.0])
@pytest.mark.parametrize("focal", [(0.0, 0.0), (0.5, 0.5), (0.95, 0.9)])
def test_a_crop_has_its_ratio_and_holds_the_focal_point(ratio: float, focal: tuple[float, float]) -> None:
    window = pictures.cover_crop(hero(focal), ratio)
    assert window.width * 1296 / (window.height * 1620) == pytest.approx(ratio, rel=0.01)
    assert window.x - 1e-9 <= focal[0] <= window.x + window.width + 1e-9
    assert window.y - 1e-9 <= focal[1] <= window.y + window.height + 1e-9
    assert window.x >= 0
    assert window.x + window.width <= 1 + 1e-9


def test_faces_stay_inside_a_crop() -> None:
    face = Box(0.1, 0.04, 0.2, 0.2)
    window = pictures.cover_crop(hero((0.9, 0.9), (face,)), 16 / 9)
    part = pictures.inside(face, window)
    assert part.y >= 0
    assert part.y + part.height <= 1
    landed = pictures.on_canvas(face, window, Box(0, 0, 1600, 900))
    assert landed.y >= 0
    assert landed.y + landed.height <= 900


def test_a_photo_piece_fills_its_box_as_jpeg() -> None:
    piece = pictures.photo_piece(hero(), Box(10.2, 20.7, 400, 300), scale=0.5)
    assert piece.href.startswith("data:image/jpeg")
    assert opened(piece).size == (200, 150)


def test_shadows_lie_where_they_are_thrown() -> None:
    item = pictures.product(flask())
    assert item is not None
    box = Box(400, 300, 300, 834)
    right = light.cast_shadow(item, box, angle=10)
    left = light.cast_shadow(item, box, angle=170)
    assert right.box.x + right.box.width > 900
    assert left.box.x < 200
    contact = light.contact_shadow(item, box)
    assert contact.box.y < 300 + 834 < contact.box.y + contact.box.height
    for piece in (right, left, contact, light.drop_shadow(item, box)):
        picture = opened(piece)
        assert picture.mode == "RGBA"
        assert max(picture.size) <= 400, "made at a quarter of the size"
        alpha = np.asarray(picture.getchannel("A"))
        assert 40 < alpha.max() <= 160
        assert max(alpha[0].max(), alpha[-1].max(), alpha[:, 0].max(), alpha[:, -1].max()) <= 8, "no shadow is cut off"


def test_tones_of_a_region() -> None:
    image = Image.new("RGB", (200, 100), "#ffffff")
    image.paste("#000000", (0, 0, 100, 100))
    assert tones.tones(image, Box(0, 0, 0.5, 1)).mean == "#000000"
    both = tones.tones(image)
    assert (both.dark, both.light) == ("#000000", "#ffffff")
    assert both.spread == 1
    assert both.under("#000000", 0.9).light == "#1a1a1a"
    assert light.fade_at(0.2, 0.3, 0.8) == pytest.approx(0.8)
    assert light.fade_at(1.0) == 0


def test_a_palette_names_the_colours_that_are_there() -> None:
    image = Image.new("RGB", (100, 100), "#f0f0f0")
    image.paste("#d02020", (0, 0, 40, 100))
    found = tones.palette(image, 3)
    assert found[0] == "#d02020"
    assert "#f0f0f0" in found
    assert tones.palette(Image.new("RGBA", (10, 10), (0, 0, 0, 0))) == ["#808080"]


def test_the_cache_is_bounded_by_bytes() -> None:
    cache: ByteCache[bytes] = ByteCache(100, len)
    for index in range(10):
        cache.get(index, lambda: b"x" * 30)
    assert cache.used == 90
    made: list[int] = []

    def again() -> bytes:
        made.append(1)
        return b"y"

    cache.get(9, again)
    assert not made
    cache.get(0, again)
    assert made
    assert len(cache.get("huge", lambda: b"z" * 500)) == 500
    assert cache.used <= 100
