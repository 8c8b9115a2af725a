"""Picking in the drawer by keyboard alone, at phone width and under axe; files that are dropped, pasted, canceled, and moved between fields."""

from __future__ import annotations

import base64

import pytest
from playwright.sync_api import Page, Route, expect

from .conftest import PHONE, MakeContext
from .steps import CAN, FORM
from .test_accessible import look

GIVE = """
(node, [kind, data]) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], `${kind}.png`, { type: "image/png" }));
  const event = kind === "paste"
    ? new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true })
    : new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true });
  node.dispatchEvent(event);
}
"""
PASTE_TEXT = """
(node, text) => {
  const transfer = new DataTransfer();
  transfer.setData("text/plain", text);
  node.dispatchEvent(new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true }));
}
"""


def values(page: Page, place: str = "product-images") -> list[str]:
    found: list[str] = page.locator(f"#f-{place} .thumb-card input[type=hidden]").evaluate_all(
        "inputs => inputs.map((input) => input.value)"
    )
    return found


def test_pictures_are_picked_by_keyboard_alone(page: Page) -> None:
    page.goto(FORM)
    opener = page.get_by_role("button", name="Product pictures: library")
    drawer = page.get_by_role("dialog", name="Product pictures")
    opener.focus()
    page.keyboard.press("Enter")
    expect(drawer.get_by_label("Search pictures")).to_be_focused()
    page.keyboard.press("ArrowDown")
    boxes = drawer.locator(".pick-item input")
    expect(boxes.nth(0)).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(drawer.locator("[data-count]")).to_have_text("1 of 6 chosen")
    page.keyboard.press("ArrowDown")
    expect(boxes.nth(4)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Space")
    expect(drawer.locator("[data-count]")).to_have_text("2 of 6 chosen, first leads")
    wanted = [boxes.nth(1).input_value(), boxes.nth(3).input_value()]
    expect(boxes.nth(3)).to_have_attribute("aria-description", "Number 2")
    page.keyboard.press("Enter")
    expect(drawer).to_have_count(0)
    expect(opener).to_be_focused()
    assert values(page) == wanted
    expect(page.locator("#live")).to_have_text("Product pictures: 2 chosen")

    page.keyboard.press("Enter")  # Again: what the field holds is ticked, and goes when it is unticked.
    expect(drawer.get_by_label("Search pictures")).to_be_focused()
    expect(drawer.locator(".pick-item :checked")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    expect(drawer.locator(".pick-item :checked").first).to_be_focused()
    page.keyboard.press("Space")
    expect(drawer.locator("[data-add]")).to_have_text("Use these")
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    assert values(page) == wanted
    page.keyboard.press("Enter")
    expect(drawer.get_by_label("Search pictures")).to_be_focused()
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    expect(drawer.get_by_label("Search pictures")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(drawer.locator(".pick-item :checked").first).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(drawer).to_have_count(0)
    assert len(values(page)) == 1


def test_tabs_and_search_by_keyboard(page: Page) -> None:
    page.goto(FORM)
    page.get_by_role("button", name="Product pictures: library").press("Enter")
    drawer = page.get_by_role("dialog", name="Product pictures")
    expect(drawer.get_by_label("Search pictures")).to_be_focused()
    page.keyboard.type("no such picture")
    expect(drawer.locator(".none")).to_have_text("No pictures by those words.")
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    expect(drawer.locator(".pick-item").first).to_be_visible()
    page.keyboard.press("Shift+Tab")
    expect(drawer.get_by_role("tab", name="Library")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(drawer.get_by_role("tab", name="Paste link")).to_be_focused()
    expect(drawer.get_by_label("Address of the file")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.type("http://10.0.0.1/a.png")
    page.keyboard.press("Enter")
    expect(drawer.get_by_role("alert")).to_contain_text("10.0.0.1")
    expect(drawer.get_by_label("Address of the file")).to_be_focused()
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)


def test_a_field_for_one_takes_one_and_limits_hold(page: Page) -> None:
    page.goto("/create/image/")
    page.get_by_role("button", name="Reference pictures: library").click()
    boxes = page.locator("#picker .pick-item input")
    boxes.nth(0).check(force=True)
    boxes.nth(1).check(force=True)
    expect(page.locator("#picker .pick-item :checked")).to_have_count(1)
    page.locator("#picker .pick-item label").nth(2).dblclick()
    expect(page.locator("#picker")).to_have_count(0)
    assert len(values(page, "images")) == 1
    page.goto(FORM)
    page.get_by_role("button", name="Product pictures: library").click()
    for number in range(7):
        boxes.nth(number).click(force=True)
    expect(page.locator("#picker .pick-item :checked")).to_have_count(6)
    expect(page.locator("#picker [data-count]")).to_contain_text("Take one out first.")


def test_the_drawer_fills_a_phone_and_axe_finds_nothing(context_of_owner: MakeContext) -> None:
    page = context_of_owner().new_page()
    page.goto(FORM)
    page.get_by_role("button", name="Product pictures: library").click()
    page.locator("#picker .pick-item label").nth(1).click()
    assert look(page, "the picker") == []
    page.locator("#picker-tab-link").click()
    page.locator("#picker-url").fill("nonsense")
    page.keyboard.press("Enter")
    expect(page.locator("#picker [role=alert] .error")).to_be_visible()
    assert look(page, "the picker's link") == []
    page.set_viewport_size(PHONE)
    box = page.locator("#picker").bounding_box()
    assert box
    assert (box["x"], box["width"]) == (0, PHONE["width"])
    page.locator("#picker-tab-library").click()
    page.locator("#picker [data-add]").click()
    expect(page.locator("#f-product-images .thumb-card img")).to_have_count(1)


@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_files_come_from_anywhere_on_the_page(page: Page, kind: str) -> None:
    page.goto(FORM)
    page.locator("h1").evaluate(GIVE, [kind, base64.b64encode(CAN.read_bytes()).decode()])
    expect(page.locator("#f-product-images .thumb-card img[alt]")).to_have_count(1)
    expect(page.locator("#f-product-images .thumb-card input[type=hidden]")).to_have_count(1)


def test_a_pasted_address_is_fetched_or_says_why_not(page: Page) -> None:
    page.goto(FORM)
    page.locator("#f-product-images").evaluate(PASTE_TEXT, "https://10.0.0.1/look.png")
    expect(page.locator("#f-product-images .thumb-card.bad")).to_contain_text("look.png: ")
    expect(page.locator("#f-product-images .thumb-card.bad")).to_contain_text("10.0.0.1")


def test_a_running_upload_is_canceled_and_nothing_is_made_without_it(page: Page) -> None:
    page.goto(FORM)
    held: list[Route] = []
    sent: list[str] = []
    page.route("**/upload/**", lambda route: held.append(route))
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.locator("input[name=upload-product_images]").set_input_files(CAN)
    card = page.locator("#f-product-images .thumb-card")
    expect(card.get_by_role("progressbar", name="Uploading cut_can.png")).to_be_attached()
    button = page.locator("button[form=making][data-busy]:visible")
    button.click()
    expect(button).to_have_attribute("aria-busy", "true")
    with page.expect_event("requestfailed"):
        card.get_by_role("button", name="Cancel cut_can.png").press("Enter")
    expect(card).to_have_count(0)
    expect(button).not_to_have_attribute("aria-busy", "true")
    assert len(held) == 1
    assert not [url for url in sent if url.endswith(FORM)]
    held[0].abort()


def test_a_picture_moves_to_another_role_by_keyboard(page: Page) -> None:
    page.goto("/create/influencer-shoot/")
    page.get_by_role("button", name="Outfit: library").click()
    page.locator("#picker .pick-item label").first.click()
    page.locator("#picker [data-add]").click()
    card = page.locator("#f-outfit-image .thumb-card")
    value = card.locator("input").input_value()
    use = card.locator("[data-use-as]")
    expect(use).to_be_visible()
    use.press("Enter")
    expect(page.get_by_role("menuitem", name="Place")).to_be_focused()
    assert look(page, "Use as") == []
    page.keyboard.press("Escape")
    expect(use).to_be_focused()
    use.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#f-outfit-image .thumb-card")).to_have_count(0)
    moved = page.locator("#f-pose-image .thumb-card")
    expect(moved).to_be_focused()
    expect(moved.locator("input")).to_have_attribute("name", "pose_image")
    assert moved.locator("input").input_value() == value


def test_without_script_the_lists_are_there(context_of_owner: MakeContext) -> None:
    page = context_of_owner(java_script_enabled=False).new_page()
    page.goto(FORM)
    expect(page.get_by_role("button", name="Product pictures: library")).to_have_count(0)
    page.get_by_role("button", name="Product pictures: from your work").click()
    page.locator(".pick-recent").first.click()
    expect(page.locator("#f-product-images .thumb-card")).to_have_count(1)
    expect(page.locator("#f-product-images .by-link")).to_be_visible()
