"""Where lines end."""

from __future__ import annotations

import pytest

from studio.render.lines import break_into, least_lines, pieces
from studio.render.words import breakable, clean, clusters, emphasis, emphasise, split_points


def lines(text: str, count: int) -> list[str]:
    parts = pieces(text, (), lambda start, end: 0.5 * (end - start), 1e9)
    return [text[row[0].start : row[-1].end] for row in break_into(parts, count)[0]]


def test_lines_are_balanced_and_leave_no_orphan() -> None:
    assert lines("Your slow morning, poured perfectly.", 2) == ["Your slow morning,", "poured perfectly."]
    assert len(lines("Free shipping on every order above thirty dollars today", 3)[-1].split()) > 1


def test_no_line_ends_on_a_leaning_word() -> None:
    assert lines("Wake up to the smell of coffee in bed", 2) == ["Wake up to the smell", "of coffee in bed"]
    assert lines("The best part of a long day", 2) == ["The best part", "of a long day"]


def test_typed_breaks_are_kept() -> None:
    text = "One\nTwo words here"
    parts = pieces(text, (), lambda start, end: 0.5 * (end - start), 1e9)
    assert least_lines(parts) == 2
    assert lines(text, 2) == ["One", "Two words here"]


def test_impossible_breaks_are_said() -> None:
    parts = pieces("one two", (), lambda start, end: 0.5 * (end - start), 1e9)
    assert break_into(parts, 5)[0] == []


def test_no_line_is_wider_than_allowed() -> None:
    parts = pieces("one two three four five six", (), lambda start, end: 0.5 * (end - start), 1e9)
    rows, _ = break_into(parts, 3, widest=5.0)
    assert rows
    assert all(0.5 * (row[-1].end - row[0].start) <= 5.0 for row in rows)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("朝のコーヒーを、もっとおいしく。", "コーヒーを、"),
        ("让每个早晨都从一杯好咖啡开始", "早晨"),
        ("กาแฟที่ดีที่สุดสำหรับเช้าวันใหม่", "สำหรับ"),
    ],
)
def test_unspaced_scripts_break_by_phrase(text: str, whole: str) -> None:
    parts = breakable(text)
    assert len(parts) > 2
    assert "".join(parts) == text
    assert any(whole in part for part in parts)
    assert not any(part[0] in "、。" for part in parts)


def test_addresses_break_only_as_a_last_resort() -> None:
    assert breakable("https://example.com/a-b/long?x=1 now") == ("https://example.com/a-b/long?x=1 ", "now")
    assert breakable("3-in-1") == ("3-in-1",)
    assert breakable("award-winning coffee") == ("award-", "winning ", "coffee")


def test_compounds_are_cut_with_a_hyphen_when_nothing_else_helps() -> None:
    word = "Donaudampfschifffahrtsgesellschaftskapitän"
    parts = pieces(word, (), lambda start, end: 0.5 * (end - start), 12.0)
    assert len(parts) > 1
    assert all(part.width <= 12.0 for part in parts)
    assert all(part.hyphen == "-" for part in parts[:-1])
    assert split_points("Wasch\u00admaschine")[0] == (6, "-")


def test_clusters_keep_families_flags_and_skin_tones_whole() -> None:
    assert clusters("👩🏽‍🍳👍🏿🇩🇪🇫🇷e\u0301❤️1️⃣") == ["👩🏽‍🍳", "👍🏿", "🇩🇪", "🇫🇷", "e\u0301", "❤️", "1️⃣"]


def test_cleaning() -> None:
    assert clean("a\x00b\u202ec\ud800\ue000d") == "abcd"
    assert clean(" one \r\n\r\n two\tthree  four ") == "one\ntwo three four"
    assert len(clean("z" + "\u0301" * 500)) <= 6
    assert len(clean("👍🏿" * 5000)) <= 300
    assert clean("👍🏿" * 5000)[-1] == "🏿"
    assert clean("\u200b \n\t") == ""


def test_emphasis() -> None:
    assert emphasis("Your *slow* morning") == ("Your slow morning", ((5, 9),))
    assert emphasis("**Big** *deal*") == ("Big deal", ((0, 3), (4, 8)))
    assert emphasis("5 * 3 *terms apply") == ("5 * 3 *terms apply", ())
    assert emphasise("Your slow morning") == "Your slow *morning*"
    assert emphasise("Two words") == "Two words"
    assert emphasise("a *b* c d") == "a *b* c d"
