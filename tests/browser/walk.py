"""What a marketer does with the three services, in a browser: connects them, fills forms, presses once, and waits where the tile is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from .conftest import DESKTOP, watched
from .services import Service, sha256, studio_beside
from .stack import Stack

READY_MS = 60_000
"""A job takes two seconds; the first look at it comes at half of its usual time, 20 s at most."""


@dataclass
class Walk:
    """One person's way through the studio. wall: the gallery in a tab of its own, which is never loaded again. made: the tiles of each brief,
    by its name. done: steps that others build on."""

    stack: Stack
    services: Mapping[str, Service]
    context: BrowserContext
    folder: Path
    problems: list[str]
    made: dict[str, list[str]] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    wall_page: Page | None = None
    page_now: Page | None = None

    @property
    def page(self) -> Page:
        self.page_now = self.page_now or self.context.new_page()
        return self.page_now

    @property
    def wall(self) -> Page:
        if self.wall_page is None:
            self.wall_page = self.context.new_page()
            self.wall_page.goto("/")
            self.wall_page.evaluate("document.body.dataset.loaded = 'once'")
        return self.wall_page

    def leave_page(self) -> None:
        """The next step begins in a tab of its own: what draws without a graphics card may hold its tab up for long."""
        self.page.close()
        self.page_now = None

    def needs(self, *steps: str) -> None:
        missing = sorted(set(steps) - self.done)
        assert not missing, f"An earlier step did not happen: {', '.join(missing)}. The whole file is one walk."

    # -- Connections -----------------------------------------------------------------------------------------------------------

    def card(self, service: Service) -> Locator:
        return self.page.locator(f"#card-{service.name}")

    def type_key(self, service: Service, key: str) -> None:
        """In the card of a service that is not connected yet; its address is typed under Advanced."""
        card = self.card(service)
        card.get_by_label(f"API key of {service.title}").fill(key)
        address = card.get_by_label("Base address")
        if not address.is_visible():
            card.get_by_text("Advanced", exact=True).click()
        address.fill(service.base_url)
        card.get_by_role("button", name="Save and test").click()

    def connect(self) -> None:
        """Every service by its key."""
        page = self.page
        for it in self.services.values():
            page.goto("/settings/connections/")
            self.type_key(it, it.key)
            expect(self.card(it).locator(".pill")).to_have_text("Connected")

    def set_public_address(self) -> None:
        """This server itself: the scripted services run beside it."""
        page = self.page
        page.goto("/settings/connections/")
        page.get_by_label("Address", exact=True).fill(self.stack.url)
        page.get_by_role("button", name="Try and save").click()
        expect(page.locator("#address")).to_contain_text("was tried and leads here")

    # -- Forms -------------------------------------------------------------------------------------------------------------------

    def open_form(self, tool: str, offer: str) -> Page:
        """The form of a tool with the model that makes it, chosen by hand where another one is chosen at first."""
        page = self.page
        page.goto(f"/create/{tool}/")
        model = page.locator(f"label.prov:has(input[value='{offer}'])")
        folded = page.locator("details.more-models", has=page.locator(f"input[value='{offer}']"))
        if folded.count():
            folded.locator("summary").click()
        if not model.locator("input").is_checked():
            with page.expect_response(re.compile(r"/fields$")):
                model.click()
        expect(model.locator("input")).to_be_checked()
        return page

    def upload(self, field_name: str, *files: Path) -> None:
        page = self.page
        page.locator(f"input[name=upload-{field_name}]").set_input_files([str(path) for path in files])
        cards = page.locator(f"#field-f-{field_name} .thumb-card").filter(has=page.locator("input[type=hidden]"))
        expect(cards).to_have_count(len(files), timeout=30_000)

    def press(self, name: str, tiles: int = 1) -> list[str]:
        """Presses Generate with an impatient double click; `tiles` tiles of one brief appear in place. Returns their ids."""
        page = self.page
        page.evaluate("document.body.dataset.loaded = 'once'")
        button = page.locator(".sum button[form=making][data-busy]")
        expect(button).to_contain_text("Generate")
        button.dblclick()
        found = page.locator("#strip article.tile")
        expect(found).to_have_count(tiles)
        expect(page.locator("body")).to_have_attribute("data-loaded", "once")
        self.made[name] = [it.get_attribute("data-output-id") or "" for it in found.all()]
        return self.made[name]

    # -- Results -----------------------------------------------------------------------------------------------------------------

    def tile(self, output: str, page: Page | None = None) -> Locator:
        return (page or self.wall).locator(f"#tile-{output}")

    def wait_ready(self, name: str, timeout: float = READY_MS) -> None:
        """Every tile of a brief is ready in the gallery that has been open all the time."""
        for output in self.made[name]:
            expect(self.tile(output).locator("a.pic")).to_be_visible(timeout=timeout)
        expect(self.wall.locator("body")).to_have_attribute("data-loaded", "once")

    def open_output(self, output: str) -> Page:
        page = self.page
        if not page.url.endswith(f"/outputs/{output}/"):
            page.goto(f"/outputs/{output}/")
        return page

    def siblings(self) -> list[str]:
        """The results of the brief whose output stands open, in order."""
        links = self.page.locator("nav.strip a").all()
        return [(link.get_attribute("href") or "").split("/")[2] for link in links]

    def download(self, output: str) -> bytes:
        """What the Download button of an output's page gives: the file as it came."""
        page = self.open_output(output)
        expect(page.locator(".actions a[download]").first).to_be_attached()
        menu = page.locator(".actions details.pop", has_text="Download")
        if menu.count():
            menu.locator("summary").click()
            link = menu.locator("a.item").first
        else:
            link = page.locator(".actions a[download]").first
        with page.expect_download() as waiting:
            link.click()
        path = self.folder / f"{output}-{waiting.value.suggested_filename}"
        waiting.value.save_as(path)
        return path.read_bytes()

    def raise_for_other_bytes(self, name: str, service: Service) -> list[str]:
        """Every output of a brief downloads as what the service served, and no two alike. Returns the sums."""
        sums = [sha256(self.download(output)) for output in self.made[name]]
        assert set(sums) <= service.served, f"{name} is not what {service.title} served."
        assert len(set(sums)) == len(sums)
        return sums


