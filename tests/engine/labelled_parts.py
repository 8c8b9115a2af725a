"""What the labelled pictures are drawn of: colours, words, type, a product, something like a photograph."""

from __future__ import annotations

import random

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from studio.render import fonts

FILES = fonts.FOLDER


def font(name: str, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FILES / f"{name}.ttf"), max(6, round(size)))


SOFT = ("#f4ede2", "#e8eef2", "#f6f1ee", "#e9efe6", "#efe9f4", "#faf6ea")
LOUD = ("#ff5a36", "#ffd400", "#1f4bff", "#00b37e", "#ff3d7f", "#7a2bff")
DEEP = ("#1b2a2f", "#2c1a14", "#101827", "#20301f", "#33202d")
WORDS = (
    "Calm skin in fourteen days",
    "Cold brew, no drama",
    "Sleep like you mean it",
    "Fresh start Monday",
    "Ride further",
    "The soap that stays",
    "Made slow in Malmö",
    "Drink the summer",
)
SMALL = (
    "Niacinamide and squalane in amber glass, vegan and refillable.",
    "Ships in two days. Free returns for sixty days.",
    "Roasted weekly, brewed for eighteen hours, served cold.",
    "Made from 92 percent recycled ocean plastic.",
)


def write(
    draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, face: str, size: float, fill: str, wide: float
) -> float:
    """Words broken to a width; returns where the last line ends."""
    used, x, y = font(face, size), at[0], at[1]
    line = ""
    for word in [*text.split(), ""]:
        tried = f"{line} {word}".strip()
        if (used.getlength(tried) > wide or not word) and line:
            draw.text((x, y), line, font=used, fill=fill)
            y += size * 1.12
            line = word
        else:
            line = tried
    return y


def bottle(draw: ImageDraw.ImageDraw, box: tuple[float, float, float, float], colour: str) -> None:
    """A product: body, neck and a label."""
    left, top, right, bottom = box
    wide, high = right - left, bottom - top
    neck = (left + 0.34 * wide, top, right - 0.34 * wide, top + 0.3 * high)
    draw.rectangle(neck, fill=colour)
    draw.rounded_rectangle((left, top + 0.24 * high, right, bottom), 0.16 * wide, fill=colour)
    draw.rectangle((left + 0.12 * wide, top + 0.5 * high, right - 0.12 * wide, top + 0.78 * high), fill="#f7f2e8")


def photo(size: tuple[int, int], rng: random.Random, warm: bool | None = None) -> Image.Image:
    """Something like a photograph: soft light, large shapes, texture."""
    width, height = size
    warm = rng.random() < 0.6 if warm is None else warm
    base = (
        (rng.randint(120, 200), rng.randint(90, 150), rng.randint(60, 120))
        if warm
        else (rng.randint(50, 110), rng.randint(80, 130), rng.randint(100, 170))
    )
    small = Image.new("RGB", (8, 10))
    for x in range(8):
        for y in range(10):
            shift = rng.randint(-45, 45) + 6 * (5 - y)
            small.putpixel((x, y), tuple(max(0, min(255, part + shift)) for part in base))
    picture = small.resize(size, Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(picture)
    for _ in range(7):
        x, y, r = rng.randint(0, width), rng.randint(0, height), rng.randint(width // 10, width // 3)
        tone = tuple(max(0, min(255, part + rng.randint(-60, 60))) for part in base)
        draw.ellipse((x - r, y - r * 0.7, x + r, y + r * 0.7), fill=tone)
    picture = picture.filter(ImageFilter.GaussianBlur(width / 60))
    noise = Image.effect_noise(size, 26).convert("RGB")
    return Image.blend(picture, noise, 0.1)
