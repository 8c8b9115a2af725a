"""The board of references by hand: save, paste, file, use a look, all by keyboard; from an empty board on, at both widths."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import count

import pytest
from playwright.sync_api import Locator, Page, expect

from studio.models import Visibility

from .conftest import DESKTOP, PHONE, MakeContext
from .stack import PASSWORD, Stack
from .steps import DEMO_PICTURES, FORM
from .test_accessible import look

BOARD = "/references/"
WALL = DEMO_PICTURES.parents[3] / "static" / "img" / "wall"
TEN = [
    *(WALL / f"{name}.webp" for name in ("can-blue", "can-sun", "can", "candle", "flask-green", "flask", "serum-sand")),
    *(DEMO_PICTURES / f"cut_{name}.png" for name in ("can", "flask", "serum")),
]
NOTICE_MS = 60_000
"""The worker looks at a picture in a second or two; it may be at another's work."""

NEW_TEAM = """
from studio.models import Team, User, Workspace
team = Team.objects.create(name="Quiet house")
Workspace.objects.create(team=team, name="Quiet house")
User.objects.create_user({email!r}, "Noor Hale", {password!r}).memberships.create(team=team, role="owner")
"""
SAVE_ROWS = """
import random
from studio.media.looks import look_of
from studio.models import User, Workspace
from tests.engine.labelled import DRAWN
from tests.factories import make_reference
workspace = Workspace.objects.get(team__memberships__user__email={email!r})
for layout in ("arch", "poster", "review"):
    look = look_of(DRAWN[layout]((320, 400), random.Random(1)))
    make_reference(workspace, label="Like " + layout, look=look, **{fields!r})
"""
GIVE = """async ([kind, address, name]) => {
  const blob = await (await fetch(address)).blob();
  const transfer = new DataTransfer();
  transfer.items.add(new File([blob], name, { type: 'image/webp' }));
  const how = { bubbles: true, cancelable: true };
  const event = kind === 'paste'
    ? new ClipboardEvent('paste', { clipboardData: transfer, ...how })
    : new DragEvent('drop', { dataTransfer: transfer, ...how });
  document.body.dispatchEvent(event);
}"""

MakePage = Callable[..., Page]
_numbers = count(1)


@pytest.fixture
def email() -> str:
    return f"noor{next(_numbers)}@example.com"


@pytest.fixture
def newcomer(context_of_owner: MakeContext, stack: Stack, email: str) -> MakePage:
    """Pages of the owner of a new team, which has saved nothing yet."""
    stack.manage("shell", "-v", "0", "-c", NEW_TEAM.format(email=email, password=PASSWORD))

    def make(**options: object) -> Page:
        page = context_of_owner(storage_state=None, **options).new_page()
        page.goto("/sign-in/")
        page.get_by_label("Email").fill(email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page).to_have_url(re.compile(r"/$"))
        return page

    return make


def open_menu(page: Page) -> None:
    """By its key; what is typed next goes into the menu only once it is open."""
    page.keyboard.press("n")
    expect(page.get_by_label("Name")).to_be_visible()


