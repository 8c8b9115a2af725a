"""Forms of the Connections page, answered in place."""

from __future__ import annotations

from playwright.sync_api import Page, expect


def test_what_is_wrong_is_told_at_its_field_without_a_reload(page: Page) -> None:
    page.goto("/settings/connections/")
    page.evaluate("window.same = true")
    card = page.locator("#card-videotok")
    card.get_by_role("button", name="Save and test").click()
    expect(card.get_by_text("Paste the key.")).to_be_visible()
    expect(card.get_by_label("API key")).to_be_focused()
    page.get_by_label("Address", exact=True).fill("http://studio.example.com")
    page.get_by_role("button", name="Try and save").click()
    expect(page.locator("#public-url-error")).to_contain_text("Only https:// is opened.")
    expect(page.get_by_label("Address", exact=True)).to_be_focused()
    expect(page.get_by_label("Address", exact=True)).to_have_value("http://studio.example.com")
    assert page.evaluate("window.same")


def test_a_key_field_keeps_no_key(page: Page) -> None:
    """Neither the browser's store of passwords nor the page's history shall hold it."""
    page.goto("/settings/connections/")
    field = page.locator("#card-videogen").get_by_label("API key")
    expect(field).to_have_attribute("type", "password")
    expect(field).to_have_attribute("autocomplete", "off")
