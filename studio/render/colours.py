"""Colours as `#rrggbb`, and the few questions that layouts ask about them.

Lightness is judged in OKLCH, where equal steps look equal: L is 0..1, C about 0..0.37, h in degrees. Contrast is WCAG 2's ratio, 1..21.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import lru_cache

_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_SHORT = re.compile(r"#[0-9a-fA-F]{3}")

INK = "#17171a"
PAPER = "#ffffff"

Rgb = tuple[int, int, int]
Lch = tuple[float, float, float]


def check(text: str) -> str:
    """The same colour as lower-case `#rrggbb` (`#abc` is widened). Raises ValueError for anything else."""
    if _HEX.fullmatch(text):
        return text.lower()
    if _SHORT.fullmatch(text):
        return "#" + "".join(letter * 2 for letter in text[1:].lower())
    raise ValueError(f"“{text[:40]}” is not a colour; write it like #e8542f.")


def parse(text: str) -> Rgb:
    """Red, green and blue, 0..255."""
    value = check(text)
    return int(value[1:3], 16), int(value[3:5], 16), int(value[5:7], 16)


def to_hex(rgb: Sequence[float]) -> str:
    """`#rrggbb` of three numbers 0..255; out of range is clamped."""
    red, green, blue = (min(255, max(0, round(float(value)))) for value in rgb)
    return f"#{red:02x}{green:02x}{blue:02x}"


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _gamma(value: float) -> float:
    return 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055


@lru_cache(maxsize=4096)
def luminance(colour: str) -> float:
    """WCAG relative luminance, 0..1."""
    red, green, blue = (_linear(value / 255) for value in parse(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio, 1..21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def is_dark(colour: str) -> bool:
    """Whether white reads better on it than black does."""
    return luminance(colour) < 0.179


@lru_cache(maxsize=4096)
def to_oklab(colour: str) -> tuple[float, float, float]:
    """OKLab L, a, b."""
    red, green, blue = (_linear(value / 255) for value in parse(colour))
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def to_oklch(colour: str) -> Lch:
    """OKLCH lightness, chroma, hue in degrees."""
    lightness, a, b = to_oklab(colour)
    return lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360


def _oklch_to_rgb(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        _gamma(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
        _gamma(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
        _gamma(-0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short),
    )


@lru_cache(maxsize=4096)
def from_oklch(lightness: float, chroma: float, hue: float) -> str:
    """The nearest colour that screens can show: chroma is lowered, lightness and hue stay."""
    lightness = min(1.0, max(0.0, lightness))
    low, high = 0.0, max(0.0, chroma)
    for step in range(14):
        middle = high if step == 0 else (low + high) / 2
        if all(-0.002 <= value <= 1.002 for value in _oklch_to_rgb(lightness, middle, hue)):
            low = middle
            if step == 0:
                break
        else:
            high = middle
    return to_hex([255 * value for value in _oklch_to_rgb(lightness, low, hue)])


def with_lightness(colour: str, lightness: float, chroma_scale: float = 1.0) -> str:
    """The same hue at another OKLCH lightness (0..1)."""
    _, chroma, hue = to_oklch(colour)
    return from_oklch(lightness, chroma * chroma_scale, hue)


def tint(colour: str, amount: float) -> str:
    """Lighter towards white by `amount` (0..1), keeping the hue. 0.85-0.95 of a brand colour makes a pale ground."""
    lightness, chroma, hue = to_oklch(colour)
    return from_oklch(lightness + (1 - lightness) * amount, chroma * (1 - amount) ** 0.6, hue)


def shade(colour: str, amount: float) -> str:
    """Darker towards black by `amount` (0..1), keeping the hue. 0.5-0.8 of a brand colour makes a deep ground."""
    lightness, chroma, hue = to_oklch(colour)
    return from_oklch(lightness * (1 - amount), chroma * (1 - 0.6 * amount), hue)


def mix(one: str, other: str, amount: float) -> str:
    """`one` at 0, `other` at 1, straight through sRGB as SVG blends opacities: for the ground under a translucent layer."""
    return to_hex([a + (b - a) * amount for a, b in zip(parse(one), parse(other), strict=True)])


def difference(one: str, other: str) -> float:
    """Distance in OKLab: below 0.05 hardly seen, 0.15 clearly apart, 1 black to white."""
    return math.dist(to_oklab(one), to_oklab(other))


def readable_on(ground: str | Sequence[str], *preferred: str, minimum: float = 4.5) -> str:
    """A colour with at least `minimum` contrast on the ground, or on every one of several grounds.

    The first preferred colour that passes as it is wins. Otherwise the first one is nudged in lightness, as little as it takes; if no
    lightness of it can pass, black or white, whichever reads better (over very mixed grounds that may be less than the minimum: put a
    scrim under the text).
    """
    grounds = [ground] if isinstance(ground, str) else list(ground)
    for colour in preferred:
        if worst_contrast(colour, grounds) >= minimum:
            return check(colour)
    if preferred:
        nudged = _nudge(preferred[0], grounds, minimum)
        if nudged is not None:
            return nudged
    return max(
        (PAPER, INK, "#000000"), key=lambda colour: (min(minimum, worst_contrast(colour, grounds)), colour != "#000000")
    )


def worst_contrast(colour: str, grounds: Sequence[str]) -> float:
    """The lowest contrast of a colour over several grounds."""
    return min(contrast(colour, ground) for ground in grounds)


def _nudge(colour: str, grounds: Sequence[str], minimum: float) -> str | None:
    lightness, chroma, hue = to_oklch(colour)
    for step in range(1, 101):
        for candidate in (lightness - step / 100, lightness + step / 100):
            if 0.0 <= candidate <= 1.0:
                tried = from_oklch(round(candidate, 4), chroma, hue)
                if worst_contrast(tried, grounds) >= minimum:
                    return tried
    return None


def separates(ground: str, edges: Sequence[str]) -> float:
    """How well a product with these edge colours stands off a ground: the distance of the second-closest edge colour."""
    if not edges:
        return 1.0
    distances = sorted(difference(ground, edge) for edge in edges)
    return distances[min(1, len(distances) - 1)]


def grounds(primary: str, accent: str, dark: str, light: str, edges: Sequence[str] = ()) -> list[str]:
    """Grounds made of a brand's colours, best first: all of them keep the product's edges apart as well as the brand allows.

    The order is by taste (full brand colour, pale tint, deep shade, accent ...) among those that separate, then the rest by separation.
    """
    wished = [
        primary,
        tint(primary, 0.82),
        light,
        shade(primary, 0.62),
        dark,
        tint(accent, 0.82),
        accent,
        shade(accent, 0.62),
    ]
    found: list[str] = []
    for colour in map(check, wished):
        if all(difference(colour, other) > 0.04 for other in found):
            found.append(colour)
    good = [colour for colour in found if separates(colour, edges) >= 0.14]
    rest = sorted((colour for colour in found if colour not in good), key=lambda colour: -separates(colour, edges))
    return good + rest


def pick_ground(choices: Sequence[str], variant: int, edges: Sequence[str] = ()) -> str:
    """The ground of variant 0, 1, 2, …: cycles through the choices that separate the product, or the best one if none does."""
    good = [colour for colour in choices if separates(colour, edges) >= 0.14]
    if not good:
        good = sorted(choices, key=lambda colour: -separates(colour, edges))[:1]
    return good[variant % len(good)]
