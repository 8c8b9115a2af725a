"""What several tests do on the pages, and what they look at."""

from __future__ import annotations

import io
from pathlib import Path
from uuid import uuid4

import numpy as np
from PIL import Image
from playwright.sync_api import Locator, Page, expect

FORM = "/create/static-ad/"
DEMO_PICTURES = Path(__file__).resolve().parents[2] / "studio" / "render" / "data" / "demo"
CAN = DEMO_PICTURES / "cut_can.png"
"""A can that is orange all over."""

RENDER_MS = 60_000
"""A render takes seconds; the lane may be at work on another test's brief."""


def unique(words: str) -> str:
    """A headline that no other test has."""
    return f"{words} {uuid4().hex[:6]}"


def open_form(page: Page, headline: str, query: str = "") -> None:
    page.goto(FORM + query)
    page.locator("#f-headline").fill(headline)
    expect(page.locator("#preview img")).to_be_visible()


def tick(page: Page, name: str, value: str) -> None:
    page.locator(f"#making input[name={name}][value='{value}']").check(force=True)


def generate(page: Page) -> None:
    """Presses the one Generate button that this width shows."""
    page.locator("button[form=making][data-busy]:visible").click()


def tile_of(page: Page, headline: str) -> Locator:
    return page.locator("article.tile", has_text=headline)


def picture_of(page: Page, headline: str) -> Locator:
    """The finished picture in the tile: with none it never becomes visible."""
    return tile_of(page, headline).locator(".pic img")


def make_ad(page: Page, headline: str, **choices: str) -> None:
    """Fills the form, presses Generate and waits for the picture. `choices`: name of a radio or a tick box, and its value."""
    open_form(page, headline)
    for name, value in choices.items():
        tick(page, name, value)
    generate(page)
    expect(picture_of(page, headline).first).to_be_visible(timeout=RENDER_MS)


def open_output(page: Page, headline: str) -> None:
    """From the strip or the gallery to the output's page."""
    tile_of(page, headline).locator(".pic").first.click()
    expect(page.locator(".viewer .stage img")).to_be_visible()


def orange_share(picture: bytes) -> float:
    """How much of a picture has the can's colour, 0 to 1."""
    with Image.open(io.BytesIO(picture)) as image:
        hue, saturation, value = np.moveaxis(np.asarray(image.convert("HSV").resize((120, 120))), 2, 0)
    return float(((hue >= 8) & (hue <= 26) & (saturation > 140) & (value > 120)).mean())


def focus_shows(page: Page) -> bool:
    """Whether the element in focus, or the box that it stands in, wears a ring."""
    return bool(
        page.evaluate(
            """() => {
              const ringed = (node) => {
                const style = getComputedStyle(node);
                return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
              };
              const active = document.activeElement;
              return active !== document.body && (ringed(active) || ringed(active.parentElement));
            }"""
        )
    )
