"""Files that are no pictures: each is refused beside the field, in one sentence, and what was typed stays."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.media.files import jpeg

from .conftest import MakeContext
from .steps import CAN, FORM, open_form

BAD: dict[str, tuple[FilePayload, str]] = {
    "text": ({"name": "notes.png", "mimeType": "image/png", "buffer": b"Just words.\n" * 40}, r"not a picture|picture"),
    "empty": ({"name": "empty.jpg", "mimeType": "image/jpeg", "buffer": b""}, r"empty"),
    "truncated": (
        {"name": "half.jpg", "mimeType": "image/jpeg", "buffer": jpeg()[:2000]},
        r"damaged|cut off|incomplete|broken|ends",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_is_no_picture_is_refused_beside_the_field(page: Page, name: str) -> None:
    file, words = BAD[name]
    open_form(page, "What was typed")
    page.locator("input[name=upload-product_images]").set_input_files([file])
    refused = page.locator(".field .drop .thumb-card.bad .error")
    expect(refused).to_contain_text(re.compile(words))
    expect(refused).to_contain_text(file["name"])
    expect(page.locator("#f-headline")).to_have_value("What was typed")
    page.locator("input[name=upload-product_images]").set_input_files(CAN)
    expect(page.locator(".thumb-card:not(.bad) input[name=product_images]")).to_have_count(1)
    page.get_by_role("button", name=f"Dismiss the message about {file['name']}").click()
    expect(page.locator(".thumb-card")).to_have_count(1)


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(page: Page, tmp_path: Path) -> None:
    large = tmp_path / "huge.jpg"
    with large.open("wb") as file:
        file.truncate(210 * 1024 * 1024)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if "/upload/" in request.url else None)
    open_form(page, "What was typed")
    page.locator("input[name=upload-product_images]").set_input_files(large)
    expect(page.locator(".thumb-card.bad .error")).to_contain_text("210 MB")
    expect(page.locator("#f-headline")).to_have_value("What was typed")
    assert not sent


@pytest.mark.parametrize("name", BAD)
def test_without_script_too_it_is_refused_beside_the_field(context_of_owner: MakeContext, name: str) -> None:
    file, words = BAD[name]
    page = context_of_owner(java_script_enabled=False).new_page()
    page.goto(FORM)
    page.get_by_label("Headline").fill("What was typed")
    page.locator("input[name=upload-product_images]").set_input_files([file])
    page.get_by_role("button", name="Add the chosen files").click()
    expect(page.locator(".field:has(.drop) .error")).to_contain_text(re.compile(words))
    expect(page.get_by_label("Headline")).to_have_value("What was typed")
