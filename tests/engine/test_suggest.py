"""Where inspirations belong: the labelled set, with what always guessing the commonest would reach printed beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest

from studio.engine.suggest import LEAST_SCORE, Said, Target, local_targets, suggest
from studio.media.looks import look_of
from tests.engine.labelled import FIRST, HELD_OUT, Item

TARGETS = [
    *local_targets(),
    Target("motion-graphics", "video-templates", "Motion graphics", "Videotok", ("image", "video")),
    Target("ugc-product-video", "video-templates", "UGC product video", "Videotok", ("image", "video")),
]


def places(items: Sequence[Item]) -> list[int]:
    """For each item the place (from 1) at which its own target is suggested; 99 where it is not."""
    found = []
    for item in items:
        said = Said(item.label, item.notes, item.file_name, item.source)
        slugs = [it.target.slug for it in suggest(TARGETS, said, look_of(item.picture()), item.kind)]
        found.append(slugs.index(item.target) + 1 if item.target in slugs else 99)
    return found


@pytest.mark.parametrize(("name", "items"), [("first half", FIRST), ("held out", HELD_OUT)])
def test_the_right_target_comes_first_and_nearly_always_within_three(name: str, items: Sequence[Item]) -> None:
    found = places(items)
    first = sum(place == 1 for place in found) / len(items)
    three = sum(place <= 3 for place in found) / len(items)
    counts = Counter(item.target for item in items).most_common()
    guess = counts[0][1] / len(items)
    guess_three = sum(count for _, count in counts[:3]) / len(items)
    print(
        f"\n{name}, {len(items)} items in {len(counts)} targets: first {first:.0%}, within three {three:.0%};"
        f" always the commonest: {guess:.0%}, {guess_three:.0%}"
    )
    wrong = [(item.target, item.file_name, place) for item, place in zip(items, found, strict=True) if place != 1]
    assert first >= 0.75, wrong
    assert three >= 0.95, wrong


def test_the_set_is_large_and_names_do_not_give_it_away() -> None:
    every = (*FIRST, *HELD_OUT)
    assert len(every) >= 60
    assert len({item.target for item in every}) == 8
    told = sum(item.target in f"{item.file_name} {item.label} {item.notes}".lower() for item in every)
    assert told <= len(every) // 20


def test_nothing_is_suggested_for_what_says_nothing() -> None:
    assert suggest(TARGETS, Said(file_name="IMG_1.png"), {}) == []


def test_reasons_are_sentences_and_scores_are_shares() -> None:
    said = Said(label="A customer's quote")
    (best, *_) = suggest(TARGETS, said, look_of(FIRST[15].picture()))
    assert best.target.slug == "review"
    assert best.reason == "“quote” in its name; several lines of small type stand on a plain ground."
    assert LEAST_SCORE <= best.score <= 100


def test_a_clip_is_not_filed_where_only_pictures_go() -> None:
    stills = Target("product-shoot", "static-ads", "Product shoot", "Videotok", ("image",))
    assert suggest([stills], Said(label="Product shoot, studio"), {}, "video") == []
    (found,) = suggest([stills], Said(label="Product shoot, studio"), {}, "image")
    assert found.target == stills


def test_a_template_that_nobody_described_is_known_by_its_own_name() -> None:
    unknown = Target("neon-diner", "static-ads", "Neon diner", "Videotok", ("image",))
    (found,) = suggest([unknown, *local_targets()], Said(label="Diner at night"), {})
    assert found.target == unknown
