"""The offers as a form and a check see them: one for each tool and era, with the reference's limits."""

from __future__ import annotations

from typing import Any

import pytest

from studio.dialects.videogen import wire
from studio.dialects.videogen.eras import ENDPOINTS, TITLES
from studio.providers import shipped_offers
from studio.providers.videogen.adapter import VideoGenProvider
from studio.tools import get_tool
from studio.tools.offer_checks import check
from tests.dialects.videogen.cases import EACH, ERAS, IDS, IMAGE, VIDEO, Case, offer_for

OFFERS = shipped_offers("videogen")
TOOLS = sorted({offer.tool for offer in OFFERS})


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize("tool", TOOLS)
def test_each_tool_has_one_offer_in_each_era_that_can_make_it(tool: str, era: str) -> None:
    mine = [offer for offer in OFFERS if offer.tool == tool and (not offer.eras or era in offer.eras)]
    path = next(offer.wire["path"] for offer in OFFERS if offer.tool == tool)
    assert len(mine) == (1 if era in ENDPOINTS.get(path, tuple(TITLES)) else 0)


def test_offers_name_inputs_and_paths_that_exist() -> None:
    assert len({offer.key for offer in OFFERS}) == len(OFFERS)
    for offer in OFFERS:
        tool = get_tool(offer.tool)
        assert tool is not None
        assert set(offer.takes) <= set(tool.Inputs.model_fields)
        assert set(offer.limits) <= set(offer.takes)
        assert offer.wire["path"] in wire.PATHS
        assert offer.price is None, "no source names a price"
        assert offer.key.startswith(f"videogen:{offer.tool}:")
        uploads = {"image", "images", "video", "videos", "audio", "audios", "files", "influencer"} & set(offer.takes)
        assert offer.address == ("upload" if uploads else "none")
        assert (offer.lane == "long") is (offer.tool == "text")


def test_every_tool_of_the_api_has_an_offer() -> None:
    assert {offer.wire["path"] for offer in OFFERS} == set(wire.PATHS)
    assert VideoGenProvider.can_list == set(TOOLS) - {"text"}


@pytest.mark.parametrize(("case", "era"), EACH, ids=IDS)
def test_what_can_be_sent_passes_the_check(case: Case, era: str) -> None:
    tool = get_tool(case.tool)
    assert tool is not None
    assert check(offer_for(case.tool, era), tool.Inputs.model_validate(case.told)) == []


@pytest.mark.parametrize(
    ("tool", "era", "told", "field"),
    [
        ("image", "2", {"images": [IMAGE], "prompt": ""}, "prompt"),
        ("image", "2", {"prompt": "p", "images": [f"videogen:f{number}" for number in range(5)]}, "images"),
        ("image", "1", {"prompt": "p", "quality": "max"}, "quality"),
        ("image", "1", {"prompt": "p", "entities": ["videogen:vg_enti_1"]}, "entities"),
        ("image", "0", {"prompt": "p", "quality": "low"}, "quality"),
        ("image", "0", {"prompt": "p", "prompt_rewrites": 1}, "prompt_rewrites"),
        ("image", "2", {"prompt": "p", "negative_prompt": "blur"}, "negative_prompt"),
        ("video", "0", {"prompt": "p", "duration": 5}, "duration"),
        ("video", "0", {"prompt": "p", "videos": [VIDEO, IMAGE]}, "videos"),
        ("video", "0", {"dialogue": "Hello"}, "prompt"),
        ("video", "1", {"first_frame": IMAGE}, "prompt"),
        ("video", "1", {"prompt": "p", "quality": "low"}, "quality"),
        ("video", "2", {"prompt": "p", "duration": 31}, "duration"),
        ("video", "2", {"prompt": "p", "images": [f"videogen:f{number}" for number in range(5)]}, "images"),
        ("video", "2", {"prompt": "p", "first_frame": IMAGE, "last_frame": IMAGE}, "last_frame"),
        ("video-edit", "0", {"video": VIDEO, "duration": 5}, "duration"),
        ("speech", "2", {"text": "Hi"}, "voice"),
        ("speech", "1", {"text": "Hi"}, "voice"),
        ("music", "2", {"style": "piano"}, "prompt"),
        ("music", "2", {"prompt": "p", "lyrics": "la"}, "lyrics"),
        ("avatar-clip", "0", {"presenter": "videogen:p", "audio": "videogen:a", "quality": "high"}, "quality"),
        ("text", "2", {"prompt": "p", "max_tokens": 2001}, "max_tokens"),
        ("video-upscale", "2", {"video": VIDEO, "factor": 2}, "factor"),
    ],
)
def test_rules_refuse_before_anything_is_paid(tool: str, era: str, told: dict[str, Any], field: str) -> None:
    declared = get_tool(tool)
    assert declared is not None
    inputs = declared.Inputs.model_construct(**{**declared.Inputs.model_construct().__dict__, **_tuples(told)})
    problems = dict(check(offer_for(tool, era), inputs))
    assert field in problems
    assert problems[field].endswith(".")


def _tuples(told: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in told.items()}


@pytest.mark.parametrize(
    ("tool", "field", "limit"),
    [
        ("image", "images", {"max": 4}),
        ("image", "count", {"min": 1, "max": 100}),
        ("video", "duration", {"min": 1, "max": 30}),
        ("video", "videos", {"max": 4}),
        ("video", "audios", {"max": 4}),
        ("motion-graphic", "duration", {"min": 1, "max": 300}),
        ("motion-graphic", "files", {"max": 8}),
        ("sound-effect", "duration", {"min": 1, "max": 30}),
        ("sound-effect", "influence", {"min": 0, "max": 1}),
        ("speech", "speed", {"min": 0.5, "max": 2}),
        ("image", "prompt_rewrites", {"min": 0, "max": 4}),
        ("text", "max_tokens", {"min": 1, "max": 2000}),
    ],
)
def test_limits_are_those_of_the_reference(tool: str, field: str, limit: dict[str, float]) -> None:
    assert offer_for(tool, "2").limits[field] == limit


def test_the_hourly_limits_are_those_of_the_page() -> None:
    hourly = {name: bucket.per_hour for name, bucket in VideoGenProvider.buckets.items()}
    assert hourly == {"submit": 500, "poll": 5000, "hydrate": 2500, "upload": 500, "cancel": 250}
