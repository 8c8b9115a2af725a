"""The trash: in, out, one or many, page by page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from studio.models import Output, State, User, Workspace
from tests.factories import make_output, make_outputs

SignIn = Callable[[Client, User], Client]
HTMX = {"HX-Request": "true"}


def test_it_shows_what_was_deleted_and_says_that_it_stays(
    client: Client, workspace: Workspace, creator: User, sign_in: SignIn
) -> None:
    gone, here = make_output(workspace, deleted_at=timezone.now()), make_output(workspace)
    html = sign_in(client, creator).get("/trash/").content.decode()
    assert f'id="tile-{gone.pk}"' in html
    assert f'id="tile-{here.pk}"' not in html
    assert "until somebody restores" in html


def test_a_selection_goes_in_and_comes_back_by_one_undo(
    client: Client, workspace: Workspace, other_workspace: Workspace, creator: User, sign_in: SignIn
) -> None:
    ready, failed, running = (make_output(workspace, state=s) for s in (State.COMPLETED, State.FAILED, State.RUNNING))
    foreign = make_output(other_workspace)
    earlier = make_output(workspace, deleted_at=timezone.now() - timedelta(hours=1))
    sign_in(client, creator)
    ids = [str(output.pk) for output in (ready, failed, running, foreign)]
    response = client.post(reverse("outputs_trash"), {"output": ids}, headers=HTMX)
    told = json.loads(response.headers["HX-Trigger"])
    assert told["toast"]["text"] == "Moved to the trash: 2"
    assert set(told["tiles:changed"]["ids"]) == {str(ready.pk), str(failed.pk)}
    assert client.post(told["toast"]["action"]["post"], headers=HTMX).status_code == 204
    assert list(Output.objects.exclude(deleted_at=None)) == [earlier]


def test_ticked_ones_are_restored(client: Client, workspace: Workspace, creator: User, sign_in: SignIn) -> None:
    gone = [make_output(workspace, deleted_at=timezone.now()) for _ in range(3)]
    sign_in(client, creator)
    response = client.post(reverse("outputs_restore"), {"output": [str(o.pk) for o in gone[:2]], "next": "/trash/"})
    assert response.headers["Location"] == "/trash/"
    assert Output.objects.exclude(deleted_at=None).count() == 1


def test_paging_is_complete(client: Client, workspace: Workspace, creator: User, sign_in: SignIn) -> None:
    made = make_outputs(workspace, 130)
    when = timezone.now() - timedelta(minutes=1)
    Output.objects.update(deleted_at=when)
    Output.objects.filter(pk__in=[output.pk for output in made[:30]]).update(deleted_at=when - timedelta(minutes=1))
    sign_in(client, creator)
    seen: list[str] = []
    query = ""
    while True:
        html = client.get(f"/trash/{query}").content.decode()
        seen += re.findall(r'id="tile-([0-9a-f-]{36})"', html)
        more = re.search(r'href="(\?before=[^"]*)"', html)
        if more is None:
            break
        query = more[1]
    assert seen == [str(output.pk) for output in reversed(made)]


@pytest.mark.parametrize("before", ["x", "1.x", "9" * 40 + ".x", "%00", "1.01a1fd12-d972-7067-a5ea-c29c32e97163"])
def test_nonsense_gets_a_sane_page(
    client: Client, workspace: Workspace, creator: User, sign_in: SignIn, before: str
) -> None:
    assert sign_in(client, creator).get(f"/trash/?before={before}").status_code == 200


def test_a_reviewer_looks_and_an_outsider_sees_nothing(
    client: Client, workspace: Workspace, reviewer: User, outsider: User, sign_in: SignIn
) -> None:
    gone = make_output(workspace, deleted_at=timezone.now())
    html = sign_in(client, reviewer).get("/trash/").content.decode()
    assert str(gone.pk) in html
    assert "/restore" not in html
    for name in ("outputs_trash", "outputs_restore"):
        assert client.post(reverse(name), {"output": [str(gone.pk)]}).status_code == 403
    assert str(gone.pk) not in sign_in(client, outsider).get("/trash/").content.decode()
