from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from studio.tools import Inputs, get_tool
from studio.tools.offer import Offer
from studio.tools.offer_checks import check, check_media
from studio.tools.values import MediaValue, Resolved

PICTURES = ("https://a.example/1.png", "https://a.example/2.png", "https://a.example/3.png")


def offer(**fields: Any) -> Offer:
    return Offer("x:video:test", "x", "video", "Kling", None, "credits", 60, "tests", date(2026, 11, 21), **fields)


def inputs(**values: Any) -> Inputs:
    tool = get_tool("video")
    assert tool
    return tool.Inputs.model_validate({"prompt": "A kettle rises", **values})


# offer, inputs, field, sentence
TABLE: list[tuple[dict[str, Any], dict[str, Any], str, str]] = [
    (
        {"takes": ("prompt", "count")},
        {"duration": 5},
        "duration",
        "Kling has no use for “Length”. Empty it, or choose another model.",
    ),
    (
        {"limits": {"first_frame": {"required": True}}},
        {},
        "first_frame",
        "Kling needs “First frame”. Fill it in, or choose another model.",
    ),
    (
        {"limits": {"first_frame": {"required": True, "said": "Start on a picture."}}},
        {},
        "first_frame",
        "Start on a picture.",
    ),
    (
        {"limits": {"images": {"max": 2}}},
        {"images": PICTURES},
        "images",
        "“Reference pictures” holds 3, and this model takes at most 2. Take 1 out.",
    ),
    (
        {"limits": {"images": {"max": 0}}},
        {"images": PICTURES},
        "images",
        "“Reference pictures” must stay empty for this model. Take all 3 out.",
    ),
    (
        {"limits": {"images": {"min": 2}}},
        {"images": PICTURES[:1]},
        "images",
        "“Reference pictures” holds 1, and this model needs at least 2. Add 1 more.",
    ),
    (
        {"limits": {"images": {"min": 2}}},
        {},
        "images",
        "Kling needs “Reference pictures”. Fill it in, or choose another model.",
    ),
    (
        {"limits": {"prompt": {"max_length": 10}}},
        {},
        "prompt",
        "“What happens” has 14 characters, and this model takes at most 10. Cut 4.",
    ),
    (
        {"limits": {"prompt": {"min_length": 20}}},
        {},
        "prompt",
        "“What happens” has 14 characters, and this model needs at least 20. Say a little more.",
    ),
    (
        {"limits": {"quality": {"choices": ["low", "high"]}}},
        {"quality": "max"},
        "quality",
        "“Quality” cannot be max with this model. It takes low or high.",
    ),
    (
        {"limits": {"aspect_ratio": {"choices": ["1:1", "9:16"]}}},
        {"aspect_ratio": ["1:1", "16:9"]},
        "aspect_ratio",
        "“Shape” cannot be 16:9 with this model. It takes 1:1 or 9:16.",
    ),
    (
        {"limits": {"duration": {"choices": [4, 6, 8]}}},
        {"duration": 5},
        "duration",
        "“Length” cannot be 5 with this model. It takes 4, 6 or 8.",
    ),
    (
        {"limits": {"duration": {"min": 3, "max": 15}}},
        {"duration": 20},
        "duration",
        "“Length” is 20, and this model goes up to 15. Use 15 or less.",
    ),
    (
        {"limits": {"duration": {"min": 3, "max": 15}}},
        {"duration": 2},
        "duration",
        "“Length” is 2, and this model starts at 3. Use 3 or more.",
    ),
    (
        {"limits": {"duration": {"choices": [4, 8], "by": {"quality": {"high": [4]}}}}},
        {"duration": 8, "quality": "high"},
        "duration",
        "“Length” cannot be 8 at the quality high. It takes 4.",
    ),
    (
        {"limits": {"sound": {"choices": [False]}}},
        {"sound": True},
        "sound",
        "“Sound” cannot be on with this model. It takes off.",
    ),
    (
        {"one_of": ({"fields": ["first_frame", "images"]},)},
        {},
        "first_frame",
        "Kling needs at least one of “First frame” or “Reference pictures”.",
    ),
    (
        {"one_of": ({"fields": ["first_frame", "images"], "said": "A picture, please."},)},
        {},
        "first_frame",
        "A picture, please.",
    ),
    (
        {"not_together": ({"fields": ["preset", "reference"]},)},
        {"preset": "x:1", "reference": "x:2"},
        "reference",
        "Kling takes only one of “Preset” and “Saved reference”. Empty the others.",
    ),
    (
        {"not_together": ({"fields": ["preset", "reference"], "said": "One of them."},)},
        {"preset": "x:1", "reference": "x:2"},
        "reference",
        "One of them.",
    ),
]


