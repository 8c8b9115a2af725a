"""`docs/upstreams/videotok.md` lists every request field, each with a place where it is set and a test that exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from studio.dialects.videotok import wire
from studio.tools import get_tool

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/upstreams/videotok.md").read_text("utf-8")
NEVER = {"idempotency_key"}


def rows(title: str) -> list[list[str]]:
    """The cells of the table below a heading."""
    part = re.split(r"^#{2,3} ", PAGE.split(f" {title}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    lines = [line for line in part.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def named(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def fields(*models: type[wire.Message]) -> set[str]:
    return {name for model in models for name in model.model_fields} - NEVER


TYPES: dict[str, tuple[type[wire.Message], ...]] = {
    "all": (wire.GenerationRequest,),
    "static_ad": (wire.StaticAd,),
    "video_ad, ugc_ad": (wire.VideoAd, wire.UgcAd),
    "ai_model": (wire.AiModel,),
}


@pytest.mark.parametrize("kind", TYPES)
def test_the_fields_of_generations(kind: str) -> None:
    listed = {named(row[1])[0] for row in rows("`POST /generations`") if row[0] == kind}
    shared = fields(wire.GenerationRequest) | {"type"}
    assert listed == (shared if kind == "all" else fields(*TYPES[kind]) - shared)


def test_the_fields_of_slideshows() -> None:
    assert {named(row[0])[0] for row in rows("`POST /slideshows`")} == fields(wire.Slideshow)


def test_the_fields_of_references() -> None:
    listed = {named(row[0])[0] for row in rows("`POST /reference-inspirations`")}
    assert listed == fields(wire.NewReference) | {f"images[].{name}" for name in wire.InlineImage.model_fields}


def test_the_queries() -> None:
    listed = [set(named(row[1])) for row in rows("Reads") if row[1] != "none"]
    assert listed == [fields(wire.SuggestQuery), fields(wire.RecommendQuery)]


def test_every_place_that_is_named_exists() -> None:
    cells = [row[2] for row in rows("`POST /generations`")] + [row[1] for row in rows("`POST /slideshows`")]
    places = [place for cell in cells for place in named(cell)]
    assert len(places) > 40
    for place in places:
        slug, _, field = place.partition(".")
        tool = get_tool(slug)
        assert tool is not None, place
        assert field in tool.Inputs.model_fields, place


def test_every_test_that_is_named_exists() -> None:
    tables = ("`POST /generations`", "`POST /slideshows`", "`POST /reference-inspirations`", "Reads")
    tests = [f"providers/videotok/{named(row[-1])[-1]}" for title in tables for row in rows(title)]
    tests += [named(row[-1])[-1] for row in rows("Rules")]
    assert len(tests) > 60
    for test in tests:
        path, _, name = test.partition("::")
        name, _, case = name.partition("[")
        source = (ROOT / "tests" / path).read_text("utf-8")
        functions = {node.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)}
        assert name in functions, test
        assert not case or f'"{case.rstrip("]")}": (' in source, test


def test_what_is_never_sent_is_said_with_its_reason() -> None:
    listed = {name for row in rows("Not sent, and why") for name in named(row[0])}
    assert listed >= NEVER
    assert all(len(row) == 3 and all(row) for row in rows("Not sent, and why"))
