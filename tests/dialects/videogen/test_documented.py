"""`docs/upstreams/videogen.md` lists every field, endpoint and rule, each with a place where it is set and a test that exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from studio.dialects.videogen import wire
from studio.dialects.videogen.eras import ENDPOINTS, TITLES, name_at
from studio.providers import shipped_offers
from tests.dialects.videogen.cases import CASES

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/upstreams/videogen.md").read_text("utf-8")
NEVER = {"hideFromUi"}
TESTED = re.compile(r"`((?:providers|dialects)/[\w/.]+\.py::\w+)`")

FREE: dict[str, type[wire.Sent]] = {
    "GET /v1/tools/executions": wire.ExecutionsQuery,
    "POST /v1/files/upload": wire.CreateUpload,
    "GET /v1/files": wire.FilesQuery,
    "POST /v1/files/search": wire.SearchFiles,
    "GET /v1/resources/avatar-presenters": wire.PresentersQuery,
    "GET /v1/resources/tts-voices": wire.VoicesQuery,
    "GET /v1/resources/languages": wire.LanguagesQuery,
    "GET /v1/entities": wire.EntitiesQuery,
    "GET /v1/webhooks/endpoints": wire.WebhooksQuery,
    "POST /v1/webhooks/endpoints": wire.CreateWebhook,
}


def rows(title: str) -> list[list[str]]:
    """The cells of the table below a heading."""
    part = re.split(r"^#{2,3} ", PAGE.split(f"# {title}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    lines = [line for line in part.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def named(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def aliases(model: type[wire.Message]) -> set[str]:
    return {info.alias or name for name, info in model.model_fields.items()}


@pytest.mark.parametrize("path", sorted(wire.PATHS))
def test_every_field_of_every_paid_call_is_listed(path: str) -> None:
    listed = [named(row[0])[0] for row in rows(f"`POST {path}`")]
    assert {name for name in listed if "." not in name} == aliases(wire.PATHS[path]) - NEVER
    assert len(listed) == len(set(listed))


def test_the_parts_of_compound_fields_are_listed() -> None:
    parts: dict[str, type[wire.Message]] = {
        "aspectRatio": wire.AspectRatio,
        "contentPolicyConfig": wire.ContentPolicy,
        "pronunciationReplacements": wire.PronunciationReplacement,
        "subToolModes": wire.SubToolModes,
    }
    for path in wire.PATHS:
        listed = {named(row[0])[0] for row in rows(f"`POST {path}`")}
        for name in listed & set(parts):
            assert {f"{name}.{part}" for part in aliases(parts[name])} <= listed


@pytest.mark.parametrize("path", sorted(wire.PATHS))
def test_each_era_that_is_named_is_sent_under_the_name_that_is_said(path: str) -> None:
    for row in rows(f"`POST {path}`"):
        field = named(row[0])[0]
        if "." in field:
            continue
        told: dict[str, str] = {}
        for group in row[2].split("; "):
            eras, _, renamed = group.partition(" as ")
            told |= dict.fromkeys(eras.split(", "), named(renamed)[0] if renamed else field)
        expected = {
            era: name_at(path, field, era)
            for era in TITLES
            if era in ENDPOINTS.get(path, tuple(TITLES)) and name_at(path, field, era)
        }
        assert told == expected, field
        for era, name in told.items():
            assert any(case.path == path and era in case.eras and name in case.sent for case in CASES), (field, era)


@pytest.mark.parametrize("path", sorted(wire.PATHS))
def test_every_place_that_is_named_can_be_set(path: str) -> None:
    offers = [offer for offer in shipped_offers("videogen") if offer.wire["path"] == path]
    for row in rows(f"`POST {path}`"):
        assert named(row[1]) or row[1] == "always false", row[0]
        for place in named(row[1]):
            slug, _, field = place.partition(".")
            assert any(offer.tool == slug and field in offer.takes for offer in offers), place


def test_every_free_call_is_listed_with_its_fields() -> None:
    listed = {named(row[0])[0]: set(named(row[1])) for row in rows("Free calls")}
    for call, model in FREE.items():
        unsent = {"transcript", *NEVER} if call == "POST /v1/files/upload" else set()
        assert listed[call] == aliases(model) - unsent, call
    assert all(not fields for call, fields in listed.items() if call not in FREE)
    assert len(listed) == 20


def test_every_test_that_is_named_exists() -> None:
    tests = TESTED.findall(PAGE)
    assert len(tests) > 100
    for test in sorted(set(tests)):
        path, _, name = test.partition("::")
        source = (ROOT / "tests" / path).read_text("utf-8")
        functions = {node.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)}
        assert name in functions, test


def test_every_rule_has_a_place_and_a_test_and_what_is_not_sent_a_reason() -> None:
    rules = rows("Rules")
    assert len(rules) >= 18
    assert all(len(row) == 4 and all(row) and TESTED.search(row[3]) for row in rules)
    unsent = rows("Not sent, and why")
    assert all(len(row) == 3 and all(row) for row in unsent)
    assert {name for row in unsent for name in named(row[0])} >= NEVER | {"transcript"}
