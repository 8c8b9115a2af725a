"""Words from a brief."""

from __future__ import annotations

import pytest

from studio.render.copywriting import Proposal, language_code, propose
from studio.render.copywriting_words import CALLS


@pytest.mark.parametrize(
    ("brief", "words"),
    [
        ("Make a static ad for our new cold brew", Proposal("Our new cold brew", "", "Learn more")),
        ("Please create a bold Instagram ad for leather backpacks, 20% off this weekend", Proposal("Leather backpacks", "", "Shop now", "20% off this weekend")),
        ('Static ad about "Wake up slower" with button "Taste it"', Proposal("Wake up slower", "", "Taste it")),
        ("headline: Your *slow* morning\ncta: Order a bag\nbadge: New", Proposal("Your *slow* morning", "", "Order a bag", "New")),
        ("Headline: Less noise. CTA: Book a demo.", Proposal("Less noise", "", "Book a demo")),
        ("Buy one get one free on all sneakers", Proposal("Sneakers", "", "Shop now", "Buy one, get one free")),
        ("4 ads for instagram: new running shoes with 30% off", Proposal("New running shoes", "", "Shop now", "30% off")),
        ("20% off", Proposal("20% off", "", "Shop now")),
        ("an ad for dog food. Dogs love it! Show a happy dog.", Proposal("Dog food", "Dogs love it!", "Learn more")),
        ("Promote our yoga retreat in Portugal. Target women 30-45. Tone: calm.", Proposal("Our yoga retreat in Portugal", "", "Book now")),
        ("Erstelle eine Anzeige für unsere neuen Wanderschuhe, 20 % Rabatt", Proposal("Unsere neuen Wanderschuhe", "", "Jetzt kaufen", "20 % Rabatt")),
        ("朝のコーヒーの広告を作ってください", Proposal("朝のコーヒー", "", "詳しく見る")),
        ("أنشئ إعلاناً عن قهوتنا الجديدة", Proposal("قهوتنا الجديدة", "", "اعرف المزيد")),
        ("Poranna kawa dla ciebie", Proposal("Poranna kawa dla ciebie")),
        ("", Proposal()),
        ("Create an ad", Proposal()),
    ],
)  # fmt: skip
def test_rule(brief: str, words: Proposal) -> None:
    assert propose(brief) == words
    assert propose(brief) == propose(brief)


def test_long_brief_is_parted_and_directions_stay_out() -> None:
    words = propose(
        "Our handmade candles burn for sixty hours, smell of cedar and fig, and come in refillable jars. "
        "Free shipping on all orders. Use a warm beige background with our logo at the top."
    )
    assert words.headline == "Our handmade candles burn for sixty hours"
    assert words.subline.startswith("Smell of cedar")
    assert words.badge == "Free shipping"
    assert "beige" not in words.headline + words.subline


def test_a_brief_of_instructions_alone_names_the_product_or_the_brand() -> None:
    assert propose("Create an ad", "Kaffa", ("Aurora",)).headline == "Meet Aurora"
    assert propose("Make our product look premium", "Kaffa").headline == "Kaffa"
    assert propose("A photo of a cup on a blue background", "", ("Aurora",)).call_to_action == "Shop now"


def test_a_quoted_product_name_is_not_the_headline() -> None:
    assert propose('Make an ad for "Aurora", the lamp that wakes you gently', "", ("Aurora",)).headline != "Aurora"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "]]>",
        "\x00\u202e",
        "*" * 4000,
        "a " * 9000,
        "“" * 500,
        "\ud800",
        "headline:",
        "cta: \nbadge:",
    ],
)
def test_hostile_briefs_give_bounded_words(text: str) -> None:
    words = propose(text, text, (text,))
    assert len(words.headline) <= 300
    assert len(words.subline) <= 141
    assert len(words.call_to_action) <= 41
    assert "\x00" not in words.headline


@pytest.mark.parametrize(
    ("text", "language"),
    [("Neue Schuhe für den Sommer", "de"), ("La crème pour votre peau", "fr"), ("El café para tu mañana", "es"), ("커피", "ko"), ("咖啡", "zh"),
     ("קפה", "he"), ("قهوة", "ar"), ("Summer sandals", "en"), ("Кофе", ""), ("กาแฟ", "")],
)  # fmt: skip
def test_language(text: str, language: str) -> None:
    assert language_code(text) == language


def test_every_language_has_every_call() -> None:
    assert {frozenset(calls) for calls in CALLS.values()} == {frozenset(CALLS["en"])}


@pytest.mark.parametrize(
    ("brief", "call", "subline"),
    [
        ("Cream for dry skin. Free shipping this week. Order today.", "Order today", "Free shipping this week."),
        ("Ein Kaffee, der montags hilft. Jetzt bestellen.", "Jetzt bestellen", ""),
        ("A coffee shop on 5th street. Visit us on Saturday!", "Visit us on Saturday", ""),
        ("Try our cold brew.", "Try it now", ""),
        (
            "Cold brew. Try it with milk, with ice, or with nothing at all.",
            "Try it now",
            "Try it with milk, with ice, or with nothing at all.",
        ),
    ],
)
def test_a_short_sentence_that_says_what_to_do_is_the_button(brief: str, call: str, subline: str) -> None:
    proposal = propose(brief)
    assert (proposal.call_to_action, proposal.subline) == (call, subline)