def tab_to(page: Page, what: str) -> None:
    """By Tab alone to the next element that matches a selector."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("what => document.activeElement.matches(what)", what):
            return
    raise AssertionError(f"Tab never comes to {what}.")


def open_more(page: Page) -> None:
    """The part of the form that holds the saved references, which is folded at first."""
    page.locator("details.more-words", has=page.locator("#f-reference-list")).locator("summary").first.click()
    expect(page.locator("#f-reference-list")).to_be_visible()


def tiles(page: Page) -> Locator:
    return page.locator(".tile.ref:not(.saving)")


def tile_of(page: Page, label: str) -> Locator:
    return tiles(page).filter(has_text=label)


def test_saved_filed_and_used_by_keyboard(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("g")
    page.keyboard.press("r")
    expect(page.get_by_role("heading", name="References", exact=True)).to_be_visible()
    open_menu(page)
    page.set_input_files("#save-files", DEMO_PICTURES / "candle_dark.jpg")
    page.get_by_label("Name").focus()
    page.keyboard.type("Customer quote by candle light")
    page.keyboard.press("Enter")
    tile = tile_of(page, "Customer quote by candle light")
    expect(tile).to_be_visible(timeout=30_000)
    expect(page.locator("#save-pop > summary")).to_be_focused()
    tile.locator(".pic").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Customer quote by candle light")).to_be_visible()
    expect(page.locator("#look .palette button")).to_have_count(5, timeout=NOTICE_MS)  # It came by itself.
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


@pytest.mark.parametrize("way", ["paste", "drop", "menu"])
def test_the_first_one_of_an_empty_board_can_be_worked_with(newcomer: MakePage, way: str) -> None:
    page = newcomer()
    page.goto(BOARD)
    bar, empty = page.locator(".bulk"), page.get_by_role("heading", name="What good looks like")
    expect(empty).to_be_visible()
    expect(bar).to_be_hidden()
    if way == "menu":
        open_menu(page)
        page.set_input_files("#save-files", WALL / "flask.webp")
        page.get_by_label("Name").press("Enter")
    else:
        page.evaluate(GIVE, [way, "/static/img/wall/flask.webp", "flask.webp"])
    fresh = tile_of(page, "Flask")
    expect(fresh).to_be_visible(timeout=30_000)
    expect(empty).to_be_hidden()
    expect(bar).to_be_hidden()  # Nothing is selected yet.
    fresh.locator(".pic").focus()
    page.keyboard.press("x")
    expect(bar.locator("[data-count]")).to_have_text("1 selected")
    # The tile follows the worker, and stays selected and in hand.
    expect(fresh.locator(".tag.maybe")).to_be_visible(timeout=NOTICE_MS)
    expect(fresh.get_by_role("checkbox")).to_be_checked()
    expect(fresh.locator(".pic")).to_be_focused()
    page.keyboard.press("f")
    expect(page.locator(".toast", has_text="1 of 1 reference filed as suggested.")).to_be_visible()
    filed = fresh.locator(".tag:not(.maybe)")
    expect(filed).to_be_visible()
    expect(bar).to_be_hidden()
    expect(fresh.locator(".pic")).to_be_focused()
    page.locator("#board summary", has_text="Filed under").click()
    page.locator("#board details[open] .item", has_text=filed.inner_text()).click()
    expect(page.locator("#board .sel.on")).to_have_text(re.compile(filed.inner_text()))
    expect(tiles(page)).to_have_count(1)
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    expect(page.get_by_role("heading", name="Nothing matches")).to_be_visible()
    page.keyboard.press("u")  # Undo
    expect(tiles(page)).to_have_count(1)


def test_what_cannot_be_saved_leaves_the_empty_board_as_it_was(newcomer: MakePage) -> None:
    page = newcomer()
    page.goto(BOARD)
    page.evaluate(GIVE, ["drop", "/static/js/early.js", "early.webp"])
    expect(page.locator(".toast.bad")).to_contain_text("early.webp: ")
    expect(page.get_by_role("heading", name="What good looks like")).to_be_visible()
    expect(page.locator("#board-wall")).to_be_hidden()
    page.goto(f"{BOARD}?archived=1")
    page.evaluate(GIVE, ["drop", "/static/img/wall/jar.webp", "jar.webp"])
    # What is new is not among the archived ones: the board shows it where it is.
    expect(page).to_have_url(re.compile(r"/references/\??$"), timeout=30_000)
    expect(tile_of(page, "Jar")).to_be_visible()


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_ten_are_filed_by_suggestion_by_keyboard_alone(newcomer: MakePage, viewport: dict[str, int]) -> None:
    page = newcomer(viewport=viewport)
    # From here on the browser hands file dialogs to us: asked for only when one opens, it may show the dialog first.
    page.on("filechooser", lambda chooser: None)
    page.goto(BOARD)
    open_menu(page)
    page.keyboard.press("Tab")
    expect(page.locator("#save-files")).to_be_focused()
    with page.expect_file_chooser() as choosing:
        page.keyboard.press("Enter")
    choosing.value.set_files(TEN)
    tab_to(page, "#save-pop .btn[data-busy]")
    page.keyboard.press("Enter")
    expect(tiles(page)).to_have_count(10, timeout=60_000)
    expect(page.locator(".tag.maybe")).to_have_count(10, timeout=NOTICE_MS)
    suggested = sorted(text.split("?")[0].strip() for text in page.locator(".tag.maybe").all_inner_texts())
    assert len(set(suggested)) >= 3
    page.keyboard.press("Control+a")
    expect(page.locator(".bulk [data-count]")).to_have_text("10 selected")
    page.keyboard.press("f")
    expect(page.locator(".toast", has_text="10 of 10 references filed as suggested.")).to_be_visible()
    filed = page.locator(".tag:not(.maybe)")
    expect(filed).to_have_count(10)
    assert sorted(text.strip() for text in filed.all_inner_texts()) == suggested
    tab_to(page, ".tile .pic")
    page.keyboard.press("ArrowRight")
    label = tiles(page).nth(1).locator(".under b").inner_text()
    page.keyboard.press("x")
    page.keyboard.press("Delete")
    expect(page.locator(".toast", has_text="1 reference archived.")).to_be_visible()
    expect(tiles(page)).to_have_count(9)
    expect(tile_of(page, label)).to_have_count(0)
    page.keyboard.press("u")
    expect(tile_of(page, label)).to_be_visible()
    expect(tiles(page)).to_have_count(10)
    # Under its target it is found by the filter.
    tab_to(page, "#board summary:has(+ .menu a[href*='target='])")
    page.keyboard.press("Enter")
    page.keyboard.type(suggested[0])
    page.keyboard.press("Enter")
    expect(tiles(page)).to_have_count(suggested.count(suggested[0]))
    expect(page.locator(".tag", has_text=suggested[0])).to_have_count(suggested.count(suggested[0]))


def test_the_list_in_a_form_follows_the_template(newcomer: MakePage, stack: Stack, email: str) -> None:
    stack.manage("shell", "-v", "0", "-c", SAVE_ROWS.format(email=email, fields={}))
    page = newcomer()
    page.goto(f"{FORM}?template=poster")
    open_more(page)
    names = page.locator("#f-reference-list .thing-box b")
    expect(names).to_have_text([re.compile("Like poster"), re.compile("Like "), re.compile("Like ")])
    poster = page.get_by_role("radio", name="Like poster")
    poster.check(force=True)
    review = page.locator("input[name=template][value=review]")
    review.focus()
    page.keyboard.press("Space")
    # What is picked leads the list; then comes what fits.
    expect(names).to_have_text(["Like poster", "Like review", "Like arch"])
    expect(poster).to_be_checked()
    expect(review).to_be_focused()
    page.locator("#f-reference-list .none input").check(force=True)
    page.locator("input[name=template][value=arch]").check(force=True)
    expect(names.first).to_have_text("Like arch")
    expect(page.locator("#f-reference-list .none input")).to_be_checked()


def test_what_is_picked_while_the_list_is_on_its_way_stays(newcomer: MakePage, stack: Stack, email: str) -> None:
    stack.manage("shell", "-v", "0", "-c", SAVE_ROWS.format(email=email, fields={}))
    page = newcomer()
    page.goto(f"{FORM}?template=poster")
    open_more(page)
    held: list[Callable[[], None]] = []
    page.route("**/things/reference*", lambda route: held.append(route.continue_))
    with page.expect_request("**/things/reference*"):
        page.locator("input[name=template][value=review]").check(force=True)
    arch = page.get_by_role("radio", name="Like arch")
    arch.check(force=True)
    arch.focus()
    held.pop()()
    names = page.locator("#f-reference-list .thing-box b")
    expect(names.first).to_have_text("Like review")
    expect(arch).to_be_checked()
    expect(arch).to_be_focused()


def test_a_pasted_picture_is_saved_and_archived_with_undo(page: Page) -> None:
    page.goto(BOARD)
    before = tiles(page).count()
    page.evaluate(GIVE, ["paste", "/static/img/wall/jar.webp", "pasted sun.webp"])
    fresh = tile_of(page, "Pasted sun")
    expect(fresh).to_be_visible(timeout=30_000)
    fresh.locator(".pic").focus()
    page.keyboard.press("x")
    expect(page.locator(".bulk [data-count]")).to_have_text("1 selected")
    page.get_by_role("button", name="Archive").click()
    expect(tiles(page)).to_have_count(before)
    page.get_by_role("button", name="Undo").click()
    expect(tile_of(page, "Pasted sun")).to_be_visible()


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


def test_the_pages_are_accessible(newcomer: MakePage, stack: Stack, email: str) -> None:
    page = newcomer()
    for path in (BOARD, f"{BOARD}?q=nothing-like-it", f"{BOARD}presets/", f"{BOARD}waiting/"):
        page.goto(path)
        assert look(page, f"empty {path}") == []
    stack.manage("shell", "-v", "0", "-c", SAVE_ROWS.format(email=email, fields={"visibility": Visibility.ASKED.value}))
    page.goto(BOARD)
    expect(tiles(page)).to_have_count(3)
    assert look(page, "board") == []
    tiles(page).first.locator(".pic").focus()
    page.keyboard.press("x")
    expect(page.locator(".bulk")).to_be_visible()
    assert look(page, "selection") == []
    page.keyboard.press("Escape")
    open_menu(page)
    assert look(page, "save menu", "target-size") == []
    page.goto(f"{BOARD}waiting/")
    assert look(page, "waiting") == []
    page.goto(BOARD)
    tiles(page).first.locator(".pic").click()
    expect(page.locator("#look .palette")).to_be_visible()
    assert look(page, "own page") == []
    page.get_by_role("button", name="Archive").click()
    expect(page.locator(".banner")).to_contain_text("is archived")
    assert look(page, "archived page") == []
