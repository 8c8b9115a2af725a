"""A real Chromium against a running Backlot. The stack and the browser live as long as the session; every test has a context of its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize, expect, sync_playwright

from tests.browser_install import find_chromium
from tests.media.servers import Server

from .site import website
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
EXPECTED = (
    # A refused form is answered with 422, which Chromium reports by itself.
    "Failed to load resource: the server responded with a status of 422",
    # htmx says so when a newer preview replaces the one under way.
    "htmx:sendAbort, ",
    "htmx:afterRequest, ",
)

expect.set_options(timeout=15_000)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    path = find_chromium()
    assert path, "No Chromium. `make test` installs one; by hand: python -m tests.browser_install."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def site() -> Iterator[Server]:
    """A maker's website, which the stack may read although it is local."""
    with website() as server:
        yield server


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory, site: Server) -> Iterator[Stack]:
    """Backlot with the demo brand, and an owner who has come in by the printed link."""
    with running(tmp_path_factory.mktemp("stack"), BACKLOT_PRIVATE_HOSTS=f"127.0.0.1:{site.port}") as stack:
        yield stack


@pytest.fixture(scope="package")
def owner_state(stack: Stack, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The owner's cookies, from really using the welcome form once."""
    context = browser.new_context(base_url=stack.url)
    page = context.new_page()
    welcome(page, stack)
    expect(page.locator("#days .tile")).to_have_count(3)
    expect(page.locator("#days .tile.live")).to_have_count(0, timeout=60_000)  # The demo's ads are rendered by now.
    path = tmp_path_factory.mktemp("state") / "owner.json"
    context.storage_state(path=path)
    context.close()
    return path


FILL = """
from studio.models import User, Workspace
from tests.factories import make_outputs
make_outputs(Workspace.objects.order_by("id").first(), 150, User.objects.order_by("pk").first(), minutes_apart=60)
"""


@pytest.fixture(scope="package")
def full_wall(stack: Stack, owner_state: Path) -> int:
    """150 older outputs, "Output 0" to "Output 149" (the newest): the gallery has several pages."""
    stack.manage("shell", "-c", FILL)
    return 150


KINDS = """
import json
from tests.kinds import in_a_team_of_their_own
print(json.dumps(in_a_team_of_their_own({email!r}, {password!r})))
"""


@dataclass(frozen=True)
class Kinds:
    """Outputs of every kind in a team of their own: their addresses by name, and its owner's cookies."""

    pages: dict[str, str]
    state: Path


@pytest.fixture(scope="package")
def kinds(stack: Stack, browser: Browser, owner_state: Path, tmp_path_factory: pytest.TempPathFactory) -> Kinds:
    email = "kim@example.com"
    printed = stack.manage("shell", "-v", "0", "-c", KINDS.format(email=email, password=PASSWORD))
    ids = json.loads(printed.strip().splitlines()[-1])
    context = browser.new_context(base_url=stack.url)
    page = context.new_page()
    page.goto("/sign-in/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{stack.url}/")
    path = tmp_path_factory.mktemp("state") / "kinds.json"
    context.storage_state(path=path)
    context.close()
    return Kinds({name: f"/outputs/{pk}/" for name, pk in ids.items()}, path)


def welcome(page: Page, stack: Stack) -> None:
    page.goto(stack.welcome_url)
    page.get_by_label("Your name").fill("Maya Lund")
    page.get_by_label("Email").fill(OWNER)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Open the studio").click()
    expect(page).to_have_url(f"{stack.url}/")


MakeContext = Callable[..., BrowserContext]


def watched(context: BrowserContext, problems: list[str]) -> BrowserContext:
    """Notes every script error, console error and broken request of the context's pages, but for what is EXPECTED."""

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(EXPECTED):
            problems.append(f"{message.text} ({message.location.get('url')})")

    context.on("weberror", lambda error: problems.append(str(error.error)))
    context.on("console", hear)
    context.on(
        "response", lambda answer: problems.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None
    )
    return context


@pytest.fixture
def context_of_owner(browser: Browser, stack: Stack, owner_state: Path) -> Iterator[MakeContext]:
    """Makes signed-in contexts: `context_of_owner(viewport=PHONE, color_scheme="dark", java_script_enabled=False)`.

    The test fails on any script error or broken request of our own in any of their pages.
    """
    made: list[BrowserContext] = []
    problems: list[str] = []

    def make(**options: Any) -> BrowserContext:
        wanted = {"viewport": DESKTOP, "reduced_motion": "reduce", "storage_state": owner_state, **options}
        context = browser.new_context(base_url=stack.url, **wanted)
        context.set_default_timeout(15_000)
        made.append(watched(context, problems))
        return context

    yield make
    for context in made:
        context.close()
    assert not problems


@pytest.fixture
def page(context_of_owner: MakeContext) -> Page:
    """The owner's page at desktop width."""
    return context_of_owner().new_page()
