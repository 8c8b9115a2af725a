"""The kit itself: what it is told to do wrong, it does."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.upstreams.common import Answer, Far, Recorded, Upstream, serve
from tests.upstreams.media import KINDS, media_bytes
from tests.wait import until


class Shop(Upstream):
    routes = (("POST", "/jobs", "take"), ("GET", "/jobs/{job}", "show"))

    def take(self, request: Recorded) -> Answer:
        job = self.script.new_id("job_")
        self.script.pay(request, job, 5, request.headers.get("idempotency-key", ""))
        return Answer({"id": job, "words": "x" * 200})

    def show(self, request: Recorded, job: str) -> Answer:
        return Answer({"id": job, "url": self.script.media("image", job)})


@pytest.fixture
def shop() -> Iterator[Shop]:
    shop = Shop("good")
    with serve(shop):
        yield shop


@pytest.fixture
def client(shop: Shop) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=shop.script.url, headers={"authorization": "Bearer good"}, timeout=5) as client:
        yield client


def test_writes_down_what_came_and_what_was_paid(shop: Shop, client: httpx.Client) -> None:
    client.post("/jobs", params={"a": "1"}, json={"x": 2}, headers={"Idempotency-Key": "k"})
    sent = shop.script.sent("POST")[0]
    assert (sent.path, sent.query, sent.json, sent.bearer) == ("/jobs", {"a": ["1"]}, {"x": 2}, "good")
    assert [(paid.job, paid.idempotency_key, paid.credits) for paid in shop.script.paid] == [("job_1", "k", 5)]
    shop.script.forget_keys()
    assert client.post("/jobs").status_code == 401
    assert len(shop.script.paid) == 1


@pytest.mark.parametrize(("drop", "paid"), [("before", 0), ("after", 1)])
def test_breaks_the_line_before_or_after_taking_a_job(shop: Shop, client: httpx.Client, drop: str, paid: int) -> None:
    shop.script.next(path="/jobs", drop=drop)
    with pytest.raises(httpx.TransportError):
        client.post("/jobs")
    assert len(shop.script.paid) == paid
    assert client.post("/jobs").status_code == 200


def test_answers_as_told(shop: Shop, client: httpx.Client) -> None:
    shop.script.next(status=429, headers={"retry-after": "7"}, body={"error": "slow"})
    shop.script.next(status=503, after=True)
    shop.script.next(merge={"id": "other"})
    first, second, third = (client.post("/jobs") for _ in range(3))
    assert (first.status_code, first.headers["retry-after"], first.json()) == (429, "7", {"error": "slow"})
    assert (second.status_code, third.json()["id"]) == (503, "other")
    assert len(shop.script.paid) == 2


def test_mangles_answers(shop: Shop, client: httpx.Client) -> None:
    for mangle in ("garbage", "truncated"):
        shop.script.next(mangle=mangle)
        with pytest.raises(ValueError, match=r".+"):
            json.loads(client.post("/jobs").content)
    shop.script.next(mangle="cut")
    with pytest.raises(httpx.TransportError):
        client.post("/jobs")
    shop.script.next(mangle="endless")
    with client.stream("GET", "/jobs/1") as answer:
        pieces = answer.iter_bytes()
        assert sum(len(next(pieces)) for _ in range(10)) > 100_000


def test_holds_an_answer_until_released(shop: Shop, client: httpx.Client) -> None:
    shop.script.next(path="/jobs", hold="slow", hold_after=True)
    answers: list[int] = []
    asking = threading.Thread(target=lambda: answers.append(client.post("/jobs").status_code))
    asking.start()
    until(lambda: shop.script.paid, "the job to be taken")
    assert answers == []
    shop.script.release("slow")
    asking.join(5)
    assert answers == [200]


def test_lets_media_expire_and_resume(shop: Shop, client: httpx.Client) -> None:
    shop.script.expiring_media(uses=2)
    url = client.get("/jobs/7").json()["url"]
    whole = client.get(url).content
    rest = client.get(url, headers={"range": "bytes=10-"})
    assert (rest.status_code, whole[10:]) == (206, rest.content)
    assert whole == media_bytes("image", "7")
    assert client.get(url).status_code == 410
    newer = client.get("/jobs/7").json()["url"]
    shop.script.expire_media(gone=403)
    assert client.get(newer).status_code == 403


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_seed_has_other_bytes(kind: str) -> None:
    assert media_bytes(kind, "a") == media_bytes(kind, "a") != media_bytes(kind, "b")


def test_can_be_steered_from_another_process() -> None:
    code = "from tests.upstreams.common import main; from tests.upstreams.test_common import Shop; main(Shop('k'))"
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
    ) as running:
        assert running.stdout is not None
        try:
            far = Far(running.stdout.readline().strip())
            far.next(path="/jobs", drop="after")
            with pytest.raises(httpx.TransportError):
                httpx.post(f"{far.url}/jobs", headers={"authorization": "Bearer k"})
            assert [paid["job"] for paid in far.facts()["paid"]] == ["job_1"]
        finally:
            running.terminate()
