"""However impatient the hand: one press of the button is one brief."""

from __future__ import annotations

from playwright.sync_api import Page, Route, expect

from tests.wait import until

from .conftest import MakeContext
from .steps import CAN, FORM, RENDER_MS, generate, open_form, open_output, picture_of, tile_of, unique


def expect_one_on_the_wall(page: Page, headline: str) -> None:
    page.goto("/")
    expect(tile_of(page, headline)).to_have_count(1)


def test_a_double_click_makes_one_brief(page: Page) -> None:
    headline = unique("Twice")
    open_form(page, headline)
    page.locator(".sum button[data-busy]").dblclick()
    expect(picture_of(page, headline)).to_be_visible(timeout=RENDER_MS)
    expect_one_on_the_wall(page, headline)


def test_back_and_sending_again_shows_the_same_brief(context_of_owner: MakeContext) -> None:
    page = context_of_owner(java_script_enabled=False).new_page()
    headline = unique("Once more")
    page.goto(FORM)
    page.get_by_label("Headline").fill(headline)
    generate(page)
    page.wait_for_url("**brief=*")
    first = page.url
    page.go_back()
    page.get_by_label("Headline").fill(headline)
    generate(page)
    page.wait_for_url("**brief=*")
    assert page.url == first
    expect_one_on_the_wall(page, headline)


def test_two_tabs_with_one_nonce_make_one_brief(context_of_owner: MakeContext) -> None:
    context = context_of_owner()
    headline = unique("Two tabs")
    one, two = context.new_page(), context.new_page()
    open_form(one, headline)
    open_form(two, headline)
    nonce = one.locator("#nonce").input_value()
    two.evaluate("nonce => { document.getElementById('nonce').value = nonce }", nonce)
    generate(one)
    generate(two)
    for page in (one, two):
        expect(picture_of(page, headline)).to_be_visible(timeout=RENDER_MS)
        expect(tile_of(page, headline)).to_have_count(1)
    expect_one_on_the_wall(one, headline)


def test_pressing_generate_during_an_upload_waits_for_the_picture(page: Page) -> None:
    headline = unique("Not without it")
    open_form(page, headline)
    held: list[Route] = []
    page.route("**/upload/product_images*", lambda route: held.append(route))
    page.locator("input[name=upload-product_images]").set_input_files(CAN)
    generate(page)
    expect(page.locator(".sum button[data-busy]")).to_have_attribute("aria-busy", "true")
    until(lambda: page.evaluate("true") and held, "the upload to begin")
    expect(tile_of(page, headline)).to_have_count(0)
    held[0].continue_()
    expect(picture_of(page, headline)).to_be_visible(timeout=RENDER_MS)
    open_output(page, headline)
    expect(page.get_by_role("heading", name="Product pictures")).to_be_visible()
    expect(page.locator(".panel .thumb-card img")).to_have_count(1)
