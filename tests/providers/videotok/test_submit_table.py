"""The submit-answer table, row by row, through a real server; and what the transport says."""

from __future__ import annotations

from typing import Any

import pytest

from studio.dialects.base import (
    NotConfigured,
    NotTaken,
    ProviderError,
    Refused,
    StillTaking,
    Uncertain,
)
from studio.dialects.videotok.codec_errors import SUBMIT, Row
from studio.dialects.videotok.reading import problem_of
from tests.dialects.videotok.kit import offer, resolved
from tests.upstreams.videotok import Videotok

from .conftest import Ask, ticket

AD = "static-ad:product-shoot"


def envelope(code: str, retryable: bool = False, **context: Any) -> dict[str, Any]:
    return {"error": {"code": code, "message": "Because.", "retryable": retryable, "context": context}}


Sent = tuple[int, Any, type[ProviderError], str, str]
ROWS: list[Sent] = [
    # status, body, error, its stable code, words in its sentence
    (302, None, NotConfigured, "", "base URL"),
    (
        402,
        envelope("insufficient_credits", credits_required=900, credits_available=120),
        Refused,
        "credits",
        "needs 900",
    ),
    (429, envelope("insufficient_credits"), Refused, "credits", "not enough credits"),
    (402, envelope("payment_required"), Refused, "plan", "no paid plan"),
    (401, envelope("unauthorized"), NotConfigured, "", "does not accept this key"),
    (401, envelope("invalid_api_key"), NotConfigured, "", "does not accept this key"),
    (402, {"error": "Pay up"}, Refused, "credits", "Pay up"),
    (403, envelope("forbidden"), NotConfigured, "", "generations:write"),
    (404, envelope("not_found", field="avatar_id"), Refused, "missing", "avatar_id"),
    (408, None, Uncertain, "", "may have been started"),
    (409, envelope("idempotency_conflict", reason="payload_mismatch"), Uncertain, "", "other contents"),
    (409, envelope("idempotency_conflict", reason="in_progress"), StillTaking, "", "still taking"),
    (409, envelope("idempotency_conflict"), StillTaking, "", "still taking"),
    (429, envelope("rate_limited", True), NotTaken, "", "busy"),
    (413, None, Refused, "input", "too large"),
    (400, envelope("bad_request", field="duration"), Refused, "input", "Because. (duration)"),
    (422, {"message": "No such shape"}, Refused, "input", "No such shape"),
    (424, envelope("model_warming_up", True), NotTaken, "", "busy"),
    (418, "<html>teapot</html>", Refused, "input", "refused this"),
    (500, envelope("server_error", True), Uncertain, "", "may have been started"),
    (502, "<html>Bad gateway</html>", Uncertain, "", "may have been started"),
    (503, envelope("server_error", True), Uncertain, "", "may have been started"),
    (504, None, Uncertain, "", "may have been started"),
]


def submit(ask: Ask, age_seconds: float = 0) -> Any:
    chosen, values = offer(AD), resolved("static-ad", prompt="A can")

    async def work(it: Any, wire: Any) -> Any:
        return await it.submit(wire, ticket(it.encode(chosen, values), chosen, age_seconds=age_seconds))

    return ask(work)


@pytest.mark.parametrize(("status", "body", "error", "code", "words"), ROWS)
def test_each_answer_means_what_the_table_says(
    fake: Videotok, ask: Ask, status: int, body: Any, error: type[ProviderError], code: str, words: str
) -> None:
    fake.script.next(method="POST", status=status, body=body or {}, headers={"location": "https://www.example/api"})
    with pytest.raises(error) as raised:
        submit(ask)
    assert type(raised.value) is error
    assert words in str(raised.value)
    assert getattr(raised.value, "code", "") == code
    assert len(fake.script.requests) == 1
    assert not fake.script.paid


def test_every_row_of_the_table_is_reached() -> None:
    def decided(status: int, body: Any) -> Row:
        return next(row for row in SUBMIT if row.fits(problem_of(status, body)))

    assert {decided(status, body) for status, body, *_ in ROWS} == set(SUBMIT)


@pytest.mark.parametrize(
    ("value", "seconds"), [("7", 7), ("3600", 60), ("Wed, 21 Oct 2015 07:28:00 GMT", 0), ("soon", 5), ("", 5)]
)
def test_a_rate_limit_says_when_to_come_back(fake: Videotok, ask: Ask, value: str, seconds: float) -> None:
    headers = {"Retry-After": value} if value else {}
    fake.script.next(method="POST", status=429, body=envelope("rate_limited", True), headers=headers)
    with pytest.raises(NotTaken) as error:
        submit(ask)
    assert error.value.retry_after_seconds == seconds


@pytest.mark.parametrize(("age", "seconds"), [(0.2, 2), (2.5, 4), (6.5, 8), (14.5, 16), (31, 16), (500, 16)])
def test_a_first_try_still_at_work_is_waited_for(fake: Videotok, ask: Ask, age: float, seconds: float) -> None:
    fake.busy = 1
    with pytest.raises(StillTaking) as error:
        submit(ask, age)
    assert error.value.retry_after_seconds == seconds
    assert submit(ask).remote["ids"] == [fake.script.paid[0].job]
    assert len(fake.script.paid) == 1


@pytest.mark.parametrize(("drop", "paid"), [("before", 0), ("after", 1)])
def test_a_broken_line_is_uncertain(fake: Videotok, ask: Ask, drop: str, paid: int) -> None:
    fake.script.next(method="POST", drop=drop)
    with pytest.raises(Uncertain):
        submit(ask)
    assert len(fake.script.paid) == paid


def test_an_address_where_nobody_listens_took_nothing() -> None:
    import asyncio

    import httpx

    from studio.providers.base import Wire
    from studio.providers.videotok.adapter import VideotokProvider

    chosen, values = offer(AD), resolved("static-ad", prompt="A can")

    async def work() -> None:
        provider = VideotokProvider()
        async with httpx.AsyncClient() as client:
            wire = Wire(client, "http://127.0.0.1:9/api/v1", "vt_live_1", "Videotok")
            await provider.submit(wire, ticket(provider.encode(chosen, values), chosen))

    with pytest.raises(NotTaken):
        asyncio.run(work())


@pytest.mark.parametrize(
    ("turn", "error", "words"),
    [
        ({"credits": 10}, Refused, "needs 100, there are 10"),
        ({"plan": False}, Refused, "no paid plan"),
        ({"scopes": ["generations:read"]}, NotConfigured, "lacks the scope"),
    ],
)
def test_money_plan_and_scope(
    fake: Videotok, ask: Ask, turn: dict[str, Any], error: type[ProviderError], words: str
) -> None:
    for name, to in turn.items():
        fake.turn(name, to)
    with pytest.raises(error, match=words):
        submit(ask)
    assert not fake.script.paid
