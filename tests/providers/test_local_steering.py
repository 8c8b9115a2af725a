"""What a saved reference changes in an ad that is drawn here, and that every part of it can be switched off."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import Any

import pytest

from studio.media.looks import density_of, look_of
from studio.providers.local import drawing, steering
from studio.render.templates import build
from studio.tools import get_tool
from studio.tools.values import ReferenceValue, Resolved
from tests.engine.labelled import DRAWN

USES = ("palette", "layout", "density")
POSTER = look_of(DRAWN["poster"]((320, 400), random.Random(1)))
QUIET = look_of(DRAWN["editorial"]((320, 400), random.Random(1)))


def values(look: dict[str, Any] | None, uses: tuple[str, ...] = USES, **inputs: Any) -> Resolved:
    tool = get_tool("static-ad")
    assert tool
    given = {"prompt": "Cold brew", "template": "split", "reference_uses": list(uses), **inputs}
    asked = tool.Inputs.model_validate(given)
    filled = {"headline": "Cold brew", "subline": "For slow mornings", "badge": "New"}
    ours = {name: text for name, text in filled.items() if not getattr(asked, name)}
    reference = ReferenceValue(None, "Loud", look=look) if look is not None else None
    return Resolved(tool, asked, asked.model_copy(update=ours), ours, reference=reference)


def test_all_three_are_taken_by_default() -> None:
    ad, plain = drawing.build_ad(values(POSTER)), drawing.build_ad(values(None))
    assert (plain.template, ad.template) == ("split", "poster")
    assert ad.brand.primary in POSTER["palette"]
    assert ad.brand.primary != plain.brand.primary
    assert (ad.subline, ad.badge) == ("For slow mornings", "New")


@pytest.mark.parametrize("off", USES)
def test_each_can_be_switched_off(off: str) -> None:
    rest = tuple(use for use in USES if use != off)
    ad, plain = drawing.build_ad(values(QUIET, rest)), drawing.build_ad(values(None))
    same = {
        "palette": ad.brand == plain.brand,
        "layout": ad.template == plain.template,
        "density": (ad.subline, ad.badge, ad.type_scale) == (plain.subline, plain.badge, plain.type_scale),
    }
    assert same == {use: use == off for use in USES}


def test_few_words_leave_out_what_the_studio_wrote_and_never_what_a_person_typed() -> None:
    ad = drawing.build_ad(values(QUIET, subline="My own words"))
    assert (ad.subline, ad.badge, ad.headline) == ("My own words", "", "Cold brew")
    assert ad.type_scale < 1


def test_words_stand_on_the_side_where_the_reference_has_them() -> None:
    look = {**POSTER, "layout": "split", "side": "right"}
    takes = [drawing.build_ad(values(look), variant=variant).variant for variant in range(3)]
    assert takes == [1, 3, 5]
    left = {**look, "side": "left"}
    assert [drawing.build_ad(values(left), variant=variant).variant for variant in range(3)] == [0, 2, 4]


@pytest.mark.parametrize("look", [{}, {"version": 1, "failed": "No."}, {"layout": "nonsense", "palette": ["#000000"]}])
def test_one_that_nobody_has_looked_at_changes_nothing(look: dict[str, Any]) -> None:
    assert drawing.build_ad(values(look)) == drawing.build_ad(values(None))
    assert steering.taken(values(look)) == []


def test_the_form_is_told_what_is_taken() -> None:
    palette, layout, density = steering.taken(values(POSTER))
    assert (palette.use, layout.use, density.use) == USES
    assert len(palette.colours) == 4
    assert layout.sentence == "Poster, instead of the template above"
    assert density.sentence.startswith("Many words")
    assert steering.taken(values(POSTER, template="poster"))[1].sentence == "Poster, as chosen above"


@pytest.mark.parametrize("name", list(DRAWN))
def test_every_look_gives_an_ad_whose_words_can_be_read(name: str) -> None:
    look = look_of(DRAWN[name]((320, 400), random.Random(3)))
    drawn = build(drawing.build_ad(values(look)))
    assert drawn.texts
    assert min(text.contrast for text in drawn.texts) >= 4.5
    assert density_of(look["density"]) == steering.density_of(look)


def test_it_survives_the_way_through_a_job() -> None:
    ad = drawing.build_ad(values(QUIET))
    again = drawing.decode_ad(json.loads(json.dumps(drawing.encode_ad(ad))))
    assert (again.type_scale, again.template, again.brand) == (ad.type_scale, ad.template, ad.brand)
    old = {key: value for key, value in drawing.encode_ad(ad).items() if key != "type_scale"}
    assert drawing.decode_ad(old) == replace(again, type_scale=1.0)
