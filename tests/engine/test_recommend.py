"""In a form the saved references that fit its template come first. Rows are not stored: the ranking asks the database nothing."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest

from studio.engine.recommend import ranked
from studio.models import Reference
from tests.engine.labelled import FIRST, HELD_OUT, Item, look_at


def kept(item: Item, filed: bool = False) -> Reference:
    return Reference(
        label=item.label or item.file_name,
        notes=item.notes,
        source=item.source,
        media_kind=item.kind,
        template_slug=item.target if filed else "",
        template_category="static-ads" if filed else "",
        look=look_at(item),
    )


def test_what_is_filed_under_the_template_comes_first() -> None:
    stills = [item for item in HELD_OUT if item.kind == "image"]
    for wanted in ("review", "poster", "arch"):
        rows = [kept(item, filed=True) for item in stills]
        random.Random(4).shuffle(rows)
        best = ranked(rows, wanted)[:4]
        assert {fit.reference.template_slug for fit in best} == {wanted}
        assert best[0].reason == f"Filed under {wanted.capitalize()}"


WANTED = ("split", "hero", "editorial", "review", "poster", "arch")


@pytest.mark.parametrize("items", [pytest.param(FIRST, id="first half"), pytest.param(HELD_OUT, id="held out")])
def test_what_nobody_has_filed_yet_is_ranked_by_look_and_words(
    items: Sequence[Item], measured: Callable[[str], None], request: pytest.FixtureRequest
) -> None:
    stills = [item for item in items if item.target in WANTED]
    random.Random(4).shuffle(stills)
    rows = [kept(item) for item in stills]
    own = {id(row): item.target for row, item in zip(rows, stills, strict=True)}
    first = within = among = 0
    for wanted in WANTED:
        many = sum(item.target == wanted for item in stills)
        best = [own[id(fit.reference)] for fit in ranked(rows, wanted)]
        first += best[0] == wanted
        within += best[:many].count(wanted)
        among += many
    guess = 1 / len(WANTED)
    measured(
        f"recommended, {request.node.callspec.id}, {len(stills)} items: first fits {first}/{len(WANTED)},"
        f" of as many as fit {within / among:.0%} fit; at random {guess:.0%}"
    )
    assert first >= 5
    assert within / among >= 0.75


def test_one_that_is_filed_elsewhere_comes_after_one_that_is_not() -> None:
    item = next(item for item in HELD_OUT if item.target == "poster")
    elsewhere, free = kept(item), kept(item)
    elsewhere.template_slug, elsewhere.template_category = "arch", "static-ads"
    assert [fit.reference for fit in ranked([elsewhere, free], "poster")] == [free, elsewhere]


def test_equals_keep_their_order() -> None:
    rows = [Reference(label="IMG") for _ in range(3)]
    assert [fit.reference for fit in ranked(rows, "poster")] == rows
