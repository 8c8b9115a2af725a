"""Colours: conversions there and back, and text that can always be read."""

from __future__ import annotations

import random

import pytest

from studio.render import colours

ANY = [f"#{random.Random(seed).randrange(1 << 24):06x}" for seed in range(200)]


@pytest.mark.parametrize("text", ["", "red", "#12", "#12345", "#1234567", "123456", "#12345g", "#ffffff;}", "url(#a)"])
def test_what_is_no_colour_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a colour; write it like"):
        colours.check(text)


def test_short_and_upper_case_are_one_colour() -> None:
    assert colours.check("#AbC") == colours.check("#AABBCC") == "#aabbcc"


def test_contrast_is_wcag() -> None:
    assert colours.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert colours.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_oklch_there_and_back() -> None:
    for colour in ANY:
        back = colours.from_oklch(*colours.to_oklch(colour))
        assert max(abs(a - b) for a, b in zip(colours.parse(colour), colours.parse(back), strict=True)) <= 1


def test_out_of_gamut_keeps_lightness() -> None:
    lightness, _, _ = colours.to_oklch(colours.from_oklch(0.8, 0.4, 30))
    assert lightness == pytest.approx(0.8, abs=0.02)


def test_every_ground_gets_readable_text() -> None:
    for ground, wish in zip(ANY, reversed(ANY), strict=True):
        assert colours.contrast(colours.readable_on(ground, wish), ground) >= 4.5


def test_a_wish_that_reads_is_kept_and_another_is_nudged_as_little_as_possible() -> None:
    assert colours.readable_on("#ffffff", "#e0e0e0", "#17171a") == "#17171a"
    nudged = colours.readable_on("#ffffff", "#e8542f")
    wished_l, _, wished_hue = colours.to_oklch("#e8542f")
    lightness, _, hue = colours.to_oklch(nudged)
    assert abs(hue - wished_hue) < 4
    assert wished_l - 0.12 < lightness < wished_l
    assert colours.contrast(nudged, "#ffffff") < 4.8


def test_readable_on_several_grounds_at_once() -> None:
    assert colours.worst_contrast(colours.readable_on(["#101010", "#303030"], "#805020"), ["#101010", "#303030"]) >= 4.5


def test_tints_are_lighter_and_shades_darker() -> None:
    for colour in ANY[:50]:
        lightness = colours.to_oklch(colour)[0]
        assert colours.to_oklch(colours.tint(colour, 0.8))[0] >= lightness - 0.01
        assert colours.to_oklch(colours.shade(colour, 0.6))[0] <= lightness + 0.01


def test_grounds_keep_away_from_the_products_edges() -> None:
    brand = ("#2f6f73", "#e8542f", "#17171a", "#f7f4ef")
    edges = ("#30706f", "#2a666a", "#35787a")
    found = colours.grounds(*brand, edges)
    assert "#2f6f73" in found
    for variant in range(6):
        assert colours.separates(colours.pick_ground(found, variant, edges), edges) >= 0.14
    assert len({colours.pick_ground(found, variant, edges) for variant in range(4)}) == 4


def test_a_ground_is_picked_even_if_nothing_separates() -> None:
    assert colours.pick_ground(["#808080"], 3, ["#808080", "#818181"]) == "#808080"
