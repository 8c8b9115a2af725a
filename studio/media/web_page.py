"""What a web page says of itself, read in the limited child: title, icons, structured data (JSON-LD), pictures, style sheets.

Nothing of the page is executed or fetched here. The HTML is parsed by lexbor (through selectolax), as a browser would parse it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from html import unescape
from typing import Any, BinaryIO
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

MOST_BYTES = 4_000_000
"""Of a page."""
MOST_PRODUCTS = 12
_MOST_ENTRIES = 400
_LONGEST = {"name": 80, "price": 40, "facts": 1000, "link": 500}

_META_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([a-zA-Z0-9_-]{2,40})", re.I)
_LOGO = re.compile(r"(^|[^a-z])(logo|wordmark|brandmark)([^a-z]|$)", re.I)
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
_MONEY = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "CHF": "CHF", "SEK": "kr"}


@dataclass(slots=True)
class Page:
    """Addresses are absolute. logos: best first. mark: square icons, largest first. styles: what the page writes of colours itself."""

    title: str = ""
    name: str = ""
    description: str = ""
    theme_colours: list[str] = field(default_factory=list)
    logos: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    stylesheets: list[str] = field(default_factory=list)
    styles: str = ""
    manifest: str = ""
    products: list[dict[str, str]] = field(default_factory=list)


def read(file: BinaryIO, *, address: str) -> dict[str, Any]:
    """The facts of a Page as JSON. A page without any gives empty ones."""
    text = decoded(file.read(MOST_BYTES))
    return asdict(_page(LexborHTMLParser(text), address))


def decoded(data: bytes) -> str:
    """By its byte order mark, as UTF-8, as it declares itself, else as Windows-1252 with gaps: a page in a broken encoding is still read."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    declared = _META_CHARSET.search(data[:4096])
    for name in ("utf-8", declared[1].decode("ascii") if declared else ""):
        try:
            return data.decode(name)
        except (LookupError, UnicodeError):
            continue
    return data.decode("cp1252", "replace")


def _page(tree: LexborHTMLParser, address: str) -> Page:
    base = _attribute(tree.css_first("base[href]"), "href")
    home = _absolute(address, base) or address
    meta = _metas(tree)
    entries = list(_entries(tree))
    page = Page(
        title=_text(tree.css_first("title"), 200),
        description=_line(meta.get("description") or meta.get("og:description", ""), 300),
        theme_colours=[it for it in (meta.get("theme-color", ""), meta.get("msapplication-tilecolor", "")) if it],
        manifest=_absolute(home, _attribute(tree.css_first('link[rel~="manifest"]'), "href")),
        styles="\n".join(node.text()[:200_000] for node in tree.css("style")[:20])[:600_000],
    )
    organisation = next(
        (it for it in entries if _is(it, "Organization", "Brand", "LocalBusiness", "Store", "Corporation")), {}
    )
    site = next((it for it in entries if _is(it, "WebSite")), {})
    page.name = _line(
        _said(organisation.get("name"))
        or meta.get("og:site_name", "")
        or _said(site.get("name"))
        or meta.get("application-name", ""),
        80,
    )
    page.stylesheets = _links(home, [_attribute(it, "href") for it in tree.css('link[rel~="stylesheet"]')])[:6]
    page.logos, page.marks = _logos(tree, home, organisation), _marks(tree, home)
    page.pictures = _links(home, [meta.get("og:image", ""), meta.get("twitter:image", "")])
    page.products = _products(entries, meta, home)
    return page


def _metas(tree: LexborHTMLParser) -> dict[str, str]:
    """By lower-case name or property; the first of each counts."""
    found: dict[str, str] = {}
    for node in tree.css("meta[content]")[:_MOST_ENTRIES]:
        name = (_attribute(node, "name") or _attribute(node, "property")).lower()
        if name:
            found.setdefault(name, _attribute(node, "content").strip()[:2000])
    return found


def _entries(tree: LexborHTMLParser) -> Iterator[dict[str, Any]]:
    """Every object of the page's JSON-LD, whatever it is nested in."""
    left = _MOST_ENTRIES
    for node in tree.css('script[type="application/ld+json"]')[:20]:
        try:
            waiting: list[Any] = [json.loads(node.text()[:400_000])]
        except (ValueError, RecursionError):
            continue
        while waiting and left:
            value = waiting.pop(0)
            left -= 1
            if isinstance(value, list):
                waiting += value[:100]
            elif isinstance(value, dict):
                yield value
                waiting += [it for it in value.values() if isinstance(it, dict | list)]


def _is(entry: dict[str, Any], *types: str) -> bool:
    kinds = entry.get("@type")
    return bool(set(kinds if isinstance(kinds, list) else [kinds]) & set(types)) if _plain(kinds) else False


def _plain(kinds: Any) -> bool:
    return isinstance(kinds, str) or (isinstance(kinds, list) and all(isinstance(it, str) for it in kinds))


