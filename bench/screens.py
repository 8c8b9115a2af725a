"""Pictures of every page at desktop and phone width, light and dark, and the contact sheets of all templates: `make screens`.

python -m bench.screens [part of a page's name …]    # only those pages, no contact sheets
python -m bench.screens --guides                      # the pictures in docs/images
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from studio.render import sheets
from studio.render.raster import encode
from tests.browser.conftest import DESKTOP, FLAGS, OWNER, PHONE, welcome
from tests.browser.stack import PASSWORD, Stack, environment, running
from tests.browser_install import find_chromium

FOLDER = Path(__file__).resolve().parents[1] / "screens"
GUIDES = Path(__file__).resolve().parents[1] / "docs" / "images"
LARGEST_GUIDE_BYTES = 200_000
ADS = 36
SERVICES = "ines@example.com"
"""Whose team has connected services: bench/scene_services.py."""
FORMS = ("video", "influencer-shoot", "speech", "music", "reference-video")
KINDS = ("image", "drawing", "video", "audio", "model", "text", "voice", "influencer", "film", "part")
VIEWS = (("desktop", DESKTOP), ("phone", PHONE))
SCHEMES = ("light", "dark")
Act = Callable[[Page], None]


@dataclass(frozen=True)
class Shot:
    """One picture. address: a path, or the name of one of the scene's addresses. who: nobody, or whose session."""

    name: str
    address: str
    act: Act = lambda page: None
    who: str = OWNER


def click(selector: str) -> Act:
    def act(page: Page) -> None:
        found = page.locator(selector).locator("visible=true")
        if found.count():
            found.first.click()

    return act


def press(key: str) -> Act:
    return lambda page: page.keyboard.press(key)


def submit(**fields: str) -> Act:
    """Fills fields by their names and sends the form."""

    def act(page: Page) -> None:
        for name, value in fields.items():
            page.locator(f"main [name='{name}'], form [name='{name}']").first.fill(value)
        # Never until the network is idle: the live stream stays open.
        with page.expect_navigation(wait_until="load"):
            page.locator("form:has(input:not([type=hidden])) button:not([type=button]):visible").last.click()

    return act


def written(page: Page) -> None:
    """The form with a brand, a product photo and words, and its preview."""
    page.locator("#making .pick-brand", has_text="Oru").click()
    page.locator("#f-headline").fill("Slow brewed for *fast* mornings")
    page.locator("#making [name=call_to_action]").fill("Get your first six")
    page.locator("#making [data-add-photo]:visible", has_text="Cold brew").first.click()
    page.wait_for_timeout(3000)  # Until the preview has it all.
    expect(page.locator("#preview img").first).to_be_visible(timeout=30_000)
    page.evaluate("scrollTo(0, 0)")


def all_made(page: Page) -> None:
    """The demo's own ads are on their way through the engine when the scene is set."""
    expect(page.locator(".wall [data-live]")).to_have_count(0, timeout=180_000)
    page.reload()


def nothing_said(page: Page) -> None:
    page.locator("button[form=making][data-busy]:visible").click()
    expect(page.locator("#problems")).to_be_visible()


def pick_three(page: Page) -> None:
    for place in range(3):
        page.locator(".wall .pick > input").nth(place).evaluate("box => box.click()")


def address_refused(page: Page) -> None:
    page.locator("#public-url").fill("http://studio.example.com")
    page.locator("#address form button").click()
    expect(page.locator("#public-url-error")).to_be_visible()


