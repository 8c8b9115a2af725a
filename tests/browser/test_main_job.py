"""The main job in a real browser: from the first link to the downloaded ad, by mouse, on a phone, by keyboard alone and without script."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Download, Locator, Page, expect

from tests.wait import until

from .conftest import DESKTOP, PHONE, MakeContext, watched, welcome
from .stack import running
from .steps import CAN, FORM, RENDER_MS, focus_shows, generate, open_output, orange_share, picture_of, tile_of, unique

MOST_SECONDS = 120


def choose_photo(page: Page) -> None:
    page.locator("input[name=upload-product_images]").set_input_files(CAN)
    expect(page.locator(".thumb-card img")).to_be_visible()


def see_the_photo_in_the_preview(page: Page) -> None:
    until(lambda: orange_share(page.locator("#preview").screenshot()) > 0.02, "the photo in the preview", 30)


def check_file(download: Download, folder: Path, *sizes: tuple[int, int]) -> None:
    path = folder / download.suggested_filename
    download.save_as(path)
    with Image.open(path) as picture:
        assert picture.size in sizes
    assert orange_share(path.read_bytes()) > 0.02


def download_by(page: Page, press: Locator) -> Download:
    with page.expect_download() as waiting:
        press.click()
    return waiting.value


def test_a_newcomer_gets_their_ad_in_under_two_minutes(
    browser: Browser, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    problems: list[str] = []
    with running(tmp_path / "data", DEMO="0") as stack:
        context = watched(browser.new_context(base_url=stack.url, viewport=DESKTOP), problems)
        page = context.new_page()
        started = time.monotonic()
        welcome(page, stack)
        page.get_by_role("link", name="Make a static ad").click()
        page.get_by_label("Headline").fill("Breakfast, in a can")
        expect(page.locator("#preview img")).to_be_visible()
        assert orange_share(page.locator("#preview").screenshot()) < 0.01
        choose_photo(page)
        see_the_photo_in_the_preview(page)
        page.evaluate("document.body.dataset.loaded = 'once'")
        generate(page)
        expect(tile_of(page, "Breakfast, in a can")).to_have_count(1, timeout=2_000)
        expect(picture_of(page, "Breakfast, in a can")).to_be_visible(timeout=RENDER_MS)
        expect(page.locator("body")).to_have_attribute("data-loaded", "once")
        expect(page.get_by_label("Headline")).to_have_value("Breakfast, in a can")

        page.get_by_role("link", name="Gallery").first.click()
        expect(page.locator("#days article").first).to_contain_text("Breakfast, in a can")
        open_output(page, "Breakfast, in a can")
        page.keyboard.press("a")
        expect(page.locator("#status")).to_have_text("Approved")
        page.locator(".toast").get_by_role("button", name="Undo").click()
        expect(page.locator("#status")).not_to_have_text("Approved")
        expect(page.locator("#history")).to_contain_text("Maya Lund")
        page.locator("summary", has_text="Download").click()
        check_file(download_by(page, page.locator(".actions .menu a").first), tmp_path, (1080, 1350))
        took = time.monotonic() - started
        context.close()
    with capsys.disabled():
        print(f"\nFrom the welcome link to the downloaded ad: {took:.1f} s")
    assert took < MOST_SECONDS
    assert not problems


def test_an_ad_is_made_on_a_phone(context_of_owner: MakeContext, tmp_path: Path) -> None:
    page = context_of_owner(viewport=PHONE, is_mobile=True, has_touch=True, device_scale_factor=2).new_page()
    headline = unique("Pocket size")
    page.goto("/")
    page.get_by_role("navigation", name="Main, phone").get_by_role("link", name="Create").tap()
    page.get_by_role("link", name="New ad").tap()
    page.get_by_label("Headline").fill(headline)
    choose_photo(page)
    page.locator(".paybar").get_by_role("link", name="Preview").tap()
    expect(page.locator("#preview")).to_be_in_viewport()
    see_the_photo_in_the_preview(page)
    page.locator(".paybar button").tap()
    expect(tile_of(page, headline)).to_be_in_viewport()
    expect(picture_of(page, headline)).to_be_visible(timeout=RENDER_MS)
    page.get_by_role("link", name="All tools").tap()
    page.get_by_role("navigation", name="Main, phone").get_by_role("link", name="Gallery").tap()
    expect(page.locator("#days article").first).to_contain_text(headline)
    page.locator("#days article .pic").first.tap()
    expect(page.locator(".viewer .stage img")).to_be_visible()
    page.get_by_role("button", name="Approve").tap()
    expect(page.locator(".toast")).to_contain_text("Approved")
    page.locator(".toast").get_by_role("button", name="Undo").tap()
    expect(page.locator("#status, .toast").filter(has_text="Undone").or_(page.locator("#history"))).to_be_visible()
    page.goto("/")
    page.locator("#days article .pic").first.tap()
    page.locator("summary", has_text="Download").tap()
    check_file(download_by(page, page.locator(".actions .menu a").first), tmp_path, (1080, 1350))


def tab_to(page: Page, wanted: Locator, most: int = 80) -> None:
    """Presses Tab until `wanted` has the focus; every stop on the way must show where it is."""
    for _ in range(most):
        page.keyboard.press("Tab")
        # Behind the last element the browser's own bar has its turn, and the page says "body".
        assert focus_shows(page) or page.evaluate("document.activeElement === document.body"), page.evaluate(
            "document.activeElement.outerHTML.slice(0, 300)"
        )
        if wanted.evaluate("node => node === document.activeElement"):
            return
    raise AssertionError(f"Tab does not reach {wanted}.")


def test_an_ad_is_made_by_keyboard_alone(page: Page, tmp_path: Path) -> None:
    headline = unique("Hands on the keys")
    page.on("filechooser", lambda _: None)  # From now on, choosers are caught before the browser shows them.
    page.goto("/")
    page.keyboard.press("c")
    expect(page.get_by_role("heading", name="Create")).to_be_visible()
    tab_to(page, page.get_by_role("link", name="New ad"))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{FORM}*")
    tab_to(page, page.locator("#f-headline"))
    page.keyboard.type(headline)
    files = page.locator("input[name=upload-product_images]")
    tab_to(page, files)
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(CAN)
    expect(page.locator(".thumb-card img")).to_be_visible()
    story = page.locator("#making input[name=aspect_ratio]").nth(1)
    tab_to(page, story)
    page.keyboard.press("Space")
    tab_to(page, page.locator(".sum button[data-busy]"))
    page.keyboard.press("Enter")
    expect(tile_of(page, headline).first).to_be_visible()
    expect(picture_of(page, headline).first).to_be_visible(timeout=RENDER_MS)
    page.keyboard.press("g")
    page.keyboard.press("g")
    page.wait_for_url("**/")
    first = page.locator("#days .pic").first
    tab_to(page, first)
    page.keyboard.press("Enter")
    expect(page.locator(".viewer .stage img")).to_be_visible()
    page.keyboard.press("r")
    expect(page.get_by_label("What should change")).to_be_focused()
    page.keyboard.type("Larger, please")
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_have_text("Changes requested")
    expect(page.get_by_label("What should change")).to_be_hidden()
    page.keyboard.press("u")
    expect(page.locator("#status")).not_to_have_text("Changes requested")
    page.keyboard.press("d")
    item = page.locator(".actions .menu a").first
    if not item.evaluate("node => node === document.activeElement"):
        tab_to(page, item)
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    check_file(waiting.value, tmp_path, (1080, 1350), (1080, 1080))
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.wait_for_url("**/")


def test_an_ad_is_made_without_script(context_of_owner: MakeContext, tmp_path: Path) -> None:
    page = context_of_owner(java_script_enabled=False).new_page()
    headline = unique("Plain forms")
    page.goto(FORM)
    page.get_by_label("Headline").fill(headline)
    page.locator("input[name=upload-product_images]").set_input_files(CAN)
    page.get_by_role("button", name="Add the chosen files").click()
    expect(page.locator(".thumb-card img")).to_be_visible()
    expect(page.get_by_label("Headline")).to_have_value(headline)
    page.get_by_role("button", name="Show preview").click()
    expect(page.locator("#preview img")).to_be_visible()
    generate(page)
    page.wait_for_url("**brief=*")
    expect(tile_of(page, headline)).to_have_count(1)
    expect(page.get_by_label("Headline")).to_have_value(headline)

    def there() -> bool:
        page.reload()
        return picture_of(page, headline).is_visible()

    until(there, "the picture after a reload", 60, every=0.5)
    open_output(page, headline)
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("#status")).to_have_text("Approved")
    page.locator("#history").get_by_role("button", name="Undo").click()
    expect(page.locator("#status")).not_to_have_text("Approved")
    page.get_by_role("button", name="Star").click()
    expect(page.get_by_role("button", name="Star")).to_have_attribute("aria-pressed", "true")
    page.locator("summary", has_text="Download").click()
    check_file(download_by(page, page.locator(".actions .menu a").first), tmp_path, (1080, 1350))
    page.locator("summary", has_text="Download").click()
    page.get_by_role("button", name="Delete").click()
    expect(tile_of(page, headline)).to_have_count(0)
    page.goto("/trash/")
    tile_of(page, headline).hover()
    page.get_by_role("button", name=f"Restore {headline}").click()
    page.goto("/")
    expect(tile_of(page, headline)).to_have_count(1)
