"""The wall by hand: filters, search, more pages, selecting, the trash, and the keys."""

from __future__ import annotations

import re
import zipfile
from typing import Any

from playwright.sync_api import Locator, Page, Route, expect

from .conftest import PHONE, MakeContext
from .steps import make_ad, tile_of, unique


def ticked(page: Page) -> Locator:
    return page.locator("#days .pick > input:checked")


def pick(page: Page, name: str, **how: Any) -> None:
    """Ticks the box that a tile shows under the pointer."""
    box = page.get_by_role("checkbox", name=f"Select {name}", include_hidden=True)
    page.locator("#days article.tile").filter(has=box).hover()
    box.click(force=True, **how)


def test_filters_stay_in_the_url_through_reload_and_back(page: Page, full_wall: int) -> None:
    page.goto("/")
    page.locator("#filters summary", has_text="Brand").click()
    page.get_by_role("link", name="Halden").click()
    expect(page).to_have_url(re.compile(r"\?brand="))
    expect(page.locator("#days .tile")).to_have_count(2)
    page.locator("#filters summary", has_text="Decision").click()
    page.get_by_role("link", name="Rejected").click()
    expect(page.get_by_role("heading", name="Nothing matches")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Nothing matches")).to_be_visible()
    page.go_back()
    expect(page.locator("#days .tile")).to_have_count(2)
    page.get_by_role("link", name="Clear brand").click()
    expect(page).to_have_url(re.compile(r"/$|/\?$"))
    page.get_by_role("link", name="List").click()
    expect(page.locator("tbody tr[data-output-id]").first).to_be_visible()
    page.reload()
    expect(page.get_by_role("link", name="List")).to_have_attribute("aria-current", "true")


def test_search_finds_while_one_types_and_esc_clears(page: Page, full_wall: int) -> None:
    page.goto("/")
    page.keyboard.press("/")
    expect(page.get_by_label("Search")).to_be_focused()
    page.keyboard.type("output 149")
    expect(page.locator("#days .tile")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"q=output"))
    page.keyboard.press("Escape")
    expect(page.locator("#days .tile").nth(5)).to_be_visible()


def test_more_comes_by_scrolling_and_each_output_once(page: Page, full_wall: int) -> None:
    page.goto("/?q=calm")
    expect(page.locator("#days .tile")).to_have_count(60)
    page.mouse.move(700, 500)
    for many in (120, full_wall):
        page.locator("#more").scroll_into_view_if_needed()
        expect(page.locator("#days .tile")).to_have_count(many)
    ids = page.locator("#days .tile").evaluate_all("nodes => nodes.map((node) => node.dataset.outputId)")
    assert len(set(ids)) == full_wall
    assert ids == sorted(ids, reverse=True)
    expect(page.locator("#more")).to_have_count(0)


def test_load_more_is_a_link_without_script(context_of_owner: MakeContext, full_wall: int) -> None:
    page = context_of_owner(java_script_enabled=False).new_page()
    page.goto("/?q=calm")
    page.get_by_role("link", name="Load more").click()
    expect(page.get_by_role("link", name="Output 89, 4:5")).to_be_visible()


def test_a_range_is_selected_downloaded_and_let_go(page: Page, full_wall: int) -> None:
    page.goto("/?q=calm")
    pick(page, "Output 148, 4:5")
    pick(page, "Output 144, 4:5", modifiers=["Shift"])
    expect(ticked(page)).to_have_count(5)
    expect(page.locator(".bulk [data-count]")).to_have_text("5 selected")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download zip").click()
    with zipfile.ZipFile(waiting.value.path()) as archive:
        assert archive.testzip() is None
        assert len([name for name in archive.namelist() if name.endswith(".png")]) == 5
    page.keyboard.press("Escape")
    expect(ticked(page)).to_have_count(0)
    expect(page.locator(".bulk")).to_be_hidden()