SHOTS = (
    Shot("sign-in", "/sign-in/", who=""),
    Shot("sign-in-refused", "/sign-in/", submit(email="maya@example.com", password="not it"), who=""),
    Shot("password-reset", "/password-reset/", who=""),
    Shot("reset", "reset", who=""),
    Shot("link-gone", "/reset/used-up", who=""),
    Shot("unlock", "unlock", who=""),
    Shot("invitation", "invitation", who=""),
    Shot("no-workspace", "/no-workspace/", who="alone@example.com"),
    Shot("gallery", "/"),
    Shot("gallery-list", "/?view=list"),
    Shot("gallery-filter", "/", click(".filters details:nth-of-type(2) > summary")),
    Shot("gallery-filtered", "/?decision=approved"),
    Shot("gallery-nothing-found", "/?q=umbrella"),
    Shot("gallery-selected", "/", pick_three),
    Shot("gallery-empty", "/", who="new@example.com"),
    Shot("workspace-menu", "/", click("details:has(> summary.who) > summary")),
    Shot("shortcuts", "/", press("?")),
    Shot("create", "/create/"),
    Shot("create-found", "/create/?q=poster"),
    Shot("create-form", "/create/static-ad/"),
    Shot("create-form-written", "/create/static-ad/", written),
    Shot("create-form-refused", "/create/static-ad/", nothing_said, "new@example.com"),
    Shot("create-form-results", "brief"),
    Shot("output", "ready"),
    Shot("output-decided", "decided"),
    Shot("output-changes", "ready", click("summary[data-key=r]")),
    Shot("output-download", "ready", click("summary[data-key=d]")),
    Shot("output-failed", "failed"),
    Shot("output-canceled", "canceled"),
    Shot("output-running", "running"),
    Shot("output-queued", "queued"),
    Shot("trash", "/trash/"),
    Shot("trash-empty", "/trash/", who="new@example.com"),
    Shot("brands", "/brands/"),
    Shot("brands-archived", "/brands/?archived=1"),
    Shot("brands-empty", "/brands/", who="new@example.com"),
    Shot("brand-new", "/brands/new/"),
    Shot("brand-new-refused", "/brands/new/", submit(name="")),
    Shot("brand", "brand"),
    Shot("brand-about", "brand:about/"),
    Shot("brand-colours", "brand:colours/"),
    Shot("brand-fonts", "brand:fonts/"),
    Shot("brand-tone", "brand:tone/"),
    Shot("brand-logo", "brand:logo/"),
    Shot("brand-product", "brand:products/new/"),
    Shot("brand-as-reviewer", "brand", who="theo@example.com"),
    Shot("brand-from-web", "/brands/from-web/"),
    Shot("influencers", "/influencers/"),
    Shot("influencers-empty", "/influencers/", who="new@example.com"),
    Shot("influencer-new", "/influencers/new/"),
    Shot("influencer", "influencer"),
    Shot("references", "/references/"),
    Shot("references-empty", "/references/", who="new@example.com"),
    Shot("references-save", "/references/", click("#save-pop > summary")),
    Shot("presets", "/references/presets/", who=SERVICES),
    Shot("reference", "reference"),
    Shot("voices", "/voices/"),
    Shot("voices-here", "/voices/?where=local"),
    Shot("voice-new", "/voices/new/"),
    Shot("voice", "voice"),
    Shot("at-your-providers", "/at-your-providers/", who=SERVICES),
    Shot("picker", "/create/static-ad/", click("button[aria-label='Product pictures: library']")),
    Shot("profile", "/settings/profile/"),
    Shot("team", "/settings/team/"),
    Shot("connections", "/settings/connections/"),
    Shot("connections-refused", "/settings/connections/", address_refused),
    Shot("connections-connected", "/settings/connections/", who=SERVICES),
    Shot("connections-choices", "/settings/connections/", click("#card-videogen details.part > summary"), SERVICES),
    Shot("spend", "/spend/", who=SERVICES),
    Shot("spend-empty", "/spend/?month=2020-01", who=SERVICES),
    Shot("rescue", "/rescue/", who=SERVICES),
    Shot("rescue-run-again", "/rescue/", click("details.confirm > summary"), SERVICES),
    Shot("rescue-empty", "/rescue/", who="new@example.com"),
    *(Shot(f"form-{tool}", f"/create/{tool}/", who=SERVICES) for tool in FORMS),
    Shot("form-video-not-connected", "/create/video/", who="new@example.com"),
    *(Shot(f"output-{kind}", f"kind-{kind}", who=SERVICES) for kind in KINDS),
    Shot("gallery-of-kinds", "/", who=SERVICES),
    Shot("people", "/settings/people/"),
    Shot("people-invited", "/settings/people/", submit(email="friend@example.com")),
    Shot("person", "person"),
    Shot("workspaces", "/settings/workspaces/"),
    Shot("workspace", "workspace"),
    Shot("not-found", "/outputs/00000000-0000-7000-8000-000000000000/"),
    Shot("not-for-your-role", "/settings/people/", who="theo@example.com"),
)


GUIDE_SHOTS = (
    Shot("gallery", "/", all_made),
    Shot("create", "/create/static-ad/?template=poster", written),
    Shot("output", "decided"),
    Shot("brand", "brand"),
    Shot("references", "/references/"),
)


@contextmanager
def chromium() -> Iterator[Browser]:
    path = find_chromium()
    if not path:
        raise SystemExit("No Chromium. Install one with: python -m tests.browser_install")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


