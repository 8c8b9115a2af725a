"""Files that lie at VideoGen, picked in the drawer by keyboard alone: brought once, told while it is slow, and in words when it fails."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import DESKTOP, watched, welcome
from .services import KEYS, Service, service, studio_beside
from .stack import Stack
from .test_accessible import look

FILL = """
from studio.engine import secrets
from studio.models import Connection, Team
team = Team.objects.get()
Connection.objects.create(team=team, provider="videogen", key=secrets.conceal({key!r}), base_url={url!r})
"""
COUNT = "from studio.models import Asset, RemoteCopy; print(Asset.objects.count(), RemoteCopy.objects.count())"


@pytest.fixture(scope="module")
def videogen() -> Iterator[Service]:
    with service("videogen") as running:
        yield running


@pytest.fixture(scope="module")
def studio(videogen: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with studio_beside({"videogen": videogen}, tmp_path_factory.mktemp("picker") / "data") as stack:
        yield stack


@pytest.fixture(scope="module")
def page(studio: Stack, videogen: Service, browser: Browser) -> Iterator[Page]:
    problems: list[str] = []
    context = watched(browser.new_context(base_url=studio.url, viewport=DESKTOP, reduced_motion="reduce"), problems)
    context.set_default_timeout(15_000)
    page = context.new_page()
    welcome(page, studio)
    studio.manage("shell", "-v", "0", "-c", FILL.format(key=KEYS["videogen"], url=videogen.base_url))
    yield page
    context.close()
    assert not problems


def test_two_files_are_brought_by_keyboard_alone_and_once(page: Page, studio: Stack, videogen: Service) -> None:
    for name in ("Kettle at dawn", "Beach", "Label"):
        videogen.far.add_file(name=name)
    videogen.far.add_file(name="A film", kind="video")
    page.goto("/create/static-ad/")
    opener = page.get_by_role("button", name="Product pictures: library")
    drawer = page.locator("#picker")
    for wanted in (2, 2):  # The second time they are ticked already.
        opener.focus()
        page.keyboard.press("Enter")
        expect(drawer.locator("[data-words]")).to_be_focused()
        page.keyboard.press("Shift+Tab")
        for _ in range(3):
            page.keyboard.press("ArrowRight")
        expect(drawer.get_by_role("tab", name="At VideoGen")).to_be_focused()
        expect(drawer.locator(".pick-item")).to_have_count(3)
        if drawer.locator(":checked[name=picked]").count():
            expect(drawer.locator(":checked[name=picked]")).to_have_count(wanted)
            expect(drawer.locator(".chip.here")).to_have_count(wanted)
            assert look(page, "files at a service") == []
            page.keyboard.press("Escape")
            break
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Space")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Space")
        expect(drawer.locator("[data-count]")).to_have_text("2 of 6 chosen, first leads")
        page.keyboard.press("Enter")
        expect(drawer).to_have_count(0)
        expect(opener).to_be_focused()
        expect(page.locator("#f-product-images .thumb-card img")).to_have_count(wanted)
    assert studio.manage("shell", "-v", "0", "-c", COUNT).split() == ["2", "2"]
    assert videogen.paid == []


def test_a_slow_service_holds_up_nothing(page: Page, videogen: Service) -> None:
    page.goto("/create/static-ad/")
    page.get_by_role("button", name="Product pictures: library").click()
    drawer = page.locator("#picker")
    expect(drawer.locator(".pick-item")).to_have_count(2)
    videogen.far.next(path="/v1/files", delay_seconds=30)
    drawer.get_by_role("tab", name="At VideoGen").click()
    expect(drawer.locator(".picks.waiting")).to_be_visible()
    drawer.get_by_role("tab", name="Library").click()
    expect(drawer.locator(".pick-item")).to_have_count(2)
    expect(drawer.locator(".picks.waiting")).to_have_count(0)


def test_what_cannot_be_brought_is_said_and_the_rest_is_kept(page: Page, videogen: Service) -> None:
    lost = videogen.far.add_file(name="Lost one")
    page.goto("/create/static-ad/")
    page.get_by_role("button", name="Product pictures: library").click()
    drawer = page.locator("#picker")
    drawer.get_by_role("tab", name="At VideoGen").click()
    drawer.get_by_label("Lost one").check(force=True)
    drawer.get_by_label("Kettle at dawn").check(force=True)
    videogen.far.next(path=f"/v1/files/{lost}/hydrate", status=404, body={"error": {"message": "Not found"}})
    drawer.locator("[data-add]").click()
    expect(drawer.locator("[data-count]")).to_contain_text("Lost one: VideoGen no longer has it.")
    expect(drawer.locator("[data-count]")).to_contain_text("3 of 6 chosen")  # With those of before.
    expect(drawer.get_by_label("Lost one")).not_to_be_checked()
    drawer.locator("[data-add]").click()
    expect(drawer).to_have_count(0)
    expect(page.locator("#f-product-images .thumb-card img")).to_have_count(3)
