"""A brand from a web page: what is read, what is refused, and that nothing is kept before the person confirms it. Pages are served locally."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from threading import Event

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django import Settings

from studio.media import web_brand
from studio.media.web_brand import colours_of
from studio.media.web_page import decoded
from studio.models import Asset, Brand, Product, User
from tests.brand_rows import COLOURS, SignIn
from tests.media.servers import Call, Server, serving

ADDRESS = "/brands/from-web/"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40"><rect width="120" height="40" fill="#8a3b12"/></svg>'
GOOD = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Halden | Skin care that tells the truth</title>
<meta name="theme-color" content="#8A3B12"><meta property="og:site_name" content="Halden">
<meta name="description" content="Calm, exact skin care."><meta property="og:image" content="/cover.png">
<link rel="icon" href="/favicon.ico"><link rel="apple-touch-icon" sizes="180x180" href="/icon.png">
<link rel="manifest" href="/site.webmanifest"><link rel="stylesheet" href="/site.css">
<script type="application/ld+json">{"@context":"https://schema.org","@graph":[
 {"@type":"Organization","name":"Halden <b>AS</b> &amp; &lt;i&gt;","logo":{"@type":"ImageObject","url":"/logo.svg"},"url":"/"},
 {"@type":"Product","name":"Daily Serum","description":"30 ml.","image":["/serum.png"],"url":"/serum",
  "offers":{"@type":"Offer","price":"29.00","priceCurrency":"EUR"}},
 {"@type":"Product","name":"Barrier Cream","image":"/gone.png","offers":[{"price":34,"priceCurrency":"NOK"}]}]}</script>
<script>document.title = "Owned"; fetch("/called-by-script")</script></head>
<body onload="fetch('/called-by-script')"><header class="site-logo"><img src="/logo-white.png" alt="Halden logo"></header>
<h1>Calm skin</h1></body></html>"""
CSS = ":root{--color-brand-sage:#6f8a6b;--accent: rgb(200, 100, 58);--ink:#2b1a12}body{background:#f6eade;color:#2b1a12}a{color:#c8643a}"


def png(colour: str = "#c8643a", side: int = 64) -> bytes:
    out = BytesIO()
    Image.new("RGB", (side, side), colour).save(out, "PNG")
    return out.getvalue()


FILES: dict[str, tuple[str, bytes]] = {
    "/": ("text/html; charset=utf-8", GOOD.encode()),
    "/site.css": ("text/css", CSS.encode()),
    "/site.webmanifest": ("application/manifest+json", b'{"name":"Halden","theme_color":"#8a3b12"}'),
    "/logo.svg": ("image/svg+xml", SVG),
    "/logo-white.png": ("image/png", png("#ffffff")),
    "/icon.png": ("image/png", png("#8a3b12", 180)),
    "/serum.png": ("image/png", png("#c8643a", 300)),
    "/cover.png": ("image/png", png("#333366", 80)),
    "/bare": ("text/html", b"<!doctype html><p>Nothing to see.</p>"),
    "/latin": ("text/html", "<!doctype html><title>Café Müller</title>".encode("latin-1")),
    "/broken": ("text/html", b"<!doctype html><title>Caf\xe9 \xff\xfe\x00 <meta charset=utf-9>" + b"\x81" * 30),
    "/picture": ("image/png", png()),
    "/pdf": ("text/html", b"%PDF-1.4 nonsense"),
    "/deep": ("text/html", b"<!doctype html>" + b"<div>" * 200_000 + b"<title>Deep</title>"),
    "/json": (
        "text/html",
        b'<!doctype html><title>J</title><script type="application/ld+json">' + b"[" * 50_000 + b"</script>",
    ),
}


