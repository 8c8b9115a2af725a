"""The library of inputs as a newcomer builds it: a brand from its web page, a person from eight photos, ten references, voices; then an ad and a
shoot made with them. Once at a desk by keyboard alone, Tab by Tab, and once on a phone by touch."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image, ImageEnhance, ImageOps
from playwright.sync_api import Browser, Locator, Page, expect

from tests.media.servers import Server

from .conftest import DESKTOP, PHONE, welcome
from .services import service
from .steps import DEMO_PICTURES, RENDER_MS
from .walk import READY_MS, Walk, walking

PORTRAIT = Path(__file__).parents[1] / "media" / "portrait.jpg"
TEMPLATES = Path(settings.BASE_DIR) / "static" / "img" / "templates"
SCRIPT = (
    "This is the first winter that I did not mind. One cup in the morning, one at night, and nothing else on the shelf. "
    "I keep the tin by the window, where the light comes in at noon."
)
MOST_TABS = 400
ROUND = """node => {
  const here = document.activeElement;
  if (here === node) return "here";
  return here?.type === "radio" && node.type === "radio" && here.name === node.name && here.form === node.form ? "beside" : "";
}"""

TYPING = "document.activeElement.matches('input:not([type=checkbox], [type=radio]), textarea, select')"


class Hand:
    """How one person works the pages: `keys` alone, or by touch."""

    def __init__(self, page: Page, keys: bool) -> None:
        self.page = page
        self.keys = keys

    def reach(self, target: Locator) -> None:
        """By Tab, and by arrows within a group of radios, as nobody is taken to anything by a script."""
        expect(target).to_be_attached()
        for _ in range(MOST_TABS):
            place = target.evaluate(ROUND)
            if place == "here":
                return
            self.page.keyboard.press("ArrowRight" if place == "beside" else "Tab")
        raise AssertionError(f"{target} cannot be reached by Tab.")

    def press(self, target: Locator) -> None:
        """A link or a button."""
        if self.keys:
            self.reach(target)
            self.page.keyboard.press("Enter")
        else:
            target.tap()

    def tick(self, target: Locator) -> None:
        """A box or a radio, by what stands on it for who touches it."""
        if not self.keys:
            target.locator("xpath=ancestor-or-self::*[self::label or self::input][last()]").tap()
        elif not target.is_checked():
            self.reach(target)
            if not target.is_checked():
                self.page.keyboard.press("Space")
        expect(target).to_be_checked()

    def write(self, target: Locator, text: str) -> None:
        if self.keys:
            self.reach(target)
            self.page.keyboard.press("Control+a")
            self.page.keyboard.insert_text(text)
        else:
            target.tap()
            target.fill(text)
        expect(target).to_have_value(text)

    def generate(self) -> None:
        """The one Generate button of this width; before its style sheets came a page shows both."""
        self.page.wait_for_load_state("load")
        self.press(self.page.locator("button[form=making][data-busy]:visible"))

    def pick_all(self, tiles: Locator) -> None:
        """All that the wall shows: Ctrl and A, or a long press on the first and a touch on each other one's box."""
        if self.keys:
            self.reach(tiles.first.locator(".pic"))
            self.page.keyboard.press("Control+a")
            return
        tiles.first.scroll_into_view_if_needed()
        box = tiles.first.locator(".pic").bounding_box()
        assert box
        touch = self.page.context.new_cdp_session(self.page)
        at = {"x": box["x"] + 40, "y": box["y"] + 40}
        touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [at]})
        expect(tiles.first.locator(".pick > input")).to_be_checked()
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        for tile in tiles.all()[1:]:
            tile.locator(".pick").tap()

    def go(self, key: str, path: str) -> None:
        """To a page of the library: G and a letter, or its address."""
        if self.keys:
            while self.page.evaluate(TYPING):
                self.page.keyboard.press("Tab")
            self.page.keyboard.press("g")
            self.page.keyboard.press(key)
            self.page.wait_for_url(re.compile(re.escape(path) + "$"))
        else:
            self.page.goto(path)


@pytest.fixture(scope="module", params=["keyboard", "phone"])
def walk(
    request: pytest.FixtureRequest, browser: Browser, site: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Walk]:
    touch = {"viewport": PHONE, "has_touch": True, "is_mobile": True} if request.param == "phone" else {}
    folder, shop = tmp_path_factory.mktemp("library"), site.url("").removeprefix("http://")
    with service("influencer_studio") as studio:
        studio.far.set(seconds=1.0)
        with walking(browser, {studio.name: studio}, folder, shop, **touch) as walk:
            welcome(walk.page, walk.stack)
            walk.connect()
            walk.set_public_address()
            yield walk


@pytest.fixture
def hand(walk: Walk) -> Hand:
    return Hand(walk.page, walk.page.viewport_size == DESKTOP)


