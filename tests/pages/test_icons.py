"""The icon tag and the initials of an avatar."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from studio.pages.templatetags.icons import icon, initials

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
USED = sorted(
    {name for page in TEMPLATES.rglob("*.html") for name in re.findall(r'{%\s*icon "([^"]+)"', page.read_text())}
)


@pytest.mark.parametrize("name", USED)
def test_every_icon_a_template_names_is_shipped(name: str) -> None:
    assert "<path" in icon(name) or "<circle" in icon(name) or "<rect" in icon(name)


def test_an_icon_is_sized_and_hidden_from_assistive_technology() -> None:
    svg = icon("star", 20, "fill")
    assert 'width="20"' in svg
    assert 'class="i fill"' in svg
    assert 'aria-hidden="true"' in svg


@pytest.mark.parametrize("name", ["no-such-icon", "../js/keys", ""])
def test_an_unknown_icon_is_an_error(name: str) -> None:
    with pytest.raises(LookupError):
        icon(name)


def test_extra_classes_are_escaped() -> None:
    assert '"><b>' not in icon("star", 16, '"><b>')


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Elin Sørby", "ES"), ("maya", "M"), ("  ", "?"), ("", "?"), ("Ana de la Cruz", "AC"), ("李 明", "李明")],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters
