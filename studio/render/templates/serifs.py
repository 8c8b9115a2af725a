"""The serif headline of the quiet layouts: the brand's own serif, or the one that its typeface is paired with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from studio.render import colours, fonts
from studio.render.templates.base import Canvas
from studio.render.templates.books import grained
from studio.render.templates.columns import heading_style, loudness
from studio.render.text import Emphasis, Style
from studio.render.words import WEAK_ENDS, emphasis

_LOOKS: dict[str, tuple[int, float, float, float]] = {
    # weight, tracking, leading, and how large it is set beside others
    "instrument-serif": (400, -0.022, 0.95, 1.16),
    "playfair": (440, -0.024, 1.0, 0.95),
    "fraunces": (380, -0.03, 0.99, 1.0),
}


def serif_key(canvas: Canvas) -> str | None:
    """The family, or None where the brand brought its own typeface, which is set as it is."""
    family = fonts.font(canvas.brand.heading_font)
    if family.key.startswith(fonts.OWN):
        return None
    return family.key if family.kind == "serif" else fonts.font(family.emphasis).key


def serif_style(canvas: Canvas, text: str, fill: str, accent: str | None = None) -> Style:
    """The style for a headline. accent: of the emphasised word, which is set in italics. Scripts without serifs here are set bolder."""
    key = serif_key(canvas)
    if key is None:
        return heading_style(canvas, fill, accent)
    weight, tracking, leading, _ = _LOOKS[key]
    plain = emphasis(text)[0]
    if not any("A" <= letter <= "ɏ" or "Ͱ" <= letter <= "ӿ" for letter in plain):
        return replace(
            heading_style(canvas, fill, accent), font=key, weight=700, tracking=0.0, leading=1.12, case="none"
        )
    return Style(
        key,
        100,
        weight,
        tracking,
        leading,
        fill,
        emphasis=Emphasis.beside(key, weight=weight, fill=accent, face_weight=weight),
    )


def serif_size(canvas: Canvas, size: float) -> float:
    """What to hand to `column` as its `max_size` for a headline in `serif_style`: it multiplies by the brand face's loudness."""
    key = serif_key(canvas)
    return size if key is None else size * _LOOKS[key][3] / loudness(canvas)


def one_word(headline: str) -> str:
    """The headline with an emphasised word even where it has only two: the longer one."""
    words = re.findall(r"[A-Za-zÀ-ɏͰ-ӿ'’]+", headline)
    if emphasis(headline)[1] or len(headline.split()) != 2 or len(words) != 2:
        return headline
    best = max(words, key=lambda word: (word.lower() not in WEAK_ENDS, len(word)))
    return headline.replace(best, f"*{best}*", 1)


def deep_accent(canvas: Canvas, grounds: Sequence[str], text: str) -> str:
    """The colour of the emphasised word on a ground in the middle: the accent or primary as deep (or as light) as it must be to read."""
    found = canvas.accent(grounds, text)
    if found != text:
        return found
    under = grained(grounds)
    for colour in (canvas.brand.accent, canvas.brand.primary):
        lightness, chroma, hue = colours.to_oklch(colour)
        for step in range(1, 16):
            for lift in (-0.03 * step, 0.03 * step):
                tried = colours.from_oklch(lightness + lift, chroma, hue)
                seen = chroma > 0.05 and colours.difference(tried, text) > 0.1
                if seen and 0.25 < lightness + lift < 0.95 and colours.worst_contrast(tried, under) >= 4.5:
                    return tried
    return text
