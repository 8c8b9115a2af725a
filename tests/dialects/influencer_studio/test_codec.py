"""Inputs to bytes and back, without a network."""

from __future__ import annotations

import json
from typing import Any

import pytest

from studio.dialects.base import UnsupportedInput
from studio.dialects.influencer_studio import codec
from studio.providers import shipped_offers
from studio.tools import get_tool
from studio.tools.offer_checks import check, check_media
from studio.tools.values import At, NoAddress
from tests.dialects.influencer_studio.building import offer, resolved
from tests.dialects.influencer_studio.cases import BELL, CASES, Case, M

AT = At("influencer_studio", workspace_id="ws_1", webhook=BELL)
IDS = [case.name for case in CASES]


def flat(data: Any, before: str = "") -> set[str]:
    """Every place in a body: `settings.aspect_ratio`, `loras[].path`."""
    if isinstance(data, list):
        return set().union(*(flat(it, f"{before}[]") for it in data if isinstance(it, dict)), {before})
    if isinstance(data, dict) and before.endswith("[]"):
        return {f"{before}.{name}" for name in data}
    if isinstance(data, dict):
        return set().union(*(flat(it, f"{before}.{name}" if before else name) for name, it in data.items()))
    return {before}


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_comes_back_as_it_was_filled_in(case: Case) -> None:
    values = resolved(case.tool, case.inputs, AT)
    request = codec.encode(offer(case.offer), values)
    assert (request.method, request.path, request.json()) == ("POST", case.path, case.sent)
    tool, hints, inputs = codec.read_request(request.method, request.path, request.body)
    assert (tool, inputs) == (case.tool, values.inputs)
    named = {name: case.sent[name] for name in codec.HINTS if name in case.sent}
    assert hints == {"path": case.path} | named


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_the_same_values_give_the_same_bytes(case: Case) -> None:
    first, second = (codec.encode(offer(case.offer), resolved(case.tool, case.inputs, AT)) for _ in range(2))
    assert first.to_bytes() == second.to_bytes()


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_every_case_passes_its_offers_own_rules(case: Case) -> None:
    values = resolved(case.tool, case.inputs, AT)
    assert check(offer(case.offer), values.inputs) == []
    assert check_media(offer(case.offer), values) == []


@pytest.mark.parametrize("shipped", shipped_offers("influencer_studio"), ids=lambda it: it.key)
def test_every_offer_can_send_what_it_takes(shipped: Any) -> None:
    endpoint = codec.ENDPOINTS[shipped.wire["path"]]
    tool = get_tool(shipped.tool)
    assert tool is not None
    assert endpoint.tool == shipped.tool
    assert set(shipped.takes) <= endpoint.covers() <= set(tool.Inputs.model_fields)
    assert set(shipped.limits) <= set(shipped.takes)
    assert shipped.lane == ("long" if endpoint.sync or shipped.tool == "influencer-video" else "engine")
    assert (shipped.price is None) == (shipped.tool != "influencer")


def test_leaves_out_what_was_not_set() -> None:
    request = codec.encode(offer("video:kling-3"), resolved("video", {"prompt": "waves"}))
    assert request.json() == {"prompt": "waves", "model": "kling-3"}


def test_never_drops_an_input() -> None:
    values = resolved("video", {"prompt": "waves", "dialogue": "Hello"})
    with pytest.raises(UnsupportedInput, match="Spoken line") as caught:
        codec.encode(offer("video:kling-3"), values)
    assert caught.value.field == "dialogue"


