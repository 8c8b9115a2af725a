"""The live preview: the renderer's own drawing, from an unfinished form."""

from __future__ import annotations

import base64
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from studio.models import Asset, Brand, Brief, Kind, Team, User, Workspace
from studio.pages.toolforms.preview import Overtaken, _Gate

DEMO = Path(__file__).resolve().parents[2] / "studio" / "render" / "data" / "demo"
PREVIEW = "/create/static-ad/preview"
SignIn = Callable[[Client, User], Client]


@pytest.fixture
def maker(client: Client, creator: User, sign_in: SignIn) -> Client:
    return sign_in(client, creator)


def svg_of(page: str) -> str:
    found = re.search(r'src="data:image/svg\+xml;base64,([\w+/=]+)"', page)
    assert found
    return base64.b64decode(found[1]).decode()


def test_it_is_the_renderers_drawing_in_the_shape_that_is_shown(maker: Client) -> None:
    data = {"prompt": "Cold brew in a can.", "aspect_ratio": ["4:5", "9:16"], "shown": "9:16", "resolution": "4K"}
    page = maker.post(PREVIEW, data).content.decode()
    assert 'viewBox="0 0 1080 1920"' in svg_of(page)
    assert 'value="9:16" checked' in page
    assert "Generate 2 ads" in page


def test_proposed_words_are_shown_for_what_was_left_empty(maker: Client) -> None:
    page = maker.post(
        PREVIEW, {"prompt": "Cold brew in a can. Order now.", "call_to_action": "Get one"}
    ).content.decode()
    assert 'data-proposed="headline" data-text="Cold brew in a can"' in page
    assert 'data-proposed="call_to_action"' not in page


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"prompt": "x" * 4000},
        {"headline": "y" * 400, "count": "many", "resolution": "9K", "aspect_ratio": ["7:3", "auto"]},
        {"headline": ["one", "two"]},
        {"template": "nope", "headline": "x"},
        {"brand": "nope", "product_images": ["nope", "00000000-0000-0000-0000-000000000000"], "headline": "x"},
        {"headline": "مرحبا 👩🏽‍🚀 \x00\u202e 日本語"},
        {"spend": "all"},
    ],
)
def test_an_unfinished_or_wrong_form_is_drawn_all_the_same(maker: Client, data: dict[str, Any]) -> None:
    answer = maker.post(PREVIEW, data)
    assert answer.status_code == 200
    assert svg_of(answer.content.decode()).startswith("<svg")
    assert not Brief.objects.exists()


def test_the_brand_is_taken_only_within_reach(maker: Client, team: Team, outsider: User) -> None:
    ours = Brand.objects.create(team=team, name="Oru", dark="#123456")
    theirs = Brand.objects.create(team=outsider.memberships.get().team, name="Secret brand")
    assert "<dd>Oru</dd>" in maker.post(PREVIEW, {"headline": "x", "brand": str(ours.pk)}).content.decode()
    page = maker.post(PREVIEW, {"headline": "x", "brand": str(theirs.pk)}).content.decode()
    assert "Secret brand" not in page
    assert "<dd>No brand</dd>" in page


def test_it_asks_again_while_a_picture_is_being_looked_at(maker: Client, team: Team, workspace: Workspace) -> None:
    stored = default_storage.save("preview-test.jpg", ContentFile((DEMO / "jar_peach.jpg").read_bytes()))
    asset = Asset.objects.create(
        team=team, workspace=workspace, kind=Kind.IMAGE, file=stored, media_type="image/jpeg", size_bytes=1,
        sha256="a" * 64, width=900, height=1125,
    )  # fmt: skip
    data = {"headline": "Peach", "product_images": [str(asset.pk)]}
    assert 'hx-trigger="load delay:2s"' in maker.post(PREVIEW, data).content.decode()
    Asset.objects.filter(pk=asset.pk).update(analysed_at=timezone.now())
    assert 'hx-trigger="load delay:2s"' not in maker.post(PREVIEW, data).content.decode()


def test_it_cannot_be_got(maker: Client) -> None:
    assert maker.get(PREVIEW).status_code == 405


def test_without_script_the_page_comes_back_with_the_preview(maker: Client) -> None:
    page = maker.post("/create/static-ad/", {"do": "preview", "headline": "Slow morning"}).content.decode()
    assert "Preview of the ad" in page
    assert 'value="Slow morning"' in page
    assert 'class="error"' not in page


def test_of_one_form_the_newest_request_wins() -> None:
    gate = _Gate(1)
    told: list[str] = []
    inside, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with gate.enter("another form"):
            inside.set()
            leave.wait(5)

    def ask(name: str) -> None:
        try:
            with gate.enter("form"):
                told.append(name)
        except Overtaken:
            told.append(f"{name} overtaken")

    holder = threading.Thread(target=hold)
    holder.start()
    inside.wait(5)
    older = threading.Thread(target=ask, args=("older",))
    older.start()
    while "form" not in gate._newest:
        pass
    newer = threading.Thread(target=ask, args=("newer",))
    first = gate._newest["form"]
    newer.start()
    while gate._newest["form"] is first:
        pass
    leave.set()
    for thread in (holder, older, newer):
        thread.join(5)
    assert sorted(told) == ["newer", "older overtaken"]