@pytest.fixture(autouse=True)
def storage(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "tmp"


@pytest.fixture
def site(settings: Settings) -> Iterator[Server]:
    released = Event()

    def answer(call: Call) -> bool:
        path = call.path
        if path == "/huge":
            call.send("200 OK", {"Content-Type": "text/html"}, b"<!doctype html><title>Huge</title>" + b"x" * 4_100_000)
        elif path == "/endless":
            call.start("200 OK", {"Content-Type": "text/html", "Transfer-Encoding": "chunked"})
            released.wait(20)
        elif path == "/slow":
            released.wait(20)
        elif path == "/to-private":
            call.send("302 Found", {"Location": "http://127.0.0.1:9/"})
        elif path == "/to-metadata":
            call.send("302 Found", {"Location": "http://169.254.169.254/latest/meta-data/"})
        elif path == "/round":
            call.send("302 Found", {"Location": "/round"})
        elif path in FILES:
            call.send("200 OK", {"Content-Type": FILES[path][0]}, FILES[path][1])
        else:
            call.send("404 Not Found")
        return True

    with serving(answer) as server:
        settings.PRIVATE_HOSTS = [f"127.0.0.1:{server.port}"]
        yield server
        released.set()


@pytest.fixture
def read(client: Client, creator: User, sign_in: SignIn, site: Server) -> Callable[[str], str]:
    sign_in(client, creator)

    def read(path: str) -> str:
        """The answer to reading that page of the site."""
        return client.post(ADDRESS, {"do": "read", "address": site.url(path)}).text

    return read


def kept(tmp_path: Path) -> list[Path]:
    return [it for it in tmp_path.rglob("*") if it.is_file()]


def test_a_good_page_becomes_a_draft_and_nothing_is_kept(
    read: Callable[[str], str], site: Server, tmp_path: Path
) -> None:
    draft = read("/")
    assert 'value="Halden AS &amp; &lt;i&gt;"' in draft
    for found in ("#8a3b12", "#6f8a6b", "Daily Serum", "€ 29.00", "NOK 34", "/serum", "data:image/webp;base64,"):
        assert found in draft, found
    assert f'name="logo" value="{site.url("/logo.svg")}" checked' in draft
    assert 'name="accent" value="#c8643a"' in draft
    assert f'name="mark" value="{site.url("/icon.png")}" checked' in draft
    assert site.url("/gone.png") not in draft
    assert "<script>document.title" not in draft
    assert not any(call.path == "/called-by-script" for call in site.calls)
    assert not Brand.objects.exists()
    assert not Asset.objects.exists()
    assert not kept(tmp_path)


def confirmed(site: Server, **changes: object) -> dict[str, object]:
    sent: dict[str, object] = {
        "do": "make",
        "name": "Halden",
        "website": site.url("/"),
        **COLOURS,
        "more_hex": "#6f8a6b",
        "more_name": "Sage",
        "logo": site.url("/logo.svg"),
        "mark": "",
        "take": ["colours", "p0", "p0-photo"],
        "p0-name": "Daily Serum",
        "p0-price": "€ 29",
        "p0-photo": site.url("/serum.png"),
        "p0-link": site.url("/serum"),
        "p1-name": "Barrier Cream",
    }
    return {**sent, **changes}


@pytest.mark.usefixtures("read")
def test_only_what_is_ticked_is_made(client: Client, site: Server) -> None:
    answer = client.post(ADDRESS, confirmed(site, website="halden.example"))
    brand = Brand.objects.get()
    assert answer["Location"] == reverse("brand", args=[brand.pk])
    assert (brand.name, brand.primary, brand.website) == ("Halden", "#8a3b12", "https://halden.example")
    assert brand.more_colours == [{"name": "Sage", "hex": "#6f8a6b"}]
    assert brand.logo
    assert default_storage.exists(str(brand.logo.file.name))
    assert brand.logo_mark is None
    product = Product.objects.get()
    assert (product.name, product.price, product.photos.count()) == ("Daily Serum", "€ 29", 1)
    assert product.photos.get().asset.original_name == "Daily Serum"  # One searches the library by name.
    assert Asset.objects.count() == 2


@pytest.mark.usefixtures("read")
def test_nothing_ticked_makes_a_name(client: Client, site: Server) -> None:
    client.post(ADDRESS, {"do": "make", "name": "Plain", "primary": "#ff0000"})
    brand = Brand.objects.get()
    assert (brand.name, brand.primary, brand.logo, brand.website) == ("Plain", Brand().primary, None, "")
    assert not Asset.objects.exists()
    assert not site.calls


@pytest.mark.usefixtures("read")
def test_a_name_that_is_taken_keeps_the_draft(client: Client, site: Server) -> None:
    client.post(ADDRESS, {"do": "make", "name": "halden"})
    answer = client.post(ADDRESS, confirmed(site))
    assert answer.status_code == 422
    assert "Another brand of your team has this name." in answer.text
    assert 'value="Daily Serum"' in answer.text
    assert "data:image/webp" in answer.text
    assert not Asset.objects.exists()


@pytest.mark.usefixtures("read")
def test_a_picture_that_is_gone_is_left_out_and_said(client: Client, site: Server) -> None:
    sent = confirmed(site, logo=site.url("/gone.png"), mark="http://169.254.169.254/x.png", take=["p0"])
    page = client.post(ADDRESS, sent, follow=True).text
    assert page.count("One picture was left out.") == 2
    assert Brand.objects.get().logo is None


def test_a_page_without_metadata_says_so(read: Callable[[str], str]) -> None:
    draft = read("/bare")
    assert "This page says little of itself." in draft
    assert "Make the brand" in draft


@pytest.mark.parametrize(("path", "name"), [("/latin", "Café Müller"), ("/broken", "Caf"), ("/json", "J")])
def test_odd_pages_are_read_all_the_same(read: Callable[[str], str], path: str, name: str) -> None:
    draft = read(path)
    assert f'value="{name}' in draft


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/huge", "The most is 3 MB."),
        ("/picture", "a PNG picture, not to a web page"),
        ("/deep", "takes too long to read"),
        ("/pdf", "a PDF document, not to a web page"),
        ("/to-private", "127.0.0.1"),
        ("/to-metadata", "169.254.169.254"),
        ("/round", "without end"),
        ("/nothing-here", "404"),
    ],
)
def test_what_cannot_be_read_is_said_at_the_field(read: Callable[[str], str], path: str, says: str) -> None:
    answer = read(path)
    assert 'id="id_address_error"><p class="error">' in answer
    assert says in answer
    assert not Brand.objects.exists()


