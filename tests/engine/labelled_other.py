"""Other hands' layouts for the held-out half: the same eight ideas drawn differently. See `labelled`."""

from __future__ import annotations

import random
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFilter

from .labelled_parts import DEEP, LOUD, SMALL, SOFT, WORDS, bottle, font, photo, write


def jar(draw: ImageDraw.ImageDraw, box: tuple[float, float, float, float], colour: str) -> None:
    left, top, right, bottom = box
    draw.rounded_rectangle((left, top + 0.22 * (bottom - top), right, bottom), 0.12 * (right - left), fill=colour)
    draw.rectangle((left, top, right, top + 0.2 * (bottom - top)), fill="#d8d2c6")


def split(size: tuple[int, int], rng: random.Random) -> Image.Image:
    """A colour panel with copy beside a lighter one with the product."""
    width, height = size
    picture = Image.new("RGB", size, rng.choice(SOFT))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, 0.46 * width, height), fill=rng.choice(DEEP))
    jar(draw, (0.58 * width, 0.38 * height, 0.88 * width, 0.74 * height), rng.choice(LOUD))
    y = write(
        draw, (0.05 * width, 0.3 * height), rng.choice(WORDS), "sora-latin", 0.07 * height, "#fff6e6", 0.38 * width
    )
    write(draw, (0.05 * width, y + 6), rng.choice(SMALL), "sora-latin", 0.03 * height, "#d9d4ca", 0.38 * width)
    return picture


def hero(size: tuple[int, int], rng: random.Random) -> Image.Image:
    """The word low behind a jar, on a soft or dark ground."""
    width, height = size
    ground = rng.choice(SOFT + DEEP)
    picture = Image.new("RGB", size, ground)
    draw = ImageDraw.Draw(picture)
    word = rng.choice(("WAKE", "SOFT", "PURE", "BOLD"))
    used = font("archivo-latin", 100)
    ink = rng.choice(LOUD)
    big = font("archivo-latin", 100 * 0.9 * width / used.getlength(word))
    draw.text((width / 2, 0.34 * height), word, font=big, fill=ink, anchor="mt")
    jar(draw, (0.36 * width, 0.4 * height, 0.64 * width, 0.86 * height), rng.choice(DEEP if ground in SOFT else SOFT))
    return picture


def editorial(size: tuple[int, int], rng: random.Random) -> Image.Image:
    """A photograph that sinks into a dark foot, with a line of sans below."""
    width, height = size
    picture = photo(size, rng, warm=False)
    shade = Image.new("L", (1, 40))
    for y in range(40):
        shade.putpixel((0, y), max(0, (y - 24) * 12))
    picture.paste(Image.new("RGB", size, "#101418"), mask=shade.resize(size))
    draw = ImageDraw.Draw(picture)
    draw.text(
        (width / 2, 0.88 * height),
        rng.choice(WORDS),
        font=font("dm-sans-latin", 0.045 * height),
        fill="#ffffff",
        anchor="mm",
    )
    return picture


def review(size: tuple[int, int], rng: random.Random) -> Image.Image:
    """A card with a face and a message, as screenshots of feedback are."""
    width, height = size
    picture = Image.new("RGB", size, rng.choice(SOFT + LOUD))
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((0.07 * width, 0.16 * height, 0.93 * width, 0.84 * height), 16, fill="#ffffff")
    draw.ellipse((0.13 * width, 0.21 * height, 0.23 * width, 0.21 * height + 0.1 * width), fill=rng.choice(LOUD))
    draw.text((0.27 * width, 0.22 * height), "Amir K.", font=font("inter-latin", 0.036 * height), fill="#222222")
    said = rng.choice(
        (
            "Bought one for my mother, then two for me. It does what it says and the box is small enough for the letterbox.",
            "I was sceptical because of the price. After a month I would pay double. Please never change the scent of it.",
        )
    )
    write(draw, (0.13 * width, 0.36 * height), said, "inter-latin", 0.042 * height, "#222222", 0.74 * width)
    return picture


