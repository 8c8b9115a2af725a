"""What changes on the server changes on every open page: one stream a browser, however many tabs."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.wait import until

from .conftest import DESKTOP, OWNER, MakeContext
from .counter import Counter, counting
from .stack import PASSWORD, Stack
from .steps import FORM, RENDER_MS, generate, open_form, picture_of, tick, tile_of, unique

MARK = "document.body.dataset.loaded = 'once'"


def context_at(browser: Browser, counter: Counter, state: Path) -> BrowserContext:
    return browser.new_context(base_url=counter.url, storage_state=state, viewport=DESKTOP, reduced_motion="reduce")


def tab(context: BrowserContext, path: str) -> Page:
    page = context.new_page()
    page.goto(path)
    page.evaluate(MARK)
    return page


def expect_same_page(page: Page) -> None:
    expect(page.locator("body")).to_have_attribute("data-loaded", "once")


def test_eight_tabs_share_one_stream_and_all_follow(browser: Browser, stack: Stack, owner_state: Path) -> None:
    headline = unique("In eight tabs")
    with counting(stack.port) as counter:
        context = context_at(browser, counter, owner_state)
        form = tab(context, FORM)
        walls = [tab(context, path) for path in ("/", "/?view=list", "/?kind=image", "/?state=ready", "/")]
        others = [tab(context, path) for path in ("/brands/", "/create/")]
        second = context_at(browser, counter, owner_state)
        elsewhere = tab(second, "/")
        until(lambda: counter.open == 2, "one stream for each of the two browsers")

        open_form(form, headline)
        form.evaluate(MARK)
        tick(form, "resolution", "4K")
        tick(form, "count", "3")
        generate(form)
        expect(tile_of(form, headline)).to_have_count(3)
        for wall in (walls[0], elsewhere):
            expect(tile_of(wall, headline)).to_have_count(3)
        output = context.new_page()
        output.goto(tile_of(form, headline).last.locator("a.name").get_attribute("href") or "")
        for page in (form, walls[0], walls[2], walls[4], elsewhere):
            expect(picture_of(page, headline)).to_have_count(3, timeout=RENDER_MS)
            expect_same_page(page)
        expect(walls[1].locator("tr:not([data-live])", has_text=headline)).to_have_count(3)
        expect(output.locator(".viewer [data-stage] img")).to_be_visible()
        for page in (walls[1], walls[3], *others):
            expect_same_page(page)
        assert len(context.pages) == 9
        assert (counter.open, counter.opened) == (2, 2)

        walls[0].locator("article", has_text=headline).first.get_by_role("button", name="Approve").click(force=True)
        for wall in (walls[0], walls[2], walls[4], elsewhere):
            expect(tile_of(wall, headline).locator(".chip.ok")).to_have_count(1)
        second.close()
        until(lambda: counter.open == 1, "the closed browser's stream to end")
        context.close()
        until(lambda: counter.open == 0, "the last stream to end")


def test_a_scrolled_wall_does_not_shift_but_says_what_is_new(context_of_owner: MakeContext, full_wall: int) -> None:
    headline = unique("Above you")
    context = context_of_owner()
    wall, form = context.new_page(), context.new_page()
    wall.goto("/")
    wall.mouse.move(700, 500)
    wall.mouse.wheel(0, 900)
    until(lambda: wall.evaluate("scrollY") > 600, "the wall to be scrolled")
    looked_at = wall.locator("#days .tile").nth(20)
    before = looked_at.bounding_box()
    open_form(form, headline)
    tick(form, "count", "3")
    generate(form)
    expect(wall.locator(".news button")).to_have_text("3 new")
    expect(picture_of(form, headline)).to_have_count(3, timeout=RENDER_MS)
    assert looked_at.bounding_box() == before
    wall.locator(".news button").click()
    expect(tile_of(wall, headline)).to_have_count(3)
    expect(wall.locator(".news")).to_be_hidden()
    assert wall.evaluate("scrollY") == 0
    expect(wall.locator("#days .pic").first).to_be_focused()


def test_signing_out_ends_the_stream_and_the_other_tabs_lead_to_the_door(browser: Browser, stack: Stack) -> None:
    with counting(stack.port) as counter:
        context = browser.new_context(base_url=counter.url, viewport=DESKTOP)
        page = context.new_page()
        page.goto("/sign-in/")
        page.get_by_label("Email").fill(OWNER)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.locator("#days .tile").first).to_be_visible()
        other = context.new_page()
        other.goto("/")
        until(lambda: counter.open == 1, "the stream")
        page.locator(".nav .foot summary").click()
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url("**/sign-in/**")
        until(lambda: counter.open == 0, "the stream to end")
        other.locator("#days .tile").first.hover()
        other.locator("#days .tile .star").first.click()
        other.wait_for_url("**/sign-in/**")
        context.close()
