"""The website of a small maker of tea, served locally: what `Read it from a web page` is tried on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.media.servers import Call, Server, serving

from .steps import DEMO_PICTURES

LOGO = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 80"><rect width="240" height="80" rx="40" fill="#1f5c4a"/>
<circle cx="44" cy="40" r="20" fill="#f2b34c"/><path d="M84 28h120v8H84zm0 16h86v8H84z" fill="#fff8ea"/></svg>"""
PAGE = b"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Tern | Tea from the north</title>
<meta property="og:site_name" content="Tern"><meta name="theme-color" content="#1f5c4a"><link rel="stylesheet" href="/site.css">
<script type="application/ld+json">{"@context":"https://schema.org","@graph":[
 {"@type":"Organization","name":"Tern","logo":"/logo.svg","url":"/"},
 {"@type":"Product","name":"Birch tea","description":"20 bags, no caffeine.","image":"/birch.jpg","url":"/birch",
  "offers":{"@type":"Offer","price":"7.50","priceCurrency":"EUR"}},
 {"@type":"Product","name":"Smoked tea","offers":{"price":9,"priceCurrency":"EUR"}}]}</script></head>
<body><h1>Tea from the north</h1></body></html>"""
STYLES = b":root{--accent:#f2b34c;--brand-moss:#5f7d52}body{background:#fff8ea;color:#14241e}"


@contextmanager
def website() -> Iterator[Server]:
    files = {
        "/": ("text/html; charset=utf-8", PAGE),
        "/site.css": ("text/css", STYLES),
        "/logo.svg": ("image/svg+xml", LOGO),
        "/birch.jpg": ("image/jpeg", (DEMO_PICTURES / "candle_dark.jpg").read_bytes()),
    }

    def answer(call: Call) -> bool:
        kind, body = files.get(call.path, ("", b""))
        if kind:
            call.send("200 OK", {"Content-Type": kind}, body)
        else:
            call.send("404 Not Found")
        return True

    with serving(answer) as server:
        yield server
