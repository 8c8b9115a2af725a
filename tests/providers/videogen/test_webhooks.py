"""The bell: registered and taken away with the connection, and believed only when it is signed."""

from __future__ import annotations

import time
from functools import partial

import pytest

from studio.dialects.base import Refused, Unreadable
from studio.dialects.videogen import wire as messages
from studio.dialects.videogen.signature import sign, verify
from tests.dialects.videogen.cases import ERAS
from tests.providers.videogen.conftest import Open, World

URL = "https://studio.example/bell/1"
SECRET = "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQh"


@pytest.mark.parametrize("era", ERAS)
def test_is_registered_listed_and_removed(opened: Open, era: str) -> None:
    world = opened(era)
    made = world.ask(lambda wire: world.provider.register_webhook(wire, URL))
    assert made is not None
    endpoint, secret = made
    [sent] = world.script.requests
    assert (sent.method, sent.path) == ("POST", "/v1/webhooks/endpoints")
    assert sent.json == {
        "url": URL,
        "events": ["tool_execution.succeeded", "tool_execution.failed", "tool_execution.cancelled"],
        "description": "Backlot",
    }
    assert secret == world.fake.endpoints[endpoint]["signingSecret"]
    listed = world.ask(lambda wire: world.provider.webhooks(wire))
    assert [(one.endpoint_id, one.url, one.signing_secret) for one in listed] == [(endpoint, URL, "")]
    for _ in range(2):
        world.ask(lambda wire: world.provider.remove_webhook(wire, endpoint))
    assert world.fake.endpoints == {}
    assert (world.script.requests[-1].method, world.script.requests[-1].path) == (
        "DELETE",
        f"/v1/webhooks/endpoints/{endpoint}",
    )


@pytest.mark.parametrize("era", ["2", "1"])
def test_lists_in_pages(opened: Open, era: str) -> None:
    world = opened(era)
    for url in (f"{URL}{number}" for number in range(3)):
        world.ask(partial(world.provider.register_webhook, url=url))
    listed = world.ask(lambda wire: world.provider.webhooks(wire, messages.WebhooksQuery(limit=1, cursor="c2")))
    assert [one.url for one in listed] == [f"{URL}2"]
    assert world.script.requests[-1].query == {"limit": ["1"], "cursor": ["c2"]}


def test_an_address_without_https_is_refused(world: World) -> None:
    with pytest.raises(Refused, match="HTTPS"):
        world.ask(lambda wire: world.provider.register_webhook(wire, "http://studio.example/bell"))


def test_no_secret_is_no_bell(world: World) -> None:
    world.script.next(path="/v1/webhooks/endpoints", merge={"signingSecret": None})
    with pytest.raises(Unreadable):
        world.ask(lambda wire: world.provider.register_webhook(wire, URL))


@pytest.mark.parametrize("ending", ["finish", "fail", "cancel"])
def test_a_genuine_one_rings_for_its_job(world: World, ending: str) -> None:
    made = world.ask(lambda wire: world.provider.register_webhook(wire, URL))
    assert made is not None
    job, ticket = world.started()
    if ending == "cancel":
        world.ask(lambda wire: world.provider.cancel(wire, ticket))
    else:
        getattr(world.fake, ending)(job)
    headers, body = world.fake.delivery(job)
    assert world.provider.read_webhook(headers, body, made[1]) == [job]
    assert world.provider.read_webhook(headers, body, made[1]) == [job], "a duplicate rings again, and does no harm"
    assert world.provider.read_webhook({name.title(): value for name, value in headers.items()}, body, made[1]) == [job]


def test_forgeries_are_not_believed(world: World) -> None:
    made = world.ask(lambda wire: world.provider.register_webhook(wire, URL))
    assert made is not None
    job, _ = world.started()
    world.fake.finish(job)
    headers, body = world.fake.delivery(job, forged=True)
    with pytest.raises(ValueError, match="not ours"):
        world.provider.read_webhook(headers, body, made[1])
    genuine, _ = world.fake.delivery(job)
    with pytest.raises(ValueError, match="not ours"):
        world.provider.read_webhook(genuine, body + b" ", made[1])
    with pytest.raises(ValueError, match="not ours"):
        world.provider.read_webhook({**genuine, "webhook-id": "msg_other"}, body, made[1])
    for missing in ("webhook-id", "webhook-timestamp", "webhook-signature"):
        with pytest.raises(ValueError, match="not"):
            world.provider.read_webhook({k: v for k, v in genuine.items() if k != missing}, body, made[1])


@pytest.mark.parametrize(("age", "fine"), [(0, True), (299, True), (301, False), (-299, True), (-301, False)])
def test_only_fresh_ones_count(age: int, fine: bool) -> None:
    now = 1_795_000_000
    stamp = now - age
    headers = {
        "webhook-id": "m1",
        "webhook-timestamp": str(stamp),
        "webhook-signature": sign(SECRET, "m1", stamp, b"{}"),
    }
    if fine:
        assert verify(headers, b"{}", SECRET, now) == "m1"
        return
    with pytest.raises(ValueError, match="too old"):
        verify(headers, b"{}", SECRET, now)


def test_one_matching_signature_of_several_is_enough_and_other_versions_are_not_looked_at() -> None:
    right = sign(SECRET, "m1", 1000, b"{}")
    headers = {"webhook-id": "m1", "webhook-timestamp": "1000"}
    assert verify({**headers, "webhook-signature": f"v2,abc v1,wrong {right}"}, b"{}", SECRET, 1000) == "m1"
    with pytest.raises(ValueError, match="not ours"):
        verify({**headers, "webhook-signature": right.replace("v1,", "v1a,")}, b"{}", SECRET, 1000)


@pytest.mark.parametrize("stamp", ["", "soon", "1e9", "-5", "9" * 400, "١٧٩٥"])
def test_a_strange_timestamp_is_refused(stamp: str) -> None:
    headers = {"webhook-id": "m1", "webhook-timestamp": stamp, "webhook-signature": "v1,x"}
    with pytest.raises(ValueError, match="not signed"):
        verify(headers, b"{}", SECRET, time.time())


def test_a_known_vector() -> None:
    """The example of the Standard Webhooks specification."""
    signature = sign(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_an_event_about_no_job_rings_for_nothing(world: World) -> None:
    body = b'{"event": "file.upload.completed", "fileId": "vg_file_1", "file": {"fileId": "vg_file_1"}}'
    now = int(time.time())
    headers = {
        "webhook-id": "m",
        "webhook-timestamp": str(now),
        "webhook-signature": sign(SECRET, "m", now, body),
    }
    assert world.provider.read_webhook(headers, body, SECRET) == []
    headers["webhook-signature"] = sign(SECRET, "m", now, b"[]")
    with pytest.raises(ValueError, match="cannot be read"):
        world.provider.read_webhook(headers, b"[]", SECRET)
