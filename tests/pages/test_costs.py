"""What a generation cost, in words: on a result's page and under its tile."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from studio.models import Generation, State, User, Workspace
from studio.pages.costs import share, told
from tests.factories import make_generation, make_output

SignIn = Callable[[Client, User], Client]


def paid(state: State = State.COMPLETED, **fields: Any) -> Generation:
    """Not stored: wording needs no rows."""
    facts: dict[str, Any] = {
        "provider": "videotok",
        "cost_unit": "credits",
        "inputs": {},
        "first_sent_at": timezone.now(),
    }
    return Generation(state=state, **(facts | fields))


D = Decimal


@pytest.mark.parametrize(
    ("results", "fields", "words"),
    [
        (1, {"cost": D(200)}, "200 credits"),
        (2, {"cost": D(200)}, "200 credits for both"),
        (4, {"cost": D(200)}, "200 credits for all 4"),
        (4, {"cost": D(200), "missing": 1}, "200 credits for 3 of 4"),
        (4, {}, "Not told"),
        (4, {"estimate": D(40)}, "May have been charged 40 credits for all 4"),
        (1, {"cost": D(0), "estimate": D(0)}, "Not charged"),
        (1, {"provider": "local", "cost_unit": "free"}, "Free"),
        (2, {"state": State.RUNNING, "estimate": D(40)}, "About 40 credits for both"),
        (2, {"state": State.RUNNING}, "Not known yet"),
        (1, {"state": State.UNCERTAIN, "estimate": D(40)}, "May have been charged 40 credits"),
        (1, {"state": State.CANCELED, "first_sent_at": None}, "Not charged"),
        (1, {"state": State.CANCELED, "estimate": D(40), "cost": D(0)}, "Not charged"),
        (1, {"state": State.CANCELED}, "May have been charged"),
        (4, {"state": State.CANCELED, "cost": D(40)}, "Charged 40 credits for all 4"),
        (1, {"state": State.CANCELED, "provider": "local", "cost_unit": "free"}, "Not charged"),
    ],
)
def test_the_page_says_what_a_figure_is_for(results: int, fields: dict[str, Any], words: str) -> None:
    assert told(paid(**fields), results) == words


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"cost": D(200)}, "200 credits"),
        ({"cost": D(200), "inputs": {"count": 4}}, "50 credits each"),
        ({"cost": D(200), "inputs": {"slide_count": 3}}, "200 credits for 3"),
        ({"cost": D(200), "inputs": {"count": 4}, "missing": 1}, "200 credits for 3"),
        ({"estimate": D(200), "inputs": {"count": 4}}, "about 50 credits each"),
        ({}, ""),
        ({"provider": "local", "cost_unit": "free"}, "free"),
    ],
)
def test_a_tile_says_what_a_figure_is_for(fields: dict[str, Any], words: str) -> None:
    assert share(paid(**fields)) == words


def test_every_output_of_a_batch_says_whose_price_it_is(
    client: Client, workspace: Workspace, creator: User, sign_in: SignIn
) -> None:
    facts: dict[str, Any] = {"provider": "videotok", "cost_unit": "credits", "cost": D(200), "inputs": {"count": 4}}
    generation = make_generation(workspace, creator, **facts)
    outputs = [make_output(workspace, generation=generation, position=number) for number in range(4)]
    sign_in(client, creator)
    assert "<dt>Cost</dt><dd>200 credits for all 4</dd>" in client.get(reverse("output", args=[outputs[2].pk])).text
    assert '<span class="price">50 credits each</span>' in client.get(reverse("output_tile", args=[outputs[2].pk])).text


def test_a_canceled_one_says_whether_it_was_charged(
    client: Client, workspace: Workspace, creator: User, sign_in: SignIn
) -> None:
    facts: dict[str, Any] = {"provider": "videotok", "cost_unit": "credits", "estimate": None}
    output = make_output(
        workspace, state=State.CANCELED, generation=make_generation(workspace, state=State.CANCELED, **facts)
    )
    sign_in(client, creator)
    assert "<dt>Cost</dt><dd>Not charged</dd>" in client.get(reverse("output", args=[output.pk])).text
    assert "Stopped before it was made. Not charged." in client.get(reverse("output_tile", args=[output.pk])).text
