"""Drawings that run, read, fetch, repeat without end or are none. FILES: what, name, family of the refusal ("": taken), maker."""

from __future__ import annotations

import gzip
from collections.abc import Callable

from .files import SVG
from .hostile_pictures import SCRIPT

BOX = '<rect width="60" height="40" fill="#0a0"/>'


def svg(inside: str, before: str = "") -> bytes:
    return (before + SVG.format(inside)).encode()


def laughs() -> bytes:
    """Ten names, each of ten of the one before: ten billion words."""
    names = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return svg("<text>&l9;</text>", f'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY l0 "ha">{names}]>')


def uses() -> bytes:
    """The same with drawn things."""
    ten = '<use href="#g{}"/>' * 10
    levels = "".join(f'<g id="g{n}">{ten.replace("{}", str(n - 1))}</g>' for n in range(1, 10))
    return svg(f'<defs><g id="g0">{BOX}</g>{levels}</defs><use href="#g9"/>')


FILES: tuple[tuple[str, str, str, Callable[[], bytes]], ...] = (
    ("billion laughs", "a.svg", "declared", laughs),
    ("long laugh", "a.svg", "declared", lambda: svg("&a;" * 5000, f'<!DOCTYPE svg [<!ENTITY a "{"x" * 5000}">]>')),
    ("a file of the server as entity", "a.svg", "declared", lambda: svg("<text>&x;</text>", '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>')),
    ("a declaration from elsewhere", "a.svg", "declared", lambda: svg(BOX, '<!DOCTYPE svg SYSTEM "http://169.254.169.254/x.dtd">')),
    ("ten billion boxes", "a.svg", "undrawable | too much", uses),
    ("script alone", "a.svg", "nothing", lambda: svg("<script>alert(1)</script>")),
    ("script beside a box", "a.svg", "", lambda: svg(f'{BOX}<script>alert(1)</script><a href="javascript:alert(1)">{BOX}</a>')),
    ("handlers", "a.svg", "", lambda: svg(f'<g onload="alert(1)" onclick="alert(1)">{BOX}<animate onbegin="alert(1)"/></g>')),
    ("page inside", "a.svg", "", lambda: svg(f'{BOX}<foreignObject width="9" height="9"><iframe xmlns="http://www.w3.org/1999/xhtml" src="javascript:alert(1)"/></foreignObject>')),
    ("a picture of the server", "a.svg", "nothing", lambda: svg('<image href="file:///etc/hostname" width="100" height="50"/>')),
    ("a picture from the network", "a.svg", "nothing", lambda: svg('<image href="http://127.0.0.1:9/x.png" width="100" height="50"/>')),
    ("a drawing from the network", "a.svg", "nothing", lambda: svg('<use href="http://127.0.0.1:9/x.svg#a"/>')),
    ("styles from the network", "a.svg", "", lambda: svg(f"<style>@import url(http://127.0.0.1:9/x.css);</style>{BOX}")),
    ("XInclude", "a.svg", "nothing", lambda: svg('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>')),
    ("a drawing of itself", "a.svg", "nothing | undrawable", lambda: svg('<g id="a"><use href="#a"/></g>')),
    ("200,000 groups in each other", "a.svg", "undrawable", lambda: svg("<g>" * 140_000 + "</g>" * 140_000)),
    ("nine million wide", "a.svg", "undrawable", lambda: b'<svg xmlns="http://www.w3.org/2000/svg" width="9000000" height="9000000"/>'),
    ("a hair's breadth", "a.svg", "undrawable", lambda: b'<svg xmlns="http://www.w3.org/2000/svg" width="90000" height="1"><rect width="9" height="9"/></svg>'),
    ("sides of no number", "a.svg", "undrawable | nothing", lambda: b'<svg xmlns="http://www.w3.org/2000/svg" width="NaN" height="-5"/>'),
    ("comments without end", "a.svg", "kind", lambda: b"<!--" * 60_000),
    ("30,000 comments", "a.svg", "kind", lambda: svg(BOX, "<!---->" * 30_000)),
    ("too long", "a.svg", "long svg", lambda: svg("x" * 1_100_000)),
    ("cut short", "a.svg", "undrawable", lambda: svg(BOX)[:-9]),
    ("a page in its clothes", "a.svg", "kind", lambda: b"<!-- x --><!DOCTYPE html><svg>" + SCRIPT),
    ("a style sheet in its clothes", "a.svg", "kind", lambda: b'<?xml version="1.0"?><xsl:stylesheet version="1.0"/>'),
    ("100 MB packed", "a.svgz", "kind", lambda: gzip.compress(svg(" " * 100_000_000), 9)),
    ("in UTF-16, where no declaration is seen", "a.svg", "kind", lambda: laughs().decode().encode("utf-16")),
)  # fmt: skip