@contextmanager
def walking(
    browser: Browser, services: Mapping[str, Service], folder: Path, *more_hosts: str, **options: Any
) -> Iterator[Walk]:
    """A walk in a new Backlot beside the services; more_hosts: whom it may dial, too; options: of the browser's context.

    Fails at its end on any script error or broken request on the way.
    """
    problems: list[str] = []
    with studio_beside(services, folder / "data", *more_hosts) as stack:
        wanted = {"viewport": DESKTOP, "reduced_motion": "reduce", **options}
        with watched(browser.new_context(base_url=stack.url, **wanted), problems) as context:
            context.set_default_timeout(15_000)
            yield Walk(stack, services, context, folder, problems)
    assert not problems


Fill = Callable[[Walk], None]


@dataclass(frozen=True)
class Ask:
    """One thing to make: with which tool and model, what to fill in, and what shows it on its own page."""

    name: str
    tool: str
    offer: str
    fill: Fill
    stage: str
    tiles: int = 1
    comes: int = 1
    same_bytes: bool = True

    @property
    def provider(self) -> str:
        return self.offer.partition(":")[0]


def words(**texts: str) -> Fill:
    def fill(walk: Walk) -> None:
        for name, text in texts.items():
            walk.page.locator(f"#f-{name}").fill(text)

    return fill


def files(field_name: str, *paths: Path) -> Fill:
    return lambda walk: walk.upload(field_name, *paths)


def choice(name: str, label: str) -> Fill:
    """One of a field's choices: a person, a voice, a segment, by what stands on it."""
    return lambda walk: walk.page.locator(f"label:has(input[name={name}])", has_text=label).first.click()


def number(name: str, value: str) -> Fill:
    return lambda walk: walk.page.locator(f"input[name={name}][value='{value}']").check(force=True)


def both(*steps: Fill) -> Fill:
    def fill(walk: Walk) -> None:
        for step in steps:
            step(walk)

    return fill
