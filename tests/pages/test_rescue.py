"""Needs a look: what it shows, what its buttons do, with a script and without."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from studio.engine.rescue import missing_nonce
from studio.models import Brief, Budget, Connection, Generation, Output, State, User, Workspace
from studio.pages.rescue_cases import PAGE
from studio.providers import shipped_offers
from tests.engine.remote import connect
from tests.factories import make_generation, make_lost, make_output
from tests.queries import queries_of
from tests.upstreams.common import serve
from tests.upstreams.videogen import VideoGen

SignIn = Callable[[Client, User], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def videogen() -> VideoGen:
    return VideoGen(era="2")


@pytest.fixture
def service(workspace: Workspace, videogen: VideoGen, settings: Any) -> Iterator[Connection]:
    with serve(videogen) as url:
        settings.PRIVATE_HOSTS = [urlsplit(url).netloc]
        yield connect(workspace.team, url, "videogen", "key-1", era="2")


@pytest.fixture
def signed_in(client: Client, creator: User, sign_in: SignIn) -> Client:
    return sign_in(client, creator)


def picture(connection: Connection, **fields: Any) -> dict[str, Any]:
    """What a generation of a picture at VideoGen has."""
    offer = next(it for it in shipped_offers("videogen") if it.tool == "image")
    inputs = {"prompt": "A jar of peaches", "count": fields.pop("count", 1)}
    return {"offer": offer.snapshot(), "offer_key": offer.key, "inputs": inputs, **fields}


def lost(connection: Connection, workspace: Workspace, by: User, **fields: Any) -> Output:
    values = picture(connection, **fields)
    inputs = values.pop("inputs")
    output = make_lost(workspace, connection, by, **values)
    Generation.objects.filter(pk=output.generation_id).update(tool="image", inputs=inputs)
    return output


def partial(connection: Connection, workspace: Workspace, by: User, came: int = 2, of: int = 4) -> list[Output]:
    """A batch of pictures of which only some came."""
    fields = picture(connection, count=of)
    inputs = fields.pop("inputs")
    generation = make_generation(
        workspace,
        by,
        provider="videogen",
        connection=connection,
        missing=of - came,
        cost=Decimal(24),
        cost_unit="credits",
        first_sent_at=timezone.now(),
        **fields,
    )
    Generation.objects.filter(pk=generation.pk).update(tool="image", inputs=inputs)
    Brief.objects.filter(pk=generation.brief_id).update(tool="image", inputs=inputs)
    states = [State.COMPLETED] * came + [State.FAILED] * (of - came)
    return [
        make_output(workspace, by, generation=generation, position=position, state=state, title="Peaches, four takes")
        for position, state in enumerate(states)
    ]


def candidate(job: str) -> dict[str, Any]:
    return {
        "remote_id": job,
        "remote": {"execution": job},
        "created_at": None,
        "after": None,
        "before": None,
        "fits": {"status": "running"},
        "results": None,
    }


def of(output: Output) -> Generation:
    return Generation.objects.get(pk=output.generation_id)


def address(name: str, output: Output) -> str:
    return reverse(name, args=[output.generation_id])


def test_nothing_needs_a_look(signed_in: Client) -> None:
    page = signed_in.get(reverse("rescue")).text
    assert "Nothing needs a look" in page
    assert "waiting</span>" not in page


def test_a_case_says_what_happened_and_what_it_may_have_cost(
    signed_in: Client, service: Connection, workspace: Workspace, creator: User
) -> None:
    lost(service, workspace, creator, title="Calm skin", candidates=[candidate("vg_tool_1")])
    page = signed_in.get(reverse("rescue")).text
    for words in (
        "Calm skin",
        "May have been charged 12 credits",
        "VideoGen",
        "The connection broke before it answered.",
        "“A jar of peaches”",
        "vg_tool_1",
        "still at work",
        "Check again",
        "Run again",
        "about 12 credits more",
        "Write off",
        'class="n new">1<',
    ):
        assert words in page, words


def test_an_unknown_price_is_never_a_number(
    signed_in: Client, service: Connection, workspace: Workspace, creator: User
) -> None:
    lost(service, workspace, creator, estimate=None)
    page = signed_in.get(reverse("rescue")).text
    assert "May have been charged</span>" in page
    assert "nobody knows how much more" in page


def test_checking_again_answers_where_the_button_is(
    signed_in: Client, service: Connection, workspace: Workspace, creator: User
) -> None:
    output = lost(service, workspace, creator)
    answer = signed_in.post(address("rescue_check", output), headers=HTMX)
    assert "VideoGen lists nothing that fits." in answer.text
    assert f'id="case-{output.generation_id}"' in answer.text
    assert "<html" not in answer.text
    again = signed_in.post(address("rescue_check", output), follow=True)
    assert "VideoGen lists nothing that fits." in again.text


def test_a_job_that_is_found_takes_the_case_away(
    signed_in: Client, service: Connection, workspace: Workspace, creator: User, videogen: VideoGen
) -> None:
    output = lost(service, workspace, creator)
    job = videogen.add_job("generate-image").id
    answer = signed_in.post(address("rescue_check", output), headers=HTMX)
    assert answer.text == ""
    assert "VideoGen has it." in answer["HX-Trigger"]
    assert (of(output).state, of(output).remote_key) == (State.RUNNING, job)
    assert signed_in.get(address("rescue_case", output)).text == ""


def test_a_tile_can_be_checked_too(signed_in: Client, service: Connection, workspace: Workspace, creator: User) -> None:
    output = lost(service, workspace, creator)
    tile = signed_in.get(reverse("output_tile", args=[output.pk]), headers=HTMX).text
    assert reverse("output_check", args=[output.pk]) in tile
    assert "May have been charged 12 credits." in tile
    answer = signed_in.post(reverse("output_check", args=[output.pk]), headers=HTMX)
    assert f'id="tile-{output.pk}"' in answer.text
    assert "VideoGen lists nothing that fits." in answer.text
    row = signed_in.get(reverse("output_tile", args=[output.pk]) + "?on=tray", headers=HTMX).text
    assert "May have been charged 12 credits" in row


def test_adopting_goes_on_with_that_job(
    signed_in: Client, service: Connection, workspace: Workspace, creator: User
) -> None:
    output = lost(service, workspace, creator, candidates=[candidate("vg_tool_1"), candidate("vg_tool_2")])
    other = lost(service, workspace, creator, candidates=[candidate("vg_tool_2")])
    refused = signed_in.post(address("rescue_adopt", output), {"job": "vg_tool_9"}, headers=HTMX)
    assert "not among those that could be it" in refused.text
    answer = signed_in.post(address("rescue_adopt", output), {"job": "vg_tool_2"}, headers=HTMX)
    assert answer.text == ""
    assert (of(output).state, of(output).remote_key) == (State.RUNNING, "vg_tool_2")
    assert of(other).candidates == []


def test_writing_off_asks_once_and_ends_it(
    signed_in: Client, service: Connection, workspace: Workspace, creator: User
) -> None:
    output = lost(service, workspace, creator)
    page = signed_in.get(reverse("rescue")).text
    assert "This cannot be taken back." in page
    answer = signed_in.post(address("rescue_write_off", output), follow=True)
    assert "Written off. It may have been charged." in answer.text
    assert (of(output).state, of(output).failure_code) == (State.FAILED, "written_off")
    assert "Jonas wrote this off." in signed_in.get(reverse("output", args=[output.pk])).text
    assert "settled already" in signed_in.post(address("rescue_write_off", output), follow=True).text


def test_running_again_makes_one_new_brief_however_often_it_is_pressed(
    signed_in: Client, service: Connection, workspace: Workspace, creator: User
) -> None:
    output = lost(service, workspace, creator)
    for _ in range(2):
        answer = signed_in.post(address("rescue_again", output), {"nonce": "nonce-0001"}, headers=HTMX)
        assert f'id="case-{output.generation_id}"' in answer.text
    assert Generation.objects.exclude(pk=output.generation_id).get().state == State.QUEUED
    assert of(output).state == State.UNCERTAIN


def test_a_batch_that_came_in_part_offers_the_rest_with_its_price(
    signed_in: Client, service: Connection, workspace: Workspace, creator: User
) -> None:
    outputs = partial(service, workspace, creator)
    for page in (signed_in.get(reverse("rescue")), signed_in.get(reverse("output", args=[outputs[0].pk]))):
        assert "2 of 4 came" in page.text
        assert "Make the missing 2 again" in page.text
        assert "credits" in page.text or "Price not known" in page.text
    for _ in range(2):
        answer = signed_in.post(address("rescue_missing", outputs[0]), headers=HTMX)
        assert answer.text == ""
    new = Generation.objects.exclude(pk=outputs[0].generation_id).get()
    assert (new.inputs["count"], new.outputs.count(), new.brief.nonce) == (
        2,
        2,
        missing_nonce(outputs[0].generation_id),
    )
    assert set(Output.objects.filter(deleted_at=None, generation=outputs[0].generation_id)) == set(outputs[:2])
    assert "Nothing needs a look" in signed_in.get(reverse("rescue")).text


def test_what_came_may_be_enough(signed_in: Client, service: Connection, workspace: Workspace, creator: User) -> None:
    outputs = partial(service, workspace, creator)
    signed_in.post(address("rescue_leave", outputs[0]))
    assert Output.objects.exclude(deleted_at=None).count() == 2
    assert Generation.objects.count() == 1
    assert "Nothing needs a look" in signed_in.get(reverse("rescue")).text


def test_the_list_goes_on_where_the_page_ends(
    signed_in: Client, service: Connection, workspace: Workspace, creator: User
) -> None:
    made = [lost(service, workspace, creator, title=f"Case {index}") for index in range(PAGE + 3)]
    first = signed_in.get(reverse("rescue"))
    assert first.text.count('class="card case') == PAGE
    more = first.context["more"]
    second = signed_in.get(reverse("rescue"), {"before": more}).text
    assert second.count('class="card case') == 3
    assert f'id="case-{made[0].generation_id}"' in second


def test_queries_do_not_grow_with_the_cases(
    signed_in: Client, service: Connection, workspace: Workspace, creator: User
) -> None:
    def queries() -> int:
        return queries_of(lambda: signed_in.get(reverse("rescue")).content)

    lost(service, workspace, creator)
    partial(service, workspace, creator)
    few = queries()
    for _ in range(6):
        lost(service, workspace, creator)
        partial(service, workspace, creator)
    assert queries() == few
    assert few <= 22


def test_news_are_told_without_moving_what_is_read(
    signed_in: Client, service: Connection, workspace: Workspace, creator: User
) -> None:
    old = lost(service, workspace, creator)
    asked = reverse("rescue") + f"?newer={old.generation_id}"
    assert "Show it" not in signed_in.get(asked, headers=HTMX).text
    lost(service, workspace, creator)
    assert "Show it" in signed_in.get(asked, headers=HTMX).text


def test_over_the_budget_an_admin_may_press_once_more(
    client: Client,
    sign_in: SignIn,
    service: Connection,
    workspace: Workspace,
    admin: User,
    creator: User,
) -> None:
    Budget.objects.create(team=workspace.team, workspace=workspace, provider="videogen", amount=Decimal(1))
    output = partial(service, workspace, creator)[0]
    refused = sign_in(client, creator).post(address("rescue_missing", output), {"over": "yes"}, headers=HTMX)
    assert "or to raise the budget" in refused.text
    assert "Make them all the same" not in refused.text
    sign_in(client, admin)
    asked = client.post(address("rescue_missing", output), headers=HTMX)
    assert "Make them all the same" in asked.text
    assert Generation.objects.count() == 1
    client.post(address("rescue_missing", output), {"over": "yes"}, headers=HTMX)
    assert Generation.objects.count() == 2


def test_inputs_of_an_older_version_say_so(
    signed_in: Client, service: Connection, workspace: Workspace, creator: User
) -> None:
    output = lost(service, workspace, creator)
    Generation.objects.filter(pk=output.generation_id).update(inputs={"was": "another field"})
    answer = signed_in.post(address("rescue_again", output), headers=HTMX)
    assert "from an older version" in answer.text
