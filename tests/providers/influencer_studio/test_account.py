"""The account, the catalogue and money: every endpoint that makes nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from studio.dialects.base import NotConfigured, Refused, Unreadable
from studio.providers.base import Offer
from studio.tools.values import At
from tests.dialects.influencer_studio.cases import M
from tests.providers.influencer_studio.calling import ask, encoded, submit, ticket
from tests.upstreams.influencer_studio import InfluencerStudio
from tests.upstreams.influencer_studio.reading import BASE


def sent(studio: InfluencerStudio) -> list[tuple[str, str]]:
    assert {it.bearer for it in studio.script.requests} <= {"is_key"}
    return [(it.method, it.path.removeprefix(BASE)) for it in studio.script.requests]


def test_tests_a_key_with_a_free_call(studio: InfluencerStudio) -> None:
    studio.balance = 1500
    said = ask(studio, lambda adapter, wire: adapter.test(wire))
    assert said == "Connected to Influencer Studio: 1,500 credits."
    assert sent(studio) == [("GET", "/billing/credits")]
    with pytest.raises(NotConfigured, match="key"):
        ask(studio, lambda adapter, wire: adapter.test(wire), key="wrong")


def test_tells_the_balance_as_it_sinks(studio: InfluencerStudio) -> None:
    studio.balance = 50
    assert ask(studio, lambda adapter, wire: adapter.balance(wire)).amount == 50
    submit(studio, encoded("image:studio-1", {"prompt": "x", "count": 2}))
    assert ask(studio, lambda adapter, wire: adapter.balance(wire)).amount == 2
    with pytest.raises(Refused) as caught:
        submit(studio, encoded("image:studio-1", {"prompt": "x", "count": 2}))
    assert caught.value.code == "credits"


def test_a_base_url_that_is_a_website_is_said(studio: InfluencerStudio) -> None:
    studio.script.next(path="*/credits", mangle="garbage")
    with pytest.raises(Unreadable):
        ask(studio, lambda adapter, wire: adapter.test(wire))


def test_the_catalogue_reads_all_five_lists(studio: InfluencerStudio) -> None:
    submit(studio, encoded("music:v5", {"title": "Harbour"}))
    studio.script.requests.clear()
    entries = ask(studio, lambda adapter, wire: adapter.catalogue(wire))
    assert sorted(sent(studio)) == sorted(
        ("GET", path) for path in ("/models/images", "/models/videos", "/influencers", "/voices", "/music", "/swagger")
    )
    found = {(entry.kind, entry.title): entry for entry in entries}
    assert found["influencer", "Ada"].data["ready"] is True
    assert found["voice", "Narrator"].sound.endswith(".mp3")
    assert found["track", "Harbour"].data["status"] == "completed"
    offers = {entry.remote_id: Offer.from_data(entry.data) for entry in entries if entry.kind == "offer"}
    assert len(offers) == 7


def test_every_listed_model_is_an_offer_and_a_known_one_keeps_its_limits(studio: InfluencerStudio) -> None:
    entries = ask(studio, lambda adapter, wire: adapter.catalogue(wire))
    offers = {entry.remote_id: Offer.from_data(entry.data) for entry in entries if entry.kind == "offer"}
    lora, words, wan, veo = (
        offers[f"influencer_studio:{key}"]
        for key in ("image:z-image", "image:words-only", "video:wan-3", "video:veo-3.1")
    )
    assert lora.limits["lora_type"]["choices"] == ["z-image"]
    assert {"lora", "lora_type"} <= set(lora.takes)
    assert "images" not in words.takes
    assert wan.wire == {"path": "/videos/generate", "model": "wan-3"}
    assert wan.price is None
    assert veo.limits["duration"]["choices"] == [4, 6, 8]


def test_learns_model_names_from_the_services_own_description(studio: InfluencerStudio) -> None:
    entries = ask(studio, lambda adapter, wire: adapter.catalogue(wire))
    found = [Offer.from_data(entry.data) for entry in entries if entry.data.get("source") == "GET /swagger"]
    assert [(it.key, it.lane, it.wire["model"], it.price) for it in found] == [
        ("influencer_studio:text:gpt-6", "long", "gpt-6", None)
    ]


@pytest.mark.parametrize("rule", [{"status": 404}, {"mangle": "garbage"}, {"body": []}, {"body": {"paths": {"/x": 7}}}])
def test_a_missing_description_takes_nothing_away(studio: InfluencerStudio, rule: dict[str, Any]) -> None:
    studio.script.next(path="*/swagger", **rule)
    entries = ask(studio, lambda adapter, wire: adapter.catalogue(wire))
    assert sum(entry.kind == "offer" for entry in entries) == 6


@pytest.mark.parametrize("key", ["models", "data", "images"])
@pytest.mark.parametrize("name", ["id", "name", "model", "slug"])
def test_reads_a_model_list_in_every_shape(studio: InfluencerStudio, key: str, name: str) -> None:
    studio.image_list = {key: [{name: "brand/new", "settings": {}}, {"settings": {}}, 7]}
    studio.video_list = ["only-a-name"]
    entries = ask(studio, lambda adapter, wire: adapter.catalogue(wire))
    keys = [entry.remote_id for entry in entries if entry.kind == "offer" and ":text:" not in entry.remote_id]
    assert keys == ["influencer_studio:image:brand-new", "influencer_studio:video:only-a-name"]


def test_reads_one_voice_with_its_speech_id(studio: InfluencerStudio) -> None:
    voice = ask(studio, lambda adapter, wire: adapter.voice(wire, "voice_1"))
    assert (voice.name, voice.custom_voice_id) == ("Narrator", "cartesia_ce_1")
    assert sent(studio) == [("GET", "/voices/voice_1")]


def test_reads_one_track(studio: InfluencerStudio) -> None:
    submit(studio, encoded("music:v5", {"title": "Harbour"}))
    track_id = next(job.facts["track"] for job in studio.jobs.values() if job.path == "/music/generate")
    track = ask(studio, lambda adapter, wire: adapter.track(wire, track_id))
    assert (track.title, track.status) == ("Harbour", "completed")
    assert sent(studio)[-1] == ("GET", f"/music/{track_id}")


def test_reads_the_plans(studio: InfluencerStudio) -> None:
    plan = ask(studio, lambda adapter, wire: adapter.plans(wire))[0]
    assert (plan.id, plan.store_id, plan.variants[0].price) == ("plan_small", "store_1", Decimal("7.5"))
    assert sent(studio) == [("GET", "/billing/plans")]


def test_opens_a_checkout_with_every_field(studio: InfluencerStudio) -> None:
    url = ask(
        studio,
        lambda adapter, wire: adapter.top_up(
            wire,
            "plan_small",
            "101",
            success_url=f"{M}/ok",
            cancel_url=f"{M}/no",
            dispute_policy_acknowledged=True,
            signature_name="Ada Rivers",
        ),
    )
    assert url == "https://checkout.example/c/abc"
    assert sent(studio) == [("POST", "/billing/top-up")]
    assert studio.script.requests[0].json == {
        "plan_id": "plan_small",
        "variant_id": "101",
        "success_url": f"{M}/ok",
        "cancel_url": f"{M}/no",
        "dispute_policy_acknowledged": True,
        "signature_name": "Ada Rivers",
    }


def test_a_plan_alone_is_enough_and_an_unknown_one_is_said(studio: InfluencerStudio) -> None:
    assert ask(studio, lambda adapter, wire: adapter.top_up(wire, "plan_small"))
    assert studio.script.requests[0].json == {"plan_id": "plan_small"}
    with pytest.raises(Refused, match="Plan not found"):
        ask(studio, lambda adapter, wire: adapter.top_up(wire, "plan_none"))
    studio.script.next(path="*/top-up", body={})
    with pytest.raises(Unreadable):
        ask(studio, lambda adapter, wire: adapter.top_up(wire, "plan_small"))


def test_music_is_listed_by_workspace(studio: InfluencerStudio) -> None:
    lost = ticket(encoded("music:v5", {"title": "Harbour"}, At("influencer_studio", workspace_id="ws_1")))
    ask(studio, lambda adapter, wire: adapter.jobs(wire, lost, lost.first_sent_at))
    assert studio.script.requests[0].query == {"workspace_id": ["ws_1"]}
