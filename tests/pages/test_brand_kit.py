"""What a brand holds beside its looks: own fonts, further colours, words, claims, shapes and file names, products' facts."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from fontTools.ttLib import TTFont
from pytest_django import Settings

from studio.models import Asset, Brand, Product, User, Workspace
from studio.pages.brand_library import proposed_roles
from studio.render.fonts import FOLDER, key_of
from tests.brand_rows import COLOURS, HTMX, SignIn, brand

__all__ = ["brand"]

MONO = (FOLDER / "anton-latin.ttf").read_bytes()


@pytest.fixture(autouse=True)
def storage(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "tmp"


def woff2(data: bytes = MONO) -> SimpleUploadedFile:
    font, out = TTFont(BytesIO(data)), BytesIO()
    font.flavor = "woff2"
    font.save(out)
    return SimpleUploadedFile("House Sans.woff2", out.getvalue(), "font/woff2")


def card(brand: Brand, name: str) -> str:
    return reverse("brand_card", args=[brand.pk, name])


# -- Fonts -------------------------------------------------------------------------------------------------------------
def uploaded(client: Client, brand: Brand, column: str = "heading_font_file") -> Brand:
    answer = client.post(card(brand, "fonts"), {column: woff2()}, headers=HTMX)
    assert answer.status_code == 200, answer.text
    brand.refresh_from_db()
    return brand


def test_a_web_font_becomes_the_brands_own(client: Client, creator: User, brand: Brand, sign_in: SignIn) -> None:
    found = uploaded(sign_in(client, creator), brand)
    assert found.heading_font_file
    assert found.heading_font == key_of(found.heading_font_file.sha256)
    assert (found.heading_font_file.media_type, found.heading_font_file.description) == ("font/ttf", "Anton")
    page = client.get(reverse("brand", args=[brand.pk])).text
    assert reverse("brand_fonts", args=[brand.pk]) in page
    sheet = client.get(reverse("brand_fonts", args=[brand.pk]))
    assert sheet["Content-Type"].startswith("text/css")
    address = reverse("media", args=[found.heading_font_file.pk, "original"])
    assert f'font-family: "{found.heading_font}"' in sheet.text
    assert address in sheet.text
    assert client.get(address).status_code == 200


def test_text_is_drawn_with_the_brands_own_font(client: Client, creator: User, brand: Brand, sign_in: SignIn) -> None:
    sign_in(client, creator)
    before = client.get(reverse("brand_sample", args=[brand.pk])).content
    found = uploaded(client, brand)
    own = client.get(reverse("brand_specimen", args=[brand.pk, found.heading_font]) + "?text=Hamburg").content
    shipped = client.get(reverse("font_specimen", args=["anton"]) + "?text=Hamburg").content
    other = client.get(reverse("font_specimen", args=["inter"]) + "?text=Hamburg").content
    assert own == shipped != other
    assert client.get(reverse("brand_sample", args=[brand.pk])).content != before
    assert client.get(reverse("brand_specimen", args=[brand.pk, "upload-0000"])).status_code == 404


def test_a_brands_own_font_is_no_other_brands(
    client: Client, owner: User, outsider: User, brand: Brand, sign_in: SignIn
) -> None:
    found = uploaded(sign_in(client, owner), brand)
    sibling = Brand.objects.create(team=brand.team, name="Fable")
    assert client.get(reverse("brand_specimen", args=[sibling.pk, found.heading_font])).status_code == 404
    answer = client.post(card(sibling, "fonts"), {"heading_font": found.heading_font, "body_font": "inter"})
    assert answer.status_code == 422
    sign_in(client, outsider)
    for name in ("brand_fonts", "brand"):
        assert client.get(reverse(name, args=[brand.pk])).status_code == 404
    assert client.get(reverse("brand_specimen", args=[brand.pk, found.heading_font])).status_code == 404


def test_a_font_can_be_left_and_taken_out(client: Client, creator: User, brand: Brand, sign_in: SignIn) -> None:
    key = uploaded(sign_in(client, creator), brand).heading_font
    client.post(card(brand, "fonts"), {"heading_font": "sora", "body_font": key})
    brand.refresh_from_db()
    assert (brand.heading_font, brand.body_font) == ("sora", key)
    client.post(card(brand, "fonts"), {"do": "remove:heading_font_file"}, headers=HTMX)
    brand.refresh_from_db()
    assert (brand.heading_font_file, brand.heading_font, brand.body_font) == (None, "sora", "inter")


@pytest.mark.parametrize("data", [b"", b"hello", b"wOF2" + b"\0" * 60])
def test_what_is_no_font_is_refused_beside_the_field(
    client: Client, creator: User, brand: Brand, sign_in: SignIn, data: bytes
) -> None:
    file = SimpleUploadedFile("menu.pdf", data or b" ")
    answer = sign_in(client, creator).post(card(brand, "fonts"), {"heading_font_file": file}, headers=HTMX)
    assert answer.status_code == 422
    assert "menu.pdf: This file is not a font that we can open." in answer.text
    assert not Asset.objects.exists()


def test_a_font_that_is_too_large_is_refused(client: Client, creator: User, brand: Brand, sign_in: SignIn) -> None:
    file = SimpleUploadedFile("big.ttf", MONO[:4] + b"\0" * 8_000_001)
    answer = sign_in(client, creator).post(card(brand, "fonts"), {"heading_font_file": file}, headers=HTMX)
    assert (answer.status_code, "at most 8 MB" in answer.text) == (422, True)


# -- Words, claims, colours, files ---------------------------------------------------------------------------------------
def test_words_are_lists_without_doubles(client: Client, creator: User, brand: Brand, sign_in: SignIn) -> None:
    sent = {"tone": "Dry.", "say": " In 14 days \n\nShort verbs\nshort VERBS", "never_say": "cheap\nmiracle\u202e"}
    sign_in(client, creator).post(card(brand, "tone"), sent)
    brand.refresh_from_db()
    assert (brand.say, brand.never_say) == (["In 14 days", "Short verbs"], ["cheap", "miracle"])
    page = client.get(reverse("brand", args=[brand.pk])).text
    assert "<li>miracle</li>" in page
    edit = client.get(card(brand, "tone"), headers=HTMX).text
    assert "cheap\nmiracle" in edit


def test_a_line_that_is_too_long_is_named(client: Client, creator: User, brand: Brand, sign_in: SignIn) -> None:
    answer = sign_in(client, creator).post(card(brand, "tone"), {"never_say": "x" * 90}, headers=HTMX)
    assert "has 90 characters" in answer.text
    answer = client.post(card(brand, "tone"), {"say": "\n".join(map(str, range(50)))}, headers=HTMX)
    assert "At most 40 lines. Take out 10." in answer.text


def test_claims_and_the_legal_line_are_kept(client: Client, creator: User, brand: Brand, sign_in: SignIn) -> None:
    sign_in(client, creator).post(card(brand, "claims"), {"claims": "Vegan\nMade in Oslo", "legal_line": "Halden AS"})
    brand.refresh_from_db()
    assert (brand.claims, brand.legal_line) == (["Vegan", "Made in Oslo"], "Halden AS")
    assert "Made in Oslo" in client.get(reverse("brand", args=[brand.pk])).text


def test_further_colours_have_names(client: Client, creator: User, brand: Brand, sign_in: SignIn) -> None:
    sent = {**COLOURS, "more_hex": ["#6F8A6B", "", "abc"], "more_name": ["Sage", "", ""]}
    sign_in(client, creator).post(card(brand, "colours"), sent)
    brand.refresh_from_db()
    assert brand.more_colours == [{"name": "Sage", "hex": "#6f8a6b"}, {"name": "#aabbcc", "hex": "#aabbcc"}]
    page = client.get(reverse("brand", args=[brand.pk])).text
    assert "Contrast of every pair" in page
    assert "on Sage" in page
    wrong = client.post(card(brand, "colours"), {**COLOURS, "more_hex": ["red"], "more_name": ["Alarm"]}, headers=HTMX)
    assert (wrong.status_code, "“red” is not a colour" in wrong.text) == (422, True)
    assert 'value="Alarm"' in wrong.text
    step = client.post(card(brand, "colours"), {**sent, "do": "more"}, headers=HTMX)
    assert step.text.count("data-more-hex") == 4
    many = {"more_hex": [f"#0000{n:02d}" for n in range(9)], "more_name": [""] * 9}
    assert "At most 8 further colours" in client.post(card(brand, "colours"), {**COLOURS, **many}, headers=HTMX).text


def test_shapes_and_file_names_are_the_brands(client: Client, creator: User, brand: Brand, sign_in: SignIn) -> None:
    sent = {"default_ratios": ["4:5", "9:16"], "file_name_template": "{brand}_{ratio}_{n}"}
    sign_in(client, creator).post(card(brand, "delivery"), sent)
    brand.refresh_from_db()
    assert (brand.default_ratios, brand.file_name_template) == (["4:5", "9:16"], "{brand}_{ratio}_{n}")
    assert "Halden_4x5_01.png" in client.get(reverse("brand", args=[brand.pk])).text
    wrong = client.post(card(brand, "delivery"), {"file_name_template": "{colour}"}, headers=HTMX)
    assert (wrong.status_code, "not one of the parts" in wrong.text) == (422, True)
    assert client.post(card(brand, "delivery"), {"default_ratios": "7:3"}, headers=HTMX).status_code == 422


def test_a_form_starts_in_the_brands_shapes(client: Client, creator: User, brand: Brand, sign_in: SignIn) -> None:
    Brand.objects.update(default_ratios=["9:16", "1:1"])
    address = reverse("create_tool", args=["static-ad"])
    page = sign_in(client, creator).get(address, {"brand": str(brand.pk)}).text
    ticked = [it for it in ("1:1", "4:5", "9:16", "16:9") if f'value="{it}" checked' in page]
    assert ticked == ["1:1", "9:16"]
    assert 'data-shapes="9:16 1:1"' in page
    # Without script: the small step of the brand's field, as long as nobody has chosen shapes.
    sent = {"do": "products", "brand": str(brand.pk), "headline": "Hi", "template": "split", "nonce": "n" * 12}
    page = client.post(address, {**sent, "aspect_ratio": ["4:5"]}).text
    assert ('value="9:16" checked' in page, 'value="4:5" checked' in page) == (True, False)
    page = client.post(address, {**sent, "aspect_ratio": ["16:9"]}).text
    assert ('value="16:9" checked' in page, 'value="9:16" checked' in page) == (True, False)


def test_a_product_has_price_link_and_facts(client: Client, creator: User, brand: Brand, sign_in: SignIn) -> None:
    sent = {"name": "Serum", "price": "€ 29", "link": "halden.example/serum", "facts": "30 ml.\nVegan."}
    sign_in(client, creator).post(reverse("product_new", args=[brand.pk]), sent)
    product = Product.objects.get()
    assert (product.price, product.link, product.facts) == ("€ 29", "https://halden.example/serum", "30 ml.\nVegan.")
    assert "€ 29" in client.get(reverse("brand", args=[brand.pk])).text
    edit = client.get(reverse("product", args=[brand.pk, product.pk]), headers=HTMX).text
    assert 'value="https://halden.example/serum"' in edit
    for link in ("javascript:alert(1)", "not a link", "ftp://x.example"):
        answer = client.post(reverse("product", args=[brand.pk, product.pk]), {**sent, "link": link}, headers=HTMX)
        assert (answer.status_code, "is not a web address" in answer.text) == (422, True)


# -- In a form -----------------------------------------------------------------------------------------------------------
def test_words_that_are_never_said_stop_the_form_until_seen(
    client: Client, creator: User, brand: Brand, workspace: Workspace, sign_in: SignIn
) -> None:
    Brand.objects.update(never_say=["cheap"])
    address = reverse("create_tool", args=["static-ad"])
    sent = {"headline": "Cheap mornings", "brand": str(brand.pk), "template": "split", "nonce": "n" * 12}
    sent |= {"aspect_ratio": "4:5"}
    sign_in(client, creator)
    preview = client.post(reverse("create_preview", args=["static-ad"]), sent, headers=HTMX).text
    assert "“cheap” is on Halden&#x27;s Never say list." in preview
    answer = client.post(address, sent, headers=HTMX)
    assert (answer.status_code, "Use it anyway" in answer.text) == (422, True)
    assert "“cheap” is on Halden&#x27;s Never say list." in answer.text
    assert client.post(address, {**sent, "said_anyway": "yes"}, headers=HTMX).status_code == 200


def test_the_form_tells_what_goes_along(client: Client, creator: User, brand: Brand, sign_in: SignIn) -> None:
    page = sign_in(client, creator).get(reverse("create_tool", args=["static-ad"]), {"brand": str(brand.pk)}).text
    assert "Drawn with its name, colours and fonts. Nothing leaves this server." in page


def test_an_archived_brand_keeps_its_kit_and_is_read_only(
    client: Client, creator: User, brand: Brand, sign_in: SignIn
) -> None:
    uploaded(sign_in(client, creator), brand)
    client.post(reverse("brand_archive", args=[brand.pk]))
    page = client.get(reverse("brand", args=[brand.pk])).text
    assert ("is archived" in page, "Made with it" in page, "Edit</a>" in page) == (True, True, False)
    assert client.get(card(brand, "delivery"), headers=HTMX)["HX-Redirect"]


@pytest.mark.parametrize(
    "found", [[], ["#ffffff"], ["#e8542f", "#2350e0", "#111111", "#fafafa"], ["#777777", "#888888"]]
)
def test_roles_are_proposed_from_any_colours(found: list[str]) -> None:
    roles = proposed_roles(found)
    assert set(roles) == (set() if not found else {"primary", "accent", "dark", "light"})
    if len(found) == 4:
        assert (roles["primary"], roles["accent"]) == ("#e8542f", "#2350e0")
