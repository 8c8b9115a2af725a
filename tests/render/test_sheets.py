"""The templates' thumbnails, as drawn and as they lie in the repository."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from studio.render.sheets import DEMOS, LARGEST_THUMBNAIL_BYTES, THUMBNAIL, main
from studio.render.templates import TEMPLATES

KEPT = Path(__file__).parents[2] / "static" / "img" / "templates"


def test_it_draws_a_small_picture_of_every_template(tmp_path: Path) -> None:
    main(["--thumbs", str(tmp_path)])
    assert {path.stem for path in tmp_path.iterdir()} == set(TEMPLATES)
    for path in tmp_path.iterdir():
        assert path.stat().st_size <= LARGEST_THUMBNAIL_BYTES
        with Image.open(path) as image:
            assert image.size == THUMBNAIL


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_form_has_a_picture_of_every_template(template: str) -> None:
    path = KEPT / f"{template}.webp"
    assert path.stat().st_size <= LARGEST_THUMBNAIL_BYTES
    with Image.open(path) as image:
        assert image.width * 5 == image.height * 4


def test_a_review_speaks_by_its_quote() -> None:
    assert DEMOS["oru"].ad("review", 1080, 1080).quote
    assert not DEMOS["oru"].ad("split", 1080, 1080).quote
