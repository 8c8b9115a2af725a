"""Customers' words as people type them, and sublines as lists of facts."""

from __future__ import annotations

import pytest

from studio.render.templates.facts import split_facts
from studio.render.templates.quotes import Quote, read_quote


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("", Quote("", "", "", None)),
        ("So quiet.", Quote("So quiet.", "", "", None)),
        ("“So quiet.” — Maya R., verified buyer", Quote("So quiet.", "Maya R.", "verified buyer", None)),
        ("So quiet. - Tom", Quote("So quiet.", "Tom", "", None)),
        ("So quiet.\n– @tom", Quote("So quiet.", "@tom", "", None)),
        ("It works — really.", Quote("It works — really.", "", "", None)),
        ("Well-made and leak-proof", Quote("Well-made and leak-proof", "", "", None)),
        ("Still hot. ★★★★☆ — Ada", Quote("Still hot.", "Ada", "", 4)),
        ("5/5 Still hot. — Ada", Quote("Still hot.", "Ada", "", 5)),
        ("★★★★★", Quote("", "", "", None)),
        ("静かな肌です。— 美咲", Quote("静かな肌です。", "美咲", "", None)),
    ],
)
def test_it_takes_a_quote_apart_and_makes_nothing_up(text: str, quote: Quote) -> None:
    assert read_quote(text) == quote


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("", []),
        ("Cold brew, by the dozen.", ["Cold brew, by the dozen."]),
        ("Hot for 24 hours. Leak-tested to 4.8 km.", ["Hot for 24 hours", "Leak-tested to 4.8 km"]),
        ("月曜日に焙煎。水曜日にお届け。", ["月曜日に焙煎", "水曜日にお届け"]),
        ("Wow. A. B. C. D. E.", ["Wow. A. B. C. D. E."]),
    ],
)
def test_it_splits_short_sentences_into_facts(text: str, facts: list[str]) -> None:
    assert split_facts(text) == facts