def eight_photos() -> list[dict[str, object]]:
    """Of one face, as eight cameras would have seen it."""
    face = Image.open(PORTRAIT).convert("RGB").resize((900, 900))
    found: list[dict[str, object]] = []
    for number in range(8):
        seen = ImageOps.mirror(face) if number % 2 else face
        seen = ImageEnhance.Brightness(seen).enhance(0.86 + 0.04 * number)
        margin = 12 * number
        seen = seen.crop((margin, margin // 2, 900 - margin // 2, 900 - margin))
        out = io.BytesIO()
        seen.save(out, "JPEG", quality=92)
        found.append({"name": f"noor-{number}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()})
    return found


def test_a_brand_is_read_from_its_web_page(walk: Walk, hand: Hand, site: Server) -> None:
    page = walk.page
    hand.go("b", "/brands/")
    hand.press(page.get_by_role("link", name="New brand").first)
    hand.press(page.get_by_role("link", name="Read it from a web page"))
    hand.write(page.get_by_label("Address of the page"), site.url())
    hand.press(page.get_by_role("button", name="Read the page"))
    expect(page.get_by_label("Name", exact=True)).to_have_value("Tern", timeout=30_000)
    expect(page.get_by_label("Name of product 1")).to_have_value("Birch tea")
    hand.press(page.get_by_role("button", name="Make the brand"))
    expect(page.get_by_role("heading", name="Tern", level=1)).to_be_visible(timeout=30_000)
    expect(page.locator("#card-products")).to_contain_text("Birch tea")


def test_a_person_is_made_from_eight_photos(walk: Walk, hand: Hand) -> None:
    page = walk.page
    hand.go("i", "/influencers/")
    hand.press(page.get_by_role("link", name="New influencer").first)
    hand.write(page.get_by_label("Name", exact=True), "Noor")
    page.locator("#f-photos input[name=photo_files]").set_input_files(eight_photos())  # type: ignore[arg-type]
    expect(page.locator("#photo-list > .photo")).to_have_count(8, timeout=30_000)
    expect(page.locator("#checked")).to_contain_text("Nothing to mend.", timeout=RENDER_MS)
    hand.tick(page.get_by_label("This face is invented"))
    hand.press(page.get_by_role("button", name="Save, then create at Influencer Studio"))
    expect(page).to_have_url(re.compile("/create/influencer/"))
    hand.generate()
    expect(page.locator("#strip article.tile a.pic")).to_be_visible(timeout=READY_MS)
    assert len(walk.services["influencer_studio"].paid) == 1


def test_ten_references_are_filed_by_suggestion(walk: Walk, hand: Hand) -> None:
    page = walk.page
    hand.go("r", "/references/")
    pictures = [*sorted(DEMO_PICTURES.glob("*.jpg"))[:4], *sorted(TEMPLATES.glob("*.webp"))[:6]]
    hand.press(page.locator("#save-pop > summary"))
    page.set_input_files("#save-files", pictures)
    hand.press(page.locator("#save-pop").get_by_role("button", name="Save"))
    tiles = page.locator(".tile.ref:not(.saving)")
    expect(tiles).to_have_count(10, timeout=RENDER_MS)
    expect(page.locator(".tile.ref", has_text="Looking")).to_have_count(0, timeout=RENDER_MS)
    page.reload()
    hand.pick_all(page.locator(".tile.ref"))
    expect(page.locator(".bulk [data-count]")).to_have_text("10 selected")
    hand.press(page.locator(".bulk button[value=file]"))
    expect(page.locator("#toasts")).to_contain_text("filed")
    expect(page.locator(".tile.ref", has_text="Not filed")).to_have_count(0)
    hand.pick_all(page.locator(".tile.ref"))
    hand.press(page.locator(".bulk [data-clear]"))


def test_a_local_voice_speaks_and_is_copied(walk: Walk, hand: Hand) -> None:
    """What this server says, without internet, is the recording that the service copies; another voice is described."""
    page = walk.page
    page.goto("/create/speech/")
    hand.write(page.get_by_label("Text", exact=True), SCRIPT)
    hand.tick(page.get_by_role("radio", name="Heart"))
    hand.generate()
    spoken = page.locator("#strip article.tile:not([data-live])")
    expect(spoken).to_have_count(1, timeout=RENDER_MS)
    recording = walk.folder / "heart.wav"
    recording.write_bytes(walk.download(spoken.get_attribute("data-output-id") or ""))
    hand.press(page.get_by_role("link", name=re.compile("^Back")))
    page.wait_for_url(f"{walk.stack.url}/")
    hand.go("v", "/voices/")
    if not hand.keys:
        hand.press(page.get_by_role("link", name="New voice").first)
    page.set_input_files("[data-record-file]", recording)
    expect(page.locator("[data-held] .note.ok, [data-held] .note.warn").first).to_be_visible(timeout=30_000)
    hand.write(page.locator("#voice-clone-name"), "Noor, copied")
    hand.tick(page.get_by_label("The person who speaks agreed"))
    hand.press(page.get_by_role("button", name="Clone this voice"))
    expect(page.locator("#strip article.tile:not([data-live])")).to_have_count(1, timeout=READY_MS)


def test_a_voice_is_designed_and_given_to_the_person(walk: Walk, hand: Hand) -> None:
    page = walk.page
    hand.go("v", "/voices/")
    hand.press(page.get_by_role("link", name="New voice").first) if not hand.keys else None
    hand.tick(page.locator("#way-design"))
    hand.write(page.locator("#voice-design-name"), "Calm winter")
    hand.write(page.locator("#voice-design-prompt"), "A woman, low and unhurried")
    hand.press(page.get_by_role("button", name="Design this voice"))
    expect(page.locator("#strip article.tile:not([data-live])")).to_have_count(1, timeout=READY_MS)
    hand.go("i", "/influencers/")
    hand.press(page.get_by_role("link", name="Noor").first)
    hand.press(page.get_by_role("link", name=re.compile(": Voice$")))
    hand.tick(page.get_by_role("radio", name="Calm winter"))
    hand.press(page.locator("#card-voice").get_by_role("button", name="Save"))
    expect(page.locator("#card-voice")).to_contain_text("Calm winter")


def pick(hand: Hand, field: str, name: str) -> None:
    """The one picture of that name, by search in the drawer of a field."""
    hand.press(hand.page.get_by_role("button", name=f"{field}: library"))
    drawer = hand.page.get_by_role("dialog", name=field)
    search = drawer.get_by_role("searchbox")
    if hand.keys:
        expect(search).to_be_focused()  # The drawer opens there.
    hand.write(search, name)
    found = drawer.locator(".pick-item")
    expect(found).to_have_count(1)
    expect(found).to_contain_text(name)
    if hand.keys:
        hand.page.keyboard.press("ArrowDown")
        expect(found.locator("input")).to_be_focused()
        hand.page.keyboard.press("Space")
        hand.page.keyboard.press("Enter")
    else:
        found.locator("label").tap()
        drawer.locator("[data-add]").tap()
    expect(drawer).to_have_count(0)


def test_all_of_it_is_in_a_static_ad(walk: Walk, hand: Hand) -> None:
    """The brand, its product's photo from the drawer, and the look of a reference."""
    page = walk.page
    page.goto("/create/static-ad/")
    hand.write(page.locator("#f-headline"), "Tea from the north")
    hand.tick(page.get_by_role("radio", name=re.compile("Tern$")))
    expect(page.get_by_text("Nothing leaves this server.")).to_be_visible()
    more = page.locator("details.more-words", has=page.locator("#f-reference-list"))
    hand.press(more.locator("summary").first)
    first = page.locator("#f-reference-list .thing input:not([value=''])").first
    hand.tick(first)
    expect(page.get_by_role("checkbox", name="Palette")).to_be_checked()
    pick(hand, "Product pictures", "Birch tea")
    expect(page.get_by_role("group", name="Product pictures").locator(".thumb-card")).to_have_count(1)
    hand.generate()
    expect(page.locator("#strip article.tile .pic img")).to_be_visible(timeout=RENDER_MS)


def test_the_person_is_photographed(walk: Walk, hand: Hand) -> None:
    page, studio = walk.page, walk.services["influencer_studio"]
    before = len(studio.paid)
    page.goto("/create/influencer-shoot/")
    hand.tick(page.get_by_role("radio", name=re.compile("^Noor")))
    hand.write(page.get_by_role("textbox", name="Scene"), "By the window, holding the cup")
    pick(hand, "Product", "Birch tea")
    expect(page.get_by_role("group", name="Product", exact=True).locator(".thumb-card").first).to_be_visible()
    hand.generate()
    expect(page.locator("#strip article.tile .pic img")).to_be_visible(timeout=READY_MS)
    assert len(studio.paid) == before + 1


def test_the_person_speaks_with_the_copied_voice(walk: Walk, hand: Hand) -> None:
    page, studio = walk.page, walk.services["influencer_studio"]
    before = len(studio.paid)
    page.goto("/create/talking-head/")
    hand.write(page.get_by_role("textbox", name="What they say"), "One cup in the morning, one at night.")
    hand.tick(page.get_by_role("radio", name=re.compile("^Noor, copied")))
    hand.tick(page.get_by_role("radio", name=re.compile("^Noor Yours")))
    pick(hand, "Start picture", "noor-3.jpg")
    hand.generate()
    expect(page.locator("#strip article.tile:not([data-live])")).to_have_count(1, timeout=READY_MS)
    assert len(studio.paid) == before + 1


def test_each_page_says_what_was_made_with_it(walk: Walk, hand: Hand) -> None:
    page = walk.page
    hand.go("b", "/brands/")
    hand.press(page.get_by_role("link", name=re.compile("Tern")).first)
    expect(page.locator("#used")).to_contain_text("Tea from the north")
    hand.go("i", "/influencers/")
    hand.press(page.get_by_role("link", name="Noor").first)
    expect(page.locator("#used")).to_contain_text("By the window")
    expect(page.locator("#used")).to_contain_text("credits")
    hand.go("v", "/voices/")
    hand.press(page.get_by_role("link", name="Noor, copied", exact=True))
    expect(page.locator("#used")).to_contain_text("One cup in the morning")
