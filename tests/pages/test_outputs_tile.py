"""The tile in each state, for each role, alone and on the wall."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from studio.models import Output, State, User, Workspace
from tests.factories import make_generation, make_output, queue_render

SignIn = Callable[[Client, User], Client]


@pytest.fixture
def tile(client: Client, creator: User, sign_in: SignIn) -> Callable[..., str]:
    sign_in(client, creator)

    def tile(output: Output, query: str = "", **headers: Any) -> str:
        response = client.get(reverse("output_tile", args=[output.pk]) + query, **headers)
        assert response.status_code == 200
        return response.content.decode()

    return tile


@pytest.mark.parametrize(
    ("state", "look", "says", "is_live"),
    [
        (State.QUEUED, "queued", "Starts in a moment", True),
        (State.PREPARING, "preparing", "Sending your pictures", True),
        (State.SUBMITTING, "submitting", "Starting", True),
        (State.RUNNING, "running", "Rendering", True),
        (State.COLLECTING, "collecting", "Saving", True),
        (State.UNCERTAIN, "uncertain", "May have been charged", True),
        (State.FAILED, "failed", "could not be read", False),
        (State.CANCELED, "canceled", "Run again", False),
    ],
)
def test_it_shows_every_state(
    workspace: Workspace, creator: User, tile: Callable[..., str], state: State, look: str, says: str, is_live: bool
) -> None:
    output = make_output(workspace, creator, state=state)
    html = tile(output)
    assert f'id="tile-{output.pk}"' in html
    assert f'data-state="{look}"' in html
    assert says in html
    assert ("data-live" in html) == is_live


def test_a_finished_tile_is_not_live(workspace: Workspace, creator: User, tile: Callable[..., str]) -> None:
    html = tile(make_output(workspace, creator))
    assert "data-live" not in html
    assert "data-state" not in html
    assert ">New<" in html


@pytest.mark.parametrize(
    ("verdict", "word"), [("approved", "Approved"), ("changes", "Changes"), ("rejected", "Rejected")]
)
def test_it_tells_the_verdict(
    workspace: Workspace, creator: User, tile: Callable[..., str], verdict: str, word: str
) -> None:
    html = tile(make_output(workspace, creator, verdict=verdict, opened_at=timezone.now()))
    assert f'<span class="w">{word}</span>' in html
    assert ">New<" not in html


def test_a_failure_says_that_nothing_was_charged(workspace: Workspace, creator: User, tile: Callable[..., str]) -> None:
    assert "Not charged." in tile(make_output(workspace, creator, state=State.FAILED))


def test_a_paid_failure_without_a_word_of_a_refund_may_have_been_charged(
    workspace: Workspace, creator: User, tile: Callable[..., str]
) -> None:
    paid = make_generation(
        workspace, creator, State.FAILED, cost_unit="credits", estimate="0.5", first_sent_at=timezone.now()
    )
    assert "May have been charged." in tile(make_output(workspace, creator, state=State.FAILED, generation=paid))


def test_the_place_in_line_is_told(workspace: Workspace, creator: User, tile: Callable[..., str]) -> None:
    waiting = [make_output(workspace, creator, state=State.RUNNING) for _ in range(3)]
    for output in waiting:
        queue_render(output.generation)
    html = tile(waiting[2])
    assert 'data-state="queued"' in html
    assert "Third in line." in html


def test_far_down_the_line_no_place_is_told(workspace: Workspace, creator: User, tile: Callable[..., str]) -> None:
    for _ in range(21):
        queue_render(make_generation(workspace, creator, State.RUNNING))
    html = tile(make_output(workspace, creator, state=State.QUEUED))
    assert "More than 20 are ahead of it." in html


def test_a_tile_takes_two_queries_of_its_own(
    client: Client, workspace: Workspace, creator: User, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    output = make_output(workspace, creator, state=State.RUNNING)
    queue_render(output.generation)
    sign_in(client, creator)
    own = reverse("output_tile", args=[output.pk])
    with django_assert_max_num_queries(7) as context:
        client.get(own)
    tables = [query["sql"].split(" FROM ")[1].split()[0] for query in context.captured_queries]
    # Person, membership and workspace are read by every page; the tile itself adds the output and the line.
    assert [table for table in tables if table in ('"studio_output"', '"studio_renderjob"')] == [
        '"studio_output"',
        '"studio_renderjob"',
    ]


def test_it_is_empty_once_it_is_in_the_trash(workspace: Workspace, creator: User, tile: Callable[..., str]) -> None:
    output = make_output(workspace, creator, deleted_at=timezone.now())
    assert tile(output).strip() == ""
    assert "Restore" in tile(output, "?on=trash")


def test_it_is_empty_for_whoever_may_not_see_it(
    client: Client, workspace: Workspace, outsider: User, sign_in: SignIn
) -> None:
    output = make_output(workspace)
    response = sign_in(client, outsider).get(reverse("output_tile", args=[output.pk]))
    assert response.status_code == 200
    assert response.content == b""


def test_a_reviewer_gets_no_button_that_spends(
    client: Client, workspace: Workspace, reviewer: User, sign_in: SignIn
) -> None:
    sign_in(client, reviewer)
    for state in State:
        html = client.get(reverse("output_tile", args=[make_output(workspace, state=state).pk])).content.decode()
        assert "remix" not in html
        assert "/again" not in html
        assert "/cancel" not in html
        assert "/trash" not in html


def test_the_row_of_the_tray_goes_when_it_is_done(
    workspace: Workspace, creator: User, tile: Callable[..., str]
) -> None:
    running = make_output(workspace, creator, state=State.RUNNING)
    assert f'id="tray-{running.pk}"' in tile(running, "?on=tray")
    assert tile(make_output(workspace, creator), "?on=tray").strip() == ""


def test_on_the_wall_it_keeps_the_filters_and_can_be_picked(
    workspace: Workspace, creator: User, tile: Callable[..., str]
) -> None:
    output = make_output(workspace, creator)
    html = tile(output, "?on=wall&starred=1")
    assert 'name="output"' in html
    assert f"/outputs/{output.pk}/?starred=1" in html
    assert 'name="output"' not in tile(output)
    assert tile(output, "?on=wall&view=list").lstrip().startswith("<tr")


def test_a_job_that_is_leased_is_not_in_line(workspace: Workspace, creator: User, tile: Callable[..., str]) -> None:
    output = make_output(workspace, creator, state=State.RUNNING)
    job = queue_render(output.generation)
    job.due_at = timezone.now() + timedelta(seconds=10)
    job.save()
    assert 'data-state="running"' in tile(output)
