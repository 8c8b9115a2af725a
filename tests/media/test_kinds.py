"""Films, sound, models, drawings and text: uploads that are taken or refused, results that are kept, and what the worker adds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from PIL import Image

from studio.media.decode import CLIP, run_child, workplace
from studio.media.downloads import download_response, open_stored
from studio.media.errors import MediaRefused
from studio.media.ingest import ingest_file, ingest_result
from studio.media.previews import make_previews
from studio.media.serving import SANDBOX, Served, serve
from studio.models import Asset, Event, Kind

from . import clips, files, models
from .conftest import House

EVERYTHING = tuple(Kind)
MOVING = {"mp4": "video/mp4", "mov": "video/quicktime", "webm": "video/webm"}
HEARD = {
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "flac": "audio/flac",
    "aac": "audio/aac",
}


def upload(house: House, data: bytes, name: str, accept: tuple[Kind, ...] = EVERYTHING) -> Asset:
    return ingest_file(house.membership, house.workspace, SimpleUploadedFile(name, data), accept=accept).asset


def result(house: House, data: bytes, tmp_path: Path, **more: Any) -> Asset:
    path = tmp_path / "result"
    path.write_bytes(data)
    return ingest_result(team=house.team, workspace=house.workspace, path=path, **more)


def refusal(house: House, data: bytes, name: str, *accept: Kind) -> str:
    with pytest.raises(MediaRefused) as refused:
        upload(house, data, name, accept or EVERYTHING)
    assert not Asset.objects.exists()
    return str(refused.value)


def with_previews(asset: Asset) -> Asset:
    assert make_previews(asset.pk, analyse=False)
    assert not make_previews(asset.pk, analyse=False)
    assert Event.objects.filter(kind="asset", subject=str(asset.pk)).exists()
    asset.refresh_from_db()
    return asset


def preview(name: str) -> Image.Image:
    with default_storage.open(name) as file:
        image = Image.open(file)
        image.load()
    return image.convert("RGB")


def is_red(image: Image.Image, x: float, y: float) -> bool:
    red, _, blue = image.getpixel((int(x * (image.width - 1)), int(y * (image.height - 1))))  # type: ignore[misc]
    return bool(red > blue)


# Films.


@pytest.mark.parametrize("suffix", MOVING)
def test_a_film_is_taken_with_its_facts_and_kept_byte_for_byte(house: House, suffix: str) -> None:
    data = clips.film(suffix, sound=True)
    asset = upload(house, data, f"clip.{suffix}")
    assert (asset.kind, asset.media_type) == (Kind.VIDEO, MOVING[suffix])
    assert (asset.width, asset.height, asset.fps, asset.has_sound) == (128, 72, 12, True)
    assert asset.duration_seconds == pytest.approx(2, abs=0.05)
    assert str(asset.file.name).endswith(f"/original.{suffix}")
    with asset.file.open("rb") as file:
        assert file.read() == data
    assert upload(house, data, "again.mp4") == asset


def test_a_silent_film_says_so(house: House) -> None:
    assert upload(house, clips.film(), "clip.mp4").has_sound is False


@pytest.mark.parametrize("turned", [90, -90])
def test_a_phones_film_stands_upright(house: House, turned: int) -> None:
    asset = with_previews(upload(house, clips.film("mov", turned=turned), "IMG_1.MOV"))
    assert (asset.width, asset.height) == (72, 128)
    image = preview(asset.preview_small)
    assert image.size == (72, 128)
    # Turned counter-clockwise, the red left half is at the bottom.
    assert is_red(image, 0.5, 0.9) is (turned == 90)
    assert is_red(image, 0.5, 0.1) is (turned == -90)


def test_the_poster_is_not_the_black_beginning(house: House) -> None:
    asset = with_previews(upload(house, clips.film(seconds=3, dark_seconds=0.8), "clip.mp4"))
    image = preview(asset.preview_large)
    assert image.size == (128, 72)
    assert is_red(image, 0.2, 0.5)
    assert not is_red(image, 0.8, 0.5)
    assert asset.dominant_colour not in ("", "#000000")


def test_a_film_is_looked_through_in_ten_frames(house: House) -> None:
    asset = with_previews(upload(house, clips.film(size=(480, 270), seconds=2, dark_seconds=1), "clip.mp4"))
    image = preview(asset.sprite)
    assert (image.size, asset.sprite_frames) == ((2400, 135), 10)
    shown = [image.getpixel((number * 240 + 60, 60))[0] > 100 for number in range(10)]  # type: ignore[index]
    assert shown == [False] * 5 + [True] * 5


def test_a_tall_film_is_looked_through_upright(house: House) -> None:
    asset = with_previews(upload(house, clips.film("mov", size=(480, 270), turned=90), "IMG_1.MOV"))
    assert preview(asset.sprite).size == (2400, 427)


def test_a_film_of_a_moment_has_no_frames_to_look_through(house: House) -> None:
    asset = with_previews(upload(house, clips.film(seconds=0.25), "clip.mp4"))
    assert (asset.sprite, asset.sprite_frames) == ("", 0)
    assert asset.preview_small


def test_a_film_that_is_all_black_has_a_poster_too(house: House) -> None:
    assert with_previews(upload(house, clips.film(seconds=1, dark_seconds=9), "clip.mp4")).preview_small


def test_a_film_of_one_frame_has_a_poster(house: House) -> None:
    assert with_previews(upload(house, clips.film(seconds=1 / 12), "clip.mp4")).preview_small


def test_a_large_film_is_looked_at_in_little_memory(tmp_path: Path) -> None:
    """4K: the frames are 12 MB each; the limit of address space, code included, is 768 MB."""
    path = tmp_path / "large.mp4"
    path.write_bytes(clips.film(size=(3840, 2160), seconds=0.3, fps=10))
    with workplace() as room:
        run_child({"do": "poster", "media_type": "video/mp4"}, path, room, CLIP)
        with Image.open(room / "large") as image:
            assert image.size == (1600, 900)


@pytest.mark.parametrize("suffix", ["mp4", "mov"])
def test_the_place_where_it_was_recorded_does_not_stay_in_a_film(house: House, suffix: str) -> None:
    data = clips.film(suffix, sound=True, turned=90, place="+52.5163+013.3777/")
    written = b"loci" if suffix == "mp4" else b"+52.5163"
    assert written in data
    taken = ingest_file(
        house.membership, house.workspace, SimpleUploadedFile(f"a.{suffix}", data), accept=(Kind.VIDEO,)
    )
    assert taken.notes == ("The place where this was recorded was in the file; it was removed.",)
    with taken.asset.file.open("rb") as file:
        kept = file.read()
    assert written not in kept
    again = upload(house, kept, f"again.{suffix}")
    assert again == taken.asset == upload(house, data, "as it came.mp4")
    assert (again.width, again.height, again.has_sound, again.media_type) == (72, 128, True, MOVING[suffix])
    assert with_previews(again).preview_small


# Sound.


@pytest.mark.parametrize("suffix", HEARD)
def test_a_recording_is_taken_and_drawn(house: House, suffix: str) -> None:
    asset = upload(house, clips.recording(suffix), f"voice.{suffix}")
    assert (asset.kind, asset.media_type) == (Kind.AUDIO, HEARD[suffix])
    assert str(asset.file.name).endswith(f"/original.{suffix}")
    asset = with_previews(asset)
    assert asset.duration_seconds == pytest.approx(2, abs=0.1)
    assert len(asset.peaks) == 400
    assert max(asset.peaks) == 100
    assert np.mean(asset.peaks[20:110]) < 5
    assert np.mean(asset.peaks[160:240]) > 90
    assert 40 < np.mean(asset.peaks[290:380]) < 60


def test_silence_is_flat(house: House) -> None:
    asset = with_previews(upload(house, clips.recording("wav", np.zeros(48_000)), "silence.wav"))
    assert asset.peaks == [0] * 400


def test_a_very_short_sound_is_drawn(house: House) -> None:
    asset = with_previews(upload(house, clips.recording("wav", np.ones(480)), "click.wav"))
    assert len(asset.peaks) == 400


def test_a_container_with_sound_alone_is_sound(house: House, tmp_path: Path) -> None:
    asset = result(house, clips.recording("weba"), tmp_path)
    assert (asset.kind, asset.media_type) == (Kind.AUDIO, "audio/webm")
    assert with_previews(asset).peaks
    Asset.objects.all().delete()
    assert refusal(house, clips.recording("weba"), "a.webm", Kind.VIDEO) == (
        "This video has only sound in it. Use one that has pictures."
    )


def test_sound_in_a_films_container_is_taken_where_sound_is_asked_for(house: House) -> None:
    asset = upload(house, clips.recording("weba"), "voice.webm", (Kind.AUDIO,))
    assert (asset.kind, asset.media_type) == (Kind.AUDIO, "audio/webm")


# Models and text.


def test_a_model_is_taken_with_its_facts(house: House) -> None:
    asset = upload(house, models.glb(), "chair.glb")
    assert (asset.kind, asset.media_type) == (Kind.MODEL, "model/gltf-binary")
    assert asset.solid == {
        "meshes": 1,
        "triangles": 18,
        "vertices": 16,
        "materials": 1,
        "textures": 0,
        "animations": 2,
        "extent": [2.0, 3.0, 1.0],
        "external": False,
    }
    assert not make_previews(asset.pk)


def test_a_model_that_names_other_files_says_so(house: House) -> None:
    asset = upload(house, models.glb(models.scene(buffers=[{"uri": "https://example.com/x.bin"}])), "chair.glb")
    assert asset.solid["external"] is True


def test_a_model_of_nonsense_is_counted_without_harm(house: House) -> None:
    nonsense = models.scene(
        meshes=[{"primitives": [{"attributes": {"POSITION": 10**9}}, 7]}, None], accessors="no", images={}
    )
    assert upload(house, models.glb(nonsense), "x.glb").solid["triangles"] == 0


def test_a_text_is_taken_with_how_it_begins(house: House) -> None:
    asset = upload(house, b"\xef\xbb\xbf" + "Größe\u202e zählt.\n".encode() + b"word " * 200, "copy.txt")
    assert (asset.kind, asset.media_type) == (Kind.TEXT, "text/plain")
    assert asset.excerpt.startswith("Größe zählt.\nword word")
    assert len(asset.excerpt) == 300


# What is refused.


@pytest.mark.parametrize(
    ("data", "name", "accept", "sentence"),
    [
        (clips.film()[:-400], "cut.mp4", (), "The file ends too early"),
        (clips.film("webm")[:300], "cut.webm", (), "This file cannot be played"),
        (b"\0\0\0\x18ftypisom" + bytes(5000), "zeros.mp4", (), "This file cannot be played"),
        (b"ID3" + bytes(5000), "zeros.mp3", (), "This file cannot be played"),
        (b"#EXTM3U\nfile:///etc/passwd\n", "list.mp4", (Kind.VIDEO,), "This file is named .mp4 but is plain text. Use an MP4, MOV or WebM video."),
        (files.jpeg(), "photo.mp4", (Kind.VIDEO, Kind.AUDIO), "This file is named .mp4 but is a JPEG picture. Use an MP4, MOV or WebM video or an MP3, WAV"),
        (clips.film(), "photo.jpg", (Kind.IMAGE,), "This file is named .jpg but is an MP4 video. Use a JPEG, PNG"),
        (clips.film(sound=True), "talk.mp4", (Kind.AUDIO,), "This file is a video. Export its sound as MP3, WAV or M4A, and use that."),
        (clips.film(size=(16, 8)), "tiny.mp4", (), "This video has 16 × 8 pixels."),
        (b"", "empty.mp4", (), "This file is empty (0 bytes)."),
        (models.glb(version=1), "old.glb", (), "This is a GLB file of version 1."),
        (models.glb(length=9999), "cut.glb", (), "The file ends too early"),
        (models.glb(length=100), "odd.glb", (), "This GLB file is damaged"),
        (models.glb(b"{not json"), "odd.glb", (), "This GLB file is damaged"),
        (models.glb(b"[" * 100_000), "deep.glb", (), "This GLB file is damaged"),
        (b"glTF\2\0\0\0", "stub.glb", (), "This GLB file is damaged"),
        ("naïve".encode() + b" words " * 700 + b"\xff", "latin.txt", (), "This text is not in UTF-8."),
        (b"<!doctype html><p>hi", "page.txt", (), "This file is named .txt but is a web page (HTML)."),
    ],
)  # fmt: skip
def test_what_cannot_be_used_gets_its_sentence(
    house: House, data: bytes, name: str, accept: tuple[Kind, ...], sentence: str
) -> None:
    assert refusal(house, data, name, *accept).startswith(sentence)


def test_a_film_may_name_no_other_file(house: House, tmp_path: Path) -> None:
    """A playlist in a film's clothes stays a film to its reader: nothing that it names is opened."""
    secret = tmp_path / "secret"
    secret.write_text("hush")
    playlist = b"\0\0\0\x0cftypisom" + bytes(8) + f"#EXTM3U\n#EXTINF:1,\nfile://{secret}\n".encode()
    assert refusal(house, playlist, "list.mp4").startswith("This file cannot be played")


