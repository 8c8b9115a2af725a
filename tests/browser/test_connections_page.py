"""Forms of the Connections page, answered in place."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from .stack import Stack

CONNECT = """
from django.utils import timezone
from studio.engine import secrets
from studio.models import Connection, Team
key = secrets.conceal("vt_live_0123456789abcdef")
Connection.objects.create(team=Team.objects.order_by('pk').first(), provider="videotok", key=key, base_url="http://127.0.0.1:9/api/v1", tested_at=timezone.now())
"""
READ = """
from django.utils import timezone
from studio.live import outbox
from studio.models import Connection
kept = Connection.objects.get(provider="videotok")
kept.items.create(team_id=kept.team_id, kind="avatar", remote_id="a", title="Ada", seen_at=timezone.now())
kept.catalogue_at = timezone.now()
kept.save(update_fields=["catalogue_at"])
outbox.append("connection", kept.pk, team_id=kept.team_id)
"""
REMOVE = "from studio.models import Connection; Connection.objects.filter(provider='videotok').delete()"


@pytest.fixture
def connected(stack: Stack, owner_state: object) -> Iterator[None]:
    """A key of a service that nobody can reach."""
    stack.manage("shell", "-c", CONNECT)
    yield
    stack.manage("shell", "-c", REMOVE)


def test_what_is_wrong_is_told_at_its_field_without_a_reload(page: Page) -> None:
    page.goto("/settings/connections/")
    page.evaluate("window.same = true")
    card = page.locator("#card-videotok")
    card.get_by_role("button", name="Save and test").click()
    expect(card.get_by_text("Paste the key.")).to_be_visible()
    expect(card.get_by_label("API key")).to_be_focused()
    page.get_by_label("Address", exact=True).fill("http://studio.example.com")
    page.get_by_role("button", name="Try and save").click()
    expect(page.locator("#public-url-error")).to_contain_text("Only https:// is opened.")
    expect(page.get_by_label("Address", exact=True)).to_be_focused()
    expect(page.get_by_label("Address", exact=True)).to_have_value("http://studio.example.com")
    assert page.evaluate("window.same")


def test_a_key_field_keeps_no_key(page: Page) -> None:
    """Neither the browser's store of passwords nor the page's history shall hold it."""
    page.goto("/settings/connections/")
    field = page.locator("#card-videogen").get_by_label("API key").first
    expect(field).to_have_attribute("type", "password")
    expect(field).to_have_attribute("autocomplete", "off")


def test_one_button_at_a_time_and_its_answer_is_shown(page: Page, connected: None) -> None:
    """Each answer replaces the card: one that came for a button of the old card would be lost with it."""
    page.goto("/settings/connections/")
    held: list[Route] = []
    page.route("**/test/", lambda route: held.append(route))
    card = page.locator("#card-videotok")
    test, refresh = card.get_by_role("button", name="Test Videotok"), card.get_by_role("button", name="Refresh what")
    test.click()
    expect(refresh).to_be_disabled()
    expect(card.get_by_role("button", name="Pause Videotok")).to_be_disabled()
    expect(page.get_by_role("button", name="Try and save")).to_be_enabled()
    expect(test).to_be_focused()
    expect(test).to_contain_text("Asking")
    refresh.evaluate("button => button.form.requestSubmit()")  # As Enter in another form of the card would.
    held[0].continue_()
    expect(card.locator(".tried .note")).to_contain_text("just now")
    expect(test).to_be_focused()
    refresh.click()
    expect(card).to_contain_text("The list could not be read")
    expect(refresh).to_be_enabled()


def test_a_card_shows_what_is_listed_once_it_is_read(page: Page, stack: Stack, connected: None) -> None:
    page.goto("/settings/connections/")
    page.evaluate("window.same = true")
    card = page.locator("#card-videotok")
    expect(card.locator(".facts")).to_contain_text("being read now")
    card.get_by_text("Advanced").click()
    card.get_by_label("Base address").fill("https://half.typed")
    stack.manage("shell", "-c", READ)
    expect(card.locator(".facts")).to_contain_text("1 avatar")
    expect(card.locator("#listed-videotok")).not_to_have_attribute("hx-trigger", re.compile("."))
    expect(card.get_by_label("Base address")).to_have_value("https://half.typed")
    assert page.evaluate("window.same")
