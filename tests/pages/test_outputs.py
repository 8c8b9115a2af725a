"""An output's page and every action on it, by every role."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient, Client
from django.urls import reverse
from django.utils import timezone

from studio.models import Brief, Decision, Output, State, User, Workspace, uuid7
from tests.factories import make_asset, make_brand, make_generation, make_output

SignIn = Callable[[Client, User], Client]
HTMX = {"HX-Request": "true"}


def url(name: str, output: Output) -> str:
    return reverse(name, args=[output.pk])


def toast(response: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(response.headers["HX-Trigger"])["toast"]
    return found


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_a_page(
    client: Client, workspace: Workspace, creator: User, sign_in: SignIn, state: State
) -> None:
    output = make_output(workspace, creator, state=state)
    html = sign_in(client, creator).get(url("output", output)).content.decode()
    assert "Calm skin, in 14 days" in html
    assert ("data-stage" in html) == (state == State.COMPLETED)
    assert ('id="verdict"' in html) == (state == State.COMPLETED)


def test_looking_changes_nothing_and_opening_does(
    client: Client, workspace: Workspace, creator: User, sign_in: SignIn
) -> None:
    output = make_output(workspace, creator)
    sign_in(client, creator).get(url("output", output))
    output.refresh_from_db()
    assert output.opened_at is None
    assert client.get(url("output_opened", output)).status_code == 405
    assert client.post(url("output_opened", output)).status_code == 204
    output.refresh_from_db()
    assert output.opened_at is not None


def test_it_tells_what_was_asked_and_what_was_written(
    client: Client, workspace: Workspace, creator: User, sign_in: SignIn
) -> None:
    photo = make_asset(workspace, name="serum.png")
    generation = make_generation(
        workspace,
        creator,
        inputs={
            "template": "arch",
            "prompt": "Serum, low sun",
            "headline": "",
            "product_images": [str(photo.pk)],
            "resolution": "2K",
        },
        filled_in={"headline": "Calm *skin*"},
    )
    output = make_output(workspace, creator, generation=generation, notes=["The badge was left out."])
    html = sign_in(client, creator).get(url("output", output)).content.decode()
    assert "Serum, low sun" in html
    assert '<dt>Headline<span class="hint">, from your brief</span></dt><dd>Calm skin</dd>' in html
    assert "<dd>Arch</dd>" in html
    assert "Rendered locally" in html
    assert "<dd>Free</dd>" in html
    assert "The badge was left out." in html
    assert reverse("media", args=[photo.pk, "small"]) in html
    assert output.asset is not None
    assert output.asset.sha256[:12] in html


def test_a_service_is_told_by_what_it_got(client: Client, workspace: Workspace, creator: User, sign_in: SignIn) -> None:
    """The form holds the local renderer's inputs too; a service's offer takes only some of them."""
    generation = make_generation(
        workspace,
        creator,
        provider="videotok",
        inputs={"template": "split", "call_to_action": "Shop now", "resolution": "1K"},
        filled_in={"headline": "Calm skin"},
        offer={"takes": ["prompt", "count", "resolution"]},
    )
    html = sign_in(client, creator).get(url("output", make_output(workspace, generation=generation))).text
    for name in ("Template", "Headline", "Call to action"):
        assert f"<dt>{name}" not in html
    assert "<dt>Size</dt><dd>1K</dd>" in html
    assert "<dt>Provider</dt><dd>Videotok</dd>" in html


def test_previous_and_next_keep_to_the_filters(
    client: Client, workspace: Workspace, creator: User, sign_in: SignIn
) -> None:
    first, _, last = (make_output(workspace, starred=starred) for starred in (True, False, True))
    html = sign_in(client, creator).get(url("output", last) + "?starred=1").content.decode()
    assert f'href="{url("output", first)}?starred=1" data-key="j ArrowRight"' in html
    html = client.get(url("output", first) + "?starred=1").content.decode()
    assert f'href="{url("output", last)}?starred=1" data-key="k ArrowLeft"' in html


def test_the_strip_holds_the_same_brief(client: Client, workspace: Workspace, creator: User, sign_in: SignIn) -> None:
    generation = make_generation(workspace, creator)
    here, there = (make_output(workspace, generation=generation, position=position) for position in (0, 1))
    elsewhere = make_output(workspace)
    strip = (
        sign_in(client, creator)
        .get(url("output", here))
        .content.decode()
        .split('<nav class="strip"')[1]
        .split("</nav>")[0]
    )
    assert str(there.pk) in strip
    assert str(elsewhere.pk) not in strip


def test_decisions_are_answered_with_parts_and_a_way_back(
    client: Client, workspace: Workspace, reviewer: User, sign_in: SignIn
) -> None:
    output = make_output(workspace)
    sign_in(client, reviewer)
    response = client.post(url("output_decide", output) + "?on=page", {"verdict": "approved"}, headers=HTMX)
    assert 'id="history-title"' in response.content.decode()
    assert toast(response)["text"] == "Approved"
    output.refresh_from_db()
    assert output.verdict == "approved"
    assert output.opened_at is not None
    undone = client.post(toast(response)["action"]["post"], headers=HTMX)
    assert "Taken back" in toast(undone)["text"]
    output.refresh_from_db()
    assert output.verdict == ""
    again = client.post(url("output_undo", output), headers=HTMX)
    assert toast(again) == {"text": "There is nothing left to take back.", "id": "output", "kind": "bad"}


def test_without_script_every_action_goes_back(
    client: Client, workspace: Workspace, creator: User, sign_in: SignIn
) -> None:
    output = make_output(workspace, creator)
    sign_in(client, creator)
    decide = client.post(url("output_decide", output), {"verdict": "changes", "note": "Bigger logo"}, follow=True)
    assert decide.redirect_chain == [(url("output", output), 302)]
    assert "Bigger logo" in decide.content.decode()
    assert (
        client.post(url("output_star", output), {"starred": "1", "next": "/?starred=1"}).headers["Location"]
        == "/?starred=1"
    )
    assert (
        client.post(url("output_star", output), {"starred": "1", "next": "https://evil.example/"}).headers["Location"]
        == "/"
    )
    assert client.post(url("output_undo", output)).status_code == 302
    assert client.post(url("output_trash", output), {"next": "/"}).headers["Location"] == "/"
    assert client.post(url("output_restore", output)).status_code == 302
    output.refresh_from_db()
    assert (output.starred, output.verdict, output.deleted_at) == (True, "", None)


@pytest.mark.parametrize(
    "data",
    [{}, {"verdict": "withdrawn"}, {"verdict": ""}, {"verdict": "changes"}, {"verdict": "changes", "note": "\x00 "}],
)
def test_a_decision_that_makes_no_sense_is_refused_with_a_sentence(
    client: Client, workspace: Workspace, creator: User, sign_in: SignIn, data: dict[str, str]
) -> None:
    output = make_output(workspace)
    response = sign_in(client, creator).post(url("output_decide", output), data, headers=HTMX)
    assert toast(response)["kind"] == "bad"
    assert not Decision.objects.exists()


ACTIONS = {
    "output_decide": {"verdict": "approved"},
    "output_star": {"starred": "1"},
    "output_opened": {},
    "output_trash": {},
    "output_restore": {},
    "output_cancel": {},
    "output_again": {},
}
SPENDS = {"output_trash", "output_restore", "output_cancel", "output_again"}


@pytest.mark.parametrize("name", ACTIONS)
def test_who_may_do_what(
    client: Client,
    workspace: Workspace,
    owner: User,
    creator: User,
    reviewer: User,
    outsider: User,
    sign_in: SignIn,
    name: str,
) -> None:
    output = make_output(workspace, creator)
    for user, allowed in ((owner, True), (creator, True), (reviewer, name not in SPENDS)):
        response = sign_in(client, user).post(url(name, output), ACTIONS[name])
        assert response.status_code in ((302, 204) if allowed else (403,)), user
    assert sign_in(client, outsider).post(url(name, output), ACTIONS[name]).status_code == 404
    client.logout()
    assert client.post(url(name, output), ACTIONS[name]).status_code == 302
    for missing in (uuid7(),):
        assert sign_in(client, owner).post(reverse(name, args=[missing])).status_code in (404, 302)


def test_an_outsider_finds_no_page_and_no_file(
    client: Client, workspace: Workspace, outsider: User, sign_in: SignIn
) -> None:
    output = make_output(workspace)
    sign_in(client, outsider)
    assert client.get(url("output", output)).status_code == 404
    assert client.get(url("output_download", output)).status_code == 404


def test_cancel_stops_what_waits(client: Client, workspace: Workspace, creator: User, sign_in: SignIn) -> None:
    output = make_output(workspace, creator, state=State.QUEUED)
    response = sign_in(client, creator).post(url("output_cancel", output), headers=HTMX)
    assert toast(response)["text"] == "Canceled. Nothing was charged."
    assert 'data-state="canceled"' in response.content.decode()


def test_run_again_makes_one_brief_for_one_nonce(
    client: Client, workspace: Workspace, creator: User, sign_in: SignIn
) -> None:
    output = make_output(workspace, creator, state=State.CANCELED)
    sign_in(client, creator)
    before = Brief.objects.count()
    for _ in range(2):
        assert client.post(url("output_again", output), {"nonce": "a" * 32}, headers=HTMX).status_code == 200
    assert Brief.objects.count() == before + 1
    assert Output.objects.filter(state="waiting").count() == 1


def test_a_download_has_a_name_that_says_what_it_is(
    client: Client, workspace: Workspace, creator: User, sign_in: SignIn
) -> None:
    output = make_output(workspace, creator, brand=make_brand(workspace.team), title="Calm skin!")
    response = sign_in(client, creator).get(url("output_download", output))
    assert response.headers["Content-Disposition"] == 'attachment; filename="halden-calm-skin-4x5.png"'
    jpg = client.get(url("output_download", output) + "?as=jpg")
    assert jpg.headers["Content-Type"] == "image/jpeg"
    assert client.get(url("output_download", output) + "?as=exe").status_code == 404
    assert client.get(url("output_download", make_output(workspace, state=State.RUNNING))).status_code == 404


def test_one_verdict_for_a_selection_and_one_undo(
    client: Client, workspace: Workspace, other_workspace: Workspace, creator: User, sign_in: SignIn
) -> None:
    mine = [make_output(workspace) for _ in range(3)]
    foreign = make_output(other_workspace)
    ids = [str(output.pk) for output in [*mine, foreign]] + ["nonsense"]
    sign_in(client, creator)
    response = client.post(reverse("outputs_decide"), {"output": ids, "verdict": "approved"}, headers=HTMX)
    assert toast(response)["text"] == "Approved: 3"
    assert Output.objects.filter(verdict="approved").count() == 3
    assert toast(client.post(toast(response)["action"]["post"], headers=HTMX))["text"] == "Taken back: 3"
    assert not Output.objects.exclude(verdict="").exists()


def test_a_selection_is_starred_and_trashed_without_script(
    client: Client, workspace: Workspace, creator: User, sign_in: SignIn
) -> None:
    ids = [str(make_output(workspace).pk) for _ in range(2)]
    sign_in(client, creator)
    assert client.post(reverse("outputs_star"), {"output": ids, "starred": "1"}).headers["Location"] == "/"
    assert Output.objects.filter(starred=True).count() == 2
    assert client.post(reverse("outputs_trash"), {"output": ids}).status_code == 302
    assert Output.objects.exclude(deleted_at=None).count() == 2


def test_an_empty_selection_is_told(client: Client, workspace: Workspace, creator: User, sign_in: SignIn) -> None:
    sign_in(client, creator)
    for name in ("outputs_zip", "outputs_decide", "outputs_trash"):
        response = client.post(reverse(name), {"verdict": "approved"}, follow=True)
        assert 'class="banner bad"' in response.content.decode(), name


def test_a_selection_comes_as_a_zip(async_client: AsyncClient, workspace: Workspace, creator: User) -> None:
    ids = [str(make_output(workspace).pk), str(make_output(workspace, state=State.RUNNING).pk)]
    async_client.force_login(creator)

    async def body() -> bytes:
        response = await async_client.post(reverse("outputs_zip"), {"output": ids})
        assert response.headers["Content-Type"] == "application/zip"
        return b"".join([piece async for piece in response.streaming_content])  # type: ignore[attr-defined]

    archive = zipfile.ZipFile(io.BytesIO(async_to_sync(body)()))
    assert archive.namelist() == ["Calm-skin-in-14-days-4x5-01.png", "manifest.csv"]


def test_the_page_of_something_in_the_trash_offers_to_restore(
    client: Client, workspace: Workspace, creator: User, sign_in: SignIn
) -> None:
    output = make_output(workspace, deleted_at=timezone.now())
    html = sign_in(client, creator).get(url("output", output)).content.decode()
    assert "In the trash" in html
    assert 'id="verdict"' not in html


def test_the_parts_of_an_open_page_are_fetched_alone(
    client: Client, workspace: Workspace, creator: User, sign_in: SignIn
) -> None:
    sign_in(client, creator)
    ready, running = make_output(workspace), make_output(workspace, state=State.RUNNING)
    parts = client.get(url("output", ready) + "?on=page", headers=HTMX).content.decode()
    assert 'id="history-title"' in parts
    assert "<html" not in parts
    assert 'id="verdict"' not in parts, "a reason that is being typed stays"
    assert client.get(url("output", running), headers=HTMX).status_code == 204
    assert client.get(url("output", ready), headers=HTMX).headers["HX-Refresh"] == "true"
