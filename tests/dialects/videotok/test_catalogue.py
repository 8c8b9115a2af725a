"""Templates and variants as offers: the tool that their inputs imply, and nothing hidden."""

from __future__ import annotations

import json
from typing import Any

import pytest

from studio.dialects.videotok import codec_catalogue, codec_entries
from studio.dialects.videotok.codec_catalogue import offer_of, offers, tool_of
from studio.tools import get_tool
from studio.tools.offer import Offer
from tests.upstreams.videotok.catalogue import ASSETS, CATALOGUE

from .kit import TODAY, listed, shipped

MODEL = {"slug": "m", "kind": "video"}


@pytest.mark.parametrize(
    ("kind", "variant", "tool"),
    [
        ("image", {"id": "image"}, "image"),
        ("image", {"id": "v2", "inputs": ["prompt", "reference_image_urls"], "min_reference_images": 1}, "image-edit"),
        ("image", {"id": "edit"}, "image-edit"),
        ("video", {"id": "text-to-video"}, "video"),
        ("video", {"id": "first-frame-last-frame"}, "video"),
        ("video", {"id": "x", "inputs": ["prompt", "source_video_url"]}, "video-edit"),
        ("video", {"id": "video-to-video"}, "video-edit"),
        ("video", {"id": "edit"}, "video-edit"),
        ("video", {"id": "x", "inputs": [{"name": "motion_video_url"}]}, "motion-control"),
        ("video", {"id": "motion_control"}, "motion-control"),
        ("video", {"id": "x", "inputs": {"source_video_url": {}, "audio_url": {}}}, "lipsync"),
        ("video", {"id": "lip-sync"}, "lipsync"),
        ("video", {"id": "x", "parameters": {"properties": {"audio_url": {}, "prompt": {}}}}, "video"),
        ("video", {"id": "x", "inputs": ["thoughts"]}, "video"),
        ("image", {"id": "x", "inputs": ["thoughts"]}, "image"),
        ("", {"id": "image-to-video"}, "video"),
        ("", {"id": "image"}, "image"),
        ("", {"id": "x", "durations": [4]}, "video"),
        ("", {"id": "x"}, "video"),
        ("", {"id": "x", "output": "image/png"}, "image"),
    ],
)
def test_a_variant_is_for_the_tool_that_its_inputs_imply(kind: str, variant: dict[str, Any], tool: str) -> None:
    assert tool_of({"slug": "m", "kind": kind}, variant) == tool


def test_every_template_and_variant_is_an_offer() -> None:
    wires = [offer.wire for offer in listed().values() if offer.tool != "influencer-shoot"]
    templates = [row["slug"] for name in ("static_ads", "video_ads", "ugc_ads") for row in CATALOGUE[name]]
    variants = [(model["slug"], row["id"]) for model in CATALOGUE["ai_models"] for row in model["variants"]]
    assert [it["template_slug"] for it in wires if "template_slug" in it] == templates
    assert [(it["model_slug"], it["variant_id"]) for it in wires if "model_slug" in it] == variants


def test_an_unknown_variant_keeps_the_generic_inputs() -> None:
    found = listed()["videotok:video:dreamer/telepathy"]
    assert found.takes == codec_catalogue.TAKES["video"]


@pytest.mark.parametrize("offer", [*listed().values(), *shipped().values()], ids=lambda offer: offer.key)
def test_an_offer_takes_inputs_that_its_tool_has(offer: Offer) -> None:
    tool = get_tool(offer.tool)
    assert tool is not None
    fields = set(tool.Inputs.model_fields)
    assert set(offer.takes) <= fields
    assert set(offer.limits) <= set(offer.takes)
    assert {name for rule in offer.not_together for name in rule["fields"]} <= set(offer.takes)
    assert set(tool.Inputs.required()) <= set(offer.takes)
    assert Offer.from_data(json.loads(json.dumps(offer.snapshot()))).snapshot() == offer.snapshot()


def test_shipped_offers_say_where_they_are_from_and_that_the_price_is_unknown() -> None:
    for key, offer in shipped().items():
        assert (offer.price, offer.address, offer.provider) == (None, "url", "videotok"), key
        assert offer.source.startswith("https://")