# Results: kept, whatever they are.


@pytest.mark.parametrize(
    ("data", "kind", "media_type"),
    [
        (clips.film()[:-400], Kind.VIDEO, "video/mp4"),
        (b"\xff\xd8\xff" + bytes(500), Kind.IMAGE, "image/jpeg"),
        (files.heic(), Kind.IMAGE, "image/heic"),
        (models.glb(length=7), Kind.MODEL, "model/gltf-binary"),
        (b"<svg broken>", Kind.IMAGE, "image/svg+xml"),
        (b"PK\x03\x04rest", Kind.FILE, "application/zip"),
    ],
)
def test_a_result_that_cannot_be_opened_is_kept(
    house: House, tmp_path: Path, data: bytes, kind: Kind, media_type: str
) -> None:
    asset = result(house, data, tmp_path)
    assert (asset.kind, asset.media_type, asset.width) == (kind, media_type, None)
    with asset.file.open("rb") as file:
        assert file.read() == data


def test_a_result_has_its_facts(house: House, tmp_path: Path) -> None:
    film = result(house, clips.film(sound=True), tmp_path, original_name="ad.mp4")
    assert (film.kind, film.width, film.has_sound) == (Kind.VIDEO, 128, True)
    assert result(house, clips.film("webm"), tmp_path, duration_seconds=2.5).duration_seconds == 2.5
    turned = result(house, files.turned_jpeg(), tmp_path)
    assert (turned.width, turned.height) == (240, 320)
    webp = result(house, files.moving("WEBP"), tmp_path)
    assert (webp.media_type, webp.width, webp.height) == ("image/webp", 60, 40)


