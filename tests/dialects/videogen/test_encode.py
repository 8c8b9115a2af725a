"""Inputs to requests: every field of every tool in every era, byte by byte, and back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from studio.dialects.base import UnsupportedInput
from studio.dialects.videogen.codec import encode, read_request
from studio.providers.videogen.adapter import VideoGenProvider
from studio.tools.values import InfluencerValue, NotThere
from tests.dialects.videogen.cases import EACH, IDS, IMAGE, OTHER, VIDEO, Case, media_value, offer_for, resolved


@pytest.mark.parametrize(("case", "era"), EACH, ids=IDS)
def test_becomes_exactly_this_request(case: Case, era: str) -> None:
    request = encode(offer_for(case.tool, era), resolved(case.tool, case.told, era, case.watermark, case.face))
    assert (request.method, request.path) == ("POST", case.path)
    assert request.json() == case.sent


@pytest.mark.parametrize(("case", "era"), EACH, ids=IDS)
def test_offers_take_what_is_told(case: Case, era: str) -> None:
    offer = offer_for(case.tool, era)
    assert [name for name in case.told if not offer.takes_input(name)] == []


@pytest.mark.parametrize(("case", "era"), EACH, ids=IDS)
def test_comes_back_as_inputs_and_goes_out_the_same(case: Case, era: str) -> None:
    request = encode(offer_for(case.tool, era), resolved(case.tool, case.told, era, case.watermark, case.face))
    tool, hints, inputs = read_request(request.method, request.path, request.body)
    assert hints["path"] == case.path
    again = encode(offer_for(tool, era), resolved(tool, inputs.model_dump(), era))
    assert again == request


@pytest.mark.parametrize(("case", "era"), EACH, ids=IDS)
def test_the_same_inputs_give_the_same_bytes(case: Case, era: str) -> None:
    offer, values = (
        offer_for(case.tool, era),
        resolved(case.tool, case.told, era, case.watermark, case.face),
    )
    assert encode(offer, values).to_bytes() == encode(offer, values).to_bytes()


@pytest.mark.parametrize("era", ["2", "1", "0"])
def test_a_fifth_picture_is_refused_before_anything_is_sent(era: str) -> None:
    told = {"prompt": "p", "images": [f"videogen:vg_file_{number}" for number in range(5)]}
    with pytest.raises(UnsupportedInput, match="4 files here at the most; there are 5") as refused:
        encode(offer_for("image", era), resolved("image", told, era))
    assert refused.value.field == "images"


def test_the_face_counts_among_the_four_pictures() -> None:
    told = {"prompt": "p", "influencer": "ada", "images": [f"videogen:vg_file_{number}" for number in range(4)]}
    with pytest.raises(UnsupportedInput, match="the person's face included; there are 5"):
        encode(offer_for("image", "2"), resolved("image", told, "2", face="vg_file_face"))


@pytest.mark.parametrize(
    ("era", "told", "field", "sentence"),
    [
        ("0", {"prompt": "p", "duration": 5}, "duration", "VideoGen 0.x has no “Length”"),
        ("0", {"prompt": "p", "quality": "high"}, "quality", "VideoGen 0.x has no “Quality”"),
        ("0", {"prompt": "p", "videos": [VIDEO, OTHER]}, "videos", "VideoGen 0.x takes one clip only"),
        ("1", {"prompt": "p", "dialogue": "Hi"}, "dialogue", "VideoGen 1.x has no"),
        ("1", {"prompt": "p", "first_frame": IMAGE}, "first_frame", "VideoGen 1.x has no"),
        ("1", {"prompt": "p", "prompt_rewrites": 1}, "prompt_rewrites", "VideoGen 1.x has no"),
    ],
)
def test_what_an_era_lacks_is_refused_by_name_and_never_dropped(
    era: str, told: dict[str, Any], field: str, sentence: str
) -> None:
    with pytest.raises(UnsupportedInput, match=sentence) as refused:
        encode(offer_for("video", "2"), resolved("video", told, era))
    assert refused.value.field == field


@pytest.mark.parametrize(("tool", "era"), [("motion-graphic", "1"), ("music", "0"), ("image-3d", "0"), ("text", "0")])
def test_a_tool_that_an_era_lacks_is_refused(tool: str, era: str) -> None:
    told = {"image": IMAGE} if tool == "image-3d" else {"prompt": "p"}
    with pytest.raises(UnsupportedInput, match="cannot make this"):
        encode(offer_for(tool, "2"), resolved(tool, told, era))


def test_a_last_frame_alone_is_nothing_to_start_from() -> None:
    values = resolved("video", {"prompt": "p"}, "2")
    bare = replace(values, inputs=values.inputs.model_copy(update={"prompt": ""}))
    with pytest.raises(UnsupportedInput, match="something to start from"):
        encode(offer_for("video", "2"), bare)


def test_a_person_that_is_an_actor_there_goes_as_an_entity() -> None:
    values = resolved("image", {"prompt": "p", "influencer": "videogen:vg_enti_a1"}, "2")
    actor = InfluencerValue(None, "Nora", remote={"influencer": "vg_enti_a1"})
    sent = encode(offer_for("image", "2"), replace(values, influencer=actor)).json()
    assert sent["entityIds"] == ["vg_enti_a1"]
    assert sent["prompt"] == "p"
    assert "imageFileIds" not in sent


def test_a_person_without_a_photo_is_refused_at_the_field() -> None:
    values = resolved("image", {"prompt": "p", "influencer": "x"}, "2")
    with pytest.raises(UnsupportedInput, match="has no photo") as refused:
        encode(offer_for("image", "2"), replace(values, influencer=InfluencerValue(None, "Nora")))
    assert refused.value.field == "influencer"


def test_a_file_that_was_not_prepared_is_not_sent() -> None:
    values = resolved("vectorize", {"image": IMAGE}, "2")
    unprepared = replace(media_value(IMAGE), remote={})
    with pytest.raises(NotThere):
        encode(offer_for("vectorize", "2"), replace(values, media={"image": (unprepared,)}))
    assert VideoGenProvider().uploads(offer_for("vectorize", "2"), replace(values, media={"image": (unprepared,)})) == (
        unprepared,
    )


def test_uploads_are_named_once_each_and_people_count() -> None:
    values = resolved("image", {"prompt": "p", "images": [IMAGE, IMAGE], "influencer": "ada"}, "2", face="vg_file_face")
    bare = replace(media_value(IMAGE), remote={})
    face = replace(media_value("vg_file_face"), remote={})
    person = InfluencerValue(None, "Ada", photos=(face,))
    wanted = replace(values, media={"images": (bare, bare)}, influencer=person)
    assert VideoGenProvider().uploads(offer_for("image", "2"), wanted) == (bare, face)
    assert VideoGenProvider().uploads(offer_for("image", "2"), values) == ()
