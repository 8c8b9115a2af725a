"""Every page and every important open state, at both widths and in both colour schemes: axe finds nothing, nothing scrolls sideways."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from .conftest import DESKTOP, PHONE, MakeContext
from .stack import Stack
from .steps import FORM, generate

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ALL = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
LOOKS: tuple[tuple[ViewportSize, Literal["light", "dark"], dict[str, Any]], ...] = (
    (DESKTOP, "light", ALL),
    (DESKTOP, "dark", COLOURS),  # The other rules ask nothing about colours.
    (PHONE, "light", COLOURS),
    (PHONE, "dark", ALL),
)

PAGES = (
    "/",
    "/?view=list",
    "/?q=nothing-like-it",
    "/create/",
    "/create/?q=nothing-like-it",
    FORM,
    "/brands/",
    "/brands/new/",
    "/references/",
    "/references/presets/",
    "/references/waiting/",
    "/trash/",
    "/spend/",
    "/spend/?month=2020-01",
    "/settings/profile/",
    "/settings/connections/",
    "/settings/people/",
    "/settings/workspaces/",
    "/settings/team/",
)
OUTSIDE = ("/sign-in/", "/password-reset/", "/welcome/gone", "/reset/gone", "/nothing-here/")


def look(page: Page, where: str, *without: str) -> list[str]:
    """What axe and a ruler find on the page as it stands, at both widths and in both colour schemes."""
    found = []
    for width, scheme, rules in LOOKS:
        page.set_viewport_size(width)
        page.emulate_media(color_scheme=scheme)
        for violation in (
            Axe()
            .run(page, options={**rules, "rules": {rule: {"enabled": False} for rule in without}})
            .response["violations"]
        ):
            node = violation["nodes"][0]
            found.append(
                f"{where} {width['width']} {scheme}: {violation['id']}: {node['html'][:160]} {node['any'][:1]}"
            )
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{where} scrolls sideways at {width['width']}")
    page.set_viewport_size(DESKTOP)
    return found


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible(context_of_owner: MakeContext, path: str) -> None:
    page = context_of_owner().new_page()
    page.goto(path)
    if path == FORM:
        expect(page.locator("#preview img")).to_be_visible()
    assert look(page, path) == []


@pytest.mark.parametrize("path", OUTSIDE)
def test_a_page_outside_is_accessible(browser: Browser, stack: Stack, path: str) -> None:
    context = browser.new_context(base_url=stack.url, viewport=DESKTOP, reduced_motion="reduce")
    page = context.new_page()
    page.goto(path)
    assert look(page, path) == []
    context.close()


def test_a_page_that_is_not_there_is_accessible(browser: Browser, stack: Stack, owner_state: Path) -> None:
    # In a context that nobody watches: Chromium reports a 404 in the console by itself.
    context = browser.new_context(base_url=stack.url, storage_state=owner_state, reduced_motion="reduce")
    page = context.new_page()
    page.goto("/nothing-here/")
    expect(page.get_by_role("heading").first).to_be_visible()
    assert look(page, "404") == []
    context.close()


def menu_of_workspaces(page: Page) -> None:
    page.goto("/")
    page.locator(".nav > details.pop > summary").click()


def menu_of_filters(page: Page) -> None:
    page.goto("/")
    page.locator("#filters summary", has_text="Decision").click()


def selection(page: Page) -> None:
    page.goto("/")
    page.locator("#days .tile:not(.live)").first.hover()
    page.locator("#days .pick > input").first.click(force=True)
    expect(page.locator(".bulk")).to_be_visible()


def shortcuts(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()


def faults(page: Page) -> None:
    page.goto(FORM)
    page.locator("#f-headline").fill("x" * 134)
    generate(page)
    expect(page.locator("#problems .banner")).to_be_focused()


def output(page: Page) -> None:
    page.goto("/?q=serum")
    page.locator("#days .pic").first.click()
    expect(page.locator(".viewer .stage img")).to_be_visible()


def menu_of_downloads(page: Page) -> None:
    output(page)
    page.locator("summary", has_text="Download").click()


def a_reason(page: Page) -> None:
    output(page)
    page.keyboard.press("r")
    expect(page.get_by_label("What should change")).to_be_focused()


def brand(page: Page) -> None:
    page.goto("/brands/")
    page.get_by_role("link", name="Halden").first.click()
    page.wait_for_url("**/brands/*/")


def toast(page: Page) -> None:
    output(page)
    page.keyboard.press("s")
    page.evaluate(
        "document.dispatchEvent(new CustomEvent('toast', {detail: {text: 'Moved', kind: 'bad', action: {label: 'Undo', href: '/'}}}))"
    )
    expect(page.locator(".toast").last).to_be_visible()
    page.keyboard.press("s")


STATES: dict[str, Callable[[Page], None]] = {
    state.__name__: state
    for state in (
        menu_of_workspaces,
        menu_of_filters,
        selection,
        shortcuts,
        faults,
        output,
        menu_of_downloads,
        a_reason,
        brand,
        toast,
    )
}


@pytest.mark.parametrize("name", STATES)
def test_an_open_state_is_accessible(page: Page, name: str) -> None:
    STATES[name](page)
    # An open menu lies over links that nobody can press before it is closed: they are not too small.
    assert look(page, name, *(["target-size"] if name.startswith("menu") else [])) == []


def test_nothing_moves_where_less_motion_is_wanted(page: Page) -> None:
    for path in ("/", FORM, "/brands/"):
        page.goto(path)
        moving = page.evaluate(
            """() => [...document.querySelectorAll("*")].filter((node) => {
              const style = getComputedStyle(node);
              const longest = (list) => Math.max(...list.split(",").map(parseFloat));
              return (style.animationName !== "none" && longest(style.animationDuration) > 0.01 && !node.matches(".spin, .ph"))
                || (longest(style.transitionDuration) > 0.01 && /all|transform|translate|scale|width|height/.test(style.transitionProperty));
            }).map((node) => node.outerHTML.slice(0, 120))"""
        )
        assert moving == []
