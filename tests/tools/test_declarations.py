"""What holds for every tool: its words, its widgets, its schema, its rules."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from studio.models import Kind
from studio.pages.templatetags.icons import icon
from studio.pages.toolforms import derive
from studio.tools import Tool, all_tools, get_tool
from studio.tools.base import GROUPS
from studio.tools.fields import RATIOS, Required, required_of, widget_of
from studio.tools.reference import reference
from studio.tools.schema import limits_of
from tests.tools.examples import BREAKS, FILLED, FULL

ROOT = Path(__file__).resolve().parents[2]
TOOLS = list(all_tools().values())

pytestmark = pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.slug)


def read(tool: Tool, data: dict[str, Any]) -> Any:
    return tool.read(data, tool.schema_version)


def sentences(tool: Tool, data: dict[str, Any]) -> dict[str, list[str]]:
    """What is refused: the sentence, and the fields that it names."""
    try:
        read(tool, data)
    except ValidationError as error:
        return {
            found["ctx"]["sentence"]: found["ctx"].get("fields") or [str(found["loc"][0])]
            for found in error.errors()
            if "sentence" in found.get("ctx", {})
        }
    return {}


def test_a_tool_can_be_shown(tool: Tool) -> None:
    assert icon(tool.icon)
    assert tool.group in GROUPS
    assert tool.title
    assert tool.summary.endswith(".")
    assert all(tool.noun)
    assert 1 <= len(tool.groups) <= 6
    assert tool.makes in {*Kind.values, "voice", "influencer"}


def test_every_widget_has_a_template(tool: Tool) -> None:
    for name, info in tool.Inputs.model_fields.items():
        widget = widget_of(info.metadata)
        assert (ROOT / "templates" / "fields" / f"{widget.name}.html").is_file(), f"{name}: {widget.name}"


def test_every_field_has_words_and_a_declared_group(tool: Tool) -> None:
    groups = {key for key, _, _ in tool.groups}
    used = set()
    for name, info in tool.Inputs.model_fields.items():
        widget = widget_of(info.metadata)
        used.add(widget.group)
        assert widget.group in groups, name
        assert info.title, name
        assert (info.description or "").endswith((".", "?")), name
    assert used == groups


def test_labels_are_for_choices_that_exist(tool: Tool) -> None:
    for name, limits in limits_of(tool.Inputs).items():
        widget = widget_of(tool.Inputs.model_fields[name].metadata)
        assert set(widget.options.get("labels", {})) <= set(limits.get("enum", ())), name
        if widget.name == "segment":
            assert limits["enum"], name


def test_every_number_and_text_has_bounds(tool: Tool) -> None:
    for name, limits in limits_of(tool.Inputs).items():
        match limits["type"]:
            case "string":
                assert "maxLength" in limits or "enum" in limits, name
            case "integer" | "number":
                assert {"minimum", "maximum"} <= set(limits), name
            case "array":
                assert limits["maxItems"], name


def test_members_of_groups_have_words_too(tool: Tool) -> None:
    for name, limits in limits_of(tool.Inputs).items():
        for member, found in limits.get("items", {}).get("properties", {}).items():
            assert found["title"], f"{name}.{member}"
            assert found["description"], f"{name}.{member}"


def test_the_schema_says_what_is_required(tool: Tool) -> None:
    schema = tool.Inputs.model_json_schema()
    required = [name for name, info in tool.Inputs.model_fields.items() if required_of(info.metadata)]
    assert schema.get("required", []) == required
    assert schema["additionalProperties"] is False
    assert all("default" in limits or name in required for name, limits in schema["properties"].items())
    assert json.loads(json.dumps(schema)) == schema


def test_an_empty_required_field_says_what_to_do(tool: Tool) -> None:
    found = sentences(tool, {})
    for name in tool.Inputs.required():
        rule = required_of(tool.Inputs.model_fields[name].metadata)
        assert isinstance(rule, Required)
        assert found[rule.sentence] == [name]


def test_inputs_survive_being_stored(tool: Tool) -> None:
    for data in (FILLED[tool.slug], FULL[tool.slug]):
        inputs = read(tool, data)
        stored = json.loads(json.dumps(inputs.model_dump(mode="json")))
        assert read(tool, stored) == inputs


def test_the_full_example_sets_every_input(tool: Tool) -> None:
    """Some exclude each other; those stand in the smaller example."""
    assert set(FULL[tool.slug]) | set(FILLED[tool.slug]) == set(tool.Inputs.model_fields)


def test_what_is_unset_stays_unset(tool: Tool) -> None:
    inputs = read(tool, FILLED[tool.slug])
    again = read(tool, inputs.model_dump(mode="json"))
    for name, info in tool.Inputs.model_fields.items():
        if name not in FILLED[tool.slug]:
            assert getattr(again, name) == info.default, name
            empty = () if isinstance(info.default, tuple) else ""
            if info.default in (None, "", ()):
                assert getattr(read(tool, {**FILLED[tool.slug], name: empty}), name) == info.default, name


def test_every_rule_is_raised_at_fields_that_exist(tool: Tool) -> None:
    cases = BREAKS.get(tool.slug, {})
    assert set(cases) == set(tool.rules)
    for rule, data in cases.items():
        found = sentences(tool, data)
        assert rule in found, rule
        assert set(found[rule]) <= set(tool.Inputs.model_fields)


def test_results_have_a_place_before_they_exist(tool: Tool) -> None:
    for data in (FILLED[tool.slug], FULL[tool.slug]):
        for request in read(tool, data).requests():
            expected = tool.expected(request)
            assert expected
            assert {it.kind for it in expected} == {tool.makes}
            assert all(it.ratio_label in {"", *RATIOS} and 0.3 < it.ratio < 3 for it in expected)
            if "count" in data:
                assert len(expected) == data["count"]


def test_results_have_a_name_and_words_to_be_found_by(tool: Tool) -> None:
    inputs = read(tool, FULL[tool.slug])
    assert 0 < len(tool.title_for(inputs)) <= 120
    assert tool.title_for(read(tool, FILLED[tool.slug]))
    prompt = FULL[tool.slug].get("prompt", "")
    assert prompt in tool.words(inputs)


def test_a_form_can_be_filled_and_read_back(tool: Tool) -> None:
    form = derive.filled(tool)
    assert set(form.raw) == set(tool.Inputs.model_fields)
    assert [bound.name for group in form.groups for row in group.rows for bound in row]


def test_the_reference_tells_of_it(tool: Tool) -> None:
    text = reference()
    assert f"(`{tool.slug}`)" in text
    assert get_tool(tool.slug) is tool
    assert issubclass(tool.Inputs, BaseModel)
