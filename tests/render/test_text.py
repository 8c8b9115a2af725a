"""Setting text: fitting, measuring, direction, and what reaches the SVG."""

from __future__ import annotations

import re
import time
from xml.etree import ElementTree

import pytest

from studio.render.circles import on_circle
from studio.render.shaping import Cut, is_rtl, shape
from studio.render.styles import paint
from studio.render.text import Block, Emphasis, Style, fit, flow, set_line

STYLE = Style("bricolage", weight=800, leading=1.0, emphasis=Emphasis.beside("bricolage", weight=800, fill="#c8502e"))
LONG = "The one hundred and twenty character headline that somebody typed because they had so much to say about their coffee!!"
TEXTS = {
    "latin": "Your *slow* morning, poured perfectly.",
    "arabic": "قهوة Backlot الجديدة بخصم 20% اليوم فقط",
    "hebrew": "קפה Backlot במבצע של 20% רק היום",
    "japanese": "朝のコーヒーを、もっとおいしく。",
    "chinese": "让每个早晨都从一杯好咖啡开始",
    "korean": "매일 아침을 여는 완벽한 커피 한 잔",
    "thai": "กาแฟที่ดีที่สุดสำหรับเช้าวันใหม่ของคุณ",
    "hindi": "हर सुबह की शुरुआत एक अच्छी कॉफी से",
    "emoji": "Hi 👩🏽‍🍳 👍🏿 🇩🇪 ☕ → ✓ ★",
    "compound": "Donaudampfschifffahrtsgesellschaftskapitän",
    "long": LONG,
    "one word": "W" * 120,
    "address": "https://example.com/a/very/long/address?with=query&more=things",
}
HOSTILE = [
    "<script>alert(1)</script>",
    "]]>",
    '"/><image href="file:///etc/passwd"/>',
    "a\x00b",
    "\u202eevil\u202c",
    "\ud800x",
    "&lt;&#0;",
    "%s{0}",
]


def setting(text: str) -> Block:
    return fit(text, STYLE, 820, 420, min_size=40, max_size=150, max_lines=4, name="headline")


def tags(svg: str) -> set[str]:
    root = ElementTree.fromstring(f"<svg>{svg}</svg>")
    return {element.tag for element in root.iter()} - {"svg"}


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_every_script_fits_its_box_by_ink(name: str) -> None:
    block = setting(TEXTS[name])
    placed = block.at(100, 200)
    assert block.lines
    assert len(block.lines) <= 4
    assert 40 <= block.size <= 150.01
    assert block.ink_height <= 420.5
    assert placed.box.width <= 820.5
    assert placed.box.x >= 99.9
    assert placed.box.x + placed.box.width <= 920.1
    assert tags(placed.svg) <= {"g", "path", "image"}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_becomes_outlines_only(text: str) -> None:
    svg = setting(text).at(0, 0).svg + set_line(text, STYLE).at(0, 0).svg + on_circle(text, STYLE, 0, 0, 90).svg
    assert tags(svg) <= {"g", "path", "image"}
    assert "script" not in svg
    assert "passwd" not in svg
    for href in re.findall(r'href="([^"]*)"', svg):
        assert href.startswith("data:image/png;base64,")
    for element in ElementTree.fromstring(f"<svg>{svg}</svg>").iter("path"):
        assert set(element.attrib) == {"fill", "transform", "d"}
        assert re.fullmatch(r"[MmLlQqCcZz0-9. -]*", element.attrib["d"])


def test_fit_takes_the_largest_size() -> None:
    block = setting("Slow mornings")
    bigger = fit("Slow mornings", STYLE, 820 * 1.1, 420 * 1.1, min_size=40, max_size=400, name="headline")
    assert bigger.size > block.size
    assert block.notes == ()


def test_layout_does_not_depend_on_the_canvas_size() -> None:
    small = fit(LONG, STYLE, 410, 300, min_size=20, max_size=75, max_lines=5)
    large = fit(LONG, STYLE, 820, 600, min_size=40, max_size=150, max_lines=5)
    assert [line.text for line in small.lines] == [line.text for line in large.lines]
    assert large.size == pytest.approx(2 * small.size)


def test_what_does_not_fit_is_shortened_at_a_word_and_said() -> None:
    block = fit(LONG, STYLE, 400, 120, min_size=40, max_size=90, max_lines=2, name="headline")
    assert block.notes == ("The headline was shortened to fit.",)
    assert block.lines[-1].text.endswith("…")
    shown = " ".join(line.text for line in block.lines).rstrip("…")
    assert LONG.startswith(shown)
    assert LONG[len(shown)] in " ,!"


def test_a_box_too_small_for_a_word_still_gets_it() -> None:
    block = fit("Extraordinary", STYLE, 30, 10, min_size=40, max_size=90, max_lines=1)
    assert block
    assert block.at(0, 0).box.width <= 30.5


def test_top_is_the_cap_height() -> None:
    placed = set_line("HE", STYLE).at(50, 80)
    assert placed.box.x == pytest.approx(50)
    assert placed.box.y == pytest.approx(80, abs=0.2)
    assert placed.baseline == pytest.approx(placed.box.y + placed.box.height, abs=0.3)


def test_top_is_the_ink_where_another_family_drew_the_letters() -> None:
    block = set_line("Чашка,", STYLE)
    assert block.rise == 0
    assert block.at(0, 80).box.y == pytest.approx(80, abs=0.2)


