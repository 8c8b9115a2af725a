"""Everything that works on the disk works in a bucket: against a real S3 server, over HTTP, with its signatures checked."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from asgiref.sync import async_to_sync
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from PIL import Image
from pytest_django.fixtures import Settings

from config.storage import StorageAway
from studio.engine import links
from studio.media.bucket import BucketStorage, ObjectReader
from studio.media.downloads import download_response
from studio.media.ingest import ingest_file, ingest_result
from studio.media.orphans import sweep_orphans
from studio.media.previews import make_previews
from studio.media.storing import put, stored_pieces
from studio.media.zip import zip_response
from studio.models import Asset
from studio.models.ids import uuid7
from studio.run.prepare import check_storage
from studio.run.problem import StartError
from tests.world import make_connection

from . import clips, files, s3, s3_server
from .conftest import House
from .servers import Call, serving
from .test_zip import MAKERS, outputs_of, received, resident

NOBODY_THERE = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with s3_server.running() as address:
        yield address


@pytest.fixture
def bucket(db: None, settings: Settings, endpoint: str) -> Iterator[dict[str, Any]]:
    with s3.fresh_bucket(settings, endpoint) as options:
        yield options


@pytest.fixture
def in_bucket(bucket: dict[str, Any], house: House) -> House:
    return house


def take(house: House, data: bytes, name: str = "photo.jpg") -> Asset:
    return ingest_file(house.membership, house.workspace, SimpleUploadedFile(name, data)).asset


def kept(house: House, path: Path, data: bytes) -> Asset:
    path.write_bytes(data)
    return ingest_result(team=house.team, workspace=house.workspace, path=path)


def keys(options: dict[str, Any]) -> set[str]:
    assert isinstance(default_storage, BucketStorage)
    listed = default_storage.client.list_objects_v2(Bucket=options["bucket"])
    return {it["Key"] for it in listed.get("Contents", ())}


def signed_in(house: House) -> Client:
    client = Client()
    client.force_login(house.membership.user)
    return client


# -- In and out --------------------------------------------------------------------------------------------------------------------


def test_a_photo_comes_in_is_looked_at_and_goes_out(
    bucket: dict[str, Any], house: House, storage: Path, endpoint: str
) -> None:
    asset = take(house, files.jpeg())
    assert make_previews(asset.pk)
    asset.refresh_from_db()
    assert asset.preview_small
    assert asset.preview_large
    assert asset.analysed_at
    folder = f"studio/files/{house.team.pk}/{asset.pk}"
    assert {f"{folder}/{name}" for name in ("original.jpg", "small.webp", "large.webp")} <= keys(bucket)
    assert not storage.exists()
    client = signed_in(house)
    small = client.get(f"/media/{asset.pk}/small")
    assert Image.open(io.BytesIO(small.content)).format == "WEBP"
    original = client.get(f"/media/{asset.pk}/original").content
    assert len(original) == asset.size_bytes
    png = download_response(RequestFactory().get("/"), asset, "Ad", "png")
    assert Image.open(io.BytesIO(png.content)).size == (320, 240)  # type: ignore[attr-defined]
    assert httpx.get(f"{endpoint}/{bucket['bucket']}/{folder}/original.jpg").status_code == 403


def test_a_film_gets_its_poster_and_a_recording_its_waveform(in_bucket: House, tmp_path: Path) -> None:
    film = kept(in_bucket, tmp_path / "film.mp4", clips.film())
    sound = kept(in_bucket, tmp_path / "sound.wav", clips.recording("wav"))
    for asset in (film, sound):
        make_previews(asset.pk)
        asset.refresh_from_db()
    assert default_storage.size(film.preview_small) > 0
    assert sound.peaks


def test_a_file_is_read_by_ranges_of_which_little_is_asked_for_nothing(in_bucket: House, tmp_path: Path) -> None:
    data = os.urandom(6_000_000)
    asset = kept(in_bucket, tmp_path / "large.bin", data)
    client = signed_in(in_bucket)
    asked: list[str] = []
    assert isinstance(default_storage, BucketStorage)
    default_storage.client.meta.events.register(
        "before-send.s3.GetObject", lambda request, **_: asked.append(request.headers["Range"].decode())
    )
    for sent, first, last in (
        ("bytes=3000000-3000999", 3_000_000, 3_000_999),
        ("bytes=-10", 5_999_990, 5_999_999),
        ("bytes=0-0", 0, 0),
    ):
        answer = client.get(f"/media/{asset.pk}/original", headers={"Range": sent})
        assert (answer.status_code, answer["Content-Range"]) == (206, f"bytes {first}-{last}/{len(data)}")
        assert answer.content == data[first : last + 1]
    assert asked == [
        "bytes=0-262143",
        "bytes=3000000-3262143",
        "bytes=0-262143",
        "bytes=5999990-6262133",
        "bytes=0-262143",
    ]
    assert client.get(f"/media/{asset.pk}/original", headers={"Range": "bytes=6000000-"}).status_code == 416
    assert b"".join(stored_pieces(str(asset.file.name))) == data


def test_seeking_is_as_in_every_file(bucket: dict[str, Any]) -> None:
    name = default_storage.save("some/file.bin", ContentFile(bytes(range(256)) * 2000))
    with default_storage.open(name) as file:
        assert file.read(3) == b"\x00\x01\x02"
        assert file.seek(-2, os.SEEK_END) == 511_998
        assert file.read() == b"\xfe\xff"
        assert file.read(1) == b""
        assert file.seek(5) == 5
        assert file.seek(2, os.SEEK_CUR) == 7
        assert file.read(1) == b"\x07"
        assert file.size == default_storage.size(name) == 512_000
    with pytest.raises(FileNotFoundError):
        default_storage.open("some/other.bin")
    with pytest.raises(FileNotFoundError):
        default_storage.get_modified_time("some/other.bin")
    with pytest.raises(ValueError, match="opened for reading"):
        default_storage.open(name, "wb")
    empty = default_storage.save("some/empty.bin", ContentFile(b""))
    with default_storage.open(empty) as file:
        assert (file.size, file.read()) == (0, b"")
    assert default_storage.listdir("some") == ([], ["empty.bin", "file.bin"])
    assert default_storage.listdir("") == (["some"], [])


def test_a_second_write_takes_the_place_of_what_an_interrupted_one_left(bucket: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"half")
    assert put("a/b.bin", path) == "a/b.bin"
    path.write_bytes(b"the whole")
    assert put("a/b.bin", path) == put("a/b.bin", path) == "a/b.bin"
    assert keys(bucket) == {"studio/files/a/b.bin"}
    with default_storage.open("a/b.bin") as file:
        assert file.read() == b"the whole"


def test_a_zip_of_three_large_files_stays_out_of_memory(in_bucket: House, tmp_path: Path) -> None:
    data = os.urandom(20 << 20)
    asset = kept(in_bucket, tmp_path / "large.bin", data)
    response = zip_response(outputs_of(in_bucket, [asset] * 3, ["a", "b", "c"]), MAKERS)
    path = tmp_path / "all.zip"

    async def save() -> int:
        most, before = 0, resident()
        with path.open("wb") as file:
            async for piece in response:
                file.write(piece)
                most = max(most, resident() - before)
        return most

    assert async_to_sync(save)() < 16 << 20
    assert path.stat().st_size == int(response["Content-Length"])
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["a-4x5-01.bin", "b-4x5-01.bin", "c-4x5-01.bin", "manifest.csv"]
        assert archive.read("b-4x5-01.bin") == data


def test_a_file_that_is_gone_is_told_in_the_zip(in_bucket: House, tmp_path: Path) -> None:
    asset = kept(in_bucket, tmp_path / "a.bin", b"a")
    default_storage.delete(str(asset.file.name))
    data = async_to_sync(received)(zip_response(outputs_of(in_bucket, [asset], ["a"]), MAKERS))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"missing from storage" in archive.read("manifest.csv")
    assert signed_in(in_bucket).get(f"/media/{asset.pk}/original").status_code == 404


def test_only_files_without_a_row_are_swept(bucket: dict[str, Any], house: House) -> None:
    asset = take(house, files.jpeg())
    make_previews(asset.pk, analyse=False)
    team = house.team.pk
    lost = [f"{team}/{uuid7()}/original.jpg", f"{team}/{asset.pk}/older.webp"]
    foreign = ["notes/mine.txt", f"{team}/notes.txt"]
    for name in (*lost, *foreign):
        default_storage.save(name, ContentFile(b"data"))
    before = keys(bucket)
    assert sweep_orphans(timedelta(hours=1)) == 0
    assert sweep_orphans(timedelta(seconds=-5)) == 2
    assert before - keys(bucket) == {f"studio/files/{name}" for name in lost}


# -- Links -------------------------------------------------------------------------------------------------------------------------


def test_a_service_may_fetch_by_a_link_for_seven_days_and_by_no_other(in_bucket: House) -> None:
    asset = take(in_bucket, files.jpeg())
    connection = make_connection(in_bucket.team)
    assert links.reachable(in_bucket.team) == (True, "")
    link = links.known_to(connection, [], [asset], None).links[asset.pk]
    assert "X-Amz-Expires=604800" in link
    fetched = httpx.get(link)
    assert (fetched.status_code, len(fetched.content)) == (200, asset.size_bytes)
    assert fetched.headers["content-type"] == "image/jpeg"
    signature = link.partition("X-Amz-Signature=")[2]
    for other in (
        link.replace("X-Amz-Expires=604800", "X-Amz-Expires=604799"),
        link.replace("original.jpg", "small.webp"),
        link.replace(signature, signature[::-1]),
        link.partition("?")[0],
    ):
        assert httpx.get(other).status_code == 403
    assert httpx.put(link, content=b"mine").status_code == 403


def test_links_lead_to_the_public_address_and_need_no_connection(bucket: dict[str, Any], settings: Settings) -> None:
    s3.use(settings, **bucket | {"endpoint": NOBODY_THERE, "public_endpoint": "https://files.example.com"})
    link = default_storage.url("a/b.png")
    assert link.startswith(f"https://files.example.com/{bucket['bucket']}/studio/files/a/b.png?X-Amz-Algorithm=")


def test_a_bucket_that_nobody_else_reaches_gives_no_links(
    in_bucket: House, settings: Settings, bucket: dict[str, Any]
) -> None:
    s3.use(settings, **bucket | {"gives_links": False})
    can, reason = links.reachable(in_bucket.team)
    assert not can
    assert "S3" in reason


# -- When it cannot be used --------------------------------------------------------------------------------------------------------

WRONG = {
    "bucket": ({"bucket": "no-such-bucket"}, "no bucket of the name in S3_BUCKET", True),
    "key": ({"access_key": "AKIAOTHER"}, "S3_ACCESS_KEY", True),
    "secret": ({"secret_key": "another one"}, "S3_SECRET_KEY", True),
    "nobody there": ({"endpoint": NOBODY_THERE}, "does not answer", False),
}


@pytest.mark.parametrize("case", WRONG)
def test_pages_say_what_is_wrong_and_lose_nothing(
    case: str, in_bucket: House, settings: Settings, bucket: dict[str, Any], tmp_path: Path
) -> None:
    options, words, lasting = WRONG[case]
    asset = kept(in_bucket, tmp_path / "words.txt", b"Slow mornings.")
    client = signed_in(in_bucket)
    s3.use(settings, **bucket | options)
    shown = client.get(f"/media/{asset.pk}/original")
    assert (shown.status_code, shown["Cache-Control"]) == (503, "no-store")
    assert words in shown.content.decode()
    with pytest.raises(StorageAway, match=words):
        default_storage.exists("a")
    with pytest.raises(StorageAway, match=words):
        sweep_orphans()
    if lasting:
        with pytest.raises(StartError, match=words):
            check_storage()
    else:
        check_storage()
    s3.use(settings, **bucket)
    check_storage()
    assert len(client.get(f"/media/{asset.pk}/original").content) == asset.size_bytes


def test_an_upload_that_cannot_be_kept_says_so(in_bucket: House, settings: Settings, bucket: dict[str, Any]) -> None:
    s3.use(settings, **bucket | {"endpoint": NOBODY_THERE})
    upload = {"file": SimpleUploadedFile("new.png", files.palette_png())}
    taken = signed_in(in_bucket).post("/assets/", upload, headers={"Accept": "application/json"})
    assert (taken.status_code, "does not answer" in taken.json()["error"]) == (422, True)
    assert not Asset.objects.exists()


def test_a_connection_that_breaks_goes_on_where_it_broke() -> None:
    data = os.urandom(200_000)

    def half(call: Call) -> bool:
        start = int(call.headers["range"].removeprefix("bytes=").partition("-")[0])
        rest = data[start:]
        call.start(
            "206 Partial Content",
            {
                "Content-Length": str(len(rest)),
                "Content-Range": f"bytes {start}-{len(data) - 1}/{len(data)}",
                "ETag": '"one"',
            },
        )
        call.out.sendall(rest[: max(1, len(rest) // 2)])
        return True

    with serving(half) as server:
        options = s3.options_for(server.url("")) | {"addressing": "path"}
        storage = BucketStorage(**options)
        got = b""
        reader = ObjectReader(storage, "a.bin")
        while len(got) < 180_000:
            got += reader.read(65_536) or b""
        reader.close()
        storage.client.close()
        assert got == data[: len(got)]
        assert all(call.headers["if-match"] == '"one"' for call in server.calls[1:])
        assert len(server.calls) >= 4
