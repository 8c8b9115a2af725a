"""The gallery's server time with 20,000 outputs against 200, for each filter and far down the wall.

    .venv/bin/python -m bench.gallery [--outputs 20000] [--rounds 15]

Two teams in one database, one with each number of outputs, alike in everything else. The two are asked in turn, so that a busy machine
slows both; the ratio is of the quickest answers, and each is the processor time of the page plus the time that it waited for its
queries. SQLite by default, PostgreSQL where BACKLOT_TEST_DATABASE_URL is given. Ends with a line of JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from typing import Any

LIMIT = 1.25
SMALL = 200


def set_up(folder: str) -> str:
    url = os.environ.get("BACKLOT_TEST_DATABASE_URL", "")
    os.environ.update(BACKLOT_DATA=folder, DJANGO_SETTINGS_MODULE="config.settings", LOG_LEVEL="ERROR")
    os.environ["ALLOWED_HOSTS"] = "testserver,127.0.0.1"
    os.environ["BACKLOT_DEBUG"] = "1"
    if url:
        os.environ["DATABASE_URL"] = url
    else:
        os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from django.conf import settings
    from django.test.utils import setup_test_environment

    setup_test_environment(debug=False)
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    return "postgresql" if url else "sqlite"


def fill(name: str, count: int) -> tuple[Any, dict[str, str]]:
    """A team with `count` outputs of every sort, and the pages to ask for as its owner."""
    from django.test import Client

    from studio.models import Membership, Role, Team, User, Verdict, Workspace
    from tests.factories import make_brand, make_outputs

    team = Team.objects.create(name=name)
    workspace = Workspace.objects.create(team=team, name="Halden")
    user = User.objects.create(email=f"{name}@example.com", name=name, password="!")
    Membership.objects.create(user=user, team=team, role=Role.OWNER, current_workspace=workspace)
    brands = [make_brand(team, f"Brand {number}") for number in range(2)]
    words = ("serum on limestone", "cold brew in a can")

    def fields_of(index: int) -> dict[str, Any]:
        # Every filter finds at least a page among 200 too, so that both sides draw 60 tiles.
        failed = index % 5 in (1, 3)
        return {
            "brand": brands[index % 2],
            "verdict": Verdict.APPROVED if index % 5 in (0, 2) else Verdict.NONE,
            "starred": index % 3 != 0,
            "search_text": f"output {index} {words[index // 2 % 2]} brand {index % 2}",
            **({"state": "failed", "asset": None, "failure_reason": "Refused."} if failed else {}),
        }

    made = make_outputs(workspace, count, user, fields_of=fields_of, minutes_apart=12)
    client = Client()
    client.force_login(user)
    pages = {
        "newest": "/",
        "list": "/?view=list",
        "deep": f"/?before={made[count // 10 if count > 700 else 65].pk}",
        "kind": "/?kind=image",
        "brand": f"/?brand={brands[0].pk}",
        "state": "/?state=failed",
        "decision": "/?decision=approved",
        "ready": "/?state=ready",
        "starred": "/?starred=1",
        "text": "/?q=cold+brew",
        "combined": f"/?brand={brands[1].pk}&starred=1",
    }
    return client, pages


def ask(client: Any, path: str) -> tuple[float, int, int]:
    """Milliseconds of this process and of its queries, number of queries, and tiles in the answer."""
    from django.db import connection

    spent: list[float] = []

    def timed(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        wall, own = time.perf_counter(), time.process_time()
        try:
            return execute(sql, params, many, context)
        finally:
            # Only what passed while this process waited: the rest is in the processor time already.
            spent.append(max(0.0, time.perf_counter() - wall - (time.process_time() - own)))

    started = time.process_time()
    with connection.execute_wrapper(timed):
        response = client.get(path)
    took = (time.process_time() - started + sum(spent)) * 1000
    assert response.status_code == 200, (path, response.status_code)
    return took, len(spent), response.content.count(b"data-output-id=")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--outputs", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="backlot-bench-") as folder:
        database = set_up(folder)
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        few, few_pages = fill("Few", SMALL)
        many, many_pages = fill("Many", options.outputs)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        pages: dict[str, dict[str, Any]] = {}
        for name, path in few_pages.items():
            ask(few, path)
            ask(many, many_pages[name])
            pairs = [(ask(few, path), ask(many, many_pages[name])) for _ in range(options.rounds)]
            small, large = (min(pair[side][0] for pair in pairs) for side in (0, 1))
            (_, _, few_tiles), (_, _, many_tiles) = pairs[0]
            # The least: the frame looks at the workers' health every few seconds, whoever asks.
            few_queries, many_queries = (min(pair[side][1] for pair in pairs) for side in (0, 1))
            assert few_tiles == many_tiles == 60, (name, few_tiles, many_tiles)
            pages[name] = {
                "ms_few": round(small, 1),
                "ms_many": round(large, 1),
                "ratio": round(large / small, 3),
                "queries": [few_queries, many_queries],
            }
            print(f"{name:10} {pages[name]}", flush=True)
    result = {
        "benchmark": "gallery",
        "database": database,
        "outputs": [SMALL, options.outputs],
        "ratio": max(page["ratio"] for page in pages.values()),
        "equal_queries": all(page["queries"][0] == page["queries"][1] for page in pages.values()),
        "limit": LIMIT,
        "pages": pages,
    }
    print(json.dumps(result))
    if result["ratio"] > LIMIT or not result["equal_queries"]:
        sys.exit(1)


if __name__ == "__main__":
    main()