@pytest.mark.parametrize(
    ("key", "inputs", "field"),
    [
        ("image:studio-1", {"prompt": "x", "images": [f"{M}/1.png", f"{M}/2.png"]}, "images"),
        ("image:studio-1", {"prompt": "x", "lora_type": "z-image"}, "lora_type"),
        ("video-upscale:seedvr", {"video": f"{M}/in.mp4", "target_resolution": "1440p"}, "target_resolution"),
        (
            "video-upscale:topaz",
            {"video": f"{M}/in.mp4", "factor": 2, "mode": "target", "target_resolution": "720p"},
            "factor",
        ),
        ("image:studio-1", {"prompt": "x", "count": 9}, "count"),
    ],
)
def test_refuses_at_the_field_what_would_be_mishandled(key: str, inputs: dict[str, Any], field: str) -> None:
    with pytest.raises(UnsupportedInput) as caught:
        codec.encode(offer(key), resolved(key.partition(":")[0], inputs))
    assert caught.value.field == field


def test_a_long_motion_needs_the_clips_orientation() -> None:
    inputs = {"video": f"{M}/dance.mp4", "image": f"{M}/ada.png", "orientation": "image"}
    with pytest.raises(UnsupportedInput, match="10 seconds"):
        codec.encode(offer("motion-control:kling-3-pro"), resolved("motion-control", inputs, seconds=11))
    assert codec.encode(offer("motion-control:kling-3-pro"), resolved("motion-control", inputs, seconds=9))


def test_a_file_without_an_address_is_said() -> None:
    values = resolved("image-edit", {"image": f"{M}/room.png", "prompt": "night"})
    hidden = type(values.media["image"][0])(values.media["image"][0].id, "", "", 1, 1, "", name="Room")
    values.media["image"] = (hidden,)
    with pytest.raises(NoAddress, match="Room"):
        codec.encode(offer("image-edit:seedream"), values)


# -- Reading as the service would --------------------------------------------------------------------------------------------------


def read(path: str, body: Any) -> Any:
    return codec.read_request("POST", path, json.dumps(body).encode())[2]


def test_reads_the_vendors_own_example_of_motion_control() -> None:
    body = {
        "video_url": f"{M}/reference.mp4",
        "character_image_url": f"{M}/character.jpg",
        "character_orientation": "video",
        "element_binding": [{"element_index": 0, "source_video_url": f"{M}/face.mp4"}],
    }
    assert read("/videos/motion-control", body).image == f"{M}/character.jpg"


def test_reads_durations_as_numbers_and_texts() -> None:
    assert read("/videos/generate", {"prompt": "x", "settings": {"duration": "5"}}).duration == 5
    assert read("/videos/reference-to-video", {"prompt": "x", "duration": 10}).duration == 10


def test_reads_a_shape_inside_and_outside_of_settings() -> None:
    assert read("/videos/generate", {"prompt": "x", "aspect_ratio": "9:16"}).aspect_ratio == ("9:16",)
    assert (
        read("/videos/reference-to-video", {"prompt": "x", "settings": {"aspect_ratio": "9:16"}}).aspect_ratio == "9:16"
    )


def test_reads_the_batch_of_old_clients_and_leaves_unknown_keys_aside() -> None:
    body = {"prompt": "x", "model": "flux-krea", "settings": {"batch": 3, "scale": 2}, "nonsense": 1, "seed": None}
    tool, hints, inputs = codec.read_request("POST", "/api/v1/images/generate", json.dumps(body).encode())
    assert (tool, hints, inputs.count) == ("image", {"path": "/images/generate", "model": "flux-krea"}, 3)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/images/generate", {"prompt": ""}, "prompt"),
        ("/images/generate", {"prompt": "x", "batch": 5}, "batch"),
        ("/videos/lipsync", {"video_url": "data:video/mp4;base64,AA", "audio_url": f"{M}/a.mp3"}, "video_url"),
    ],
)
def test_names_the_wire_field_that_is_wrong(path: str, body: Any, field: str) -> None:
    with pytest.raises(UnsupportedInput) as caught:
        read(path, body)
    assert caught.value.field == field


def test_refuses_what_is_no_request() -> None:
    for method, path, body in (
        ("GET", "/images/generate", b"{}"),
        ("POST", "/nothing", b"{}"),
        ("POST", "/images/edit", b"["),
    ):
        with pytest.raises(UnsupportedInput):
            codec.read_request(method, path, body)
