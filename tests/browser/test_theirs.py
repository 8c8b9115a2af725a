"""At your providers by keyboard alone, and every state of it for axe."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from .conftest import MakeContext, welcome
from .services import three_services
from .stack import Stack
from .test_accessible import look
from .walk import READY_MS, Walk, walking

FILL = """
from django.utils import timezone
from studio.engine import secrets
from studio.models import Brand, CatalogueItem, Connection, Output, Team, Use
team = Team.objects.order_by("pk").first()
now = timezone.now()
rows = {}
for provider in ("videogen", "videotok"):
    rows[provider], _ = Connection.objects.get_or_create(team=team, provider=provider, defaults={
        "key": secrets.conceal("a key of nobody"), "base_url": "https://api.nobody.invalid", "catalogue_at": now})
for provider, kind, title in (("videogen", "voice", "Quiet narrator"), ("videogen", "voice", "Loud narrator"), ("videotok", "brand_kit", "House brand")):
    CatalogueItem.objects.get_or_create(team=team, connection=rows[provider], kind=kind, remote_id=title.lower(), defaults={
        "title": title, "search_text": title.lower(), "seen_at": now})
brand = Brand.objects.filter(team=team).order_by("pk").first()
for output in Output.objects.filter(team=team, deleted_at=None)[:3]:
    Use.objects.get_or_create(team=team, workspace=output.workspace, generation=output.generation, object_kind="brand", object_id=brand.pk)
print(brand.pk)
"""


@pytest.fixture(scope="module")
def brand_id(stack: Stack, owner_state: object) -> str:
    """Two accounts with what they listed, and the demo's brand in use."""
    return stack.manage("shell", "-v", "0", "-c", FILL).strip().splitlines()[-1]


def test_a_voice_is_imported_by_keyboard_alone(page: Page, brand_id: str) -> None:
    page.goto("/")
    page.keyboard.press("g")
    page.keyboard.press("p")
    expect(page.get_by_role("heading", name="At your providers", level=1)).to_be_visible()
    page.locator("#main").get_by_role("link", name="Voices").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Voices at VideoGen", level=1)).to_be_visible()
    expect(page.locator(".their", has_text="narrator")).to_have_count(2)
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("quiet")
    expect(page.locator(".their")).to_have_count(1)
    button = page.get_by_role("button", name="Import Quiet narrator")
    button.focus()
    page.keyboard.press("Enter")
    here = page.get_by_role("link", name="Quiet narrator is in your library: open it")
    expect(here).to_be_focused()
    expect(page.locator("#toasts")).to_contain_text("“Quiet narrator” is in your library.")


def test_every_state_is_accessible(context_of_owner: MakeContext, brand_id: str) -> None:
    page = context_of_owner().new_page()
    found = []
    for path in (
        "/at-your-providers/",
        "/at-your-providers/videogen/voice/",
        "/at-your-providers/videogen/voice/?q=zebra",
        "/at-your-providers/videogen/file/",
        "/at-your-providers/videotok/brand_kit/",
        f"/library/brand/{brand_id}/used/",
    ):
        page.goto(path)
        found += look(page, path)
    assert found == []


def test_trouble_at_one_service_is_told_there(page: Page, brand_id: str) -> None:
    page.goto("/at-your-providers/videogen/file/")
    expect(page.get_by_role("alert")).to_contain_text("No server is known by the name api.")
    expect(page.get_by_role("link", name="Try again")).to_be_visible()


@pytest.fixture(scope="module")
def far(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    """A Backlot of its own beside three scripted services that have something already."""
    with three_services() as services:
        for name, kind in (("Kettle.png", "image"), ("Steam.mp4", "video"), ("Jingle.mp3", "audio")):
            services["videogen"].far.add_file(name=name, kind=kind)
        services["influencer_studio"].far.own_influencer(name="Ada Rivers")
        services["influencer_studio"].far.own_voice(name="Late radio")
        services["influencer_studio"].far.foreign(path="/music/generate", title="Slow morning", style="calm")
        with walking(browser, services, tmp_path_factory.mktemp("theirs")) as walk:
            welcome(walk.page, walk.stack)
            walk.connect()
            yield walk


def card(page: Page, name: str) -> Locator:
    return page.locator(".their", has_text=name)


def test_videogens_files_are_kept_in_order_by_keyboard_alone(far: Walk) -> None:
    page = far.page
    page.goto("/at-your-providers/videogen/file/")
    expect(card(page, "Kettle.png").locator("img")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("kettle")
    page.keyboard.press("Enter")
    expect(page.locator(".their")).to_have_count(1)
    page.get_by_role("button", name="Import Kettle.png").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Kettle.png is in your library: open it")).to_be_focused()
    press(page, "Kettle.png", "Turn the link on")
    expect(card(page, "Kettle.png").locator(".chip")).to_have_text("Public")
    expect(card(page, "Kettle.png").get_by_label("More for Kettle.png")).to_be_focused()
    page.keyboard.press("Enter")
    expect(card(page, "Kettle.png").get_by_role("link", name="/media/public-")).to_be_visible()
    page.keyboard.press("Enter")
    press(page, "Kettle.png", "Turn the link off")
    expect(card(page, "Kettle.png").locator(".chip")).to_have_count(0)
    press(page, "Kettle.png", "Archive it there")
    expect(card(page, "Kettle.png").get_by_text("Archived at VideoGen")).to_be_focused()
    assert far.services["videogen"].paid == []


def press(page: Page, name: str, button: str) -> None:
    """In a card's menu, by its keys."""
    card(page, name).get_by_label(f"More for {name}").focus()
    page.keyboard.press("Enter")
    card(page, name).get_by_role("button", name=button).focus()
    page.keyboard.press("Enter")


def test_every_shelf_of_three_accounts_is_accessible(far: Walk) -> None:
    page = far.page
    page.goto("/at-your-providers/")
    for name in far.services:  # What was just connected is still being read; the page says so, and looks by itself.
        expect(page.locator(f"#at-{name}")).not_to_have_attribute("hx-select", re.compile("."), timeout=60_000)
    found = look(page, "the accounts")
    addresses = page.locator(".peek").evaluate_all("nodes => nodes.map(node => node.getAttribute('href'))")
    assert len(addresses) > 8
    for address in addresses:
        page.goto(address)
        expect(page.locator(".their").first).to_be_visible()
        found += look(page, address)
    page.goto("/at-your-providers/videogen/file/")
    page.get_by_label("More for Steam.mp4").click()
    found += look(page, "a file's menu")
    assert found == [], "\n".join(found)


def test_files_people_voices_and_tracks_are_imported_once(far: Walk) -> None:
    page = far.page
    for address, name in (
        ("videogen/file/", "Jingle.mp3"),
        ("videogen/voice/", "Rowan"),
        ("influencer_studio/influencer/", "Ada Rivers"),
        ("influencer_studio/voice/", "Late radio"),
        ("influencer_studio/track/", "Slow morning"),
    ):
        page.goto(f"/at-your-providers/{address}")
        page.get_by_role("button", name=f"Import {name}").first.dblclick()
        done = page.get_by_role("link", name=re.compile(rf"{name}.* is in your library: open it"))
        expect(done).to_have_count(1, timeout=READY_MS)
        page.reload()
        expect(done).to_have_count(1)
    assert [it for service in far.services.values() for it in service.paid] == []
