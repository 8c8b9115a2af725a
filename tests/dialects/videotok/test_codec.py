"""Inputs to requests and back, without a server."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from studio.dialects.base import Request, UnsupportedInput
from studio.dialects.videotok import codec, wire
from studio.dialects.videotok.codec_requests import read_request
from studio.tools.offer_checks import check
from studio.tools.values import NoAddress, NotThere, Resolved
from tests.providers.videotok.test_requests import CASES

from .kit import brand, listed, media, offer, person, reference, resolved

IN = "https://in.example"


def encoded(key: str, values: Resolved) -> Request:
    return codec.encode(offer(key), values)


def test_the_same_values_give_the_same_bytes() -> None:
    key, inputs, _ = CASES["video_ad"]
    assert encoded(key, resolved("video-ad", **inputs)) == encoded(key, resolved("video-ad", **inputs))


# An influencer's photo and a person reference come back as pictures, and the instruction of a tool without a brief as its words.
ONE_WAY = ("ai_model, influencer photo", "ai_model, image", "ai_model, audio-driven")


@pytest.mark.parametrize("name", [name for name in CASES if name not in ONE_WAY])
def test_a_request_reads_back_as_its_inputs(name: str) -> None:
    key, inputs, _ = CASES[name]
    slug = key.partition(":")[0]
    request = encoded(key, resolved(slug, **inputs))
    tool, hints, found = read_request(request.method, request.path, request.body, listed().values())
    said = resolved(slug, **inputs).asked
    assert tool == slug
    expected = said.model_copy(
        update={"overlays": bool(getattr(said, "overlays", False))} if slug == "slideshow" else {}
    )
    assert found == expected
    assert {name: value for name, value in offer(key).wire.items() if name in hints} == hints


@pytest.mark.parametrize(
    ("fields", "tool"),
    [
        ({"motion_video_url": f"{IN}/m.mp4", "reference_image_urls": [f"{IN}/a.png"]}, "motion-control"),
        ({"source_video_url": f"{IN}/m.mp4"}, "video-edit"),
        ({"duration": 4}, "video"),
        ({}, "image"),
    ],
)
def test_a_variant_that_nobody_knows_is_read_by_its_fields(fields: dict[str, Any], tool: str) -> None:
    body = {"type": "ai_model", "model_slug": "new", "variant_id": "newer", "prompt": "x", "future": 1, **fields}
    slug, hints, _ = read_request("POST", "/generations", json.dumps(body).encode())
    assert slug == tool
    assert hints == {"type": "ai_model", "model_slug": "new", "variant_id": "newer"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"[]", ""),
        (b"{", ""),
        (b"{}", "type"),
        (b'{"type": "poem"}', "type"),
        (b'{"type": "static_ad", "template_slug": "x"}', "prompt"),
        (b'{"type": "static_ad", "template_slug": "x", "prompt": "y", "request_count": 11}', "request_count"),
    ],
)
def test_a_body_that_cannot_be_read_names_its_field(body: bytes, field: str) -> None:
    with pytest.raises(UnsupportedInput) as error:
        read_request("POST", "/generations", body)
    assert error.value.field == field


def test_a_request_of_another_kind_makes_nothing() -> None:
    with pytest.raises(UnsupportedInput, match="makes nothing"):
        read_request("GET", "/models", b"")


def test_numbers_may_come_as_text() -> None:
    body = {
        "type": "video_ad",
        "template_slug": "motion-graphics",
        "prompt": "x",
        "duration": "8",
        "request_count": "2",
    }
    _, _, inputs = read_request("POST", "/generations", json.dumps(body).encode())
    assert (getattr(inputs, "duration", None), getattr(inputs, "count", None)) == (8, 2)


def test_an_input_without_a_use_is_refused_at_its_field() -> None:
    inputs = resolved("static-ad", prompt="x", headline="Big").inputs
    assert [name for name, _ in check(offer("static-ad:product-shoot"), inputs)] == ["headline"]
    silent = resolved("video", prompt="x", sound=True)
    assert [name for name, _ in check(offer("video:veo/first-frame-last-frame"), silent.inputs)] == [
        "first_frame",
        "last_frame",
        "sound",
    ]


def test_words_that_the_studio_proposed_do_not_go_along() -> None:
    values = resolved("static-ad", prompt="x")
    proposed = replace(values, inputs=values.inputs.model_copy(update={"headline": "Big"}))
    assert encoded("static-ad:product-shoot", proposed) == encoded("static-ad:product-shoot", values)


def test_a_preset_and_a_saved_reference_exclude_each_other() -> None:
    values = resolved(
        "video-ad", prompt="x", preset="videotok:egor", reference="videotok:c2a7f0de-4f2b-4a51-8a5e-7f3b1d20aa10"
    )
    ((name, said),) = check(offer("video-ad:motion-graphics"), values.inputs)
    assert (name, "exclude each other" in said) == ("reference", True)
    with pytest.raises(UnsupportedInput, match="not both"):
        encoded("video-ad:motion-graphics", values)


def test_a_length_must_fit_the_quality() -> None:
    ten = {"prompt": "x", "duration": 10}
    assert check(offer("video-ad:motion-graphics"), resolved("video-ad", **ten, quality="low").inputs) == []
    ((name, sentence),) = check(offer("video-ad:motion-graphics"), resolved("video-ad", **ten, quality="high").inputs)
    assert name == "duration"
    assert "4, 6 or 8" in sentence


def test_an_ad_without_a_brief_is_refused() -> None:
    with pytest.raises(UnsupportedInput, match="needs a brief") as error:
        encoded("video-ad:motion-graphics", resolved("video-ad", images=[f"{IN}/a.png"]))
    assert error.value.field == "prompt"


def test_a_brief_is_asked_for_at_its_field() -> None:
    ((name, _),) = check(offer("video-ad:motion-graphics"), resolved("video-ad", images=[f"{IN}/a.png"]).inputs)
    assert name == "prompt"


def test_ten_is_the_most_at_the_field_too() -> None:
    ((name, _),) = check(offer("image:nano-banana-2/image"), resolved("image", prompt="x", count=11).inputs)
    assert name == "count"
    assert offer("video-ad:motion-graphics").limits["images"] == {"max": 10}


def test_more_than_ten_pictures_or_results_are_refused() -> None:
    values = resolved("video-ad", prompt="x")
    values.media["images"] = tuple(media(f"{IN}/{place}.png") for place in range(11))
    with pytest.raises(UnsupportedInput) as error:
        encoded("video-ad:motion-graphics", values)
    assert error.value.field == "reference_image_urls"
    with pytest.raises(UnsupportedInput) as error:
        encoded("image:nano-banana-2/image", resolved("image", prompt="x", count=11))
    assert error.value.field == "request_count"


def test_a_wire_field_holds_one_file() -> None:
    with pytest.raises(UnsupportedInput, match="one file"):
        encoded("video:dreamer/telepathy", resolved("video", videos=[f"{IN}/a.mp4", f"{IN}/b.mp4"]))


def test_a_file_without_an_address_is_refused() -> None:
    values = resolved("image", prompt="x")
    values.media["images"] = (media(name="cat.png"),)
    with pytest.raises(NoAddress, match="cat"):
        encoded("image:nano-banana-2/image", values)


def test_what_videotok_does_not_know_is_said() -> None:
    values = resolved("image", prompt="x")
    with pytest.raises(NotThere, match="Soft daylight"):
        encoded("image:nano-banana-2/image", replace(values, reference=reference(saved="")))


def test_a_brand_that_videotok_does_not_know_stays_here() -> None:
    values = resolved("image", prompt="x")
    sent = encoded("image:nano-banana-2/image", replace(values, brand=brand("")))
    assert sent.body == encoded("image:nano-banana-2/image", values).body


def test_a_brand_kit_is_a_number_where_it_looks_like_one() -> None:
    values = resolved("image", prompt="x")
    sent = encoded("image:nano-banana-2/image", replace(values, brand=brand("kit-b"))).json()
    assert sent["brand_kit_id"] == "kit-b"


def test_an_influencer_that_is_an_avatar_there_goes_by_its_id() -> None:
    values = replace(resolved("image", prompt="x"), influencer=person(avatar="avatar_123"))
    sent = encoded("image:nano-banana-2/image", values).json()
    assert sent["avatar_id"] == "avatar_123"
    assert "reference_image_urls" not in sent


def test_requests_refuse_names_that_the_api_does_not_have() -> None:
    with pytest.raises(ValueError, match="extra"):
        wire.StaticAd.model_validate({"template_slug": "a", "prompt": "b", "tempalte": "c"})


def test_a_slideshow_of_seven_is_refused() -> None:
    with pytest.raises(ValueError, match="slide_count"):
        wire.Slideshow.model_validate({"prompt": "x", "slide_count": 7, "generate_text_overlays": False})


@pytest.mark.parametrize(
    "sources",
    [
        {"media_kind": "video"},
        {"media_kind": "video", "image_urls": [IN]},
        {"media_kind": "image", "video_url": IN},
        {"media_kind": "image"},
        {"media_kind": "image", "image_urls": [IN], "images": [{"filename": "a", "data": "AA=="}]},
    ],
)
def test_a_reference_has_one_source_and_a_video_its_address(sources: dict[str, Any]) -> None:
    known = {"template_slug": "a", "template_category": "static-ads", "label": "b"}
    with pytest.raises(ValueError, match="video_url"):
        wire.NewReference.model_validate(known | sources)