@pytest.mark.parametrize(("fields", "values", "name", "sentence"), TABLE)
def test_each_rule_says_what_is_wrong_with_this_value(
    fields: dict[str, Any], values: dict[str, Any], name: str, sentence: str
) -> None:
    assert check(offer(**fields), inputs(**values)) == [(name, sentence)]


@pytest.mark.parametrize(
    ("fields", "values"),
    [
        ({}, {"duration": 5, "images": PICTURES}),
        ({"takes": ("prompt",)}, {}),
        ({"takes": ("prompt",)}, {"count": 1}),
        ({"limits": {"images": {"max": 3, "min": 1}}}, {"images": PICTURES}),
        ({"limits": {"duration": {"choices": [4]}, "nowhere": {"required": True}}}, {}),
        ({"limits": {"duration": {"choices": [4, 8], "by": {"quality": {"high": [4]}}}}}, {"duration": 8}),
        ({"one_of": ({"fields": ["first_frame", "prompt"]},)}, {}),
        ({"not_together": ({"fields": ["preset", "reference"]},)}, {"preset": "x:1"}),
        ({"limits": {"aspect_ratio": {"choices": ["1:1"]}}}, {"aspect_ratio": ["1:1"]}),
    ],
)
def test_what_fits_passes(fields: dict[str, Any], values: dict[str, Any]) -> None:
    assert check(offer(**fields), inputs(**values)) == []


def test_a_field_gets_one_sentence_and_they_stand_in_the_order_of_the_form() -> None:
    strict = offer(
        takes=("prompt", "images", "first_frame"),
        limits={"images": {"max": 1}, "prompt": {"max_length": 3}},
        one_of=({"fields": ["first_frame"]},),
    )
    found = check(strict, inputs(images=PICTURES, duration=9))
    assert [name for name, _ in found] == ["prompt", "images", "first_frame", "duration"]


def clip(**fields: Any) -> MediaValue:
    facts: dict[str, Any] = {
        "name": "walk.mp4",
        "seconds": 12.0,
        "size_bytes": 30_000_000,
        "width": 720,
        "height": 1280,
    }
    return MediaValue(id=uuid4(), sha256="", media_type="video/mp4", file="a.mp4", kind="video", **facts | fields)


MEDIA: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"max_seconds": 10}, {}, "“walk.mp4” lasts 12.0 s, and this model takes at most 10 s. Use a shorter one."),
    ({"min_seconds": 15}, {}, "“walk.mp4” lasts 12.0 s, and this model needs at least 15 s. Use a longer one."),
    ({"max_megabytes": 20}, {}, "“walk.mp4” has 30.0 MB, and this model takes at most 20 MB. Use a smaller file."),
    ({"min_side": 1000}, {}, "“walk.mp4” has 720 × 1280 px, and this model needs at least 1000 px on each side."),
    ({"max_side": 1000}, {}, "“walk.mp4” has 720 × 1280 px, and this model takes at most 1000 px on a side."),
    ({"media_types": ["video/webm"]}, {}, "“walk.mp4” is MP4, and this model takes WEBM."),
    ({"max_total_seconds": 20}, {}, "Together they last 24.0 s, and this model takes at most 20 s."),
    ({"max_seconds": 10, "said": "Ten seconds at most."}, {}, "Ten seconds at most."),
    ({"max_seconds": 12, "min_seconds": 3, "max_megabytes": 30}, {}, ""),
    ({"min_seconds": 3, "min_side": 500}, {"seconds": 0.0, "width": 0}, ""),
]


@pytest.mark.parametrize(("limit", "facts", "sentence"), MEDIA)
def test_what_the_files_are_is_checked_too(limit: dict[str, Any], facts: dict[str, Any], sentence: str) -> None:
    tool = get_tool("video")
    assert tool
    asked = inputs()
    values = Resolved(tool, asked, asked, {}, media={"videos": (clip(**facts), clip(**facts))})
    found = check_media(offer(limits={"videos": limit}), values)
    assert [name for name, _ in found] == (["videos"] if sentence else [])
    assert not sentence or found[0][1].startswith(sentence)