DRAWING = files.SVG.format(
    '<rect width="50" height="50" fill="#c81e1e"/><rect x="50" width="50" height="50" fill="#1e1ec8"/>'
)


def test_a_vectorised_result_is_a_drawing_to_keep_and_pixels_to_see(house: House, tmp_path: Path) -> None:
    declared = (
        '<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd">' + DRAWING
    )
    asset = result(house, declared.encode(), tmp_path)
    assert (asset.kind, asset.media_type, asset.width, asset.height) == (Kind.IMAGE, "image/svg+xml", 100, 50)
    asset = with_previews(asset)
    image = preview(asset.preview_large)
    assert image.size == (1600, 800)
    assert is_red(image, 0.2, 0.5)
    assert not is_red(image, 0.8, 0.5)
    answer = download_response(RequestFactory().get("/"), asset, "drawing", "png")
    assert answer["Content-Type"] == "image/png"
    answer.close()


def test_a_drawing_with_entities_is_kept_but_not_drawn(house: House, tmp_path: Path) -> None:
    bomb = '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + files.SVG.format("<text>&b;</text>")
    asset = result(house, bomb.encode(), tmp_path)
    assert (asset.kind, asset.width) == (Kind.IMAGE, None)
    make_previews(asset.pk, analyse=False)
    asset.refresh_from_db()
    assert asset.preview_small == ""


