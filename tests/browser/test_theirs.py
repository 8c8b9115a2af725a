"""At your providers by keyboard alone, and every state of it for axe."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from .conftest import MakeContext
from .stack import Stack
from .test_accessible import look

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
