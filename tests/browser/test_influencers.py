"""An influencer from photos, by keyboard alone; photos in order by keys; and what axe says of the pages."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from PIL import Image, ImageOps
from playwright.sync_api import Page, expect

from .conftest import PHONE, MakeContext
from .test_accessible import look

PORTRAIT = Path(__file__).parents[1] / "media" / "portrait.jpg"


@pytest.fixture
def photos() -> list[dict[str, object]]:
    """Three files: a face, the same face twice in one picture, a picture of nobody."""
    face = Image.open(PORTRAIT).convert("RGB").resize((640, 640))
    two = Image.new("RGB", (1280, 640))
    two.paste(face, (0, 0))
    two.paste(ImageOps.mirror(face), (640, 0))
    pictures = {"face.jpg": face, "two.jpg": two, "wall.jpg": Image.new("RGB", (640, 800), "#a0b0c0")}
    return [{"name": name, "mimeType": "image/jpeg", "buffer": jpeg(image)} for name, image in pictures.items()]


def jpeg(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def told(page: Page) -> list[str]:
    return [text.split("\n")[0] for text in page.locator("#photo-list > .photo > .said").all_inner_texts()]


def test_an_influencer_is_made_and_ordered_by_keyboard(page: Page, photos: list[dict[str, object]]) -> None:
    page.goto("/")
    page.keyboard.press("g")
    page.keyboard.press("i")
    expect(page.get_by_role("heading", name="Influencers", level=1)).to_be_visible()
    page.get_by_role("link", name="New influencer").first.focus()
    page.keyboard.press("Enter")
    page.get_by_label("Name").fill("Lina Falk")
    page.locator("#f-photos input[name=photo_files]").set_input_files(photos)  # type: ignore[arg-type]
    cards = page.locator("#photo-list > .photo")
    expect(cards).to_have_count(3)
    expect(page.locator("#checked")).to_contain_text("Two faces: crop to one.")
    # The one without a face is brought to the front, and is told that a face belongs there.
    nobody = cards.filter(has_text="No face found")
    nobody.focus()
    page.keyboard.press("Alt+ArrowLeft")
    page.keyboard.press("Alt+ArrowLeft")
    page.keyboard.press("Alt+ArrowLeft")
    expect(cards.first).to_contain_text("the first photo must show the face")
    expect(nobody).to_be_focused()
    page.keyboard.press("Delete")
    expect(cards).to_have_count(2)
    page.get_by_label("This face is invented").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Lina Falk", level=1)).to_be_visible()
    cards = page.locator("#photo-list > .photo")
    expect(cards).to_have_count(2)
    expect(page.locator("#f-photos")).to_have_class(re.compile(r"\bready\b"))
    before = [card.get_attribute("data-asset") for card in cards.all()]
    cards.first.focus()
    with page.expect_response(lambda answer: answer.url.endswith("/photos")):
        page.keyboard.press("Alt+ArrowRight")
    page.reload()
    assert [card.get_attribute("data-asset") for card in page.locator("#photo-list > .photo").all()] == before[::-1]
    page.get_by_role("link", name="Edit: About").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Notes").fill("Late twenties, plain colours.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#card-about")).to_contain_text("Late twenties")
    assert look(page, "a person") == []
    page.get_by_role("button", name="Archive Lina Falk").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Lina Falk is archived.").first).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Lina Falk is back.")).to_be_visible()


@pytest.mark.parametrize("where", ["/influencers/", "/influencers/new/", "/influencers/?show=theirs"])
def test_axe_finds_nothing(page: Page, where: str) -> None:
    page.goto(where)
    assert look(page, where) == []


def test_photos_move_by_touch_and_without_script(
    context_of_owner: MakeContext, photos: list[dict[str, object]]
) -> None:
    page = context_of_owner(viewport=PHONE, java_script_enabled=False).new_page()
    page.goto("/influencers/new/")
    page.get_by_label("Name").fill("Noor")
    page.locator("#f-photos input[name=photo_files]").set_input_files(photos[:2])  # type: ignore[arg-type]
    page.get_by_role("button", name="Add the chosen files").click()
    assert len(told(page)) == 2
    page.locator("#photo-list > .photo").first.get_by_role("button", name="later").click()
    assert page.get_by_label("Name").input_value() == "Noor"
    page.get_by_label("This face is invented").check()
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_role("heading", name="Noor", level=1)).to_be_visible()
    assert "Two faces: crop to one." in page.locator("#photo-list > .photo").first.inner_text()
