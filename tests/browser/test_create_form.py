"""The tool's form in a browser: by keyboard alone, its draft, its faults, and one brief for an impatient hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, Route, ViewportSize, expect

from .conftest import DESKTOP, PHONE
from .stack import Stack

FORM = "/create/static-ad/"
CONNECT = """
from django.utils import timezone
from studio.engine import secrets
from studio.models import CatalogueItem, Connection, Team
team = Team.objects.order_by("pk").first()
for provider in ("influencer_studio", "videogen"):
    Connection.objects.get_or_create(
        team=team, provider=provider, defaults={"key": secrets.conceal("k"), "last4": "1234", "catalogue_at": timezone.now()}
    )
listed = Connection.objects.get(provider="videogen")
for number, name in enumerate(("Hugo Marchetti", "Ines Duarte")):
    CatalogueItem.objects.get_or_create(
        connection=listed, kind="voice", remote_id=f"v{number}",
        defaults={"team": team, "title": name, "search_text": name.lower(), "seen_at": timezone.now()},
    )
"""


@pytest.fixture(scope="module")
def keys(stack: Stack, owner_state: object) -> None:
    """Two services with a key of the team's; none of these tests sends anything to them."""
    stack.manage("shell", "-c", CONNECT)


@pytest.mark.usefixtures("keys")
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_forms_of_many_tools_are_accessible(
    context_of_owner: Callable[..., BrowserContext], viewport: ViewportSize, scheme: str
) -> None:
    page = context_of_owner(viewport=viewport, color_scheme=scheme).new_page()
    for path in (
        "",
        "video/?offer=videogen:video:clip",
        "speech/",
        "text/",
        "reference-video/",
        "video-upscale/",
        "slideshow/",
    ):
        page.goto(f"/create/{path}")
        found = Axe().run(page)
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], path


@pytest.mark.usefixtures("keys")
def test_another_model_changes_the_form_and_keeps_the_words(page: Page) -> None:
    page.goto("/create/video/?offer=videogen:video:clip")
    page.fill("#f-prompt", "The box opens")
    page.get_by_text("High", exact=True).click()
    page.locator(".prov", has_text="Veo 3.1").click()
    expect(page.locator(".not-used")).to_contain_text("Not used by Veo 3.1: Quality")
    expect(page.locator("#f-prompt")).to_have_value("The box opens")
    expect(page.locator("input[name=duration][value='8']")).to_be_checked()
    page.locator(".prov", has_text="VideoGen clip").click()
    expect(page.locator("input[name=quality][value=high]")).to_be_checked()
    expect(page.locator(".not-used")).to_have_count(0)


@pytest.mark.usefixtures("keys")
def test_rows_and_own_work_are_added_in_place(page: Page) -> None:
    page.goto("/create/reference-video/")
    page.fill("#f-prompt", "@Element1 waves")
    page.get_by_role("button", name="Add a shot").click()
    page.fill("#f-shots-0-prompt", "The hand")
    page.get_by_role("button", name="Add a shot").click()
    expect(page.locator("#f-shots-0-prompt")).to_have_value("The hand")
    page.get_by_role("button", name="Move shot 2 up").click()
    expect(page.locator("#f-shots-1-prompt")).to_have_value("The hand")
    expect(page.locator("#f-prompt")).to_have_value("@Element1 waves")
    zone = page.locator("#field-f-images")
    zone.get_by_role("button", name="Style pictures: library").click()
    page.locator("#picker .pick-item label").first.click()
    page.locator("#picker [data-add]").click()
    expect(zone.locator(".thumb-card img")).to_have_count(1)


@pytest.mark.usefixtures("keys")
def test_a_draft_comes_back_with_its_model(page: Page) -> None:
    page.goto("/create/video/")
    page.locator(".prov", has_text="VideoGen clip").click()
    expect(page.locator("#f-dialogue")).to_be_visible()
    page.fill("#f-dialogue", "Look at this")
    page.wait_for_timeout(400)
    page.goto("/create/")
    page.goto("/create/video/")
    expect(page.locator("#f-dialogue")).to_have_value("Look at this")
    page.click("[data-start-over]")
    expect(page.locator("#draft-note")).to_be_hidden()


def test_an_ad_is_made_by_keyboard_alone(page: Page) -> None:
    page.goto(FORM)
    page.locator("#f-headline").focus()
    page.keyboard.type("Monday, *cancelled*.")
    expect(page.locator("#preview img")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#strip article")).to_have_count(1)
    expect(page.locator("#f-headline")).to_have_value("Monday, *cancelled*.")
    assert "?brief=" in page.url


def test_a_double_click_makes_one_brief(page: Page) -> None:
    page.goto(FORM)
    page.fill("#f-headline", "Twice")
    page.dblclick(".sum button[data-busy]")
    expect(page.locator("#strip article").first).to_be_visible()
    expect(page.locator(".sum button[data-busy]")).not_to_have_attribute("aria-busy", "true")
    expect(page.locator("#strip article")).to_have_count(1)


def test_a_fault_takes_the_focus_and_leads_to_its_field(context_of_owner: Callable[..., BrowserContext]) -> None:
    # A page of its own: the browser writes every 422 to the console, which the `page` fixture counts as a problem.
    page = context_of_owner().new_page()
    page.goto(FORM)
    page.fill("#f-headline", "x" * 134)
    page.keyboard.press("Control+Enter")
    link = page.get_by_role("link", name="The headline has 134 characters; 120 fit.")
    expect(page.locator("#problems .banner")).to_be_focused()
    link.click()
    expect(page.locator("#f-headline")).to_be_focused()
    expect(page.locator("#f-headline")).to_have_attribute("aria-invalid", "true")
    assert Axe().run(page).violations_count == 0


def test_the_draft_of_this_tab_comes_back_and_can_be_dropped(page: Page) -> None:
    page.goto(FORM)
    page.fill("#f-headline", "Half a thought")
    page.goto("/create/")
    page.goto(FORM)
    expect(page.locator("#f-headline")).to_have_value("Half a thought")
    page.click("[data-start-over]")
    expect(page.locator("#f-headline")).to_have_value("")


@pytest.mark.usefixtures("keys")
def test_what_is_typed_while_another_models_fields_are_coming_is_kept(
    context_of_owner: Callable[..., BrowserContext],
) -> None:
    page = context_of_owner().new_page()
    page.goto("/create/video/?offer=videogen:video:clip")
    held: list[Route] = []
    page.route("**/fields", lambda route: held.append(route))
    page.locator("#f-prompt").evaluate("(node) => { node.dataset.old = ''; }")
    with page.expect_request("**/fields"):
        page.locator("label.prov:has(input:enabled:not(:checked))").first.click()
    page.locator("#f-prompt").fill("Steam over a cup, slow")
    held[0].continue_()
    fresh = page.locator("#f-prompt:not([data-old])")
    expect(fresh).to_have_value("Steam over a cup, slow")