def test_the_catalogue_overlays_the_shipped_offers() -> None:
    assert set(shipped()) - set(listed()) == {"videotok:slideshow:slideshow"}


def test_limits_and_prices_come_from_the_catalogue() -> None:
    ad = listed()["videotok:video-ad:motion-graphics"]
    assert ad.limits["duration"] == {
        "choices": [4, 6, 8, 10],
        "by": {"quality": {"high": [4, 6, 8], "low": [4, 6, 8, 10]}},
    }
    assert ad.limits["quality"] == {"choices": ["high", "low"]}
    assert (ad.price, ad.per) == (None, "result")
    assert ad.wire["prices"] == {"high": "1200", "low": "600"}
    frames = listed()["videotok:video:veo/first-frame-last-frame"]
    assert frames.limits["first_frame"] == frames.limits["last_frame"] == {"required": True}
    assert "images" not in frames.takes
    edit = listed()["videotok:image-edit:nano-banana-2/edit"]
    assert edit.price == 90
    assert edit.limits["resolution"] == {"choices": ["1K"]}
    shoot = listed()["videotok:influencer-shoot:nano-banana-2/image"]
    assert "influencer" in shoot.takes


def test_a_price_of_nothing_is_not_believed() -> None:
    found = offer_of(MODEL, {"id": "x", "estimated_credits": 0}, TODAY)
    assert found is not None
    assert found.price is None


@pytest.mark.parametrize("wrapper", ["data", "models", "catalog"])
def test_the_catalogue_may_stand_in_a_wrapper(wrapper: str) -> None:
    assert {it.key for it in offers({wrapper: CATALOGUE}, TODAY)} == set(listed())


def test_odd_rows_are_read_as_far_as_they_go() -> None:
    data = {
        "static_ads": [
            {"id": "by-id"},
            {"template_slug": "by-slug", "label": "Named"},
            {"name": "nothing"},
            "text",
            None,
        ],
        "ai_models": [
            {"model_slug": "m", "title": "M", "variants": [{"variant_id": "a"}, {"slug": "b"}, {}]},
            {"slug": "n", "variants": None},
        ],
    }
    assert [(it.key, it.title) for it in offers(data, TODAY)] == [
        ("videotok:static-ad:by-id", "by-id"),
        ("videotok:static-ad:by-slug", "Named"),
        ("videotok:video:m/a", "M, a"),
        ("videotok:video:m/b", "M, b"),
    ]
    empty: tuple[Any, ...] = ({}, [], None, "x", {"static_ads": {}})
    for nothing in empty:
        assert offers(nothing, TODAY) == []


@pytest.mark.parametrize(
    "data",
    [
        {"video_ads": [{"slug": "motion-graphics", "presets": [{"id": "egor", "name": "Egor"}]}]},
        {"video_ads": [{"slug": "motion-graphics", "inspirations": [{"slug": "egor", "label": "Egor"}]}]},
        {"presets": [{"preset_id": "egor", "title": "Egor", "template_slug": "motion-graphics"}]},
        {"data": {"presets": {"motion-graphics": [{"id": "egor", "name": "Egor"}]}}},
    ],
)
def test_presets_are_found_wherever_they_hang(data: Any) -> None:
    (entry,) = codec_entries.preset_entries(data)
    assert (entry.kind, entry.remote_id, entry.title) == ("preset", "egor", "Egor")
    assert entry.data["template_slug"] == "motion-graphics"


@pytest.mark.parametrize(
    "data",
    [
        ASSETS,
        {"data": ASSETS},
        {"assets": ASSETS},
        {
            "brandKits": [{"id": "42", "name": "House brand"}],
            "avatars": ASSETS["avatars"],
            "items": ASSETS["media"],
            "template_targets": ASSETS["reference_template_targets"],
        },
        {**ASSETS, "brand_kits": None, "kits": ASSETS["brand_kits"]},
    ],
)
def test_assets_are_found_wherever_they_stand(data: Any) -> None:
    found = [(it.kind, it.remote_id) for it in codec_entries.asset_entries(data)]
    assert found == [
        ("brand_kit", "42"),
        ("avatar", "avatar_123"),
        ("media", "media_5"),
        ("target", "motion-graphics"),
        ("target", "product-shoot"),
    ]
