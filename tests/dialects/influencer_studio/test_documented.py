"""`docs/upstreams/influencer_studio.md` lists every endpoint and request field, each with a place where it is set and a test that exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from studio.dialects.influencer_studio import wire
from studio.dialects.influencer_studio.codec import ENDPOINTS
from studio.tools import get_tool
from tests.dialects.influencer_studio.cases import CASES
from tests.dialects.influencer_studio.test_rules import RULES
from tests.upstreams.influencer_studio import InfluencerStudio
from tests.upstreams.influencer_studio.fields import FIELDS
from tests.upstreams.influencer_studio.reading import BASE

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/upstreams/influencer_studio.md").read_text("utf-8")
TOP_UP = "/billing/top-up"
CASE_NAMES = {case.name for case in CASES} | set(RULES)


def rows(title: str) -> list[list[str]]:
    """The cells of the table below a heading."""
    part = re.split(r"^#{2,3} ", PAGE.split(f" {title}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    lines = [line for line in part.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def named(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def places(model: type[wire.Message], before: str = "") -> set[str]:
    """Every field of a message, inside of objects and lists, too."""
    found: set[str] = set()
    for name, info in model.model_fields.items():
        place, text = before + name, str(info.annotation)
        inner = next((it for it in vars(wire).values() if isinstance(it, type) and text_names(text, it)), None)
        several = "list[" in text
        found |= {place} if inner is None or several else set()
        found |= places(inner, f"{place}[]." if several else f"{place}.") if inner else set()
    return found


def text_names(text: str, kind: type) -> bool:
    return issubclass(kind, wire.Message) and re.search(rf"\bwire\.{kind.__name__}\b", text) is not None


@pytest.mark.parametrize("path", [*ENDPOINTS, TOP_UP])
def test_the_fields_of_an_endpoint(path: str) -> None:
    listed = {named(row[0])[0] for row in rows(f"`POST {path}`")}
    message = wire.TopUp if path == TOP_UP else ENDPOINTS[path].message
    assert listed == places(message) == set(FIELDS[path])


def test_every_endpoint_is_listed() -> None:
    served = {
        f"{method} {re.sub('{.+}', '{id}', path.removeprefix(BASE))}" for method, path, _ in InfluencerStudio.routes
    }
    assert {named(row[0])[0] for row in rows("Endpoints")} == served
    assert len(served) == 31


def test_every_place_that_is_named_exists() -> None:
    cells = [place for path in ENDPOINTS for row in rows(f"`POST {path}`") for place in named(row[1])]
    found = [cell for cell in cells if re.fullmatch(r"[a-z0-9-]+\.\w+", cell)]
    assert len(found) > 120
    for place in found:
        slug, _, field = place.partition(".")
        tool = get_tool(slug)
        assert tool is not None, place
        assert field in tool.Inputs.model_fields, place


def test_every_test_that_is_named_exists() -> None:
    tables = ["Endpoints", *(f"`POST {path}`" for path in (*ENDPOINTS, TOP_UP))]
    tests = [f"providers/influencer_studio/{named(row[-1])[-1]}" for title in tables for row in rows(title)]
    tests += [test for row in rows("Rules") for test in named(row[-1])]
    assert len(tests) > 200
    for test in tests:
        path, _, name = test.partition("::")
        function, _, case = name.removesuffix("]").partition("[")
        tree = ast.parse((ROOT / "tests" / path).read_text("utf-8"))
        assert function in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, test
        if function in ("test_sends_every_field", "test_refuses", "test_comes_back_as_it_was_filled_in"):
            assert case in CASE_NAMES, test


def test_every_rule_that_is_tested_is_listed() -> None:
    listed = [test for row in rows("Rules") for test in named(row[-1]) if "test_refuses[" in test]
    assert {test.partition("[")[2].removesuffix("]") for test in listed} == set(RULES)
