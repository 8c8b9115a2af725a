"""The form: what it shows, what it refuses and in which words, and that nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from studio.models import Asset, Brand, Brief, Kind, Membership, Output, Product, ProductPhoto, Team, User, Workspace
from tests.queries import queries_of

FORM = "/create/static-ad/"
DEMO = Path(__file__).resolve().parents[2] / "studio" / "render" / "data" / "demo"
SignIn = Callable[[Client, User], Client]


@pytest.fixture
def maker(client: Client, creator: User, sign_in: SignIn) -> Client:
    return sign_in(client, creator)


def sent(**changes: Any) -> dict[str, Any]:
    return {
        "nonce": uuid4().hex,
        "template": "split",
        "prompt": "Cold brew in a can.",
        "aspect_ratio": ["4:5"],
        "resolution": "1K",
        "count": "1",
        **changes,
    }


def an_asset(team: Team, workspace: Workspace, name: str = "serum.jpg") -> Asset:
    return Asset.objects.create(
        team=team, workspace=workspace, kind=Kind.IMAGE, file=f"{name}", original_name=name,
        media_type="image/jpeg", size_bytes=1, sha256=uuid4().hex * 2, width=800, height=1000,
    )  # fmt: skip


def test_the_form_shows_every_input_with_its_limits(maker: Client) -> None:
    page = maker.get(FORM).content.decode()
    for name in (
        "template",
        "prompt",
        "headline",
        "call_to_action",
        "subline",
        "badge",
        "quote",
        "brand",
        "aspect_ratio",
    ):
        assert f'name="{name}"' in page, name
    assert 'data-max="120"' in page
    assert 'data-max="6"' in page
    assert "Feed portrait" in page
    assert "Generate 1 ad<" in page
    assert "Rendered locally. Nothing is charged." in page


def test_a_brief_alone_generates_and_leads_back_to_the_filled_form(maker: Client) -> None:
    answer = maker.post(FORM, sent(aspect_ratio=["4:5", "9:16"], count="2"))
    brief = Brief.objects.get()
    assert answer["Location"] == f"{FORM}?brief={brief.pk}#strip"
    assert Output.objects.count() == 4
    page = maker.get(answer["Location"].partition("#")[0]).content.decode()
    assert "Cold brew in a can.</textarea>" in page
    assert page.count('class="tile live"') == 4
    assert "Generate 4 ads" in page


def test_with_htmx_one_stays_on_the_form_and_gets_the_tiles_and_a_new_nonce(maker: Client) -> None:
    data = sent()
    answer = maker.post(FORM, data, headers={"HX-Request": "true"})
    body = answer.content.decode()
    assert answer.status_code == 200
    assert "<form" not in body.split("<article", 1)[0]
    assert body.count("<article") == 1
    assert 'hx-swap-oob="afterbegin:#strip"' in body
    fresh = re.search(r'id="nonce" value="(\w+)"', body)
    assert fresh
    assert fresh[1] != data["nonce"]


def test_the_same_nonce_is_one_brief_and_says_so(maker: Client) -> None:
    data = sent()
    first = maker.post(FORM, data)
    second = maker.post(FORM, data, headers={"HX-Request": "true"})
    assert Brief.objects.count() == 1
    assert Output.objects.count() == 1
    assert "Already generating" in second["HX-Trigger"]
    third = maker.post(FORM, data)
    assert third["Location"] == first["Location"]


@pytest.mark.parametrize("nonce", ["", "short", "x" * 65, "not a nonce!", "nul\x00nul\x00"])
def test_a_form_without_a_usable_nonce_is_not_sent(maker: Client, nonce: str) -> None:
    answer = maker.post(FORM, sent(nonce=nonce))
    assert answer.status_code == 422
    assert "Cold brew in a can.</textarea>" in answer.content.decode()
    assert not Brief.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"prompt": ""}, "prompt", "Write a brief or a headline: there is nothing to put on the ad yet."),
        ({"prompt": " \n\t "}, "prompt", "Write a brief or a headline"),
        ({"prompt": "\x00\x07\u202e"}, "prompt", "Write a brief or a headline"),
        ({"headline": "x" * 134}, "headline", "The headline has 134 characters; 120 fit."),
        ({"headline": "👩🏽‍🚀" * 40}, "headline", "The headline has 160 characters; 120 fit."),
        ({"prompt": "x" * 1501}, "prompt", "“Brief” has 1,501 characters, and this model takes at most 1,500. Cut 1."),
        ({"call_to_action": "y" * 41}, "call-to-action", "The call to action has 41 characters; 40 fit."),
        ({"headline": ["one", "two"]}, "headline", "Headline came 2 times; it takes one value."),
        ({"template": "nope"}, "template", "There is no template called “nope”."),
        ({"aspect_ratio": []}, "aspect-ratio", "Shape: nothing is chosen. Pick at least one."),
        ({"aspect_ratio": ["7:3"]}, "aspect-ratio", "Shape: “7:3” is not one of the choices."),
        ({"resolution": "9K"}, "resolution", "Size: “9K” is not one of the choices."),
        ({"count": "9"}, "count", "“Takes per shape” is 9, and this model goes up to 4. Use 4 or less."),
        ({"count": "many"}, "count", "Takes per shape: “many” is not a whole number."),
        ({"count": "9" * 5000}, "count", "is not a whole number."),
        ({"brand": "not-an-id"}, "brand", "That brand is not in this workspace any more."),
        (
            {"product_images": ["a", "b", "c", "d", "e", "f", "g"]},
            "product-images",
            "“Product pictures” holds 7, and this model takes at most 6. Take 1 out.",
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(
    maker: Client, changes: dict[str, Any], field: str, sentence: str
) -> None:
    answer = maker.post(FORM, sent(**{"subline": "Kept as typed", **changes}))
    page = answer.content.decode()
    assert answer.status_code == 422
    slot = page.split(f'id="f-{field}-error"', 1)[1].split("</div>", 1)[0]
    assert sentence in slot
    assert f'href="#f-{field}"' in page.split('id="problems"', 1)[1]
    assert "Kept as typed</textarea>" in page
    assert not Brief.objects.exists()


def test_over_long_text_comes_back_whole(maker: Client) -> None:
    page = maker.post(FORM, sent(headline="z" * 500)).content.decode()
    assert f'value="{"z" * 500}"' in page


def test_text_is_escaped_where_it_comes_back(maker: Client) -> None:
    nasty = '"><script>alert(1)</script>'
    page = maker.post(FORM, sent(headline=nasty, count="9")).content.decode()
    assert "<script>alert" not in page
    assert "&quot;&gt;&lt;script&gt;alert(1)" in page


def test_an_unknown_name_is_refused(maker: Client) -> None:
    answer = maker.post(FORM, sent(spend="all"))
    assert answer.status_code == 422
    assert "This form sent “spend”" in answer.content.decode()


def test_a_huge_post_is_a_plain_400(maker: Client) -> None:
    assert maker.post(FORM, sent(prompt="x" * 1_200_000)).status_code in (400, 413)


def test_with_htmx_a_refusal_sends_sentences_and_no_inputs(maker: Client) -> None:
    answer = maker.post(FORM, sent(headline="x" * 134), headers={"HX-Request": "true"})
    body = answer.content.decode()
    assert answer.status_code == 422
    assert "134 characters" in body
    assert 'role="alert"' in body
    assert "<textarea" not in body
    assert "create:refused" in answer["HX-Trigger-After-Settle"]


def test_reviewers_neither_see_nor_send_it(client: Client, reviewer: User, sign_in: SignIn) -> None:
    sign_in(client, reviewer)
    for path in ("/create/", FORM, f"{FORM}products"):
        assert client.get(path).status_code == 403
    assert client.post(FORM, sent()).status_code == 403
    assert client.post(f"{FORM}preview", sent()).status_code == 403
    assert not Brief.objects.exists()


def test_strangers_sign_in_first(client: Client, db: None) -> None:
    for path in ("/create/", FORM):
        assert client.get(path).status_code == 302


def test_another_teams_rows_are_not_found(maker: Client, outsider: User) -> None:
    theirs = Membership.objects.get(user=outsider)
    workspace = Workspace.objects.get(team=theirs.team)
    brand = Brand.objects.create(team=theirs.team, name="Secret brand")
    asset = an_asset(theirs.team, workspace)
    page = maker.post(FORM, sent(brand=str(brand.pk), product_images=[str(asset.pk)]))
    text = page.content.decode()
    assert page.status_code == 422
    assert "That brand is not in this workspace any more." in text
    assert "One of the pictures is not here any more." in text
    assert "Secret brand" not in text
    assert f"/media/{asset.pk}" not in text
    assert str(asset.pk) not in maker.get(f"{FORM}products?brand={brand.pk}").content.decode()
    assert maker.get(f"{FORM}?remix={uuid4()}").status_code == 404
    assert maker.get(f"{FORM}?brief=nonsense").status_code == 404
    assert maker.get(f"{FORM}?photo={asset.pk}").status_code == 200
    assert maker.get("/create/no-such-tool/").status_code == 404


def test_remix_fills_the_form_from_the_whole_brief(maker: Client, outsider: User, sign_in: SignIn) -> None:
    maker.post(FORM, sent(headline="Monday, *cancelled*.", aspect_ratio=["1:1", "9:16"], template="poster"))
    output = Output.objects.first()
    assert output
    page = maker.get(f"{FORM}?remix={output.pk}").content.decode()
    assert 'value="Monday, *cancelled*."' in page
    assert re.search(r'value="poster" checked', page)
    assert re.search(r'value="1:1" checked', page)
    assert re.search(r'value="9:16" checked', page)
    assert page.count("<article") == 0
    assert sign_in(Client(), outsider).get(f"{FORM}?remix={output.pk}").status_code == 404


def test_a_link_can_set_template_brand_and_photo(maker: Client, team: Team, workspace: Workspace) -> None:
    brand = Brand.objects.create(team=team, name="Oru")
    asset = an_asset(team, workspace)
    ProductPhoto.objects.create(product=Product.objects.create(brand=brand, name="Can"), asset=asset)
    page = maker.get(f"{FORM}?template=hero&brand={brand.pk}&photo={asset.pk}").content.decode()
    assert 'value="hero" checked' in page
    assert f'value="{brand.pk}" checked' in page
    assert f'type="hidden" name="product_images" value="{asset.pk}"' in page
    assert "From this brand&#x27;s products" in page or "From this brand's products" in page


def test_a_fresh_form_has_the_brand_of_ones_last_brief(
    maker: Client, owner: User, team: Team, workspace: Workspace, sign_in: SignIn
) -> None:
    brand = Brand.objects.create(team=team, name="Oru")
    checked = f'value="{brand.pk}" checked'
    assert checked not in maker.get(FORM).text
    maker.post(FORM, sent(brand=str(brand.pk)))
    assert checked in maker.get(FORM).text
    assert checked in maker.get(f"{FORM}?template=hero").text
    assert checked not in sign_in(Client(), owner).get(FORM).text
    brand.archived_at = timezone.now()
    brand.save()
    assert str(brand.pk) not in maker.get(FORM).text
    brand.archived_at = None
    brand.save()
    maker.post(FORM, sent())
    assert checked not in maker.get(FORM).text


def test_a_brand_of_another_workspace_is_not_offered(maker: Client, team: Team, other_workspace: Workspace) -> None:
    Brand.objects.create(team=team, workspace=other_workspace, name="Kestrel only")
    assert "Kestrel only" not in maker.get(FORM).content.decode()


def test_without_script_pictures_are_added_ordered_and_taken_out(
    maker: Client, team: Team, workspace: Workspace
) -> None:
    one, two = an_asset(team, workspace, "one.jpg"), an_asset(team, workspace, "two.jpg")

    def order(step: str, *held: Asset) -> list[str]:
        data = sent(do=step, product_images=[str(asset.pk) for asset in held], headline="Still here")
        page = maker.post(FORM, data).content.decode()
        assert 'value="Still here"' in page
        return re.findall(r'name="product_images" value="([\w-]+)"', page.split("data-add-photo")[0])

    assert order(f"add:{two.pk}", one) == [str(one.pk), str(two.pk)]
    assert order(f"first:{two.pk}", one, two) == [str(two.pk), str(one.pk)]
    assert order(f"remove:{one.pk}", one, two) == [str(two.pk)]
    assert not Brief.objects.exists()


def test_without_script_files_come_with_the_form_and_stay_when_it_is_refused(maker: Client) -> None:
    photo = SimpleUploadedFile("serum.jpg", (DEMO / "serum_hero.jpg").read_bytes())
    fake = SimpleUploadedFile("notes.png", b"just some text")
    answer = maker.post(FORM, sent(headline="x" * 134, **{"upload-product_images": [photo, fake]}))
    page = answer.content.decode()
    asset = Asset.objects.get()
    assert answer.status_code == 422
    assert f'type="hidden" name="product_images" value="{asset.pk}"' in page
    assert "notes.png" in page
    assert "134 characters" in page


def test_the_form_costs_the_same_with_10_and_200_brands(maker: Client, team: Team) -> None:
    def queries() -> int:
        return queries_of(lambda: maker.get(FORM))

    Brand.objects.bulk_create(Brand(team=team, name=f"Brand {number}") for number in range(10))
    queries()
    few = queries()
    Brand.objects.bulk_create(Brand(team=team, name=f"More {number}") for number in range(190))
    assert queries() == few
    assert few <= 16  # Two of them are for saved references.


def test_the_chooser_offers_tools_templates_and_recent_work(maker: Client) -> None:
    maker.post(FORM, sent(headline="Monday, cancelled"))
    output = Output.objects.get()
    page = maker.get("/create/").content.decode()
    assert 'href="/create/static-ad/"' in page
    assert 'href="/create/static-ad/?template=poster"' in page
    assert f'href="/create/static-ad/?remix={output.pk}"' in page
    found = maker.get("/create/?q=poster", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in found
    assert "template=poster" in found
    assert "template=split" not in found
    nothing = maker.get("/create/?q=zeppelin").content.decode()
    assert "Nothing called “zeppelin”" in nothing
    assert 'href="/create/"' in nothing