def test_several_are_starred_deleted_brought_back_and_restored(page: Page, full_wall: int) -> None:
    page.goto("/?q=output+14")
    expect(page.locator("#days .tile")).to_have_count(12)
    for name in ("Output 148, 4:5", "Output 147, 4:5"):
        pick(page, name)
    page.keyboard.press("s")
    expect(page.get_by_role("button", name="Star Output 148")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="Star Output 147")).to_have_attribute("aria-pressed", "true")
    for name in ("Output 148, 4:5", "Output 147, 4:5"):
        pick(page, name)
    page.keyboard.press("Delete")
    expect(page.locator("#days .tile")).to_have_count(10)
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator("#days .tile")).to_have_count(12)
    order = page.locator("#days .tile .pic").evaluate_all(
        "nodes => nodes.map((node) => node.getAttribute('aria-label'))"
    )
    assert order[:3] == ["Output 149, 4:5", "Output 148, 4:5", "Output 147, 4:5"]
    pick(page, "Output 146, 4:5")
    page.keyboard.press("Delete")
    expect(page.locator("#days .tile")).to_have_count(11)
    page.keyboard.press("g")
    page.keyboard.press("t")
    tile_of(page, "Output 146").hover()
    page.get_by_role("button", name="Restore Output 146").click()
    expect(tile_of(page, "Output 146")).to_have_count(0)
    page.goto("/?q=output+14")
    expect(page.locator("#days .tile")).to_have_count(12)


def test_arrows_and_x_select_on_the_wall(page: Page, full_wall: int) -> None:
    page.goto("/?q=calm")
    page.locator("#days .pic").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("x")
    expect(ticked(page)).to_have_count(1)
    page.keyboard.press("Shift+ArrowRight")
    expect(ticked(page)).to_have_count(2)
    page.keyboard.press("Escape")
    expect(ticked(page)).to_have_count(0)


def test_the_keys_are_listed_and_lead_where_they_say(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_contain_text("Create")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("g")
    page.keyboard.press("b")
    page.wait_for_url("**/brands/")
    page.keyboard.press("g")
    page.keyboard.press("s")
    page.wait_for_url("**/spend/")


def test_keys_pressed_before_the_scripts_came_are_kept(page: Page) -> None:
    held: list[Route] = []
    page.route("**/keys*.js", lambda route: held.append(route))
    with page.expect_request("**/keys*.js"):
        page.goto("/references/", wait_until="commit")
    expect(page.get_by_role("heading", name="References", exact=True)).to_be_visible()
    page.keyboard.press("n")
    held[0].continue_()
    expect(page.locator("#save-pop").get_by_label("Name")).to_be_visible()


def test_a_finished_ad_goes_to_the_trash_from_its_page_and_comes_back(page: Page) -> None:
    headline = unique("Not this one")
    make_ad(page, headline)
    page.goto("/")
    tile_of(page, headline).locator(".pic").click()
    page.locator(".viewer .stage img").wait_for()
    page.keyboard.press("Delete")
    page.wait_for_url("**/")
    expect(tile_of(page, headline)).to_have_count(0)
    page.get_by_role("link", name="Trash").first.click()
    tile_of(page, headline).hover()
    page.get_by_role("button", name=f"Restore {headline}").click()
    expect(tile_of(page, headline)).to_have_count(0)
    page.goto("/")
    expect(tile_of(page, headline)).to_have_count(1)


def test_a_long_press_selects_on_a_phone(context_of_owner: MakeContext, full_wall: int) -> None:
    page = context_of_owner(viewport=PHONE, is_mobile=True, has_touch=True).new_page()
    page.goto("/?q=calm")
    box = page.locator("#days .pic").first.bounding_box()
    assert box
    at = {"x": box["x"] + 40, "y": box["y"] + 40}
    touch = page.context.new_cdp_session(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [at]})
    expect(ticked(page)).to_have_count(1)
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page.locator(".bulk")).to_be_visible()
