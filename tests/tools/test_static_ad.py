from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from studio.render.templates import TEMPLATES as DRAWN
from studio.tools.fields import pixels
from studio.tools.reference import reference
from studio.tools.static_ad import TEMPLATES, StaticAdInputs, StaticAdTool

ROOT = Path(__file__).resolve().parents[2]


def test_the_reference_page_is_current() -> None:
    assert (ROOT / "docs" / "tools.md").read_text() == reference()


def test_every_declared_template_is_drawn_and_has_a_picture() -> None:
    assert set(DRAWN) == set(TEMPLATES)
    assert {path.stem for path in (ROOT / "static" / "img" / "templates").glob("*.webp")} == set(TEMPLATES)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("  two\r\nlines ", "two lines"),
        ("nul\x00 and bell\x07", "nul and bell"),
        ("safe\u202egnp.exe", "safegnp.exe"),
        ("Grüße 👩🏽‍🚀 مرحبا", "Grüße 👩🏽‍🚀 مرحبا"),
        ("lone \ud800 surrogate", "lone surrogate"),
    ],
)
def test_a_headline_is_cleaned_not_refused(given: str, kept: str) -> None:
    assert StaticAdInputs(headline=given).headline == kept


def test_a_rule_over_several_fields_names_the_field_that_shows_it() -> None:
    with pytest.raises(ValidationError) as raised:
        StaticAdInputs()
    assert raised.value.errors()[0]["ctx"]["fields"] == ["prompt"]


def test_several_shapes_are_a_request_each() -> None:
    inputs = StaticAdInputs(headline="x", aspect_ratio=("4:5", "9:16", "4:5"), count=3)
    requests = inputs.requests()
    assert [request.aspect_ratio for request in requests] == [("4:5",), ("9:16",)]
    assert [len(StaticAdTool().expected(request)) for request in requests] == [3, 3]


def test_one_value_is_a_list_of_one() -> None:
    assert StaticAdInputs.model_validate({"headline": "x", "aspect_ratio": "1:1"}).aspect_ratio == ("1:1",)


def test_pixels_follow_the_short_side() -> None:
    assert pixels("4:5", "1K") == (1080, 1350)
    assert pixels("16:9", "4K") == (3840, 2160)
