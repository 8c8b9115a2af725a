"""A real Chromium against a running Backlot. The stack and the browser live as long as the session; every test has a context of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from tests.browser_install import find_chromium

from .stack import PASSWORD, Stack, running

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
OWNER = "maya@example.com"

expect.set_options(timeout=15_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One stack and one browser: these tests share a test process."""
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_chromium()
    assert path, "No Chromium. `make test` installs one; by hand: python -m tests.browser_install."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Backlot with the demo brand, and an owner who has come in by the printed link."""
    with running(tmp_path_factory.mktemp("stack")) as stack:
        yield stack


@pytest.fixture(scope="session")
def owner_state(stack: Stack, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The owner's cookies, from really using the welcome form once."""
    context = browser.new_context(base_url=stack.url)
    page = context.new_page()
    welcome(page, stack)
    path = tmp_path_factory.mktemp("state") / "owner.json"
    context.storage_state(path=path)
    context.close()
    return path


def welcome(page: Page, stack: Stack) -> None:
    page.goto(stack.welcome_url)
    page.get_by_label("Your name").fill("Maya")
    page.get_by_label("E-mail").fill(OWNER)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main form button[type=submit], form button[type=submit]").first.click()
    expect(page).to_have_url(f"{stack.url}/")


MakeContext = Callable[..., BrowserContext]


@pytest.fixture
def context_of_owner(browser: Browser, stack: Stack, owner_state: Path) -> Iterator[MakeContext]:
    """Makes signed-in contexts: `context_of_owner(viewport=PHONE, color_scheme="dark", java_script_enabled=False)`."""
    made: list[BrowserContext] = []

    def make(**options: object) -> BrowserContext:
        context = browser.new_context(  # type: ignore[arg-type]
            base_url=stack.url,
            storage_state=owner_state,
            **{"viewport": DESKTOP, "reduced_motion": "reduce", **options},
        )
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


@pytest.fixture
def page(context_of_owner: MakeContext) -> Iterator[Page]:
    """The owner's page at desktop width. The test fails on any script error or broken request of our own."""
    page = context_of_owner().new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on(
        "response",
        lambda response: problems.append(f"{response.status} {response.url}") if response.status >= 500 else None,
    )
    yield page
    assert not problems
