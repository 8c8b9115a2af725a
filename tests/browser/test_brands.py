"""A brand from a web page to an ad with it by keyboard alone; its cards; the same without script and on a phone; what axe says."""

from __future__ import annotations

import io
import re
from uuid import uuid4

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from studio.render.fonts import FOLDER
from tests.media.servers import Server

from .conftest import PHONE, MakeContext
from .steps import CAN, FORM, RENDER_MS, focus_shows, generate, picture_of, unique
from .test_accessible import look

WEB = "/brands/from-web/"
CARDS = ("tone", "colours", "fonts", "claims", "delivery", "about")


def press(page: Page, control: Locator, key: str = "Enter") -> None:
    """By keyboard: the control takes the focus, shows it, and hears the key."""
    control.focus()
    page.keyboard.press(key)


def read_from_web(page: Page, site: Server, name: str) -> None:
    """From the address to the brand's own page, under a name of its own."""
    page.goto("/brands/")
    press(page, page.get_by_role("link", name="New brand").first)
    press(page, page.get_by_role("link", name=re.compile("Read it from a web page")))
    page.get_by_label("Address of the page").focus()
    page.keyboard.type(f"http://127.0.0.1:{site.port}/")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Tern", timeout=30_000)
    page.get_by_label("Name", exact=True).fill(name)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name=name, level=1)).to_be_attached(timeout=30_000)


def to_brand(page: Page, name: str) -> None:
    page.goto("/brands/")
    page.get_by_role("link", name=name).first.click()
    page.wait_for_url("**/brands/*/")


def opened(page: Page, card: str) -> Locator:
    """The editor of a card, opened by keyboard; the focus stands in it."""
    press(page, page.locator(f"#edit-{card}"))
    form = page.locator(f"#card-{card} form.stack")
    expect(form).to_be_visible()
    expect(page.locator(f"#card-{card} :focus")).to_be_visible()
    assert focus_shows(page)
    return form


def saved(page: Page, card: str) -> Locator:
    """The card as it is read after Ctrl+Enter; the focus is back on its button."""
    page.keyboard.press("Control+Enter")
    expect(page.locator(f"#card-{card} form.stack")).to_have_count(0)
    expect(page.locator(f"#edit-{card}")).to_be_focused()
    return page.locator(f"#card-{card}")


def test_the_draft_of_a_web_page_becomes_a_brand(page: Page, site: Server) -> None:
    name = unique("Tern")
    page.goto(WEB)
    page.get_by_label("Address of the page").fill(f"http://127.0.0.1:{site.port}/")
    page.keyboard.press("Enter")
    expect(page.locator(".web-picture img").first).to_be_visible(timeout=30_000)
    expect(page.get_by_label("Primary", exact=True)).to_have_value("#1f5c4a")
    expect(page.get_by_label("Accent", exact=True)).to_have_value("#f2b34c")
    expect(page.get_by_label("Name of product 1")).to_have_value("Birch tea")
    expect(page.get_by_label("Price of product 1")).to_have_value("€ 7.50")
    assert look(page, "a draft") == []
    page.get_by_label("Name", exact=True).fill(name)
    press(page, page.get_by_role("checkbox", name="Take Smoked tea"), "Space")
    press(page, page.get_by_role("button", name="Make the brand"))
    expect(page.get_by_role("heading", name=name, level=1)).to_be_attached(timeout=30_000)
    expect(page.locator("[data-logo=logo] img")).to_be_visible()
    expect(page.locator("#card-colours .swatch").first).to_contain_text("#1f5c4a")
    expect(page.locator(".product")).to_have_count(1)
    expect(page.locator(".product")).to_contain_text("Birch tea")
    expect(page.locator(".product img")).to_be_visible()


def test_a_page_that_cannot_be_read_is_told_at_its_field(page: Page, site: Server) -> None:
    page.goto(WEB)
    page.get_by_label("Address of the page").fill(f"http://127.0.0.1:{site.port}/nowhere")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Address of the page")).to_have_attribute("aria-invalid", "true", timeout=30_000)
    expect(page.locator(".from-web-ask .error")).to_be_visible()