def set_scene(stack: Stack, *words: str) -> dict[str, str]:
    """Makes the rows in the running studio; the addresses of what has one."""
    made = subprocess.run(
        [sys.executable, "-m", "bench.scene", str(ADS), *words],
        env=environment(stack.data, stack.port),
        check=True,
        capture_output=True,
        text=True,
    )
    addresses: dict[str, str] = json.loads(made.stdout.splitlines()[-1])
    return addresses


def sessions(browser: Browser, stack: Stack, whose: set[str], folder: Path) -> dict[str, Path]:
    """Everybody's cookies, from the sign-in form."""
    kept = {}
    for email in sorted(whose - {""}):
        context = browser.new_context(base_url=stack.url)
        page = context.new_page()
        page.goto("/sign-in/")
        submit(email=email, password=PASSWORD)(page)
        kept[email] = folder / f"{email}.json"
        context.storage_state(path=kept[email])
        context.close()
    return kept


def take(context: BrowserContext, shot: Shot, addresses: dict[str, str], path: Path) -> None:
    name, _, rest = shot.address.partition(":")
    page = context.new_page()
    page.goto(shot.address if shot.address.startswith("/") else addresses[name] + rest)
    shot.act(page)
    page.wait_for_timeout(700)  # For what loads lazily, and for a preview.
    page.screenshot(path=path)
    page.close()


def take_all(browser: Browser, stack: Stack, shots: Sequence[Shot], addresses: dict[str, str], folder: Path) -> int:
    """Returns how many could not be taken; each is told on the way, and the others are taken all the same."""
    missed = 0
    states = sessions(browser, stack, {shot.who for shot in shots}, stack.data)
    for width, viewport in VIEWS:
        for scheme in SCHEMES:
            for who in dict.fromkeys(shot.who for shot in shots):
                context = browser.new_context(
                    base_url=stack.url,
                    storage_state=states.get(who),
                    viewport=viewport,
                    color_scheme="dark" if scheme == "dark" else "light",
                    reduced_motion="reduce",
                )
                for shot in (shot for shot in shots if shot.who == who):
                    path = folder / f"{shot.name}-{width}-{scheme}.png"
                    try:
                        take(context, shot, addresses, path)
                    except Exception as error:
                        missed += 1
                        print(f"{path.name}: {str(error).splitlines()[0]}", file=sys.stderr)
                context.close()
    return missed


def take_guides(browser: Browser, stack: Stack, addresses: dict[str, str]) -> None:
    """Desktop and light, as WebP files that a README can carry."""
    GUIDES.mkdir(parents=True, exist_ok=True)
    state = sessions(browser, stack, {OWNER}, stack.data)[OWNER]
    context = browser.new_context(base_url=stack.url, storage_state=state, viewport=DESKTOP, reduced_motion="reduce")
    for shot in GUIDE_SHOTS:
        path = stack.data / f"{shot.name}.png"
        take(context, shot, addresses, path)
        image = Image.open(path).convert("RGB")
        data = next(
            data for quality in range(88, 20, -6) if len(data := encode(image, "webp", quality)) <= LARGEST_GUIDE_BYTES
        )
        (GUIDES / f"{shot.name}.webp").write_bytes(data)
        print(GUIDES / f"{shot.name}.webp")
    context.close()


@contextmanager
def studio() -> Iterator[tuple[Stack, Browser]]:
    """A running Backlot whose owner has come in, and a browser."""
    with (
        tempfile.TemporaryDirectory(prefix="backlot-screens-") as data,
        running(Path(data)) as stack,
        chromium() as browser,
    ):
        context = browser.new_context(base_url=stack.url, viewport=DESKTOP)
        page = context.new_page()
        page.goto(stack.welcome_url)
        (FOLDER / "pages").mkdir(parents=True, exist_ok=True)
        page.screenshot(path=FOLDER / "pages" / "welcome-desktop-light.png")
        welcome(page, stack)
        context.close()
        yield stack, browser


def main(arguments: Sequence[str]) -> None:
    if "--guides" in arguments:
        with studio() as (stack, browser):
            take_guides(browser, stack, set_scene(stack, "finished"))
        return
    shots = [shot for shot in SHOTS if not arguments or any(part in shot.name for part in arguments)]
    with studio() as (stack, browser):
        missed = take_all(browser, stack, shots, set_scene(stack), FOLDER / "pages")
    if not arguments:
        sheets.write_sheets(FOLDER / "ads")
        print(f"Contact sheets: {FOLDER / 'ads'}")
    print(f"Pages: {FOLDER / 'pages'}")
    if missed:
        raise SystemExit(f"{missed} pictures are missing: see above.")


if __name__ == "__main__":
    main(sys.argv[1:])
