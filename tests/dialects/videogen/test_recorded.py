"""What the official SDKs really send, read with our messages. How it was recorded: recorded/README.md."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from studio.dialects.videogen import wire
from studio.dialects.videogen.codec import read_request
from studio.dialects.videogen.codec_read import read_message
from studio.dialects.videogen.eras import from_any

HERE = Path(__file__).parent / "recorded"
RECORDED: dict[str, list[dict[str, Any]]] = {
    version: json.loads((HERE / f"sdk_{version.replace('.', '_')}.json").read_text("utf-8"))
    for version in ("0.0.38", "2.5.3")
}
QUERIES: dict[str, type[wire.Sent]] = {
    "/v1/tools/executions": wire.ExecutionsQuery,
    "/v1/files": wire.FilesQuery,
    "/v1/resources/avatar-presenters": wire.PresentersQuery,
    "/v1/resources/tts-voices": wire.VoicesQuery,
    "/v1/resources/languages": wire.LanguagesQuery,
    "/v1/entities": wire.EntitiesQuery,
    "/v1/webhooks/endpoints": wire.WebhooksQuery,
}
BODIES: dict[str, type[wire.Sent]] = {
    "/v1/files/search": wire.SearchFiles,
    "/v1/files/upload": wire.CreateUpload,
    "/v1/webhooks/endpoints": wire.CreateWebhook,
}
BARE = re.compile(
    r"(GET /v1/(me|files/[^/]+|tools/executions/[^/]+)"
    r"|POST /v1/tools/executions/[^/]+/cancel"
    r"|POST /v1/files/[^/]+/(hydrate|archive|enable-public-preview|disable-public-preview)"
    r"|DELETE /v1/webhooks/endpoints/[^/]+"
    r"|PUT /put/[^/]+)\Z"
)
ALL = [(version, place, row) for version, rows in RECORDED.items() for place, row in enumerate(rows)]


def decode(row: dict[str, Any]) -> dict[str, Any]:
    """A recorded request as one of our messages, back in today's names; {} for those that say nothing beside their path."""
    path, body = row["path"], row["body"]
    if path in wire.PATHS:
        return read_message(path, body).to_wire()
    if row["method"] == "POST" and path in BODIES:
        return BODIES[path].model_validate(from_any(path, body)).to_wire()
    if row["method"] == "GET" and path in QUERIES:
        return QUERIES[path].model_validate({name: values[0] for name, values in row["query"].items()}).to_wire()
    assert BARE.match(f"{row['method']} {path}"), f"{row['method']} {path} is nobody's"
    return {}


@pytest.mark.parametrize(("version", "place", "row"), ALL, ids=[f"{version}-{place}" for version, place, _ in ALL])
def test_every_recorded_request_decodes(version: str, place: int, row: dict[str, Any]) -> None:
    decoded = decode(row)
    sent = row["body"] if isinstance(row["body"], dict) else {name: values[0] for name, values in row["query"].items()}
    told = {name: value for name, value in from_any(row["path"], sent).items() if value is not None}
    if row["path"].startswith("/put/"):
        return
    assert set(decoded) == set(told), "nothing is lost and nothing is made up"
    for name, value in told.items():
        if name == "videoFileIds" and isinstance(value, str):
            value = [value]
        assert str(decoded[name]).lower() == str(value).lower() or decoded[name] == value


@pytest.mark.parametrize(("version", "place", "row"), ALL, ids=[f"{version}-{place}" for version, place, _ in ALL])
def test_every_recorded_start_becomes_inputs(version: str, place: int, row: dict[str, Any]) -> None:
    body = json.dumps(row["body"]).encode()
    if row["path"] not in wire.PATHS:
        with pytest.raises(LookupError):
            read_request(row["method"], row["path"], body)
        return
    _, hints, inputs = read_request(row["method"], row["path"], body)
    assert hints["path"] == row["path"]
    if "prompt" in row["body"]:
        assert inputs.model_dump()["prompt"] == row["body"]["prompt"]
    if "numResults" in row["body"]:
        assert inputs.model_dump()["count"] == row["body"]["numResults"]


def first(version: str, path: str, **wanted: Any) -> tuple[str, dict[str, Any], dict[str, Any]]:
    row = next(
        row
        for row in RECORDED[version]
        if row["path"] == path and all(row["body"].get(name) == value for name, value in wanted.items())
    )
    tool, hints, inputs = read_request("POST", path, json.dumps(row["body"]).encode())
    return tool, hints, inputs.model_dump(exclude_unset=True)


