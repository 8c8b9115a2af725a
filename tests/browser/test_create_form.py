"""The tool's form in a browser: by keyboard alone, its draft, its faults, and one brief for an impatient hand."""

from __future__ import annotations

from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

FORM = "/create/static-ad/"


def test_an_ad_is_made_by_keyboard_alone(page: Page) -> None:
    page.goto(FORM)
    page.locator("#f-headline").focus()
    page.keyboard.type("Monday, *cancelled*.")
    expect(page.locator("#preview img")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#strip article")).to_have_count(1)
    expect(page.locator("#f-headline")).to_have_value("Monday, *cancelled*.")
    assert "?brief=" in page.url


def test_a_double_click_makes_one_brief(page: Page) -> None:
    page.goto(FORM)
    page.fill("#f-headline", "Twice")
    page.dblclick(".sum button[data-busy]")
    expect(page.locator("#strip article").first).to_be_visible()
    expect(page.locator(".sum button[data-busy]")).not_to_have_attribute("aria-busy", "true")
    expect(page.locator("#strip article")).to_have_count(1)


def test_a_fault_takes_the_focus_and_leads_to_its_field(context_of_owner: Callable[..., BrowserContext]) -> None:
    # A page of its own: the browser writes every 422 to the console, which the `page` fixture counts as a problem.
    page = context_of_owner().new_page()
    page.goto(FORM)
    page.fill("#f-headline", "x" * 134)
    page.keyboard.press("Control+Enter")
    link = page.get_by_role("link", name="The headline has 134 characters; 120 fit.")
    expect(page.locator("#problems .banner")).to_be_focused()
    link.click()
    expect(page.locator("#f-headline")).to_be_focused()
    expect(page.locator("#f-headline")).to_have_attribute("aria-invalid", "true")
    assert Axe().run(page).violations_count == 0


def test_the_draft_of_this_tab_comes_back_and_can_be_dropped(page: Page) -> None:
    page.goto(FORM)
    page.fill("#f-headline", "Half a thought")
    page.goto("/create/")
    page.goto(FORM)
    expect(page.locator("#f-headline")).to_have_value("Half a thought")
    page.click("[data-start-over]")
    expect(page.locator("#f-headline")).to_have_value("")
