"""The guides keep up with the pages: every shortcut is told, and no link leads nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
GUIDES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
SPELLED = {"Escape": "Esc", "ArrowLeft": "←", "ArrowRight": "→"}
# Template and where the guide says that its keys work.
PLACES = {
    "gallery": "gallery",
    "outputs": "output",
    "brands": "brands",
    "create": "Create",
    "influencers": "influencers",
    "references": "references",
    "voices": "voices",
    "theirs": "At your providers",
}


def rows_of_keys() -> list[tuple[set[str], str]]:
    """(keys, where) of each row of the keyboard table."""
    text = (ROOT / "docs" / "using.md").read_text().partition("## Keyboard")[2]
    rows = re.findall(r"^\| (`.*?) \| (.*?) \| .* \|$", text, re.MULTILINE)
    return [(set(re.findall(r"`([^`]+)`", keys)), where) for keys, where in rows]


def declared() -> Iterator[tuple[str, str, str]]:
    """(template, key, where) of each shortcut in the templates."""
    for file in sorted((ROOT / "templates").rglob("*.html")):
        place = PLACES.get(file.parent.name, "everywhere")
        for keys in re.findall(r'data-key="([^"]+)"', file.read_text()):
            for key in keys.split():
                yield file.name, SPELLED.get(key, key.upper() if len(key) == 1 else key), place


def test_every_shortcut_of_the_templates_is_in_the_guide() -> None:
    told = {(key, place.strip()) for keys, where in rows_of_keys() for key in keys for place in where.split(",")}
    assert [it for it in declared() if (it[1], it[2]) not in told] == []


def test_every_way_by_g_is_in_the_guide() -> None:
    targets = {
        key.upper()
        for file in (ROOT / "templates").rglob("*.html")
        for key in re.findall(r'data-go="(.)"', file.read_text())
    }
    text = (ROOT / "docs" / "using.md").read_text()
    assert targets == set(re.findall(r"^\| `G` then `(.)`", text, re.MULTILINE))


def slug(heading: str) -> str:
    """The anchor of a heading, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(guide: Path) -> None:
    text = re.sub(r"```.*?```", "", guide.read_text(), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in target or target.startswith("mailto:"):
            continue
        name, _, anchor = target.partition("#")
        file = (guide.parent / name).resolve() if name else guide
        assert file.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.*)$", file.read_text(), re.MULTILINE)
            assert anchor in {slug(heading) for heading in headings}, target
