"""What every test may use. People and their rows: tests/people.py. Browsers and running servers: tests/browser/conftest.py."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

ON_POSTGRES = os.environ.get("BACKLOT_TEST_DATABASE") == "postgres"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "database: behaves by the database engine; runs on SQLite and on PostgreSQL")


def pytest_report_header() -> str:
    return f"database: {'PostgreSQL' if ON_POSTGRES else 'SQLite'}"


@pytest.fixture
def measured(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Takes a sentence about what a test measured; all of them stand at the end of the run, in however many processes it runs."""
    return lambda sentence: record_property("measured", sentence)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    told = [value for report in reports for name, value in report.user_properties if name == "measured"]
    if told:
        terminalreporter.section("measured")
    for sentence in told:
        terminalreporter.write_line(str(sentence))
