"""Starting: what is sent, in every era; and what each answer means, row by row."""

from __future__ import annotations

import time
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from studio.dialects.base import (
    Finished,
    NotConfigured,
    NotTaken,
    ProviderError,
    Refused,
    Submitted,
    Text,
    Uncertain,
    Unreadable,
)
from studio.dialects.videogen.codec import encode
from tests.dialects.videogen.cases import EACH, IDS, Case, offer_for, resolved
from tests.providers.videogen.conftest import Open, World

IMAGE = "/v1/tools/generate-image"


@pytest.mark.parametrize(("case", "era"), EACH, ids=IDS)
def test_sends_exactly_this(opened: Open, case: Case, era: str) -> None:
    world = opened(era)
    values = resolved(case.tool, case.told, era, case.watermark, case.face)
    request = encode(offer_for(case.tool, era), values)
    ticket = world.ticket(case.path, request.json())
    answer = world.ask(lambda wire: world.provider.submit(wire, ticket))
    [sent] = world.script.requests
    assert (sent.method, sent.path, sent.query) == ("POST", case.path, {})
    assert sent.json == case.sent
    assert sent.body == request.body
    assert sent.bearer == "key-1"
    assert sent.headers["content-type"] == "application/json"
    assert sent.headers["accept"] == "application/json"
    assert "idempotency-key" not in sent.headers
    [paid] = world.script.paid
    assert paid.credits == case.sent.get("numResults", 1)
    if case.tool == "text":
        assert answer == Finished((Text(0, "About a slogan."),))
    else:
        assert isinstance(answer, Submitted)
        assert answer.remote == {"execution": paid.job}


# status, body, headers -> error, its code, words in it
REFUSALS: list[tuple[int, Any, dict[str, str], type[ProviderError], str, str]] = [
    (400, {"message": "prompt is required.", "code": "invalid_request"}, {}, Refused, "input", "prompt is required"),
    (400, {"message": "bad", "code": "content_policy"}, {}, Refused, "moderation", "bad"),
    (400, {"message": "avatarPresenterId is required."}, {}, Refused, "input", "avatarPresenterId"),
    (401, {"message": "Unauthorized"}, {}, NotConfigured, "", "does not accept this key"),
    (402, {"message": "Pay."}, {}, Refused, "credits", "not enough VideoGen credits"),
    (403, {"message": "No.", "requirement": {"type": "upgrade_plan"}}, {}, Refused, "plan", "does not allow"),
    (403, {"message": "No.", "code": "not_authorized"}, {}, Refused, "refused", "does not allow"),
    (404, {"message": "vg_file_9 was not found.", "code": "not_found"}, {}, Refused, "missing", "vg_file_9"),
    (409, {"message": "Conflict."}, {}, Refused, "refused", "409"),
    (413, {"message": "Too large."}, {}, Refused, "refused", "413"),
    (422, {"message": "Nope."}, {}, Refused, "input", "Nope"),
    (301, "", {"location": "https://elsewhere.example/"}, Refused, "refused", "leads elsewhere"),
    (429, {"message": "x", "code": "insufficient_credits"}, {}, Refused, "credits", "credits"),
    (429, {"message": "Not enough credits."}, {}, Refused, "credits", "credits"),
    (429, {"message": "Too many requests.", "code": "rate_limited"}, {}, NotTaken, "", "slow down"),
    (408, {"message": "late"}, {}, Uncertain, "", "408"),
    (500, {"message": "boom"}, {}, Uncertain, "", "500"),
    (502, "<html>", {}, Uncertain, "", "502"),
    (503, {"message": "later"}, {"retry-after": "5"}, Uncertain, "", "503"),
    (400, "not json", {}, Refused, "input", "did not say why"),
    (400, [1, 2], {}, Refused, "input", "did not say why"),
]


@pytest.mark.parametrize(("status", "body", "headers", "error", "code", "words"), REFUSALS)
def test_each_row_of_the_submit_table(
    world: World, status: int, body: Any, headers: dict[str, str], error: type[ProviderError], code: str, words: str
) -> None:
    raw = body.encode() if isinstance(body, str) else body
    world.script.next(path=IMAGE, status=status, body=raw, headers=headers)
    with pytest.raises(error, match=words) as raised:
        world.ask(lambda wire: world.provider.submit(wire, world.ticket()))
    assert type(raised.value) is error
    if code:
        assert getattr(raised.value, "code", "") == code
    assert len(world.script.requests) == 1, "nothing is sent twice"


