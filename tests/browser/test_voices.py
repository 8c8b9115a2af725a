"""Voices, with the browser's own microphone that beeps: record, hear what is wrong, clone, listen, design, keep, by hand and by keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser_install import find_chromium
from tests.media.test_recordings import spoken
from tests.wait import until

from .conftest import FLAGS, PHONE, watched, welcome
from .services import service
from .test_accessible import look
from .walk import READY_MS, Walk, walking

MICROPHONE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
SECONDS = 4
CLOCK = re.compile(r"^0:\d\d$")
ADA = """
from studio.models import Influencer, Workspace
workspace = Workspace.objects.order_by("pk").first()
Influencer.objects.create(team=workspace.team, workspace=workspace, name="Ada Rivers")
"""


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
    with service("influencer_studio") as studio, service("videogen") as videogen:
        services = {it.name: it for it in (studio, videogen)}
        videogen.far.set(seconds=1.0)
        with walking(hearing, services, tmp_path_factory.mktemp("voices")) as walk:
            welcome(walk.page, walk.stack)
            walk.connect()
            walk.set_public_address()
            yield walk


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
    expect(held).to_contain_text("It is too loud in places")
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


def test_a_voice_is_recorded_again_and_cloned_by_keyboard_alone(walk: Walk) -> None:
    page, studio = walk.page, walk.services["influencer_studio"]
    before = len(studio.paid)
    page.goto("/voices/new/")
    page.locator("#way-clone").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Record")).to_be_focused()
    page.keyboard.press("Enter")
    speak(page)
    page.keyboard.press("Enter")
    expect(page.locator("[data-held] .note").first).to_be_visible()
    expect(page.get_by_role("button", name="Record again")).to_be_focused()
    first = page.locator("[name=audio]").input_value()
    page.keyboard.press("Enter")
    expect(page.locator("[data-held]")).to_have_count(0)
    speak(page)
    page.keyboard.press("Enter")
    expect(page.locator("[data-held] .note").first).to_be_visible()
    assert page.locator("[name=audio]").input_value() != first
    reach(page, "#voice-clone-name")
    page.keyboard.type("Again and by hand")
    reach(page, "#voice-clone-consent")
    page.keyboard.press("Space")
    expect(page.locator("#voice-clone-consent")).to_be_checked()
    reach(page, "#voice-clone .press")
    page.keyboard.press("Enter")
    expect(page.locator("#strip article.tile:not([data-live])")).to_have_count(1, timeout=READY_MS)
    assert len(studio.paid) == before + 1


def reach(page: Page, what: str) -> None:
    """By Tab, as far as it takes."""
    for _ in range(20):
        if page.locator(what).evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{what} cannot be reached by Tab.")


def test_a_voice_is_recorded_and_cloned_on_a_phone(walk: Walk, hearing: Browser) -> None:
    studio = walk.services["influencer_studio"]
    before = len(studio.paid)
    context = watched(
        hearing.new_context(
            base_url=walk.stack.url,
            viewport=PHONE,
            has_touch=True,
            is_mobile=True,
            storage_state=walk.context.storage_state(),
        ),
        walk.problems,
    )
    page = context.new_page()
    page.goto("/voices/")
    row = page.locator(".voice-row", has_text="Maya at her desk")
    expect(row.locator(".length")).to_have_text(CLOCK)
    expect(row.locator(".wave")).to_be_visible()
    row.get_by_role("button", name="Favourite Maya at her desk").tap()
    expect(row.get_by_role("button", name="Favourite Maya at her desk")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("link", name="New voice").tap()
    page.get_by_role("button", name="Record").tap()
    speak(page)
    page.get_by_role("button", name="Stop").tap()
    expect(page.locator("[data-held] .note").first).to_be_visible()
    page.locator("#voice-clone-name").fill("Maya on the way")
    page.get_by_label("The person who speaks agreed").tap()
    page.get_by_role("button", name="Clone this voice").tap()
    expect(page.locator("#strip article.tile:not([data-live])")).to_have_count(1, timeout=READY_MS)
    assert len(studio.paid) == before + 1
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    context.close()


def test_a_file_with_noise_or_nothing_in_it_is_told(walk: Walk) -> None:
    page = walk.page
    page.goto("/voices/new/")
    for sound, told in (
        (spoken(12, noise=0.08), "There is noise or music behind the voice"),
        (spoken(5, level=0, noise=0), "Nothing can be heard"),
        (spoken(14), "loud and clear"),
    ):
        page.locator("[data-record-file]").set_input_files({"name": "me.wav", "mimeType": "audio/wav", "buffer": sound})
        expect(page.locator("[data-held]")).to_contain_text(told)


def test_one_sound_at_a_time(walk: Walk) -> None:
    page = walk.page
    page.goto("/voices/?where=local")
    heart, bella = (page.locator(".voice-row", has_text=name) for name in ("Heart", "Bella"))
    heart.get_by_role("link", name="Play Heart").click()
    expect(heart.get_by_role("link", name="Pause Heart")).to_be_visible()
    bella.get_by_role("link", name="Play Bella").click()
    expect(bella.get_by_role("link", name="Pause Bella")).to_be_visible()
    expect(heart.get_by_role("link", name="Play Heart")).to_be_visible()
    page.get_by_role("button", name="Record").click()
    expect(bella.get_by_role("link", name="Play Bella")).to_be_visible()
    speak(page)
    page.get_by_role("button", name="Stop").click()
    held = page.locator("[data-held] audio")
    held.evaluate("node => node.play()")
    bella.get_by_role("link", name="Play Bella").click()
    expect(bella.get_by_role("link", name="Pause Bella")).to_be_visible()
    assert held.evaluate("node => node.paused")


def test_a_service_sample_is_drawn_once_it_was_heard(walk: Walk) -> None:
    page = walk.page
    walk.services["influencer_studio"].far.own_voice(name="Late radio")
    page.goto("/at-your-providers/")
    page.get_by_role("button", name="Ask Influencer Studio again").click()
    until(lambda: "Late radio" in str(page.request.get("/voices/?where=library").text()), "the list", 30, every=0.5)
    page.goto("/voices/?where=library")
    row = page.locator(".voice-row", has_text="Late radio")
    expect(row.locator(".length")).to_be_empty()
    row.get_by_role("link", name="Play Late radio").click()
    expect(row.locator(".length")).to_have_text(CLOCK, timeout=READY_MS)


def test_a_voice_speaks_for_an_influencer(walk: Walk) -> None:
    page = walk.page
    walk.stack.manage("shell", "-v", "0", "-c", ADA)
    page.goto("/voices/")
    page.locator(".voice-row .named a", has_text="Maya at her desk").click()
    page.get_by_label("Influencer").select_option(label="Ada Rivers")
    page.get_by_role("button", name="Give this voice").click()
    expect(page.locator("#speakers")).to_contain_text("Ada Rivers")
    page.goto("/voices/")
    row = page.locator(".voice-row", has_text="Maya at her desk")
    expect(row.get_by_role("link", name="Voice of Ada Rivers")).to_be_visible()


def test_a_services_voice_is_kept_and_says_a_line(walk: Walk) -> None:
    page, videogen = walk.page, walk.services["videogen"]
    page.goto("/voices/?where=library")
    row = page.locator(".voice-row", has_text="Rowan")
    expect(row).to_contain_text("VideoGen")
    row.get_by_role("button", name="Keep Rowan").click()
    expect(page.locator(".voice-row", has_text="Rowan").locator(".named a")).to_be_visible()
    page.locator(".voice-row", has_text="Rowan").locator(".named a").click()
    before = len(videogen.paid)
    expect(page.get_by_role("button", name="Say it").locator(".cost")).to_have_text(
        re.compile(r"\d|price unknown|free")
    )
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
        "/voices/?favourite=1",
        "/voices/?archived=1",
        "/voices/?q=nothing-like-it",
        "/voices/?where=library",
        "/voices/?where=library&gender=female",
        "/voices/?where=local",
        "/voices/?where=local&style=warm",
        "/voices/new/",
        "/voices/new/?way=design",
    ):
        page.goto(path)
        found += look(page, path)
    page.goto("/voices/")
    page.locator(".voice-row summary").first.click()
    found += look(page, "a row's menu")
    page.locator(".voice-row .named a").first.click()
    expect(page.locator("#say")).to_be_visible()
    found += look(page, "a voice")
    page.get_by_role("link", name="Edit").click()
    expect(page.locator("#id_name")).to_be_visible()
    found += look(page, "a voice that is changed")
    page.goto("/voices/new/")
    page.get_by_role("button", name="Clone this voice").click()
    expect(page.locator("#voice-panel [role=alert]")).to_be_visible()
    found += look(page, "a refused form")
    assert found == [], "\n".join(found)
