"""Clips, sounds, models and texts: what is drawn and heard, by hand and by key."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from .conftest import PHONE, Kinds, MakeContext
from .test_accessible import look

READ_FRAME = """() => {
  const video = document.querySelector("video.screen");
  const canvas = Object.assign(document.createElement("canvas"), { width: video.videoWidth, height: video.videoHeight });
  const context = canvas.getContext("2d");
  context.drawImage(video, 0, 0);
  let number = 0;
  for (let bit = 0; bit < 8; bit += 1) {
    const [red] = context.getImageData(((bit + 0.5) * canvas.width) / 8, canvas.height / 2, 1, 1).data;
    if (red > 127) number += 2 ** bit;
  }
  return number;
}"""
"""The number that the frame on the screen carries: see `numbered` in tests/kinds.py."""

LOADED = "() => document.querySelector('.screen').readyState >= 2"
SETTLED = "() => !document.querySelector('.screen').seeking && document.querySelector('.screen').readyState >= 2"
DRAWN_MS = 60_000
"""WebGL without a graphics card."""

SHARE_OF_RED = """() => new Promise((done) => requestAnimationFrame(() => {
  const source = document.querySelector("[data-glb] canvas");
  const canvas = Object.assign(document.createElement("canvas"), { width: 60, height: 60 });
  const context = canvas.getContext("2d");
  document.querySelector("[data-glb]").dispatchEvent(new KeyboardEvent("keydown", { key: "+", bubbles: true }));
  context.drawImage(source, 0, 0, 60, 60);
  const { data } = context.getImageData(0, 0, 60, 60);
  let red = 0;
  for (let at = 0; at < data.length; at += 4) if (data[at] > 90 && data[at] > 2 * data[at + 1] && data[at + 3] > 200) red += 1;
  done(red / 3600);
}))"""


@pytest.fixture
def page(context_of_owner: MakeContext, kinds: Kinds) -> Page:
    return context_of_owner(storage_state=kinds.state).new_page()


def open_clip(page: Page, path: str) -> None:
    page.goto(path)
    page.wait_for_function(LOADED)
    expect(page.locator(".transport")).to_be_visible()


def drawn(page: Page) -> int:
    page.wait_for_function(SETTLED)
    return int(page.evaluate(READ_FRAME))


def press(page: Page, key: str, times: int = 1) -> list[int]:
    """The number of the frame that is drawn after each press."""
    seen = []
    for _ in range(times):
        page.keyboard.press(key)
        seen.append(drawn(page))
    return seen


@pytest.mark.parametrize(("name", "fps", "frames"), [("video", 24, 72), ("webm", 29.97, 60)])
def test_each_step_is_one_frame(page: Page, kinds: Kinds, name: str, fps: float, frames: int) -> None:
    open_clip(page, kinds.pages[name])
    assert drawn(page) == 0
    assert press(page, ".", 30) == list(range(1, 31))
    assert press(page, ",", 10) == list(range(29, 19, -1))
    expect(page.locator(".frameno")).to_have_text(f"{fps:g} fps, frame 20")
    expect(page.locator(".timecode")).to_have_text("00:00:20")
    page.get_by_label("Position").focus()
    assert press(page, "End") == [frames - 1]
    assert press(page, "Home") == [0]
    page.locator("body").click(position={"x": 5, "y": 5})
    assert press(page, ",") == [0]


def test_a_step_goes_on_from_where_it_was_paused(page: Page, kinds: Kinds) -> None:
    open_clip(page, kinds.pages["video"])
    page.keyboard.press("k")
    page.wait_for_function("() => document.querySelector('.screen').currentTime > 0.4")
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="Play (K)")).to_be_visible()
    at = drawn(page)
    expect(page.locator(".frameno")).to_have_text(f"24 fps, frame {at}")
    assert press(page, ".", 2) == [at + 1, at + 2]


def test_the_clip_has_its_keys(page: Page, kinds: Kinds) -> None:
    open_clip(page, kinds.pages["video"])
    video = page.locator("video.screen")
    page.keyboard.press("l")
    expect(page.get_by_role("button", name="Pause (K)")).to_be_visible()
    page.keyboard.press("l")
    expect(video).to_have_js_property("playbackRate", 2)
    page.keyboard.press("k")
    expect(video).to_have_js_property("paused", True)
    page.get_by_label("Position").focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    expect(video).to_have_js_property("currentTime", 1)
    expect(page.get_by_label("Position")).to_have_attribute("aria-valuetext", "0:01 of 0:03")
    page.keyboard.press("j")
    page.wait_for_function("() => document.querySelector('.screen').currentTime < 0.9")
    page.keyboard.press("k")
    assert page.url.endswith(kinds.pages["video"])
    page.locator("body").click(position={"x": 5, "y": 5})
    page.keyboard.press("ArrowRight")
    page.wait_for_url(lambda url: not url.endswith(kinds.pages["video"]))


def test_opening_a_clip_leaves_the_space_bar_to_it(page: Page, kinds: Kinds) -> None:
    open_clip(page, kinds.pages["webm"])
    expect(page.locator("#status")).to_have_text("To review")
    page.keyboard.press(" ")
    expect(page.locator("video.screen")).to_have_js_property("paused", False)
    expect(page.locator("#status")).to_have_text("To review")


def test_what_cannot_be_played_says_what_to_do(page: Page, kinds: Kinds) -> None:
    page.goto(kinds.pages["broken"])
    note = page.get_by_role("alert")
    expect(note).to_contain_text("This browser cannot play MP4 files of this kind. Download it")
    expect(note.get_by_text("Check your connection")).to_be_hidden()
    expect(note.get_by_role("link", name="Download it")).to_be_visible()
    expect(page.locator(".transport")).to_be_hidden()


@pytest.mark.parametrize("name", ["video", "audio", "voice"])
def test_without_script_the_browsers_own_controls_play(context_of_owner: MakeContext, kinds: Kinds, name: str) -> None:
    page = context_of_owner(storage_state=kinds.state, java_script_enabled=False).new_page()
    page.goto(kinds.pages[name])
    expect(page.locator(".screen[controls]")).to_be_visible()
    expect(page.locator(".transport")).to_be_hidden()


def test_a_sound_is_sought_by_key_and_on_its_wave(page: Page, kinds: Kinds) -> None:
    page.goto(kinds.pages["audio"])
    sound = page.locator("audio.screen")
    page.wait_for_function("() => document.querySelector('.screen').duration > 19")
    expect(page.locator(".timecode")).to_have_text("0:00 / 0:20")
    page.get_by_label("Position").focus()
    page.keyboard.press("PageUp")
    expect(sound).to_have_js_property("currentTime", 10)
    box = page.locator(".wavebox").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] * 0.25, box["y"] + box["height"] / 2)
    expect(page.locator(".timecode")).to_have_text("0:05 / 0:20")
    page.keyboard.press("k")
    expect(sound).to_have_js_property("paused", False)


def test_one_tile_sounds_at_a_time(page: Page, kinds: Kinds) -> None:
    page.goto("/")
    song, voice = (page.get_by_role("link", name=f"Play {title}") for title in ("Harbour lights", "Narrator"))
    song.click()
    pause = page.get_by_role("link", name="Pause Harbour lights")
    expect(pause).to_be_visible()
    voice.click()
    expect(song).to_be_visible()
    expect(page.get_by_role("link", name="Pause Narrator")).to_be_visible()
    tile = page.locator("article.tile", has=page.get_by_role("link", name="Pause Narrator"))
    tile.hover()
    tile.get_by_role("button", name="Star Narrator").click()
    expect(tile.get_by_role("button", name="Star Narrator")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("link", name="Pause Narrator").click()
    expect(voice).to_be_visible()


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_a_clip_is_looked_through_with_the_pointer(context_of_owner: MakeContext, kinds: Kinds, motion: str) -> None:
    page = context_of_owner(storage_state=kinds.state, reduced_motion=motion).new_page()
    page.goto("/")
    shot = page.locator(".shot", has=page.get_by_role("link", name="Waves at a pier, video"))
    width = (shot.bounding_box() or {"width": 0})["width"]
    frames = []
    for share in (0.02, 0.55, 0.98):
        shot.hover(position={"x": share * width, "y": 20})
        if motion == "reduce":
            expect(shot.locator(".scrub, video")).to_have_count(0)
            continue
        expect(shot.locator(".scrub")).to_be_visible()
        frames.append(shot.locator(".scrub").evaluate("node => node.style.getPropertyValue('--frame')"))
    assert frames == ([] if motion == "reduce" else ["0", "5", "9"])
    page.mouse.move(2, 2)
    expect(shot.locator(".scrub")).to_have_count(0)


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_a_clip_without_such_frames_moves_under_the_pointer(
    context_of_owner: MakeContext, kinds: Kinds, motion: str
) -> None:
    page = context_of_owner(storage_state=kinds.state, reduced_motion=motion).new_page()
    page.goto("/")
    page.locator(".shot", has=page.get_by_role("link", name="Waves in the web, video")).hover()
    if motion == "reduce":
        page.wait_for_timeout(400)
        expect(page.locator(".pic video")).to_have_count(0)
        return
    expect(page.locator(".pic video")).to_have_js_property("paused", False)
    expect(page.locator(".pic video")).to_have_js_property("muted", True)
    page.mouse.move(2, 2)
    expect(page.locator(".pic video")).to_have_count(0)


def test_a_textured_model_is_drawn_and_turned_by_key(page: Page, kinds: Kinds) -> None:
    page.goto(kinds.pages["model"])
    stage = page.get_by_role("application")
    expect(stage.locator("canvas")).to_be_visible(timeout=DRAWN_MS)
    seen = float(page.evaluate(SHARE_OF_RED))
    assert seen > 0.05, "its texture is red"
    stage.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    assert float(page.evaluate(SHARE_OF_RED)) < seen, "from the side a square is thin"
    assert page.url.endswith(kinds.pages["model"])


def test_without_webgl_a_model_is_a_download(page: Page, kinds: Kinds) -> None:
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page.goto(kinds.pages["model"])
    expect(page.get_by_role("application")).to_contain_text("This browser cannot show it here")
    expect(page.get_by_role("link", name="Download the GLB file")).to_be_visible()


def test_a_large_model_is_fetched_when_asked_for(page: Page, kinds: Kinds) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.route(
        f"**{kinds.pages['model']}",
        lambda route: route.fulfill(
            response=(answer := route.fetch()), body=re.sub(r'data-bytes="\d+"', 'data-bytes="42000000"', answer.text())
        ),
    )
    page.goto(kinds.pages["model"])
    button = page.get_by_role("button", name="Show it here")
    expect(button).to_be_visible()
    assert not any("/original" in url for url in asked)
    button.click()
    expect(page.get_by_role("application").locator("canvas")).to_be_visible(timeout=DRAWN_MS)


def test_a_text_is_copied(context_of_owner: MakeContext, kinds: Kinds) -> None:
    context = context_of_owner(storage_state=kinds.state, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(kinds.pages["text"])
    page.keyboard.press("y")
    expect(page.locator(".toast")).to_contain_text("Text copied")
    assert "Drift, for those who stay." in page.evaluate("navigator.clipboard.readText()")


def test_first_and_last_frames_show_while_it_is_made(page: Page, kinds: Kinds) -> None:
    for path in ("/", kinds.pages["running"]):
        page.goto(path)
        for alt in ("First frame of Ada pours", "Last frame of Ada pours"):
            picture = page.get_by_alt_text(alt)
            expect(picture).to_be_visible()
            page.wait_for_function("node => node.naturalWidth > 0", arg=picture.element_handle())


def test_every_kind_fits_a_phone(context_of_owner: MakeContext, kinds: Kinds) -> None:
    page = context_of_owner(storage_state=kinds.state, viewport=PHONE, has_touch=True).new_page()
    for name, path in {"wall": "/", **kinds.pages}.items():
        page.goto(path)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), name


KINDS = (
    "image",
    "drawing",
    "video",
    "broken",
    "audio",
    "model",
    "text",
    "voice",
    "voice_bare",
    "influencer",
    "influencer_bare",
)


@pytest.mark.parametrize("name", ["wall", "list", *KINDS, "running"])
def test_a_page_of_each_kind_is_accessible(page: Page, kinds: Kinds, name: str) -> None:
    page.goto({"wall": "/", "list": "/?view=list"}.get(name) or kinds.pages[name])
    if name == "model":
        expect(page.get_by_role("application").locator("canvas")).to_be_visible(timeout=DRAWN_MS)
    assert look(page, name) == []
