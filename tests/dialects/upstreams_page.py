"""`docs/upstreams.md`: the rules and the omissions of all three services on one page, taken from their own pages.

`python -m tests.dialects.upstreams_page > docs/upstreams.md` writes it anew.
"""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"
SERVICES = ("influencer_studio", "videotok", "videogen")
HEAD = """# The three services, field by field

Every request field and endpoint of the services' pages, where a person sets it and which test sends it, stands on one page a service:
{links}. Tests hold those lists against the messages that are really sent
(`tests/dialects/*/test_documented.py`). This page brings together what all three say about conditional rules (the page's sentence, where the
rule stands here, its test) and about what is known but never sent, with the reason.

Written anew by `python -m tests.dialects.upstreams_page > docs/upstreams.md`; a test compares.
"""


def section(page: str, title: str) -> str:
    """What stands below a heading of the second level. Raises ValueError where there is none."""
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", page, flags=re.MULTILINE | re.DOTALL)
    if found is None:
        raise ValueError(f"There is no section “{title}”.")
    return found[1].strip()


def assembled() -> str:
    pages = {key: (DOCS / "upstreams" / f"{key}.md").read_text("utf-8") for key in SERVICES}
    titles = {key: page.splitlines()[0].removeprefix("# ") for key, page in pages.items()}
    links = ", ".join(f"[{titles[key]}](upstreams/{key}.md)" for key in SERVICES)
    parts = [HEAD.format(links=links)]
    for name, title in (("Rules", "Conditional rules"), ("Not sent, and why", "Known and not sent, with the reason")):
        parts.append(f"## {title}\n")
        parts += [f"### {titles[key]}\n\n{section(page, name)}\n" for key, page in pages.items()]
    return "\n".join(parts)


if __name__ == "__main__":
    print(assembled(), end="")
