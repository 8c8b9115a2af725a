"""The scripted Videotok keeps the rules of the reference."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.upstreams.common import serve

from . import Videotok

AD = {"type": "static_ad", "template_slug": "product-shoot", "prompt": "A can"}


@pytest.fixture
def fake() -> Iterator[Videotok]:
    fake = Videotok("vt_live_1")
    with serve(fake):
        yield fake


@pytest.fixture
def client(fake: Videotok) -> Iterator[httpx.Client]:
    base = f"{fake.script.url}/api/v1"
    with httpx.Client(base_url=base, headers={"authorization": "Bearer vt_live_1"}, timeout=5) as client:
        yield client


def code_of(answer: httpx.Response) -> tuple[int, Any]:
    return answer.status_code, answer.json()["error"]["code"]


def test_the_same_key_and_payload_bring_the_same_answer_and_cost_once(fake: Videotok, client: httpx.Client) -> None:
    first = client.post("/generations", json=AD, headers={"Idempotency-Key": "a"})
    again = client.post("/generations", json=AD, headers={"Idempotency-Key": "a"})
    by_body = client.post("/generations", json={**AD, "idempotency_key": "a"})
    assert first.json() == again.json() == by_body.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert len(fake.script.paid) == 1
    fake.forget_idempotency()
    client.post("/generations", json=AD, headers={"Idempotency-Key": "a"})
    assert len(fake.script.paid) == 2


def test_another_payload_or_a_first_try_still_at_work_is_a_conflict(fake: Videotok, client: httpx.Client) -> None:
    fake.busy = 1
    headers = {"Idempotency-Key": "a"}
    answer = client.post("/generations", json=AD, headers=headers)
    assert code_of(answer) == (409, "idempotency_conflict")
    assert answer.json()["error"]["context"] == {"reason": "in_progress"}
    assert client.post("/generations", json=AD, headers=headers).status_code == 202
    other = client.post("/generations", json={**AD, "prompt": "Two cans"}, headers=headers)
    assert other.json()["error"]["context"] == {"reason": "payload_mismatch"}
    assert len(fake.script.paid) == 1


def test_a_batch_may_be_partial_and_what_was_not_queued_is_given_back(fake: Videotok, client: httpx.Client) -> None:
    fake.queue_only = 2
    before = fake.credits
    data = client.post("/generations", json={**AD, "request_count": 3}).json()
    assert (data["request_count"], data["queued_count"], len(data["generation_ids"])) == (3, 2, 2)
    assert [row["status"] for row in data["generations"]] == ["queued", "queued", "failed"]
    assert before - fake.credits == 200 == data["credits_deducted"]


@pytest.mark.parametrize(
    ("turn", "expected"),
    [
        ({"credits": 10}, (402, "insufficient_credits")),
        ({"plan": False}, (402, "payment_required")),
        ({"scopes": ["generations:read"]}, (403, "forbidden")),
    ],
)
def test_money_plan_and_scopes(
    fake: Videotok, client: httpx.Client, turn: dict[str, Any], expected: tuple[int, str]
) -> None:
    for name, to in turn.items():
        fake.turn(name, to)
    assert code_of(client.post("/generations", json=AD)) == expected
    assert not fake.script.paid


def test_keys(fake: Videotok, client: httpx.Client) -> None:
    assert code_of(client.get("/assets", headers={"authorization": ""})) == (401, "unauthorized")
    fake.script.forget_keys()
    assert code_of(client.get("/assets")) == (401, "invalid_api_key")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"type": "poem"}, "type"),
        ({"prompt": ""}, "prompt"),
        ({"template_slug": "x"}, "template_slug"),
        ({"aspect_ratio": "2:1"}, "aspect_ratio"),
        ({"request_count": 11}, "request_count"),
        ({"reference_image_urls": ["https://e.x/a.png"] * 11}, "reference_image_urls"),
        ({"reference_image_urls": ["file:///etc/passwd"]}, "reference_image_urls"),
        ({"resolution": "9K"}, "resolution"),
        ({"type": "video_ad", "template_slug": "motion-graphics", "quality_tier": "high", "duration": 10}, "duration"),
    ],
)
def test_a_bad_body_names_its_field(fake: Videotok, client: httpx.Client, change: dict[str, Any], field: str) -> None:
    answer = client.post("/generations", json={**AD, **change})
    assert (*code_of(answer), answer.json()["error"]["context"]["field"]) == (400, "bad_request", field)
    assert not fake.script.paid