def poster(size: tuple[int, int], rng: random.Random) -> Image.Image:
    """Three or four lines of condensed type to the edge, nothing else or a small jar."""
    width, height = size
    picture = Image.new("RGB", size, rng.choice(LOUD))
    draw = ImageDraw.Draw(picture)
    said = rng.choice(("EAT MORE COLOUR", "WHO NEEDS SLEEP", "ALL NEW ALL NOISE", "GET OUT OFTEN"))
    y = 0.03 * height
    for word in said.split():
        used = font("anton-latin", 100)
        size_px = min(0.3 * height, 100 * 0.9 * width / used.getlength(word))
        draw.text((0.05 * width, y), word, font=font("anton-latin", size_px), fill="#fffdf5")
        y += 1.16 * size_px
    return picture


def arch(size: tuple[int, int], rng: random.Random) -> Image.Image:
    """A round sun or a tall window, a jar on a plinth, the words below."""
    width, height = size
    ground = rng.choice(SOFT)
    picture = Image.new("RGB", size, ground)
    draw = ImageDraw.Draw(picture)
    glow = rng.choice(("#e9b48a", "#f3d9a6", "#b9c8b0"))
    if rng.random() < 0.5:
        draw.rounded_rectangle((0.2 * width, 0.1 * height, 0.8 * width, 0.82 * height), 0.3 * width, fill=glow)
    else:
        radius = 0.34 * min(width, height)
        draw.ellipse(
            (width / 2 - radius, 0.46 * height - radius, width / 2 + radius, 0.46 * height + radius), fill=glow
        )
    draw.rectangle((0.36 * width, 0.68 * height, 0.64 * width, 0.8 * height), fill="#efe6d8")
    jar(draw, (0.42 * width, 0.46 * height, 0.58 * width, 0.68 * height), rng.choice(DEEP))
    draw.text(
        (width / 2, 0.91 * height),
        rng.choice(WORDS),
        font=font("fraunces-latin", 0.05 * height),
        fill="#3a2d22",
        anchor="mm",
    )
    return picture


def motion(size: tuple[int, int], rng: random.Random) -> Image.Image:
    """Stripes that sweep through, words between them."""
    width, height = size
    picture = Image.new("RGB", size, rng.choice(LOUD))
    draw = ImageDraw.Draw(picture)
    for stripe in range(7):
        x = (stripe / 5 - 0.3 + rng.uniform(-0.04, 0.04)) * width
        draw.polygon(
            [(x, height), (x + 0.1 * width, height), (x + 0.5 * width, 0), (x + 0.4 * width, 0)],
            fill=rng.choice(LOUD + DEEP),
        )
    draw.rectangle((0.2 * width, 0.44 * height, 0.8 * width, 0.56 * height), fill="#111111")
    draw.text(
        (width / 2, height / 2),
        rng.choice(("GO AGAIN", "ONE MORE", "SHIFT")),
        font=font("sora-latin", 0.07 * width),
        fill="#ffffff",
        anchor="mm",
    )
    return picture


def talking(size: tuple[int, int], rng: random.Random) -> Image.Image:
    """A hand holds the product in a kitchen; the caption is at the top."""
    width, height = size
    picture = photo(size, rng, warm=True)
    draw = ImageDraw.Draw(picture)
    skin = rng.choice(("#c99873", "#8a5a3c", "#e3b795"))
    draw.rounded_rectangle((0.34 * width, 0.6 * height, 0.7 * width, 1.05 * height), 0.14 * width, fill=skin)
    bottle(draw, (0.4 * width, 0.3 * height, 0.6 * width, 0.74 * height), rng.choice(LOUD))
    picture = picture.filter(ImageFilter.GaussianBlur(0.6))
    draw = ImageDraw.Draw(picture)
    said = rng.choice(("day 12 update", "is it worth it?", "honest thoughts"))
    draw.text(
        (width / 2, 0.14 * height),
        said,
        font=font("inter-latin", 0.042 * height),
        fill="#ffffff",
        anchor="mm",
        stroke_width=2,
        stroke_fill="#000000",
    )
    return picture


DRAWN: dict[str, Callable[[tuple[int, int], random.Random], Image.Image]] = {
    "split": split,
    "hero": hero,
    "editorial": editorial,
    "review": review,
    "poster": poster,
    "arch": arch,
    "motion-graphics": motion,
    "ugc-product-video": talking,
}
