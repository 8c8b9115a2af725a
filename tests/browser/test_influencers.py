"""An influencer from eight photos by keyboard alone, on a phone and without script; and what axe says of the pages."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from PIL import Image, ImageEnhance, ImageOps
from playwright.sync_api import Locator, Page, expect

from tests.media.test_papers import PDF

from .conftest import PHONE, MakeContext
from .test_accessible import look

TWELVE = "link => (link.querySelector('.n') ?? link.appendChild(Object.assign(document.createElement('span'), { className: 'n' }))).append('12')"
PORTRAIT = Path(__file__).parents[1] / "media" / "portrait.jpg"


@pytest.fixture
def photos() -> list[dict[str, object]]:
    """Eight files: four sides of one face, far away, in the dark, twice in one picture, and a picture of nobody. The face is the sixth."""
    face = Image.open(PORTRAIT).convert("RGB").resize((900, 900))
    two = Image.new("RGB", (1280, 640))
    two.paste(face.resize((640, 640)), (0, 0))
    two.paste(ImageOps.mirror(face.resize((640, 640))), (640, 0))
    far = Image.new("RGB", (900, 1200), "#8fa0b0")
    far.paste(face.resize((420, 420)), (240, 60))
    pictures = {
        "wall.jpg": Image.new("RGB", (640, 800), "#a0b0c0"),
        "two.jpg": two,
        "dark.jpg": ImageEnhance.Brightness(face).enhance(0.12),
        "far.jpg": far,
        "left.jpg": ImageOps.mirror(face),
        "face.jpg": face,
        "close.jpg": face.crop((150, 90, 750, 840)),
        "again.jpg": face.resize((700, 700)),
    }
    return [{"name": name, "mimeType": "image/jpeg", "buffer": jpeg(image)} for name, image in pictures.items()]


def walk_to(page: Page, wanted: Locator, most: int = 60) -> None:
    """By Tab alone."""
    for _ in range(most):
        if wanted.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} is not reached by {most} tabs")


def names(page: Page) -> list[str]:
    """The files, in their order."""
    buttons = page.locator("#photo-list > .photo [data-remove]").all()
    return [str(button.get_attribute("aria-label")).removeprefix("Take out ") for button in buttons]


def jpeg(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def told(page: Page) -> list[str]:
    return [text.split("\n")[0] for text in page.locator("#photo-list > .photo > .said").all_inner_texts()]


def test_an_influencer_is_made_of_eight_photos_by_keyboard_alone(page: Page, photos: list[dict[str, object]]) -> None:
    page.on("filechooser", lambda _: None)  # From the start: a key opens the dialog before Chromium has heard of it.
    page.goto("/")
    page.keyboard.press("g")
    page.keyboard.press("i")
    expect(page.get_by_role("heading", name="Influencers", level=1)).to_be_visible()
    walk_to(page, page.get_by_role("link", name="New influencer").first)
    page.keyboard.press("Enter")
    walk_to(page, page.get_by_label("Name"))
    page.keyboard.type("Lina Falk")
    walk_to(page, page.locator("#f-photos input[name=photo_files]"))
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(photos)  # type: ignore[arg-type]
    cards = page.locator("#photo-list > .photo")
    expect(cards).to_have_count(8, timeout=60_000)
    expect(page.locator("#checked")).to_contain_text("8 of 20")
    for advice in ("Two faces: crop to one.", "the first photo must show the face", "Too dark", "Almost the same as"):
        expect(page.locator("#checked")).to_contain_text(advice)
    assert look(page, "a new person with advice") == []
    # The face is picked with its button: what is said of the photo changes, and is read out.
    card = cards.filter(has=page.get_by_role("button", name="Take out face.jpg"))
    walk_to(page, page.get_by_role("button", name="Make face: face.jpg"), 90)
    page.keyboard.press("Enter")
    assert names(page)[0] == "face.jpg"
    expect(card).to_be_focused()
    expect(page.locator("#checked")).not_to_contain_text("the first photo must show the face")
    # Order by the arrows; taking out leaves the focus on the next one.
    page.keyboard.press("Alt+ArrowRight")
    expect(page.locator("#live")).to_have_text(re.compile(r"^Photo 1: No face found: the first photo must show"))
    page.keyboard.press("Alt+ArrowLeft")
    assert names(page)[:2] == ["face.jpg", "wall.jpg"]
    nobody = cards.nth(1)
    expect(nobody).to_have_accessible_name(re.compile("No face found"))
    walk_to(page, nobody)
    page.keyboard.press("Delete")
    expect(cards).to_have_count(7)
    expect(cards.nth(1)).to_be_focused()
    walk_to(page, page.get_by_label("This face is invented"), 90)
    page.keyboard.press("Space")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Lina Falk", level=1)).to_be_visible()
    expect(cards).to_have_count(7)
    expect(page.locator("#f-photos")).to_have_class(re.compile(r"\bready\b"))
    before = names(page)
    assert before[0] == "face.jpg"
    cards.first.focus()
    with page.expect_response(lambda answer: answer.url.endswith("/photos")):
        page.keyboard.press("Alt+ArrowRight")
    page.reload()
    assert names(page) == [before[1], before[0], *before[2:]]


def test_a_persons_cards_are_kept_by_keyboard(page: Page, photos: list[dict[str, object]]) -> None:
    page.goto("/influencers/new/")
    page.get_by_label("Name").fill("Ada Rivers")
    page.locator("#f-photos input[name=photo_files]").set_input_files(photos[5:6])  # type: ignore[arg-type]
    expect(page.locator("#photo-list > .photo")).to_have_count(1, timeout=30_000)
    page.get_by_label("This face is invented").check()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Ada Rivers", level=1)).to_be_visible()
    page.get_by_role("link", name="Edit: About").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Notes").fill("Late twenties, plain colours.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#card-about")).to_contain_text("Late twenties")
    page.get_by_role("link", name="Edit: Consent").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Signed paper")).to_be_visible()
    assert look(page, "a person, the consent open") == []
    paper = {"name": "Release.pdf", "mimeType": "application/pdf", "buffer": PDF}
    page.get_by_label("Signed paper").set_input_files(paper)  # type: ignore[arg-type]
    page.get_by_label("Signed paper").focus()
    page.keyboard.press("Control+Enter")
    with page.expect_download() as download:
        page.get_by_role("link", name="Release.pdf").click()
    assert download.value.suggested_filename == "Release.pdf"
    page.get_by_role("button", name="Archive Ada Rivers").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Ada Rivers is archived.").first).to_be_visible()
    assert look(page, "an archived person") == []
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Ada Rivers is back.")).to_be_visible()
    page.goto("/influencers/")
    assert look(page, "the list with people") == []


def test_an_influencer_is_made_on_a_phone(context_of_owner: MakeContext, photos: list[dict[str, object]]) -> None:
    page = context_of_owner(viewport=PHONE, has_touch=True, is_mobile=True).new_page()
    page.goto("/influencers/new/")
    expect(page.get_by_text("Move a photo with the buttons on it.")).to_be_visible()
    page.get_by_label("Name").fill("Noor Haddad")
    with page.expect_file_chooser() as chooser:
        page.locator("#f-photos input[name=photo_files]").tap()
    chooser.value.set_files(photos[3:6])  # type: ignore[arg-type]
    cards = page.locator("#photo-list > .photo")
    expect(cards).to_have_count(3, timeout=30_000)
    page.get_by_role("button", name="Make face: face.jpg").tap()
    page.get_by_role("button", name="Move left.jpg earlier").tap()
    order = names(page)
    assert (order[0], sorted(order)) == ("face.jpg", ["face.jpg", "far.jpg", "left.jpg"])
    for button in page.locator(".moves > button:visible").all():
        box = button.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 32
    page.get_by_label("This face is invented").tap()
    page.get_by_role("button", name="Save", exact=True).last.tap()
    expect(page.get_by_role("heading", name="Noor Haddad", level=1)).to_be_visible()
    assert names(page) == order
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_photos_are_picked_from_the_library(page: Page) -> None:
    """Before the person is there, and for one that is: each picture comes as a photo, and is kept at once where there is somebody to keep it."""
    page.goto("/influencers/new/")
    page.get_by_label("Name").fill("Ines Prado")
    picked(page, 2)
    cards = page.locator("#photo-list > .photo")
    expect(cards).to_have_count(2)
    expect(page.locator("#checked")).to_contain_text("2 of 20")
    expect(cards.nth(1).get_by_role("button", name="Make face")).to_be_attached()
    page.get_by_label("This face is invented").check()
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_role("heading", name="Ines Prado", level=1)).to_be_visible()
    expect(cards).to_have_count(2)
    with page.expect_response(re.compile(r"/photos$")):
        picked(page, 1)
    expect(page.locator("#photo-count")).to_have_text("3")
    page.reload()
    expect(cards).to_have_count(3)


def picked(page: Page, count: int) -> None:
    """So many pictures of the drawer that the field does not hold yet."""
    page.get_by_role("button", name="Photos: library").click()
    free = page.locator("#picker .pick-item input:not(:checked):not(:disabled)")
    expect(free.first).to_be_attached()
    for _ in range(count):
        free.first.check(force=True)
    page.locator("#picker [data-add]").click()
    expect(page.locator("#picker")).to_have_count(0)


@pytest.mark.parametrize("where", ["/influencers/", "/influencers/new/", "/influencers/?show=theirs"])
def test_axe_finds_nothing(page: Page, where: str) -> None:
    page.goto(where)
    # As with twelve people: axe does not look at the contrast of a single character.
    page.locator(".nav-a[aria-current]").first.evaluate(TWELVE)
    assert look(page, where) == []


def test_photos_move_by_touch_and_without_script(
    context_of_owner: MakeContext, photos: list[dict[str, object]]
) -> None:
    page = context_of_owner(viewport=PHONE, java_script_enabled=False).new_page()
    page.goto("/influencers/new/")
    page.get_by_label("Name").fill("Noor")
    page.locator("#f-photos input[name=photo_files]").set_input_files([photos[5], photos[1]])  # type: ignore[arg-type]
    page.get_by_role("button", name="Add the chosen files").click()
    assert len(told(page)) == 2
    page.locator("#photo-list > .photo").first.get_by_role("button", name="later").click()
    assert page.get_by_label("Name").input_value() == "Noor"
    page.get_by_label("This face is invented").check()
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_role("heading", name="Noor", level=1)).to_be_visible()
    assert "Two faces: crop to one." in page.locator("#photo-list > .photo").first.inner_text()
