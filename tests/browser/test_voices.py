"""Voices, with the browser's own microphone that beeps: record, hear what is wrong, clone, listen, design, keep, by hand and by keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser_install import find_chromium

from .conftest import DESKTOP, FLAGS, watched, welcome
from .services import KEYS, service, studio_beside
from .test_accessible import look
from .walk import READY_MS, Walk

MICROPHONE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
SECONDS = 4


@pytest.fixture(scope="module")
def hearing(browser: Browser) -> Iterator[Browser]:
    """A browser with a microphone. The first one stays as it is: whether a device is there is said when a browser starts."""
    path = find_chromium()
    assert path
    hearing = browser.browser_type.launch(executable_path=path, args=[*FLAGS, *MICROPHONE])
    yield hearing
    hearing.close()


@pytest.fixture(scope="module")
def walk(hearing: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    folder = tmp_path_factory.mktemp("voices")
    problems: list[str] = []
    with service("influencer_studio") as studio, service("videogen") as videogen:
        services = {it.name: it for it in (studio, videogen)}
        videogen.far.set(seconds=1.0)
        with studio_beside(services, folder / "data") as stack:
            context = watched(
                hearing.new_context(base_url=stack.url, viewport=DESKTOP, reduced_motion="reduce"), problems
            )
            context.set_default_timeout(15_000)
            walk = Walk(stack, services, context, folder, problems)
            welcome(walk.page, stack)
            connect(walk)
            yield walk
            context.close()
    assert not problems


def connect(walk: Walk) -> None:
    for name, it in walk.services.items():
        walk.page.goto("/settings/connections/")
        walk.type_key(it, KEYS[name])
        expect(walk.card(it).locator(".pill")).to_have_text("Connected")
    walk.page.get_by_label("Address", exact=True).fill(walk.stack.url)
    walk.page.get_by_role("button", name="Try and save").click()
    expect(walk.page.locator("#address")).to_contain_text("was tried and leads here")


def speak(page: Page) -> None:
    """Some seconds into the microphone, by the keyboard or not: the button has the focus."""
    page.locator("[data-recorder].on").wait_for()
    expect(page.locator("[data-record-clock]")).to_have_text(f"0:0{SECONDS} / 0:30")


def test_the_microphone_is_for_this_page_alone(walk: Walk) -> None:
    for path, may in (("/voices/", True), ("/voices/new/", True), ("/", False), ("/create/voice/", False)):
        walk.page.goto(path)
        assert walk.page.evaluate("document.featurePolicy.allowsFeature('microphone')") is may, path


def test_a_voice_is_recorded_and_cloned_with_the_yes_of_its_owner(walk: Walk) -> None:
    page, studio = walk.page, walk.services["influencer_studio"]
    page.goto("/voices/")
    expect(page.get_by_role("button", name="Clone this voice")).to_contain_text("price unknown")
    page.get_by_role("button", name="Record").click()
    speak(page)
    page.get_by_role("button", name="Stop").click()
    held = page.locator("[data-held]")
    expect(held.locator(".note").first).to_contain_text("From 10 s on")
    page.locator("#voice-clone-name").fill("Maya at her desk")
    page.get_by_role("button", name="Clone this voice").click()
    expect(page.locator("#voice-panel [role=alert]")).to_contain_text("Say that the person who speaks agreed")
    assert studio.paid == []
    page.get_by_label("The person who speaks agreed").check()
    page.get_by_role("button", name="Clone this voice").dblclick()
    expect(page.locator("#strip article.tile")).to_have_count(1)
    row = page.locator(".voice-row", has_text="Maya at her desk")
    expect(row).to_be_visible(timeout=READY_MS)
    assert len(studio.paid) == 1
    row.get_by_role("link", name="Play Maya at her desk").click()
    expect(row.get_by_role("link", name="Pause Maya at her desk")).to_be_visible()
    row.locator(".named a").click()
    expect(page.locator("#voice-facts")).to_contain_text("Told by Maya Lund")
    expect(page.locator("#voice-facts")).to_contain_text("The recording that it was copied from")


def test_a_voice_is_designed_by_keyboard_alone(walk: Walk) -> None:
    page, studio = walk.page, walk.services["influencer_studio"]
    before = len(studio.paid)
    page.goto("/voices/new/")
    page.locator("#way-clone").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.type("Calm pharmacist")
    page.keyboard.press("Tab")
    page.keyboard.type("A woman, low and unhurried")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")  # Pace: slow.
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("Niacinamide, eight percent.")
    page.keyboard.press("Enter")
    expect(page.locator("#strip article.tile:not([data-live])")).to_have_count(1, timeout=READY_MS)
    assert len(studio.paid) == before + 1
    page.goto("/voices/")
    page.locator(".voice-row .named a", has_text="Calm pharmacist").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#voice-facts")).to_contain_text("A woman, low and unhurried. Slow pace.")
    assert page.locator("#say").inner_text().count("videos only")


def test_a_voice_is_recorded_by_keyboard_alone(walk: Walk) -> None:
    page = walk.page
    page.goto("/voices/new/")
    page.locator("#way-clone").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Record")).to_be_focused()
    page.keyboard.press("Enter")
    speak(page)
    page.keyboard.press("Enter")
    expect(page.locator("[data-held] .note").first).to_be_visible()
    expect(page.get_by_role("button", name="Record again")).to_be_focused()


def test_a_services_voice_is_kept_and_says_a_line(walk: Walk) -> None:
    page, videogen = walk.page, walk.services["videogen"]
    page.goto("/voices/?where=library")
    row = page.locator(".voice-row", has_text="Rowan")
    expect(row).to_contain_text("VideoGen")
    row.get_by_role("button", name="Keep Rowan").click()
    expect(page.locator(".voice-row", has_text="Rowan").locator(".named a")).to_be_visible()
    page.locator(".voice-row", has_text="Rowan").locator(".named a").click()
    before = len(videogen.paid)
    page.get_by_label("Line").fill("The coffee is cold, as it should be.")
    page.get_by_role("button", name="Say it").dblclick()
    expect(page.locator("#strip article.tile")).to_have_count(1)
    expect(page.locator("#strip .listen")).to_be_visible(timeout=READY_MS)
    assert len(videogen.paid) == before + 1
    expect(page.get_by_label("Line")).to_have_value("The coffee is cold, as it should be.")
    page.reload()
    expect(page.locator("#used")).to_contain_text("Made with it 1")


def test_the_pages_are_accessible(walk: Walk) -> None:
    page = walk.page
    found = []
    for path in (
        "/voices/",
        "/voices/?where=library",
        "/voices/?where=local",
        "/voices/new/",
        "/voices/new/?way=design",
    ):
        page.goto(path)
        found += look(page, path)
    page.goto("/voices/")
    page.locator(".voice-row .named a").first.click()
    page.get_by_role("link", name="Edit").click()
    expect(page.locator("#id_name")).to_be_visible()
    found += look(page, "a voice")
    assert found == [], "\n".join(found)