def _logos(tree: LexborHTMLParser, home: str, organisation: dict[str, Any]) -> list[str]:
    """What the page calls its logo, then pictures in its head that are named so."""
    named = []
    for node in tree.css("img")[:_MOST_ENTRIES]:
        words = " ".join(_attribute(node, name) for name in ("class", "id", "alt", "src", "itemprop"))
        parent = node.parent
        around = " ".join(_attribute(parent, name) for name in ("class", "id")) if parent is not None else ""
        if _LOGO.search(words) or _LOGO.search(around):
            named.append(_attribute(node, "src") or _attribute(node, "data-src"))
    return _links(home, [_address(organisation.get("logo")), *named])[:6]


def _marks(tree: LexborHTMLParser, home: str) -> list[str]:
    """Square icons: drawings first, then the largest; those for old browsers (.ico) not at all."""
    found = []
    for node in tree.css("link[rel][href]")[:_MOST_ENTRIES]:
        rel = _attribute(node, "rel").lower().split()
        if not {"icon", "apple-touch-icon", "apple-touch-icon-precomposed"} & set(rel):
            continue
        sizes = re.findall(r"\d{1,4}", _attribute(node, "sizes"))
        size = int(sizes[0]) if sizes else 180 if rel[0].startswith("apple") else 16
        drawn = "svg" in _attribute(node, "type") or _attribute(node, "href").lower().partition("?")[0].endswith(".svg")
        found.append((not drawn, -size, _attribute(node, "href")))
    return [
        it for it in _links(home, [href for *_, href in sorted(found)]) if not it.partition("?")[0].endswith(".ico")
    ][:4]


def _products(entries: list[dict[str, Any]], meta: dict[str, str], home: str) -> list[dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for entry in entries:
        if not _is(entry, "Product", "ProductGroup", "IndividualProduct"):
            continue
        product = {
            "name": _said(entry.get("name")),
            "price": _price(entry.get("offers")),
            "link": _absolute(home, _address(entry.get("url"))),
            "facts": _said(entry.get("description")),
            "photo": next(iter(_links(home, _addresses(entry.get("image")))), ""),
        }
        if product["name"]:
            found.setdefault(product["name"].casefold(), product)
    if not found and meta.get("og:type", "").startswith("product") and meta.get("og:title"):
        amount = meta.get("product:price:amount") or meta.get("og:price:amount", "")
        unit = meta.get("product:price:currency") or meta.get("og:price:currency", "")
        product = {
            "name": meta["og:title"],
            "price": _money(amount, unit),
            "link": _absolute(home, meta.get("og:url", "")),
        }
        product |= {"facts": meta.get("og:description", ""), "photo": _absolute(home, meta.get("og:image", ""))}
        found[""] = product
    return [
        {name: _line(text, _LONGEST[name]) if name in _LONGEST else text for name, text in product.items()}
        for product in list(found.values())[:MOST_PRODUCTS]
    ]


def _price(offers: Any) -> str:
    for offer in offers if isinstance(offers, list) else [offers]:
        if isinstance(offer, dict):
            amount = offer.get("price") or offer.get("lowPrice")
            if isinstance(amount, str | int | float) and not isinstance(amount, bool):
                return _money(str(amount), _said(offer.get("priceCurrency")))
    return ""


def _money(amount: str, unit: str) -> str:
    return f"{_MONEY.get(unit.upper(), unit)} {amount}".strip() if amount else ""


def _said(value: Any) -> str:
    """A text of structured data: a string, or the first of several. Shops write markup and entities into it, which are taken out."""
    if isinstance(value, list):
        value = next((it for it in value if isinstance(it, str)), "")
    return unescape(_MARKUP.sub(" ", value[:20_000])) if isinstance(value, str) else ""


def _address(value: Any) -> str:
    return next(iter(_addresses(value)), "")


def _addresses(value: Any) -> list[str]:
    """Addresses as JSON-LD has them: strings, objects with `url`, or several of those."""
    found = []
    for it in value[:10] if isinstance(value, list) else [value]:
        text = it.get("url") or it.get("contentUrl") or it.get("@id") if isinstance(it, dict) else it
        if isinstance(text, str) and text:
            found.append(text)
    return found


def _links(home: str, references: list[str]) -> list[str]:
    return list(dict.fromkeys(link for it in references if (link := _absolute(home, it))))


def _absolute(home: str, reference: str) -> str:
    """An http or https address of at most 2000 characters, else empty. `data:` pictures are left out: nothing could fetch them later."""
    try:
        link = urljoin(home, reference.strip()) if reference else ""
        return link if urlsplit(link).scheme in ("http", "https") and len(link) <= 2000 else ""
    except ValueError:
        return ""


def _attribute(node: LexborNode | None, name: str) -> str:
    return (node.attributes.get(name) or "") if node is not None else ""


def _text(node: LexborNode | None, most: int) -> str:
    return _line(node.text(), most) if node is not None else ""


def _line(text: str, most: int) -> str:
    """On one line, printable, cut at a word."""
    line = " ".join("".join(it if it.isprintable() else " " for it in text).split())
    return line if len(line) <= most else f"{line[: most - 1].rsplit(' ', 1)[0]}…"[:most]
