"""References and Videotok, against the scripted service: its opinion, publishing, the review, what it recommends, its presets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from studio.engine import catalogue, secrets
from studio.models import Connection, Reference, RemoteCopy, Team, User, Workspace
from tests.factories import make_asset, make_reference
from tests.upstreams.common import serve
from tests.upstreams.videotok import Videotok

SignIn = Callable[[Client, User], Client]
KEY = "vt_live_1"
SHOOT = "static-ads/product-shoot"


@pytest.fixture
def fake(settings: Settings) -> Iterator[Videotok]:
    fake = Videotok(KEY)
    with serve(fake) as url:
        settings.PRIVATE_HOSTS = [url.removeprefix("http://")]
        yield fake


@pytest.fixture
def connected(team: Team, fake: Videotok) -> Connection:
    made = Connection.objects.create(
        team=team,
        provider="videotok",
        key=secrets.conceal(KEY),
        last4="ve_1",
        base_url=f"{fake.script.url}/api/v1",
        tested_at=timezone.now(),
        test_passed=True,
    )
    assert catalogue.refresh(made)
    return made


@pytest.fixture
def saved(workspace: Workspace) -> Reference:
    out = BytesIO()
    Image.new("RGB", (120, 150), "#d8b08c").save(out, "PNG")
    return make_reference(workspace, make_asset(workspace, out.getvalue()), label="Soft daylight bottle")


def page_of(reference: Reference) -> str:
    return reverse("reference", args=[reference.pk])


def test_its_opinion_stands_beside_ours_when_asked(
    client: Client, creator: User, connected: Connection, saved: Reference, sign_in: SignIn
) -> None:
    sign_in(client, creator)
    assert "Ask Videotok" in client.get(page_of(saved)).text
    for headers in ({"HX-Request": "true"}, {}):
        answer = client.post(f"{page_of(saved)}ask/", headers=headers).text
        assert "Videotok says" in answer
        assert f'value="{SHOOT}"' in answer
    client.post(f"{page_of(saved)}edit/", {"target": SHOOT})
    saved.refresh_from_db()
    assert saved.template_slug == "product-shoot"


def test_its_templates_are_suggested_and_offered_with_ours(
    client: Client, creator: User, connected: Connection, saved: Reference, sign_in: SignIn
) -> None:
    page = sign_in(client, creator).get(page_of(saved)).text
    assert "Videotok, static ad" in page
    assert "This server, static ad" in page


def test_a_service_that_is_away_is_told_in_a_sentence(
    client: Client, creator: User, connected: Connection, saved: Reference, sign_in: SignIn
) -> None:
    connected.base_url = "http://127.0.0.1:9/api/v1"
    connected.save()
    answer = sign_in(client, creator).post(f"{page_of(saved)}ask/", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "Videotok says" not in answer.text
    assert "circle-alert" in answer.text or "127.0.0.1" in answer.text


def test_publishing_is_confirmed_and_shown_until_it_is_reviewed(
    client: Client, admin: User, connected: Connection, fake: Videotok, saved: Reference, sign_in: SignIn
) -> None:
    sign_in(client, admin)
    publish = f"{page_of(saved)}publish/"
    asked = client.get(publish).text
    assert "may then show it to everybody who uses Videotok" in asked
    assert "cannot be taken back" in asked
    assert not fake.saved
    unsure = client.post(publish, {"target": SHOOT})
    assert unsure.status_code == 422
    assert client.post(publish, {"target": "static-ads/nonsense", "sure": "1"}).status_code == 422
    assert not fake.saved
    for _ in range(2):
        client.post(publish, {"target": SHOOT, "sure": "1"})
    (row,) = fake.saved
    assert (row["visibility"], row["label"], row["template_slug"]) == ("public", saved.label, "product-shoot")
    copy = RemoteCopy.objects.get(object_id=saved.pk, kind="reference")
    assert (copy.remote_id, copy.data["review_status"]) == (row["id"], "pending")
    page = client.get(page_of(saved)).text
    assert "Waiting for Videotok’s people" in page
    assert "Publish at Videotok" not in page
    row["review_status"] = "approved"
    assert "Public at Videotok" in client.post(f"{page_of(saved)}review/", follow=True).text
    row["review_status"] = "rejected"
    assert "Not taken" in client.post(f"{page_of(saved)}review/", follow=True).text
    fake.saved.clear()
    assert "does not list it any more" in client.post(f"{page_of(saved)}review/", follow=True).text


def test_a_private_copy_there_is_not_made_public_by_itself(
    client: Client, admin: User, connected: Connection, fake: Videotok, saved: Reference, sign_in: SignIn
) -> None:
    RemoteCopy.objects.create(
        team=connected.team,
        connection=connected,
        object_kind="reference",
        object_id=saved.pk,
        kind="reference",
        remote_id="before",
        seen_at=timezone.now(),
    )
    sign_in(client, admin)
    assert "Saved there, private" in client.get(page_of(saved)).text
    client.post(f"{page_of(saved)}publish/", {"target": SHOOT, "sure": "1"})
    copy = RemoteCopy.objects.get(object_id=saved.pk)
    assert copy.data["private_id"] == "before"
    assert copy.remote_id == fake.saved[0]["id"]


def test_what_it_recommends_leads_to_ours(
    client: Client, admin: User, connected: Connection, fake: Videotok, saved: Reference, sign_in: SignIn
) -> None:
    sign_in(client, admin)
    client.post(f"{page_of(saved)}publish/", {"target": SHOOT, "sure": "1"})
    assert "Ask Videotok which fit" in client.get(f"/references/?target={SHOOT}").text
    assert "Ask Videotok which fit" not in client.get("/references/?target=static-ads/poster").text
    answer = client.post("/references/recommend/", {"target": SHOOT, "kind": "image"}).text
    assert page_of(saved) in answer
    assert client.post("/references/recommend/", {"target": "static-ads/poster"}).status_code == 404


def test_its_presets_stand_beside_the_saved_ones(
    client: Client, creator: User, connected: Connection, sign_in: SignIn
) -> None:
    page = sign_in(client, creator).get("/references/presets/").text
    assert "Videotok" in page
    item = connected.items.filter(kind="preset").order_by("title").first()
    assert item
    assert item.title in page
    assert f"preset=videotok%3A{item.remote_id}" in page
    assert "No preset by that name" in client.get("/references/presets/?q=zebra").text


def test_without_videotok_nothing_of_it_is_shown(
    client: Client, admin: User, saved: Reference, workspace: Workspace, sign_in: SignIn
) -> None:
    sign_in(client, admin)
    assert "Videotok" not in client.get(page_of(saved)).text
    assert "is not connected" in client.get(f"{page_of(saved)}publish/", follow=True).text
