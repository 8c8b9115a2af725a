from __future__ import annotations

import pytest

from studio.speech import words


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Save 20% today: only $24.99!", "Save 20% today: only $24.99!"),
        ("It opens at 10:30 am, 24/7.", "It opens at 10 30 A.M., 24 7."),
        ("Until 9:00 pm or 14:05.", "Until 9 PM or 14 oh 5."),
        ("See you at 7:00.", "See you at 7 o'clock."),
        (
            "Call 555-0142 or (212) 555-0142.",
            "Call five five five, oh one four two or two one two, five five five, oh one four two.",
        ),
        ("$1.5M, €20, 5 € and US$5", "1.5 million dollars, €20, €5 and $5"),
        ("$9/mo, 12 GB, 1 kg, 5 kg", "$9 per month, 12 gigabytes, 1 kilogram, 5 kilograms"),
        ("50°C and 1/2 cup, 3½ stars", "50 degrees Celsius and one half cup, 3 and one half stars"),
        ("10k followers in 5-10 days", "10 thousand followers in 5 to 10 days"),
        ("2026-11-21 and 11/3/2026", "November 21st, 2026 and November 3rd, 2026"),
        ("Visit https://www.halden.com/shop.", "Visit halden dot com slash shop."),
        ("Mail hi@halden.co.uk", "Mail hi at halden dot co dot UK"),
        ("Mr. and Mrs. Smith vs. Dr. Jones", "Mister and Missus Smith versus Doctor Jones"),
        ("e.g. this, etc.", "for example, this, et cetera."),
        ("#1 brand & more, #slow", "number 1 brand and more, hashtag slow"),
        ("9/10 people, 5 x 3, 2x faster", "9 out of 10 people, 5 by 3, 2 times faster"),
        ("and/or, made in the US.", "and or, made in the U.S."),
        ("café, naïve, jalapeño, Zürich, Straße", "cafe, naive, jalapeno, Zurich, Strasse"),
        ("It’s “good” — really… 😀™", "It's “good” — really..."),
        ("4K, COVID-19, Q4, B2B, 1990s", "4K, COVID-19, Q4, B2B, 1990s"),
        ("99:99 and 2026-13-40", "99 99 and 2026 to 13 to 40"),
        ("one\n\n  two  words ", "one\ntwo words"),
    ],
)
def test_what_is_written_is_said_in_words(written: str, said: str) -> None:
    assert words.spoken(written) == said


def test_left_as_written_only_what_cannot_be_read_changes() -> None:
    assert words.spoken("5 kg at 10:30 & e.g. café", spell_out=False) == "5 kg at 10 30 & e.g. cafe"


def test_a_persons_own_words_come_first_and_whole() -> None:
    own = [("Halden", "HALL-den"), ("Halden Oru", "house of oru"), ("g", "gee"), ("HALL-den", "never")]
    assert words.replace("Halden oru, halden, Haldens, g", own) == "house of oru, HALL-den, Haldens, gee"
    assert words.spoken("A+ (beta)", [("A+", "ay plus")]) == "ay plus (beta)"


@pytest.mark.parametrize(
    ("text", "foreign"),
    [
        ("Hello 你好 there", "你好"),
        ("Привет", "Привет"),
        ("naïve café, 5 µg, ½, ñ, ß, Łódź, x², ™", ""),
        ("１２３", "１２３"),
        ("नमस्ते", "नमस"),
        ("Emoji only 😀", ""),
    ],
)
def test_letters_that_nobody_here_reads_are_found(text: str, foreign: str) -> None:
    found = words.other_script(text)
    assert found.startswith(foreign) if foreign else found == ""


def test_signs_that_are_not_said_are_named_once() -> None:
    assert words.left_out("Hi 😀🙂😀 ™ 20°C, “so” — 5€") == "😀🙂"
    assert not words.is_speakable("😀 … —")
    assert words.is_speakable("ñ")


def test_every_rule_is_quick_on_a_long_text() -> None:
    """No pattern may take more than linear time: the text is a person's."""
    for text in ("1" * 4000, "a." * 2000, "a@" * 2000, "1:" * 2000, "$1," * 1300, "a-" * 2000, "(1" * 2000, "_" * 4000):
        assert isinstance(words.spoken(text), str)
