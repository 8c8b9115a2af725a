"""Counting queries."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext


def queries_of(act: Callable[[], object]) -> int:
    """How many queries it takes. The look at the lanes is left out: it is kept for some seconds, and comes whenever those are over."""
    with CaptureQueriesContext(connection) as context:
        act()
    return sum("lanebeat" not in query["sql"] for query in context.captured_queries)