# How they leave.


def served(asset: Asset, **headers: str) -> Any:
    file = Served(
        file=open_stored(str(asset.file.name)),
        size_bytes=asset.size_bytes,
        media_type=asset.media_type,
        etag=asset.sha256,
        modified=asset.created_at,
    )
    return serve(RequestFactory(headers=headers).get("/"), file)


@pytest.mark.parametrize(
    ("data", "media_type", "shown"),
    [
        (clips.film(), "video/mp4", True),
        (clips.film("mov"), "video/quicktime", True),
        (clips.film("webm"), "video/webm", True),
        *((clips.recording(suffix), media_type, True) for suffix, media_type in HEARD.items()),
        (models.glb(), "model/gltf-binary", False),
        (DRAWING.encode(), "application/octet-stream", False),
        (b"plain words", "application/octet-stream", False),
        (b"<!doctype html>", "application/octet-stream", False),
    ],
)
def test_what_plays_is_shown_in_place_and_the_rest_is_attached(
    house: House, tmp_path: Path, data: bytes, media_type: str, shown: bool
) -> None:
    answer = served(result(house, data, tmp_path), Range="bytes=2-5")
    assert answer.status_code == 206
    assert answer.content == data[2:6]
    assert answer["Content-Range"] == f"bytes 2-5/{len(data)}"
    assert answer["Content-Type"] == media_type
    assert ("attachment" in answer.get("Content-Disposition", "")) is not shown
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == SANDBOX
    answer.close()
