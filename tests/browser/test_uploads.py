"""Files of every kind into a field: several at once, known already, of a wrong kind, on their way, from a phone's camera, without script."""

from __future__ import annotations

import pytest
from playwright.sync_api import FilePayload, Locator, Page, Route, expect

from tests.media.clips import film, recording
from tests.media.files import encoded, photo

from .conftest import PHONE, MakeContext
from .stack import Stack
from .steps import FORM
from .test_create_form import CONNECT

CLIP = "/create/video-upscale/"


@pytest.fixture(scope="module", autouse=True)
def keys(stack: Stack, owner_state: object) -> None:
    stack.manage("shell", "-c", CONNECT)


def payload(name: str, media_type: str, data: bytes) -> FilePayload:
    return {"name": name, "mimeType": media_type, "buffer": data}


def shot(seed: int) -> FilePayload:
    return payload(f"shot-{seed}.jpg", "image/jpeg", encoded(photo(seed=seed), "JPEG"))


def choose(page: Page, place: str, *files: FilePayload) -> Locator:
    """Through the field's file dialog; returns its cards."""
    page.locator(f"input[name=upload-{place}]").set_input_files(list(files))
    return page.locator(f"#f-{place.replace('_', '-')} .thumb-card")


def test_a_clip_is_taken_and_plays(page: Page) -> None:
    page.goto(CLIP)
    card = choose(page, "video", payload("take.mp4", "video/mp4", film(sound=True)))
    expect(card.locator(".name")).to_contain_text("0:02")
    expect(page.locator("#live")).to_contain_text("take.mp4 added")
    played = "video => video.readyState >= 1 ? video.duration : new Promise((done) => video.onloadedmetadata = () => done(video.duration))"
    assert card.locator("video").evaluate(played) == pytest.approx(2, abs=0.1)


def test_a_recording_is_no_clip(page: Page) -> None:
    page.goto(CLIP)
    card = choose(page, "video", payload("voice.mp3", "audio/mpeg", recording("mp3")))
    expect(card.locator(".error")).to_have_text("voice.mp3: This is an MP3 sound file. Use an MP4, MOV or WebM video.")


def test_several_come_at_once_and_what_is_known_is_recognised(page: Page) -> None:
    page.goto(FORM)
    cards = choose(page, "product_images", shot(11), shot(12), payload("notes.jpg", "image/jpeg", b"Words.\n" * 40))
    expect(page.locator("#f-product-images .thumb-card:not(.bad) input[type=hidden]")).to_have_count(2)
    expect(page.locator("#f-product-images .thumb-card.bad")).to_contain_text(
        "notes.jpg: This file is named .jpg but is plain text."
    )
    choose(page, "product_images", shot(11))  # In the field already.
    expect(page.locator("#live")).to_contain_text("shot-11.jpg is here already")
    expect(cards).to_have_count(3)
    page.reload()
    page.goto(FORM)
    page.locator("#f-product-images .thumb-card [data-remove]").evaluate_all(
        "found => found.forEach((it) => it.click())"
    )
    choose(page, "product_images", shot(12))
    expect(page.locator("#f-product-images .thumb-card .chip")).to_contain_text("It was already in your library.")
    expect(page.locator("#live")).to_contain_text("already in your library")


def test_progress_is_shown_and_each_file_is_canceled_alone(page: Page) -> None:
    page.goto(FORM)
    held: list[Route] = []
    page.route("**/upload/**", lambda route: held.append(route))
    cards = choose(page, "product_images", shot(21), shot(22))
    expect(cards.get_by_role("progressbar")).to_have_count(2)
    page.get_by_role("button", name="Cancel shot-21.jpg").click()
    expect(cards).to_have_count(1)
    held[1].continue_()
    expect(cards.locator("input[type=hidden]")).to_have_count(1)


def test_a_phone_has_its_camera_at_hand(context_of_owner: MakeContext) -> None:
    page = context_of_owner(viewport=PHONE, has_touch=True, is_mobile=True).new_page()
    for address, place, kind in ((FORM, "product-images", "image/*"), (CLIP, "video", "video/*")):
        page.goto(address)
        camera = page.locator(f"#f-{place} .camera")
        expect(camera).to_be_visible()
        assert camera.locator("input").evaluate("it => [it.accept, it.getAttribute('capture')]") == [
            kind,
            "environment",
        ]
    page.goto(FORM)
    page.locator("#f-product-images .camera input").set_input_files([shot(31)])
    expect(page.locator("#f-product-images .thumb-card input[type=hidden]")).to_have_count(1)


def test_without_script_a_clip_comes_with_the_form(context_of_owner: MakeContext) -> None:
    page = context_of_owner(java_script_enabled=False).new_page()
    page.goto(CLIP)
    page.locator("input[name=upload-video]").set_input_files([payload("take.mov", "video/quicktime", film("mov"))])
    page.get_by_role("button", name="Add the chosen files").click()
    expect(page.locator("#f-video .thumb-card video")).to_have_count(1)
