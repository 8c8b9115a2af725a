"""No key, no network, a wrong key, no credits, no public address, a service that stalls: every page answers, and says what is wrong first.

The pages are fetched as the browser fetches them, with its cookies; what stands on them is read where a person reads it: beside the offers and
on the button.
"""

from __future__ import annotations

import html
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from studio.engine.offers import needs_files
from studio.providers import shipped_offers
from studio.tools import all_tools

from .conftest import DESKTOP, watched, welcome
from .services import TITLES, Service, studio_beside, three_services
from .stack import Stack, free_port
from .walk import Walk

QUICK_SECONDS = 4.0
"""Far more than any page takes, and half of the time after which a silent service is given up."""
PAGES = ("/", "/create/", "/settings/connections/", "/spend/", "/rescue/", "/trash/", "/brands/")
FREE = ("static-ad", "speech")
"""Made on this server as well."""


@dataclass(frozen=True)
class Form:
    """What a tool's form says: on its button, and beside the offers."""

    tool: str
    button: str
    made_by: str


@pytest.fixture(scope="module")
def services() -> Iterator[Mapping[str, Service]]:
    with three_services() as services:
        yield services


@pytest.fixture(scope="module")
def stack(services: Mapping[str, Service], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with studio_beside(services, tmp_path_factory.mktemp("nothing"), f"127.0.0.1:{CLOSED}") as stack:
        yield stack


CLOSED = free_port()
"""Nobody listens there: this machine's nearest thing to no network."""


@pytest.fixture(scope="module")
def walk(
    browser: Browser, stack: Stack, services: Mapping[str, Service], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Walk]:
    problems: list[str] = []
    context = watched(browser.new_context(base_url=stack.url, viewport=DESKTOP, reduced_motion="reduce"), problems)
    context.set_default_timeout(15_000)
    walk = Walk(stack, services, context, tmp_path_factory.mktemp("files"), problems)
    welcome(walk.page, stack)
    yield walk
    context.close()
    assert not problems


def text_of(page: str, beginning: str, end: str) -> str:
    found = re.search(f"{beginning}(.*?){end}", page, re.DOTALL)
    assert found, f"The page has no {beginning}"
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", found[1])).split())


def fetched(page: Page, path: str) -> str:
    """A page as it stands now. Fails where it is not 200, or not quick."""
    began = time.monotonic()
    answer = page.request.get(path)
    took = time.monotonic() - began
    assert answer.status == 200, f"{path} answers {answer.status}."
    assert took < QUICK_SECONDS, f"{path} took {took:.1f} s."
    return answer.text()


def form_of(page: Page, tool: str) -> Form:
    text = fetched(page, f"/create/{tool}/")
    button = text_of(text, r'<span class="go" id="go">', r'<p class="hint">')
    return Form(tool, button, text_of(text, r'id="providers">', r"</section>"))


def every_form(page: Page) -> list[Form]:
    """All pages are asked for, the forms are told."""
    for path in PAGES:
        fetched(page, path)
    return [form_of(page, tool) for tool in all_tools()]


def makers(tool: str, *providers: str) -> list[str]:
    """Those of the services that make this, by what is shipped."""
    return [name for name in providers or TITLES if any(offer.tool == tool for offer in shipped_offers(name))]


def only(walk: Walk, *names: str) -> None:
    """These services are connected with their keys, and no others."""
    walk.page.goto("/settings/connections/")
    for service in walk.services.values():
        card = walk.card(service)
        if not card.get_by_text("Not connected").count():
            card.locator("summary", has_text="Remove").click()
            card.get_by_role("button", name=f"Yes, remove {service.title}").click()
            expect(card.locator(".pill")).to_have_text("Not connected")
        if service.name in names:
            walk.type_key(service, service.key)
            expect(card.locator(".pill")).to_have_text("Connected")


def ask(walk: Walk, service: Service) -> None:
    """Presses Test in its card and waits for the answer."""
    with walk.page.expect_response("**/test/"):
        walk.card(service).get_by_role("button", name=f"Test {service.title}").click()


def test_without_any_key_forms_lead_to_connections(walk: Walk) -> None:
    for form in every_form(walk.page):
        if form.tool in FREE:
            assert form.button.startswith("Generate"), form
        else:
            assert not form.button.startswith("Generate"), form
            assert any(f"{TITLES[name]}" in form.made_by for name in makers(form.tool)), form
            assert "It takes a minute: paste your team's key." in form.made_by, form


def test_without_a_network_a_key_is_kept_and_every_form_says_that_nobody_answered(walk: Walk) -> None:
    only(walk)
    for service in walk.services.values():
        away = Service(service.name, f"http://127.0.0.1:{CLOSED}", service.far)
        walk.type_key(away, service.key)
        card = walk.card(service)
        expect(card.locator(".pill")).to_have_text("Not tested")
        expect(card.locator(".tried")).to_contain_text("127.0.0.1 could not be reached.")
    for form in every_form(walk.page):
        if form.tool not in FREE and form.button.startswith("Generate"):
            assert "did not answer when it was last tried. 127.0.0.1 could not be reached." in form.made_by, form
            assert "What you generate waits until it does." in form.made_by, form


def test_without_a_public_address_what_needs_one_says_how_to_get_it(walk: Walk) -> None:
    only(walk, "influencer_studio")
    needing = [it.tool for it in shipped_offers("influencer_studio") if it.address == "url" and needs_files(it)]
    assert needing
    for form in every_form(walk.page):
        usable = [it for it in shipped_offers("influencer_studio") if it.tool == form.tool and not needs_files(it)]
        if form.tool in needing and not usable:
            assert not form.button.startswith("Generate"), form
            assert "Nothing on the internet reaches this installation yet" in form.made_by, form
            assert "set a public address in Settings, Connections" in form.made_by, form


def test_without_credits_forms_say_so_and_where_to_top_up(walk: Walk) -> None:
    studio = walk.services["influencer_studio"]
    only(walk, "influencer_studio")
    studio.far.set(balance=0)
    ask(walk, studio)
    expect(walk.card(studio).locator(".pill")).to_have_text("No credits")
    for form in every_form(walk.page):
        if makers(form.tool) == ["influencer_studio"] and form.tool != "face":
            assert not form.button.startswith("Generate"), form
            assert "No credits are left at Influencer Studio. Top up there" in form.made_by, form
    studio.far.set(balance=10_000.0)


def test_a_key_that_is_refused_later_stops_forms_with_its_reason(walk: Walk) -> None:
    only(walk, *TITLES)
    for service in walk.services.values():
        service.far.forget_keys()
        card = walk.card(service)
        ask(walk, service)
        expect(card.locator(".pill")).to_have_text("Key refused")
        expect(card.locator(f"#new-{service.name}-error")).to_be_visible()
    for form in every_form(walk.page):
        if form.tool not in FREE:
            assert not form.button.startswith("Generate"), form
            assert "key" in form.made_by, form
    for service in walk.services.values():
        service.far.allow(key=service.key)


def test_a_service_that_stalls_holds_up_no_page(walk: Walk) -> None:
    only(walk, *TITLES)
    for service in walk.services.values():
        service.far.always(path="*", hold="for ever")
    page, card = walk.page, walk.card(walk.services["videogen"])
    card.get_by_role("button", name="Test VideoGen").click()
    every_form(page)
    expect(page.locator(".toast").last).to_contain_text("127.0.0.1 did not answer within 8 s.", timeout=20_000)
    for service in walk.services.values():
        service.far.clear()
