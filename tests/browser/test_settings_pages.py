"""What one sets for oneself: theme, single keys, the workspace."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from .steps import unique


def test_single_keys_can_be_turned_off_and_on(page: Page) -> None:
    page.goto("/settings/profile/")
    switch = page.get_by_role("switch")
    switch.click(force=True)
    expect(page.locator("body")).to_have_attribute("data-single-keys", "off")
    page.keyboard.press("c")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_hidden()
    page.wait_for_url("**/settings/profile/**")
    page.get_by_role("switch").click(force=True)
    expect(page.locator("body")).not_to_have_attribute("data-single-keys", "off")
    page.keyboard.press("c")
    page.wait_for_url("**/create/")


def test_the_theme_is_in_the_first_byte_of_the_page(page: Page) -> None:
    page.emulate_media(color_scheme="light")
    page.goto("/settings/profile/")
    page.get_by_role("button", name="Light").click()
    expect(page.locator("html[data-theme=light]")).to_be_visible()
    light = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html[data-theme=dark]")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") != light
    assert '<html lang="en" data-theme="dark">' in page.request.get("/").text()
    page.get_by_role("button", name="System").click()
    expect(page.locator("html:not([data-theme])")).to_be_visible()


def test_a_workspace_of_its_own_has_a_wall_of_its_own(page: Page) -> None:
    name = unique("Campaign")
    page.goto("/settings/workspaces/")
    page.get_by_role("textbox", name="Name").fill(name)
    page.get_by_role("button", name="Make workspace").click()
    expect(page.locator(".settings")).to_contain_text(name)
    switcher = page.locator(".nav > details.pop")
    first = switcher.locator("summary b").inner_text()
    if first != name:
        switcher.locator("summary").click()
        switcher.get_by_role("button", name=name).click()
    expect(switcher.locator("summary b")).to_have_text(name)
    page.goto("/")
    expect(page.get_by_role("heading", name="Nothing on the wall yet")).to_be_visible()
    switcher.locator("summary").click()
    switcher.get_by_role("button", name="My workspace").click()
    page.goto("/")
    expect(page.locator("#days .tile").first).to_be_visible()
