"""A marketer connects the three services and makes one of everything: one walk from the welcome link to the Spend page, step by step.

The tests of this file follow each other; a step that others build on is named in `walk.done`, so that a failure says where it broke.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.upstreams.media import png
from tests.wait import until

from .conftest import welcome
from .services import FILES, KEYS, three_services
from .steps import CAN
from .walk import READY_MS, Ask, Walk, both, choice, files, number, walking, words

CLIP, TONE = FILES / "clip.mp4", FILES / "tone.mp3"
PICTURE, PLAYER, SOUND, PAGE, SOLID = (
    ".stage img",
    ".stage video",
    ".stage.listen .transport",
    ".stage.read .words",
    "[data-glb]",
)

ASKS = (
    Ask("an image at Influencer Studio", "image", "influencer_studio:image:studio-1", words(prompt="A green door in the rain"), PICTURE),
    Ask("an image at Videotok", "image", "videotok:image:nano-banana-2/image", words(prompt="A red kettle on a ledge"), PICTURE),
    Ask("an image at VideoGen", "image", "videogen:image:generate", words(prompt="A blue boat at noon"), PICTURE),
    Ask("an edited picture", "image-edit", "influencer_studio:image-edit:seedream", both(files("image", CAN), words(prompt="Put it on marble")), PICTURE),
    Ask("a video", "video", "influencer_studio:video:kling-3", words(prompt="Waves roll in at dawn"), PLAYER),
    Ask("speech", "speech", "videogen:speech:tts", both(words(text="Good morning. The coffee is cold, as it should be."), choice("voice", "Rowan")), SOUND),
    Ask("two songs", "music", "influencer_studio:music:v5", words(title="Harbour Lights", style="ambient, piano"), SOUND, comes=2),
    Ask("a text", "text", "videogen:text:text", words(prompt="three names for a cold brew"), PAGE, same_bytes=False),
    Ask("a voice", "voice", "influencer_studio:voice:clone-or-design", both(choice("method", "From a description"), words(prompt="Warm and low, at a calm pace", name="Narrator")), SOUND),
    Ask("an influencer", "influencer", "influencer_studio:influencer:create", both(words(name="Ada Rivers"), lambda walk: walk.upload("photos", *photos(walk.folder))), PICTURE, same_bytes=False),
    Ask("a slideshow", "slideshow", "videotok:slideshow:slideshow", both(words(prompt="Three ways to drink it"), number("slide_count", "3")), PICTURE, tiles=3, comes=3),
    Ask("a 3D model", "model-3d", "influencer_studio:model-3d:v6-text-to-3d", words(prompt="A can with a straw"), SOLID),
    Ask("a vector drawing", "vectorize", "videogen:vectorize:tool", files("image", CAN), PICTURE),
    Ask("a larger video", "video-upscale", "influencer_studio:video-upscale:seedvr", files("video", CLIP), PLAYER),
)  # fmt: skip


def photos(folder: Path) -> list[Path]:
    """Three of one person."""
    made = []
    for place in range(3):
        path = folder / f"ada-{place}.png"
        path.write_bytes(png(f"ada {place}", 512, 640))
        made.append(path)
    return made


@pytest.fixture(scope="module")
def walk(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    with three_services() as services, walking(browser, services, tmp_path_factory.mktemp("walk")) as walk:
        yield walk


def test_a_newcomer_is_told_what_needs_a_key(walk: Walk) -> None:
    welcome(walk.page, walk.stack)
    walk.page.goto("/create/video/")
    button = walk.page.locator("#go")
    expect(button).to_contain_text("Connect")
    expect(walk.page.locator("#providers")).to_contain_text("It takes a minute: paste your team's key.")
    button.get_by_role("link").click()
    expect(walk.page).to_have_url(f"{walk.stack.url}/settings/connections/")
    walk.done.add("came in")


@pytest.mark.parametrize("name", KEYS)
def test_a_wrong_key_explains_itself_and_the_right_one_connects(walk: Walk, name: str) -> None:
    walk.needs("came in")
    service = walk.services[name]
    walk.page.goto("/settings/connections/")
    card = walk.card(service)
    walk.type_key(service, "a_wrong_key_of_nobody")
    expect(card.locator(f"#new-{name}-error")).to_contain_text("Copy it again from")
    expect(card.locator(".pill")).to_have_text("Not connected")
    walk.type_key(service, service.key)
    expect(card.locator(".pill")).to_have_text("Connected")
    expect(card.locator(".masked")).to_have_attribute("aria-label", f"A key that ends in {service.key[-4:]}")
    with walk.page.expect_response("**/test/"):
        card.get_by_role("button", name=f"Test {service.title}").click()
    expect(card.locator(".tried .note.ok")).to_contain_text("just now")
    with walk.page.expect_response("**/refresh/"):
        card.get_by_role("button", name="Refresh what").click()
    expect(card.locator(".facts")).to_contain_text("read just now")
    expect(card.locator(".facts")).not_to_contain_text("nothing of its own")
    assert service.key not in walk.page.content()
    walk.done.add(name)


def test_without_a_public_address_forms_say_so_before_anything_is_typed(walk: Walk) -> None:
    walk.needs("influencer_studio")
    walk.page.goto("/create/video-upscale/?offer=influencer_studio:video-upscale:seedvr")
    expect(walk.page.locator("#providers")).to_contain_text("Nothing on the internet reaches this installation yet")
    expect(walk.page.locator("#go")).not_to_contain_text("Generate")


def test_a_public_address_is_tried_and_kept(walk: Walk) -> None:
    walk.needs("influencer_studio")
    walk.page.goto("/settings/connections/")
    walk.page.get_by_label("Address", exact=True).fill(walk.stack.url)
    walk.page.get_by_role("button", name="Try and save").click()
    expect(walk.page.locator("#address")).to_contain_text("was tried and leads here")
    walk.done.add("public address")


@pytest.mark.parametrize("ask", ASKS, ids=lambda ask: ask.name)
def test_one_press_is_one_paid_request(walk: Walk, ask: Ask) -> None:
    walk.needs(*KEYS, "public address")
    _ = walk.wall
    walk.open_form(ask.tool, ask.offer)
    ask.fill(walk)
    walk.press(ask.name, ask.tiles)


@pytest.mark.parametrize("ask", ASKS, ids=lambda ask: ask.name)
def test_it_comes_in_place_and_downloads_as_it_was_served(walk: Walk, ask: Ask) -> None:
    assert ask.name in walk.made, "It was not asked for: see above."
    walk.wait_ready(ask.name)
    page = walk.open_output(walk.made[ask.name][0])
    expect(page.locator(ask.stage).first).to_be_visible()
    if ask.comes > len(walk.made[ask.name]):  # More came than the request promised: each is a result of this brief.
        walk.made[ask.name] = walk.siblings()
    assert len(walk.made[ask.name]) == ask.comes
    if ask.same_bytes:
        walk.raise_for_other_bytes(ask.name, walk.services[ask.provider])
    if ask.stage == SOLID:
        walk.leave_page()


def test_the_first_frames_of_an_influencers_video_show_while_it_is_made(walk: Walk) -> None:
    walk.needs(*KEYS, "public address")
    assert "an influencer" in walk.made
    studio = walk.services["influencer_studio"]
    studio.far.always(method="GET", path="*/generations/*/status", hold="planning")
    walk.open_form("influencer-video", "influencer_studio:influencer-video:veo-3.1")
    both(choice("influencer", "Ada Rivers"), words(prompt="Lifts the can and smiles"))(walk)
    [film] = walk.press("an influencer's video")
    expect(walk.tile(film).locator(".frames img")).to_have_count(2, timeout=30_000)
    studio.far.clear()


def test_a_new_influencer_can_be_chosen_for_photos(walk: Walk) -> None:
    walk.needs(*KEYS, "public address")
    walk.open_form("influencer-shoot", "influencer_studio:influencer-shoot:studio-1")
    both(choice("influencer", "Ada Rivers"), words(prompt="Reads in a café"), number("count", "2"))(walk)
    walk.press("an influencer's photos", 2)


def test_a_voice_can_only_be_picked_where_it_was_made(walk: Walk) -> None:
    assert "a voice" in walk.made
    for tool, offer, there in (
        ("speech", "videogen:speech:tts", False),
        ("talking-head", "influencer_studio:talking-head:kling-3", True),
    ):
        page = walk.open_form(tool, offer)
        narrator = page.locator("label:has(input[name=voice])", has_text="Narrator")
        expect(narrator.locator("input")).to_be_enabled(enabled=there)
        expect(narrator).to_contain_text("Designed" if there else "Not at VideoGen")


def test_a_batch_is_asked_for_of_which_one_will_be_missing(walk: Walk) -> None:
    walk.needs(*KEYS)
    videotok = walk.services["videotok"]
    before = len(videotok.paid)
    videotok.far.turn(name="queue_only", to=2)
    walk.open_form("static-ad", "videotok:static-ad:product-shoot")
    words(prompt="The can on a stone, morning light", count="3")(walk)
    walk.press("three ads", 3)
    until(lambda: len(videotok.paid) == before + 2, "two of the three to be taken")


def test_a_run_is_canceled_where_its_tile_stands(walk: Walk) -> None:
    walk.needs("videogen")
    videogen = walk.services["videogen"]
    videogen.far.set(seconds=None)
    walk.open_form("sound-effect", "videogen:sound-effect:effect")
    words(prompt="A door creaks for ever")(walk)
    [output] = walk.press("a canceled sound")
    tile = walk.tile(output, walk.page)
    expect(tile).to_have_attribute("data-state", "running", timeout=READY_MS)
    tile.get_by_role("button", name="Cancel").click()
    expect(tile).to_have_attribute("data-state", "canceled", timeout=READY_MS)
    assert [it for it in videogen.far.posts() if it["path"].endswith("/cancel")]
    videogen.far.set(seconds=2.0)


def test_a_lost_answer_waits_in_the_rescue_inbox_and_is_found(walk: Walk) -> None:
    walk.needs("videogen")
    videogen = walk.services["videogen"]
    videogen.far.next(method="POST", path="/v1/tools/generate-sound-effect", drop="after")
    walk.open_form("sound-effect", "videogen:sound-effect:effect")
    words(prompt="Ice falls into a glass")(walk)
    [output] = walk.press("a lost sound")
    tile = walk.tile(output, walk.page)
    expect(tile).to_have_attribute("data-state", "uncertain", timeout=READY_MS)
    expect(tile).to_contain_text("May have been charged")
    before = len(videogen.paid)
    tile.get_by_role("link", name="What to do").click()
    case = walk.page.locator("article.case", has_text="Ice falls into a glass")
    expect(case).to_contain_text("May have been charged")
    case.get_by_role("button", name="Check").click()
    walk.wait_ready("a lost sound")
    walk.raise_for_other_bytes("a lost sound", videogen)
    assert len(videogen.paid) == before
    walk.page.goto("/rescue/")
    expect(walk.page.locator("article.case", has_text="Ice falls into a glass")).to_have_count(0)


@pytest.mark.parametrize("name", ["an influencer's photos", "an influencer's video"])
def test_what_was_made_with_the_influencer_comes_in_place(walk: Walk, name: str) -> None:
    assert name in walk.made, "It was not asked for: see above."
    walk.wait_ready(name)
    walk.raise_for_other_bytes(name, walk.services["influencer_studio"])


def test_the_missing_one_of_a_batch_is_made_again_once(walk: Walk) -> None:
    assert "three ads" in walk.made, "They were not asked for: see above."
    videotok = walk.services["videotok"]
    before = len(videotok.paid)
    outputs = walk.made["three ads"]
    for output in outputs[:2]:
        expect(walk.tile(output).locator("a.pic")).to_be_visible(timeout=READY_MS)
    expect(walk.tile(outputs[2])).to_have_attribute("data-state", "failed", timeout=READY_MS)
    page = walk.open_output(outputs[0])
    expect(page.get_by_role("region", name="The rest of the batch")).to_contain_text("2 of 3 came.")
    top = walk.wall.locator("#days article.tile").first
    last = top.get_attribute("id") or ""
    page.get_by_role("button", name="Make the missing 1 again").dblclick()
    expect(walk.tile(outputs[2])).to_have_count(0)
    expect(top).not_to_have_id(last)
    walk.made["three ads"] = [*outputs[:2], top.get_attribute("data-output-id") or ""]
    walk.wait_ready("three ads")
    walk.raise_for_other_bytes("three ads", videotok)
    assert len(videotok.paid) == before + 1


def test_no_press_was_paid_twice(walk: Walk) -> None:
    """Everything that every service was asked to make, held against the presses."""
    walk.needs(*KEYS)
    asked = {
        name: [it["path"] for it in service.far.posts() if is_paid(it["path"])]
        for name, service in walk.services.items()
    }
    assert Counter(asked["influencer_studio"]) == Counter(
        f"/api/v1{path}" for path in (
            "/images/generate", "/images/edit", "/videos/generate", "/music/generate", "/voices/generate", "/influencers/create",
            "/models-3d/generate", "/videos/upscale/seedvr", "/influencers/video", "/influencers/generate",
        )
    )  # fmt: skip
    assert Counter(asked["videotok"]) == {"/api/v1/generations": 3, "/api/v1/slideshows": 1}
    tools = ("generate-image", "text-to-speech", "vectorize-image", "generate-sound-effect", "generate-sound-effect")
    assert Counter(asked["videogen"]) == Counter([*(f"/v1/tools/{tool}" for tool in tools), "/v1/text/generate"])
    for service in walk.services.values():
        jobs = [paid["job"] for paid in service.paid]
        assert len(jobs) == len(set(jobs))


def test_spend_and_the_balance_card_tell_what_was_charged(walk: Walk) -> None:
    walk.needs("influencer_studio")
    studio = walk.services["influencer_studio"]
    charged = sum(paid["credits"] for paid in studio.paid)
    page = walk.page
    page.goto("/spend/")
    expect(page.locator("main")).to_contain_text("Influencer Studio")
    expect(page.locator("main")).to_contain_text(f"{charged:,.0f}")
    page.goto("/settings/connections/")
    card = walk.card(studio)
    with page.expect_response("**/test/"):
        card.get_by_role("button", name=f"Test {studio.title}").click()
    expect(card.locator(".left b")).to_have_text(f"{10_000_000 - charged:,.0f}")
    walk.open_form("influencer", "influencer_studio:influencer:create")
    balance = page.locator("#money .balance")
    expect(balance).to_contain_text("250 credits")
    expect(balance).to_contain_text(f"{10_000_000 - charged:,.0f} credits")
    expect(balance.locator(".after")).to_contain_text(f"{10_000_000 - charged - 250:,.0f} credits")


def test_nothing_went_wrong_on_any_page_of_the_walk(walk: Walk) -> None:
    assert not walk.problems


def is_paid(path: str) -> bool:
    """Whether a request that is no GET makes something: all but uploads, bells, cancels and saved references."""
    return not any(part in path for part in ("/files", "/put/", "/webhooks/", "/cancel", "/reference-inspirations"))
