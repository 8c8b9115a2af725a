"""The board of references by hand: save, paste, file, use a look, all by keyboard."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from .conftest import PHONE, MakeContext
from .steps import DEMO_PICTURES

BOARD = "/references/"
PASTE = """async (address) => {
  const blob = await (await fetch(address)).blob();
  const transfer = new DataTransfer();
  transfer.items.add(new File([blob], 'pasted sun.webp', { type: 'image/webp' }));
  document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true }));
}"""


def test_saved_filed_and_used_by_keyboard(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("g")
    page.keyboard.press("r")
    expect(page.get_by_role("heading", name="References", exact=True)).to_be_visible()
    page.keyboard.press("n")
    page.set_input_files("#save-files", DEMO_PICTURES / "candle_dark.jpg")
    page.get_by_label("Name").focus()
    page.keyboard.type("Customer quote by candle light")
    page.keyboard.press("Enter")
    tile = page.locator(".tile.ref").filter(has_text="Customer quote by candle light")
    expect(tile).to_be_visible(timeout=30_000)
    tile.locator(".pic").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Customer quote by candle light")).to_be_visible()
    expect(page.locator("#look .palette button")).to_have_count(5, timeout=60_000)  # It came by itself.
    review = page.locator(".suggested button", has_text="Review")
    review.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#look header .pill")).to_have_text("Review")
    page.keyboard.press("u")
    palette = page.get_by_role("checkbox", name="Palette")
    expect(palette).to_be_checked(timeout=60_000)
    page.locator("#f-headline").fill("Slow evenings")
    image = page.locator("#preview img")
    expect(image).to_be_visible(timeout=30_000)
    steered = image.get_attribute("src")
    palette.focus()
    page.keyboard.press("Space")
    expect(image).not_to_have_attribute("src", steered or "", timeout=30_000)
    expect(palette).not_to_be_checked()
    expect(palette).to_be_focused()


def test_a_pasted_picture_is_saved_and_archived_with_undo(page: Page) -> None:
    page.goto(BOARD)
    before = page.locator(".tile.ref").count()
    page.evaluate(PASTE, "/static/img/wall/jar.webp")
    fresh = page.locator(".tile.ref").filter(has_text="Pasted sun")
    expect(fresh).to_be_visible(timeout=30_000)
    fresh.locator(".pic").focus()
    page.keyboard.press("x")
    expect(page.locator(".bulk [data-count]")).to_have_text("1 selected")
    page.get_by_role("button", name="Archive").click()
    expect(page.locator(".tile.ref")).to_have_count(before)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".tile.ref").filter(has_text="Pasted sun")).to_be_visible()


def test_it_works_without_script_and_on_a_phone(context_of_owner: MakeContext) -> None:
    page = context_of_owner(java_script_enabled=False, viewport=PHONE).new_page()
    page.goto(BOARD)
    page.locator("#save-pop > summary").click()
    page.set_input_files("#save-files", DEMO_PICTURES / "serum_hero.jpg")
    page.get_by_label("Name").fill("Plain form")
    page.locator("#save-pop").get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Plain form")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Archive").click()
    expect(page.get_by_text("Plain form is archived.").first).to_be_visible()