def test_a_kit_by_keyboard_and_an_ad_with_it(page: Page, site: Server) -> None:
    name = unique("Tern")
    page.goto("/")
    page.keyboard.press("g")
    page.keyboard.press("b")
    expect(page.get_by_role("heading", name="Brands", level=1)).to_be_visible()
    read_from_web(page, site, name)
    home = page.url

    opened(page, "colours")
    accent = page.get_by_label("Accent", exact=True)
    accent.fill("#dddddd")
    expect(page.locator("[data-role=accent] [data-ratio]")).to_have_text(re.compile(r"Aa \d+\.\d:1"))
    accent.fill("#7f7f7f")
    expect(page.locator("[data-role=accent] [data-ratio]")).to_contain_text("low")
    page.get_by_label("Name of further colour 1", exact=True).fill("Moss")
    accent.focus()
    expect(saved(page, "colours")).to_contain_text("Moss")

    opened(page, "fonts")
    page.get_by_label("Upload a font for headlines").set_input_files(FOLDER / "anton-latin.ttf")
    own = page.locator("#card-fonts input[name=heading_font][value^=upload]")
    expect(own).to_be_checked(timeout=30_000)
    own.focus()
    expect(saved(page, "fonts").locator(".own-face").first).to_be_visible()
    assert page.evaluate(
        "document.fonts.ready.then(() => [...document.fonts].some((it) => it.status === 'loaded' && it.family.includes('upload')))"
    )

    opened(page, "tone")
    page.keyboard.type("Plain, warm, northern.")
    page.get_by_label("Say", exact=True).fill("Slow mornings\nFrom the forest")
    page.get_by_label("Never say").fill("miracle\ndetox*")
    expect(saved(page, "tone")).to_contain_text("From the forest")

    opened(page, "claims")
    page.get_by_label("Claims", exact=True).fill("No caffeine")
    page.get_by_label("Legal line", exact=True).fill("Tern AS, Bergen.")
    expect(saved(page, "claims")).to_contain_text("Tern AS, Bergen.")

    opened(page, "delivery")
    press(page, page.get_by_role("checkbox", name="1:1"), "Space")
    press(page, page.get_by_role("button", name="Add brand"))
    press(page, page.get_by_role("button", name="Add n", exact=True))
    expect(page.locator("#file-example")).to_have_text(re.compile(r"^Tern-.*_01\.png$"))
    expect(saved(page, "delivery")).to_contain_text("{brand}_{n}")

    press(page, page.get_by_role("link", name="Add product"))
    page.get_by_label("Product name").fill("Tea in a can")
    page.locator("#card-products input[name=photo_files]").set_input_files(CAN)
    expect(page.locator("#card-products .thumb-card input[name=photos]")).to_have_count(1, timeout=30_000)
    page.get_by_label("Product name").focus()
    page.keyboard.press("Control+Enter")
    can = page.locator(".product", has_text="Tea in a can")
    expect(can.locator("img")).to_be_visible(timeout=30_000)
    press(page, can, "Alt+ArrowLeft")
    expect(can).to_be_focused()
    expect(page.locator(".product").nth(1)).to_contain_text("Tea in a can")

    press(page, page.get_by_role("link", name=re.compile("Make an ad")))
    page.wait_for_url("**/create/static-ad/**")
    expect(page.locator("#goes-along")).to_have_text(
        "Drawn with its name, logo, colours and fonts. Nothing leaves this server."
    )
    expect(page.get_by_role("checkbox", name=re.compile("^1:1"))).to_be_checked()
    headline = page.locator("#f-headline")
    headline.focus()
    page.keyboard.type("A detoxing miracle")
    expect(page.locator("#f-headline-said")).to_contain_text(f"“miracle” and “detox*” are on {name}'s Never say list.")
    ad = f"A quiet cup {uuid4().hex[:6]}"
    headline.fill(ad)
    expect(page.locator("#f-headline-said")).to_be_empty()
    press(page, page.locator("#brand-words").get_by_role("button", name="No caffeine"))
    expect(headline).to_have_value(f"{ad} No caffeine")
    expect(headline).to_be_focused()
    expect(page.locator("#preview img")).to_be_visible(timeout=30_000)
    page.keyboard.press("Control+Enter")
    expect(picture_of(page, ad).first).to_be_visible(timeout=RENDER_MS)

    page.goto(home)
    expect(page.locator(".used")).to_contain_text("to review")
    press(page, page.locator("#card-about").get_by_role("button", name="Archive"))
    expect(page.locator("#brand > .banner")).to_contain_text("is archived.")
    expect(page.get_by_role("button", name="Restore")).to_be_focused()
    assert look(page, "an archived brand") == []
    press(page, page.get_by_role("button", name="Undo"))
    expect(page.locator("#edit-tone")).to_be_visible()
    expect(page.locator("#brand > .banner")).to_have_count(0)


def test_a_word_that_is_never_said_is_used_after_a_second_look(page: Page) -> None:
    to_brand(page, "Kestrel")
    opened(page, "tone")
    page.get_by_label("Say", exact=True).fill("24 hours cold\nFits every cup holder")
    page.get_by_label("Never say").fill("unbreakable")
    saved(page, "tone")
    page.goto(FORM)
    page.get_by_role("radio", name="Kestrel").check(force=True)
    ad = unique("Unbreakable")
    page.locator("#f-headline").fill(ad)
    expect(page.locator("#f-headline-said")).to_contain_text("unbreakable")
    expect(page.locator("#brand-words").get_by_role("button")).to_have_count(2)
    assert look(page, "a form with words") == []
    generate(page)
    expect(page.locator("#problems")).to_contain_text("Never say list")
    press(page, page.get_by_role("checkbox", name="Use it anyway"), "Space")
    generate(page)
    expect(picture_of(page, ad).first).to_be_visible(timeout=RENDER_MS)