@pytest.mark.parametrize("path", ["/slow", "/endless"])
def test_a_slow_page_is_given_up(read: Callable[[str], str], monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setattr(web_brand, "PAGE_SECONDS", 0.3)
    assert "took more than 0 seconds" in read(path)


@pytest.mark.parametrize(
    "address", ["", "not a page", "javascript:alert(1)", "file:///etc/passwd", "http://localhost/"]
)
def test_what_is_no_public_address_is_refused(
    client: Client, creator: User, sign_in: SignIn, site: Server, address: str
) -> None:
    answer = sign_in(client, creator).post(ADDRESS, {"do": "read", "address": address})
    assert answer.status_code == 422
    assert "Make the brand" not in answer.text


def test_colours_that_speak_come_first_and_greys_last() -> None:
    found, named = colours_of(["#8a3b12"], CSS + "a{color:#111}b{color:#111}", [["#2350e0"]])
    assert found[0] == "#8a3b12"
    assert set(found[:4]) == {"#8a3b12", "#6f8a6b", "#c8643a", "#2350e0"}
    assert found.index("#111111") > found.index("#2350e0")
    assert ("Brand sage", "#6f8a6b") in named


@pytest.mark.parametrize(
    "styles", ["", "--x: #zzz", "--a:" * 100_000, "rgb(" * 50_000, "#" * 300_000, "--accent: rgb(999,1,1)"]
)
def test_hostile_styles_cost_nothing(styles: str) -> None:
    assert colours_of(["", "red", "#12345"], styles, [])[0] == ()


def test_a_page_is_decoded_by_what_it_says_else_by_what_it_is() -> None:
    assert decoded("日本".encode()) == "日本"
    assert decoded('<meta charset="shift_jis">日本'.encode("shift_jis")).endswith("日本")
    assert decoded("\ufeffä".encode("utf-16")).endswith("ä")
    assert decoded(b"\x93caf\xe9\x94") == "“café”"
