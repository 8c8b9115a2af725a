from __future__ import annotations

import csv
import io
import resource
import zipfile
from collections.abc import Sequence
from pathlib import Path

from asgiref.sync import async_to_sync
from django.core.files.storage import default_storage

from studio.media.ingest import ingest_result
from studio.media.zip import COLUMNS, build_zip, names, zip_response
from studio.models import Asset, Brief, Generation, Kind, Output, OutputState, State
from studio.models.ids import uuid7

from . import files
from .conftest import House

MAKERS = {"local": "Rendered locally", "videotok": "Videotok"}


def outputs_of(house: House, assets: Sequence[Asset], titles: Sequence[str]) -> list[Output]:
    where = {"team": house.team, "workspace": house.workspace}
    inputs = {"prompt": "=HYPERLINK(1)", "template": "hero"}
    brief = Brief.objects.create(tool="static-ad", inputs=inputs, nonce=str(uuid7()), **where)
    generation = Generation.objects.create(
        brief=brief,
        tool="static-ad",
        provider="local",
        offer_key="local",
        inputs=inputs,
        state=State.COMPLETED,
        **where,
    )
    return [
        Output.objects.create(
            generation=generation,
            position=position,
            kind=Kind.IMAGE,
            tool="static-ad",
            title=title,
            ratio_label="4:5",
            state=OutputState.READY,
            asset=asset,
            **where,
        )
        for position, (asset, title) in enumerate(zip(assets, titles, strict=True))
    ]


def picture(house: House, path: Path, seed: int) -> Asset:
    path.write_bytes(files.encoded(files.photo(seed=seed), "JPEG"))
    return ingest_result(team=house.team, workspace=house.workspace, path=path)


async def received(response: object) -> bytes:
    return b"".join([piece async for piece in response])  # type: ignore[attr-defined]


def test_a_selection_becomes_a_sound_archive_of_the_length_it_said(house: House, tmp_path: Path) -> None:
    assets = [picture(house, tmp_path / "ad.jpg", seed) for seed in range(3)]
    outputs = outputs_of(house, assets, ["Spring Sale!", "spring sale", "../../日本 <b>"])
    response = zip_response(outputs, MAKERS, "Spring/Sale")
    data = async_to_sync(received)(response)
    assert int(response["Content-Length"]) == len(data)
    assert response["Content-Disposition"] == 'attachment; filename="Spring-Sale.zip"'
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [
            "Spring-Sale-4x5-01.jpg",
            "spring-sale-4x5-02.jpg",
            "日本-b-4x5-01.jpg",
            "manifest.csv",
        ]
        rows = list(csv.reader(io.StringIO(archive.read("manifest.csv").decode("utf-8-sig"))))
        with assets[0].file.open("rb") as file:
            assert archive.read("Spring-Sale-4x5-01.jpg") == file.read()
    assert tuple(rows[0]) == COLUMNS
    assert rows[1][:7] == [
        "Spring-Sale-4x5-01.jpg",
        "Spring Sale!",
        "'=HYPERLINK(1)",
        "hero",
        "4:5",
        "To review",
        assets[0].sha256,
    ]
    assert rows[1][8] == "Rendered locally"


def test_the_manifest_names_the_service_and_only_what_it_got(house: House, tmp_path: Path) -> None:
    outputs = outputs_of(house, [picture(house, tmp_path / "ad.jpg", 1)], ["Ad"])
    generation = outputs[0].generation
    generation.provider, generation.offer = "videotok", {"takes": ["prompt", "count"]}
    with zipfile.ZipFile(io.BytesIO(bytes(build_zip(outputs, MAKERS)))) as archive:
        row = next(csv.DictReader(io.StringIO(archive.read("manifest.csv").decode("utf-8-sig"))))
    assert (row["made by"], row["template"], row["prompt"]) == ("Videotok", "", "'=HYPERLINK(1)")


def test_a_missing_file_is_told_in_the_manifest(house: House, tmp_path: Path) -> None:
    outputs = outputs_of(house, [picture(house, tmp_path / "ad.jpg", 1)], ["Ad"])
    assert outputs[0].asset
    default_storage.delete(str(outputs[0].asset.file.name))
    with zipfile.ZipFile(io.BytesIO(bytes(build_zip(outputs, MAKERS)))) as archive:
        assert archive.namelist() == ["manifest.csv"]
        assert b"missing from storage" in archive.read("manifest.csv")


def test_a_title_without_letters_still_has_a_name(house: House, tmp_path: Path) -> None:
    assert names(outputs_of(house, [picture(house, tmp_path / "ad.jpg", 1)], ["🎉"])) == ["untitled-4x5-01.jpg"]


def resident() -> int:
    """Bytes of this process that are in memory now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def test_three_hundred_megabytes_stay_out_of_memory(house: House, tmp_path: Path) -> None:
    megabytes = 100
    path = tmp_path / "large.bin"
    with path.open("wb") as file:
        file.truncate(megabytes << 20)
    assets = [ingest_result(team=house.team, workspace=house.workspace, path=path) for _ in range(3)]
    response = zip_response(outputs_of(house, assets, ["a", "b", "c"]), MAKERS)

    async def measure() -> tuple[int, int]:
        size = most = 0
        before = resident()
        async for piece in response:
            size += len(piece)
            most = max(most, resident() - before)
        return size, most

    size, grown = async_to_sync(measure)()
    assert size == int(response["Content-Length"]) > 3 * megabytes << 20
    assert grown < 16 << 20


def test_what_is_not_ready_is_left_out(house: House, tmp_path: Path) -> None:
    outputs = outputs_of(house, [picture(house, tmp_path / "ad.jpg", 1)], ["Ad"])
    data = async_to_sync(received)(zip_response([*outputs, Output(title="Waiting")], MAKERS))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == ["Ad-4x5-01.jpg", "manifest.csv"]
