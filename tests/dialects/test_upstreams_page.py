from __future__ import annotations

import re

import pytest

from tests.dialects.upstreams_page import DOCS, SERVICES, assembled, section

ROOT = DOCS.parent


def test_the_page_of_all_services_is_up_to_date() -> None:
    assert (DOCS / "upstreams.md").read_text("utf-8") == assembled()


@pytest.mark.parametrize("service", SERVICES)
def test_every_rule_names_a_test_that_exists(service: str) -> None:
    rules = section((DOCS / "upstreams" / f"{service}.md").read_text("utf-8"), "Rules")
    rows = [line for line in rules.splitlines() if line.startswith("| ")][2:]
    assert len(rows) >= 5
    for row in rows:
        named = re.findall(r"`((?:[\w-]+/)*[\w.-]+\.py)::(\w+)", row)
        assert named, f"No test is named: {row}"
        for file, test in named:
            found = [path for path in (ROOT / "tests").rglob(file.rsplit("/", 1)[-1]) if str(path).endswith(file)]
            assert any(f"def {test}(" in path.read_text("utf-8") for path in found), f"{file}::{test} does not exist."
