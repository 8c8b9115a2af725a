"""In a form the saved references that fit its template come first. Rows are not stored: the ranking asks the database nothing."""

from __future__ import annotations

import random

from studio.engine.recommend import ranked
from studio.media.looks import look_of
from studio.models import Reference
from tests.engine.labelled import HELD_OUT, Item


def kept(item: Item, filed: bool = False) -> Reference:
    return Reference(
        label=item.label or item.file_name,
        notes=item.notes,
        source=item.source,
        media_kind=item.kind,
        template_slug=item.target if filed else "",
        template_category="static-ads" if filed else "",
        look=look_of(item.picture()),
    )


def test_what_is_filed_under_the_template_comes_first() -> None:
    stills = [item for item in HELD_OUT if item.kind == "image"]
    for wanted in ("review", "poster", "arch"):
        rows = [kept(item, filed=True) for item in stills]
        random.Random(4).shuffle(rows)
        best = ranked(rows, wanted)[:4]
        assert {fit.reference.template_slug for fit in best} == {wanted}
        assert best[0].reason == f"Filed under {wanted.capitalize()}"


def test_what_nobody_has_filed_yet_is_ranked_by_look_and_words() -> None:
    stills = [item for item in HELD_OUT if item.target in ("split", "hero", "editorial", "review", "poster", "arch")]
    first = within = 0
    for wanted in ("split", "hero", "editorial", "review", "poster", "arch"):
        kept_rows = [kept(item) for item in stills]
        by_row = {id(row): item.target for row, item in zip(kept_rows, stills, strict=True)}
        best = [by_row[id(fit.reference)] for fit in ranked(kept_rows, wanted)]
        first += best[0] == wanted
        within += sum(target == wanted for target in best[:4])
    guess = 4 / len(stills)
    print(
        f"\nrecommended: first fits {first}/6; of the four that fit {within / 24:.0%} in the first four; at random {guess:.0%}"
    )
    assert first >= 5
    assert within / 24 >= 0.75


def test_one_that_is_filed_elsewhere_comes_after_one_that_is_not() -> None:
    item = next(item for item in HELD_OUT if item.target == "poster")
    elsewhere, free = kept(item), kept(item)
    elsewhere.template_slug, elsewhere.template_category = "arch", "static-ads"
    assert [fit.reference for fit in ranked([elsewhere, free], "poster")] == [free, elsewhere]


def test_equals_keep_their_order() -> None:
    rows = [Reference(label="IMG") for _ in range(3)]
    assert [fit.reference for fit in ranked(rows, "poster")] == rows
