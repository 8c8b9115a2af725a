"""Names of downloaded files: tokens, empty ones, hostile ones, and that no two files of a zip share one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from studio.media.naming import Facts, download_name, problem_with, stem
from studio.media.zip import names
from studio.models import Brand, Output, Product, ProductPhoto
from tests.queries import queries_of

from .conftest import House
from .test_zip import outputs_of, picture

FACTS = Facts("Oru Brew", "Cold Brew", "Slow mornings", "static-ad", "4x5", date(2026, 5, 4))


@pytest.mark.parametrize(
    ("template", "name"),
    [
        ("{brand}_{product}_{ratio}_{date}", "Oru-Brew_Cold-Brew_4x5_2026-05-04"),
        ("{tool}.{n}", "static-ad.07"),
        ("Client 12 – {title}", "Client-12-Slow-mornings"),
        ("{title}", "Slow-mornings"),
        ("../../etc/{title}", "etc-Slow-mornings"),
    ],
)
def test_tokens_become_words(template: str, name: str) -> None:
    assert stem(template, FACTS, 7) == name


def test_an_empty_part_takes_its_separator_along() -> None:
    assert stem("{brand}_{product}_{ratio}", Facts("Oru", "", "", "", "1x1")) == "Oru_1x1"
    assert stem("{product}-{title}", Facts(title="日本 <b>")) == "日本-b"
    assert stem("{product}", Facts()) == "untitled"
    assert len(stem("{title}" * 12, Facts(title="x" * 60))) <= 120


@pytest.mark.parametrize("template", ["", "{brand}-{n}", "{title}", "{date} {tool}", "plain {ratio}"])
def test_usable_templates_pass(template: str) -> None:
    assert problem_with(template) == ""


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("{colour}", "not one of the parts"),
        ("{title", "bracket stands alone"),
        ("{brand}", "same name"),
        ("All alike", "same name"),
        ("{}", "not one"),
    ],
)
def test_others_are_refused_with_what_to_do(template: str, says: str) -> None:
    assert says in problem_with(template)


def branded(house: House, tmp_path: Path, template: str) -> tuple[list[Output], Brand]:
    brand = Brand.objects.create(team=house.team, name="Oru", file_name_template=template)
    asset = picture(house, tmp_path / "can.jpg", 1)
    product = Product.objects.create(brand=brand, name="Cold Brew")
    ProductPhoto.objects.create(product=product, asset=asset)
    outputs = outputs_of(house, [asset, asset], ["Slow", "Slow"])
    generation = outputs[0].generation
    generation.inputs = {"product_images": ["https://example.com/a.png", str(asset.pk)]}
    generation.save()
    Output.objects.update(brand=brand)
    return list(Output.objects.select_related("asset", "brand", "generation").order_by("position")), brand


@pytest.mark.django_db
def test_a_zip_and_a_download_are_named_as_the_brand_says(house: House, tmp_path: Path) -> None:
    outputs, _ = branded(house, tmp_path, "{brand}_{product}_{ratio}_{n}")
    assert names(outputs) == ["Oru_Cold-Brew_4x5_01.jpg", "Oru_Cold-Brew_4x5_02.jpg"]
    assert download_name(outputs[0]) == "Oru_Cold-Brew_4x5_01"
    assert queries_of(lambda: names(outputs)) == 1


@pytest.mark.django_db
def test_without_a_number_in_the_template_a_zip_adds_it(house: House, tmp_path: Path) -> None:
    outputs, _ = branded(house, tmp_path, "{brand} {title}")
    assert names(outputs) == ["Oru-Slow-01.jpg", "Oru-Slow-02.jpg"]
    assert queries_of(lambda: names(outputs)) == 0


@pytest.mark.django_db
def test_without_a_template_names_are_as_ever(house: House, tmp_path: Path) -> None:
    outputs, _ = branded(house, tmp_path, "")
    assert names(outputs) == ["Slow-4x5-01.jpg", "Slow-4x5-02.jpg"]
    assert download_name(outputs[0]) == "oru-slow-4x5"
