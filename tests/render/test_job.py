"""A render in its own process: what it is told, what it writes, and what it says when told nonsense."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from studio.render import job, jobfile, pictures
from studio.render.manifest import DATA
from studio.render.spec import Box, BrandLook, Drawing, Picture, StaticAd
from studio.render.svg import Svg

ROOT = Path(__file__).resolve().parents[2]
CAN = DATA / "demo" / "cut_can.png"

# The entry with one plain layout in place of the real ones: what is tested here is the process, not the layouts.
PLAIN = """
import sys, types
from tests.render.test_job import plain
module = types.ModuleType("studio.render.templates")
module.build = plain
sys.modules["studio.render.templates"] = module
import studio.render
studio.render.templates = module
from studio.render import job
sys.exit(job.main(sys.argv[1:]))
"""


def plain(ad: StaticAd) -> Drawing:
    """The product in the middle of the brand's ground; "hog" asks for far too much memory."""
    if ad.template == "hog":
        bytearray(3 << 30)
    svg = Svg(ad.width, ad.height)
    svg.fill(ad.brand.primary)
    item = pictures.product(ad.pictures[0])
    assert item is not None
    high = 0.6 * ad.height
    box = Box((ad.width - high * item.aspect) / 2, 0.2 * ad.height, high * item.aspect, high)
    piece = pictures.product_piece(item, box, (ad.width, ad.height), scale=ad.pixel_scale)
    assert piece is not None
    svg.piece(piece)
    return Drawing(svg.render(), ad.width, ad.height, notes=("All is well.",))


def ad() -> StaticAd:
    picture = Picture("can", CAN.read_bytes, CAN.read_bytes, (Box(0.1, 0.2, 0.3, 0.4),), (0.4, 0.6))
    logo = Picture("logo", CAN.read_bytes)
    brand = BrandLook("Oru", "#f4a06c", "#e8542f", "#201008", "#fff6ee", logo=logo)
    return StaticAd("plain", 540, 675, "Your *slow* morning", "", "Shop now →", "20 %", "", brand, (picture,), 1.0, 2)


def start(*arguments: str, code: str = PLAIN) -> tuple[int, list[dict[str, Any]]]:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def test_an_ad_there_and_back(tmp_path: Path) -> None:
    first = ad()
    data = json.loads(json.dumps(jobfile.to_json(first, tmp_path)))
    again = jobfile.from_json(data)
    assert again.pictures[0].photo() == CAN.read_bytes()
    assert len(list(tmp_path.iterdir())) == 1, "each content is written once"
    source = first.pictures[0].photo
    known = replace(again.pictures[0], photo=source, cutout=first.pictures[0].cutout)
    logo = first.brand.logo
    assert replace(again, pictures=(known,), brand=replace(again.brand, logo=logo)) == first


def test_a_job_is_drawn_in_its_own_process(tmp_path: Path) -> None:
    path = job.write_job(ad(), tmp_path, ("png", "webp", "jpg"), 85)
    code, lines = start(str(path), str(tmp_path / "out"))
    assert code == 0
    shares = [line["progress"] for line in lines]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert all(line["step"] for line in lines)
    result = json.loads((tmp_path / "out" / "out.json").read_text())
    assert result == {
        "width": 540,
        "height": 675,
        "notes": ["All is well."],
        "files": ["out.png", "out.webp", "out.jpg"],
    }
    for name, kind in (("out.png", "PNG"), ("out.webp", "WEBP"), ("out.jpg", "JPEG")):
        with Image.open(tmp_path / "out" / name) as image:
            assert (image.format, image.size) == (kind, (540, 675))


def test_too_much_memory_is_one_sentence(tmp_path: Path) -> None:
    path = job.write_job(replace(ad(), template="hog"), tmp_path)
    code, lines = start(str(path), str(tmp_path / "out"))
    assert code == 2
    assert "too large" in lines[-1]["error"]


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "\x00"])
def test_what_is_no_job_is_one_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "job.json"
    path.write_text(text)
    code, lines = start(str(path), str(tmp_path / "out"))
    assert code == 2
    assert list(lines[-1]) == ["error"]
    assert lines[-1]["error"].endswith(".")


def test_missing_arguments_and_files_are_one_sentence(tmp_path: Path) -> None:
    assert start()[0] == 2
    code, lines = start(str(tmp_path / "none.json"), str(tmp_path))
    assert code == 2
    assert "error" in lines[-1]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"width": 5000}, "width must be a whole number from 1 to 4096"),
        ({"width": 10.5}, "width must be a whole number"),
        ({"height": True}, "height must be"),
        ({"height": None}, "height must be"),
        ({"pixel_scale": float("nan")}, "pixel scale must be"),
        ({"template": ""}, "template must be"),
        ({"template": 7}, "template must be"),
        ({"headline": "x" * 301}, "headline must be a text of at most 300"),
        ({"extra": 1}, "unknown part “extra”"),
        ({"brand": []}, "brand must be an object"),
        ({"brand": {"primary": "red"}}, "primary colour is wrong"),
        ({"brand": {"font": "x"}}, "unknown part “font”"),
        ({"pictures": "x"}, "pictures must be a list"),
        ({"pictures": [{"key": "a", "photo": "relative.png"}]}, "pictures is missing"),
        ({"pictures": [{"key": "a", "photo": "/nowhere/at/all.png"}]}, "pictures is missing"),
        ({"pictures": [{"key": "a", "photo": str(CAN), "faces": [[0, 0, 2, 1]]}]}, "4 numbers from 0 to 1"),
        ({"pictures": [{"key": "a", "photo": str(CAN), "focal": [0.5]}]}, "2 numbers from 0 to 1"),
        ({"formats": ["gif"]}, "png, webp or jpg"),
        ({"formats": []}, "png, webp or jpg"),
        ({"quality": 0}, "quality must be"),
    ],
)
def test_each_wrong_value_has_its_sentence(change: dict[str, Any], says: str) -> None:
    good: dict[str, Any] = {"template": "plain", "width": 100, "height": 100}
    assert job.read_job(good).ad.width == 100
    with pytest.raises(jobfile.JobError, match=says):
        job.read_job(good | change)
