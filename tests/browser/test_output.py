"""One output at a time: decisions by key, undo, star, zoom, neighbours, remix, run again, cancel."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from .steps import RENDER_MS, generate, make_ad, open_form, open_output, picture_of, tick, tile_of, unique


def status(page: Page, text: str) -> None:
    expect(page.locator("#status")).to_have_text(text)


def test_every_decision_has_its_key_and_can_be_taken_back(page: Page) -> None:
    headline = unique("Decide")
    make_ad(page, headline)
    open_output(page, headline)
    page.evaluate("sessionStorage.clear()")
    page.keyboard.press("r")
    expect(page.get_by_label("What should change")).to_be_focused()
    page.keyboard.type("A calmer ground")
    page.keyboard.press("Enter")
    status(page, "Changes requested")
    expect(page.locator("#history")).to_contain_text("A calmer ground")
    expect(page.get_by_label("What should change")).to_be_hidden()
    page.keyboard.press("u")
    expect(page.locator(".toast")).to_contain_text("Taken back")
    status(page, "To review")
    page.keyboard.press("x")
    expect(page.get_by_label("Reason, optional")).to_be_focused()
    page.keyboard.press("Enter")
    status(page, "Rejected")
    expect(page.get_by_label("Reason, optional")).to_be_hidden()
    page.keyboard.press("u")
    expect(page.locator(".toast")).to_contain_text("Taken back")
    status(page, "To review")
    page.keyboard.press("s")
    expect(page.locator("#star-button")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("s")
    expect(page.locator("#star-button")).to_have_attribute("aria-pressed", "false")


def test_approving_leads_to_the_next_and_undo_reaches_back(page: Page, full_wall: int) -> None:
    page.goto("/?q=output+13")
    page.get_by_role("link", name="Output 139, 4:5").click()
    expect(page.locator(".viewer .stage img")).to_be_visible()
    page.wait_for_load_state()
    page.keyboard.press("a")
    expect(page.locator(".panel h1")).to_have_text("Output 138")
    expect(page.locator(".toast")).to_contain_text("Approved")
    page.wait_for_load_state()
    page.keyboard.press("u")
    expect(page.locator(".toast")).to_contain_text("Taken back")
    page.keyboard.press("k")
    expect(page.locator(".panel h1")).to_have_text("Output 139")
    page.wait_for_load_state()
    status(page, "To review")
    page.keyboard.press("j")
    expect(page.locator(".panel h1")).to_have_text("Output 138")
    page.wait_for_load_state()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".panel h1")).to_have_text("Output 137")
    page.wait_for_load_state()
    page.keyboard.press("Escape")
    page.wait_for_url("**/?q=output*")
    expect(page.get_by_role("link", name="Output 137, 4:5")).to_be_focused()


def test_zoom_has_keys(page: Page) -> None:
    page.goto("/?brand=&q=serum")
    page.locator("#days .pic").first.click()
    stage = page.locator("[data-stage]")
    expect(stage.locator("img")).to_be_visible()
    page.keyboard.press("z")
    expect(page.locator("[data-stage][data-zoomed]")).to_be_visible()
    page.keyboard.press("0")
    expect(page.locator("[data-stage][data-zoomed]")).to_have_count(0)
    page.keyboard.press("z")
    page.keyboard.press("z")
    expect(page.locator("[data-stage][data-zoomed]")).to_have_count(0)


def test_remix_fills_the_form_again_and_run_again_makes_another(page: Page) -> None:
    headline = unique("Same again")
    open_form(page, headline)
    tick(page, "template", "arch")
    tick(page, "aspect_ratio", "1:1")
    page.locator("#making input[name=aspect_ratio][value='4:5']").uncheck(force=True)
    generate(page)
    expect(picture_of(page, headline)).to_be_visible(timeout=RENDER_MS)
    open_output(page, headline)
    page.get_by_role("button", name="Run again").click()
    expect(page.locator(".toast")).to_be_visible()
    page.keyboard.press("m")
    expect(page.locator("#f-headline")).to_have_value(headline)
    expect(page.locator("input[name=template][value=arch]")).to_be_checked()
    expect(page.locator("input[name=aspect_ratio][value='1:1']")).to_be_checked()
    expect(page.locator("input[name=aspect_ratio][value='4:5']")).not_to_be_checked()
    page.goto("/")
    expect(picture_of(page, headline)).to_have_count(2, timeout=RENDER_MS)


def test_cancel_while_queued_and_while_running_then_run_again(page: Page) -> None:
    headline = unique("Stop")
    open_form(page, headline)
    for shape in ("1:1", "9:16", "16:9"):
        tick(page, "aspect_ratio", shape)
    tick(page, "resolution", "4K")
    tick(page, "count", "4")
    generate(page)
    tiles = page.locator("#strip article.tile")
    expect(tiles).to_have_count(16)
    last = tiles.last
    expect(last).to_have_attribute("data-state", "queued")
    last.get_by_role("button", name="Cancel").click()
    expect(last).to_have_attribute("data-state", "canceled")
    running = page.locator("#strip article[data-state=running]").first
    expect(running).to_be_visible()
    name = running.get_attribute("id")
    running.get_by_role("button", name="Cancel").click()
    expect(page.locator(f"#{name}[data-state=canceled], #{name}:not(.live)")).to_be_visible(timeout=5_000)
    for _ in range(16):
        left = page.locator("#strip article[data-live]").get_by_role("button", name="Cancel")
        if not left.count():
            break
        tile = page.locator(f"#{left.first.evaluate('node => node.closest(`article`).id')}")
        left.first.click()
        expect(tile.and_(page.locator("[data-live]"))).to_have_count(0)
    expect(page.locator("#strip article[data-live]")).to_have_count(0)
    canceled = page.locator("#strip article[data-state=canceled]")
    many = canceled.count()
    assert many >= 8
    canceled.first.get_by_role("button", name="Dismiss").click()
    expect(canceled).to_have_count(many - 1)


def test_a_canceled_one_can_be_run_again(page: Page) -> None:
    headline = unique("After all")
    open_form(page, headline)
    tick(page, "resolution", "4K")
    generate(page)
    tile_of(page, headline).get_by_role("button", name="Cancel").click()
    expect(tile_of(page, headline)).to_have_attribute("data-state", "canceled")
    with page.expect_response("**/again*"):
        tile_of(page, headline).get_by_role("button", name="Run again").click()
    page.goto("/?state=ready")
    expect(picture_of(page, headline)).to_be_visible(timeout=RENDER_MS)