def test_shortened_compound_keeps_its_hyphens() -> None:
    block = setting("Straßenbahn" * 27)
    assert block.notes
    assert all(line.text.endswith("-") for line in block.lines[:-1])


def test_accents_and_descenders_are_measured() -> None:
    block = set_line("Ång", STYLE)
    assert block.rise > 0
    assert block.depth > 0
    assert block.at(0, 100).box.y < 100


def test_alignment_follows_direction() -> None:
    latin, hebrew = set_line("Coffee", STYLE), set_line("קפה", STYLE)
    assert not latin.rtl
    assert hebrew.rtl
    assert latin.at(10, 0, width=500).box.x == pytest.approx(10)
    box = hebrew.at(10, 0, width=500).box
    assert box.x + box.width == pytest.approx(510)
    assert hebrew.at(10, 0, width=500, align="left").box.x == pytest.approx(10)
    middle = latin.at(300, 0, width=0, align="center").box
    assert middle.x + middle.width / 2 == pytest.approx(300)


def test_copy_at_a_fixed_size_fills_its_column() -> None:
    text = "A kettle, a cone and four quiet minutes: 20% off the whole set until Sunday"
    assert len(flow(text, Style("inter", 38, 450, optical="text"), 750, max_lines=6).lines) == 2


def test_vertical_places() -> None:
    block = flow("One two three four five six seven", STYLE, 200)
    assert block.at(0, 500, valign="bottom").last_baseline == pytest.approx(500)
    assert block.at(0, 500, valign="baseline").baseline == pytest.approx(500)
    assert block.at(0, 500, valign="middle").top == pytest.approx(500 - block.height / 2)


def order(text: str) -> list[str]:
    cut = Cut("inter", 700, False, 0.0, "none", "display", None, 1.0)
    return [run.file for run in shape(text, (), cut, None, is_rtl(text)).runs]


def test_arabic_with_a_latin_brand_and_a_percentage_is_in_visual_order() -> None:
    files = order("قهوة Backlot")
    assert files[0] == "inter-latin.ttf"
    assert files[-1].startswith("kufi-arabic")
    # "20%" is read from left to right, at the left end of a line that ends with it: the sign stays at the number's far side.
    cut = Cut("inter", 700, False, 0.0, "none", "display", None, 1.0)
    alone = shape("20%", (), cut, None, False).runs[0].glyphs
    mixed = [
        glyph.id
        for run in shape("خصم 20%", (), cut, None, True).runs
        if run.file == "inter-latin.ttf"
        for glyph in run.glyphs
    ]
    numbers = [glyph.id for glyph in alone[:2]]
    assert [identity for identity in mixed if identity in numbers] == numbers


def test_arabic_is_never_letterspaced() -> None:
    def width(tracking: float, text: str) -> float:
        return shape(
            text, (), Cut("inter", 700, False, tracking, "none", "display", None, 1.0), None, is_rtl(text)
        ).advance

    assert width(0.2, "قهوة") == pytest.approx(width(0.0, "قهوة"))
    assert width(0.2, "Cafe") > width(0.0, "Cafe") + 0.5


def test_emoji_sequences_are_one_picture() -> None:
    assert setting("👩🏽‍🍳").at(0, 0).svg.count("<image") == 1
    assert setting("👍🏿").at(0, 0).svg.count("<image") == 1
    assert setting("🇩🇪").at(0, 0).svg.count("<image") == 1


def test_emphasised_word_has_its_own_face_and_colour() -> None:
    svg = setting("Your *slow* morning").at(0, 0).svg
    assert svg.count("#c8502e") == 1
    assert "#c8502e" not in setting("Your slow morning").at(0, 0).svg


def test_capitals_and_unknown_characters() -> None:
    block = set_line("straße", Style("anton", case="upper"))
    assert block.width == pytest.approx(set_line("STRASSE", Style("anton")).width)
    odd = set_line("a\U00012000b", STYLE, name="badge")
    assert odd.lines
    assert odd.notes == ("Some characters of the badge are in no font here and were left out.",)


def test_empty_text_is_false_and_draws_nothing() -> None:
    block = setting(" \u200b\n")
    assert not block
    assert block.at(0, 0).svg == ""


def test_colours_are_checked() -> None:
    with pytest.raises(ValueError, match="#rrggbb"):
        paint('red"/>')


def test_text_on_a_circle_goes_all_the_way_round() -> None:
    placed = on_circle("free shipping • this week •", Style("inter", 24, case="upper"), 500, 500, 90, spread=True)
    spots = [tuple(map(float, match)) for match in re.findall(r"translate\(([\d.]+) ([\d.]+)\) rotate", placed.svg)]
    assert len(spots) > 20
    assert all(abs(((x - 500) ** 2 + (y - 500) ** 2) ** 0.5 - 90) < 0.1 for x, y in spots)
    assert {(x > 500, y > 500) for x, y in spots} == {(True, True), (True, False), (False, True), (False, False)}


def test_a_changed_headline_is_quick_once_warm() -> None:
    setting("Warm up the faces, the *words* and the outlines of this alphabet")
    spent = []
    for number in range(8):
        began = time.process_time()
        setting(f"Your slow *morning* number {number}, poured by hand").at(0, 0)
        spent.append(time.process_time() - began)
    assert sorted(spent)[4] < 0.1
