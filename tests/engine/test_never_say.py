"""Words that a brand never says: found in what people wrote, told at the field, and used anyway by whoever has seen that."""

from __future__ import annotations

import pytest

from studio.engine.again import run_again
from studio.engine.briefs import submit_brief
from studio.engine.never_say import NeverSaid, sentence, words_found
from studio.models import Brand, Brief, Generation, Membership, Workspace
from studio.tools import get_tool

TOOL = get_tool("static-ad")
assert TOOL


@pytest.mark.parametrize(
    ("text", "entry", "found"),
    [
        ("A Cheap thrill", "cheap", True),
        ("cheaper by far", "cheap", False),
        ("cheaper by far", "cheap*", True),
        ("before\n and   AFTER", "Before and after", True),
        ("the best-selling", "best", True),
        ("Straße", "STRASSE", True),
        ("it’s free", "it's", True),
        ("100% natural", "100%", True),
        ("ganz ohne Über-Preis", "über", True),
        ("これは奇跡のクリーム", "奇跡", True),
        ("miracles", "miracle", False),
        ("anything", "", False),
        ("anything", "*", False),
        ("a+b (x)", "(x)", True),
    ],
)
def test_whole_words_are_found_whatever_their_case(text: str, entry: str, found: bool) -> None:
    assert words_found(text, [entry]) == ([entry] if found else [])


def test_the_sentence_names_the_words() -> None:
    assert sentence(["cheap"], "Halden") == "“cheap” is on Halden's Never say list."
    assert sentence(["a", "b"], "Oru") == "“a” and “b” are on Oru's Never say list."
    assert sentence(list("abcde"), "Oru") == "“a”, “b”, “c”, “d” and 1 more are on Oru's Never say list."


@pytest.mark.database
def test_nothing_is_made_before_the_person_has_seen_it(member: Membership, workspace: Workspace, brand: Brand) -> None:
    assert TOOL
    brand.never_say = ["cheap", "miracle"]
    brand.save()
    inputs = TOOL.Inputs.model_validate(
        {"headline": "*Cheap* mornings", "prompt": "A miracle.", "brand": str(brand.pk)}
    )
    with pytest.raises(NeverSaid) as raised:
        submit_brief(member, workspace, TOOL, inputs, "n1")
    assert [(it.field, it.sentence) for it in raised.value.problems] == [
        ("prompt", f"“miracle” is on {brand.name}'s Never say list."),
        ("headline", f"“cheap” is on {brand.name}'s Never say list."),
    ]
    assert not Brief.objects.exists()
    assert submit_brief(member, workspace, TOOL, inputs, "n1", said_anyway=True).created
    made = Generation.objects.get()
    assert run_again(made, member, "n2").created


@pytest.mark.database
def test_without_a_brand_every_word_is_free(member: Membership, workspace: Workspace, brand: Brand) -> None:
    assert TOOL
    Brand.objects.update(never_say=["cheap"])
    assert submit_brief(member, workspace, TOOL, TOOL.Inputs.model_validate({"headline": "Cheap"}), "n1").created
