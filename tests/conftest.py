"""What every test may use. People and their rows: tests/people.py. Browsers and running servers: tests/browser/conftest.py."""

from __future__ import annotations

import os

import pytest

ON_POSTGRES = os.environ.get("BACKLOT_TEST_DATABASE") == "postgres"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "database: behaves by the database engine; runs on SQLite and on PostgreSQL")


def pytest_report_header() -> str:
    return f"database: {'PostgreSQL' if ON_POSTGRES else 'SQLite'}"