def test_values_of_0_0_38() -> None:
    version = "0.0.38"
    tool, hints, told = first(version, "/v1/tools/generate-image", numResults=2)
    assert tool == "image-edit"
    assert hints["temporary"] is True
    assert told == {
        "prompt": "a cat",
        "image": "videogen:vg_file_0001",
        "aspect_ratio": "1:1",
        "count": 2,
        "watermark": "videogen",
    }
    tool, _, told = first(version, "/v1/tools/generate-video-clip")
    assert tool == "video-edit"
    assert (told["video"], told["images"]) == ("videogen:vg_file_0002", ("videogen:vg_file_0001",))
    assert (told["sound"], told["aspect_ratio"], told["watermark"], told["count"]) == (True, "9:16", "none", 3)
    tool, _, told = first(version, "/v1/tools/generate-avatar")
    assert (tool, told["presenter"], told["audio"]) == (
        "avatar-clip",
        "videogen:vg_pres_k1",
        "videogen:vg_file_0003",
    )
    tool, _, told = first(version, "/v1/tools/text-to-speech")
    assert (tool, told["voice"], told["speed"], told["spell_out"]) == ("speech", "videogen:vg_voic_m9", 1.25, True)
    assert told["replacements"] == ({"original": "SQL", "replacement": "sequel"},)
    assert first(version, "/v1/tools/upscale-video")[2]["video"] == "videogen:vg_file_0002"
    assert first(version, "/v1/tools/vectorize-image")[2]["image"] == "videogen:vg_file_0001"


def test_values_of_2_5_3() -> None:
    version = "2.5.3"
    tool, hints, told = first(version, "/v1/tools/generate-image")
    assert (tool, hints["hidden"], hints["temporary"]) == ("image", True, True)
    assert (told["entities"], told["quality"], told["prompt_rewrites"]) == (("videogen:vg_enti_a1",), "high", 2)
    tool, _, told = first(version, "/v1/tools/generate-video-clip", prompt="p")
    assert (tool, told["first_frame"], told["sound"]) == ("video", "videogen:vg_file_0001", True)
    assert "duration" not in told, "a null is the same as nothing"
    tool, _, told = first(version, "/v1/tools/generate-video-clip", quality="MAX")
    assert (told["dialogue"], told["voice_description"], told["music_off"]) == ("Hi", "warm", True)
    assert (told["duration"], told["quality"], told["count"], told["watermark"]) == (12, "max", 4, "none")
    tool, _, told = first(version, "/v1/tools/generate-avatar")
    assert (told["presenter"], told["quality"], told["watermark"]) == ("videogen:vg_enti_a1", "high", "videogen")
    tool, _, told = first(version, "/v1/tools/generate-motion-graphic")
    assert (tool, told["transparent"], told["make_images"], told["make_clips"]) == (
        "motion-graphic",
        False,
        "enabled",
        "disabled",
    )
    tool, _, told = first(version, "/v1/text/generate")
    assert (tool, told["max_tokens"], told["temperature"], told["quality"]) == ("text", 64, 0.3, "low")


def test_the_recordings_are_whole() -> None:
    """Every paid call that each SDK knows was recorded, and none failed half-way."""
    paths = {version: Counter(row["path"] for row in rows) for version, rows in RECORDED.items()}
    assert set(wire.PATHS) - set(paths["2.5.3"]) == set()
    missing = set(wire.PATHS) - set(paths["0.0.38"])
    assert {path.rpartition("/")[2] for path in missing} == {
        "generate-music",
        "generate-motion-graphic",
        "image-3d-effect",
        "generate",
    }
    assert len(RECORDED["0.0.38"]) == 29
    assert len(RECORDED["2.5.3"]) == 36


def test_sdks_send_no_key_with_an_upload_and_no_type_with_an_action() -> None:
    for rows in RECORDED.values():
        put = next(row for row in rows if row["method"] == "PUT")
        assert {"authorization", "content-type"}.isdisjoint(put["headers"])
        for row in rows:
            if row["method"] == "POST" and row["body"] is None:
                assert row["headers"]["content-length"] == "0"
                assert "content-type" not in row["headers"]
