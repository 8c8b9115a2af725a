"""What the checks say of photos of a person: of one real portrait, spoilt in every way that people spoil photos."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from studio.media import portraits
from studio.media.errors import MediaRefused

PORTRAIT = Path(__file__).parent / "portrait.jpg"


@pytest.fixture(scope="module")
def photo() -> Image.Image:
    """The portrait at a size that a phone takes."""
    return Image.open(PORTRAIT).convert("RGB").resize((768, 768), Image.Resampling.LANCZOS)


def codes(image: Image.Image, first: bool = True) -> list[str]:
    return [advice.code for advice in portraits.advise(portraits.measure(image, image.height), first=first)]


def beside_itself(image: Image.Image) -> Image.Image:
    two = Image.new("RGB", (image.width * 2, image.height))
    two.paste(image, (0, 0))
    two.paste(ImageOps.mirror(image), (image.width, 0))
    return two


def with_a_passer_by(image: Image.Image) -> Image.Image:
    small = image.resize((image.width // 4, image.height // 4))
    wide = Image.new("RGB", (image.width + 300, image.height), "#99a0a8")
    wide.paste(image, (0, 0))
    wide.paste(small, (image.width + 60, 60))
    return wide


SPOILT: dict[str, tuple[Callable[[Image.Image], Image.Image], list[str]]] = {
    "as it is": (lambda image: image, []),
    "two people": (beside_itself, ["many"]),
    "somebody far behind": (with_a_passer_by, []),
    "out of focus": (lambda image: image.filter(ImageFilter.GaussianBlur(9)), ["blurred"]),
    "in the dark": (lambda image: ImageEnhance.Brightness(image).enhance(0.25), ["dark"]),
    "small": (lambda image: image.resize((192, 192)), ["small"]),
    "nobody": (lambda image: Image.new("RGB", (600, 800), "#a0b0c0"), ["none"]),
}


@pytest.mark.parametrize("name", SPOILT)
def test_what_is_wrong_is_named(name: str, photo: Image.Image) -> None:
    spoil, expected = SPOILT[name]
    assert codes(spoil(photo)) == expected


def test_burnt_out_skin_is_named() -> None:
    facts = {"version": portraits.VERSION, "faces": 1, "pose": "close", "hash": "", "face": [0.3, 0.3, 0.3, 0.3]}
    facts |= {"face_px": 400, "sharp": 300.0, "light": 254.0, "burnt": 0.3}
    assert [advice.code for advice in portraits.advise(facts)] == ["burnt"]


def test_a_face_at_the_edge_is_named(photo: Image.Image) -> None:
    box = portraits.measure(photo, photo.height)["face"]
    left = round((box[0] + box[2] * 0.25) * photo.width)
    assert "cut" in codes(photo.crop((left, 0, photo.width, photo.height)))


@pytest.mark.parametrize(
    ("share", "pose"),
    [(0.5, "close"), (0.25, "close"), (0.18, "half"), (0.115, "half"), (0.08, "full"), (0.03, "full")],
)
def test_how_close_it_is_follows_from_the_faces_share_of_the_height(share: float, pose: str) -> None:
    assert portraits.pose_of(share) == pose


def test_poses_are_told_from_real_pictures(photo: Image.Image) -> None:
    found = []
    for times in (1, 3, 6):
        tall = Image.new("RGB", (photo.width * 2, photo.height * times), "#8a93a0")
        tall.paste(photo, (photo.width // 2, 0))
        found.append(portraits.measure(tall, tall.height)["pose"])
    assert found == ["close", "half", "full"]


def test_the_same_shot_is_known_again_and_another_is_not(photo: Image.Image) -> None:
    saved = io.BytesIO()
    photo.resize((500, 500)).save(saved, "JPEG", quality=60)
    shots = [photo, Image.open(saved).convert("RGB"), ImageOps.mirror(photo), photo.crop((60, 40, 700, 760))]
    facts = [portraits.measure(shot, shot.height) for shot in shots]
    assert [[advice.code for advice in found] for found in portraits.advise_all(facts)] == [[], ["same"], [], []]
    assert "photo 1" in portraits.advise_all(facts)[1][0].text


def test_only_the_first_photo_needs_a_face() -> None:
    nobody: dict[str, Any] = {"version": portraits.VERSION, "faces": 0, "pose": "", "hash": ""}
    assert portraits.advise(nobody, first=True)[0].is_grave
    assert not portraits.advise(nobody)[0].is_grave


def test_nothing_is_said_of_what_nobody_has_looked_at() -> None:
    assert portraits.advise({}, first=True) == []
    assert portraits.advise({"version": portraits.VERSION, "unreadable": True}) == []


def test_it_looks_in_a_limited_process() -> None:
    facts = portraits.check(PORTRAIT)
    assert (facts["faces"], facts["pose"], facts["face_px"]) == (1, "close", 117)


def test_a_sideways_phone_photo_is_measured_upright(tmp_path: Path, photo: Image.Image) -> None:
    turned, exif = photo.crop((0, 0, 700, 768)).rotate(90, expand=True), Image.Exif()
    exif[0x0112] = 6
    turned.save(tmp_path / "phone.jpg", exif=exif)
    with (tmp_path / "phone.jpg").open("rb") as file:
        facts = portraits.measure_file(file)
    assert (facts["faces"], facts["pose"]) == (1, "close")
    assert facts["face_px"] == pytest.approx(facts["face"][3] * 768, abs=1)


def test_what_is_no_picture_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0 not a picture")
    with pytest.raises(MediaRefused):
        portraits.check(tmp_path / "photo.jpg")