def test_a_phone_without_script_reads_a_page_and_edits_the_kit(context_of_owner: MakeContext, site: Server) -> None:
    page, name = context_of_owner(java_script_enabled=False, viewport=PHONE).new_page(), unique("Plain Tern")
    page.goto(WEB)
    page.get_by_label("Address of the page").fill(f"http://127.0.0.1:{site.port}/")
    page.get_by_role("button", name="Read the page").click()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("button", name="Make the brand").click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_attached(timeout=30_000)
    page.get_by_role("link", name="Edit: Claims").click()
    page.get_by_label("Claims", exact=True).fill("No caffeine")
    page.locator("#card-claims").get_by_role("button", name="Save").click()
    expect(page.locator("#card-claims .claims")).to_contain_text("No caffeine")
    page.get_by_role("link", name="Edit: Colours").click()
    page.get_by_label("Accent", exact=True).fill("#abcdef")
    page.locator("#card-colours").get_by_role("button", name="Save").last.click()
    expect(page.locator("#card-colours .swatches")).to_contain_text("#abcdef")
    page.get_by_role("link", name=re.compile("Make an ad")).click()
    expect(page.locator("#brand-words noscript p")).to_contain_text("No caffeine")
    page.go_back()
    page.get_by_role("button", name="Archive").click()
    expect(page.get_by_text(f"{name} is archived.").first).to_be_visible()
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_text(f"{name} is back.").first).to_be_visible()


def test_a_phone_puts_words_in_without_opening_its_keyboard(context_of_owner: MakeContext, site: Server) -> None:
    page = context_of_owner(viewport=PHONE, has_touch=True, is_mobile=True).new_page()
    read_from_web(page, site, unique("Tern"))
    form = opened(page, "tone")
    page.get_by_label("Say", exact=True).fill("Slow mornings")
    form.get_by_role("button", name="Save").tap()
    page.get_by_role("link", name=re.compile("Make an ad")).tap()
    words = page.locator("#brand-words").get_by_role("button", name="Slow mornings")
    words.tap()
    expect(page.locator("#f-headline")).to_have_value("Slow mornings")
    expect(page.locator("#f-headline")).not_to_be_focused()
    words.tap()
    expect(page.locator("#f-headline")).to_have_value("Slow mornings")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.fixture
def halden(page: Page) -> Page:
    to_brand(page, "Halden")
    return page


def test_photos_of_a_product_are_picked_from_the_library_by_keyboard(halden: Page) -> None:
    page, name = halden, unique("Cup")
    press(page, page.get_by_role("link", name="Add product"))
    page.get_by_label("Product name").fill(name)
    opener = page.get_by_role("button", name="Photos: library")
    press(page, opener)
    drawer = page.get_by_role("dialog", name="Photos")
    expect(drawer.get_by_label("Search pictures")).to_be_focused()
    assert look(page, "the drawer on a brand's page") == []
    page.keyboard.press("ArrowDown")
    for key in ("Space", "ArrowRight", "Space"):
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    expect(drawer).to_have_count(0)
    expect(opener).to_be_focused()
    expect(page.locator("#live")).to_have_text("Photos: 2 chosen")
    expect(page.locator("#card-products .thumb-card input[name=photos]")).to_have_count(2)
    page.get_by_label("Product name").focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".product", has_text=name).locator("img")).to_be_visible(timeout=30_000)
    press(page, page.locator(".product", has_text=name).locator("a[aria-label^=Edit]"))
    expect(page.locator("#card-products .thumb-card input[name=photos]")).to_have_count(2)


@pytest.mark.parametrize("card", [*CARDS, "product", "pairs"])
def test_axe_finds_nothing_with_a_card_open(halden: Page, card: str) -> None:
    if card == "product":
        press(halden, halden.locator(".product a[aria-label^=Edit]").first)
        expect(halden.locator("#card-products form.stack")).to_be_visible()
    elif card == "pairs":
        press(halden, halden.locator(".pairs > summary"))
        expect(halden.locator(".pairs table")).to_be_visible()
    else:
        opened(halden, card)
    assert look(halden, card) == []


def test_axe_finds_nothing_in_a_refused_card(halden: Page) -> None:
    opened(halden, "colours")
    halden.get_by_label("Primary", exact=True).fill("teal")
    halden.keyboard.press("Control+Enter")
    expect(halden.get_by_label("Primary", exact=True)).to_be_focused()
    expect(halden.get_by_text("“teal” is not a colour")).to_be_visible()
    assert look(halden, "refused colours") == []


def test_a_logo_is_dropped_on_its_ground(halden: Page) -> None:
    out = io.BytesIO()
    Image.new("RGB", (240, 80), "#8a3b12").save(out, "PNG")
    file = {"name": "logo.png", "mimeType": "image/png", "buffer": out.getvalue()}
    halden.get_by_label("Upload a logo on light").set_input_files(file)  # type: ignore[arg-type]
    expect(halden.locator("[data-logo=logo] img")).to_be_visible(timeout=30_000)
    expect(halden.get_by_label("Replace the logo on light")).to_be_focused()
    press(halden, halden.get_by_role("button", name="Remove the logo on light"))
    expect(halden.locator("[data-logo=logo] img")).to_have_count(0)