@pytest.mark.parametrize(
    ("headers", "low", "high"),
    [
        ({"retry-after": "7"}, 7, 7),
        ({"retry-after": "0"}, 1, 1),
        ({"x-ratelimit-reset": "in 600"}, 500, 600),
        ({"x-ratelimit-reset": "30"}, 30, 30),
        ({"x-ratelimit-reset": "1"}, 1, 1),
        ({"x-ratelimit-reset": "99999999999"}, 3600, 3600),
        ({"x-ratelimit-reset": "soon"}, 60, 60),
        ({"x-ratelimit-reset": "nan"}, 60, 60),
        ({"retry-after": "9", "x-ratelimit-reset": "30"}, 9, 9),
        ({}, 60, 60),
    ],
)
def test_a_rate_limit_says_when_to_come_back(world: World, headers: dict[str, str], low: float, high: float) -> None:
    # A moment is told by the clock of now, not of when the tests were collected.
    told = {name: str(int(time.time()) + 600) if value == "in 600" else value for name, value in headers.items()}
    world.script.next(path=IMAGE, status=429, body={"code": "rate_limited", "message": "m"}, headers=told)
    with pytest.raises(NotTaken) as raised:
        world.ask(lambda wire: world.provider.submit(wire, world.ticket()))
    assert low <= raised.value.retry_after_seconds <= high


def test_the_true_limit_of_the_key_is_not_taken_and_nothing_is_paid(world: World) -> None:
    world.fake.limit("/v1/tools/*", per_hour=1, reset_seconds=120)
    world.ask(lambda wire: world.provider.submit(wire, world.ticket()))
    with pytest.raises(NotTaken) as raised:
        world.ask(lambda wire: world.provider.submit(wire, world.ticket()))
    assert 60 < raised.value.retry_after_seconds <= 121
    assert len(world.script.paid) == 1


@pytest.mark.parametrize("status", [429, 402])
def test_out_of_credits_is_refused(world: World, status: int) -> None:
    world.fake.set(credits=1, out_of_credits_status=status)
    with pytest.raises(Refused) as raised:
        world.ask(lambda wire: world.provider.submit(wire, world.ticket(data={"prompt": "p", "numResults": 2})))
    assert raised.value.code == "credits"
    assert world.script.paid == []


def test_no_watermark_without_the_plan_is_refused_as_plan(world: World) -> None:
    world.fake.set(may_drop_watermark=False)
    with pytest.raises(Refused) as raised:
        world.ask(lambda wire: world.provider.submit(wire, world.ticket(data={"prompt": "p", "watermarkMode": "NONE"})))
    assert raised.value.code == "plan"


@pytest.mark.parametrize(
    ("speaks", "connection", "tool", "told", "wants"),
    [
        ("0", "2", "image-upscale", {"image": "videogen:vg_file_image"}, "0.x"),
        ("1", "2", "image-upscale", {"image": "videogen:vg_file_image"}, "1.x"),
        ("2", "0", "image-upscale", {"image": "videogen:vg_file_image"}, "2.x"),
        ("2", "1", "avatar-clip", {"presenter": "videogen:vg_pres_k1", "audio": "videogen:vg_file_audio"}, "2.x"),
        ("0", "2", "video", {"prompt": "p", "duration": 5}, "0.x"),
    ],
)
def test_the_wrong_era_offers_the_switch(
    opened: Open, speaks: str, connection: str, tool: str, told: dict[str, Any], wants: str
) -> None:
    world = opened(speaks)
    world.era = connection
    request = encode(offer_for(tool, connection), resolved(tool, told, connection))
    with pytest.raises(Refused, match="Switch the connection's era to") as raised:
        world.ask(lambda wire: world.provider.submit(wire, world.ticket(request.path, request.json())))
    assert raised.value.code == "era"
    assert wants in str(raised.value) or speaks in ("0", "1"), "0.x and 1.x share most names: either gets on"
    assert world.script.paid == []


def test_a_lost_answer_is_uncertain_and_was_paid(world: World) -> None:
    world.script.next(path=IMAGE, drop="after")
    with pytest.raises(Uncertain):
        world.ask(lambda wire: world.provider.submit(wire, world.ticket()))
    assert len(world.script.paid) == 1


@pytest.mark.parametrize("mangle", ["garbage", "truncated", "cut", "endless"])
def test_a_success_that_cannot_be_read_is_never_taken_for_a_refusal(world: World, mangle: str) -> None:
    world.script.next(path=IMAGE, mangle=mangle)
    with pytest.raises((Uncertain, Unreadable)):
        world.ask(lambda wire: world.provider.submit(wire, world.ticket()))
    assert len(world.script.paid) == 1


@pytest.mark.parametrize("body", [{}, {"toolExecutionId": None}, {"toolExecutionId": ""}, [], {"toolExecutionId": {}}])
def test_a_success_without_an_id_is_uncertain(world: World, body: Any) -> None:
    world.script.next(path=IMAGE, status=202, body=body)
    with pytest.raises(Uncertain):
        world.ask(lambda wire: world.provider.submit(wire, world.ticket()))


def test_a_text_that_never_came_is_uncertain(world: World) -> None:
    world.script.next(path="/v1/text/generate", status=200, body={"text": ""})
    with pytest.raises(Uncertain):
        world.ask(lambda wire: world.provider.submit(wire, world.ticket("/v1/text/generate")))


def test_nobody_there_is_not_taken(world: World, settings: Settings) -> None:
    closed = "http://127.0.0.1:9"
    settings.PRIVATE_HOSTS = ["127.0.0.1:9"]
    with pytest.raises(NotTaken):
        world.ask(lambda wire: world.provider.submit(wire, world.ticket()), url=closed)
