"""Topping up at a scripted Influencer Studio: nothing is asked there, and no checkout opened, unless somebody pressed for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from studio.engine import secrets
from studio.models import Connection, User, Workspace
from tests.upstreams.common import serve
from tests.upstreams.influencer_studio.upstream import InfluencerStudio

SignIn = Callable[[Client, User], Client]


@pytest.fixture
def upstream(workspace: Workspace, settings: Settings) -> Iterator[InfluencerStudio]:
    fake = InfluencerStudio("is_key")
    with serve(fake) as url:
        settings.PRIVATE_HOSTS = [urlsplit(url).netloc]
        Connection.objects.create(
            team_id=workspace.team_id,
            provider="influencer_studio",
            key=secrets.conceal("is_key"),
            base_url=f"{url}/api/v1",
        )
        yield fake


def calls(upstream: InfluencerStudio) -> list[str]:
    return [f"{request.method} {request.path}" for request in upstream.script.requests]


def test_looking_at_the_page_asks_nothing_there(
    client: Client, owner: User, sign_in: SignIn, upstream: InfluencerStudio
) -> None:
    assert "Top up" in sign_in(client, owner).get(reverse("spend")).text
    assert client.get(reverse("spend_plans")).status_code == 405
    assert calls(upstream) == []


def test_plans_are_read_and_a_checkout_opened_by_one_press_each(
    client: Client, owner: User, sign_in: SignIn, upstream: InfluencerStudio
) -> None:
    plans = sign_in(client, owner).post(reverse("spend_plans"))
    assert "Small" in plans.text
    assert "7.50 USD" in plans.text
    assert calls(upstream) == ["GET /api/v1/billing/plans"]
    answer = client.post(reverse("spend_top_up"), {"plan": "plan_small", "variant": "101"})
    assert 'href="https://checkout.example/c/abc" target="_blank" rel="noopener noreferrer"' in answer.text
    assert "<b>checkout.example</b>" in answer.text
    assert calls(upstream)[1:] == ["POST /api/v1/billing/top-up"]
    back = "http://testserver/spend/"
    sent = {"plan_id": "plan_small", "variant_id": "101", "success_url": back, "cancel_url": back}
    assert upstream.script.requests[-1].json == sent


def test_the_signature_goes_along_where_it_was_given(
    client: Client, owner: User, sign_in: SignIn, upstream: InfluencerStudio
) -> None:
    form = {"plan": "plan_small", "acknowledged": "on", "signature": " Elin Sorby "}
    sign_in(client, owner).post(reverse("spend_top_up"), form)
    sent = upstream.script.requests[-1].json
    assert (sent["dispute_policy_acknowledged"], sent["signature_name"]) == (True, "Elin Sorby")


def test_a_refusal_is_said(client: Client, owner: User, sign_in: SignIn, upstream: InfluencerStudio) -> None:
    answer = sign_in(client, owner).post(reverse("spend_top_up"), {"plan": "gone"}, follow=True)
    assert "Influencer Studio" in answer.text.partition('class="banner bad"')[2][:400]
    assert "checkout.example" not in answer.text
    assert "Choose a plan first" in client.post(reverse("spend_top_up"), follow=True).text


@pytest.mark.parametrize("address", ["javascript:alert(1)", "http://checkout.example/", "https://a@evil.example/", ""])
def test_an_address_that_is_no_checkout_is_never_shown(
    client: Client, owner: User, sign_in: SignIn, upstream: InfluencerStudio, address: str
) -> None:
    upstream.script.next(path="*/billing/top-up", status=200, body={"checkoutUrl": address})
    answer = sign_in(client, owner).post(reverse("spend_top_up"), {"plan": "plan_small"}, follow=True)
    assert "Go to the checkout" not in answer.text
